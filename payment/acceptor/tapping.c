/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/acceptor/tapping.h"

#include "app/base/bytes.h"
#include "app/base/log.h"

#define WARM_MS 20000   /* less than libcurl keeps an idle connection for (http), and than most services do */

typedef enum
{
  IDLE,
  READING,         /* the reader has the authorization */
  WAITING,         /* the reference is being made durable */
  ASKING,          /* posted: only the answer ends it */
  IDENTIFYING,
  ENDING,          /* nothing was sent; its callback comes from the loop */
} State;

struct _TwTapping
{
  TwCardLink    link;
  TwClock      *clock;
  TwLine       *line;
  TwFollowUps  *follow_ups;
  GSourceFunc   changed;
  gpointer      changed_data;

  State         state;
  guint64       request;        /* of the reader; never reused */
  gboolean      cancelled;
  guint         timer;          /* READING: until the connection is seen to again; ENDING: the end */
  const char   *ending;         /* why */

  TwTakeEvents  events;
  TwIdentified  identified;     /* NULL during a take */
  gpointer      user_data;
  TwHold       *hold;
  TwCard       *card;
  GBytes       *sealed;
};

static void
stop_timer (TwTapping *self)
{
  if (self->timer != 0)
    tw_clock_cancel (self->clock, self->timer);
  self->timer = 0;
}

static void
forget_take (TwTapping *self)
{
  stop_timer (self);
  self->state = IDLE;
  self->cancelled = FALSE;
  self->identified = NULL;
  g_clear_pointer (&self->hold, tw_hold_free);
  g_clear_pointer (&self->card, tw_card_free);
  g_clear_pointer (&self->sealed, g_bytes_unref);
}

/* Ready for the next take before this one's end is told. */
static void
end_take (TwTapping  *self,
          TwTakeEnd   end,
          const char *reason,
          const char *approval_code)
{
  const TwTakeEvents events = self->events;
  gpointer user_data = self->user_data;
  gboolean referenced = end == TW_TAKE_APPROVED || end == TW_TAKE_UNKNOWN;
  g_autoptr(TwCard) card = g_steal_pointer (&self->card);
  g_autoptr(GBytes) reference = referenced ? tw_hold_to_reference (self->hold) : NULL;
  g_autofree char *approval = g_strdup (approval_code);
  g_autofree char *why = g_strdup (reason);
  const TwTakeResult result = {
    .end = end, .reason = why, .held_minor = end == TW_TAKE_APPROVED ? self->hold->amount.minor : 0,
    .reference = reference, .card = card, .approval_code = approval,
  };

  forget_take (self);
  events.ended (&result, user_data);      /* may free self */
}

static void
end_identify (TwTapping    *self,
              const TwCard *card)
{
  TwIdentified identified = self->identified;
  gpointer user_data = self->user_data;

  forget_take (self);
  identified (card, user_data);
}

static gboolean
on_ending (gpointer user_data)
{
  TwTapping *self = user_data;

  self->timer = 0;
  if (self->identified != NULL)
    end_identify (self, NULL);
  else
    end_take (self, TW_TAKE_FAILED, self->ending, NULL);

  return G_SOURCE_REMOVE;
}

static void
end_later (TwTapping  *self,
           const char *why)
{
  self->state = ENDING;
  self->ending = why;
  self->timer = tw_clock_after (self->clock, 0, on_ending, self);
}

/* While the driver looks for the card, the connection is made and kept. */
static gboolean
keep_warm (gpointer user_data)
{
  TwTapping *self = user_data;

  tw_line_warm (self->line);
  self->timer = tw_clock_after (self->clock, WARM_MS, keep_warm, self);
  return G_SOURCE_REMOVE;
}

/* --- what the reader says --- */

static gboolean
is_current (const TwTapping *self,
            guint64          request,
            State            state)
{
  return self->state == state && self->request == request;
}

static void
on_hint (guint64     request,
         const char *prompt,
         gpointer    user_data)
{
  TwTapping *self = user_data;

  if (is_current (self, request, READING))
    self->events.progress (prompt, NULL, self->user_data);
}

static void
on_card (guint64       request,
         const TwCard *card,
         gpointer      user_data)
{
  TwTapping *self = user_data;

  if (is_current (self, request, IDENTIFYING))
    end_identify (self, card);
}

static void
on_sealed (guint64         request,
           const TwSealed *sealed,
           gpointer        user_data)
{
  TwTapping *self = user_data;
  g_autofree char *digest = NULL;
  g_autoptr(GBytes) reference = NULL;

  if (!is_current (self, request, READING))
    return;

  g_clear_pointer (&self->card, tw_card_free);
  self->card = tw_card_copy (sealed->card);
  if (self->cancelled)
    {
      end_take (self, TW_TAKE_FAILED, "cancelled", NULL);
      return;
    }

  digest = tw_sha256_hex (sealed->sealed);
  if (g_strcmp0 (digest, sealed->digest) != 0)
    {
      tw_log_info ("card reader: what it sealed does not have the digest that it says; nothing was sent");
      end_take (self, TW_TAKE_FAILED, "reader-lost", NULL);
      return;
    }

  stop_timer (self);
  self->state = WAITING;
  self->sealed = g_bytes_ref (sealed->sealed);
  self->hold->digest = g_strdup (digest);
  reference = tw_hold_to_reference (self->hold);
  self->events.progress ("authorizing", NULL, self->user_data);
  if (self->state == WAITING)       /* not cancelled by what was just called */
    self->events.reference (reference, self->card, digest, self->user_data);
}

/* Only codes that the kiosk has words for. */
static const char *
known_reason (const char *code)
{
  static const char *const known[] = {
    "declined", "other-card", "not-accepted", "not-known-here", "see-phone", "timeout", "cancelled", "reader-lost",
    "gateway-unreachable", NULL
  };

  for (guint i = 0; known[i] != NULL; i++)
    if (g_strcmp0 (code, known[i]) == 0)
      return known[i];

  return "reader-lost";
}

static void
on_failed (guint64     request,
           const char *code,
           gboolean    retry,
           gpointer    user_data)
{
  static const TwCard unaccepted = { .kind = (char *) "unaccepted" };
  TwTapping *self = user_data;

  if (is_current (self, request, READING))
    end_take (self, TW_TAKE_FAILED, self->cancelled ? "cancelled" : known_reason (code), NULL);
  else if (is_current (self, request, IDENTIFYING))
    end_identify (self, g_strcmp0 (code, "not-accepted") == 0 ? &unaccepted : NULL);
}

static void
on_link_changed (gpointer user_data)
{
  TwTapping *self = user_data;

  self->changed (self->changed_data);
}

static const TwCardLinkEvents link_events = {
  .hint = on_hint,
  .card = on_card,
  .sealed = on_sealed,
  .failed = on_failed,
  .changed = on_link_changed,
};

/* --- what the payment service says --- */

static void
take_over (TwHold                *hold,
           const TwGatewayAnswer *answer)
{
  hold->id = g_strdup (answer->id);
  hold->amount = answer->amount;
}

static void
on_authorized (const TwGatewayAnswer *answer,
               gpointer               user_data)
{
  TwTapping *self = user_data;

  switch (answer->end)
    {
    case TW_GATEWAY_APPROVED:
      take_over (self->hold, answer);
      tw_follow_ups_fresh (self->follow_ups, self->hold->transaction_id);
      end_take (self, TW_TAKE_APPROVED, NULL, answer->approval_code);
      return;
    case TW_GATEWAY_UNWANTED:       /* a hold that must go: the station releases what is unknown */
      take_over (self->hold, answer);
      end_take (self, TW_TAKE_UNKNOWN, "declined", NULL);
      return;
    case TW_GATEWAY_DECLINED:
      end_take (self, TW_TAKE_DECLINED, answer->reason, NULL);
      return;
    case TW_GATEWAY_RETRY:          /* provably without effect */
    case TW_GATEWAY_REFUSED:
      end_take (self, TW_TAKE_FAILED, "gateway-unreachable", NULL);
      return;
    case TW_GATEWAY_DUPLICATE:
    case TW_GATEWAY_UNKNOWN:
    case TW_GATEWAY_DONE:
    case TW_GATEWAY_NOTHING:
      break;
    }
  tw_follow_ups_lost (self->follow_ups, self->hold->transaction_id);
  end_take (self, TW_TAKE_UNKNOWN, "gateway-unreachable", NULL);
}

/* --- what the station asks --- */

static gboolean
is_ready (TwTapping   *self,
          const char **why_not)
{
  return tw_line_ready (self->line, why_not) && self->link.funcs->ready (self->link.link, why_not);
}

void
tw_tapping_take (TwTapping          *self,
                 const TwOffer      *offer,
                 gint64              deadline_ms,
                 const TwTakeEvents *events,
                 gpointer            user_data)
{
  g_autoptr(GBytes) body = NULL;
  g_autoptr(GError) error = NULL;
  const char *why_not = NULL;

  g_return_if_fail (self->state == IDLE);

  self->events = *events;
  self->user_data = user_data;
  self->hold = tw_hold_new (tw_line_gateway_kind (self->line), offer->session, offer->key,
                            tw_line_comments (self->line),
                            offer->hold);
  self->hold->life_hours = tw_line_hold_life_hours (self->line);
  if (!is_ready (self, &why_not))
    {
      end_later (self, g_str_has_prefix (why_not, "gateway-") ? "gateway-unreachable" : "reader-lost");
      return;
    }

  body = tw_line_authorization (self->line, self->hold, &error);
  if (body == NULL)
    {
      tw_log_session (G_LOG_LEVEL_INFO, offer->session, "session %s: no authorization can be made: %s",
                      offer->session, error->message);
      end_later (self, "gateway-unreachable");
      return;
    }

  self->state = READING;
  self->request++;
  self->link.funcs->authorize (self->link.link, &(TwSealRequest) {
    .request = self->request, .amount = offer->hold, .deadline_ms = deadline_ms, .body = body,
  });
  keep_warm (self);
}

void
tw_tapping_proceed (TwTapping *self)
{
  g_autoptr(GBytes) sealed = NULL;

  if (self->state != WAITING)       /* cancelled meanwhile */
    return;

  self->state = ASKING;
  sealed = g_steal_pointer (&self->sealed);
  tw_line_send (self->line, TW_GATEWAY_AUTHORIZE, TW_GATEWAY_DO, self->hold, NULL, 0, sealed, on_authorized, self);
}

void
tw_tapping_cancel (TwTapping *self)
{
  switch (self->state)
    {
    case READING:
    case IDENTIFYING:
      if (!self->cancelled)
        {
          self->cancelled = TRUE;
          self->link.funcs->cancel (self->link.link, self->request);
        }
      break;
    case WAITING:
      end_later (self, "cancelled");
      break;
    case IDLE:
    case ASKING:       /* too late: the answer decides */
    case ENDING:
      break;
    }
}

void
tw_tapping_identify (TwTapping    *self,
                     gint64        deadline_ms,
                     TwIdentified  identified,
                     gpointer      user_data)
{
  g_return_if_fail (self->state == IDLE);

  self->identified = identified;
  self->user_data = user_data;
  if (!self->link.funcs->ready (self->link.link, &self->ending))
    {
      end_later (self, "reader-lost");
      return;
    }

  self->state = IDENTIFYING;
  self->request++;
  self->link.funcs->identify (self->link.link, self->request, deadline_ms);
}

TwTapping *
tw_tapping_new (TwCardLink   link,
                TwClock     *clock,
                TwLine      *line,
                TwFollowUps *follow_ups,
                GSourceFunc  changed,
                gpointer     user_data)
{
  TwTapping *self = g_new0 (TwTapping, 1);

  self->link = link;
  self->clock = clock;
  self->line = line;
  self->follow_ups = follow_ups;
  self->changed = changed;
  self->changed_data = user_data;
  self->request = (guint64) tw_clock_now (clock).wall_us;     /* above those of a process that ran before */
  link.funcs->listen (link.link, &link_events, self);

  return self;
}

void
tw_tapping_free (TwTapping *self)
{
  if (self->state == READING || self->state == IDENTIFYING)
    self->link.funcs->cancel (self->link.link, self->request);
  self->link.funcs->listen (self->link.link, NULL, NULL);
  if (self->identified != NULL)
    end_identify (self, NULL);
  else if (self->state != IDLE)
    end_take (self, self->state == ASKING ? TW_TAKE_UNKNOWN : TW_TAKE_FAILED, "closed", NULL);
  g_free (self);
}
