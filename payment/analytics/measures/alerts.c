/* SPDX-License-Identifier: Apache-2.0 */
/* What is worth acting on, dearest first. Looks at the figures that are there, so that an alert never says another
 * number than the figure it points to. */
#include "payment/analytics/measures/measures.h"

#include "payment/analytics/models/uptime.h"

#include <string.h>

#define MOST_LEFT_OUT 0.01      /* of the rows */
#define MOST_UNSTARTED 0.05     /* of what was approved */

static const TwColumn COLUMNS[] = {
  { "alert", TW_COLUMN_TEXT, NULL, "what is wrong" },
  { "currency", TW_COLUMN_CURRENCY, NULL, "ISO 4217" },
  { "stake_minor", TW_COLUMN_MONEY_MEAN, "minor units", "what it costs in the window; empty: not known in money" },
  { "what_to_do", TW_COLUMN_TEXT, NULL, "the next step" },
  { "figure", TW_COLUMN_TEXT, NULL, "where it was found" },
};

static const TwFigureKind ALERTS = {
  "alerts", "overview", "Worth acting on", "What costs money, dearest first; what has no price comes last.",
  TW_PICTURE_NONE, NULL, NULL, NULL, NULL, NULL, COLUMNS, G_N_ELEMENTS (COLUMNS),
};

typedef struct { char *alert; const char *currency, *what_to_do, *figure; double stake; gboolean priced; } Alert;

static void
alert_clear (gpointer data)
{
  g_free (((Alert *) data)->alert);
}

static TwCell
cell (const TwFigure *figure,
      guint           row,
      const char     *column)
{
  int i = tw_figure_kind_column (tw_figure_kind (figure), column);

  g_assert (i >= 0);
  return tw_figure_cell (figure, row, (guint) i);
}

static const char *
text (const TwFigure *figure,
      guint           row,
      const char     *column)
{
  TwCell found = cell (figure, row, column);

  return found.known ? found.as.text : "";
}

static void
look_at_money (GArray         *alerts,
               const TwFigure *money)
{
  for (guint row = 0; row < tw_figure_n_rows (money); row++)
    {
      TwCell unpaid = cell (money, row, "unpaid_minor");
      Alert alert = { NULL, text (money, row, "currency"), "tapwatt reconcile lists the sales: capture while holds "
                      "live, or write off", "money", (double) unpaid.as.integer, TRUE };

      if (!g_str_equal (text (money, row, "period"), "window") || !unpaid.known || unpaid.as.integer <= 0)
        continue;
      alert.alert = g_strdup ("Energy was delivered and not paid for");
      g_array_append_val (alerts, alert);
    }
}

static void
look_at_holds (GArray         *alerts,
               const TwFigure *ages)
{
  for (guint row = 0; row < tw_figure_n_rows (ages); row++)
    {
      TwCell n = cell (ages, row, "holds"), held = cell (ages, row, "held_minor");
      Alert alert = { NULL, text (ages, row, "currency"), "inquire, and release them: it is the drivers' money",
                      "hold_age", (double) held.as.integer, TRUE };

      if (n.as.integer == 0 || strstr (text (ages, row, "age"), "days") == NULL)
        continue;
      alert.alert = g_strdup_printf ("%" G_GINT64_FORMAT " holds are open for %s", n.as.integer,
                                     text (ages, row, "age"));
      g_array_append_val (alerts, alert);
    }
}

static void
look_at_congestion (GArray         *alerts,
                    const TwFigure *congestion)
{
  for (guint row = 0; row < tw_figure_n_rows (congestion); row++)
    {
      TwCell low = cell (congestion, row, "one_more_low"), stake = cell (congestion, row, "one_more_minor");
      Alert alert = { NULL, text (congestion, row, "currency"), "weigh what a further connector costs against it",
                      "congestion", stake.as.number, stake.known };

      if (!low.known || low.as.number < 1)
        continue;
      alert.alert = g_strdup_printf ("%s turns cars away: one more connector would have brought so much",
                                     text (congestion, row, "site"));
      g_array_append_val (alerts, alert);
    }
}

static void
look_at_success (GArray         *alerts,
                 const TwFigure *success)
{
  for (guint row = 0; row < tw_figure_n_rows (success); row++)
    {
      TwCell unstarted = cell (success, row, "paid_no_start");
      Alert alert = { NULL, NULL, "look at the drop reasons, and at the log of its power controller", "success", 0,
                      FALSE };

      if (!unstarted.known || unstarted.as.number <= MOST_UNSTARTED)
        continue;
      alert.alert = g_strdup_printf ("%s: %d of 100 who were approved got no energy", text (success, row, "station"),
                                     (int) (unstarted.as.number * 100));
      g_array_append_val (alerts, alert);
    }
}

static void
look_at_uptime (GArray         *alerts,
                const TwFigure *ports)
{
  for (guint row = 0; row < tw_figure_n_rows (ports); row++)
    {
      TwCell nevi = cell (ports, row, "nevi");
      Alert alert = { NULL, NULL, "see what it was out of order for, and how long", "uptime_ports", 0, FALSE };

      if (!nevi.known || nevi.as.number * 100 > TW_UPTIME_NEVI_PERCENT)
        continue;
      alert.alert = g_strdup_printf ("%s of %s was up %.1f %% of the twelve months; NEVI asks for more than %.0f",
                                     text (ports, row, "station"), text (ports, row, "site"), nevi.as.number * 100,
                                     TW_UPTIME_NEVI_PERCENT);
      g_array_append_val (alerts, alert);
    }
}

static void
look_at_quality (GArray         *alerts,
                 const TwFigure *quality)
{
  for (guint row = 0; row < tw_figure_n_rows (quality); row++)
    {
      TwCell share = cell (quality, row, "share");
      Alert alert = { NULL, NULL, "see which rows and why, and mend the source or its mapping", "quality", 0, FALSE };

      if (!g_str_equal (text (quality, row, "rule"), "left_out") || !share.known || share.as.number <= MOST_LEFT_OUT)
        continue;
      alert.alert = g_strdup_printf ("%.1f %% of the rows were left out", share.as.number * 100);
      g_array_append_val (alerts, alert);
    }
}

static int
dearest_first (gconstpointer a,
               gconstpointer b)
{
  const Alert *left = a, *right = b;

  if (left->priced != right->priced)
    return left->priced ? -1 : 1;
  if (left->stake != right->stake)
    return left->stake > right->stake ? -1 : 1;
  return strcmp (left->alert, right->alert);
}

void
tw_measure_alerts (const TwAnalysis *analysis,
                   GPtrArray        *figures)
{
  static const struct { const char *name; void (*look) (GArray *alerts, const TwFigure *figure); } LOOKS[] = {
    { "money", look_at_money }, { "hold_age", look_at_holds }, { "congestion", look_at_congestion },
    { "success", look_at_success }, { "uptime_ports", look_at_uptime }, { "quality", look_at_quality },
  };
  g_autoptr (GArray) alerts = g_array_new (FALSE, FALSE, sizeof (Alert));
  TwFigure *figure = tw_figure_new (&ALERTS);

  g_array_set_clear_func (alerts, alert_clear);
  for (guint i = 0; i < G_N_ELEMENTS (LOOKS); i++)
    {
      const TwFigure *found = tw_figure_find (figures, LOOKS[i].name);

      if (found != NULL)
        LOOKS[i].look (alerts, found);
    }
  g_array_sort (alerts, dearest_first);
  for (guint i = 0; i < alerts->len; i++)
    {
      const Alert *alert = &g_array_index (alerts, Alert, i);

      tw_figure_add (figure, (TwCell[]) { tw_cell_text (alert->alert), tw_cell_text (alert->currency),
                                          alert->priced ? tw_cell_number (alert->stake) : tw_cell_none (),
                                          tw_cell_text (alert->what_to_do), tw_cell_text (alert->figure) });
    }
  if (alerts->len == 0)
    tw_figure_note (figure, "Nothing.");
  g_ptr_array_add (figures, figure);
}
