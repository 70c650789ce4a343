/* SPDX-License-Identifier: Apache-2.0 */
/* The OpenEVSE twin's inside: evse.c (controller and car in time), evse-command.c (RAPI), evse-world.c
 * (what happens to it, and which firmwares there are). */
#pragma once

#include "hw/virtual/evse.h"

#define TW_EVSE_BUFFER      32     /* RAPI_BUFLEN */
#define TW_EVSE_STUCK_RELAY 0x08

typedef enum { TW_EVSE_RUNS, TW_EVSE_SLEEPS, TW_EVSE_DISABLED } TwEvseMode;

typedef struct
{
  const char *name, *version, *rapi;
  guint       state_words;      /* of the answer to $GS: 2 decimal, 3 or 4 hexadecimal */
  guint       capacity_words;   /* of the answer to $GC */
  gboolean    checked;          /* answers carry ^XX */
  gboolean    sequence;
  gboolean    tells_state;      /* $AT, else $ST */
  gboolean    tells_boot;       /* $AB */
  gboolean    tells_maximum;    /* the amps of $AT are the maximum (6.0, 6.1) */
  gboolean    heart;            /* may have $SY */
} TwEvseFirmware;

struct _TwEvse
{
  TwEvseOptions         options;
  const TwEvseFirmware *firmware;
  TwEvseSay             say;
  gpointer              user_data;
  gint64                now_ms;
  gint64                boot_until_ms;

  /* stored */
  gint64     total_wh;
  guint      gfi, no_ground, stuck;
  guint8     stored_amps, heart_s, heart_a;

  /* forgotten at a restart */
  TwEvseMode mode;
  guint8     fault;               /* state byte; 0: none */
  guint8     amps;
  gboolean   sees_car;
  gint64     session_ws, elapsed_ms;
  gint64     energy_due_ms;
  gint64     sleep_since_ms;
  gboolean   relay_closed;
  guint8     limit_kwh, limit_quarters;
  gboolean   limit_reached, session_ended, was_connected;
  gboolean   gfi_seen, no_ground_seen;
  gboolean   echo, button_off;
  guint8     heart_trigger;
  gint64     pulse_ms;
  guint8     told_state, told_pilot, told_amps;
  guint      told_vflags;

  /* the world */
  guint8     cause;               /* the fault that is really there */
  gboolean   plugged, paused, stubborn;
  guint8     car_pilot;           /* 1 A, 2 B, 3 C: what the car makes of the pilot */
  gint64     car_since_ms;        /* when it began to want another */
  guint      draw_ma;
  gint64     battery_ws;

  /* the wire */
  char       heard[TW_EVSE_BUFFER];
  gsize      heard_len;
  gboolean   listening;           /* between '$' and CR */
};

const TwEvseFirmware *tw_evse_find_firmware (const char *name);
gboolean              tw_evse_is_booting (TwEvse *self);
guint8                tw_evse_state (TwEvse *self);
guint8                tw_evse_pilot (TwEvse *self);
guint                 tw_evse_vflags (TwEvse *self);
guint                 tw_evse_current_ma (TwEvse *self);
void                  tw_evse_raise_fault (TwEvse *self, guint8 code);
void                  tw_evse_enable (TwEvse *self);
void                  tw_evse_sleep (TwEvse *self);
void                  tw_evse_disable (TwEvse *self);
/* Relay, session and limits follow what has just changed; what is worth telling is told. */
void                  tw_evse_settle (TwEvse *self);
/* Adds check and CR to body and says it. */
void                  tw_evse_tell (TwEvse *self, const char *body);
