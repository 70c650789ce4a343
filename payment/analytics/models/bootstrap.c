/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdlib.h>

#include "payment/analytics/models/bootstrap.h"
#include "payment/analytics/models/draw.h"
#include "payment/analytics/models/quantile.h"

#define MOST_UNITS 10000000u

static TwRefusal
look_at_units (const TwBootstrap *self, const guint32 *sizes, guint n_sizes, guint32 *total, guint32 *least)
{
  *total = 0;
  *least = G_MAXUINT32;
  if (self->n_draws < 100 || self->n_draws > 100000 || self->block == 0)
    return TW_REFUSAL_BAD_INPUT;
  for (guint i = 0; i < n_sizes; i++)
    {
      if (sizes[i] > MOST_UNITS - *total)
        return TW_REFUSAL_TOO_LARGE;
      *total += sizes[i];
      *least = MIN (*least, sizes[i] / self->block);
    }
  if (*total == 0)
    return TW_REFUSAL_EMPTY;
  return *least < TW_BOOTSTRAP_BLOCKS ? TW_REFUSAL_FEW_DAYS : TW_REFUSAL_NONE;
}

/* Blocks that run past the end go on at the beginning: each unit is as likely as the others. */
static void
draw_blocks (TwDraw *draw, guint32 size, guint block, guint32 *drawn)
{
  guint32 at = 0;

  for (guint32 i = 0; i < size; i++, at = at + 1 == size ? 0 : at + 1)
    {
      if (i % block == 0)
        at = tw_draw_below (draw, size);
      drawn[i] = at;
    }
}

static gboolean
are_finite (const double *values, guint n)
{
  for (guint i = 0; i < n; i++)
    if (!isfinite (values[i]))
      return FALSE;
  return TRUE;
}

static gboolean
evaluate (TwStatistic statistic, gpointer data, const guint32 *drawn, double *values, guint n_values)
{
  return statistic (data, drawn, values) && are_finite (values, n_values);
}

/* kept: n_values rows of n_draws. How many draws had figures. */
static guint
draw_all (const TwBootstrap *self, const guint32 *sizes, guint n_sizes, TwStatistic statistic, gpointer data,
          guint32 *drawn, guint n_values, double *kept)
{
  TwDraw draw = { self->seed };
  g_autofree double *values = g_new (double, n_values);
  guint n = 0;

  for (guint i = 0; i < self->n_draws; i++)
    {
      guint32 first = 0;

      for (guint group = 0; group < n_sizes; first += sizes[group++])
        draw_blocks (&draw, sizes[group], self->block, drawn + first);
      if (!evaluate (statistic, data, drawn, values, n_values))
        continue;
      for (guint value = 0; value < n_values; value++)
        kept[(gsize) value * self->n_draws + n] = values[value];
      n++;
    }
  return n;
}

static void
bound (TwEstimate *estimate, double *kept, guint n, guint32 n_blocks)
{
  double tail = tw_normal_share (-tw_student_975 (n_blocks - 1) * sqrt (n_blocks / (n_blocks - 1.0)));

  qsort (kept, n, sizeof *kept, tw_ascending);
  estimate->low = tw_quantile (kept, n, tail);
  estimate->high = tw_quantile (kept, n, 1 - tail);
}

TwRefusal
tw_bootstrap (const TwBootstrap *self, const guint32 *sizes, guint n_sizes, TwStatistic statistic, gpointer data,
              guint n_values, TwEstimate *estimates)
{
  guint32 total, n_blocks;
  TwRefusal refusal = look_at_units (self, sizes, n_sizes, &total, &n_blocks);
  g_autofree guint32 *drawn = NULL;
  g_autofree double *kept = NULL;
  guint n;

  for (guint i = 0; i < n_values; i++)
    estimates[i] = (TwEstimate) { 0 };
  if (refusal != TW_REFUSAL_NONE)
    return refusal;
  drawn = g_new (guint32, total);
  for (guint group = 0, i = 0; group < n_sizes; group++)
    for (guint32 unit = 0; unit < sizes[group]; unit++)
      drawn[i++] = unit;
  kept = g_new (double, (gsize) n_values * MAX (self->n_draws, 1));
  if (!evaluate (statistic, data, drawn, kept, n_values))
    return TW_REFUSAL_NO_SOLUTION;
  for (guint i = 0; i < n_values; i++)
    estimates[i].value = kept[i];
  n = draw_all (self, sizes, n_sizes, statistic, data, drawn, n_values, kept);
  if ((guint64) n * 20 >= (guint64) self->n_draws * 19)
    {
      for (guint i = 0; i < n_values; i++)
        bound (&estimates[i], kept + (gsize) i * self->n_draws, n, n_blocks);
      return TW_REFUSAL_NONE;
    }
  for (guint i = 0; i < n_values; i++)
    estimates[i] = (TwEstimate) { 0 };
  return TW_REFUSAL_NO_SOLUTION;
}
