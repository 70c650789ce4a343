/* SPDX-License-Identifier: Apache-2.0 */
/* What an OpenEVSE controller's two energy counters mean: one register that never goes down, or the reason why they
 * cannot be believed. Pure: samples in, readings out; the clock comes with the sample. Not the wire (rapi.c).
 *
 * Source: the facts page "Power-controller wires" sections 1.6 (how the firmware counts) and 5 (what is plausible).
 * How the raw counters relate to the register is written down in README.md of this folder.
 */
#pragma once

#include "hw/power/meter.h"

typedef struct _TwRapiMeter TwRapiMeter;

typedef struct
{
  guint phases;          /* 1 or 3 */
  guint voltage_v;       /* nominal, phase to neutral */
  guint max_current_a;   /* what the circuit is configured for */
} TwRapiCircuit;

/* One look at the controller: its counters between two states that agree. */
typedef struct
{
  gint64    session_ws;
  gint64    total_wh;
  gint64    elapsed_s;
  gboolean  car_known;       /* FALSE: it does not tell whether a car is plugged in */
  gboolean  car;
  gboolean  relay_closed;
  gint32    ma;              /* -1: no ammeter */
  gint32    mv;              /* -1: does not tell the voltage; the nominal one counts */
  TwInstant at;
} TwRapiSample;

TwRapiMeter *tw_rapi_meter_new (const TwRapiCircuit *circuit);
void         tw_rapi_meter_free (TwRapiMeter *self);

/* The controller restarted since the last sample: the running plug-in's energy is in neither counter any more. */
void         tw_rapi_meter_booted (TwRapiMeter *self);

/* TRUE: believed, see tw_rapi_meter_reading(). RETRY: not to be understood now. BAD_DATA: implausible, the message says
 * why; three in a row, or a power that does not match, stay so until the car has left. */
gboolean     tw_rapi_meter_take (TwRapiMeter *self, const TwRapiSample *sample, GError **error);

/* The last that was believed. Only after a tw_rapi_meter_take() that returned TRUE. */
TwReading    tw_rapi_meter_reading (TwRapiMeter *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwRapiMeter, tw_rapi_meter_free)
