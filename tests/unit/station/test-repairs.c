/* SPDX-License-Identifier: Apache-2.0 */
/* Money that a person moves for a case of the books, after the session is over. The witness is the bank. */
#include "tests/lib/story.h"

#include "app/base/error.h"

#include <string.h>

/* 2 kWh cost 1.00 EUR; the hold is 50.00 EUR. */
#define PRICE 100

typedef struct { guint n_told; char *outcome, *operation, *key, *error; gint64 amount_minor; gboolean before; } Told;

static void
told_clear (Told *told)
{
  g_free (told->outcome);
  g_free (told->operation);
  g_free (told->key);
  g_free (told->error);
  *told = (Told) { 0 };
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Told, told_clear)

static void
on_repaired (const TwRepairResult *result,
             const GError         *error,
             gpointer              user_data)
{
  Told *told = user_data;
  guint n_told = told->n_told + 1;

  told_clear (told);
  told->n_told = n_told;
  told->error = error != NULL ? g_strdup (error->message) : NULL;
  if (result == NULL)
    return;
  told->outcome = g_strdup (result->outcome);
  told->operation = g_strdup (result->operation);
  told->key = g_strdup (result->key);
  told->amount_minor = result->amount_minor;
  told->before = result->before;
}

static gboolean
repair (Story      *story,
        const char *session,
        const char *operation,
        gint64      minor,
        const char *case_,
        Told       *told,
        GError    **error)
{
  const TwRepairOrder order = { .session = session, .operation = operation, .amount = tw_money (minor, "EUR"),
                                .case_ = case_, .by = "ann" };

  return tw_station_repair (story->station, &order, on_repaired, told, error);
}

static char *
a_paid_session (Story *story)
{
  char *session = story_charge (story, 0, "1:aa", 2000);

  tw_station_stop (story->station, 1, "stop", NULL);
  story_pay (story, 5000);
  story_assert_paid (story, session, PRICE);
  return session;
}

/* The bank refuses whatever is asked of it: a capture after 2 kWh, or the release of a hold on which none was drawn. */
static char *
a_refused_session (Story   *story,
                   gboolean charged)
{
  char *session = charged ? story_charge (story, 0, "1:aa", 2000) : story_arm (story, 0, "1:aa");

  tw_teller_set_mood (story->teller, TELLER_REFUSE);
  tw_station_stop (story->station, 1, "stop", NULL);
  story_pay (story, 5000);
  tw_teller_set_mood (story->teller, TELLER_ACT);
  return session;
}

static void
assert_refunded (Story      *story,
                 const char *session,
                 guint       times,
                 gint64      minor)
{
  TellerLedger ledger = tw_teller_ledger (story->teller, session);

  g_assert_cmpuint (ledger.refunds, ==, times);
  g_assert_cmpint (ledger.refunded, ==, minor);
  g_assert_cmpuint (ledger.captures, ==, 1);
}

static void
assert_told (const Told *told,
             guint       n_told,
             const char *outcome,
             gboolean    before)
{
  g_assert_cmpuint (told->n_told, ==, n_told);
  g_assert_cmpstr (told->error, ==, NULL);
  g_assert_cmpstr (told->outcome, ==, outcome);
  g_assert_cmpint (told->before, ==, before);
}

static void
test_a_refund_is_made_once_for_a_case (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = a_paid_session (story);
  g_autoptr (TwRecord) record = NULL;
  g_autofree char *key = NULL;
  g_auto (Told) told = { 0 };

  g_assert_true (repair (story, session, "refund", 40, "3f9a", &told, NULL));
  story_settle (story);
  record = story_record (story, session);
  g_assert_nonnull (tw_repairs_open (record->repairs));   /* in the journal before the bank has acted on it */
  g_assert_cmpstr (tw_repairs_open (record->repairs)->by, ==, "ann");
  g_assert_cmpuint (tw_station_n_open (story->station), ==, 1);
  g_assert_cmpstr (tw_station_open_claim (story->station, 0).wish, ==, "refund");
  assert_refunded (story, session, 0, 0);
  g_assert_cmpuint (told.n_told, ==, 0);
  story_pay (story, 5000);
  assert_refunded (story, session, 1, 40);
  assert_told (&told, 1, "done", FALSE);
  g_assert_cmpuint (tw_station_n_open (story->station), ==, 0);
  key = g_strdup (told.key);

  for (guint again = 2; again < 4; again++)
    {
      g_assert_true (repair (story, session, "refund", 60, "3f9a", &told, NULL));
      story_pay (story, 5000);
      assert_told (&told, again, "done", TRUE);
      g_assert_cmpint (told.amount_minor, ==, 40);
      g_assert_cmpstr (told.key, ==, key);
      assert_refunded (story, session, 1, 40);
      story_restart (story);
    }
}

static void
test_two_cases_share_what_was_captured (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = a_paid_session (story);
  g_autoptr (GError) error = NULL;
  g_auto (Told) told = { 0 };

  g_assert_true (repair (story, session, "refund", 40, "3f9a", &told, NULL));
  story_pay (story, 5000);
  g_assert_false (repair (story, session, "refund", 61, "77ab", &told, &error));
  g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
  g_assert_nonnull (strstr (error->message, "0.60 EUR can still be refunded"));
  g_assert_true (repair (story, session, "refund", 60, "77ab", &told, NULL));
  story_pay (story, 5000);
  assert_refunded (story, session, 2, 100);
}

static void
test_what_the_journal_does_not_allow_is_refused (StoryMeans means)
{
  static const struct { const char *operation, *case_; gint64 minor; int code; } WRONG[] = {
    { "refund", "3f9a", 0, TW_ERROR_BAD_DATA },         { "refund", "3f9a", -1, TW_ERROR_BAD_DATA },
    { "refund", "3f9a", PRICE + 1, TW_ERROR_BAD_DATA }, { "refund", "3f9a", G_MAXINT64, TW_ERROR_BAD_DATA },
    { "refund", "", 1, TW_ERROR_BAD_DATA },             { "refund", "a b", 1, TW_ERROR_BAD_DATA },
    { "raise", "3f9a", 1, TW_ERROR_BAD_DATA },          { "", "3f9a", 1, TW_ERROR_BAD_DATA },
    { "capture", "3f9a", 1, TW_ERROR_REFUSED },         { "release", "3f9a", STORY_HOLD, TW_ERROR_REFUSED },
  };
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = a_paid_session (story);
  g_autofree char *running = story_charge (story, 1, "1:bb", 2000);
  TwRepairOrder order = { .session = session, .operation = "refund", .amount = tw_money (1, "USD"), .case_ = "3f9a",
                          .by = "ann" };
  g_auto (Told) told = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (WRONG); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (repair (story, session, WRONG[i].operation, WRONG[i].minor, WRONG[i].case_, &told, &error));
      g_assert_error (error, TW_ERROR, WRONG[i].code);
    }
  g_assert_false (repair (story, "test-000009-abcdef", "refund", 1, "3f9a", &told, NULL));
  g_assert_false (repair (story, "", "refund", 1, "3f9a", &told, NULL));
  g_assert_false (repair (story, running, "refund", 1, "3f9a", &told, NULL));
  g_assert_false (tw_station_repair (story->station, &order, on_repaired, &told, NULL));
  order.amount = tw_money (1, "EUR");
  order.by = "";
  g_assert_false (tw_station_repair (story->station, &order, on_repaired, &told, NULL));
  story_pay (story, 5000);
  g_assert_cmpuint (told.n_told, ==, 0);
  assert_refunded (story, session, 0, 0);
}

static void
test_without_a_definite_answer_the_station_asks_on (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = a_paid_session (story);
  g_auto (Told) told = { 0 };
  guint requests = tw_teller_ledger (story->teller, session).requests;

  tw_teller_set_mood (story->teller, TELLER_ACT_UNHEARD);
  g_assert_true (repair (story, session, "refund", 40, "3f9a", &told, NULL));
  story_pay (story, 30000);
  assert_told (&told, 1, "unknown", FALSE);
  g_assert_cmpuint (tw_station_n_open (story->station), ==, 1);
  g_assert_false (repair (story, session, "refund", 1, "77ab", &told, NULL));   /* one after the other */

  story_restart (story);
  tw_teller_set_mood (story->teller, TELLER_ACT);
  story_pay (story, 120000);
  g_assert_cmpuint (tw_station_n_open (story->station), ==, 0);
  g_assert_cmpuint (tw_teller_ledger (story->teller, session).requests, >, requests + 1);
  assert_refunded (story, session, 1, 40);
  g_assert_true (repair (story, session, "refund", 40, "3f9a", &told, NULL));
  assert_told (&told, 2, "done", TRUE);
}

/* Whoever asks again does not wait for the pause between two attempts. */
static void
test_asked_again_it_is_asked_at_once (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = a_paid_session (story);
  g_auto (Told) told = { 0 };

  tw_teller_set_mood (story->teller, TELLER_LOSE);
  g_assert_true (repair (story, session, "refund", 40, "3f9a", &told, NULL));
  story_pay (story, 600000);   /* the pauses are long by now */
  assert_told (&told, 1, "unknown", FALSE);
  tw_teller_set_mood (story->teller, TELLER_ACT);
  g_assert_true (repair (story, session, "refund", 40, "3f9a", &told, NULL));
  story_settle (story);
  tw_teller_answer (story->teller);
  story_settle (story);
  assert_told (&told, 2, "done", FALSE);
  assert_refunded (story, session, 1, 40);
}

static void
test_after_a_month_a_refund_is_only_asked_about (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = a_paid_session (story);
  g_auto (Told) told = { 0 };
  guint requests;

  tw_teller_set_mood (story->teller, TELLER_LOSE);
  g_assert_true (repair (story, session, "refund", 40, "3f9a", &told, NULL));
  story_pay (story, 5000);
  story_kill (story);
  tw_virtual_clock_advance (story->clock, G_GINT64_CONSTANT (31) * 24 * 3600 * 1000);
  story_start (story);
  tw_teller_set_mood (story->teller, TELLER_ACT);
  requests = tw_teller_ledger (story->teller, session).requests;
  story_pay (story, 60000);
  g_assert_cmpuint (tw_teller_ledger (story->teller, session).requests, ==, requests);
  assert_refunded (story, session, 0, 0);
  g_assert_cmpuint (tw_station_n_open (story->station), ==, 1);
}

static void
test_a_refused_refund_may_be_asked_for_again (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = a_paid_session (story);
  g_autofree char *key = NULL;
  g_auto (Told) told = { 0 };

  tw_teller_set_mood (story->teller, TELLER_REFUSE);
  g_assert_true (repair (story, session, "refund", 40, "3f9a", &told, NULL));
  story_pay (story, 5000);
  assert_told (&told, 1, "refused", FALSE);
  g_assert_cmpuint (tw_station_n_open (story->station), ==, 0);
  key = g_strdup (told.key);

  tw_teller_set_mood (story->teller, TELLER_ACT);
  g_assert_true (repair (story, session, "refund", 100, "3f9a", &told, NULL));
  story_pay (story, 5000);
  assert_told (&told, 2, "done", FALSE);
  g_assert_cmpstr (told.key, !=, key);
  assert_refunded (story, session, 1, 100);
}

/* The power goes at each commit of the repair, lost or kept: at most one refund, and never one that the journal does
 * not know. */
static void
test_killed_anywhere_it_refunds_at_most_once (StoryMeans means)
{
  for (guint nth = 1; nth <= 3; nth++)
    for (guint kept = 0; kept < 2; kept++)
      {
        g_autoptr (Story) story = story_new (means);
        g_autofree char *session = a_paid_session (story);
        g_autoptr (TwRecord) record = NULL;
        g_auto (Told) told = { 0 };
        guint n_refunds;

        story_cut_at (story, nth, kept);
        g_assert_true (repair (story, session, "refund", 40, "3f9a", &told, NULL));
        story_pay (story, 5000);
        g_assert_true (story->cut == (nth <= 2));
        story_cut_at (story, 0, FALSE);
        story_restart (story);
        story_pay (story, 60000);
        record = story_record (story, session);
        n_refunds = tw_repairs_n (record->repairs);
        g_assert_cmpuint (n_refunds, ==, nth == 1 && !kept ? 0 : 1);
        assert_refunded (story, session, n_refunds, n_refunds * 40);
        g_assert_cmpuint (tw_station_n_open (story->station), ==, 0);

        g_assert_true (repair (story, session, "refund", 40, "3f9a", &told, NULL));
        story_pay (story, 5000);
        g_assert_cmpstr (told.outcome, ==, "done");
        assert_refunded (story, session, 1, 40);
      }
}

static void
test_a_refused_capture_is_made_good_within_the_holds_life (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = a_refused_session (story, TRUE);
  g_autoptr (TwRecord) record = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (Told) told = { 0 };

  g_assert_false (repair (story, session, "refund", 1, "3f9a", &told, NULL));
  g_assert_false (repair (story, session, "capture", PRICE + 1, "3f9a", &told, &error));   /* the tariff's price */
  g_assert_nonnull (strstr (error->message, "1.00 EUR"));
  g_assert_true (repair (story, session, "capture", PRICE, "3f9a", &told, NULL));
  story_pay (story, 5000);
  assert_told (&told, 1, "done", FALSE);
  g_assert_cmpint (tw_teller_ledger (story->teller, session).captured, ==, PRICE);
  record = story_record (story, session);
  g_assert_cmpstr (tw_record_money (record), ==, "captured");
  g_assert_cmpint (tw_record_captured_minor (record), ==, PRICE);

  g_assert_false (repair (story, session, "capture", PRICE, "77ab", &told, NULL));
  g_assert_true (repair (story, session, "refund", PRICE, "88ab", &told, NULL));
  story_pay (story, 5000);
  assert_refunded (story, session, 1, PRICE);
}

static void
test_nothing_is_captured_after_the_holds_life (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = a_refused_session (story, TRUE);
  g_autoptr (GError) error = NULL;
  g_auto (Told) told = { 0 };

  story_kill (story);
  tw_virtual_clock_advance (story->clock, (TELLER_LIFE_HOURS + 1) * G_GINT64_CONSTANT (3600) * 1000);
  story_start (story);
  g_assert_false (repair (story, session, "capture", PRICE, "3f9a", &told, &error));
  g_assert_error (error, TW_ERROR, TW_ERROR_REFUSED);
}

static void
test_a_hold_that_was_not_released_is (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = a_refused_session (story, FALSE);
  g_autoptr (TwRecord) record = NULL;
  g_auto (Told) told = { 0 };

  g_assert_cmpuint (tw_teller_n_open (story->teller), ==, 1);
  g_assert_false (repair (story, session, "release", STORY_HOLD - 1, "3f9a", &told, NULL));
  g_assert_false (repair (story, session, "capture", 1, "3f9a", &told, NULL));
  g_assert_true (repair (story, session, "release", STORY_HOLD, "3f9a", &told, NULL));
  story_pay (story, 5000);
  assert_told (&told, 1, "done", FALSE);
  story_assert_released (story, session);
  record = story_record (story, session);
  g_assert_cmpstr (tw_record_money (record), ==, "released");
  g_assert_false (repair (story, session, "release", STORY_HOLD, "77ab", &told, NULL));
}

static void
test_an_inquiry_moves_nothing (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = a_paid_session (story);
  g_auto (Told) told = { 0 };
  guint64 last = tw_journal_last_seq (story->journal, session);

  g_assert_true (repair (story, session, "inquire", 0, "3f9a", &told, NULL));
  story_pay (story, 5000);
  assert_told (&told, 1, "done", FALSE);
  g_assert_nonnull (strstr (told.key, "-capture-"));
  g_assert_cmpuint (tw_journal_last_seq (story->journal, session), ==, last);
  assert_refunded (story, session, 0, 0);
}

static void
test_a_station_that_stops_says_that_nobody_knows (StoryMeans means)
{
  g_autoptr (Story) story = story_new (means);
  g_autofree char *session = a_paid_session (story);
  g_auto (Told) told = { 0 };

  g_assert_true (repair (story, session, "refund", 40, "3f9a", &told, NULL));
  story_settle (story);
  story_restart (story);
  g_assert_cmpuint (told.n_told, ==, 1);
  g_assert_nonnull (strstr (told.error, "ask again"));
  story_pay (story, 5000);
  assert_refunded (story, session, 1, 40);
}

/* A start must not ask for what it does not understand. */
static void
test_what_is_no_repair_is_not_replayed (void)
{
  static const struct { const char *payload; gboolean known; } ENTRIES[] = {
    { "{\"n\":3,\"operation\":\"refund\",\"key\":\"k\",\"amount_minor\":1,\"case\":\"a\",\"by\":\"b\"}", TRUE },
    { "{\"n\":3,\"operation\":\"refund\",\"key\":\"k\",\"amount_minor\":1,\"case\":\"a\"}", TRUE },
    { "{\"n\":3,\"operation\":\"payout\",\"key\":\"k\",\"amount_minor\":1,\"case\":\"a\"}", FALSE },
    { "{\"n\":3,\"operation\":\"refund\",\"key\":\"k\",\"amount_minor\":0,\"case\":\"a\"}", FALSE },
    { "{\"n\":3,\"operation\":\"refund\",\"key\":\"k\",\"amount_minor\":-5,\"case\":\"a\"}", FALSE },
    { "{\"n\":-3,\"operation\":\"refund\",\"key\":\"k\",\"amount_minor\":1,\"case\":\"a\"}", FALSE },
    { "{\"n\":3,\"operation\":\"refund\",\"key\":\"k\",\"amount_minor\":1,\"case\":7}", FALSE },
    { "{\"n\":3,\"operation\":\"refund\",\"amount_minor\":1,\"case\":\"a\"}", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (ENTRIES); i++)
    {
      g_autoptr (TwRecord) record = tw_record_new ("s-1");
      g_autoptr (TwEntry) entry = tw_entry_new ((TwInstant) { 0 }, "s-1", "request",
                                                g_bytes_new_static (ENTRIES[i].payload, strlen (ENTRIES[i].payload)));
      g_autoptr (GError) error = NULL;

      g_assert_cmpint (tw_record_apply (record, entry, &error), ==, ENTRIES[i].known);
      if (!ENTRIES[i].known)
        g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
      g_assert_cmpuint (tw_repairs_n (record->repairs), ==, ENTRIES[i].known ? 1 : 0);
      g_assert_cmpint (record->claim.wish, ==, TW_WISH_NONE);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
  story_add_card ("a-refund-is-made-once-for-a-case", test_a_refund_is_made_once_for_a_case);
  story_add_card ("two-cases-share-what-was-captured", test_two_cases_share_what_was_captured);
  story_add_card ("what-the-journal-does-not-allow-is-refused", test_what_the_journal_does_not_allow_is_refused);
  story_add_card ("without-a-definite-answer-the-station-asks-on", test_without_a_definite_answer_the_station_asks_on);
  story_add_card ("asked-again-it-is-asked-at-once", test_asked_again_it_is_asked_at_once);
  story_add_card ("after-a-month-a-refund-is-only-asked-about", test_after_a_month_a_refund_is_only_asked_about);
  story_add_card ("a-refused-refund-may-be-asked-for-again", test_a_refused_refund_may_be_asked_for_again);
  story_add_card ("killed-anywhere-it-refunds-at-most-once", test_killed_anywhere_it_refunds_at_most_once);
  story_add_card ("a-refused-capture-is-made-good-within-the-holds-life",
                  test_a_refused_capture_is_made_good_within_the_holds_life);
  story_add_card ("nothing-is-captured-after-the-holds-life", test_nothing_is_captured_after_the_holds_life);
  story_add_card ("a-hold-that-was-not-released-is", test_a_hold_that_was_not_released_is);
  story_add_card ("an-inquiry-moves-nothing", test_an_inquiry_moves_nothing);
  story_add_card ("a-station-that-stops-says-that-nobody-knows", test_a_station_that_stops_says_that_nobody_knows);
  g_test_add_func ("/station/what-is-no-repair-is-not-replayed", test_what_is_no_repair_is_not_replayed);
  return g_test_run ();
}
