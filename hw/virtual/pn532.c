/* SPDX-License-Identifier: Apache-2.0 */
#include "hw/virtual/pn532.h"

#include "hw/virtual/pn532-antenna.h"
#include "hw/virtual/pn532-chip.h"
#include "hw/virtual/pn532-frame.h"
#include "hw/virtual/pn532-late.h"
#include "hw/virtual/pn532-spoiler.h"
#include "hw/virtual/pty.h"

#include <string.h>

#define INPUT_MAX 4096
#define WAKE_UP 0x55
#define IN_DATA_EXCHANGE 0x40
#define IN_LIST_PASSIVE_TARGET 0x4A
#define STATUS_TIMEOUT 0x01
#define EMPTY_MS 15

struct _TwPn532
{
  GMainContext         *context;
  TwPty                *pty;
  TwPn532Chip          *chip;
  GByteArray           *input;

  TwPn532Antenna       *antenna;
  guint                 apdu_ms;
  guint                 empty_ms;

  TwPn532Spoiler       *spoiler;

  GByteArray           *command;     /* the running one */
  gboolean              waiting;     /* it waits for a card */
  GByteArray           *frame;       /* its reply, until and after it is sent (a NACK asks for it again) */
  GSource              *timer;       /* until it is sent */
  TwPn532Late          *late;        /* replies that nothing can stop any more */

  TwPn532TraceFunc      trace;
  gboolean              redact;
  gpointer              trace_data;
};

static void
show (TwPn532      *self,
      gboolean      from_host,
      const guint8 *frame,
      gsize         n)
{
  guint8 shown[TW_PN532_FRAME_MAX + 2];

  if (self->trace == NULL || n > sizeof shown)
    return;
  memcpy (shown, frame, n);
  if (self->redact)
    tw_pn532_frame_redact (shown, n);
  self->trace (from_host, shown, n, self->trace_data);
}

static void
say (TwPn532      *self,
     const guint8 *frame,
     gsize         n)
{
  show (self, FALSE, frame, n);
  tw_pty_write (self->pty, frame, n);
}

static void
on_late (const guint8 *frame,
         gsize         n,
         gpointer      user_data)
{
  say (user_data, frame, n);
}

/* Ends what runs: its reply, when it is not out yet, is never sent. */
static void
abort_command (TwPn532 *self)
{
  self->waiting = FALSE;
  g_byte_array_set_size (self->command, 0);
  if (self->timer)
    {
      g_source_destroy (self->timer);
      g_clear_pointer (&self->timer, g_source_unref);
    }
}

static void
start_timer (TwPn532    *self,
             guint       ms,
             GSourceFunc func)
{
  self->timer = g_timeout_source_new (ms);
  g_source_set_callback (self->timer, func, self, NULL);
  g_source_attach (self->timer, self->context);
}

static gboolean
on_reply_due (gpointer user_data)
{
  TwPn532 *self = user_data;

  abort_command (self);
  say (self, self->frame->data, self->frame->len);
  return G_SOURCE_REMOVE;
}

static void
reply (TwPn532       *self,
       TwPn532Verdict verdict,
       GByteArray    *answer)
{
  guint8 code = answer->data[0] - 1;
  gboolean empty = code == IN_LIST_PASSIVE_TARGET && answer->len == 2 && answer->data[1] == 0;
  guint ms = empty ? self->empty_ms : 0;

  if (code == IN_DATA_EXCHANGE)
    ms = self->apdu_ms + tw_pn532_antenna_latency (self->antenna);

  tw_pn532_spoiler_make_frame (self->spoiler, verdict, answer, self->frame);
  if (tw_pn532_spoiler_has (self->spoiler, TW_PN532_FAULT_NO_REPLY))
    abort_command (self);
  else if (tw_pn532_spoiler_has (self->spoiler, TW_PN532_FAULT_LATE_REPLY))
    tw_pn532_late_send (self->late, self->frame,
                        tw_pn532_spoiler_argument (self->spoiler, TW_PN532_FAULT_LATE_REPLY, 0));
  else if (ms > 0)
    start_timer (self, ms, on_reply_due);
  else
    on_reply_due (self);
}

static TwPn532Verdict
run_chip (TwPn532    *self,
          gboolean    give_up,
          GByteArray *answer)
{
  TwPn532Verdict verdict;
  gboolean collision = tw_pn532_spoiler_has (self->spoiler, TW_PN532_FAULT_COLLISION);

  if (tw_pn532_spoiler_has (self->spoiler, TW_PN532_FAULT_STATUS))
    {
      guint8 status[2] = { self->command->data[0] + 1 };

      status[1] = tw_pn532_spoiler_argument (self->spoiler, TW_PN532_FAULT_STATUS, 0);
      g_byte_array_append (answer, status, sizeof status);
      return TW_PN532_ANSWER;
    }

  tw_pn532_antenna_shield (self->antenna, collision);
  tw_pn532_chip_set_piece (self->chip, tw_pn532_spoiler_argument (self->spoiler, TW_PN532_FAULT_CHAIN, 262));
  verdict = tw_pn532_chip_run (self->chip, self->command->data, self->command->len, give_up || collision, answer);
  tw_pn532_antenna_shield (self->antenna, FALSE);
  return verdict;
}

static gboolean on_waited (gpointer user_data);

static void
run_command (TwPn532 *self,
             gboolean give_up)
{
  g_autoptr (GByteArray) answer = g_byte_array_new ();
  TwPn532Verdict verdict = run_chip (self, give_up, answer);
  guint wait_ms = tw_pn532_chip_wait_ms (self->command->data, self->command->len);

  if (verdict != TW_PN532_WAIT)
    {
      self->waiting = FALSE;
      reply (self, verdict, answer);
      return;
    }

  self->waiting = TRUE;
  if (wait_ms > 0 && self->timer == NULL)
    start_timer (self, wait_ms, on_waited);
}

static gboolean
on_waited (gpointer user_data)
{
  TwPn532 *self = user_data;

  g_clear_pointer (&self->timer, g_source_unref);
  run_command (self, TRUE);
  return G_SOURCE_REMOVE;
}

/* A new command ends the one that runs: real chips do, and an old reply must not answer a new question. */
static void
on_command (TwPn532            *self,
            const TwPn532Frame *frame)
{
  abort_command (self);
  tw_pty_drop_output (self->pty);
  tw_pn532_spoiler_strike (self->spoiler, frame->payload[0]);

  if (tw_pn532_spoiler_has (self->spoiler, TW_PN532_FAULT_ASLEEP))
    tw_pn532_chip_set_asleep (self->chip, TRUE);
  if (tw_pn532_spoiler_has (self->spoiler, TW_PN532_FAULT_HANG_UP))
    tw_pn532_hang_up (self);
  if (tw_pn532_spoiler_has (self->spoiler, TW_PN532_FAULT_ASLEEP)
      || tw_pn532_spoiler_has (self->spoiler, TW_PN532_FAULT_HANG_UP)
      || tw_pn532_spoiler_has (self->spoiler, TW_PN532_FAULT_NO_ACK))
    return;

  tw_pty_set_dribble (self->pty, tw_pn532_spoiler_argument (self->spoiler, TW_PN532_FAULT_DRIBBLE, 0));
  if (tw_pn532_spoiler_has (self->spoiler, TW_PN532_FAULT_NACK))
    {
      say (self, TW_PN532_NACK, sizeof TW_PN532_NACK);
      return;
    }

  say (self, TW_PN532_ACK, sizeof TW_PN532_ACK);
  g_byte_array_append (self->command, frame->payload, frame->payload_len);
  run_command (self, FALSE);
}

static void
on_frame (TwPn532            *self,
          const TwPn532Frame *frame)
{
  guint8 shown[TW_PN532_FRAME_MAX];

  switch (frame->kind)
    {
    case TW_PN532_FRAME_ACK:
      show (self, TRUE, TW_PN532_ACK, sizeof TW_PN532_ACK);
      abort_command (self);
      return;
    case TW_PN532_FRAME_NACK:
      show (self, TRUE, TW_PN532_NACK, sizeof TW_PN532_NACK);
      if (self->timer == NULL && !self->waiting && self->frame->len > 0)
        say (self, self->frame->data, self->frame->len);
      return;
    case TW_PN532_FRAME_DATA:
      if (frame->tfi != TW_PN532_FROM_HOST || frame->payload_len == 0)
        return;
      show (self, TRUE, shown,
            tw_pn532_frame_build (frame->tfi, frame->payload, frame->payload_len, TW_PN532_FORM_SHORTEST, shown));
      on_command (self, frame);
      return;
    case TW_PN532_FRAME_BAD_LENGTH: /* no ACK: the host will notice */
    case TW_PN532_FRAME_BAD_DATA:
    case TW_PN532_FRAME_NONE:
      return;
    }
}

/* Asleep, everything up to the wake-up byte is lost. TRUE: awake. */
static gboolean
wake_up (TwPn532 *self)
{
  const guint8 *wake;

  if (!tw_pn532_chip_is_asleep (self->chip))
    return TRUE;

  wake = memchr (self->input->data, WAKE_UP, self->input->len);
  g_byte_array_remove_range (self->input, 0, wake ? wake - self->input->data + 1 : self->input->len);
  tw_pn532_chip_set_asleep (self->chip, wake == NULL);
  return wake != NULL;
}

static void
on_bytes (const guint8 *bytes,
          gsize         n,
          gpointer      user_data)
{
  TwPn532 *self = user_data;
  TwPn532Frame frame = { 0 };

  if (self->input->len + n > INPUT_MAX)
    g_byte_array_set_size (self->input, 0);
  g_byte_array_append (self->input, bytes, n);

  do
    {
      gsize done;

      if (!wake_up (self))
        return;
      done = tw_pn532_frame_parse (self->input->data, self->input->len, &frame);
      g_byte_array_remove_range (self->input, 0, done);
      on_frame (self, &frame);
    }
  while (frame.kind != TW_PN532_FRAME_NONE);
}

TwPn532 *
tw_pn532_new (const char *link,
              GError    **error)
{
  g_autoptr (TwPn532) self = g_new0 (TwPn532, 1);

  self->context = g_main_context_ref_thread_default ();
  self->chip = tw_pn532_chip_new ();
  self->antenna = tw_pn532_antenna_new (self->chip);
  self->input = g_byte_array_new ();
  self->spoiler = tw_pn532_spoiler_new ();
  self->command = g_byte_array_new ();
  self->frame = g_byte_array_new ();
  self->late = tw_pn532_late_new (on_late, self);
  self->empty_ms = EMPTY_MS;
  self->pty = tw_pty_new (link, on_bytes, self, error);

  return self->pty ? g_steal_pointer (&self) : NULL;
}

void
tw_pn532_free (TwPn532 *self)
{
  if (self == NULL)
    return;

  abort_command (self);
  tw_pty_free (self->pty);
  tw_pn532_antenna_free (self->antenna);
  tw_pn532_chip_free (self->chip);
  tw_pn532_late_free (self->late);
  g_byte_array_unref (self->input);
  tw_pn532_spoiler_free (self->spoiler);
  g_byte_array_unref (self->command);
  g_byte_array_unref (self->frame);
  g_main_context_unref (self->context);
  g_free (self);
}

const char *
tw_pn532_path (TwPn532 *self)
{
  return tw_pty_path (self->pty);
}

void
tw_pn532_insert (TwPn532              *self,
                 const TwPn532CardOps *ops,
                 gpointer              card)
{
  tw_pn532_antenna_hold (self->antenna, ops, card);
  if (ops && self->waiting)
    run_command (self, FALSE);
}

void
tw_pn532_remove (TwPn532 *self)
{
  const guint8 answer[2] = { IN_DATA_EXCHANGE + 1, STATUS_TIMEOUT };

  tw_pn532_insert (self, NULL, NULL);

  /* Gone while its answer was on the way: the chip has nothing but a time-out to tell. */
  if (self->timer && self->command->len > 0 && self->command->data[0] == IN_DATA_EXCHANGE)
    {
      g_byte_array_set_size (self->frame, TW_PN532_FRAME_MAX);
      g_byte_array_set_size (self->frame, tw_pn532_frame_build (TW_PN532_FROM_CHIP, answer, sizeof answer,
                                                                TW_PN532_FORM_SHORTEST, self->frame->data));
    }
}

gboolean
tw_pn532_has_card (TwPn532 *self)
{
  return tw_pn532_chip_has_card (self->chip);
}

void
tw_pn532_tear_after (TwPn532 *self,
                     guint    n_apdus)
{
  tw_pn532_antenna_tear_after (self->antenna, MIN (n_apdus, G_MAXINT));
}

void
tw_pn532_keep (TwPn532 *self)
{
  tw_pn532_antenna_tear_after (self->antenna, -1);
}

void
tw_pn532_set_timing (TwPn532 *self,
                     guint    apdu_ms,
                     guint    empty_ms)
{
  self->apdu_ms = apdu_ms;
  self->empty_ms = empty_ms;
}

void
tw_pn532_set_card_latency (TwPn532 *self,
                           guint    ms)
{
  tw_pn532_antenna_set_latency (self->antenna, ms);
}

void
tw_pn532_add_fault (TwPn532            *self,
                    const TwPn532Fault *fault)
{
  tw_pn532_spoiler_add (self->spoiler, fault);
}

void
tw_pn532_clear_faults (TwPn532 *self)
{
  tw_pn532_spoiler_clear (self->spoiler);
  tw_pty_set_dribble (self->pty, 0);
}

void
tw_pn532_power_cycle (TwPn532 *self)
{
  abort_command (self);
  tw_pty_drop_output (self->pty);
  g_byte_array_set_size (self->input, 0);
  g_byte_array_set_size (self->frame, 0);
  tw_pn532_chip_reset (self->chip);
}

void
tw_pn532_hang_up (TwPn532 *self)
{
  tw_pn532_power_cycle (self); /* the board is fed through the same cable */
  tw_pty_hang_up (self->pty);
}

gboolean
tw_pn532_return (TwPn532 *self,
                 GError **error)
{
  return tw_pty_return (self->pty, error);
}

void
tw_pn532_set_trace (TwPn532         *self,
                    TwPn532TraceFunc func,
                    gboolean         redact,
                    gpointer         user_data)
{
  self->trace = func;
  self->redact = redact;
  self->trace_data = user_data;
}

guint
tw_pn532_apdus (TwPn532 *self)
{
  return tw_pn532_antenna_apdus (self->antenna);
}
