/* SPDX-License-Identifier: Apache-2.0 */
#include "app/station/outlook.h"

#include "payment/tariff/pricer.h"

/* What most cars take in a visit, and what a slow connector gives in one. */
#define EXAMPLE_FROM_W   11000
#define EXAMPLE_LARGE_WH 20000
#define EXAMPLE_SMALL_WH 10000
#define EXAMPLE_STEP_MS  (5 * 60 * 1000)

/* Whole minutes, up: five of them where nobody chose. */
static gint64
time_for (gint64 energy_wh,
          gint64 power_w,
          gint64 step_ms)
{
  gint64 ms = energy_wh * 3600 * 1000 / power_w;

  return (ms + step_ms - 1) / step_ms * step_ms;
}

static TwExample
extent_of (const TwGoal *goal,
           gint64        power_w)
{
  TwExample extent = { .energy_wh = power_w >= EXAMPLE_FROM_W ? EXAMPLE_LARGE_WH : EXAMPLE_SMALL_WH };

  if (goal != NULL && goal->kind == TW_GOAL_ENERGY)
    return (TwExample) { goal->energy_wh, time_for (goal->energy_wh, power_w, 60 * 1000), 0 };
  if (goal != NULL && goal->kind == TW_GOAL_TIME)
    return (TwExample) { power_w * goal->duration_ms / (3600 * 1000), goal->duration_ms, 0 };
  extent.duration_ms = time_for (extent.energy_wh, power_w, EXAMPLE_STEP_MS);
  return extent;
}

TwExample
tw_outlook_example (const TwBay    *bay,
                    const TwTariff *tariff,
                    const TwGoal   *goal)
{
  gint64 power_w = tw_dock_most_power_w (bay);
  g_autoptr (TwUsage) usage = tw_usage_new ();
  g_autoptr (TwBill) bill = NULL;
  TwExample example;

  if (power_w <= 0 || tariff == NULL)
    return (TwExample) { 0 };
  example = extent_of (goal, power_w);
  tw_usage_add (usage, (TwSlice) {
    .phase = TW_PHASE_CHARGING, .start_wall_us = tw_clock_now (bay->station->clock).wall_us,
    .duration_ms = example.duration_ms, .energy_wh = example.energy_wh, .has_power = TRUE, .power_w = power_w,
  });
  bill = tw_tariff_price (tariff, usage, NULL);
  if (bill == NULL)
    return (TwExample) { 0 };
  example.price_minor = tw_bill_gross (bill).minor;
  return example;
}

/* The session's price as it stands; before the first reading, as if it began now. NULL: none. */
static TwPricer *
pricer_of (const TwBay *bay)
{
  const TwRecord *record = bay->session->record;
  g_autoptr (TwUsage) usage = NULL;
  TwSpan now = { .phase = TW_PHASE_BLOCKED, .start_ms = tw_clock_now (bay->station->clock).wall_us / 1000 };
  TwPricer *pricer;

  if (bay->session->tariff == NULL)
    return NULL;
  if (record->n_marks == 0)
    {
      pricer = tw_pricer_new (bay->session->tariff);
      tw_pricer_feed (pricer, &now);
      return pricer;
    }
  usage = bay->fresh ? tw_record_usage_until (record, &bay->latest) : tw_usage_copy (record->usage);
  pricer = tw_pricer_copy (tw_usage_pricer (usage));
  if (!bay->fresh)
    tw_pricer_feed (pricer, &now);   /* what we knew may be hours old */
  return pricer;
}

/* A session whose price still grows. */
static gboolean
is_running (const TwBay *bay)
{
  return bay->session != NULL
         && (bay->state == TW_BAY_ARMED || bay->state == TW_BAY_CHARGING || bay->state == TW_BAY_PAUSED);
}

/* When both are known, the one that comes first at the power that flows. */
static gboolean
is_energy_first (const TwBay         *bay,
                 const TwPricer      *pricer,
                 const TwPriceChange *change,
                 gint64               in_ms)
{
  gint64 power_w = bay->session->record->power_w;
  gint64 missing_mwh = change->energy_mwh - tw_pricer_energy_mwh (pricer);

  if (!change->at_time)
    return TRUE;
  return change->at_energy && power_w > 0 && missing_mwh * 3600 / power_w < in_ms;
}

/* That a session is in now, as far as prices go. */
static TwPhase
phase_of (const TwBay *bay)
{
  if (bay->state != TW_BAY_PAUSED)
    return TW_PHASE_CHARGING;
  return bay->latest.phase == TW_PHASE_GRACE ? TW_PHASE_GRACE : TW_PHASE_PARKING;
}

TwPricesNow
tw_outlook_now (const TwBay *bay)
{
  g_autoptr (TwPricer) pricer = is_running (bay) && bay->state != TW_BAY_ARMED ? pricer_of (bay) : NULL;
  TwPricesNow now = { 0 };

  if (pricer != NULL)
    now.n = tw_pricer_list_in_force (pricer, phase_of (bay), now.prices);
  return now;
}

static TwNextPrice
parking_of (TwPricer *pricer)
{
  TwNextPrice parking = { FALSE };

  parking.known = tw_pricer_in_force (pricer, TW_PHASE_PARKING, TW_LINE_PARKING_TIME, &parking.tag) != NULL;
  return parking;
}

/* As it will be when the grace is over. Returns how long it lasts. */
static gint64
finish_grace (const TwBay     *bay,
              TwPricer        *pricer,
              const TwInstant *now)
{
  gint64 left_ms = tw_record_grace_left_ms (bay->session->record, now);
  const TwSpan rest = { .phase = TW_PHASE_GRACE, .start_ms = now->wall_us / 1000, .duration_ms = left_ms };

  tw_pricer_feed (pricer, &rest);
  return left_ms;
}

TwNextPrice
tw_outlook_next (const TwBay *bay)
{
  g_autoptr (TwPricer) pricer = is_running (bay) ? pricer_of (bay) : NULL;
  TwInstant now = tw_clock_now (bay->station->clock);
  TwPhase phase = phase_of (bay) == TW_PHASE_CHARGING ? TW_PHASE_CHARGING : TW_PHASE_PARKING;
  TwNextPrice next = { FALSE };
  TwPriceChange change;
  gint64 in_ms;

  if (pricer == NULL)
    return next;
  if (phase_of (bay) == TW_PHASE_GRACE)
    finish_grace (bay, pricer, &now);
  if (!tw_pricer_next_change (pricer, phase, &change))
    {
      if (phase == TW_PHASE_CHARGING)
        next = parking_of (pricer);
      next.after_charging = next.known;
      next.grace_ms = next.known ? bay->session->record->idle_grace_ms : 0;
      return next;
    }
  next.known = TRUE;
  in_ms = change.wall_ms - now.wall_us / 1000;
  if (is_energy_first (bay, pricer, &change, in_ms))
    {
      next.at_wh = (change.energy_mwh + 999) / 1000;
      next.free = !change.energy_has;
      next.tag = change.energy_tag;
      next.tag.kind = change.energy_kind;
      return next;
    }
  next.at_boot_us = now.boot_us + MAX (in_ms, 0) * 1000;
  next.at_wall_us = change.wall_ms * 1000;
  next.free = !change.time_has;
  next.tag = change.time_tag;
  next.tag.kind = change.time_kind;
  return next;
}

/* The car is full, and stands for free still. */
static TwNextPrice
idle_after_grace (const TwBay *bay)
{
  TwInstant now = tw_clock_now (bay->station->clock);
  g_autoptr (TwPricer) pricer = pricer_of (bay);
  gint64 left_ms = pricer ? finish_grace (bay, pricer, &now) : 0;
  TwNextPrice idle = pricer ? parking_of (pricer) : (TwNextPrice) { FALSE };

  idle.after_charging = idle.known;
  idle.at_boot_us = idle.known ? now.boot_us + left_ms * 1000 : 0;
  idle.at_wall_us = idle.known ? now.wall_us + left_ms * 1000 : 0;
  return idle;
}

TwNextPrice
tw_outlook_idle (const TwBay *bay)
{
  gboolean charges = is_running (bay) && bay->state != TW_BAY_PAUSED;
  g_autoptr (TwPricer) pricer = charges ? pricer_of (bay) : NULL;
  TwNextPrice idle = pricer ? parking_of (pricer) : (TwNextPrice) { FALSE };

  if (is_running (bay) && phase_of (bay) == TW_PHASE_GRACE)
    return idle_after_grace (bay);
  idle.after_charging = idle.known;
  idle.grace_ms = idle.known ? bay->session->record->idle_grace_ms : 0;
  if (idle.known && bay->state == TW_BAY_CHARGING && bay->idle_since_us != 0)
    {
      TwInstant now = tw_clock_now (bay->station->clock);

      idle.at_boot_us = bay->idle_since_us + (bay->station->config->idle_ms + idle.grace_ms) * 1000;
      idle.at_wall_us = now.wall_us + idle.at_boot_us - now.boot_us;
    }
  return idle;
}
