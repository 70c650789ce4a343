/* SPDX-License-Identifier: Apache-2.0 */
/* ui/format.h for what comes from outside: a currency that nobody knows is shown as it came instead of being asserted
 * against. Pure; free with g_free(). Any thread.
 */
#pragma once

#include <glib.h>

char *tw_amount (gint64 minor, const char *currency, const char *language);
/* kind: as on the bus; per minute where that is time. */
char *tw_amount_of_price (const char *kind, const char *decimal, const char *currency, const char *language);
