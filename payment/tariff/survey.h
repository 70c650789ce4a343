/* SPDX-License-Identifier: Apache-2.0 */
/* A tariff asked about everything that can happen: which components are ever chosen, and where nothing is. This
 * folder's own. */
#pragma once

#include "payment/tariff/running.h"

typedef struct
{
  gboolean *reached;                        /* by component */
  char     *unpriced[TW_N_DIMENSIONS + 1];  /* where the kind has no component; the last: where no kind has one */
  gboolean  changes[TW_N_DIMENSIONS];       /* sessions can meet two different prices of the kind */
  gboolean  complete;                       /* FALSE: too many cases; unreached means nothing */
} TwSurvey;

TwSurvey *tw_survey_new (const TwTariff *tariff);
void      tw_survey_free (TwSurvey *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwSurvey, tw_survey_free)
