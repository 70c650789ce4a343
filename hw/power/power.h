/* SPDX-License-Identifier: Apache-2.0 */
/* One connector's switch: what the station wants of it, and what it says about itself. Not the meter, although one
 * device may be both. Main thread only; nothing here blocks.
 */
#pragma once

#include <glib.h>

typedef struct _TwPower TwPower;

typedef enum { TW_CAR_UNKNOWN, TW_CAR_NONE, TW_CAR_CONNECTED, TW_CAR_DRAWING } TwCar;

typedef struct
{
  gboolean present;          /* FALSE: the controller does not answer; the rest is what was last known */
  TwCar    car;              /* DRAWING: contactor closed and current flows */
  gboolean contactor_closed; /* as the controller reports it */
  gint32   current_ma;       /* -1: not measured */
  guint    fault;            /* the controller's own code; 0: none */
  char     fault_name[32];   /* "gfci", "stuck-relay" ...; empty: none */
  gint64   plugged_s;        /* the controller's own seconds of charging since plug-in; -1: does not tell */
} TwPowerStatus;

typedef void (*TwPowerChanged) (gpointer user_data);

typedef struct
{
  void          (*want)   (gpointer self, gboolean on, guint limit_ma);
  TwPowerStatus (*status) (gpointer self);
  void          (*watch)  (gpointer self, TwPowerChanged changed, gpointer user_data);
  void          (*free)   (gpointer self);
} TwPowerFuncs;

TwPower      *tw_power_new (const TwPowerFuncs *funcs, gpointer self);
void          tw_power_free (TwPower *self);

/* A level, not a command: the driver brings the controller to it and keeps it there, through its resets too, until
 * another is wanted. Off is sent at once. Until the first call the driver only reads: what was on stays on. */
void          tw_power_want (TwPower *self, gboolean on, guint limit_ma);
TwPowerStatus tw_power_status (TwPower *self);
/* changed: after any change of the status, from the main loop. One watcher. */
void          tw_power_watch (TwPower *self, TwPowerChanged changed, gpointer user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwPower, tw_power_free)
