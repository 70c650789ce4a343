/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/analytics/measures/calendar.h"

#define EPOCH_JULIAN 719163     /* GDate's number of 1970-01-01 */

static GDate
date_of (gint32 day)
{
  GDate date;

  g_date_clear (&date, 1);
  g_date_set_julian (&date, (guint32) CLAMP ((gint64) day + EPOCH_JULIAN, 1, 3652059));
  return date;
}

gint64
tw_month_of_day (gint32 day)
{
  GDate date = date_of (day);

  return ((gint64) g_date_get_year (&date) - 1970) * 12 + g_date_get_month (&date) - 1;
}

gint32
tw_month_first_day (gint64 month)
{
  gint64 years = month >= 0 ? month / 12 : (month - 11) / 12;
  GDate date;

  g_date_clear (&date, 1);
  g_date_set_dmy (&date, 1, (GDateMonth) (month - years * 12 + 1), (GDateYear) (1970 + years));
  return (gint32) g_date_get_julian (&date) - EPOCH_JULIAN;
}

gboolean
tw_day_is_month_begin (gint32 day)
{
  GDate date = date_of (day);

  return g_date_get_day (&date) == 1;
}

int
tw_weekday_of_day (gint32 day)
{
  GDate date = date_of (day);

  return (int) g_date_get_weekday (&date) - 1;
}

gint32
tw_day_year_before (gint32 day)
{
  GDate date = date_of (day);

  g_date_subtract_years (&date, 1);
  return (gint32) g_date_get_julian (&date) - EPOCH_JULIAN;
}
