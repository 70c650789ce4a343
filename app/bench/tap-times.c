/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bench/tap-times.h"

/* UM0701-02 section 7.3: the answer's code is the command's and one. */
#define IN_DATA_EXCHANGE       0x40
#define IN_LIST_PASSIVE_TARGET 0x4A

/* The code and what follows, of a frame as the twin shows it: 00 00 FF, length, TFI (UM0701-02 section 6.2.1); NULL:
 * an acknowledgement. */
static const guint8 *
payload_of (const guint8 *frame,
            gsize         n)
{
  gboolean extended = n > 4 && frame[3] == 0xFF && frame[4] == 0xFF;
  gsize at = extended ? 9 : 6;

  return n > at + 1 ? frame + at : NULL;
}

void
tw_tap_times_begin (TwTapTimes *self)
{
  *self = (TwTapTimes) { .inserted_us = g_get_monotonic_time () };
}

static void
command_came (TwTapTimes   *self,
              const guint8 *payload,
              gint64        now_us)
{
  if (payload[0] != IN_DATA_EXCHANGE)
    return;
  if (self->first_us == 0)
    self->first_us = now_us;
  self->asked_us = now_us;
  self->apdus++;
}

static void
answer_goes (TwTapTimes   *self,
             const guint8 *payload,
             gint64        now_us)
{
  if (payload[0] == IN_LIST_PASSIVE_TARGET + 1 && payload[1] > 0 && self->found_us == 0)
    self->found_us = now_us;
  if (payload[0] != IN_DATA_EXCHANGE + 1 || self->asked_us == 0)
    return;
  self->card_us += now_us - self->asked_us;
  self->last_us = now_us;
  self->asked_us = 0;
}

void
tw_tap_times_frame (gboolean      from_host,
                    const guint8 *frame,
                    gsize         n,
                    gpointer      user_data)
{
  gint64 now_us = g_get_monotonic_time ();
  const guint8 *payload = payload_of (frame, n);

  if (payload == NULL)
    return;
  if (from_host)
    command_came (user_data, payload, now_us);
  else
    answer_goes (user_data, payload, now_us);
}

void
tw_tap_times_write (const TwTapTimes *self,
                    TwJsonOut        *out)
{
  tw_json_out_int64 (out, "inserted_us", self->inserted_us);
  tw_json_out_int64 (out, "found_us", self->found_us);
  tw_json_out_int64 (out, "first_us", self->first_us);
  tw_json_out_int64 (out, "last_us", self->last_us);
  tw_json_out_int64 (out, "card_us", self->card_us);
  tw_json_out_int64 (out, "apdus", self->apdus);
}
