/* SPDX-License-Identifier: Apache-2.0 */
/* Readings, and what follows from them: what is journalled, when charging must stop, what is billed. */
#include "app/station/bonus.h"
#include "app/station/brink.h"
#include "app/station/core.h"

#include "payment/tariff/pricer.h"

#include <stdlib.h>

/* For how long a car may go on without a reading that is believed. */
#define BLIND_MS 10000
/* Counters are cut to whole Wh at several places; two readings of one plug-in agree within this. */
#define SAME_PLUG_IN_WS (3 * 3600)

static TwPhase
phase_at (TwBay           *self,
          const TwInstant *at)
{
  const TwRecord *record = self->session->record;
  TwCar car = tw_power_status (self->parts.power).car;

  if (car == TW_CAR_DRAWING)
    return TW_PHASE_CHARGING;
  if (!record->drawn)
    return TW_PHASE_BLOCKED;   /* not a second is billed before the first energy */
  if (self->state == TW_BAY_CHARGING && record->last.phase == TW_PHASE_CHARGING)
    return TW_PHASE_CHARGING;  /* a short pause is no pause */
  return tw_record_grace_left_ms (record, at) > 0 ? TW_PHASE_GRACE : TW_PHASE_PARKING;
}

static TwMark
mark_of (TwBay           *self,
         const TwReading *reading)
{
  return (TwMark) {
    .register_wh = reading->register_wh, .session_ws = reading->session_ws, .plugged_s = reading->plugged_s,
    .epoch = reading->epoch, .current_ma = reading->current_ma, .at = reading->at,
    .phase = phase_at (self, &reading->at),
  };
}

static void
add_reading (TwBay        *self,
             const TwMark *mark,
             const char   *why,
             TwBatch      *batch)
{
  tw_batch_add (batch, self->session->record->session, "reading", tw_payload_reading (mark, why));
}

static void
journal_reading (TwBay        *self,
                 const TwMark *mark,
                 const char   *why)
{
  TwBatch *batch = tw_batch_new (self->station);

  add_reading (self, mark, why, batch);
  tw_batch_submit (batch);
}

void
tw_gauge_forget (TwBay *self)
{
  if (self->price_timer != 0)
    tw_clock_cancel (self->station->clock, self->price_timer);
  self->price_timer = 0;
}

static gboolean
on_price_change (gpointer user_data)
{
  TwBay *self = user_data;

  self->price_timer = 0;
  tw_gauge_read (self);
  return G_SOURCE_REMOVE;
}

/* 0: no change is foreseen. */
static gint64
next_change_ms (TwBay *self)
{
  TwInstant now = tw_clock_now (self->station->clock);
  g_autoptr (TwUsage) usage = tw_record_usage_until (self->session->record, &self->latest);
  const TwPricer *pricer = tw_usage_pricer (usage);
  TwPriceChange change;

  if (self->latest.phase == TW_PHASE_GRACE)
    return tw_record_grace_left_ms (self->session->record, &now);
  if (pricer == NULL || !tw_pricer_next_change (pricer, self->latest.phase, &change) || !change.at_time)
    return 0;
  return change.wall_ms - now.wall_us / 1000;
}

/* A reading at the very moment leaves nothing to interpolate (decision 14). */
static void
await_price_change (TwBay *self)
{
  TwStation *station = self->station;
  gint64 ms;

  tw_gauge_forget (self);
  ms = next_change_ms (self);
  if (ms > 0)
    self->price_timer = tw_clock_after (station->clock, ms, on_price_change, self);
}

/* Energy that nobody measures is not sold: not for long, and not at all where it could pass the hold. */
static void
track_blindly (TwBay *self)
{
  gint64 blind_ms = (tw_station_boot_us (self->station) - self->latest.at.boot_us) / 1000;
  const char *why = blind_ms < BLIND_MS ? tw_brink_reason_to_stop (self, &self->latest, blind_ms, FALSE) : NULL;

  if (blind_ms >= BLIND_MS)
    tw_dock_event (self, TW_BAY_LOST, "lost");
  else if (why != NULL)
    tw_dock_event (self, TW_BAY_LIMIT, why);
}

static void
track (TwBay  *self,
       TwMark  mark)
{
  const TwMark *last = &self->session->record->last;
  const char *why, *stop;

  if (mark.epoch != last->epoch && self->fresh)
    {
      self->frozen = TRUE;
      tw_dock_event (self, TW_BAY_CHANGED, "changed");
      return;
    }
  if (mark.register_wh < (self->fresh ? self->latest.register_wh : last->register_wh))
    {
      track_blindly (self);   /* never down; the driver says why in its own words */
      return;
    }
  self->latest = mark;
  self->fresh = TRUE;
  tw_station_announce (self->station);
  why = tw_brink_reason_to_keep (self, &mark);
  /* Before a phase begins whose first step the hold cannot pay any more. */
  stop = tw_brink_reason_to_stop (self, &mark, 0, why != NULL);
  if (stop != NULL)
    {
      tw_dock_event (self, TW_BAY_LIMIT, stop);
      return;
    }
  if (why != NULL)
    journal_reading (self, &mark, why);
  await_price_change (self);
}

/* The device's total without the running plug-in does not move while a car stays plugged in. */
static gboolean
is_same_plug_in (const TwMark *then,
                 const TwMark *now)
{
  gint64 base;

  if (now->register_wh < then->register_wh)
    return FALSE;
  if (then->session_ws < 0 || now->session_ws < 0)
    return TRUE;
  base = then->register_wh * 3600 - then->session_ws;
  return now->session_ws >= then->session_ws && now->plugged_s >= then->plugged_s
         && ABS (now->register_wh * 3600 - base - now->session_ws) <= SAME_PLUG_IN_WS;
}

static void
freeze (TwBay        *self,
        const TwMark *mark)
{
  const TwRecord *record = self->session->record;
  TwBatch *batch = tw_batch_new (self->station);
  g_autofree char *text = NULL;

  text = g_strdup_printf ("While the station was down the car or the controller's counter changed. Billed up to the "
                          "last reading; the register went from %" G_GINT64_FORMAT " Wh to %" G_GINT64_FORMAT
                          " Wh: nobody is charged for the difference.", record->last.register_wh, mark->register_wh);
  self->frozen = TRUE;
  self->verified = TRUE;
  tw_batch_add (batch, record->session, "finding", tw_payload_finding ("energy-unattributed", 0, text, FALSE));
  tw_dock_add (self, TW_BAY_CHANGED, "changed", batch);
  tw_batch_submit (batch);
  tw_dock_look (self);
}

/* After a restart: whose energy is it? */
static void
verify (TwBay  *self,
        TwMark  mark)
{
  const char *why;

  if (!is_same_plug_in (&self->session->record->last, &mark))
    {
      freeze (self, &mark);
      return;
    }
  self->verified = TRUE;
  self->durable = TRUE;
  self->latest = mark;
  self->fresh = TRUE;
  journal_reading (self, &mark, "resumed");
  why = tw_brink_reason_to_stop (self, &mark, 0, TRUE);
  if (why != NULL && tw_bay_allows_power (self->state))
    {
      tw_dock_event (self, TW_BAY_LIMIT, why);   /* the car went on without us, as far as it may */
      return;
    }
  await_price_change (self);
  tw_dock_power (self);
  tw_dock_look (self);
}

static void
begin (TwBay        *self,
       const TwMark *mark)
{
  TwBatch *batch = tw_batch_new (self->station);

  self->latest = *mark;
  self->fresh = TRUE;
  add_reading (self, mark, "begin", batch);
  tw_dock_add (self, TW_BAY_CONNECTED, NULL, batch);
  tw_batch_submit (batch);
  await_price_change (self);
}

static void
finish (TwBay           *self,
        const TwReading *reading,
        TwMark           mark)
{
  if (!self->verified)
    verify (self, mark);
  if (self->state != TW_BAY_FINISHING || self->frozen)
    return;
  if (self->fresh && mark.epoch != self->latest.epoch)
    {
      self->frozen = TRUE;
      return;
    }
  if (mark.register_wh >= self->latest.register_wh)
    {
      self->latest = mark;
      self->fresh = TRUE;
    }
  if (reading->final)
    tw_gauge_bill (self);
}

static void
on_reading (const TwReading *reading,
            const GError    *error,
            gpointer         user_data)
{
  TwBay *self = user_data;
  TwMark mark;

  self->reading = FALSE;
  if (self->session == NULL)
    return;
  if (reading == NULL)
    {
      tw_log_session (G_LOG_LEVEL_INFO, self->session->record->session, "connector %u: no reading: %s",
                      self->parts.config->number, error->message);
      if (tw_bay_allows_power (self->state) && self->verified)
        track_blindly (self);
      return;
    }

  mark = mark_of (self, reading);
  switch (self->state)
    {
    case TW_BAY_ARMED:
      begin (self, &mark);
      break;
    case TW_BAY_CHARGING:
    case TW_BAY_PAUSED:
      if (self->verified)
        track (self, mark);
      else
        verify (self, mark);
      break;
    case TW_BAY_FINISHING:
      finish (self, reading, mark);
      break;
    case TW_BAY_FREE:
    case TW_BAY_SETTLING:
    case TW_BAY_FAULT:
      break;
    }
}

void
tw_gauge_read (TwBay *self)
{
  if (self->reading)
    return;
  self->reading = TRUE;
  tw_meter_read (self->parts.meter, on_reading, self);
}

static void
add_over_hold (TwSession *session,
               gint64     over_minor,
               TwBatch   *batch)
{
  g_autofree char *over = tw_money_to_text (tw_money (over_minor, session->record->hold.currency));
  g_autofree char *text = g_strdup_printf ("The energy cost %s more than the hold. The driver pays the hold and no "
                                           "more; the rest "
                                           "is the operator's loss.", over);

  tw_batch_add (batch, session->record->session, "finding", tw_payload_finding ("over-hold", over_minor, text, FALSE));
}

/* A tariff that cannot be read or computed any more must not hold anybody's money. */
static void
give_up_pricing (TwBay      *self,
                 const char *why,
                 TwBatch    *batch)
{
  g_autofree char *text = g_strdup_printf ("The session could not be priced (%s). Nothing was charged and the hold "
                                           "is released.", why);

  tw_batch_add (batch, self->session->record->session, "finding", tw_payload_finding ("not-priced", 0, text, FALSE));
  tw_dock_add (self, TW_BAY_NOTHING_DUE, "not-priced", batch);
}

void
tw_gauge_bill (TwBay *self)
{
  TwSession *session = self->session;
  TwRecord *record = session->record;
  TwBatch *batch = tw_batch_new (self->station);
  g_autoptr (TwBill) bill = NULL;
  g_autoptr (GError) error = NULL;

  if (self->fresh)   /* also when frozen: then the last one before that */
    {
      self->latest.phase = TW_PHASE_BLOCKED;
      add_reading (self, &self->latest, "final", batch);
    }
  bill = session->tariff ? tw_tariff_price (session->tariff, record->usage, &error) : NULL;
  if (bill == NULL)
    give_up_pricing (self, error ? error->message : "its tariff is not in the journal", batch);
  else
    {
      gint64 price = tw_bill_gross (bill).minor;
      gint64 capture = MIN (price, record->held_minor);
      guint64 receipt = capture > 0 ? ++self->station->last_receipt : 0;

      tw_batch_add (batch, record->session, "bill", tw_payload_bill (record, bill, capture, receipt));
      tw_bonus_note (self->station, record);
      if (price > capture)
        add_over_hold (session, price - capture, batch);
      tw_dock_add (self, capture > 0 ? TW_BAY_BILLED : TW_BAY_NOTHING_DUE, NULL, batch);
    }
  tw_batch_submit (batch);
  tw_till_look (session);
  tw_dock_look (self);
}
