/* SPDX-License-Identifier: Apache-2.0 */
/* An order as a line for people: "acquirer fault drop op=capture". Keys are left out, card numbers masked. Pure. */
#pragma once

#include "app/base/json.h"

/* Free with g_free(). */
char    *tw_order_text (const char *command, const char *const *words, const TwJson *options);
/* It changes nothing: a question. */
gboolean tw_order_only_asks (const char *command, const char *const *words);
