/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "app/base/bytes.h"
#include "app/base/log.h"
#include "app/reader/link-inside.h"

static void
fill_card (TwCard          *card,
           const TwMessage *message)
{
  *card = (TwCard) { .kind = message->card_kind, .masked = message->masked, .brand = message->brand,
                     .label = message->label, .aid = message->aid, .fingerprint = message->fingerprint,
                     .fingerprint_old = message->fingerprint_old, .test_mode = message->test_mode };
}

static gboolean
take_ready (TwReaderLink *self,
            TwMessage   **message)
{
  if (self->about != NULL)
    return FALSE;

  self->about = g_steal_pointer (message);
  self->failed_starts = 0;
  self->ready_us = tw_reader_link_now_us (self);
  tw_reader_link_watch_silence (self, self->silence_ms);
  tw_log_info ("card reader %s is ready (%s)", self->about->device, self->about->version);
  tw_reader_link_say_changed (self);
  return TRUE;
}

static gboolean
take_card (TwReaderLink *self,
           TwMessage   **message)
{
  TwCard card;

  if ((guint64) (*message)->request != self->request || self->card != NULL)
    return FALSE;

  if (self->authorizing)
    {
      self->card = g_steal_pointer (message);
      return TRUE;
    }

  fill_card (&card, *message);
  if (self->events.card != NULL)
    self->events.card (tw_reader_link_finish_request (self), &card, self->user_data);
  return TRUE;
}

static gboolean
take_sealed (TwReaderLink    *self,
             const TwMessage *message)
{
  g_autoptr(TwMessage) kept = g_steal_pointer (&self->card);
  g_autoptr(GBytes) body = g_bytes_new (message->sealed, strlen (message->sealed));
  g_autofree char *digest = tw_sha256_hex (body);
  TwCard card;
  const TwSealed sealed = { &card, body, digest, message->cvm };

  if (!self->authorizing || kept == NULL || (guint64) message->request != self->request ||
      strcmp (digest, message->digest) != 0)
    return FALSE;

  fill_card (&card, kept);
  if (self->events.sealed != NULL)
    self->events.sealed (tw_reader_link_finish_request (self), &sealed, self->user_data);
  return TRUE;
}

static gboolean
take_failed (TwReaderLink    *self,
             const TwMessage *message)
{
  if ((guint64) message->request != self->request)
    return FALSE;

  g_clear_pointer (&self->card, tw_message_free);
  tw_reader_link_say_failed (self, tw_reader_link_finish_request (self), message->code, message->retry);
  return TRUE;
}

/* "removed" comes when the request is over, and there may have been others since: a card stays as long as it likes. */
static gboolean
take_hint (TwReaderLink    *self,
           const TwMessage *message)
{
  guint64 request = message->request;

  if (request == 0 || request > MAX (self->request, self->last_request))
    return FALSE;

  if (self->events.hint != NULL && (request == self->request || request == self->last_request))
    self->events.hint (request, message->prompt, self->user_data);
  return TRUE;
}

gboolean
tw_reader_link_take (TwReaderLink *self,
                     TwMessage   **message)
{
  TwMessageKind kind = (*message)->kind;

  if (self->about == NULL && kind != TW_MESSAGE_READY && kind != TW_MESSAGE_ALIVE)
    return FALSE;
  if (self->request == 0 && (kind == TW_MESSAGE_CARD || kind == TW_MESSAGE_SEALED || kind == TW_MESSAGE_FAILED))
    return FALSE;

  switch (kind)
    {
    case TW_MESSAGE_READY:
      return take_ready (self, message);
    case TW_MESSAGE_HINT:
      return take_hint (self, *message);
    case TW_MESSAGE_CARD:
      return take_card (self, message);
    case TW_MESSAGE_SEALED:
      return take_sealed (self, *message);
    case TW_MESSAGE_FAILED:
      return take_failed (self, *message);
    case TW_MESSAGE_ALIVE:
      return TRUE;
    case TW_MESSAGE_HELLO:
    case TW_MESSAGE_IDENTIFY:
    case TW_MESSAGE_AUTHORIZE:
    case TW_MESSAGE_CANCEL:
      return FALSE;
    }
  g_return_val_if_reached (FALSE);
}
