/* SPDX-License-Identifier: Apache-2.0 */
/* How a payload names a blob: by its SHA-256 in 64 lower-case hex digits. A member called "tariff", "seller" or
 * anything that ends in "_blob" surely means one; any other text of that shape may. Private to payment/journal.
 */
#pragma once

#include <glib.h>

/* Return FALSE to stop. surely: the member's name says so. */
typedef gboolean (*TwNamingFunc) (const char *hash, gboolean surely, gpointer user_data);

/* payload: JSON; in anything else nothing is named. */
void tw_naming_each (const char *payload, gsize len, TwNamingFunc func, gpointer user_data);
