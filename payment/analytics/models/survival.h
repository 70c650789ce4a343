/* SPDX-License-Identifier: Apache-2.0 */
/* Kaplan-Meier: the share still there after a time, when some are still there at the end of what was seen
 * (facts/analytics.md, section 5: open sessions are censored, not dropped). For idle time: cars still connected.
 *
 *   S(t) = product over t_i <= t of (1 - d_i / n_i); Greenwood: var S = S^2 sum d_i / (n_i (n_i - d_i))
 *
 * The 95 % interval carries Greenwood's variance over by log (-log S), so that it stays within 0 … 1 (Kalbfleisch and
 * Prentice, The Statistical Analysis of Failure Time Data).
 */
#pragma once

#include "payment/analytics/models/models.h"

/* A duration in any unit, at least 0. ended: it is over; else it lasted at least so long. */
typedef struct { double time; gboolean ended; } TwLasting;

typedef struct
{
  double time;               /* where the curve steps down */
  gsize n_at_risk, n_ended;  /* just before it, and at it. Censored at the same time count as at risk. */
  TwEstimate share;          /* S from here on. Where it is 0 the interval goes up to what it was before. */
} TwSurvivalStep;

typedef struct
{
  TwRefusal refusal;
  gsize n, n_censored;
  gboolean has_median;       /* FALSE if more than half are still there at the end */
  double median;             /* the first time with S <= 1/2 */
  double last;               /* the longest duration; beyond it nothing is known */
  TwSurvivalStep *steps;     /* ascending; none if nothing ended */
  gsize n_steps;
} TwSurvival;

TwSurvival *tw_survival_new (const TwLasting *lastings, gsize n);
void tw_survival_free (TwSurvival *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwSurvival, tw_survival_free)

/* S(time): 1 before the first step. */
double tw_survival_at (const TwSurvival *self, double time);
