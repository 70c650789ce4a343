/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <sys/random.h>

#include "app/base/bytes.h"
#include "app/base/error.h"
#include "app/reader/answer.h"
#include "app/reader/request-terms.h"
#include "app/reader/serving.h"
#include "payment/card/card.h"

/* Between looks for a card, each of which takes about 15 ms itself. Somebody who was asked for a card has it in his
 * hand; at an idle station the looks are what the processor and the antenna are awake for, and a tap of a tenth of a
 * second is still found. */
#define ASKED_PACE_MS  5
#define IDLE_PACE_MS   80
#define RESET_MS       60      /* field off: a card forgets (ISO/IEC 14443-3: at least 5.1 ms) */
#define PHONE_MS       1500    /* after 6986: time to look at it */
#define TRIES_MOST     3       /* emv-contactless.md section 4: torn */

typedef struct
{
  TwServing       *serving;
  const TwService *service;
  const TwMessage *message;
  TwTerminal       terminal;
  TwTransaction    transaction;
  gint64           until_us;
  gboolean         cancelled;
  const char      *problem;        /* the last thing that went wrong, for when time is over */
  guint            tries;
  TwTarget         target, torn;   /* the card in the field; the last that left too early */
  GError          *fatal;          /* the process should end */
} Request;

static gboolean
may_go_on (const Request *self)
{
  return self->fatal == NULL && !self->cancelled;
}

static gboolean
in_time (Request *self)
{
  return may_go_on (self) && tw_serving_now_us (self->serving) < self->until_us;
}

/* Takes what the daemon says meanwhile, which can only be "stop". */
static gboolean
step (Request *self,
      guint    ms)
{
  g_autoptr(TwMessage) message = NULL;

  if (!may_go_on (self))
    return FALSE;

  message = tw_serving_listen (self->serving, ms, &self->fatal);
  if (message == NULL)
    return self->fatal == NULL;

  if (message->kind == TW_MESSAGE_CANCEL)
    self->cancelled = message->request == self->message->request;
  else
    g_set_error (&self->fatal, TW_ERROR, TW_ERROR_BAD_DATA, "the daemon said \"%s\" while a request was running",
                 tw_message_kind_name (message->kind));
  return may_go_on (self);
}

static void
linger (Request *self,
        guint    ms)
{
  gint64 until_us = tw_serving_now_us (self->serving) + ms * 1000;

  while (in_time (self) && tw_serving_now_us (self->serving) < until_us)
    (void) step (self, MIN (ms, 100));
}

static void
send (Request   *self,
      TwMessage *message)
{
  message->request = self->message->request;
  if (self->fatal == NULL)
    (void) tw_serving_send (self->serving, message, &self->fatal);
}

static void
hint (Request    *self,
      const char *prompt)
{
  TwMessage message = { .kind = TW_MESSAGE_HINT, .prompt = (char *) prompt };

  send (self, &message);
}

static void
fail (Request    *self,
      const char *code,
      gboolean    retry)
{
  TwMessage message = { .kind = TW_MESSAGE_FAILED, .code = (char *) code, .retry = retry };

  send (self, &message);
}

static void
field (Request *self,
       gboolean on)
{
  self->service->port->field (self->service->nfc, on);
}

static void
reset_field (Request *self,
             guint    ms)
{
  self->service->port->release (self->service->nfc);
  field (self, FALSE);
  linger (self, ms);
  field (self, TRUE);
}

/* The answer is given; its card may still be there. */
static gboolean
answered (Request *self)
{
  self->serving->in_field = TRUE;
  self->serving->last_request = self->message->request;
  return TRUE;
}

static gboolean
failed (Request    *self,
        const char *code,
        gboolean    retry)
{
  fail (self, code, retry);
  return answered (self);
}

static gboolean
exchange (gpointer      data,
          const guint8 *command,
          gsize         command_len,
          guint8        answer[264],
          gsize        *answer_len,
          GError      **error)
{
  Request *self = data;

  if (!step (self, 0))
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_STATE, "the request was stopped");
      return FALSE;
    }
  return self->service->port->exchange (self->service->nfc, command, command_len, answer, answer_len, error);
}

static gboolean
same_card (const TwTarget *a,
           const TwTarget *b)
{
  return a->uid_len == b->uid_len && memcmp (a->uid, b->uid, a->uid_len) == 0;
}

/* Nothing was decided, so that starting from the beginning is safe: no money moves before the daemon has sent what we
 * seal. Two numbers that take turns are two cards in one wallet. */
static gboolean
try_again (Request    *self,
           const char *prompt)
{
  gboolean two = self->torn.uid_len > 0 && !self->torn.random_uid && !self->target.random_uid &&
                 !same_card (&self->torn, &self->target);

  self->torn = self->target;
  self->problem = "other-card";
  if (++self->tries == TRIES_MOST)
    return failed (self, "other-card", TRUE);

  hint (self, two ? "one-card-only" : prompt);
  reset_field (self, RESET_MS);
  return FALSE;
}

static gboolean
exchange_failed (Request *self,
                 GError  *error)
{
  if (!may_go_on (self))
    return FALSE;

  if (!g_error_matches (error, TW_ERROR, TW_ERROR_GONE))
    return try_again (self, "hold-still");

  self->fatal = g_error_copy (error);
  return FALSE;
}

static gboolean
is_authorization (Request *self)
{
  return self->message->kind == TW_MESSAGE_AUTHORIZE;
}

static gboolean
take_uid (Request *self)
{
  TwMessage card = { .kind = TW_MESSAGE_CARD, .card_kind = (char *) "uid" };

  if (is_authorization (self))
    return failed (self, "not-known-here", FALSE);

  send (self, &card);
  return answered (self);
}

/* This card will not do, but the person may have another. */
static gboolean
want_other (Request *self)
{
  self->problem = "other-card";
  hint (self, "other-card");
  while (in_time (self) && self->service->port->present (self->service->nfc))
    linger (self, 100);
  reset_field (self, RESET_MS);
  return FALSE;
}

static gboolean
take_end (Request    *self,
          TwCardRead *read,
          TwCardEnd   end,
          guint       in_field_ms)
{
  const char *code;

  switch (end)
    {
    case TW_CARD_ONLINE:
      code = tw_answer_sealed (self->serving, self->message, read, in_field_ms, &self->fatal);
      return code == NULL ? answered (self) : failed (self, code, FALSE);

    case TW_CARD_IDENTIFIED:
      (void) tw_answer_card (self->serving, self->message, read, &self->fatal);
      return answered (self);

    case TW_CARD_DECLINED:
      return failed (self, "declined", FALSE);

    case TW_CARD_NOT_ACCEPTED:
    case TW_CARD_OVER_LIMIT:
      return failed (self, "not-accepted", FALSE);

    case TW_CARD_NOT_PAYMENT:
      return take_uid (self);

    case TW_CARD_OTHER:
      return want_other (self);

    case TW_CARD_SEE_PHONE:
      self->problem = "see-phone";
      hint (self, "see-phone");
      reset_field (self, PHONE_MS);
      return FALSE;

    case TW_CARD_UNREADABLE:
      return try_again (self, "try-again");
    }
  g_return_val_if_reached (FALSE);
}

/* What deeper calls left on the stack: the answer of a card passes through the driver's and OpenSSL's frames. */
static void __attribute__ ((noinline))
scrub_stack (void)
{
  guint8 below[48 * 1024];

  tw_wipe (below, sizeof below);
}

static gboolean
read_card (Request *self)
{
  g_autoptr(TwCardRead) read = tw_card_read_new ();
  g_autoptr(GError) error = NULL;
  gint64 began_us = tw_serving_now_us (self->serving);
  TwCardEnd end;

  if (getrandom (self->transaction.unpredictable, sizeof self->transaction.unpredictable, 0) != 4)
    g_error ("the kernel gives no random numbers");

  if (!tw_card_read_run (read, &self->terminal, &self->transaction, exchange, self, &end, &error))
    return exchange_failed (self, error);

  return take_end (self, read, end, (tw_serving_now_us (self->serving) - began_us) / 1000);
}

/* Bank cards are off: it is enough to know that this is one. */
static gboolean
refuse_card (Request *self)
{
  g_autoptr(GError) error = NULL;
  gboolean is_payment;

  if (!tw_card_probe (exchange, self, &is_payment, &error))
    return exchange_failed (self, error);
  return is_payment ? failed (self, "not-accepted", FALSE) : take_uid (self);
}

/* TRUE: the request is answered. */
static gboolean
take_card (Request *self)
{
  gboolean done;

  if (!self->target.iso_dep)
    return take_uid (self);

  done = self->service->config->bank_cards_test ? read_card (self) : refuse_card (self);
  scrub_stack ();
  return done;
}

static gboolean
find (Request *self)
{
  g_autoptr(GError) error = NULL;

  if (self->service->port->find (self->service->nfc, &self->target, &error))
    return TRUE;

  if (g_error_matches (error, TW_ERROR, TW_ERROR_RETRY))
    hint (self, "one-card-only");
  else if (error != NULL)
    self->fatal = g_steal_pointer (&error);
  return FALSE;
}

/* A tap is a card that comes, not one that lies there: the last request's must have left first. */
static void
await_empty_field (Request *self)
{
  while (self->serving->in_field && in_time (self))
    if (step (self, 100))
      (void) tw_serving_watch_removal (self->serving, &self->fatal);
}

static void
run (Request *self)
{
  guint pace_ms = is_authorization (self) ? ASKED_PACE_MS : IDLE_PACE_MS;

  await_empty_field (self);
  if (in_time (self))
    {
      field (self, TRUE);
      hint (self, "present-card");
    }

  while (in_time (self) && step (self, pace_ms))
    if (find (self) && take_card (self))
      return;

  if (self->fatal != NULL)
    return;
  if (self->cancelled)
    fail (self, "cancelled", TRUE);
  else
    fail (self, self->problem != NULL ? self->problem : "timeout", TRUE);
  if (!self->serving->in_field)
    field (self, FALSE);
}

gboolean
tw_serving_request (TwServing       *serving,
                    const TwMessage *message,
                    GError         **error)
{
  Request self = { .serving = serving, .service = serving->service, .message = message };
  const char *code;

  self.until_us = tw_serving_now_us (serving) + message->deadline_ms * 1000;
  code = tw_request_terms (serving->service, message, &self.terminal, &self.transaction);
  if (code != NULL)
    fail (&self, code, FALSE);
  else
    run (&self);

  if (self.fatal == NULL)
    return TRUE;
  g_propagate_error (error, self.fatal);
  return FALSE;
}
