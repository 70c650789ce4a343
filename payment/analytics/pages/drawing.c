/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/analytics/pages/drawing.h"

#include <math.h>

#define MOST_PANELS 24
#define MOST_BARS 60
#define MOST_TICS 24
#define LEAST_IMAGE 2           /* rows and columns, for gnuplot */
#define MOST_SERIES 8

static const char SETTINGS[] =
  "reset\n"
  "set datafile separator \"\\t\"\n"
  "set datafile commentschars \"\"\n"
  "set border 3 lc rgb '#666666'\n"
  "set tics nomirror textcolor rgb '#333333'\n"
  "set key outside top center horizontal\n"
  "set style fill solid noborder\n"
  "set grid ytics lc rgb '#dddddd'\n"
  "set palette defined (0 '#ffffff', 1 '#1d4f91')\n";

/* Those of figures.css. */
static const char *const COLOURS[] = { "#1d4f91", "#0b6b4f", "#9a3412", "#6b2f8a", "#8a5200", "#0f6674", "#a61b5c",
                                       "#52606d" };

/* Between single quotes, for words of ours. */
static void
put_literal (GString    *text,
             const char *words)
{
  g_string_append_c (text, '\'');
  for (const char *p = words; *p != '\0'; p++)
    g_string_append (text, *p == '\'' ? "''" : (char[]) { *p, '\0' });
  g_string_append_c (text, '\'');
}

/* A cell of data: what would end it, or mean something in it, is put differently. */
static void
put_text (GString    *data,
          const char *words)
{
  for (const char *p = words; *p != '\0'; p++)
    if (*p == '\\')
      g_string_append (data, "\\\\");
    else
      g_string_append_c (data, *p == '"' ? '\'' : (guchar) *p < ' ' ? ' ' : *p);
}

static void
put_number (GString *data,
            double   value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append_c (data, '\t');
  g_string_append (data, isfinite (value) ? g_ascii_dtostr (text, sizeof text, value) : "NaN");
}

static gboolean
keep_data (TwDrawing  *self,
           const char *stem,
           GString    *data)
{
  g_autofree char *name = g_strconcat (stem, ".data", NULL), *path = g_build_filename (self->directory, name, NULL);

  return g_file_set_contents (path, data->str, (gssize) data->len, &self->error);
}

static gboolean
is_time (const TwFigureKind *kind)
{
  int x = tw_figure_kind_column (kind, kind->x);
  TwColumnKind is = x >= 0 ? kind->columns[x].kind : TW_COLUMN_TEXT;

  return is == TW_COLUMN_DAY || is == TW_COLUMN_MONTH || is == TW_COLUMN_HOUR || is == TW_COLUMN_INSTANT;
}

/* As many labels as can be read. */
static char *
tics (const TwFigureKind *kind,
      guint               n)
{
  guint step = is_time (kind) ? (n + MOST_TICS - 1) / MOST_TICS : 1;

  return g_strdup_printf ("xtic(int($0)%%%u == 0 ? strcol(1) : '')", MAX (step, 1));
}

static void
begin (TwDrawing         *self,
       const TwChartRows *rows,
       const char        *stem,
       gboolean           key)
{
  const TwFigureKind *kind = tw_figure_kind (rows->figure);

  g_string_append (self->script, SETTINGS);
  for (guint i = 0; i < G_N_ELEMENTS (COLOURS); i++)
    g_string_append_printf (self->script, "set linetype %u lw 1.5 lc rgb '%s'\n", i + 1, COLOURS[i]);
  g_string_append (self->script, "set title ");
  put_literal (self->script, kind->title);
  g_string_append (self->script, "\nset ylabel ");
  put_literal (self->script, tw_chart_unit (rows, kind->y));
  g_string_append_printf (self->script, "\n%sset output '%s.svg'\n", key ? "" : "unset key\n", stem);
  g_ptr_array_add (self->stems, g_strdup (stem));
}

static void
draw_sets (TwDrawing         *self,
           const TwChartRows *rows,
           const char        *stem)
{
  const TwFigureKind *kind = tw_figure_kind (rows->figure);
  g_auto (TwChartSets) sets = tw_chart_sets (rows, MOST_SERIES);
  g_autoptr (GString) data = g_string_new (NULL);
  guint n_series = sets.series->len;
  guint n = is_time (kind) ? sets.labels->len : MIN (sets.labels->len, MOST_BARS);
  g_autofree char *labels = tics (kind, n);
  gboolean stacked = kind->picture == TW_PICTURE_STACK;

  if (!tw_chart_sets_tell (&sets))
    return;
  for (guint i = 0; i < n_series; i++)
    {
      g_string_append_c (data, '\t');
      put_text (data, g_ptr_array_index (sets.series, i));
    }
  for (guint at = 0; at < n; at++)
    {
      g_string_append_c (data, '\n');
      put_text (data, g_ptr_array_index (sets.labels, at));
      for (guint i = 0; i < n_series; i++)
        put_number (data, g_array_index (sets.values, double, at * n_series + i));
    }
  g_string_append_c (data, '\n');
  if (!keep_data (self, stem, data))
    return;
  begin (self, rows, stem, kind->series != NULL);
  g_string_append_printf (self->script, "set xtics rotate by -35\nset yrange [%s:%s]\nset xrange [-0.5:%u.5]\n",
                          stacked ? "0" : "*<0",
                          stacked && g_str_equal (tw_chart_unit (rows, kind->y), "%") ? "100" : "*", MAX (n, 1) - 1);
  if (kind->picture == TW_PICTURE_LINE)
    g_string_append_printf (self->script, "plot for [i=2:%u] '%s.data' using 0:i:%s with linespoints pt 7 ps 0.3 "
                            "lt i-1 title columnheader(i)\n", n_series + 1, stem, labels);
  else
    g_string_append_printf (self->script, "set style data histogram\nset style histogram %s\n"
                            "set boxwidth 0.8 relative\n"
                            "plot for [i=2:%u] '%s.data' using i:%s lt i-1 title columnheader(i)\n",
                            stacked ? "rowstacked" : "clustered gap 1", n_series + 1, stem, labels);
}

/* A line a row: its label, y, low and high. */
static void
draw_rows (TwDrawing         *self,
           const TwChartRows *rows,
           const char        *stem)
{
  const TwFigureKind *kind = tw_figure_kind (rows->figure);
  int x = tw_figure_kind_column (kind, kind->x);
  g_autoptr (GString) data = g_string_new (NULL);
  g_autofree char *labels = NULL;
  guint n = 0;

  for (guint row = rows->from; row < rows->to; row++)
    {
      g_autofree char *label = tw_pages_told (&kind->columns[x], tw_figure_cell (rows->figure, row, (guint) x), "",
                                              rows->time_zone);

      if (!tw_chart_has_row (rows, row) || isnan (tw_chart_value (rows, row, kind->high)))
        continue;
      put_text (data, label);
      put_number (data, tw_chart_value (rows, row, kind->y));
      put_number (data, tw_chart_value (rows, row, kind->low));
      put_number (data, tw_chart_value (rows, row, kind->high));
      g_string_append_c (data, '\n');
      n++;
    }
  if (n == 0 || !keep_data (self, stem, data))
    return;
  labels = tics (kind, n);
  begin (self, rows, stem, FALSE);
  if (kind->picture == TW_PICTURE_WATERFALL)
    g_string_append (self->script, "set ylabel ");
  if (kind->picture == TW_PICTURE_WATERFALL)
    put_literal (self->script, tw_chart_unit (rows, kind->high));
  g_string_append_printf (self->script, "\nset xtics rotate by -35\nset xrange [-0.5:%u.5]\nset boxwidth 0.7\n", n - 1);
  if (kind->picture == TW_PICTURE_WATERFALL)
    g_string_append_printf (self->script, "plot '%s.data' using 0:3:3:4:4:%s with candlesticks lt 1\n", stem, labels);
  else
    g_string_append_printf (self->script, "plot '%s.data' using 0:3:4 with filledcurves fs transparent solid 0.25 "
                            "lt 1, '' using 0:2:%s with lines lt 1\n", stem, labels);
}

static void
draw_scatter (TwDrawing         *self,
              const TwChartRows *rows,
              const char        *stem)
{
  const TwFigureKind *kind = tw_figure_kind (rows->figure);
  g_autoptr (GString) data = g_string_new (NULL);

  for (guint row = rows->from; row < rows->to; row++)
    {
      if (!tw_chart_has_row (rows, row) || isnan (tw_chart_value (rows, row, kind->x))
          || isnan (tw_chart_value (rows, row, kind->y)))
        continue;
      put_number (data, tw_chart_value (rows, row, kind->x));
      put_number (data, tw_chart_value (rows, row, kind->y));
      g_string_append_c (data, '\n');
    }
  if (data->len == 0 || !keep_data (self, stem, data))
    return;
  begin (self, rows, stem, FALSE);
  g_string_append_printf (self->script, "plot '%s.data' using 2:3 with points pt 7 ps 0.4 lt 1\n", stem);
}

/* Of each x and series, in a grid without gaps, which an image needs. */
static void
draw_matrix (TwDrawing         *self,
             const TwChartRows *rows,
             const char        *stem,
             const char        *panel)
{
  g_auto (TwChartSets) sets = tw_chart_sets (rows, 0);
  g_autoptr (GString) data = g_string_new (NULL);
  guint n = sets.series->len;

  if (!tw_chart_sets_tell (&sets) || MIN (n, sets.labels->len) < LEAST_IMAGE)
    return;
  if (*panel != '\0')
    {
      g_string_append (data, "\t\t");
      put_text (data, panel);
      g_string_append_c (data, '\n');
    }
  for (guint down = 0; down < n; down++)
    for (guint across = 0; across < sets.labels->len; across++)
      {
        g_string_append_printf (data, "%u\t%u", across, down);
        put_number (data, g_array_index (sets.values, double, across * n + down));
        g_string_append_c (data, '\t');
        put_text (data, g_ptr_array_index (sets.labels, across));
        g_string_append_c (data, '\t');
        put_text (data, g_ptr_array_index (sets.series, down));
        g_string_append_c (data, '\n');
      }
  if (!keep_data (self, stem, data))
    return;
  begin (self, rows, stem, *panel != '\0');
  g_string_append_printf (self->script, "set ylabel ''\nunset grid\nset xtics rotate by -35\nset yrange [*:*] reverse\n"
                          "set cbrange [0:*]\nplot '%s.data' using 1:2:3:xtic(4):ytic(5) with image pixels %s\n", stem,
                          *panel != '\0' ? "title columnheader(3)" : "notitle");
}

static void
draw_panels (TwDrawing         *self,
             const TwChartRows *all,
             const char        *stem)
{
  const TwFigureKind *kind = tw_figure_kind (all->figure);
  int panel = tw_figure_kind_column (kind, kind->panel);
  TwChartRows rows = *all;
  guint n = 0;

  if (panel < 0)
    {
      draw_matrix (self, all, stem, "");
      return;
    }
  for (; rows.from < all->to && n < MOST_PANELS && self->error == NULL; rows.from = rows.to)
    {
      const char *name = tw_figure_cell (all->figure, rows.from, (guint) panel).as.text;
      g_autofree char *own = g_strdup_printf ("%s-%u", stem, ++n);

      for (rows.to = rows.from; rows.to < all->to
                                && g_str_equal (tw_figure_cell (all->figure, rows.to, (guint) panel).as.text, name); )
        rows.to++;
      draw_matrix (self, &rows, own, name);
    }
}

void
tw_drawing_add (TwDrawing         *self,
                const TwChartRows *rows,
                const char        *stem)
{
  switch (tw_figure_kind (rows->figure)->picture)
    {
    case TW_PICTURE_LINE:
    case TW_PICTURE_BARS:
    case TW_PICTURE_STACK:
    case TW_PICTURE_FUNNEL:
      draw_sets (self, rows, stem);
      break;
    case TW_PICTURE_BAND:
    case TW_PICTURE_WATERFALL:
      draw_rows (self, rows, stem);
      break;
    case TW_PICTURE_SCATTER:
      draw_scatter (self, rows, stem);
      break;
    case TW_PICTURE_HEAT:
    case TW_PICTURE_COHORT:
      draw_panels (self, rows, stem);
      break;
    case TW_PICTURE_NONE:
    case TW_PICTURE_TILES:
    default:
      break;
    }
}
