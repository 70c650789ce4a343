/* SPDX-License-Identifier: Apache-2.0 */
/* One connector's meter. A register that never goes down while the station trusts it, with the marks that tell
 * whether two readings belong to the same plug-in. Main thread only; nothing here blocks.
 */
#pragma once

#include <gio/gio.h>

#include "app/base/clock.h"

typedef struct _TwMeter TwMeter;

typedef struct
{
  gint64    register_wh;     /* all energy ever, the running plug-in included; never reset by a sale */
  gint64    session_ws;      /* the device's counter since plug-in, raw; -1: it has none */
  gint64    plugged_s;       /* its seconds of charging since plug-in, raw; -1: does not tell */
  gint32    current_ma;      /* what flows now, the sum of the phases; -1: not measured */
  guint64   epoch;           /* grows when the device restarted while we watched: readings of two do not compare */
  TwInstant at;
  gboolean  final;           /* contactor open, and read twice unchanged */
} TwReading;

/* error: GONE or TIMEOUT, the last good reading stays the last; BAD_DATA: implausible, and said why (facts of the
 * device's README), not to be billed. */
typedef void (*TwMeterDone) (const TwReading *reading, const GError *error, gpointer user_data);

typedef struct
{
  void (*read) (gpointer self, TwMeterDone done, gpointer user_data);
  void (*free) (gpointer self);
} TwMeterFuncs;

TwMeter *tw_meter_new (const TwMeterFuncs *funcs, gpointer self);
void     tw_meter_free (TwMeter *self);

/* A fresh reading; done exactly once, later, within 5 s. Calls may overlap. */
void     tw_meter_read (TwMeter *self, TwMeterDone done, gpointer user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwMeter, tw_meter_free)
