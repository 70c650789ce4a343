/* SPDX-License-Identifier: Apache-2.0 */
/* Additive Holt-Winters with a damped trend (facts/analytics.md, section 10), phi = 0.98:
 *
 *   l' = al (y - s) + (1 - al) (l + phi b)    b' = be (l' - l) + (1 - be) phi b    s' = ga (y - l') + (1 - ga) s
 *   h steps ahead: l + (phi + phi^2 + … + phi^h) b + s of that season
 *
 * It begins with the mean of the first two periods, no trend, and each season's mean distance from it. A gap moves l
 * and b on and leaves s. Of a fixed grid those al, be, ga are taken that miss least in squares one step ahead, from the
 * third period on; of equals the first. The room's own.
 */
#pragma once

#include "payment/analytics/models/forecast.h"

#define TW_DAMPED 0.98

typedef struct
{
  double alpha, beta, gamma;
  double level, trend;   /* after the last step that was seen */
  double *seasons;       /* of step i: i modulo the period */
  gsize n;               /* steps seen */
} TwHoltWinters;

/* From the first n steps, at least two periods. */
TwHoltWinters *tw_holt_winters_new (const TwSeries *series, gsize n);
void tw_holt_winters_free (TwHoltWinters *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwHoltWinters, tw_holt_winters_free)

/* Of the ahead-th step after those seen; ahead from 1. May be below 0. */
double tw_holt_winters_ahead (const TwHoltWinters *self, const TwSeries *series, guint ahead);
