/* SPDX-License-Identifier: Apache-2.0 */
/* An OpenEVSE controller and the car at its plug, without wire or clock: bytes in, frames out, time as an argument.
 * It shares no code with hw/power; source: the facts page "Power-controller wires" section 1. One thread.
 */
#pragma once

#include <glib.h>

typedef struct _TwEvse TwEvse;

typedef struct
{
  const char *firmware;       /* "3.9", "4.4", "4.8", "5.2", "6.1", "7.1", "8.2", "D9"; NULL: "8.2" */
  guint       phases;         /* 1 or 3 */
  guint       voltage_v;
  guint       max_current_a;  /* 6..80: configured, what it offers after a start */
  gboolean    boots_asleep;   /* most builds do not */
  gboolean    heartbeat;      /* $SY is built in (from 6.1 on) */
  guint       reaction_ms;    /* how long a car takes to follow the pilot; 0: 500 */
  guint       boot_ms;        /* deaf for so long; 0: 1500 */
  gint64      total_wh;       /* what earlier cars drew */
} TwEvseOptions;

/* A whole frame with its CR; answer FALSE: unasked. */
typedef void (*TwEvseSay) (const char *frame, gboolean answer, gpointer user_data);

/* NULL: no such firmware. */
TwEvse *tw_evse_new (const TwEvseOptions *options, TwEvseSay say, gpointer user_data);
void    tw_evse_free (TwEvse *self);

void    tw_evse_hear (TwEvse *self, guint8 byte);
/* Lets time pass up to now_ms, counted from 0 at the start; backwards is ignored. */
void    tw_evse_advance (TwEvse *self, gint64 now_ms);

/* The car. A plugged one wants draw_ma until its battery is full; it obeys the offer and the pilot. */
void    tw_evse_plug (TwEvse *self);
void    tw_evse_unplug (TwEvse *self);
void    tw_evse_set_draw (TwEvse *self, guint draw_ma);
void    tw_evse_set_battery (TwEvse *self, gint64 left_wh);   /* -1: never full */
void    tw_evse_set_paused (TwEvse *self, gboolean paused);   /* asks for nothing meanwhile (state B) */
void    tw_evse_set_stubborn (TwEvse *self, gboolean stubborn); /* goes on drawing when asked to stop */

/* "ventilation", "diode", "gfci", "no-ground", "stuck-relay", "gfci-self-test", "over-temperature", "over-current",
 * "relay-closure"; FALSE: no such fault. A stuck relay shows once it should open. NULL: all is well again. */
gboolean tw_evse_fault (TwEvse *self, const char *name);

void    tw_evse_reboot (TwEvse *self);
gboolean tw_evse_set_firmware (TwEvse *self, const char *firmware);   /* and reboots */
void    tw_evse_press_button (TwEvse *self);                          /* sleeps or wakes it */
/* What a broken counter would do. */
void    tw_evse_add_energy (TwEvse *self, gint64 wh);

typedef struct
{
  const char *firmware;
  guint8      state, pilot;
  guint       vflags;
  gboolean    booting, relay_closed, plugged;
  guint       amps, current_ma;
  gint64      session_ws, total_wh, elapsed_s;
  gint64      battery_wh;         /* -1: never full */
} TwEvseStatus;

TwEvseStatus tw_evse_status (TwEvse *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwEvse, tw_evse_free)
