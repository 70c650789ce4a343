/* SPDX-License-Identifier: Apache-2.0 */
#include "hw/virtual/rapi.h"

#include <string.h>

#include "app/base/error.h"
#include "app/base/json.h"
#include "hw/virtual/pty.h"

#define TICK_MS    20
#define LATE_MS    1500
#define DRIBBLE_MS 2
#define LATE_MAX   64   /* answers under way at once */

typedef enum
{
  SPOIL_NONE, SPOIL_SILENT, SPOIL_GARBAGE, SPOIL_NOISE, SPOIL_DRIBBLE, SPOIL_GLUED, SPOIL_BAD_CHECK, SPOIL_LATE,
  SPOIL_WRONG_SEQUENCE,
} Spoil;

static const char *const spoil_names[] = {
  "none", "silent", "garbage", "noise", "dribble", "glued", "bad-check", "late", "wrong-sequence",
};

typedef struct
{
  gint64 due_us;
  char  *frame;
} Late;

struct _TwVirtualRapi
{
  TwEvse            *evse;
  TwPty             *pty;
  TwClock           *clock;
  TwClock           *own_clock;
  guint              tick;
  gint64             start_us;
  guint              speed;
  Spoil              spoil;
  guint              spoil_left;   /* 0: for ever */
  GString           *kept;         /* glued: not sent yet */
  GQueue             late;         /* of Late */
  guint32            noise;
  GString           *heard;        /* for the trace */
  TwVirtualRapiTrace trace;
  gpointer           trace_data;
};

static void
late_free (Late *late)
{
  g_free (late->frame);
  g_free (late);
}

static void
send_frame (TwVirtualRapi *self,
            const char    *frame)
{
  g_autofree char *line = g_strdelimit (g_strdup (frame), "\r", ' ');

  if (self->trace)
    self->trace (FALSE, g_strchomp (line), self->trace_data);
  tw_pty_write (self->pty, (const guint8 *) frame, strlen (frame));
}

/* xorshift: the same noise in each run. Any byte, '$' and CR too. */
static void
send_noise (TwVirtualRapi *self)
{
  guint8 bytes[64];

  for (gsize i = 0; i < sizeof bytes; i++)
    {
      self->noise ^= self->noise << 13;
      self->noise ^= self->noise >> 17;
      self->noise ^= self->noise << 5;
      bytes[i] = (guint8) self->noise;
    }
  if (self->trace)
    self->trace (FALSE, "(noise)", self->trace_data);
  tw_pty_write (self->pty, bytes, sizeof bytes);
}

static void
send_late (TwVirtualRapi *self,
           const char    *frame)
{
  Late *late;

  if (g_queue_get_length (&self->late) >= LATE_MAX)
    return;

  late = g_new0 (Late, 1);
  late->due_us = tw_clock_now (self->clock).boot_us + LATE_MS * 1000;
  late->frame = g_strdup (frame);
  g_queue_push_tail (&self->late, late);
}

static void
send_glued (TwVirtualRapi *self,
            const char    *frame)
{
  gboolean second = self->kept->len > 0;

  g_string_append (self->kept, frame);
  if (!second)
    return;

  send_frame (self, self->kept->str);
  g_string_truncate (self->kept, 0);
}

/* One of the two digits becomes another one. */
static char *
with_bad_check (const char *frame)
{
  char *bad = g_strdup (frame);
  char *caret = strrchr (bad, '^');

  if (caret)
    caret[2] = caret[2] == '0' ? '1' : '0';
  return bad;
}

/* An answer to somebody else's question, properly checked. */
static char *
with_wrong_sequence (const char *frame)
{
  char *bad = g_strdup (frame);
  char *caret = strrchr (bad, '^'), *colon = strrchr (bad, ':');
  guint8 check = 0;

  if (caret == NULL || colon == NULL || caret - colon != 3)
    return bad;

  colon[2] = colon[2] == '7' ? '8' : '7';
  for (const char *c = bad; c < caret; c++)
    check ^= (guint8) *c;
  g_snprintf (caret, 5, "^%02X\r", check);
  return bad;
}

static Spoil
next_spoil (TwVirtualRapi *self)
{
  Spoil spoil = self->spoil;

  if (self->spoil_left > 0 && --self->spoil_left == 0)
    self->spoil = SPOIL_NONE;
  return spoil;
}

static void
on_say (const char *frame,
        gboolean    answer,
        gpointer    user_data)
{
  TwVirtualRapi *self = user_data;
  Spoil spoil = next_spoil (self);
  g_autofree char *bad = NULL;

  tw_pty_set_dribble (self->pty, spoil == SPOIL_DRIBBLE ? DRIBBLE_MS : 0);
  switch (spoil)
    {
    case SPOIL_NONE:
    case SPOIL_DRIBBLE:
      send_frame (self, frame);
      break;
    case SPOIL_SILENT:
      break;
    case SPOIL_GARBAGE:
      send_noise (self);
      break;
    case SPOIL_NOISE:
      send_noise (self);
      send_frame (self, frame);
      send_noise (self);
      break;
    case SPOIL_GLUED:
      send_glued (self, frame);
      break;
    case SPOIL_BAD_CHECK:
      bad = with_bad_check (frame);
      send_frame (self, bad);
      break;
    case SPOIL_LATE:
      send_late (self, frame);
      break;
    case SPOIL_WRONG_SEQUENCE:
      bad = with_wrong_sequence (frame);
      send_frame (self, bad);
      break;
    }
}

static void
catch_up (TwVirtualRapi *self)
{
  gint64 passed_us = tw_clock_now (self->clock).boot_us - self->start_us;

  tw_evse_advance (self->evse, passed_us / 1000 * self->speed);
}

static void
trace_heard (TwVirtualRapi *self,
             guint8         byte)
{
  if (self->trace == NULL)
    return;
  if (byte != '\r' && self->heard->len < 80)
    {
      g_string_append_c (self->heard, byte >= 0x20 && byte < 0x7f ? (char) byte : '?');
      return;
    }

  self->trace (TRUE, self->heard->str, self->trace_data);
  g_string_truncate (self->heard, 0);
}

static void
on_bytes (const guint8 *bytes,
          gsize         n,
          gpointer      user_data)
{
  TwVirtualRapi *self = user_data;

  catch_up (self);
  for (gsize i = 0; i < n; i++)
    {
      trace_heard (self, bytes[i]);
      tw_evse_hear (self->evse, bytes[i]);
    }
}

static gboolean
on_tick (gpointer user_data)
{
  TwVirtualRapi *self = user_data;
  gint64 now_us = tw_clock_now (self->clock).boot_us;
  Late *late;

  self->tick = tw_clock_after (self->clock, TICK_MS, on_tick, self);
  catch_up (self);
  while ((late = g_queue_peek_head (&self->late)) && late->due_us <= now_us)
    {
      send_frame (self, late->frame);
      late_free (g_queue_pop_head (&self->late));
    }

  return G_SOURCE_REMOVE;
}

TwVirtualRapi *
tw_virtual_rapi_new (const TwVirtualRapiOptions *options,
                     GError                    **error)
{
  g_autoptr (TwVirtualRapi) self = g_new0 (TwVirtualRapi, 1);

  self->speed = options->speed ? options->speed : 1;
  self->noise = 2463534242;
  self->kept = g_string_new (NULL);
  self->heard = g_string_new (NULL);
  g_queue_init (&self->late);
  if (options->clock == NULL)
    self->own_clock = tw_clock_new_system (TRUE);
  self->clock = options->clock ? options->clock : self->own_clock;

  self->evse = tw_evse_new (&options->evse, on_say, self);
  if (self->evse == NULL)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA,
                   "no virtual controller has the firmware \"%s\": accepted are 3.9, 4.4, 4.8, 5.2, 6.1, 7.1, 8.2, D9",
                   options->evse.firmware);
      return NULL;
    }
  self->pty = tw_pty_new (options->link, on_bytes, self, error);
  if (self->pty == NULL)
    return NULL;

  self->start_us = tw_clock_now (self->clock).boot_us;
  self->tick = tw_clock_after (self->clock, TICK_MS, on_tick, self);
  return g_steal_pointer (&self);
}

void
tw_virtual_rapi_free (TwVirtualRapi *self)
{
  if (self == NULL)
    return;

  if (self->tick != 0)
    tw_clock_cancel (self->clock, self->tick);
  tw_pty_free (self->pty);
  tw_evse_free (self->evse);
  g_queue_clear_full (&self->late, (GDestroyNotify) late_free);
  g_string_free (self->kept, TRUE);
  g_string_free (self->heard, TRUE);
  tw_clock_free (self->own_clock);
  g_free (self);
}

const char *
tw_virtual_rapi_path (TwVirtualRapi *self)
{
  return tw_pty_path (self->pty);
}

void
tw_virtual_rapi_trace (TwVirtualRapi     *self,
                       TwVirtualRapiTrace trace,
                       gpointer           user_data)
{
  self->trace = trace;
  self->trace_data = user_data;
}

void
tw_virtual_rapi_plug (TwVirtualRapi *self)
{
  catch_up (self);
  tw_evse_plug (self->evse);
}

void
tw_virtual_rapi_unplug (TwVirtualRapi *self)
{
  catch_up (self);
  tw_evse_unplug (self->evse);
}

void
tw_virtual_rapi_set_draw (TwVirtualRapi *self,
                          guint          draw_ma)
{
  catch_up (self);
  tw_evse_set_draw (self->evse, draw_ma);
}

void
tw_virtual_rapi_set_battery (TwVirtualRapi *self,
                             gint64         left_wh)
{
  catch_up (self);
  tw_evse_set_battery (self->evse, left_wh);
}

void
tw_virtual_rapi_set_paused (TwVirtualRapi *self,
                            gboolean       paused)
{
  catch_up (self);
  tw_evse_set_paused (self->evse, paused);
}

void
tw_virtual_rapi_set_stubborn (TwVirtualRapi *self,
                              gboolean       stubborn)
{
  catch_up (self);
  tw_evse_set_stubborn (self->evse, stubborn);
}

gboolean
tw_virtual_rapi_fault (TwVirtualRapi *self,
                       const char    *name)
{
  catch_up (self);
  return tw_evse_fault (self->evse, name);
}

gboolean
tw_virtual_rapi_set_firmware (TwVirtualRapi *self,
                              const char    *name)
{
  catch_up (self);
  return tw_evse_set_firmware (self->evse, name);
}

void
tw_virtual_rapi_reboot (TwVirtualRapi *self)
{
  catch_up (self);
  tw_evse_reboot (self->evse);
}

void
tw_virtual_rapi_press_button (TwVirtualRapi *self)
{
  catch_up (self);
  tw_evse_press_button (self->evse);
}

void
tw_virtual_rapi_add_energy (TwVirtualRapi *self,
                            gint64         wh)
{
  catch_up (self);
  tw_evse_add_energy (self->evse, wh);
}

void
tw_virtual_rapi_hang_up (TwVirtualRapi *self)
{
  catch_up (self);
  g_string_truncate (self->kept, 0);
  g_queue_clear_full (&self->late, (GDestroyNotify) late_free);
  tw_pty_hang_up (self->pty);
}

gboolean
tw_virtual_rapi_return (TwVirtualRapi *self,
                        GError       **error)
{
  catch_up (self);
  return tw_pty_return (self->pty, error);
}

gboolean
tw_virtual_rapi_misbehave (TwVirtualRapi *self,
                           const char    *how,
                           guint          count)
{
  for (gsize i = 0; i < G_N_ELEMENTS (spoil_names); i++)
    if (strcmp (spoil_names[i], how) == 0)
      {
        self->spoil = (Spoil) i;
        self->spoil_left = count;
        return TRUE;
      }

  return FALSE;
}

TwEvseStatus
tw_virtual_rapi_status (TwVirtualRapi *self)
{
  catch_up (self);
  return tw_evse_status (self->evse);
}

static void
put_hex (TwJsonOut  *out,
         const char *key,
         guint       value,
         int         digits)
{
  char text[9];

  g_snprintf (text, sizeof text, "%0*x", digits, value);
  tw_json_out_string (out, key, text);
}

char *
tw_virtual_rapi_status_json (TwVirtualRapi *self)
{
  g_autoptr (TwJsonOut) out = tw_json_out_new ();
  TwEvseStatus status = tw_virtual_rapi_status (self);
  g_autoptr (GBytes) text = NULL;
  gsize n;
  const char *bytes;

  tw_json_out_begin_object (out, NULL);
  tw_json_out_string (out, "firmware", status.firmware);
  put_hex (out, "state", status.state, 2);
  put_hex (out, "pilot", status.pilot, 2);
  put_hex (out, "vflags", status.vflags, 4);
  tw_json_out_bool (out, "booting", status.booting);
  tw_json_out_bool (out, "relay", status.relay_closed);
  tw_json_out_bool (out, "plugged", status.plugged);
  tw_json_out_int64 (out, "offered_a", status.amps);
  tw_json_out_int64 (out, "current_ma", status.current_ma);
  tw_json_out_int64 (out, "session_ws", status.session_ws);
  tw_json_out_int64 (out, "total_wh", status.total_wh);
  tw_json_out_int64 (out, "elapsed_s", status.elapsed_s);
  tw_json_out_int64 (out, "battery_wh", status.battery_wh);
  tw_json_out_string (out, "misbehaves", spoil_names[self->spoil]);
  tw_json_out_end (out);

  text = tw_json_out_finish (out);
  bytes = g_bytes_get_data (text, &n);
  return g_strndup (bytes, n);
}
