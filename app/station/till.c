/* SPDX-License-Identifier: Apache-2.0 */
/* The money of each session, wherever the session is: asks what its claim asks for, again and again with growing
 * pauses, until the answer is definite. What a repeat means and why it is safe is the acceptor's contract. */
#include "app/station/core.h"

/* How long a payment service surely knows a key again (cybersource-ev.md: 60 days): a refund, which no hold bounds, is
 * only asked about after that. */
#define KEY_MEMORY_US (30 * G_TIME_SPAN_DAY)

typedef struct
{
  TwLeash *leash;
  char    *session, *key;
  guint    n;
} Ask;

TwDue
tw_till_due (const TwSession *session)
{
  const TwRecord *record = session->record;
  const TwRepair *repair = tw_repairs_open (record->repairs);
  TwInstant now = tw_clock_now (session->station->clock);

  if (tw_claim_next (record->claim) == TW_NEXT_REPEAT)
    return (TwDue) { record->request_n, record->claim.wish == TW_WISH_CAPTURE ? "capture" : "release",
                     record->request_key, record->request_amount_minor,
                     tw_instant_elapsed_us (&record->request_at, &now),
                     g_strcmp0 (record->request_outcome, "unknown") == 0 };
  if (repair != NULL)
    return (TwDue) { repair->n, repair->operation, repair->key, repair->amount_minor,
                     tw_instant_elapsed_us (&repair->asked_at, &now), repair->in_doubt };
  return (TwDue) { 0 };
}

static TwBay *
bay_of (TwSession *session)
{
  TwStation *self = session->station;

  for (guint i = 0; i < self->n_bays; i++)
    if (self->bays[i].session == session)
      return &self->bays[i];
  return NULL;
}

static void
then_send (TwStation  *self,
           const char *id,
           guint       index)
{
  TwSession *session = tw_session_find (self, id);

  if (session == NULL)
    return;
  session->sendable = TRUE;
  tw_till_look (session);
}

void
tw_till_intend (TwSession *session,
                TwWish     wish,
                TwBatch   *batch)
{
  TwRecord *record = session->record;
  gboolean captures;
  g_autofree char *key = NULL;

  if (tw_claim_next (tw_claim_wish (record->claim, wish)) != TW_NEXT_REQUEST)
    return;
  captures = wish == TW_WISH_CAPTURE;
  key = g_strdup_printf ("%s-%s-%u", record->session, captures ? "capture" : "release", record->n_requests + 1);
  session->sendable = FALSE;
  session->attempts = 0;
  tw_batch_add (batch, record->session, "request",
                tw_payload_request (record->n_requests + 1, captures ? "capture" : "release", key,
                                    captures ? record->capture_minor : record->held_minor));
  tw_batch_then (batch, then_send, record->session, 0);
}

static void
intend_again (TwSession *session)
{
  TwBatch *batch = tw_batch_new (session->station);

  tw_till_intend (session, session->record->claim.wish, batch);
  tw_batch_submit (batch);
}

/* The other side said no for good: a person has to look. */
static void
name_it (TwSession *session)
{
  TwRecord *record = session->record;
  TwBatch *batch = tw_batch_new (session->station);
  gboolean captures = record->claim.wish == TW_WISH_CAPTURE;
  g_autofree char *text = NULL;

  text = g_strdup_printf (captures ? "The payment service refused the capture (%s). The energy was delivered and is "
                                     "not paid: "
                                     "look the payment up there and claim it by hand, or write it off."
                                   : "The payment service refused to release the hold (%s). Look the payment up "
                                     "there and release "
                                     "it by hand; otherwise it runs out by itself.",
                          record->request_detail ? record->request_detail : "no reason given");
  g_warning ("session %s: %s", record->session, text);
  tw_batch_add (batch, record->session, "finding",
                tw_payload_finding (captures ? "capture-refused" : "release-refused",
                                    captures ? record->capture_minor : record->held_minor, text, TRUE));
  tw_batch_submit (batch);
}

static gint64
pause_ms (TwSession *session)
{
  const TwConfig *config = session->station->config;
  gint64 pause = config->retry_first_ms << MIN (session->attempts - 1, 20);

  pause = CLAMP (pause, config->retry_first_ms, config->retry_most_ms);
  /* so that stations do not march in step */
  return pause - pause / 8 + g_random_int_range (0, (gint32) (pause / 4) + 1);
}

static gboolean
on_time (gpointer user_data)
{
  TwSession *session = user_data;

  session->timer = 0;
  session->next_boot_us = 0;
  tw_till_look (session);
  return G_SOURCE_REMOVE;
}

static void
write_answer (TwSession  *session,
              const Ask  *ask,
              const char *outcome,
              const char *detail,
              GBytes     *reference)
{
  TwBatch *batch = tw_batch_new (session->station);

  tw_batch_add (batch, ask->session, "answer", tw_payload_answer (ask->n, ask->key, outcome, detail, reference));
  tw_batch_then (batch, tw_repair_told, ask->session, ask->n);
  tw_batch_submit (batch);
}

static void
answer_unknown (TwSession  *session,
                const Ask  *ask,
                const char *detail)
{
  TwRecord *record = session->record;
  gint64 pause;

  if (session->attempts++ == 0 && !tw_till_due (session).in_doubt)
    write_answer (session, ask, "unknown", detail, NULL);
  else
    tw_repair_told (session->station, ask->session, ask->n);
  pause = pause_ms (session);
  tw_log_session (G_LOG_LEVEL_WARNING, record->session, "session %s: no definite answer to %s (%s), attempt %u; "
                                                        "asking again in %"
                  G_GINT64_FORMAT " s", record->session, ask->key, detail ? detail : "-", session->attempts,
                  (pause + 999) / 1000);
  session->next_boot_us = tw_station_boot_us (session->station) + pause * 1000;
  session->timer = tw_clock_after (session->station->clock, pause, on_time, session);
}

static void
on_answer (TwOutcome   outcome,
           const char *detail,
           GBytes     *reference,
           gpointer    user_data)
{
  Ask *ask = user_data;
  TwStation *self = ask->leash->station;
  TwSession *session = self ? tw_session_find (self, ask->session) : NULL;

  if (session != NULL)
    {
      session->asking = FALSE;
      if (outcome == TW_OUTCOME_UNKNOWN)
        answer_unknown (session, ask, detail);
      else
        {
          write_answer (session, ask, outcome == TW_OUTCOME_DONE ? "done" : "refused", detail, reference);
          tw_till_look (session);
        }
      tw_station_announce (self);
    }
  g_rc_box_release (ask->leash);
  g_free (ask->session);
  g_free (ask->key);
  g_free (ask);
}

static void
send_request (TwSession *session)
{
  TwAcceptor *acceptor = session->station->acceptor;
  GBytes *reference = session->record->reference;
  TwDue due = tw_till_due (session);
  Ask *ask = g_new0 (Ask, 1);

  *ask = (Ask) { g_rc_box_acquire (session->station->leash), g_strdup (session->record->session), g_strdup (due.key),
                 due.n };
  session->asking = TRUE;
  if (g_str_equal (due.operation, "capture"))
    tw_acceptor_capture (acceptor, reference, ask->key, due.amount_minor, on_answer, ask);
  else if (g_str_equal (due.operation, "release"))
    tw_acceptor_release (acceptor, reference, ask->key, on_answer, ask);
  else if (due.age_us < KEY_MEMORY_US)
    tw_acceptor_refund (acceptor, reference, ask->key, due.amount_minor, on_answer, ask);
  else
    tw_acceptor_inquire (acceptor, reference, ask->key, on_answer, ask);
}

void
tw_till_look (TwSession *session)
{
  TwBay *bay = bay_of (session);

  if (session->asking || session->timer != 0)
    return;

  switch (tw_claim_next (session->record->claim))
    {
    case TW_NEXT_REQUEST:
      intend_again (session);
      return;
    case TW_NEXT_REPEAT:
      if (session->sendable && session->station->acceptor != NULL)
        send_request (session);
      return;
    case TW_NEXT_NAME:
      name_it (session);
      break;
    case TW_NEXT_NOTHING:
      break;
    }
  if (tw_repairs_open (session->record->repairs) != NULL && session->sendable && session->station->acceptor != NULL)
    send_request (session);
  if (bay != NULL && bay->state == TW_BAY_SETTLING && tw_claim_closed (session->record->claim))
    tw_dock_event (bay, TW_BAY_SETTLED, session->record->request_outcome);
}

static gboolean
is_over (gpointer key,
         gpointer value,
         gpointer user_data)
{
  TwSession *session = value;

  /* While the acceptor has its take, an approval may still come. */
  return tw_record_closed (session->record) && !session->asking
         && g_strcmp0 (session->station->taking, session->record->session) != 0;
}

void
tw_till_forget_closed (TwStation *self)
{
  /* What a session's end is not durable with yet is nowhere but here. */
  if (g_queue_is_empty (&self->batches))
    g_hash_table_foreach_remove (self->sessions, is_over, NULL);
}
