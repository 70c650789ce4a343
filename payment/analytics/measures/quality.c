/* SPDX-License-Identifier: Apache-2.0 */
/* What the gate said of the rows: facts, analytics.md section 12. Nothing disappears: read = used + left out. */
#include "payment/analytics/measures/measures.h"

static const TwColumn COLUMNS[] = {
  { "rule", TW_COLUMN_TEXT, NULL, "its name; rows that are read, used and left out come first" },
  { "rows", TW_COLUMN_COUNT, "rows", "that it applies to" },
  { "left_out", TW_COLUMN_TEXT, NULL, "yes: such rows do not count" },
  { "share", TW_COLUMN_SHARE, "1", "of the rows that were read" },
  { "meaning", TW_COLUMN_TEXT, NULL, "what is wrong with them, and what is done about it" },
  { "lines", TW_COLUMN_TEXT, NULL, "where the first ones stand" },
};

static const TwFigureKind QUALITY = {
  "quality", "quality", "What was read, and what is wrong with it",
  "Each rule with its rows. A row may be under several rules; what is left out is under one of those that say so.",
  TW_PICTURE_NONE, NULL, NULL, NULL, NULL, NULL, COLUMNS, G_N_ELEMENTS (COLUMNS),
};

static char *
places (const GPtrArray *lines)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; lines != NULL && i < lines->len && i < 5; i++)
    {
      const TwQualityLine *line = g_ptr_array_index (lines, i);

      g_string_append_printf (text, "%s%s:%" G_GUINT64_FORMAT, i > 0 ? ", " : "", line->source, line->line);
      if (line->text != NULL && *line->text != '\0')
        g_string_append_printf (text, " (%s)", line->text);
    }
  if (lines != NULL && lines->len > 5)
    g_string_append (text, ", ...");
  return g_string_free (text, FALSE);
}

static void
add_row (TwFigure   *figure,
         const char *rule,
         guint64     n,
         guint64     n_read,
         const char *left_out,
         const char *meaning,
         const char *lines)
{
  tw_figure_add (figure, (TwCell[]) { tw_cell_text (rule), tw_cell_int ((gint64) n), tw_cell_text (left_out),
                                      tw_cell_ratio ((double) n, (double) n_read), tw_cell_text (meaning),
                                      tw_cell_text (lines) });
}

void
tw_measure_quality (const TwAnalysis *analysis,
                    GPtrArray        *figures)
{
  const TwQuality *quality = tw_analysis_quality (analysis);
  TwFigure *figure = tw_figure_new (&QUALITY);

  tw_figure_about (figure, quality->n_read, NULL);
  add_row (figure, "read", quality->n_read, quality->n_read, "", "all rows of sessions", "");
  add_row (figure, "used", quality->n_used, quality->n_read, "", "rows that the figures are made of", "");
  add_row (figure, "left_out", quality->n_left_out, quality->n_read, "yes", "rows that they are not", "");
  for (TwFlag flag = 0; flag < TW_N_FLAGS; flag++)
    {
      g_autofree char *lines = NULL;

      if (quality->n[flag] == 0)
        continue;
      lines = places (quality->lines[flag]);
      add_row (figure, tw_flag_name (flag), quality->n[flag], quality->n_read, tw_flag_leaves_out (flag) ? "yes" : "no",
               tw_flag_meaning (flag), lines);
    }
  g_ptr_array_add (figures, figure);
}
