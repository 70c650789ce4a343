/* SPDX-License-Identifier: Apache-2.0 */
/* Which sessions could be priced under another tariff, and whether pricing again gives what was asked. */
#include "payment/analytics/measures/what-if-sums.h"

static const TwColumn COVERAGE_COLUMNS[] = {
  { "what_if", TW_COLUMN_TEXT, NULL, "the other tariff" },
  { "result", TW_COLUMN_TEXT, NULL, "what became of sessions" },
  { "priced", TW_COLUMN_TEXT, NULL, "yes, no" },
  { "sessions", TW_COLUMN_COUNT, "sessions", "of the window; all rows of a tariff add up to all of them" },
  { "share", TW_COLUMN_SHARE, "1", "of all" },
  { "meaning", TW_COLUMN_TEXT, NULL, "in words" },
};

static const TwFigureKind COVERAGE = {
  "what_if_coverage", "decisions", "Which sessions could be priced",
  "Every session that ended in the window, and those that are open in it.",
  TW_PICTURE_NONE, NULL, NULL, NULL, NULL, NULL, COVERAGE_COLUMNS, G_N_ELEMENTS (COVERAGE_COLUMNS),
};

static const TwColumn CHECK_COLUMNS[] = {
  { "basis", TW_COLUMN_TEXT, NULL, "journal: by the tariff that the journal keeps of each sale; same_id: by the given "
                                   "file that has the id, or the hash, of the session's tariff; an id proves something "
                                   "only if the file is the one that was in force" },
  { "what_if", TW_COLUMN_TEXT, NULL, "of same_id: the file" },
  { "currency", TW_COLUMN_CURRENCY, NULL, "ISO 4217; of journal: several may be in it" },
  { "sessions", TW_COLUMN_COUNT, "sessions", "sold by a tariff that is known, with the amount that was asked" },
  { "same", TW_COLUMN_COUNT, "sessions", "priced again, exactly the same comes out" },
  { "same_share", TW_COLUMN_SHARE, "1", "same / sessions" },
  { "near", TW_COLUMN_COUNT, "sessions", "one minor unit off" },
  { "not_priced", TW_COLUMN_COUNT, "sessions", "that could not be priced again" },
  { "asked_minor", TW_COLUMN_MINOR, "minor units", "of those that could; empty: currencies would mix" },
  { "after_minor", TW_COLUMN_MINOR, "minor units", "what came out" },
};

static const TwFigureKind CHECK = {
  "what_if_check", "decisions", "How far pricing again is to be trusted",
  "Sessions under the tariff that they were really sold by must come out at what was asked. The share for which they "
  "do is the measure of trust in the other figures: what is missing are readings, pauses and given time that a table "
  "of sessions does not tell.",
  TW_PICTURE_NONE, NULL, NULL, NULL, NULL, NULL, CHECK_COLUMNS, G_N_ELEMENTS (CHECK_COLUMNS),
};

static const struct { const char *name, *meaning; } RESULTS[TW_N_REPRICINGS] = {
  [TW_REPRICED] = { "priced", "by its times and its energy" },
  [TW_REPRICED_END_UNKNOWN] = { "priced_charge_end_unknown", "as if it had charged until it was unplugged: an idle "
                                "time there was is not known" },
  [TW_REPRICED_NOTHING_FLOWED] = { "priced_nothing_flowed", "no energy was delivered, so nothing is due" },
  [TW_NOT_REPRICED_OPEN] = { "open", "it is not over, or its end is not known" },
  [TW_NOT_REPRICED_ENERGY] = { "energy_unknown", "it is not told how much was delivered" },
  [TW_NOT_REPRICED_TIMES] = { "no_times", "energy was delivered in no time: its begin or its end is wrong" },
  [TW_NOT_REPRICED_CURRENCY] = { "other_currency", "it was paid for in another currency than the tariff's" },
  [TW_NOT_REPRICED_CURRENT] = { "current_unknown", "the tariff asks for a current, and nobody knows which there was" },
  [TW_NOT_REPRICED_TOO_LARGE] = { "too_large", "the price is beyond what a session can cost: a unit is wrong" },
};

static void
tell_coverage (const TwWhatIf *self,
               GPtrArray      *figures)
{
  TwFigure *figure = tw_figure_new (&COVERAGE);

  for (guint i = 0; i < self->n; i++)
    {
      const TwWhatIfSum *sum = self->sums.of[i];
      guint64 all = 0;

      for (guint result = 0; result < TW_N_REPRICINGS; result++)
        all += sum->n_of[result];
      for (guint result = 0; result < TW_N_REPRICINGS; result++)
        if (sum->n_of[result] > 0)
          tw_figure_add (figure, (TwCell[]) {
            tw_what_if_name (self, i), tw_cell_text (RESULTS[result].name),
            tw_cell_text (result < TW_NOT_REPRICED_OPEN ? "yes" : "no"), tw_cell_int ((gint64) sum->n_of[result]),
            tw_cell_ratio ((double) sum->n_of[result], (double) all), tw_cell_text (RESULTS[result].meaning) });
      if (sum->n_without_amount > 0)
        tw_figure_note (figure, "%s: of %" G_GUINT64_FORMAT " of the sessions that are priced it is not known what was "
                        "asked: they are not compared.", self->tariffs[i].name, sum->n_without_amount);
      tw_figure_about (figure, all, NULL);
    }
  if (tw_figure_n_rows (figure) == 0)
    tw_figure_note (figure, "No session ended in the window.");
  g_ptr_array_add (figures, figure);
}

static void
add_check (TwFigure            *figure,
           const TwWhatIfCheck *check,
           TwCell               name,
           TwCell               currency)
{
  const gboolean known = currency.known;

  if (check->n > 0)
    tw_figure_add (figure, (TwCell[]) {
      tw_cell_text (name.known ? "same_id" : "journal"), name, currency, tw_cell_int (check->n),
      tw_cell_int (check->n_same), tw_cell_ratio ((double) check->n_same, (double) check->n),
      tw_cell_int (check->n_near), tw_cell_int (check->n_not_priced),
      known ? tw_cell_int (check->asked_minor) : tw_cell_none (),
      known ? tw_cell_int (check->after_minor) : tw_cell_none () });
}

static void
tell_check (const TwWhatIf *self,
            GPtrArray      *figures)
{
  TwFigure *figure = tw_figure_new (&CHECK);

  add_check (figure, &self->sums.check, tw_cell_none (), tw_cell_none ());
  for (guint i = 0; i < self->n; i++)
    add_check (figure, &self->sums.of[i]->check, tw_what_if_name (self, i), tw_what_if_currency (self, i));
  tw_figure_about (figure, (guint64) self->sums.check.n, "priced");
  if (tw_figure_n_rows (figure) == 0)
    tw_figure_note (figure, "Which tariff sessions were sold by is not known. Give it as a further --what-if: where "
                    "its id is the sessions' tariff_id, it is checked whether it gives what was asked.");
  g_ptr_array_add (figures, figure);
}

void
tw_what_if_tell_trust (const TwWhatIf *self,
                       GPtrArray      *figures)
{
  tell_coverage (self, figures);
  tell_check (self, figures);
}
