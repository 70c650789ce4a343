/* SPDX-License-Identifier: Apache-2.0 */
/* Entries before they are committed. Private to payment/journal and to its twin in tests/lib. */
#pragma once

#include "payment/journal/entry.h"

/* What an export could not carry, or a reader would refuse, is not let in. blobs may be NULL. BAD_DATA. */
gboolean tw_draft_check (GPtrArray *entries, GPtrArray *blobs, GError **error);

/* After a commit that did not happen: no number, no hash. */
void     tw_draft_reset (GPtrArray *entries);
