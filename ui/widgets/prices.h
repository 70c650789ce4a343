/* SPDX-License-Identifier: Apache-2.0 */
/* What charging costs at a connector, in the order that AFIR 5(4) asks for: per kWh, per minute, per session, other.
 * Main thread only.
 */
#pragma once

#include "ui/view.h"

#include <gtk/gtk.h>

/* classes: of the first price. */
GtkWidget *tw_prices_new (const char *classes);
/* Where a driver decides: with a button to what does not fit. */
GtkWidget *tw_prices_new_with_pages (const char *classes);
/* most_later: lines for what follows or holds under conditions; if there is more, the last one says so. */
void       tw_prices_set (GtkWidget *prices, const TwBusConnector *bay, const char *language, guint most_later);
/* One line each: the i-th price in that order, and all but the first with the tax. Free with g_free(). */
char      *tw_prices_line (const TwBusConnector *bay, guint i, const char *language);
char      *tw_prices_rest (const TwBusConnector *bay, const char *language);
/* "10 kWh in 2 h 45 min cost 4.90 €"; NULL: there is no example. Free with g_free(). */
char      *tw_prices_example (const TwBusConnector *bay, const char *language);
