/* SPDX-License-Identifier: Apache-2.0 */
/* Where a story's means of payment differ, and nothing else may: a card is tapped before anything is asked and answered
 * in seconds; a code is asked for at once and paid in minutes. */
#include "tests/lib/story-means.h"

#define QR_PAID_MS  60000
#define QR_LATE_MS  230000    /* behind confirm_ms and authorizing_ms */
#define LATE_MS     36000     /* behind authorizing_ms */

void
story_means_new (Story *self)
{
  if (self->means == STORY_CARD)
    self->teller = tw_teller_new ();
  else
    self->qr = qr_service_new (tw_virtual_clock_clock (self->clock));
}

void
story_means_free (Story *self)
{
  g_clear_pointer (&self->teller, tw_teller_free);
  g_clear_pointer (&self->qr, qr_service_free);
}

TwAcceptor *
story_means_acceptor (Story *self)
{
  return self->means == STORY_CARD ? tw_teller_acceptor (self->teller) : qr_service_acceptor (self->qr);
}

/* A card that was not asked for anything yet can be taken away; TRUE: so it was. */
gboolean
story_means_settle (Story *self)
{
  if (self->means == STORY_QR || !tw_teller_was_cancelled (self->teller) || tw_teller_may_proceed (self->teller)
      || (!tw_teller_is_taking (self->teller) && !tw_teller_is_identifying (self->teller)))
    return FALSE;

  tw_teller_fail (self->teller, "cancelled");
  return TRUE;
}

void
story_means_hold_answers (Story   *self,
                          gboolean hold)
{
  if (self->means == STORY_QR)
    qr_service_hold_answers (self->qr, hold);
}

gboolean
story_means_answer (Story *self)
{
  return self->means == STORY_CARD && tw_teller_answer (self->teller) > 0;
}

void
story_means_script (Story   *self,
                    StoryEnd end)
{
  static const QrEnd ends[] = { QR_APPROVE, QR_DECLINE, QR_SILENT_PAID, QR_APPROVE_ANYWAY };

  self->end = end;
  if (self->means == STORY_CARD)
    return;
  qr_service_script (self->qr, ends[end], end == STORY_APPROVES_LATE ? QR_LATE_MS : QR_PAID_MS);
  qr_service_drop_requests (self->qr, TW_OPERATION_RELEASE, end == STORY_APPROVES_LATE ? 1 : 0);
}

static const QrHold *
qr_hold (Story      *self,
         const char *session)
{
  for (guint i = 0; i < qr_service_n_holds (self->qr); i++)
    if (g_strcmp0 (qr_service_hold (self->qr, i)->session, session) == 0)
      return qr_service_hold (self->qr, i);
  return NULL;
}

gboolean
story_has_asked (Story      *self,
                 const char *session)
{
  return self->means == STORY_CARD ? tw_teller_may_proceed (self->teller)
                                   : qr_hold (self, session) != NULL && qr_hold (self, session)->placed;
}

char *
story_ask (Story      *self,
           guint       i,
           const char *who,
           StoryEnd    end)
{
  g_autoptr (GError) error = NULL;
  char *session;

  story_means_script (self, end);
  tw_station_choose (self->station, i + 1, "en", &error);
  g_assert_no_error (error);
  story_settle (self);
  if (self->goal != NULL)
    {
      tw_station_set_goal (self->station, self->goal, &error);
      g_assert_no_error (error);
      story_settle (self);
    }
  session = story_session (self, -1);
  if (self->means == STORY_CARD)
    {
      g_assert_cmpint (story_counter (self), ==, TW_COUNTER_ASKING);
      g_assert_false (story_has_asked (self, session));
      tw_teller_tap (self->teller, who);
      story_settle (self);
    }
  else
    {
      TwCounterView view = tw_station_counter (self->station);

      g_assert_cmpstr (view.prompt, ==, "scan-qr");
      g_assert_true (g_str_has_prefix (view.qr, "https://pay.example/order-"));
      g_assert_cmpint (view.deadline_boot_us, >=, tw_clock_now (tw_virtual_clock_clock (self->clock)).boot_us
                                                    + (gint64) QR_CONFIRM_MS * 1000);
    }
  g_assert_cmpint (story_counter (self), ==, TW_COUNTER_AUTHORIZING);
  g_assert_true (story_has_asked (self, session));
  return session;
}

char *
story_name (Story      *self,
            guint       i,
            const char *who)
{
  story_means_script (self, STORY_APPROVES);
  if (self->means == STORY_QR)
    tw_memory_journal_hold (self->disk, TRUE);
  tw_station_choose (self->station, i + 1, "en", NULL);
  story_settle (self);
  if (self->means == STORY_CARD)
    {
      tw_memory_journal_hold (self->disk, TRUE);
      tw_teller_tap (self->teller, who);
    }
  for (guint n = 0; n < 10 && story_counter (self) != TW_COUNTER_AUTHORIZING; n++)
    {
      tw_memory_journal_settle (self->disk);
      story_settle (self);
    }
  g_assert_cmpint (story_counter (self), ==, TW_COUNTER_AUTHORIZING);
  return story_session (self, -1);
}

static void
answer_card (Story *self)
{
  switch (self->end)
    {
    case STORY_APPROVES_LATE:
      story_wait (self, LATE_MS);
      /* the driver has gone; the release is on its way */
      g_assert_cmpint (story_counter (self), ==, TW_COUNTER_OUTCOME);
      tw_teller_approve (self->teller);
      break;
    case STORY_APPROVES:
      tw_teller_approve (self->teller);
      break;
    case STORY_DECLINES:
      tw_teller_decline (self->teller);
      break;
    case STORY_HOLDS_UNHEARD:
      tw_teller_approve_unheard (self->teller);
      break;
    }
}

void
story_answer (Story *self)
{
  if (self->means == STORY_CARD)
    answer_card (self);
  else
    {
      for (guint i = 0; i < 300 && story_counter (self) == TW_COUNTER_AUTHORIZING && !self->cut; i++)
        story_wait (self, 1000);
      if (self->end == STORY_APPROVES_LATE)
        story_wait (self, QR_LATE_MS - QR_CONFIRM_MS - self->config.authorizing_ms);
    }
  story_settle (self);
}

StoryLedger
story_ledger (Story      *self,
              const char *session)
{
  const QrHold *hold = self->means == STORY_QR ? qr_hold (self, session) : NULL;
  TellerLedger card = { .captured = -1 };

  if (hold != NULL)
    return (StoryLedger) { hold->n_captures > 0 ? hold->captured_minor : -1, hold->n_captures, hold->n_releases,
                           hold->n_requests, hold->open };
  if (self->means == STORY_CARD)
    card = tw_teller_ledger (self->teller, session);
  return (StoryLedger) { card.captured, card.captures, card.releases, card.requests, card.is_open };
}

guint
story_n_open (Story *self)
{
  return self->means == STORY_CARD ? tw_teller_n_open (self->teller) : qr_service_n_open (self->qr);
}

void
story_set_mood (Story    *self,
                StoryMood mood)
{
  static const TellerMood moods[] = { TELLER_ACT, TELLER_ACT_UNHEARD, TELLER_REFUSE };

  if (self->means == STORY_CARD)
    tw_teller_set_mood (self->teller, moods[mood]);
  else
    {
      qr_service_drop_answers (self->qr, TW_OPERATION_CAPTURE, mood == STORY_ACTS_UNHEARD ? G_MAXUINT : 0);
      qr_service_drop_answers (self->qr, TW_OPERATION_RELEASE, mood == STORY_ACTS_UNHEARD ? G_MAXUINT : 0);
      qr_service_refuse (self->qr, TW_OPERATION_CAPTURE, mood == STORY_REFUSES_CAPTURES ? G_MAXUINT : 0);
    }
}

void
story_set_ready (Story   *self,
                 gboolean ready)
{
  if (self->means == STORY_CARD)
    tw_teller_set_ready (self->teller, ready);
  else
    qr_service_set_ready (self->qr, ready);
}
