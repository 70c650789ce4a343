/* SPDX-License-Identifier: Apache-2.0 */
/* The same sessions under other tariffs: what they would have brought, where, when, and how far to trust it. */
#include "payment/analytics/measures/measures.h"
#include "payment/analytics/measures/what-if-sums.h"

#include "app/base/error.h"
#include "app/base/json.h"

static const TwColumn TOTAL_COLUMNS[] = {
  { "what_if", TW_COLUMN_TEXT, NULL, "the other tariff, by the name of its file" },
  { "case", TW_COLUMN_TEXT, NULL, "as_sold: what drivers were asked; under_it: what this tariff asks of the same "
                                  "sessions; without_amount: what it asks of sessions of which no amount is known, "
                                  "which are in neither of the others" },
  { "currency", TW_COLUMN_CURRENCY, NULL, "of the tariff, ISO 4217; sessions in others are not priced" },
  { "sessions", TW_COLUMN_COUNT, "sessions", "that ended in the window and could be priced" },
  { "energy_wh", TW_COLUMN_WH, "Wh", "of these sessions" },
  { "amount_minor", TW_COLUMN_MINOR, "minor units", "sum, with tax; as_sold: of prices, and of captured amounts where "
                                                    "the price is not told" },
  { "net_minor", TW_COLUMN_MINOR, "minor units", "of it without tax; under_it only" },
  { "captured_minor", TW_COLUMN_MINOR, "minor units", "of it captured; as_sold only" },
  { "change_minor", TW_COLUMN_MINOR, "minor units", "amount of under_it - amount of as_sold" },
  { "change", TW_COLUMN_SHARE, "1", "change_minor / amount of as_sold" },
  { "per_kwh_minor", TW_COLUMN_MONEY_MEAN, "minor units per kWh", "amount_minor / energy" },
  { "above_hold", TW_COLUMN_COUNT, "sessions", "that cost more than was held for them; under_it only" },
  { "above_hold_minor", TW_COLUMN_MINOR, "minor units", "by how much, in all: not captured unless holds rise as well" },
};

static const TwFigureKind TOTALS = {
  "what_if", "decisions", "What another tariff would have brought",
  "Sessions of the window, priced again by the engine that stations sell with, as if drivers had charged all the same. "
  "A tariff's own dates of validity are not looked at; those of its elements are. Where a meter's readings are not "
  "known, energy flows evenly while the car charges, and what comes after is parking.",
  TW_PICTURE_BARS, "what_if", "case", "amount_minor", NULL, NULL, TOTAL_COLUMNS, G_N_ELEMENTS (TOTAL_COLUMNS),
};

/* --- the tariffs --- */

TwWhatIf *
tw_what_if_new (const TwAnalysisTerms *terms)
{
  TwWhatIf *self = g_new0 (TwWhatIf, 1);

  self->from_day = terms->from_day;
  self->to_day = terms->to_day;
  self->budget.most = G_MAXSIZE;
  self->seed = (guint64) g_random_int () << 32 | g_random_int ();
  return self;
}

void
tw_what_if_free (TwWhatIf *self)
{
  for (guint i = 0; i < self->n; i++)
    {
      g_free (self->tariffs[i].name);
      g_bytes_unref (self->tariffs[i].file);
      tw_tariff_unref (self->tariffs[i].tariff);
    }
  tw_what_if_sums_clear (&self->sums);
  g_free (self);
}

/* What no source tells of, or only roughly. */
static void
see_restrictions (TwOtherTariff *self)
{
  gsize n;
  const char *text = g_bytes_get_data (self->file, &n);
  g_autoptr (TwJson) root = tw_json_parse (text, n, &TW_JSON_LARGE, NULL);
  const TwJson *elements = tw_json_member (root, "elements");

  for (guint i = 0; i < tw_json_length (elements); i++)
    {
      const TwJson *asked = tw_json_member (tw_json_element (elements, i), "restrictions");
      const TwJson *min = tw_json_member (asked, "min_power"), *max = tw_json_member (asked, "max_power");

      self->asks_reservation |= tw_json_string (tw_json_member (asked, "reservation")) != NULL;
      self->asks_power |= (min && tw_json_number_text (min)) || (max && tw_json_number_text (max));
    }
}

static gboolean
is_taken (const TwWhatIf *self,
          const char     *name)
{
  for (guint i = 0; i < self->n; i++)
    if (g_str_equal (self->tariffs[i].name, name))
      return TRUE;
  return FALSE;
}

gboolean
tw_what_if_add (TwWhatIf    *self,
                const char  *name,
                GBytes      *file,
                GError     **error)
{
  g_autoptr (TwTariff) tariff = NULL;
  g_autofree char *own = g_strdup (name);
  TwOtherTariff *other = &self->tariffs[self->n];

  if (self->n >= TW_MOST_WHAT_IFS)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "at most %d tariffs are compared at once", TW_MOST_WHAT_IFS);
      return FALSE;
    }
  tariff = tw_tariff_parse (file, error);
  if (tariff == NULL)
    return FALSE;
  for (guint number = 2; is_taken (self, own); number++)
    {
      g_free (own);
      own = g_strdup_printf ("%s (%u)", name, number);
    }
  *other = (TwOtherTariff) { .name = g_steal_pointer (&own), .file = g_bytes_ref (file),
                             .tariff = g_steal_pointer (&tariff) };
  see_restrictions (other);
  self->n++;
  return TRUE;
}

guint
tw_what_if_n (const TwWhatIf *self)
{
  return self->n;
}

TwAccumulator
tw_what_if_accumulator (TwWhatIf *self)
{
  tw_what_if_sums_init (&self->sums, self, &self->budget);
  return (TwAccumulator) { &tw_what_if_accumulator_class, self };
}

/* --- the figures --- */

static TwCell
per_kwh (gint64 minor,
         gint64 wh)
{
  return tw_cell_ratio ((double) minor * 1000, (double) wh);
}

static void
add_total (TwFigure           *figure,
           const TwWhatIf     *self,
           guint               i,
           const TwWhatIfCell *sum)
{
  const TwCell none = tw_cell_none (), name = tw_what_if_name (self, i), currency = tw_what_if_currency (self, i);
  gint64 change = sum->compared_after_minor - sum->asked_minor;

  tw_figure_add (figure, (TwCell[]) {
    name, tw_cell_text ("as_sold"), currency, tw_cell_int (sum->n_compared), tw_cell_int (sum->compared_wh),
    tw_cell_int (sum->asked_minor), none, tw_cell_int (sum->captured_minor), none, none,
    per_kwh (sum->asked_minor, sum->compared_wh), none, none });
  tw_figure_add (figure, (TwCell[]) {
    name, tw_cell_text ("under_it"), currency, tw_cell_int (sum->n_compared), tw_cell_int (sum->compared_wh),
    tw_cell_int (sum->compared_after_minor),
    sum->n_net == sum->n_compared ? tw_cell_int (sum->net_minor) : none, none, tw_cell_int (change),
    tw_cell_ratio ((double) change, (double) sum->asked_minor),
    per_kwh (sum->compared_after_minor, sum->compared_wh), tw_cell_int (sum->n_above_hold),
    tw_cell_int (sum->above_hold_minor) });
  if (sum->n > sum->n_compared)
    tw_figure_add (figure, (TwCell[]) {
      name, tw_cell_text ("without_amount"), currency, tw_cell_int (sum->n - sum->n_compared),
      tw_cell_int (sum->energy_wh - sum->compared_wh), tw_cell_int (sum->after_minor - sum->compared_after_minor),
      none, none, none, none,
      per_kwh (sum->after_minor - sum->compared_after_minor, sum->energy_wh - sum->compared_wh), none, none });
}

static void
note_tariff (TwFigure           *figure,
             const TwWhatIf     *self,
             guint               i,
             const TwWhatIfCell *all)
{
  const TwOtherTariff *other = &self->tariffs[i];
  const TwWhatIfSum *sum = self->sums.of[i];
  guint64 n_not = 0;

  for (guint result = TW_NOT_REPRICED_OPEN; result < TW_N_REPRICINGS; result++)
    n_not += sum->n_of[result];
  if (n_not > 0)
    tw_figure_note (figure, "%s: %" G_GUINT64_FORMAT " sessions of the window could not be priced and are not in here; "
                    "what_if_coverage says why.", other->name, n_not);
  if (sum->n_of[TW_REPRICED_END_UNKNOWN] > 0)
    tw_figure_note (figure, "%s: of %" G_GUINT64_FORMAT " sessions it is not known when charging ended. They are "
                    "priced as if it had gone on until the car was unplugged: a fee for idle time is told too low.",
                    other->name, sum->n_of[TW_REPRICED_END_UNKNOWN]);
  if (all->n_above_hold > 0)
    {
      g_autofree char *lost = tw_money_to_text (tw_money (all->above_hold_minor, tw_tariff_currency (other->tariff)));

      tw_figure_note (figure, "%s: it asks more than was held of %" G_GINT64_FORMAT " sessions, %s in all. What is "
                      "above a hold is not captured: raise the holds with the prices.", other->name,
                      all->n_above_hold, lost);
    }
  if (other->asks_reservation)
    tw_figure_note (figure, "%s: what it asks for a reservation is not in here: no session tells of one.",
                    other->name);
  if (other->asks_power)
    tw_figure_note (figure, "%s: it asks for a power. Where no readings are known, that is the mean of a session.",
                    other->name);
}

static void
tell_totals (const TwWhatIf *self,
             GPtrArray      *figures)
{
  TwFigure *figure = tw_figure_new (&TOTALS);
  guint64 n = 0;

  for (guint i = 0; i < self->n; i++)
    {
      TwWhatIfCell sum = { .what_if = i };

      for (gsize c = 0; c < self->sums.cells.n; c++)
        {
          const TwWhatIfCell *cell = tw_table_at (&self->sums.cells, c);

          if (cell->what_if == i)
            tw_what_if_cell_add (&sum, cell);
        }
      add_total (figure, self, i, &sum);
      note_tariff (figure, self, i, &sum);
      n = MAX (n, (guint64) sum.n);
    }
  tw_figure_about (figure, n, "priced");
  g_ptr_array_add (figures, figure);
}

static const char *const NAMES[] = {
  "what_if", "what_if_reaction", "what_if_drivers", "what_if_change", "what_if_places", "what_if_hours",
  "what_if_coverage", "what_if_check", NULL
};

gboolean
tw_what_if_knows (const char *figure)
{
  return g_strv_contains (NAMES, figure);
}

/* The figure of prices costs more than all the others: it is asked for only if it is not there. */
static void
tell_reaction (const TwAnalysis *analysis,
               const TwWhatIf   *self,
               GPtrArray        *figures)
{
  g_autoptr (GPtrArray) own = g_ptr_array_new_with_free_func ((GDestroyNotify) tw_figure_free);
  const TwFigure *elasticity = tw_figure_find (figures, "elasticity");

  if (elasticity == NULL)
    tw_measure_prices (analysis, own);
  tw_what_if_tell_reaction (self, elasticity != NULL ? elasticity : tw_figure_find (own, "elasticity"),
                            tw_figure_find (figures, "what_if"), figures);
}

void
tw_measure_what_if (const TwAnalysis  *analysis,
                    TwWhatIf          *self,
                    const char *const *names,
                    GPtrArray         *figures)
{
  const guint first = figures->len;
  gboolean named = FALSE;

  for (guint i = 0; names[i] != NULL; i++)
    named |= tw_what_if_knows (names[i]);
  tell_totals (self, figures);
  if (!named || g_strv_contains (names, "what_if_reaction"))
    tell_reaction (analysis, self, figures);
  tw_what_if_tell_drivers (self, tw_analysis_terms (analysis)->k, figures);
  tw_what_if_tell_places (analysis, self, figures);
  tw_what_if_tell_trust (self, figures);
  for (guint i = figures->len; named && i > first; i--)
    if (!g_strv_contains (names, tw_figure_kind (g_ptr_array_index (figures, i - 1))->name))
      g_ptr_array_remove_index (figures, i - 1);
}
