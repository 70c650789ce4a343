/* SPDX-License-Identifier: Apache-2.0 */
/* The driver and the controller twin on a real pty, both in this process's main loop, with short times. What the twin
 * says about itself is the witness; it shares no code with the driver.
 */
#pragma once

#include <string.h>

#include "app/base/error.h"
#include "hw/power/rapi.h"
#include "hw/virtual/rapi.h"

typedef struct
{
  TwClock       *clock;
  TwVirtualRapi *twin;
  TwRapi        *rapi;
  TwPower       *power;
  TwMeter       *meter;
  GString       *said;       /* by the station, a line each */
  guint          changes;
  gboolean       read_done;
  TwReading      reading;
  GError        *read_error;
} RapiRig;

typedef gboolean (*RapiRigCondition) (RapiRig *self);

/* Three phases, 300 V, 80 A, a car that follows in 30 ms: 20 Wh a second. */
RapiRig *rapi_rig_with (TwVirtualRapiOptions options);
RapiRig *rapi_rig_new (const char *firmware);
void rapi_rig_free (RapiRig *self);

/* The station's process begins and ends. */
void rapi_rig_open_driver (RapiRig *self);
void rapi_rig_close_driver (RapiRig *self);

void rapi_rig_wait_for (RapiRig *self, RapiRigCondition condition, const char *what);
#define WAIT_FOR(rig, condition) rapi_rig_wait_for (rig, condition, #condition)
gint64 rapi_rig_now_us (RapiRig *self);
void rapi_rig_pass_ms (RapiRig *self, guint ms);

/* RapiRigConditions. */
gboolean rapi_rig_is_present (RapiRig *self);
gboolean rapi_rig_is_absent (RapiRig *self);
gboolean rapi_rig_has_no_car (RapiRig *self);
gboolean rapi_rig_has_car (RapiRig *self);
gboolean rapi_rig_draws (RapiRig *self);
gboolean rapi_rig_is_open (RapiRig *self);
gboolean rapi_rig_has_fault (RapiRig *self);
gboolean rapi_rig_has_no_fault (RapiRig *self);
gboolean rapi_rig_twin_sleeps (RapiRig *self);
gboolean rapi_rig_twin_draws (RapiRig *self);
gboolean rapi_rig_twin_offers_16 (RapiRig *self);
gboolean rapi_rig_twin_offers_10 (RapiRig *self);
gboolean rapi_rig_twin_counted_some (RapiRig *self);

TwPowerStatus rapi_rig_status_of (RapiRig *self);
void rapi_rig_on_read (const TwReading *reading, const GError *error, gpointer user_data);
/* What came is in reading or read_error. */
void rapi_rig_try_to_read (RapiRig *self);
TwReading rapi_rig_read_meter (RapiRig *self);
TwReading rapi_rig_read_final (RapiRig *self);
/* Plugs, switches on at 80 A, waits for three Wh. */
void rapi_rig_charge_some (RapiRig *self);

/* g_test_init(); lost controllers and faults are worth a warning, and in these tests what is asked for. */
void             rapi_rig_init (int *argc, char ***argv);
/* A test for each value, whose name takes the place of % in the path. */
void             rapi_rig_add_each (const char *path, const char *const *values, GTestDataFunc func);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RapiRig, rapi_rig_free)
