/* SPDX-License-Identifier: Apache-2.0 */
#include <lapacke.h>
#include <math.h>
#include <string.h>

#include "payment/analytics/models/normal.h"

#define NOTHING_LEFT 1e-8 /* of a column's variance, by the levels and the columns before it */
#define SAME_LEVEL 1e-10

TwNormal *
tw_normal_new (guint n_levels, guint n_columns)
{
  TwNormal *self = g_new0 (TwNormal, 1);

  self->n_levels = n_levels;
  self->n_columns = n_columns;
  self->gram = g_new0 (double, (gsize) n_levels * n_levels);
  self->cross = g_new0 (double, (gsize) n_levels * (n_columns + 1));
  self->effects = g_new0 (double, n_levels);
  self->absorbed = g_new0 (double, (gsize) n_levels * n_columns);
  return self;
}

void
tw_normal_free (TwNormal *self)
{
  g_free (self->gram);
  g_free (self->cross);
  g_free (self->effects);
  g_free (self->absorbed);
  g_free (self);
}

void
tw_normal_clear (TwNormal *self)
{
  memset (self->gram, 0, sizeof (double) * self->n_levels * self->n_levels);
  memset (self->cross, 0, sizeof (double) * self->n_levels * (self->n_columns + 1));
  memset (self->inner, 0, sizeof self->inner);
}

void
tw_normal_add (TwNormal *self, const guint16 levels[TW_DEMAND_GROUPS], const double *x, double weight)
{
  guint n = self->n_columns + 1;

  for (guint i = 0; i < TW_DEMAND_GROUPS; i++)
    {
      if (levels[i] == TW_NO_LEVEL)
        continue;
      for (guint j = i; j < TW_DEMAND_GROUPS; j++)
        if (levels[j] != TW_NO_LEVEL)
          self->gram[levels[i] + (gsize) levels[j] * self->n_levels] += weight;
      for (guint j = 0; j < n; j++)
        self->cross[levels[i] + (gsize) j * self->n_levels] += weight * x[j];
    }
  for (guint i = 0; i < n; i++)
    for (guint j = i; j < n; j++)
      self->inner[i * n + j] += weight * x[i] * x[j];
}

/* To a diagonal of ones, so that small sites are no rounding error beside large ones. */
static gboolean
level_out (const TwNormal *self, double *scale)
{
  guint n = self->n_levels;

  for (guint i = 0; i < n; i++)
    {
      double weight = self->gram[i + (gsize) i * n];

      if (!(weight > 1e-250 && weight < 1e250))
        return FALSE;
      scale[i] = 1 / sqrt (weight);
    }
  for (guint j = 0; j < n; j++)
    for (guint i = 0; i <= j; i++)
      self->gram[i + (gsize) j * n] *= scale[i] * scale[j];
  return TRUE;
}

/* absorbed and effects = the levels' Gram matrix, inverted, times cross. */
static gboolean
absorb_levels (TwNormal *self)
{
  lapack_int n = (lapack_int) self->n_levels, rank = 0;
  g_autofree lapack_int *pivots = g_new0 (lapack_int, n);
  g_autofree double *scale = g_new (double, n), *right = g_new (double, n);

  if (!level_out (self, scale) ||
      LAPACKE_dpstrf (LAPACK_COL_MAJOR, 'U', n, self->gram, n, pivots, &rank, SAME_LEVEL) < 0 || rank == 0)
    return FALSE;
  self->rank = (guint) rank;
  for (guint column = 0; column <= self->n_columns; column++)
    {
      const double *from = self->cross + (gsize) column * n;
      double *to = column == self->n_columns ? self->effects : self->absorbed + (gsize) column * n;

      for (lapack_int i = 0; i < rank; i++)
        right[i] = from[pivots[i] - 1] * scale[pivots[i] - 1];
      if (LAPACKE_dpotrs (LAPACK_COL_MAJOR, 'U', rank, 1, self->gram, n, right, n) != 0)
        return FALSE;
      memset (to, 0, sizeof (double) * n);
      for (lapack_int i = 0; i < rank; i++)
        to[pivots[i] - 1] = right[i] * scale[pivots[i] - 1];
    }
  return TRUE;
}

static double
dot (const double *a, const double *b, guint n)
{
  double sum = 0;

  for (guint i = 0; i < n; i++)
    sum += a[i] * b[i];
  return sum;
}

/* What the levels leave of columns i and j. j may be the left-hand side. */
static double
left_of (const TwNormal *self, guint i, guint j)
{
  return self->inner[MIN (i, j) * (self->n_columns + 1) + MAX (i, j)] -
         dot (self->absorbed + (gsize) i * self->n_levels, self->cross + (gsize) j * self->n_levels, self->n_levels);
}

/* The columns' part of H, scaled to a diagonal of ones, in self->inverse. */
static gboolean
leave_columns (TwNormal *self, double *scale)
{
  guint k = self->n_columns;

  for (guint i = 0; i < k; i++)
    {
      double left = left_of (self, i, i);

      if (!(left > NOTHING_LEFT * self->inner[i * (k + 1) + i] && left > 1e-250 && left < 1e250))
        return FALSE;
      scale[i] = 1 / sqrt (left);
    }
  for (guint i = 0; i < k; i++)
    for (guint j = 0; j < k; j++)
      self->inverse[i + j * k] = left_of (self, MIN (i, j), MAX (i, j)) * scale[i] * scale[j];
  return TRUE;
}

gboolean
tw_normal_solve (TwNormal *self)
{
  lapack_int k = (lapack_int) self->n_columns;
  double scale[TW_NORMAL_COLUMNS];

  if (!absorb_levels (self) || !leave_columns (self, scale) ||
      LAPACKE_dpotrf (LAPACK_COL_MAJOR, 'U', k, self->inverse, k) != 0)
    return FALSE;
  for (lapack_int i = 0; i < k; i++)
    {
      if (!(self->inverse[i + i * k] * self->inverse[i + i * k] > NOTHING_LEFT))
        return FALSE;
      self->coefficients[i] = left_of (self, (guint) i, (guint) k) * scale[i];
    }
  if (LAPACKE_dpotrs (LAPACK_COL_MAJOR, 'U', k, 1, self->inverse, k, self->coefficients, k) != 0 ||
      LAPACKE_dpotri (LAPACK_COL_MAJOR, 'U', k, self->inverse, k) != 0)
    return FALSE;
  for (lapack_int i = 0; i < k; i++)
    {
      self->coefficients[i] *= scale[i];
      for (lapack_int j = 0; j <= i; j++)
        self->inverse[i + j * k] = self->inverse[j + i * k] *= scale[i] * scale[j];
    }
  for (guint i = 0; i < self->n_levels; i++)
    for (lapack_int j = 0; j < k; j++)
      self->effects[i] -= self->coefficients[j] * self->absorbed[i + (gsize) j * self->n_levels];
  return TRUE;
}
