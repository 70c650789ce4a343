/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/analytics/measures/measures.h"

#include <string.h>

/* A question, and the names of its figures, with a space before and behind each. */
typedef struct { TwMeasure measure; const char *figures; } Question;

/* In the order of the report; what to do comes last, because it looks at the others. */
static const Question ALL[] = {
  { tw_measure_overview, " overview " },
  { tw_measure_utilisation, " utilisation port_time " },
  { tw_measure_months, " station_months " },
  { tw_measure_heat, " heat_map arrivals heat_map_by_site " },
  { tw_measure_dwell, " dwell dwell_summary energy power idle_survival " },
  { tw_measure_trend, " trend_days trend_months " },
  { tw_measure_money, " money revenue_trend waterfall money_by_station " },
  { tw_measure_holds, " holds hold_age " },
  { tw_measure_funnel, " funnel drop_reasons declines success " },
  { tw_measure_customers, " customers cohorts frequency lapse " },
  { tw_measure_segments, " segments " },
  { tw_measure_offers, " offers " },
  { tw_measure_congestion, " congestion " },
  { tw_measure_prices, " elasticity price_changes price_change_weeks " },
  { tw_measure_load_shift, " load_shift " },
  { tw_measure_forecast, " forecast forecast_energy forecast_test " },
  { tw_measure_uptime, " uptime reliability uptime_ports uptime_uk " },
  { tw_measure_quality, " quality " },
  { tw_measure_alerts, " alerts " },
};

static gboolean
has (const Question *question,
     const char     *figure)
{
  g_autofree char *word = g_strconcat (" ", figure, " ", NULL);

  return strchr (figure, ' ') == NULL && strstr (question->figures, word) != NULL;
}

gboolean
tw_measure_knows (const char *figure)
{
  for (guint i = 0; i < G_N_ELEMENTS (ALL); i++)
    if (has (&ALL[i], figure))
      return TRUE;
  return FALSE;
}

char *
tw_measure_names (void)
{
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (ALL); i++)
    g_string_append (names, ALL[i].figures + 1);
  g_string_truncate (names, names->len - 1);
  return g_string_free (names, FALSE);
}

/* Alerts are found in the other figures. */
static gboolean
is_wanted (const Question    *question,
           const char *const *names)
{
  for (guint i = 0; names[i] != NULL; i++)
    if (has (question, names[i]) || g_str_equal (names[i], "alerts"))
      return TRUE;
  return FALSE;
}

void
tw_measure_some (const TwAnalysis  *analysis,
                 const char *const *names,
                 GPtrArray         *figures)
{
  for (guint i = 0; i < G_N_ELEMENTS (ALL); i++)
    if (is_wanted (&ALL[i], names))
      ALL[i].measure (analysis, figures);
  for (guint i = figures->len; i > 0; i--)
    if (!g_strv_contains (names, tw_figure_kind (g_ptr_array_index (figures, i - 1))->name))
      g_ptr_array_remove_index (figures, i - 1);
}

void
tw_measure_all (const TwAnalysis *analysis,
                GPtrArray        *figures)
{
  for (guint i = 0; i < G_N_ELEMENTS (ALL); i++)
    ALL[i].measure (analysis, figures);
}
