/* SPDX-License-Identifier: Apache-2.0 */
#include "app/station/brink.h"
#include "app/station/goal.h"

#include "payment/tariff/pricer.h"

/* Power over less would be a guess: a register of whole Wh errs by 240 W. */
#define SETTLE_MS 15000
#define CURRENT_MS 5000

/* What it can cost until it has stopped, prices that change until then, started steps and the minimum included. If it
 * is not settled, another mark will say what power there has been since the last in the journal, and may make all of
 * that dearer. */
static gint64
bound_minor (TwBay        *self,
             const TwMark *mark,
             gint64        blind_ms,
             gboolean      settled)
{
  const TwRecord *record = self->session->record;
  gint64 ms = blind_ms + TW_STOP_TAKES_MS, power_w = tw_dock_most_power_w (self);
  TwPending pending = tw_record_pending (record, mark);
  g_autoptr (TwUsage) usage = settled ? tw_record_usage_until (record, mark) : NULL;

  if (settled)
    return tw_pricer_bound_minor (tw_usage_pricer (usage), mark->phase, ms, power_w);
  return tw_pricer_bound_pending_minor (tw_usage_pricer (record->usage), record->last.phase, &pending, ms, power_w);
}

const char *
tw_brink_reason_to_stop (TwBay        *self,
                         const TwMark *mark,
                         gint64        blind_ms,
                         gboolean      settled)
{
  const TwRecord *record = self->session->record;
  g_autoptr (TwUsage) usage = tw_record_usage_until (record, mark);

  if (tw_goal_is_reached (self, usage, blind_ms))
    return tw_goal_reached_reason (&record->goal);
  if (tw_usage_pricer (usage) == NULL)
    return "limit";   /* its tariff is not in the journal */
  return bound_minor (self, mark, blind_ms, settled) > record->held_minor ? tw_goal_limit_reason (&record->goal)
                                                                           : NULL;
}

/* Since the last reading in the journal. */
static gboolean
has_price_changed (const TwRecord *record,
                   const TwMark   *mark)
{
  const TwPricer *pricer = tw_usage_pricer (record->usage);
  TwPriceChange change;

  if (pricer == NULL || !tw_pricer_next_change (pricer, record->last.phase, &change))
    return FALSE;
  return (change.at_time && mark->at.wall_us / 1000 >= change.wall_ms)
         || (change.at_energy && (mark->register_wh - record->begin.register_wh) >= change.energy_mwh / 1000);
}

/* A current counts from the reading that tells it on. One that dances around a bound is not followed each second. */
static gboolean
has_current_changed (const TwRecord *record,
                     const TwMark   *mark)
{
  const TwPricer *pricer = tw_usage_pricer (record->usage);

  return pricer != NULL && tw_pricer_tells_currents_apart (pricer, record->last.current_ma, mark->current_ma)
         && tw_instant_elapsed_us (&record->last.at, &mark->at) >= (gint64) CURRENT_MS * 1000;
}

/* Near the hold, what is open is settled, so that charging need not end for a price that it does not have. */
static gboolean
is_worth_settling (TwBay        *self,
                   const TwMark *mark)
{
  const TwRecord *record = self->session->record;

  return tw_usage_pricer (record->usage) != NULL
         && tw_instant_elapsed_us (&record->last.at, &mark->at) >= (gint64) SETTLE_MS * 1000
         && bound_minor (self, mark, 0, FALSE) > record->held_minor
         && bound_minor (self, mark, 0, TRUE) <= record->held_minor;
}

const char *
tw_brink_reason_to_keep (TwBay        *self,
                         const TwMark *mark)
{
  const TwConfig *config = self->station->config;
  const TwRecord *record = self->session->record;

  if (mark->phase != record->last.phase)
    return "phase";
  if (has_price_changed (record, mark) || has_current_changed (record, mark))
    return "price";
  if (mark->register_wh - record->last.register_wh >= config->reading_wh
      || tw_instant_elapsed_us (&record->last.at, &mark->at) >= config->reading_ms * 1000)
    return "periodic";
  return is_worth_settling (self, mark) ? "hold" : NULL;
}
