/* SPDX-License-Identifier: Apache-2.0 */
/* Local days as months. Days are since 1970, months since January 1970. Pure. This folder's own.
 */
#pragma once

#include <glib.h>

gint64   tw_month_of_day (gint32 day);
gint32   tw_month_first_day (gint64 month);
gboolean tw_day_is_month_begin (gint32 day);
int      tw_weekday_of_day (gint32 day);        /* 0 is Monday */
/* The same day a year before; 29 February is 28 February then. */
gint32   tw_day_year_before (gint32 day);
