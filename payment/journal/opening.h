/* SPDX-License-Identifier: Apache-2.0 */
/* From a path to a connection that may be written to, or to the reason why not. Private to payment/journal. */
#pragma once

#include "payment/journal/chain.h"
#include "payment/journal/database.h"

/* Refuses, without having changed a byte, what is not this station's journal of a known schema; makes, migrates and
 * checks the rest. head: its last entry. */
sqlite3 *tw_opening_writer (const char *path, const char *station_id, TwChain *head, GError **error);

/* Where there is a file at all and what its first page says, without touching anything beside it. */
gboolean tw_opening_look (const char *path, TwIdentity *identity, GError **error);
