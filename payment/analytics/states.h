/* SPDX-License-Identifier: Apache-2.0 */
/* What became of a port: its states as the events of its EVSE tell them, when it was there, and when its site is open.
 * After close; seconds since 1970, texts borrowed. One thread.
 */
#pragma once

#include "payment/analytics/analysis.h"
#include "payment/analytics/stretches.h"

/* [from, until). reason: "" if none is told. payment is never SAME. */
typedef struct
{
  gint64      from, until;
  TwPortState state;
  TwPayment   payment;
  gboolean    excluded;
  const char *reason;
} TwPortTime;

/* Of TwPortTime, ascending and not over each other. A state lasts until the next one, or as long as its source says,
 * and the last one until their end. Time that nobody tells of is in none. Of several states of one instant the
 * excluded one holds, else the worst. */
GArray    *tw_analysis_states (const TwAnalysis *self, guint32 port);
/* That of the data, or when the last state is told, if that is later and nobody said when the data ends. */
gint64     tw_analysis_states_end (const TwAnalysis *self);
/* Opening hours within [from, until), of TwStretch; NULL: it is always open. Whether it was there is another question:
 * [commissioned, decommissioned), from the least to the greatest instant if nobody says. */
GArray    *tw_analysis_hours_within (const TwAnalysis *self, guint32 port, gint64 from, gint64 until);
TwStretch  tw_analysis_there (const TwAnalysis *self, guint32 port);

static inline TwPortTime *
tw_port_times_at (const GArray *times, guint i)
{
  return &g_array_index (times, TwPortTime, i);
}

static inline gboolean
tw_port_time_is_outage (const TwPortTime *time)
{
  return time->state == TW_PORT_INOPERATIVE || time->state == TW_PORT_OUT_OF_ORDER;
}
