/* SPDX-License-Identifier: Apache-2.0 */
#include "app/station/goal.h"

/* Less is over before it has begun: a reading a second, and what flows before the power is off. */
#define LEAST_WH 100
#define LEAST_MS (60 * 1000)
/* More fits into no car. For how long at most a session may charge, the configuration says. */
#define MOST_WH 1000000
/* The end is billed, too: who chose 30 minutes must not pay for a 31st that has just begun. What a controller needs to
 * switch off (RAPI: 3 s). */
#define TIME_LEAD_MS 3000

/* A car that is plugged in as late as it may be can find a dearer hour. */
static gint64
dearest (const TwBay *bay,
         gint64     (*minor_at) (const TwBay *bay, const TwGoal *goal, const TwHoldTerms *terms),
         const TwGoal *goal)
{
  TwStation *station = bay->station;
  TwHoldTerms terms = {
    .wall_ms = tw_clock_now (station->clock).wall_us / 1000, .power_w = tw_dock_most_power_w (bay),
    .stop_ms = TW_STOP_TAKES_MS,
  };
  gint64 now_minor = minor_at (bay, goal, &terms);

  terms.wall_ms += station->config->armed_ms;
  return MAX (now_minor, minor_at (bay, goal, &terms));
}

static gint64
least_at (const TwBay       *bay,
          const TwGoal      *goal,
          const TwHoldTerms *terms)
{
  return tw_tariff_least_minor (bay->tariff, terms);
}

static gint64
hold_at (const TwBay       *bay,
         const TwGoal      *goal,
         const TwHoldTerms *terms)
{
  return tw_tariff_hold_minor (bay->tariff, goal, terms);
}

gint64
tw_goal_least_minor (const TwBay *bay)
{
  return dearest (bay, least_at, NULL);
}

static gint64
most_minor (const TwBay *bay)
{
  gint64 most = bay->parts.config->hold_most_minor;

  return most > 0 ? most : tw_station_offer_hold_minor (bay);
}

static gboolean
is_too_small (const TwBay  *bay,
              const TwGoal *goal)
{
  switch (goal->kind)
    {
    case TW_GOAL_AMOUNT:
      return goal->amount_minor < MAX (tw_goal_least_minor (bay), 1);
    case TW_GOAL_ENERGY:
      return goal->energy_wh < LEAST_WH;
    case TW_GOAL_TIME:
      return goal->duration_ms < LEAST_MS;
    case TW_GOAL_FULL:
      return FALSE;
    }
  g_assert_not_reached ();
}

static gboolean
is_too_large (const TwBay  *bay,
              const TwGoal *goal)
{
  return goal->energy_wh > MOST_WH || goal->duration_ms > bay->station->config->charging_ms
         || goal->amount_minor > most_minor (bay);
}

gboolean
tw_goal_hold_minor (const TwBay  *bay,
                    const TwGoal *goal,
                    gint64       *hold_minor,
                    GError      **error)
{
  gboolean too_small = is_too_small (bay, goal), ok = !too_small && !is_too_large (bay, goal);

  if (goal->kind == TW_GOAL_FULL)
    *hold_minor = tw_station_offer_hold_minor (bay);
  else if (ok)
    {
      /* Also where nothing costs anything: a bank holds no nothing. */
      *hold_minor = MAX (dearest (bay, hold_at, goal), 1);
      ok = *hold_minor <= most_minor (bay);
    }
  if (!ok)
    g_set_error_literal (error, TW_ERROR, TW_ERROR_BAD_STATE, too_small ? "goal-too-small" : "goal-too-large");
  return ok;
}

/* Those that can be held here, in the order of values. */
static GArray *
possible (const TwBay  *bay,
          TwGoalKind    kind,
          const gint64 *values,
          guint         n_values)
{
  GArray *options = g_array_new (FALSE, TRUE, sizeof (TwGoalOption));

  for (guint i = 0; i < n_values; i++)
    {
      TwGoalOption option = { { 0 } };

      if (tw_goal_parse (tw_goal_kind_name (kind), values[i], &option.goal, NULL)
          && tw_goal_hold_minor (bay, &option.goal, &option.hold_minor, NULL))
        g_array_append_val (options, option);
    }
  return options;
}

/* Evenly out of all, the largest among them. */
static guint
take_some (GArray       *all,
           TwGoalOption *options)
{
  guint n = MIN (all->len, TW_MOST_GOAL_OPTIONS / (TW_N_GOAL_KINDS - 1));

  for (guint i = 0; i < n; i++)
    options[i] = g_array_index (all, TwGoalOption, (all->len - 1) * (i + 1) / n);
  g_array_unref (all);
  return n;
}

/* 1, 2, 3, 5, 10 ... of the currency's smallest unit, down to a tenth of the most. */
static guint
add_amounts (const TwBay  *bay,
             TwGoalOption *options)
{
  static const gint64 digits[] = { 1, 2, 3, 5 };
  gint64 most = most_minor (bay), values[8];
  guint n = 0;

  for (gint64 power = 1; power <= most; power *= 10)
    for (guint i = 0; i < G_N_ELEMENTS (digits); i++)
      if (digits[i] * power <= most && digits[i] * power >= most / 10 && n < G_N_ELEMENTS (values))
        values[n++] = digits[i] * power;
  return take_some (possible (bay, TW_GOAL_AMOUNT, values, n), options);
}

guint
tw_goal_options (const TwBay  *bay,
                 TwGoalOption  options[TW_MOST_GOAL_OPTIONS])
{
  static const gint64 energies_wh[] = { 5000, 10000, 15000, 20000, 30000, 40000, 50000, 60000, 80000, 100000 };
  static const gint64 minutes[] = { 15, 30, 45, 60, 90, 120, 180, 240, 360, 480 };
  gint64 times_ms[G_N_ELEMENTS (minutes)];
  guint n = add_amounts (bay, options);

  for (guint i = 0; i < G_N_ELEMENTS (minutes); i++)
    times_ms[i] = minutes[i] * 60 * 1000;
  n += take_some (possible (bay, TW_GOAL_ENERGY, energies_wh, G_N_ELEMENTS (energies_wh)), options + n);
  return n + take_some (possible (bay, TW_GOAL_TIME, times_ms, G_N_ELEMENTS (times_ms)), options + n);
}

gboolean
tw_goal_is_reached (const TwBay   *bay,
                    const TwUsage *usage,
                    gint64         ms)
{
  const TwGoal *goal = &bay->session->record->goal;

  switch (goal->kind)
    {
    case TW_GOAL_ENERGY:
      return tw_usage_energy_wh (usage) + ms * tw_dock_most_power_w (bay) / (3600 * 1000) >= goal->energy_wh;
    case TW_GOAL_TIME:
      return tw_usage_duration_ms (usage, TW_PHASE_CHARGING) + ms + TIME_LEAD_MS >= goal->duration_ms;
    case TW_GOAL_AMOUNT:
    case TW_GOAL_FULL:
      return FALSE;
    }
  g_assert_not_reached ();
}

const char *
tw_goal_limit_reason (const TwGoal *goal)
{
  return goal->kind == TW_GOAL_AMOUNT ? "goal-amount" : "limit";
}

const char *
tw_goal_reached_reason (const TwGoal *goal)
{
  return goal->kind == TW_GOAL_TIME ? "goal-time" : "goal-energy";
}
