/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/analytics/measures/told.h"

#include "payment/analytics/measures/calendar.h"

#define DAY_S 86400

gint64
tw_months_begin_of_day (const TwMonths *self,
                        gint32          day)
{
  GDate date;
  g_autoptr (GDateTime) midnight = NULL;

  g_date_clear (&date, 1);
  g_date_set_julian (&date, (guint32) (day + 719163));
  midnight = g_date_time_new (self->zone, g_date_get_year (&date), g_date_get_month (&date), g_date_get_day (&date),
                              0, 0, 0);
  return midnight ? g_date_time_to_unix (midnight) : (gint64) day * DAY_S;
}

static gint32
day_of (const TwMonths *months,
        gint64          second)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (second);
  g_autoptr (GDateTime) local = utc ? g_date_time_to_timezone (utc, months->zone) : NULL;
  GDate date;

  if (local == NULL)
    return (gint32) (second / DAY_S);
  g_date_clear (&date, 1);
  g_date_set_dmy (&date, (GDateDay) g_date_time_get_day_of_month (local), g_date_time_get_month (local),
                  (GDateYear) g_date_time_get_year (local));
  return (gint32) g_date_get_julian (&date) - 719163;
}

/* Of twelve months: 366 if a 29 February is in them, from whichever day on. */
static gint32
n_days_before (gint32 to_day)
{
  return MIN (to_day - tw_day_year_before (to_day), to_day - 1 - tw_day_year_before (to_day - 1));
}

TwMonths
tw_months_of (const TwAnalysis *analysis)
{
  const TwAnalysisTerms *terms = tw_analysis_terms (analysis);
  TwMonths months = { .analysis = analysis, .zone = g_time_zone_new_identifier (terms->time_zone) };

  months.zone = months.zone ? months.zone : g_time_zone_new_utc ();
  months.until = tw_analysis_states_end (analysis);
  months.to_day = day_of (&months, months.until - 1) + 1;
  if (months.to_day > terms->to_day)
    {
      months.to_day = terms->to_day;
      months.until = tw_months_begin_of_day (&months, months.to_day);
    }
  months.from = months.until - (gint64) n_days_before (months.to_day) * DAY_S;
  months.from_day = day_of (&months, months.from);
  return months;
}

void
tw_months_clear (TwMonths *self)
{
  g_time_zone_unref (self->zone);
}

const char *
tw_uptime_verdict_name (TwUptimeVerdict verdict)
{
  return verdict == TW_UPTIME_PASS ? "pass" : verdict == TW_UPTIME_FAIL ? "fail" : "not covered";
}

void
tw_told_clear (TwTold *self)
{
  g_array_unref (self->ports);
}

static void
tell (TwTold       *told,
      const TwEvse *evse,
      gint64        from,
      gint64        until)
{
  TwUpPort port = tw_evse_port (evse);
  TwUptimeNevi nevi = tw_uptime_nevi (&port, 1, from, until);
  TwUptimePayment payment = tw_evse_payment (evse, from, until);

  if (nevi.refusal != TW_REFUSAL_NONE || nevi.observed_s == 0)
    {
      told->n_untold++;
      return;
    }
  told->n_failing += nevi.percent <= TW_UPTIME_NEVI_PERCENT;
  told->payment_s += payment.observed_s;
  told->paid_s += payment.able_s;
  g_array_append_val (told->ports, port);
}

TwTold
tw_told_of (gpointer *evses,
            guint     n,
            gint64    from,
            gint64    until)
{
  TwTold told = { .ports = g_array_new (FALSE, FALSE, sizeof (TwUpPort)) };

  for (guint i = 0; i < n; i++)
    tell (&told, evses[i], from, until);
  return told;
}

TwUptimeNevi
tw_told_nevi (const TwTold *self,
              gint64        from,
              gint64        until)
{
  return tw_uptime_nevi ((const TwUpPort *) (gconstpointer) self->ports->data, self->ports->len, from, until);
}
