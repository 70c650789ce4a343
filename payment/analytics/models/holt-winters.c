/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>

#include "payment/analytics/models/holt-winters.h"

static const double alphas[] = { 0.02, 0.05, 0.1, 0.2, 0.35, 0.6 };
static const double betas[] = { 0, 0.02, 0.1, 0.3 };
static const double gammas[] = { 0, 0.02, 0.05, 0.1, 0.25 };

static gboolean
is_known (const TwSeries *series, gsize i)
{
  return series->known == NULL || series->known[i] != 0;
}

static double
first_level (const TwSeries *series)
{
  double sum = 0;
  gsize n = 0;

  for (gsize i = 0; i < 2u * series->period; i++)
    if (is_known (series, i))
      {
        sum += series->values[i];
        n++;
      }
  return n > 0 ? sum / (double) n : 0;
}

static void
first_seasons (const TwSeries *series, double level, double *seasons)
{
  for (gsize season = 0; season < series->period; season++)
    {
      gboolean one = is_known (series, season), other = is_known (series, season + series->period);
      double sum = (one ? series->values[season] : 0) + (other ? series->values[season + series->period] : 0);

      seasons[season] = one || other ? sum / (one + other) - level : 0;
    }
}

/* Runs over the steps; returns the sum of squares that was missed. */
static double
run (TwHoltWinters *self, const TwSeries *series)
{
  double missed = 0;
  guint season = 0;

  for (gsize i = 0; i < self->n; i++)
    {
      double drift = TW_DAMPED * self->trend, before = self->level;

      if (is_known (series, i))
        {
          double error = series->values[i] - (before + drift + self->seasons[season]);

          missed += i >= 2u * series->period ? error * error : 0;
          self->level = self->alpha * (series->values[i] - self->seasons[season]) +
                        (1 - self->alpha) * (before + drift);
          self->trend = self->beta * (self->level - before) + (1 - self->beta) * drift;
          self->seasons[season] = self->gamma * (series->values[i] - self->level) +
                                  (1 - self->gamma) * self->seasons[season];
        }
      else
        {
          self->level += drift;
          self->trend = drift;
        }
      season = season + 1 == series->period ? 0 : season + 1;
    }
  return missed;
}

TwHoltWinters *
tw_holt_winters_new (const TwSeries *series, gsize n)
{
  TwHoltWinters *self = g_new0 (TwHoltWinters, 1);
  double level = first_level (series), least = G_MAXDOUBLE;
  g_autofree double *seasons = g_new (double, series->period), *first = g_new (double, series->period);

  self->seasons = g_new (double, series->period);
  first_seasons (series, level, first);
  for (gsize i = 0; i < G_N_ELEMENTS (alphas) * G_N_ELEMENTS (betas) * G_N_ELEMENTS (gammas); i++)
    {
      TwHoltWinters tried = {
        .alpha = alphas[i / G_N_ELEMENTS (gammas) / G_N_ELEMENTS (betas)],
        .beta = betas[i / G_N_ELEMENTS (gammas) % G_N_ELEMENTS (betas)],
        .gamma = gammas[i % G_N_ELEMENTS (gammas)], .level = level, .seasons = seasons, .n = n,
      };
      double missed;

      memcpy (seasons, first, sizeof *seasons * series->period);
      missed = run (&tried, series);
      if (missed >= least)
        continue;
      least = missed;
      memcpy (self->seasons, seasons, sizeof *seasons * series->period);
      tried.seasons = self->seasons;
      *self = tried;
    }
  return self;
}

void
tw_holt_winters_free (TwHoltWinters *self)
{
  g_free (self->seasons);
  g_free (self);
}

double
tw_holt_winters_ahead (const TwHoltWinters *self, const TwSeries *series, guint ahead)
{
  double damped = TW_DAMPED * (1 - pow (TW_DAMPED, ahead)) / (1 - TW_DAMPED);

  return self->level + damped * self->trend + self->seasons[(self->n + ahead - 1) % series->period];
}
