/* SPDX-License-Identifier: Apache-2.0 */
#include "hw/virtual/rapi-wire.h"

#include <string.h>

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
  gint64 due_ms;
  char  *frame;
} Late;

struct _TwRapiWire
{
  TwPty          *pty;
  Spoil           spoil;
  guint           spoil_left;   /* 0: for ever */
  GString        *kept;         /* glued: not sent yet */
  GQueue          late;         /* of Late */
  guint32         noise;
  GString        *heard;        /* for the trace */
  TwRapiWireTrace trace;
  gpointer        trace_data;
};

static void
late_free (Late *late)
{
  g_free (late->frame);
  g_free (late);
}

static void
send_frame (TwRapiWire *self,
            const char *frame)
{
  g_autofree char *line = g_strdelimit (g_strdup (frame), "\r", ' ');

  if (self->trace)
    self->trace (FALSE, g_strchomp (line), self->trace_data);
  tw_pty_write (self->pty, (const guint8 *) frame, strlen (frame));
}

/* xorshift: the same noise in each run. Any byte, '$' and CR too. */
static void
send_noise (TwRapiWire *self)
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
send_late (TwRapiWire *self,
           const char *frame,
           gint64      now_ms)
{
  Late *late;

  if (g_queue_get_length (&self->late) >= LATE_MAX)
    return;

  late = g_new0 (Late, 1);
  late->due_ms = now_ms + LATE_MS;
  late->frame = g_strdup (frame);
  g_queue_push_tail (&self->late, late);
}

static void
send_glued (TwRapiWire *self,
            const char *frame)
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
next_spoil (TwRapiWire *self)
{
  Spoil spoil = self->spoil;

  if (self->spoil_left > 0 && --self->spoil_left == 0)
    self->spoil = SPOIL_NONE;
  return spoil;
}

void
tw_rapi_wire_send (TwRapiWire *self,
                   const char *frame,
                   gint64      now_ms)
{
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
      send_late (self, frame, now_ms);
      break;
    case SPOIL_WRONG_SEQUENCE:
      bad = with_wrong_sequence (frame);
      send_frame (self, bad);
      break;
    }
}

void
tw_rapi_wire_advance (TwRapiWire *self,
                      gint64      now_ms)
{
  Late *late;

  while ((late = g_queue_peek_head (&self->late)) && late->due_ms <= now_ms)
    {
      send_frame (self, late->frame);
      late_free (g_queue_pop_head (&self->late));
    }
}

void
tw_rapi_wire_heard (TwRapiWire *self,
                    guint8      byte)
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

TwRapiWire *
tw_rapi_wire_new (const char *link,
                  TwPtyFunc   on_bytes,
                  gpointer    user_data,
                  GError    **error)
{
  g_autoptr (TwRapiWire) self = g_new0 (TwRapiWire, 1);

  self->noise = 2463534242;
  self->kept = g_string_new (NULL);
  self->heard = g_string_new (NULL);
  g_queue_init (&self->late);
  self->pty = tw_pty_new (link, on_bytes, user_data, error);
  if (self->pty == NULL)
    return NULL;

  return g_steal_pointer (&self);
}

void
tw_rapi_wire_free (TwRapiWire *self)
{
  if (self == NULL)
    return;

  tw_pty_free (self->pty);
  g_queue_clear_full (&self->late, (GDestroyNotify) late_free);
  g_string_free (self->kept, TRUE);
  g_string_free (self->heard, TRUE);
  g_free (self);
}

TwPty *
tw_rapi_wire_pty (TwRapiWire *self)
{
  return self->pty;
}

void
tw_rapi_wire_trace (TwRapiWire     *self,
                    TwRapiWireTrace trace,
                    gpointer        user_data)
{
  self->trace = trace;
  self->trace_data = user_data;
}

gboolean
tw_rapi_wire_misbehave (TwRapiWire *self,
                        const char *how,
                        guint       count)
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

const char *
tw_rapi_wire_how (TwRapiWire *self)
{
  return spoil_names[self->spoil];
}

void
tw_rapi_wire_hang_up (TwRapiWire *self)
{
  g_string_truncate (self->kept, 0);
  g_queue_clear_full (&self->late, (GDestroyNotify) late_free);
  tw_pty_hang_up (self->pty);
}
