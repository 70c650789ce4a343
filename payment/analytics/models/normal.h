/* SPDX-License-Identifier: Apache-2.0 */
/* Weighted least squares of few columns beside many levels: the normal equations, the levels solved out of them by
 * LAPACK's pivoted Cholesky. Levels that others already explain are left at 0; they change no column's coefficient.
 * The room's own.
 */
#pragma once

#include "payment/analytics/models/demand.h"

#define TW_NORMAL_COLUMNS (1 + TW_DEMAND_FLAGS)

typedef struct
{
  guint n_levels, n_columns;
  double *gram;     /* n_levels², by columns, upper half */
  double *cross;    /* n_columns + 1 columns of n_levels: the last is the left-hand side */
  double inner[(TW_NORMAL_COLUMNS + 1) * (TW_NORMAL_COLUMNS + 1)];

  /* What solving gives. */
  guint rank;                         /* of the levels */
  double coefficients[TW_NORMAL_COLUMNS];
  double *effects;                    /* of the levels */
  double *absorbed;                   /* n_columns columns of n_levels: each column regressed on the levels */
  double inverse[TW_NORMAL_COLUMNS * TW_NORMAL_COLUMNS]; /* of the columns' part of H */
} TwNormal;

TwNormal *tw_normal_new (guint n_levels, guint n_columns);
void tw_normal_free (TwNormal *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwNormal, tw_normal_free)

void tw_normal_clear (TwNormal *self);
/* x: the columns, and the left-hand side last. levels ascending; TW_NO_LEVEL is none. */
void tw_normal_add (TwNormal *self, const guint16 levels[TW_DEMAND_GROUPS], const double *x, double weight);
/* FALSE: a column is explained by the levels and the other columns. Nothing may be added afterwards. */
gboolean tw_normal_solve (TwNormal *self);
