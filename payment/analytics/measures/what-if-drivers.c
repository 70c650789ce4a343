/* SPDX-License-Identifier: Apache-2.0 */
/* Who would have paid more or less, and by how much. Sessions are counted as they are; of customers only groups of at
 * least k are told, and amounts only of as many sessions. */
#include "payment/analytics/measures/what-if-sums.h"

#include "payment/analytics/measures/group-size.h"

static const TwColumn DRIVER_COLUMNS[] = {
  { "what_if", TW_COLUMN_TEXT, NULL, "the other tariff" },
  { "direction", TW_COLUMN_TEXT, NULL, "more: sessions that would have cost more; less; same" },
  { "currency", TW_COLUMN_CURRENCY, NULL, "ISO 4217" },
  { "sessions", TW_COLUMN_COUNT, "sessions", "priced, of which it is known what was asked" },
  { "share", TW_COLUMN_SHARE, "1", "of all of them" },
  { "customers", TW_COLUMN_COUNT, "customers", "known cards that would have paid more, less or the same for all of "
                                               "their sessions; empty: fewer than k, or it would tell of so few" },
  { "total_minor", TW_COLUMN_MINOR, "minor units", "what these sessions would have cost more or less, together" },
  { "p10_minor", TW_COLUMN_MINOR, "minor units", "10 % of these sessions differ by no more; a multiple of "
                                                 "resolution_minor, at most 10080 times it; empty: fewer than k" },
  { "median_minor", TW_COLUMN_MINOR, "minor units", "half of them differ by no more" },
  { "p90_minor", TW_COLUMN_MINOR, "minor units", "90 % of them differ by no more" },
  { "resolution_minor", TW_COLUMN_MINOR, "minor units", "of these amounts" },
};

static const TwFigureKind DRIVERS = {
  "what_if_drivers", "decisions", "Who would have paid more or less",
  "Sessions by what the other tariff asks of them against what they were asked, and by how much it differs.",
  TW_PICTURE_BARS, "direction", "what_if", "sessions", NULL, NULL, DRIVER_COLUMNS, G_N_ELEMENTS (DRIVER_COLUMNS),
};

static const TwColumn CHANGE_COLUMNS[] = {
  { "what_if", TW_COLUMN_TEXT, NULL, "the other tariff" },
  { "change", TW_COLUMN_TEXT, NULL, "of a session's price, of what was asked; upper bounds are not in it" },
  { "sessions", TW_COLUMN_COUNT, "sessions", "priced, of which it is known what was asked" },
  { "share", TW_COLUMN_SHARE, "1", "of all of them" },
};

static const TwFigureKind CHANGE = {
  "what_if_change", "decisions", "By how much sessions would have cost more or less",
  "Sessions by the change of their price, to a tenth of a percent.",
  TW_PICTURE_BARS, "change", "what_if", "sessions", NULL, NULL, CHANGE_COLUMNS, G_N_ELEMENTS (CHANGE_COLUMNS),
};

/* Permille. The same is a class of its own, and so is what was free. */
static const struct { const char *name; gint64 from, to; } CLASSES[] = {
  { "\u2212100 to \u221250 %", -1000, -500 }, { "\u221250 to \u221220 %", -500, -200 },
  { "\u221220 to \u221210 %", -200, -100 }, { "\u221210 to \u22125 %", -100, -50 }, { "\u22125 to 0 %", -50, 0 },
  { "same", 0, 0 },
  { "0 to 5 %", 0, 50 }, { "5 to 10 %", 50, 100 }, { "10 to 20 %", 100, 200 }, { "20 to 50 %", 200, 500 },
  { "50 to 100 %", 500, 1000 }, { "100 % and more", 1000, G_MAXINT32 },
};

typedef struct { guint64 n_more, n_less, n_same; gint64 total_more, total_less; guint64 customers[3]; } Counts;
enum { MORE, LESS, SAME };

static Counts
count (const TwWhatIf *self,
       guint           i)
{
  const TwWhatIfSum *sum = self->sums.of[i];
  Counts counts = { .n_more = sum->more.n, .n_less = sum->less.n, .total_more = sum->more.sum,
                    .total_less = sum->less.sum };
  guint64 n = 0;

  for (gsize c = 0; c < self->sums.cells.n; c++)
    {
      const TwWhatIfCell *cell = tw_table_at (&self->sums.cells, c);

      n += cell->what_if == i ? (guint64) cell->n_compared : 0;
    }
  counts.n_same = n - counts.n_more - counts.n_less;
  for (gsize c = 0; c < self->sums.customers.n; c++)
    {
      const TwWhatIfCustomer *customer = tw_table_at (&self->sums.customers, c);
      gint64 change = customer->change_minor[i];

      if (customer->compared & 1u << i)
        counts.customers[change > 0 ? MORE : change < 0 ? LESS : SAME]++;
    }
  return counts;
}

static TwCell
quantile (const TwSpread *spread,
          double          share,
          guint           k)
{
  return spread != NULL && spread->n >= k ? tw_cell_int (tw_spread_quantile (spread, share)) : tw_cell_none ();
}

static void
add_direction (TwFigure       *figure,
               const TwWhatIf *self,
               guint           i,
               const char     *name,
               const TwSpread *spread,
               guint64         n,
               guint64         all,
               TwCell          customers,
               guint           k)
{
  tw_figure_add (figure, (TwCell[]) {
    tw_what_if_name (self, i), tw_cell_text (name), tw_what_if_currency (self, i), tw_cell_int ((gint64) n),
    tw_cell_ratio ((double) n, (double) all), customers, tw_cell_int (spread ? spread->sum : 0),
    quantile (spread, 0.1, k), quantile (spread, 0.5, k), quantile (spread, 0.9, k),
    spread ? tw_cell_int (spread->width) : tw_cell_none () });
}

static guint64
tell_directions (TwFigure       *figure,
                 const TwWhatIf *self,
                 guint           i,
                 guint           k)
{
  const TwWhatIfSum *sum = self->sums.of[i];
  Counts counts = count (self, i);
  guint64 all = counts.n_more + counts.n_less + counts.n_same;
  gboolean hidden[3];
  TwCell customers[3];

  if (all == 0)
    {
      tw_figure_note (figure, "%s: of no session that could be priced it is known what was asked.",
                      self->tariffs[i].name);
      return 0;
    }
  tw_group_hide (counts.customers, hidden, 3, k);
  for (guint d = 0; d < 3; d++)
    customers[d] = hidden[d] || counts.customers[MORE] + counts.customers[LESS] + counts.customers[SAME] == 0
                   ? tw_cell_none () : tw_cell_int ((gint64) counts.customers[d]);
  add_direction (figure, self, i, "more", &sum->more, counts.n_more, all, customers[MORE], k);
  add_direction (figure, self, i, "same", NULL, counts.n_same, all, customers[SAME], k);
  add_direction (figure, self, i, "less", &sum->less, counts.n_less, all, customers[LESS], k);
  return all;
}

static void
tell_change (TwFigure       *figure,
             const TwWhatIf *self,
             guint           i)
{
  const TwWhatIfSum *sum = self->sums.of[i];
  guint64 all = sum->change.n + sum->n_free;

  for (guint c = 0; c < G_N_ELEMENTS (CLASSES) && all > 0; c++)
    {
      guint64 n = tw_spread_between (&sum->change, CLASSES[c].from + TW_CHANGE_OFFSET,
                                     CLASSES[c].to + TW_CHANGE_OFFSET);

      if (CLASSES[c].from == CLASSES[c].to)
        n = sum->n_same_paid;
      else if (CLASSES[c].from == 0)
        n -= sum->n_same_paid;
      tw_figure_add (figure, (TwCell[]) { tw_what_if_name (self, i), tw_cell_text (CLASSES[c].name),
                                          tw_cell_int ((gint64) n), tw_cell_ratio ((double) n, (double) all) });
    }
  if (sum->n_free > 0)
    tw_figure_add (figure, (TwCell[]) { tw_what_if_name (self, i), tw_cell_text ("was free"),
                                        tw_cell_int ((gint64) sum->n_free),
                                        tw_cell_ratio ((double) sum->n_free, (double) all) });
}

void
tw_what_if_tell_drivers (const TwWhatIf *self,
                         guint           k,
                         GPtrArray      *figures)
{
  TwFigure *drivers = tw_figure_new (&DRIVERS), *change = tw_figure_new (&CHANGE);
  guint64 n = 0;

  for (guint i = 0; i < self->n; i++)
    {
      guint64 compared = tell_directions (drivers, self, i, k);

      n = MAX (n, compared);
      tell_change (change, self, i);
    }
  tw_figure_about (drivers, n, "priced");
  tw_figure_about (change, n, "priced");
  if (tw_figure_n_rows (change) == 0)
    tw_figure_note (change, "Of no session that could be priced it is known what was asked.");
  g_ptr_array_add (figures, drivers);
  g_ptr_array_add (figures, change);
}
