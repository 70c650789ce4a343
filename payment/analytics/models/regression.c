/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "payment/analytics/models/normal.h"
#include "payment/analytics/models/quantile.h"

#define MOST_ROUNDS 60
#define CLOSE 1e-9

typedef struct
{
  const TwDesign *design;
  TwNormal *normal;
  guint n_columns;
  double *fitted, *next; /* ln of the expected quantity, of each row; fitted of log-log: of ln q */
} Work;

static void
levels_of (const TwDesign *design, gsize row, guint16 levels[TW_DEMAND_GROUPS])
{
  for (guint group = 0; group < TW_DEMAND_GROUPS; group++)
    levels[group] = design->levels[group][row];
}

/* What the coefficients that were found make of each row. */
static void
fit_rows (const Work *self, double *fitted)
{
  double x[TW_NORMAL_COLUMNS + 1];
  guint16 levels[TW_DEMAND_GROUPS];

  for (gsize i = 0; i < self->design->n; i++)
    {
      tw_design_row (self->design, i, x);
      levels_of (self->design, i, levels);
      fitted[i] = 0;
      for (guint k = 0; k < self->n_columns; k++)
        fitted[i] += x[k] * self->normal->coefficients[k];
      for (guint group = 0; group < TW_DEMAND_GROUPS; group++)
        fitted[i] += levels[group] == TW_NO_LEVEL ? 0 : self->normal->effects[levels[group]];
    }
}

/* Newton's step is least squares of a working left-hand side, weighted by what is expected (McCullagh and Nelder,
 * Generalized Linear Models, section 2.5). It begins at ln of (q + mean q) / 2. */
static gboolean
step (Work *self, gboolean first)
{
  double x[TW_NORMAL_COLUMNS + 1];
  guint16 levels[TW_DEMAND_GROUPS];

  tw_normal_clear (self->normal);
  for (gsize i = 0; i < self->design->n; i++)
    {
      double quantity = tw_design_quantity (self->design, i);
      double expected = first ? (quantity + 1) / 2 : exp (self->fitted[i]);

      if (first)
        self->fitted[i] = log (expected);
      tw_design_row (self->design, i, x);
      levels_of (self->design, i, levels);
      x[self->n_columns] = self->fitted[i] + (expected > 0 ? (quantity - expected) / expected : 0);
      tw_normal_add (self->normal, levels, x, expected);
    }
  return tw_normal_solve (self->normal);
}

/* The likelihood's negative logarithm but for what does not depend on the fit. */
static double
misfit (const Work *self, const double *fitted)
{
  double sum = 0;

  for (gsize i = 0; i < self->design->n; i++)
    sum += exp (fitted[i]) - tw_design_quantity (self->design, i) * fitted[i];
  return sum;
}

/* Back towards where it was better, as a whole step can go too far. */
static double
halve (const Work *self, double before)
{
  double after = misfit (self, self->next);

  for (guint i = 0; i < 30 && !(after <= before + CLOSE * (1 + fabs (before))); i++)
    {
      for (gsize row = 0; row < self->design->n; row++)
        self->next[row] = (self->next[row] + self->fitted[row]) / 2;
      after = misfit (self, self->next);
    }
  return after;
}

static gboolean
has_settled (const Work *self, double *before)
{
  gboolean settled = TRUE;

  for (guint k = 0; k < self->n_columns; k++)
    {
      double now = self->normal->coefficients[k];

      settled = settled && fabs (now - before[k]) <= CLOSE * (1 + fabs (now));
      before[k] = now;
    }
  return settled;
}

static TwRefusal
fit_poisson (Work *self, guint *n_rounds)
{
  double before[TW_NORMAL_COLUMNS] = { 0 }, worst = 0, now;

  for (*n_rounds = 1; *n_rounds <= MOST_ROUNDS; (*n_rounds)++)
    {
      double *swap = self->fitted;
      gboolean first = *n_rounds == 1, settled;

      if (!step (self, first))
        return first ? TW_REFUSAL_COLLINEAR : TW_REFUSAL_NO_SOLUTION;
      settled = has_settled (self, before) && !first;
      fit_rows (self, self->next);
      now = first ? misfit (self, self->next) : halve (self, worst);
      if (!isfinite (now))
        return TW_REFUSAL_NO_SOLUTION;
      settled = settled && fabs (now - worst) <= CLOSE * (1 + fabs (now));
      worst = now;
      self->fitted = self->next;
      self->next = swap;
      if (settled)
        return TW_REFUSAL_NONE;
    }
  return TW_REFUSAL_NO_SOLUTION;
}

static TwRefusal
fit_log_log (Work *self)
{
  double x[TW_NORMAL_COLUMNS + 1];
  guint16 levels[TW_DEMAND_GROUPS];

  tw_normal_clear (self->normal);
  for (gsize i = 0; i < self->design->n; i++)
    {
      tw_design_row (self->design, i, x);
      levels_of (self->design, i, levels);
      x[self->n_columns] = log (tw_design_quantity (self->design, i));
      tw_normal_add (self->normal, levels, x, 1);
    }
  if (!tw_normal_solve (self->normal))
    return TW_REFUSAL_COLLINEAR;
  fit_rows (self, self->fitted);
  return TW_REFUSAL_NONE;
}

/* Each cluster's score: what its rows would have the coefficients be, less what the levels explain of the columns. */
static double *
scores (const Work *self, TwRegressionModel model)
{
  guint k = self->n_columns;
  double *sums = g_new0 (double, self->design->n_clusters * k), x[TW_NORMAL_COLUMNS + 1];
  guint16 levels[TW_DEMAND_GROUPS];

  for (gsize i = 0; i < self->design->n; i++)
    {
      double quantity = tw_design_quantity (self->design, i);
      double residual = model == TW_REGRESSION_POISSON ? quantity - exp (self->fitted[i])
                                                       : log (quantity) - self->fitted[i];

      tw_design_row (self->design, i, x);
      levels_of (self->design, i, levels);
      for (guint column = 0; column < k; column++)
        {
          for (guint group = 0; group < TW_DEMAND_GROUPS; group++)
            if (levels[group] != TW_NO_LEVEL)
              x[column] -= self->normal->absorbed[levels[group] + (gsize) column * self->normal->n_levels];
          sums[(gsize) self->design->clusters[i] * k + column] += x[column] * residual;
        }
    }
  return sums;
}

static double
clustered_variance (const Work *self, const double *sums, guint column)
{
  guint k = self->n_columns;
  double n = (double) self->design->n, n_clusters = (double) self->design->n_clusters, variance = 0;

  for (gsize cluster = 0; cluster < self->design->n_clusters; cluster++)
    {
      double pull = 0;

      for (guint j = 0; j < k; j++)
        pull += self->normal->inverse[column + j * k] * sums[cluster * k + j];
      variance += pull * pull;
    }
  return variance * n_clusters / (n_clusters - 1) * (n - 1) / (n - k - self->normal->rank);
}

static gboolean
conclude (const Work *self, TwRegressionModel model, TwRegression *found)
{
  g_autofree double *sums = scores (self, model);
  double reach = tw_student_975 ((guint) found->n_clusters - 1);

  for (guint i = 0; i < self->n_columns; i++)
    {
      TwCoefficient *coefficient = i == 0 ? &found->elasticity : &found->flags[i - 1];
      double value = self->normal->coefficients[i], error = sqrt (clustered_variance (self, sums, i));

      if (!isfinite (value) || !isfinite (error))
        return FALSE;
      *coefficient = (TwCoefficient) { { value, value - reach * error, value + reach * error }, error };
    }
  return TRUE;
}

static TwRefusal
regress (Work *work, TwRegressionModel model, TwRegression *found)
{
  TwRefusal refusal = model == TW_REGRESSION_POISSON ? fit_poisson (work, &found->n_rounds) : fit_log_log (work);

  if (refusal != TW_REFUSAL_NONE)
    return refusal;
  if (work->design->n <= work->n_columns + work->normal->rank)
    return TW_REFUSAL_FEW_CLUSTERS;
  return conclude (work, model, found) ? TW_REFUSAL_NONE : TW_REFUSAL_TOO_LARGE;
}

TwRegression
tw_regression (const TwDemand *demand, TwRegressionModel model)
{
  TwRegression found = { 0 };
  g_autoptr (TwDesign) design = tw_design_new (demand, model, &found);
  g_autoptr (TwNormal) normal = NULL;
  Work work = { design };

  if (design == NULL)
    return found;
  work.n_columns = 1 + demand->n_flags;
  work.normal = normal = tw_normal_new (design->n_levels, work.n_columns);
  work.fitted = g_new0 (double, design->n);
  work.next = g_new0 (double, design->n);
  found.refusal = regress (&work, model, &found);
  if (found.refusal != TW_REFUSAL_NONE)
    {
      found.elasticity = (TwCoefficient) { 0 };
      for (guint i = 0; i < TW_DEMAND_FLAGS; i++)
        found.flags[i] = (TwCoefficient) { 0 };
    }
  g_free (work.fitted);
  g_free (work.next);
  return found;
}
