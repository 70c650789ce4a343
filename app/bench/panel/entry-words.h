/* SPDX-License-Identifier: Apache-2.0 */
/* A journal's entry in a few words (payment/journal/README.md lists the kinds). Pure. */
#pragma once

#include "app/base/json.h"

/* payload NULL: it could not be read. bad: something that a person should look at. Free with g_free(). */
char *tw_entry_words (const char *kind, const TwJson *payload, gboolean *bad);
