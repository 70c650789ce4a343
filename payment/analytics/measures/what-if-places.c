/* SPDX-License-Identifier: Apache-2.0 */
/* Where and when another tariff would have brought more or less. */
#include "payment/analytics/measures/what-if-sums.h"

#include "payment/analytics/measures/groups.h"

static const TwColumn GROUP_COLUMNS[] = {
  TW_GROUP_COLUMNS,
  { "place", TW_COLUMN_TEXT, NULL, "those of the four that are told, in one" },
  { "what_if", TW_COLUMN_TEXT, NULL, "the other tariff" },
  { "currency", TW_COLUMN_CURRENCY, NULL, "ISO 4217" },
  { "sessions", TW_COLUMN_COUNT, "sessions", "priced, of which it is known what was asked" },
  { "energy_wh", TW_COLUMN_WH, "Wh", "of these sessions" },
  { "asked_minor", TW_COLUMN_MINOR, "minor units", "what drivers were asked" },
  { "after_minor", TW_COLUMN_MINOR, "minor units", "what the other tariff asks" },
  { "change_minor", TW_COLUMN_MINOR, "minor units", "after - asked" },
  { "change", TW_COLUMN_SHARE, "1", "change / asked" },
  { "dearer", TW_COLUMN_COUNT, "sessions", "that would have cost more" },
  { "cheaper", TW_COLUMN_COUNT, "sessions", "that would have cost less" },
};

static const TwFigureKind GROUPS = {
  "what_if_places", "decisions", "Where another tariff would have brought more or less",
  "The same, broken down as the report is. The tariff named is the one that sessions were sold by.",
  TW_PICTURE_BARS, "place", "what_if", "change_minor", NULL, NULL, GROUP_COLUMNS, G_N_ELEMENTS (GROUP_COLUMNS),
};

static const TwColumn HOUR_COLUMNS[] = {
  { "what_if", TW_COLUMN_TEXT, NULL, "the other tariff" },
  { "weekday", TW_COLUMN_WEEKDAY, NULL, "0 is Monday; local to each site" },
  { "hour", TW_COLUMN_HOUR, NULL, "in which sessions began, local to each site" },
  { "currency", TW_COLUMN_CURRENCY, NULL, "ISO 4217" },
  { "sessions", TW_COLUMN_COUNT, "sessions", "priced, of which it is known what was asked" },
  { "energy_wh", TW_COLUMN_WH, "Wh", "of these sessions" },
  { "asked_minor", TW_COLUMN_MINOR, "minor units", "what drivers were asked" },
  { "after_minor", TW_COLUMN_MINOR, "minor units", "what the other tariff asks" },
  { "change_minor", TW_COLUMN_MINOR, "minor units", "after - asked" },
};

static const TwFigureKind HOURS = {
  "what_if_hours", "decisions", "When another tariff would have brought more or less",
  "By the hour in which sessions began; the picture has all days of the week together.",
  TW_PICTURE_BARS, "hour", "what_if", "change_minor", NULL, NULL, HOUR_COLUMNS, G_N_ELEMENTS (HOUR_COLUMNS),
};

static int
by_what_if (gconstpointer a,
            gconstpointer b)
{
  return (int) ((const TwWhatIfCell *) a)->what_if - (int) ((const TwWhatIfCell *) b)->what_if;
}

static char *
in_one (const TwCell names[TW_N_GROUP_COLUMNS])
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < TW_N_GROUP_COLUMNS; i++)
    if (names[i].known)
      g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", names[i].as.text);
  return g_string_free (text, FALSE);
}

/* port: of a cell is its group here. */
static void
tell_groups (const TwAnalysis *analysis,
             TwWhatIf         *self,
             GPtrArray        *figures)
{
  g_autoptr (TwGroups) groups = tw_groups_new (analysis);
  TwFigure *figure = tw_figure_new (&GROUPS);
  TwTable sums;
  guint64 n = 0;

  tw_table_init (&sums, sizeof (TwWhatIfCell), G_STRUCT_OFFSET (TwWhatIfCell, n), self->seed, &self->budget);
  for (gsize c = 0; c < self->sums.cells.n; c++)
    {
      const TwWhatIfCell *cell = tw_table_at (&self->sums.cells, c);
      const TwWhatIfCell key = { .port = tw_groups_of (groups, cell->port, cell->tariff), .what_if = cell->what_if };

      if (cell->n_compared > 0)
        tw_what_if_cell_add (tw_table_take (&sums, &key), cell);
    }
  g_free (tw_table_sort (&sums, groups->n, by_what_if));
  for (gsize c = 0; c < sums.n; c++)
    {
      const TwWhatIfCell *sum = tw_table_at (&sums, c);
      gint64 change = sum->compared_after_minor - sum->asked_minor;
      TwCell names[TW_N_GROUP_COLUMNS];
      g_autofree char *place = NULL;

      tw_groups_cells (groups, sum->port, names);
      place = in_one (names);
      tw_figure_add (figure, (TwCell[]) {
        names[0], names[1], names[2], names[3], tw_cell_text (place), tw_what_if_name (self, sum->what_if),
        tw_what_if_currency (self, sum->what_if), tw_cell_int (sum->n_compared),
        tw_cell_int (sum->compared_wh), tw_cell_int (sum->asked_minor), tw_cell_int (sum->compared_after_minor),
        tw_cell_int (change),
        tw_cell_ratio ((double) change, (double) sum->asked_minor), tw_cell_int (sum->n_more),
        tw_cell_int (sum->n_less) });
      n += sum->what_if == 0 ? (guint64) sum->n_compared : 0;
    }
  tw_table_clear (&sums);
  tw_figure_about (figure, n, "priced");
  if (tw_figure_n_rows (figure) == 0)
    tw_figure_note (figure, "Of no session that could be priced it is known what was asked.");
  g_ptr_array_add (figures, figure);
}

static void
tell_hours (const TwWhatIf *self,
            GPtrArray      *figures)
{
  TwFigure *figure = tw_figure_new (&HOURS);
  guint64 n = 0;

  for (guint i = 0; i < self->n; i++)
    for (guint h = 0; h < TW_WEEK_HOURS; h++)
      {
        const TwWhatIfHour *hour = &self->sums.of[i]->hours[h];

        n += i == 0 ? (guint64) hour->n : 0;
        if (hour->n > 0)
          tw_figure_add (figure, (TwCell[]) {
            tw_what_if_name (self, i), tw_cell_int (h / 24), tw_cell_int (h % 24), tw_what_if_currency (self, i),
            tw_cell_int (hour->n), tw_cell_int (hour->energy_wh), tw_cell_int (hour->asked_minor),
            tw_cell_int (hour->after_minor), tw_cell_int (hour->after_minor - hour->asked_minor) });
      }
  tw_figure_about (figure, n, "priced");
  if (tw_figure_n_rows (figure) == 0)
    tw_figure_note (figure, "Of no session that could be priced it is known what was asked.");
  g_ptr_array_add (figures, figure);
}

void
tw_what_if_tell_places (const TwAnalysis *analysis,
                        TwWhatIf         *self,
                        GPtrArray        *figures)
{
  tell_groups (analysis, self, figures);
  tell_hours (self, figures);
}
