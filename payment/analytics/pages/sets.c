/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/analytics/pages/sets.h"

#include "payment/money/money.h"

#include <math.h>
#include <stdlib.h>

#define OTHERS "all others"

static const TwFigureKind *
kind_of (const TwChartRows *self)
{
  return tw_figure_kind (self->figure);
}

gboolean
tw_chart_has_row (const TwChartRows *self,
                  guint              row)
{
  return *self->currency == '\0' || g_str_equal (tw_pages_currency (self->figure, row), self->currency);
}

double
tw_chart_value (const TwChartRows *self,
                guint              row,
                const char        *column)
{
  int i = tw_figure_kind_column (kind_of (self), column);
  const TwColumn *is = i >= 0 ? &kind_of (self)->columns[i] : NULL;
  TwCell cell = is != NULL ? tw_figure_cell (self->figure, row, (guint) i) : tw_cell_none ();
  double value = cell.known ? tw_pages_number (is, cell) : NAN;

  if (is == NULL)
    return NAN;
  if (tw_pages_is_money (is->kind))
    return value / pow (10, MAX (tw_currency_digits (tw_pages_currency (self->figure, row)), 0));
  return is->kind == TW_COLUMN_WH ? value / 1000 : is->kind == TW_COLUMN_SECONDS ? value / 3600
         : is->kind == TW_COLUMN_SHARE ? value * 100 : value;
}

const char *
tw_chart_unit (const TwChartRows *self,
               const char        *column)
{
  int i = tw_figure_kind_column (kind_of (self), column);
  const TwColumn *is = i >= 0 ? &kind_of (self)->columns[i] : NULL;

  if (is == NULL)
    return "";
  if (tw_pages_is_money (is->kind))
    return self->currency;
  return is->kind == TW_COLUMN_WH ? "kWh" : is->kind == TW_COLUMN_SECONDS ? "h" : is->kind == TW_COLUMN_SHARE ? "%"
         : is->unit != NULL && !g_str_equal (is->unit, "1") ? is->unit : "";
}

static char *
told (const TwChartRows *self,
      guint              row,
      int                column)
{
  return column < 0 ? g_strdup ("") : tw_pages_told (&kind_of (self)->columns[column],
                                                     tw_figure_cell (self->figure, row, (guint) column),
                                                     tw_pages_currency (self->figure, row), self->time_zone);
}

/* "from_min" and "to_min" are a class of a distribution: "10–20". */
static char *
label_of (const TwChartRows *self,
          guint              row,
          int                column)
{
  const char *name = column >= 0 ? kind_of (self)->columns[column].name : "";
  g_autofree char *other = g_str_has_prefix (name, "from_") ? g_strconcat ("to_", name + 5, NULL) : NULL;
  int to = other != NULL ? tw_figure_kind_column (kind_of (self), other) : -1;
  g_autofree char *first = told (self, row, column), *last = told (self, row, to);

  if (to < 0)
    return g_steal_pointer (&first);
  return tw_figure_cell (self->figure, row, (guint) to).known ? g_strconcat (first, "\u2013", last, NULL)
                                                              : g_strconcat (first, " and more", NULL);
}

static GPtrArray *
names_new (void)
{
  return g_ptr_array_new_with_free_func (g_free);
}

GPtrArray *
tw_chart_names (const TwChartRows *self,
                const char        *column)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  int i = tw_figure_kind_column (kind_of (self), column);
  GPtrArray *names = names_new ();

  for (guint row = self->from; row < self->to; row++)
    {
      char *name = tw_chart_has_row (self, row) ? label_of (self, row, i) : NULL;

      if (name == NULL || g_hash_table_contains (seen, name))
        g_free (name);
      else
        {
          g_hash_table_add (seen, name);
          g_ptr_array_add (names, name);
        }
    }
  return names;
}

typedef struct { char *name; double sum; guint place; } Weight;

static int
by_sum (gconstpointer a,
        gconstpointer b)
{
  const Weight *one = a, *other = b;

  if (one->sum < other->sum || one->sum > other->sum)
    return one->sum > other->sum ? -1 : 1;
  return one->place < other->place ? -1 : 1;
}

static GHashTable *
places_of (const GPtrArray *names)
{
  GHashTable *places = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < names->len; i++)
    g_hash_table_insert (places, g_ptr_array_index (names, i), GUINT_TO_POINTER (i));
  return places;
}

/* The largest of too many, and a name for the rest. */
static void
keep_largest (const TwChartRows  *self,
              GPtrArray         **series,
              guint               most)
{
  g_autoptr (GHashTable) places = places_of (*series);
  g_autofree Weight *weights = g_new0 (Weight, (*series)->len);
  int column = tw_figure_kind_column (kind_of (self), kind_of (self)->series);
  GPtrArray *kept = names_new ();

  for (guint i = 0; i < (*series)->len; i++)
    weights[i] = (Weight) { g_ptr_array_index (*series, i), 0, i };
  for (guint row = self->from; row < self->to; row++)
    {
      g_autofree char *name = tw_chart_has_row (self, row) ? told (self, row, column) : NULL;
      double value = tw_chart_value (self, row, kind_of (self)->y);

      if (name != NULL && !isnan (value))
        weights[GPOINTER_TO_UINT (g_hash_table_lookup (places, name))].sum += fabs (value);
    }
  qsort (weights, (*series)->len, sizeof *weights, by_sum);
  for (guint i = 0; i + 1 < most; i++)
    g_ptr_array_add (kept, g_strdup (weights[i].name));
  g_ptr_array_add (kept, g_strdup (OTHERS));
  g_ptr_array_unref (*series);
  *series = kept;
}

static void
add_up (const TwChartRows *self,
        TwChartSets       *sets)
{
  g_autoptr (GHashTable) labels = places_of (sets->labels), series = places_of (sets->series);
  int x = tw_figure_kind_column (kind_of (self), kind_of (self)->x);
  int by = tw_figure_kind_column (kind_of (self), kind_of (self)->series);

  for (guint row = self->from; row < self->to; row++)
    {
      g_autofree char *label = label_of (self, row, x), *name = told (self, row, by);
      double value = tw_chart_value (self, row, kind_of (self)->y), *sum;
      gpointer place;

      if (!tw_chart_has_row (self, row) || isnan (value))
        continue;
      if (!g_hash_table_lookup_extended (series, name, NULL, &place))
        place = GUINT_TO_POINTER (sets->series->len - 1);
      sum = &g_array_index (sets->values, double,
                            GPOINTER_TO_UINT (g_hash_table_lookup (labels, label)) * sets->series->len
                            + GPOINTER_TO_UINT (place));
      *sum = isnan (*sum) ? value : *sum + value;
    }
}

TwChartSets
tw_chart_sets (const TwChartRows *self,
               guint              most)
{
  TwChartSets sets = { tw_chart_names (self, kind_of (self)->x), tw_chart_names (self, kind_of (self)->series),
                       g_array_new (FALSE, FALSE, sizeof (double)) };
  const double unknown = NAN;

  if (most > 0 && sets.series->len > most)
    keep_largest (self, &sets.series, most);
  for (guint i = 0; i < sets.labels->len * sets.series->len; i++)
    g_array_append_val (sets.values, unknown);
  add_up (self, &sets);
  return sets;
}

gboolean
tw_chart_sets_tell (const TwChartSets *self)
{
  for (guint i = 0; i < self->values->len; i++)
    if (!isnan (g_array_index (self->values, double, i)))
      return TRUE;
  return FALSE;
}

void
tw_chart_sets_clear (TwChartSets *self)
{
  g_ptr_array_unref (self->labels);
  g_ptr_array_unref (self->series);
  g_array_unref (self->values);
}
