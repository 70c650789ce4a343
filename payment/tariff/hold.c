/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/tariff/hold.h"

#include "app/base/error.h"
#include "payment/tariff/pricer.h"

static const char *const kind_names[TW_N_GOAL_KINDS] = {
  [TW_GOAL_AMOUNT] = "amount", [TW_GOAL_ENERGY] = "energy", [TW_GOAL_TIME] = "time", [TW_GOAL_FULL] = "full",
};

const char *
tw_goal_kind_name (TwGoalKind kind)
{
  return kind_names[kind];
}

gint64
tw_goal_value (const TwGoal *goal)
{
  switch (goal->kind)
    {
    case TW_GOAL_AMOUNT:
      return goal->amount_minor;
    case TW_GOAL_ENERGY:
      return goal->energy_wh;
    case TW_GOAL_TIME:
      return goal->duration_ms;
    case TW_GOAL_FULL:
      return 0;
    }
  g_assert_not_reached ();
}

gboolean
tw_goal_parse (const char *kind,
               gint64      value,
               TwGoal     *goal,
               GError    **error)
{
  TwGoalKind found = 0;

  while (found < TW_N_GOAL_KINDS && g_strcmp0 (kind_names[found], kind) != 0)
    found++;
  if (found == TW_N_GOAL_KINDS || (found == TW_GOAL_FULL ? value != 0 : value <= 0))
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "no-such-goal");
      return FALSE;
    }
  *goal = (TwGoal) {
    .kind = found,
    .amount_minor = found == TW_GOAL_AMOUNT ? value : 0,
    .energy_wh = found == TW_GOAL_ENERGY ? value : 0,
    .duration_ms = found == TW_GOAL_TIME ? value : 0,
  };
  return TRUE;
}

static gint64
bound (const TwTariff    *tariff,
       const TwHoldTerms *terms,
       gint64             ms)
{
  g_autoptr (TwPricer) pricer = tw_pricer_new (tariff);
  const TwSpan now = { .phase = TW_PHASE_CHARGING, .start_ms = terms->wall_ms };
  gint64 whole_ms;

  tw_pricer_feed (pricer, &now);
  if (__builtin_add_overflow (ms, terms->stop_ms, &whole_ms))
    return G_MAXINT64;

  return tw_pricer_bound_minor (pricer, TW_PHASE_CHARGING, whole_ms, terms->power_w);
}

/* How long it takes, rounded up. */
static gint64
time_for (gint64 energy_wh,
          gint64 power_w)
{
  __int128 ms;

  if (power_w <= 0)
    return G_MAXINT64;
  ms = ((__int128) MAX (energy_wh, 0) * 3600 * 1000 + power_w - 1) / power_w;

  return ms > G_MAXINT64 ? G_MAXINT64 : (gint64) ms;
}

gint64
tw_tariff_least_minor (const TwTariff    *self,
                       const TwHoldTerms *terms)
{
  return bound (self, terms, 1);
}

gint64
tw_tariff_hold_minor (const TwTariff    *self,
                      const TwGoal      *goal,
                      const TwHoldTerms *terms)
{
  switch (goal->kind)
    {
    case TW_GOAL_AMOUNT:
      return goal->amount_minor >= tw_tariff_least_minor (self, terms) ? goal->amount_minor : 0;
    case TW_GOAL_ENERGY:
      return bound (self, terms, time_for (goal->energy_wh, terms->power_w));
    case TW_GOAL_TIME:
      return bound (self, terms, MAX (goal->duration_ms, 0));
    case TW_GOAL_FULL:
      if (tw_tariff_preauthorize_minor (self) > 0)
        return tw_tariff_preauthorize_minor (self);
      return bound (self, terms, time_for (terms->full_wh, terms->power_w));
    }
  g_assert_not_reached ();
}
