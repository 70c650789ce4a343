/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/analytics/measures/refusal.h"

const char *
tw_refusal_words (TwRefusal refusal)
{
  switch (refusal)
    {
    case TW_REFUSAL_NONE:
      return NULL;
    case TW_REFUSAL_EMPTY:
      return "There is nothing to reckon with.";
    case TW_REFUSAL_BAD_INPUT:
      return "The data has a number that cannot be.";
    case TW_REFUSAL_TOO_LARGE:
      return "The data is beyond what this model is meant for.";
    case TW_REFUSAL_UNSTABLE:
      return "More work arrives than the connectors can do: all of them are as good as always taken.";
    case TW_REFUSAL_FEW_PRICES:
      return "Not enough variation: there was one price only.";
    case TW_REFUSAL_FEW_CLUSTERS:
      return "Not enough data: fewer than 30 days of a site with sales.";
    case TW_REFUSAL_PRICE_BY_CLOCK:
      return "Not enough variation: the price goes by weekday and hour alone, and cannot be told from them.";
    case TW_REFUSAL_COLLINEAR:
      return "Not enough variation: the price moves only as sites, hours and months do.";
    case TW_REFUSAL_NO_SOLUTION:
      return "No answer explains this data: at one of the prices nothing was sold.";
    case TW_REFUSAL_FEW_DAYS:
      return "The window is too short to say how certain the answer would be.";
    case TW_REFUSAL_FEW_PERIODS:
      return "Not enough data: fewer than four full weeks.";
    case TW_REFUSAL_FEW_ORIGINS:
      return "Not enough data to test a forecast against the past.";
    case TW_REFUSAL_OVERLAP:
      return "States of a connector overlap in the data.";
    default:
      return "The model did not answer.";
    }
}
