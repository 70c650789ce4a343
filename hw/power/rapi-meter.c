/* SPDX-License-Identifier: Apache-2.0 */
#include "hw/power/rapi-meter.h"

#include "app/base/error.h"

#define WS_PER_WH          3600
#define STEP_WH            1                     /* of the register */
#define TOTAL_RANGE_WH     (G_GINT64_CONSTANT (1) << 32)
#define STRIKES            3
#define ELAPSED_SLACK_S    10
#define OPEN_GRACE_MS      10000                 /* section 5, rule 3 */
#define COMPARE_WS         (500 * WS_PER_WH)     /* section 5, rule 4 */
#define COMPARE_GAP_MS     5000
#define COUNTING_MS        250                   /* the firmware counts about that often (section 1.6) */
#define UNCHANGED_AFTER_MS 300

struct _TwRapiMeter
{
  TwRapiCircuit circuit;
  gboolean      have;           /* last is one that was believed */
  TwRapiSample  last;
  gboolean      booked;         /* last.session_ws is inside last.total_wh already: the plug-in is over */
  gboolean      booted;
  gint64        carried_wh;     /* delivered, but lost from the controller's counters */
  gint64        register_wh;
  guint64       epoch;
  TwInstant     still;          /* since when the relay was open and nothing was counted; while is_still */
  gboolean      is_still;
  gboolean      final;
  guint         strikes;
  char         *verdict;        /* not NULL: disbelieved until the car has left */
  gint64        open_ms;        /* for how long the relay has been open; -1: closed */
  gint64        open_wh;        /* the register when that began to count */
  gint64        measured_mws;   /* power times time, over the running comparison */
  gint64        counted_ws;     /* the session counter's, over the same */
};

/* What a sample would change, if it is believed. */
typedef struct
{
  gboolean booked;
  gboolean restarted;
  gint64   carried_wh;
  gint64   register_wh;
} Account;

TwRapiMeter *
tw_rapi_meter_new (const TwRapiCircuit *circuit)
{
  TwRapiMeter *self = g_new0 (TwRapiMeter, 1);

  self->circuit = *circuit;
  self->epoch = 1;
  self->open_ms = -1;
  return self;
}

void
tw_rapi_meter_free (TwRapiMeter *self)
{
  if (self == NULL)
    return;

  g_free (self->verdict);
  g_free (self);
}

void
tw_rapi_meter_booted (TwRapiMeter *self)
{
  self->booted = TRUE;
}

/* Section 5: 1.10 x nominal voltage, 1.10 x configured limit + 1 A. */
static gint64
most_w (TwRapiMeter *self)
{
  gint64 volts_100 = 110 * (gint64) self->circuit.voltage_v;
  gint64 amps_100 = 110 * (gint64) self->circuit.max_current_a + 100;

  return self->circuit.phases * volts_100 * amps_100 / 10000;
}

static gint64
elapsed_ms (const TwInstant *a,
            const TwInstant *b)
{
  return CLAMP (tw_instant_elapsed_us (a, b) / 1000, 0, G_GINT64_CONSTANT (1000000000000));
}

static gboolean
near (gint64 a,
      gint64 b)
{
  return ABS (a - b) <= STEP_WH;
}

/* The running plug-in's session counter went back although the total did not grow: a restart, if the seconds of
 * charging say so too; below one Wh also an unplug that left nothing to add. */
static gboolean
session_began_anew (TwRapiMeter        *self,
                    const TwRapiSample *new,
                    Account            *account,
                    GError            **error)
{
  account->booked = FALSE;
  if (self->last.session_ws < WS_PER_WH)
    return TRUE;
  if (new->elapsed_s >= self->last.elapsed_s)
    return tw_bad_data (error, "the controller's session counter went back from %" G_GINT64_FORMAT " to %"
                        G_GINT64_FORMAT " Ws without a restart or an unplug", self->last.session_ws, new->session_ws);

  account->restarted = TRUE;
  account->carried_wh += self->last.session_ws / WS_PER_WH;
  return TRUE;
}

/* Which of the two counters holds new's session? While it runs: only the session counter; after the unplug the total
 * has it too, and the session counter keeps its value until the next car (section 1.6). */
static gboolean
follow_plug (TwRapiMeter        *self,
             const TwRapiSample *new,
             gint64              rise_wh,
             Account            *account,
             GError            **error)
{
  const TwRapiSample *last = &self->last;
  gint64 session_wh = new->session_ws / WS_PER_WH;
  gboolean added = (new->car_known && !new->car) || (session_wh > 0 && near (rise_wh, session_wh));

  if (self->booked)
    {
      /* Another plug-in came and went meanwhile; or the counter was not yet reset for the next car. */
      account->booked = rise_wh > 0 ? added : new->session_ws == last->session_ws;
      return TRUE;
    }
  if (rise_wh == 0 && new->session_ws >= last->session_ws)
    {
      account->booked = FALSE;
      return TRUE;
    }
  if (rise_wh == 0)
    return session_began_anew (self, new, account, error);

  if (rise_wh < last->session_ws / WS_PER_WH - STEP_WH)
    return tw_bad_data (error, "the controller's total grew by %" G_GINT64_FORMAT " Wh, less than the %" G_GINT64_FORMAT
                        " Wh of the car that left", rise_wh, last->session_ws / WS_PER_WH);
  account->booked = added && (new->session_ws >= last->session_ws || !new->car);
  return TRUE;
}

/* After a restart both counters start from what was stored; what ran is lost unless the car left before it. */
static void
follow_restart (TwRapiMeter        *self,
                const TwRapiSample *new,
                gint64              rise_wh,
                Account            *account)
{
  gint64 running_wh = self->booked ? 0 : self->last.session_ws / WS_PER_WH;

  account->restarted = TRUE;
  account->booked = new->car_known && !new->car;
  if (rise_wh < running_wh - STEP_WH || rise_wh == 0)
    account->carried_wh += running_wh;
}

static gboolean
account_for (TwRapiMeter        *self,
             const TwRapiSample *new,
             Account            *account,
             GError            **error)
{
  gint64 rise_wh = new->total_wh - self->last.total_wh;

  *account = (Account) { .carried_wh = self->carried_wh };
  if (rise_wh < 0 && self->last.total_wh > TOTAL_RANGE_WH / 100 * 99 && new->total_wh < TOTAL_RANGE_WH / 100)
    {
      rise_wh += TOTAL_RANGE_WH;
      account->carried_wh += TOTAL_RANGE_WH;
    }
  if (rise_wh < 0)
    return tw_bad_data (error, "the controller's total went back from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT " Wh",
                        self->last.total_wh, new->total_wh);

  if (self->booted)
    follow_restart (self, new, rise_wh, account);
  else if (!follow_plug (self, new, rise_wh, account, error))
    return FALSE;

  account->register_wh = new->total_wh + account->carried_wh + (account->booked ? 0 : new->session_ws / WS_PER_WH);
  if (account->register_wh >= self->register_wh)
    return TRUE;
  if (self->register_wh - account->register_wh > STEP_WH)
    return tw_bad_data (error, "the energy register went back from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT " Wh",
                        self->register_wh, account->register_wh);

  /* The controller rounded the other way when it added the session to the total. */
  account->carried_wh += self->register_wh - account->register_wh;
  account->register_wh = self->register_wh;
  return TRUE;
}

static gboolean
rate_is_possible (TwRapiMeter        *self,
                  const TwRapiSample *new,
                  const Account      *account,
                  GError            **error)
{
  gint64 ms = elapsed_ms (&self->last.at, &new->at);
  gint64 grown_wh = account->register_wh - self->register_wh;
  /* A step of the register is a Wh or what flows between two countings, whichever is more. */
  gint64 most_wh = most_w (self) * (ms + 2 * COUNTING_MS) / (3600 * 1000) + 2 * STEP_WH;

  if (grown_wh <= most_wh)
    return TRUE;
  return tw_bad_data (error, "the energy register grew by %" G_GINT64_FORMAT " Wh in %" G_GINT64_FORMAT
                      " ms, at most %" G_GINT64_FORMAT " Wh can flow", grown_wh, ms, most_wh);
}

/* Rule 5; of a plug-in that is over, the seconds may be another's. */
static gboolean
session_fits_its_seconds (TwRapiMeter        *self,
                          const TwRapiSample *new,
                          gboolean            booked,
                          GError            **error)
{
  gint64 most_ws = most_w (self) * (new->elapsed_s + ELAPSED_SLACK_S) + 2 * STEP_WH * WS_PER_WH;

  if (booked || new->session_ws <= most_ws)
    return TRUE;
  return tw_bad_data (error, "the controller tells %" G_GINT64_FORMAT " Wh for %" G_GINT64_FORMAT
                      " s of charging, at most %" G_GINT64_FORMAT " Wh can flow: are its counters swapped?",
                      new->session_ws / WS_PER_WH, new->elapsed_s, most_ws / WS_PER_WH);
}

/* Rule 3. The seconds of charging tell of a relay that was closed between two looks. */
static gboolean
open_relay_lets_nothing_through (TwRapiMeter        *self,
                                 const TwRapiSample *new,
                                 const Account      *account,
                                 GError            **error)
{
  if (new->relay_closed || self->last.relay_closed || new->elapsed_s != self->last.elapsed_s)
    return TRUE;
  if (self->open_ms < OPEN_GRACE_MS || account->register_wh - self->open_wh <= STEP_WH)
    return TRUE;

  return tw_bad_data (error, "the energy register grows although the contactor is open (%" G_GINT64_FORMAT
                      " Wh since it opened): wrong meter, or a contactor that is stuck",
                      account->register_wh - self->open_wh);
}

static void
follow_relay (TwRapiMeter        *self,
              const TwRapiSample *new,
              gint64              register_wh)
{
  gboolean was_open = self->open_ms >= 0;

  if (new->relay_closed)
    {
      self->open_ms = -1;
      return;
    }
  if (!was_open || new->elapsed_s != self->last.elapsed_s)
    self->open_ms = 0;
  else if (self->open_ms < OPEN_GRACE_MS)
    self->open_ms += elapsed_ms (&self->last.at, &new->at);
  else
    return;

  self->open_wh = register_wh;
}

/* Rule 4: what flowed by the ammeter against what was counted, over half a kWh, within a fifth. A counter in Wh instead
 * of Ws, or swapped ones, differ by a factor of 3600. */
static gboolean
power_matches (TwRapiMeter        *self,
               const TwRapiSample *new,
               GError            **error)
{
  const TwRapiSample *last = &self->last;
  gint64 ms = elapsed_ms (&last->at, &new->at);
  gint64 volts_mv = new->mv > 0 ? new->mv : (gint64) self->circuit.voltage_v * 1000;
  gint64 measured_ws;

  if (!new->relay_closed || !last->relay_closed || new->session_ws < last->session_ws || ms > COMPARE_GAP_MS)
    return TRUE;

  self->measured_mws += ((gint64) last->ma + new->ma) / 2 * volts_mv / 1000 * self->circuit.phases * ms / 1000;
  self->counted_ws += new->session_ws - last->session_ws;
  measured_ws = self->measured_mws / 1000;
  if (MAX (measured_ws, self->counted_ws) < COMPARE_WS)
    return TRUE;

  if (ABS (measured_ws - self->counted_ws) * 5 <= measured_ws)
    {
      self->measured_mws = 0;
      self->counted_ws = 0;
      return TRUE;
    }

  self->strikes = STRIKES;
  return tw_bad_data (error, "by its ammeter %" G_GINT64_FORMAT " Wh flowed, by its counter %" G_GINT64_FORMAT
                      " Wh: check the controller's calibration, phases and firmware", measured_ws / WS_PER_WH,
                      self->counted_ws / WS_PER_WH);
}

/* Without memory, or after what was disbelieved. The register still may not go down. */
static void
begin_anew (TwRapiMeter        *self,
            const TwRapiSample *new)
{
  gint64 raw_wh = new->total_wh + (new->car ? new->session_ws / WS_PER_WH : 0);

  self->booked = !new->car;
  self->carried_wh = MAX (0, self->register_wh - raw_wh);
  self->register_wh = raw_wh + self->carried_wh;
  self->booted = FALSE;
  self->strikes = 0;
  g_clear_pointer (&self->verdict, g_free);
  self->open_ms = new->relay_closed ? -1 : 0;
  self->open_wh = self->register_wh;
  self->measured_mws = 0;
  self->counted_ws = 0;
  self->final = FALSE;
  self->is_still = !new->relay_closed;
  self->still = new->at;
  self->last = *new;
  self->have = TRUE;
}

/* Looks may follow each other faster than the firmware counts. */
static void
follow_stillness (TwRapiMeter        *self,
                  const TwRapiSample *new,
                  gboolean            restarted)
{
  if (new->relay_closed || self->last.relay_closed || restarted
      || new->session_ws != self->last.session_ws || new->total_wh != self->last.total_wh)
    {
      self->is_still = !new->relay_closed;
      self->still = new->at;
      self->final = FALSE;
      return;
    }

  if (!self->is_still)
    self->still = self->last.at;
  self->is_still = TRUE;
  self->final = elapsed_ms (&self->still, &new->at) >= UNCHANGED_AFTER_MS;
}

static gboolean
believe (TwRapiMeter        *self,
         const TwRapiSample *new,
         GError            **error)
{
  Account account;

  if (!account_for (self, new, &account, error) || !rate_is_possible (self, new, &account, error)
      || !session_fits_its_seconds (self, new, account.booked, error)
      || !open_relay_lets_nothing_through (self, new, &account, error) || !power_matches (self, new, error))
    return FALSE;

  follow_relay (self, new, account.register_wh);
  follow_stillness (self, new, account.restarted);
  self->booked = account.booked;
  self->carried_wh = account.carried_wh;
  self->register_wh = account.register_wh;
  self->epoch += account.restarted ? 1 : 0;
  self->booted = FALSE;
  self->last = *new;
  return TRUE;
}

gboolean
tw_rapi_meter_take (TwRapiMeter        *self,
                    const TwRapiSample *sample,
                    GError            **error)
{
  g_autoptr (GError) why = NULL;

  if (sample->ma < 0)
    return tw_bad_data (error, "the controller has no ammeter: what it counts cannot be sold");

  if (self->verdict && sample->car_known && !sample->car && !sample->relay_closed)
    {
      self->epoch++;
      begin_anew (self, sample);
      return TRUE;
    }
  if (self->verdict)
    return tw_bad_data (error, "%s", self->verdict);

  if (!self->have && !sample->car_known)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_RETRY, "the controller does not tell yet whether a car is plugged in");
      return FALSE;
    }
  if (!self->have)
    {
      if (!session_fits_its_seconds (self, sample, !sample->car, error))
        return FALSE;
      begin_anew (self, sample);
      return TRUE;
    }

  if (believe (self, sample, &why))
    {
      self->strikes = 0;
      return TRUE;
    }
  if (++self->strikes >= STRIKES)
    self->verdict = g_strdup (why->message);
  g_propagate_error (error, g_steal_pointer (&why));
  return FALSE;
}

TwReading
tw_rapi_meter_reading (TwRapiMeter *self)
{
  return (TwReading) {
    .register_wh = self->register_wh,
    .session_ws = self->last.session_ws,
    .plugged_s = self->last.elapsed_s,
    .current_ma = (gint32) CLAMP ((gint64) self->last.ma * self->circuit.phases, 0, G_MAXINT32),   /* believed: >= 0 */
    .epoch = self->epoch,
    .at = self->last.at,
    .final = self->final,
  };
}
