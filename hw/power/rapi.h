/* SPDX-License-Identifier: Apache-2.0 */
/* An OpenEVSE controller on a serial port: one device that is both a switch (power.h) and a meter (meter.h).
 * Firmware 4.0 and later; older ones do not protect their answers and are refused by name.
 *
 * Main thread only; nothing blocks. What the counters mean and what is not believed: README.md.
 */
#pragma once

#include "hw/power/meter.h"
#include "hw/power/power.h"

typedef struct _TwRapi TwRapi;

/* Milliseconds; 0: as in brackets. Shorter ones are for tests. */
typedef struct
{
  guint answer_ms;      /* [1000] a question waits for its answer; three tries */
  guint poll_ms;        /* [1000] state, current and energy */
  guint health_ms;      /* [30000] fault counters, temperatures, the limit that it keeps */
  guint lost_ms;        /* [5000] without a state that could be understood: not present */
  guint reopen_ms;      /* [1000] a port that is gone is opened again */
  guint pulse_ms;       /* [5000] of the heartbeat supervision, which the controller gives 20 s */
  guint read_ms;        /* [4500] a reading takes at most this long */
  guint open_ms;        /* [5000] the relay may stay closed after it was put to sleep; then it is stuck */
  guint assume_open_ms; /* [3500] firmware that does not tell the relay: after it left state C */
} TwRapiTimes;

typedef struct
{
  TwClock    *clock;          /* borrowed; outlives the device */
  guint       phases;         /* 1 or 3 */
  guint       voltage_v;      /* nominal, phase to neutral */
  guint       max_current_a;  /* of the circuit: more is never asked for, and never believed */
  const char *label;          /* the connector's, for messages; copied */
  guint       speed;          /* 0: 115200 */
  TwRapiTimes times;
} TwRapiOptions;

/* Codes of TwPowerStatus.fault that are this driver's and not the controller's state byte. */
enum
{
  TW_RAPI_FAULT_OLD_FIRMWARE = 0x100, /* "old-firmware", with present FALSE */
  TW_RAPI_FAULT_LIMIT        = 0x101, /* "limit-refused": it wants to offer more than it was allowed */
};

/* A port that is not there (yet) is no error: the status says not present, and it is tried for ever. BAD_DATA: not a
 * tty, or the speed. BAD_STATE: another process has the port. REFUSED: no permission. */
TwRapi  *tw_rapi_open (const char *path, const TwRapiOptions *options, GError **error);

/* The device lives until this and what follows are freed, in any order. */
void     tw_rapi_close (TwRapi *self);

/* At most one of each at a time; the caller frees. Freeing the switch leaves the controller as it is. Freeing the
 * meter answers its open reads with GONE first. */
TwPower *tw_rapi_power (TwRapi *self);
TwMeter *tw_rapi_meter (TwRapi *self);

/* For an operator, one line: firmware, sequence ids, heartbeat, fault counters, temperatures. Free with g_free(). */
char    *tw_rapi_describe (TwRapi *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwRapi, tw_rapi_close)
