/* SPDX-License-Identifier: Apache-2.0 */
/* The OpenEVSE driver's inside: rapi.c (life, the two interfaces, the status), rapi-identify.c (who is there),
 * rapi-poll.c (the rounds of questions), rapi-drive.c (level and heartbeat), rapi-read.c (readings). Main thread only.
 */
#pragma once

#include "hw/power/rapi-level.h"
#include "hw/power/rapi-link.h"
#include "hw/power/rapi-meter.h"
#include "hw/power/rapi.h"

typedef enum { TW_RAPI_SILENT, TW_RAPI_IDENTIFYING, TW_RAPI_READY, TW_RAPI_REFUSED } TwRapiPhase;
typedef enum { TW_RAPI_HEART_UNKNOWN, TW_RAPI_HEART_ASKING, TW_RAPI_HEART_NONE, TW_RAPI_HEART_BEATS } TwRapiHeart;

struct _TwRapi
{
  int            refs;
  char          *label;
  TwRapiOptions  options;
  TwClock       *clock;
  TwRapiLink    *link;

  /* who is there */
  TwRapiPhase    phase;
  guint          major, minor;
  char           firmware[24];
  gboolean       sequence;
  gint64         gfi, no_ground, stuck;    /* the fault counters; -1: not told */
  gint64         temperature_dc[3];        /* 0.1 degC; -2560: no sensor */

  /* the round of questions */
  guint          poll_timer, lost_timer;
  gboolean       in_round, again;
  guint64        round;                    /* number of the running or last one */
  gint64         health_due_us;
  gboolean       spoiled;                  /* the controller restarted during this round */
  TwRapiState    before;
  gboolean       have_energy, have_current;
  gint64         session_ws, total_wh;
  TwInstant      energy_at;

  /* what is known */
  gboolean       have_state;
  TwRapiState    state;
  gint           presence;                 /* of $G0; -1: not told */
  gint32         ma, mv;
  gint64         closed_us;                /* boot time when the relay was last known or assumed closed */

  /* what is wanted */
  TwRapiWant     want;
  guint          amps, asked_amps;         /* now, and with the last $SC */
  guint          set_amps;                 /* confirmed; 0: it may have forgotten */
  gint64         offered_a;                /* what it said it would offer for set_amps */
  gboolean       commanding;
  TwRapiDo       did;
  gint64         did_us;
  gint64         off_since_us;             /* asleep and wanted off since; -1: not so */
  guint          limit_refusals;
  guint          tripped;                  /* fault code that made us take back an "on"; 0: none */
  gboolean       button_off;
  TwRapiHeart    heart;
  gint64         pulse_due_us;

  TwPowerStatus  status;
  TwPowerChanged changed;
  gpointer       changed_data;

  TwRapiMeter   *meter;
  GQueue         reads;                    /* of Read, rapi-read.c */
};

/* rapi.c */
TwRapi  *tw_rapi_ref (TwRapi *self);
void     tw_rapi_unref (TwRapi *self);
gint64   tw_rapi_now_us (TwRapi *self);
void     tw_rapi_update_status (TwRapi *self);   /* may call the watcher, which may free: hold a reference */
void     tw_rapi_lost (TwRapi *self, const char *why);
void     tw_rapi_heard_state (TwRapi *self);     /* the time until it counts as lost begins anew */
gboolean tw_rapi_relay_closed (TwRapi *self);    /* cautious where it is not told */

/* rapi-identify.c */
void     tw_rapi_identify (TwRapi *self);

/* rapi-poll.c */
void     tw_rapi_poll_now (TwRapi *self);
void     tw_rapi_poll_later (TwRapi *self, guint ms);
void     tw_rapi_poll_stop (TwRapi *self);
gboolean tw_rapi_fits_numbers (const TwRapiMessage *answer);
gboolean tw_rapi_fits_nothing (const TwRapiMessage *answer);

/* rapi-drive.c */
void     tw_rapi_drive (TwRapi *self);           /* brings the controller to the wanted level */
void     tw_rapi_drive_off_now (TwRapi *self);
void     tw_rapi_drive_forgot (TwRapi *self);    /* the controller restarted or may have been replaced */
void     tw_rapi_beat (TwRapi *self);

/* rapi-read.c */
void     tw_rapi_read (TwRapi *self, TwMeterDone done, gpointer user_data);
/* TRUE: another round, now */
gboolean tw_rapi_read_round (TwRapi *self, const TwRapiSample *sample, const char *why_not);
void     tw_rapi_read_fail (TwRapi *self, const GError *error);
