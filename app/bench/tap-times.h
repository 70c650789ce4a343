/* SPDX-License-Identifier: Apache-2.0 */
/* A stopwatch at the antenna: when a card came, when the board found it, and how long the card itself took for its
 * answers, so that the rest can be blamed on the station. Times are g_get_monotonic_time(). Main thread only.
 */
#pragma once

#include "app/base/json.h"
#include "hw/virtual/pn532.h"

typedef struct
{
  gint64 inserted_us;   /* the hand held it there */
  gint64 found_us;      /* the board said so; 0: not yet */
  gint64 first_us;      /* the first APDU came */
  gint64 last_us;       /* the last answer was handed to the line */
  gint64 card_us;       /* between each APDU and its answer, added up */
  gint64 asked_us;      /* of the running APDU; 0: none */
  guint  apdus;
} TwTapTimes;

/* A card is held there now: the watch starts again. */
void tw_tap_times_begin (TwTapTimes *self);
/* A TwPn532TraceFunc; user_data: TwTapTimes. The frames must not be redacted; nothing of them is kept. */
void tw_tap_times_frame (gboolean from_host, const guint8 *frame, gsize n, gpointer user_data);
/* Members of the object that is open in out; monotonic microseconds. */
void tw_tap_times_write (const TwTapTimes *self, TwJsonOut *out);
