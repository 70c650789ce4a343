/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/acceptor/bench.h"

#include "app/base/error.h"
#include "payment/acceptor/hold.h"

#include <string.h>

#define PAYMENT "https://apitest.cybersource.com/pts/v2/payments/7700000000000000000001"
#define SEARCH "https://apitest.cybersource.com/tss/v2/searches"
#define NOT_FOUND "{\"totalCount\":0}"
#define FOUND(name, id, code) \
  "{\"_embedded\":{\"transactionSummaries\":[{\"id\":\"78\",\"clientReferenceInformation\":{\"code\":\"s-17\"," \
  "\"transactionId\":\"" id "\"},\"applicationInformation\":{\"applications\":[{\"name\":\"" name "\"," \
  "\"rCode\":\"" code "\"}]}}]}}"

static void
capture (Bench *bench,
         Done  *done)
{
  tw_acceptor_capture (bench->acceptor, bench->taken.reference, "s-17-capture-1", 1234, bench_on_done, done);
}

static void
release (Bench *bench,
         Done  *done)
{
  tw_acceptor_release (bench->acceptor, bench->taken.reference, "s-17-release-1", bench_on_done, done);
}

static void
assert_done (const Done *done,
             guint       n_done,
             TwOutcome   outcome)
{
  g_assert_cmpuint (done->n_done, ==, n_done);
  g_assert_cmpint (done->outcome, ==, outcome);
}

static void
assert_next (Bench      *bench,
             const char *url)
{
  g_assert_cmpuint (bench->posts->len, ==, 1);
  g_assert_cmpstr (bench_posted (bench)->url, ==, url);
}

static void
test_a_fresh_hold_is_captured_at_once (void)
{
  g_auto(Done) done = { 0 };
  g_autoptr(Bench) bench = bench_new ();

  bench_take_approved (bench);
  capture (bench, &done);
  assert_next (bench, PAYMENT "/captures");
  g_assert_cmpuint (bench_posted (bench)->deadline_ms, ==, 60000);
  g_assert_cmpstr (bench_posted (bench)->plain, ==,
                   "{\"clientReferenceInformation\":{\"code\":\"s-17\",\"transactionId\":\"s-17-capture-1\","
                   "\"comments\":\"EV\"},"
                   "\"orderInformation\":{\"amountDetails\":{\"totalAmount\":\"12.34\",\"currency\":\"EUR\"}}}");
  g_assert_cmpuint (done.n_done, ==, 0);
  bench_answer (bench, 201, "{\"id\":\"78\",\"status\":\"PENDING\"}");
  assert_done (&done, 1, TW_OUTCOME_DONE);
  g_assert_nonnull (memmem (g_bytes_get_data (done.reference, NULL), g_bytes_get_size (done.reference),
                            "\"capture_id\":\"78\"", 17));
}

/* What a settlement file calls the capture is kept with it; a service that does not tell leaves nothing behind. */
static void
test_a_capture_keeps_what_settlement_calls_it (void)
{
  g_auto(Done) done = { 0 };
  g_autoptr(Bench) bench = bench_new ();
  g_autoptr(TwHold) hold = NULL;

  bench_take_approved (bench);
  capture (bench, &done);
  bench_answer (bench, 201, "{\"id\":\"78\",\"reconciliationId\":\"60512780AXQCGZ4F\",\"status\":\"PENDING\"}");
  assert_done (&done, 1, TW_OUTCOME_DONE);
  hold = tw_hold_from_reference (done.reference, NULL);
  g_assert_nonnull (hold);
  g_assert_cmpstr (hold->capture_id, ==, "78");
  g_assert_cmpstr (hold->reconciliation_id, ==, "60512780AXQCGZ4F");
  g_assert_cmpuint (hold->life_hours, ==, 24);
}

/* The answer is lost; asked again, it is looked for, then sent as the same bytes, then looked for as the duplicate that
 * the service calls it. */
static void
test_a_capture_without_an_answer_happens_once (void)
{
  g_auto(Done) done = { 0 };
  g_autoptr(Bench) bench = bench_new ();
  g_autofree char *first = NULL;

  bench_take_approved (bench);
  capture (bench, &done);
  first = g_strdup (bench_posted (bench)->plain);
  bench_fail (bench, TW_ERROR_TIMEOUT);
  assert_done (&done, 1, TW_OUTCOME_UNKNOWN);

  capture (bench, &done);
  assert_next (bench, SEARCH);
  bench_answer (bench, 201, NOT_FOUND);
  assert_next (bench, PAYMENT "/captures");
  g_assert_cmpstr (bench_posted (bench)->plain, ==, first);
  bench_answer (bench, 400, "{\"status\":\"INVALID_REQUEST\",\"reason\":\"DUPLICATE_REQUEST\"}");
  assert_next (bench, SEARCH);
  bench_answer (bench, 201, NOT_FOUND);
  assert_done (&done, 2, TW_OUTCOME_UNKNOWN);

  capture (bench, &done);
  assert_next (bench, SEARCH);
  bench_answer (bench, 201, FOUND ("ics_bill", "s-17-capture-1", "1"));
  assert_done (&done, 3, TW_OUTCOME_DONE);
  g_assert_nonnull (done.reference);
  g_assert_cmpuint (bench->posts->len, ==, 0);
}

static void
test_after_a_restart_a_capture_is_looked_for_first (void)
{
  g_auto(Done) found = { 0 };
  g_auto(Done) failed = { 0 };
  g_auto(Done) unreachable = { 0 };
  g_autoptr(Bench) bench = bench_new ();

  bench_take_approved (bench);
  bench_restart (bench);
  capture (bench, &found);
  assert_next (bench, SEARCH);
  bench_answer (bench, 201, FOUND ("ics_bill", "s-17-capture-1", "1"));
  assert_done (&found, 1, TW_OUTCOME_DONE);

  capture (bench, &failed);
  bench_answer (bench, 201, FOUND ("ics_bill", "s-17-capture-1", "0"));
  assert_done (&failed, 1, TW_OUTCOME_REFUSED);

  capture (bench, &unreachable);
  bench_fail (bench, TW_ERROR_RETRY);
  assert_done (&unreachable, 1, TW_OUTCOME_UNKNOWN);
  g_assert_cmpuint (bench->posts->len, ==, 0);
}

static void
test_a_changed_configuration_changes_no_repeated_request (void)
{
  g_auto(Done) done = { 0 };
  g_autoptr(Bench) bench = bench_new ();

  bench_take_approved (bench);
  bench->options.terminal.comments = "another text";
  bench_restart (bench);
  capture (bench, &done);
  bench_answer (bench, 201, NOT_FOUND);
  g_assert_nonnull (strstr (bench_posted (bench)->plain, "\"comments\":\"EV\""));
}

static void
test_captures_answers_become_outcomes (void)
{
  static const struct { guint status; const char *body; TwOutcome outcome; } table[] = {
    { 201, "{\"status\":\"TRANSMITTED\"}", TW_OUTCOME_DONE },
    { 201, "{\"status\":\"NEW\"}", TW_OUTCOME_UNKNOWN },
    { 400, "{\"reason\":\"EXCEEDS_AUTH_AMOUNT\"}", TW_OUTCOME_REFUSED },
    { 400, "{\"reason\":\"AUTH_ALREADY_REVERSED\"}", TW_OUTCOME_REFUSED },
    { 400, "{\"reason\":\"PROCESSOR_UNAVAILABLE\"}", TW_OUTCOME_UNKNOWN },
    { 401, "", TW_OUTCOME_UNKNOWN },
    { 404, "{}", TW_OUTCOME_UNKNOWN },
    { 502, "{\"status\":\"SERVER_ERROR\"}", TW_OUTCOME_UNKNOWN },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr(Bench) bench = bench_new ();
      g_auto(Done) done = { 0 };

      bench_take_approved (bench);
      capture (bench, &done);
      bench_answer (bench, table[i].status, table[i].body);
      assert_done (&done, 1, table[i].outcome);
    }
}

static GBytes *
captured (Bench *bench)
{
  g_auto(Done) done = { 0 };

  bench_take_approved (bench);
  capture (bench, &done);
  bench_answer (bench, 201, "{\"id\":\"78\",\"status\":\"PENDING\"}");
  return g_bytes_ref (done.reference);
}

/* Nobody remembers whether it was sent before: it is always looked for first, and sent as the same bytes. */
static void
test_a_refund_without_an_answer_happens_once (void)
{
  g_auto(Done) done = { 0 };
  g_autoptr(Bench) bench = bench_new ();
  g_autoptr(GBytes) reference = captured (bench);
  g_autoptr(TwHold) hold = NULL;
  g_autofree char *first = NULL;

  tw_acceptor_refund (bench->acceptor, reference, "s-17-refund-3", 234, bench_on_done, &done);
  assert_next (bench, SEARCH);
  bench_answer (bench, 201, NOT_FOUND);
  assert_next (bench, "https://apitest.cybersource.com/pts/v2/captures/78/refunds");
  first = g_strdup (bench_posted (bench)->plain);
  g_assert_cmpstr (first, ==, "{\"clientReferenceInformation\":{\"code\":\"s-17\",\"transactionId\":\"s-17-refund-3\"},"
                   "\"orderInformation\":{\"amountDetails\":{\"totalAmount\":\"2.34\",\"currency\":\"EUR\"}}}");
  bench_fail (bench, TW_ERROR_TIMEOUT);
  assert_done (&done, 1, TW_OUTCOME_UNKNOWN);

  bench_restart (bench);
  tw_acceptor_refund (bench->acceptor, reference, "s-17-refund-3", 234, bench_on_done, &done);
  bench_answer (bench, 201, NOT_FOUND);
  g_assert_cmpstr (bench_posted (bench)->plain, ==, first);
  bench_answer (bench, 400, "{\"reason\":\"DUPLICATE_REQUEST\"}");
  assert_next (bench, SEARCH);
  bench_answer (bench, 201, FOUND ("ics_credit", "s-17-refund-3", "1"));
  assert_done (&done, 2, TW_OUTCOME_DONE);
  hold = tw_hold_from_reference (done.reference, NULL);
  g_assert_cmpstr (hold->capture_id, ==, "78");
  g_assert_cmpuint (g_strv_length (hold->refund_ids), ==, 1);
}

/* Two of one sale, of the same amount: the second one is not taken for the first. */
static void
test_a_second_refund_is_another_one (void)
{
  g_auto(Done) first = { 0 };
  g_auto(Done) second = { 0 };
  g_autoptr(Bench) bench = bench_new ();
  g_autoptr(GBytes) reference = captured (bench);
  g_autoptr(TwHold) hold = NULL;
  const char *summary = "{\"_embedded\":{\"transactionSummaries\":[{\"id\":\"90\",\"clientReferenceInformation\":"
                        "{\"code\":\"s-17\"},\"applicationInformation\":{\"applications\":[{\"name\":"
                        "\"ics_credit\",\"rCode\":\"1\"}]}}]}}";

  tw_acceptor_refund (bench->acceptor, reference, "s-17-refund-3", 100, bench_on_done, &first);
  bench_answer (bench, 201, NOT_FOUND);
  bench_answer (bench, 201, "{\"id\":\"90\",\"status\":\"PENDING\"}");
  assert_done (&first, 1, TW_OUTCOME_DONE);

  tw_acceptor_refund (bench->acceptor, first.reference, "s-17-refund-4", 100, bench_on_done, &second);
  bench_answer (bench, 201, summary);
  assert_next (bench, "https://apitest.cybersource.com/pts/v2/captures/78/refunds");
  bench_answer (bench, 201, "{\"id\":\"91\",\"status\":\"PENDING\"}");
  assert_done (&second, 1, TW_OUTCOME_DONE);
  hold = tw_hold_from_reference (second.reference, NULL);
  g_assert_cmpstr (hold->refund_ids[0], ==, "90");
  g_assert_cmpstr (hold->refund_ids[1], ==, "91");
  g_assert_null (hold->refund_ids[2]);
}

static void
test_what_was_not_captured_is_not_refunded (void)
{
  g_auto(Done) done = { 0 };
  g_autoptr(Bench) bench = bench_new ();

  bench_take_approved (bench);
  tw_acceptor_refund (bench->acceptor, bench->taken.reference, "s-17-refund-2", 100, bench_on_done, &done);
  bench_loop (bench);
  assert_done (&done, 1, TW_OUTCOME_REFUSED);
  g_assert_cmpuint (bench->posts->len, ==, 0);
}

static void
test_a_hold_is_released_by_its_id (void)
{
  g_auto(Done) done = { 0 };
  g_autoptr(Bench) bench = bench_new ();
  g_autofree char *first = NULL;

  bench_take_approved (bench);
  bench_restart (bench);
  release (bench, &done);
  assert_next (bench, PAYMENT "/reversals");
  first = g_strdup (bench_posted (bench)->plain);
  bench_fail (bench, TW_ERROR_GONE);
  assert_done (&done, 1, TW_OUTCOME_UNKNOWN);

  release (bench, &done);
  g_assert_cmpstr (bench_posted (bench)->plain, ==, first);
  bench_answer (bench, 400, "{\"reason\":\"AUTH_ALREADY_REVERSED\"}");
  assert_done (&done, 2, TW_OUTCOME_DONE);
}

static void
test_a_duplicate_release_is_looked_for (void)
{
  g_auto(Done) done = { 0 };
  g_autoptr(Bench) bench = bench_new ();

  bench_take_approved (bench);
  release (bench, &done);
  bench_answer (bench, 400, "{\"reason\":\"DUPLICATE_REQUEST\"}");
  assert_next (bench, SEARCH);
  bench_answer (bench, 201, FOUND ("ics_auth_reversal", "s-17-release-1", "1"));
  assert_done (&done, 1, TW_OUTCOME_DONE);

  release (bench, &done);
  bench_answer (bench, 400, "{\"reason\":\"TRANSACTION_ALREADY_REVERSED_OR_SETTLED\"}");
  bench_answer (bench, 201, FOUND ("ics_bill", "s-17-capture-1", "1"));
  assert_done (&done, 2, TW_OUTCOME_REFUSED);
}

static void
test_an_unanswered_take_is_released_by_our_own_id (void)
{
  g_auto(Done) done = { 0 };
  g_autoptr(Bench) bench = bench_new ();

  bench_take_to_post (bench);
  bench_fail (bench, TW_ERROR_TIMEOUT);
  bench_restart (bench);
  release (bench, &done);
  assert_next (bench, "https://apitest.cybersource.com/pts/v2/reversals");
  g_assert_nonnull (strstr (bench_posted (bench)->plain, "\"transactionId\":\"s-17-authorize-1\""));
  bench_answer (bench, 201, "{\"status\":\"REVERSED\"}");
  assert_done (&done, 1, TW_OUTCOME_DONE);
}

/* The authorization may still be under way, and make a hold after we have been told that there is none. */
static void
test_nothing_to_reverse_is_believed_only_after_a_while (void)
{
  static const struct { guint status; const char *body; } nothing[] = {
    { 404, "{\"status\":\"NOT_FOUND\"}" }, { 400, "{\"reason\":\"MISSING_AUTH\"}" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (nothing); i++)
    {
      g_autoptr(Bench) bench = bench_new ();
      g_auto(Done) done = { 0 };

      bench_take_to_post (bench);
      bench_fail (bench, TW_ERROR_TIMEOUT);
      tw_virtual_clock_advance (bench->clock, 119999);
      tw_virtual_clock_step_wall (bench->clock, G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC);
      release (bench, &done);
      bench_answer (bench, nothing[i].status, nothing[i].body);
      assert_done (&done, 1, TW_OUTCOME_UNKNOWN);

      tw_virtual_clock_advance (bench->clock, 1);
      release (bench, &done);
      bench_answer (bench, nothing[i].status, nothing[i].body);
      assert_done (&done, 2, TW_OUTCOME_DONE);
    }
}

static void
test_after_a_restart_the_while_begins_with_the_first_question (void)
{
  g_auto(Done) done = { 0 };
  g_autoptr(Bench) bench = bench_new ();

  bench_take_to_post (bench);
  bench_restart (bench);
  release (bench, &done);
  bench_answer (bench, 404, "{}");
  assert_done (&done, 1, TW_OUTCOME_UNKNOWN);
  tw_virtual_clock_advance (bench->clock, 120000);
  release (bench, &done);
  bench_answer (bench, 404, "{}");
  assert_done (&done, 2, TW_OUTCOME_DONE);
}

static void
test_a_late_authorization_is_reversed (void)
{
  g_auto(Done) done = { 0 };
  g_autoptr(Bench) bench = bench_new ();

  bench_take_to_post (bench);
  bench_fail (bench, TW_ERROR_TIMEOUT);
  release (bench, &done);
  bench_answer (bench, 404, "{}");
  assert_done (&done, 1, TW_OUTCOME_UNKNOWN);
  release (bench, &done);
  bench_answer (bench, 201, "{\"status\":\"REVERSED\"}");
  assert_done (&done, 2, TW_OUTCOME_DONE);
}

static void
test_operations_of_two_sessions_run_at_once (void)
{
  g_auto(Done) first = { 0 };
  g_auto(Done) second = { 0 };
  g_autoptr(Bench) bench = bench_new ();
  static const char other_text[] = "{\"gateway\":\"cybersource\",\"code\":\"s-18\",\"id\":\"99\","
                                   "\"transaction_id\":\"s-18-authorize-1\",\"amount_minor\":5000,"
                                   "\"currency\":\"EUR\"}";
  g_autoptr(GBytes) other = g_bytes_new_static (other_text, strlen (other_text));

  bench_take_approved (bench);
  capture (bench, &first);
  tw_acceptor_release (bench->acceptor, other, "s-18-release-1", bench_on_done, &second);
  bench_take (bench);
  g_assert_cmpuint (bench->posts->len, ==, 2);
  bench_answer_newest (bench, 201, "{\"status\":\"REVERSED\"}");
  assert_done (&second, 1, TW_OUTCOME_DONE);
  g_assert_cmpuint (first.n_done, ==, 0);
  bench_answer (bench, 201, "{\"id\":\"78\",\"status\":\"PENDING\"}");
  assert_done (&first, 1, TW_OUTCOME_DONE);
}

static void
test_what_can_never_be_done_is_refused_from_the_loop (void)
{
  static const char *const bad[] = {
    "", "{}", "null", "{\"gateway\":\"cybersource\",\"code\":\"s\",\"amount_minor\":1,\"currency\":\"EUR\"}",
    "{\"gateway\":\"cybersource\",\"code\":\"s\",\"transaction_id\":\"t\",\"amount_minor\":0,\"currency\":\"EUR\"}",
  };
  g_auto(Done) refund = { 0 };
  g_auto(Done) raise = { 0 };
  g_auto(Done) lost = { 0 };
  g_auto(Done) over = { 0 };
  g_autoptr(Bench) bench = bench_new ();

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(GBytes) reference = g_bytes_new_static (bad[i], strlen (bad[i]));
      g_auto(Done) done = { 0 };

      tw_acceptor_release (bench->acceptor, reference, "s-17-release-1", bench_on_done, &done);
      g_assert_cmpuint (done.n_done, ==, 0);
      bench_loop (bench);
      assert_done (&done, 1, TW_OUTCOME_REFUSED);
    }

  bench_take_to_post (bench);
  bench_fail (bench, TW_ERROR_TIMEOUT);
  capture (bench, &lost);
  bench_loop (bench);
  assert_done (&lost, 1, TW_OUTCOME_REFUSED);

  bench_take_approved (bench);
  tw_acceptor_refund (bench->acceptor, bench->taken.reference, "s-17-refund-1", 1, bench_on_done, &refund);
  tw_acceptor_raise (bench->acceptor, bench->taken.reference, "s-17-raise-1", 5000, bench_on_done, &raise);
  tw_acceptor_capture (bench->acceptor, bench->taken.reference, "s-17-capture-1", 4501, bench_on_done, &over);
  g_assert_cmpuint (refund.n_done + raise.n_done + over.n_done, ==, 0);
  bench_loop (bench);
  assert_done (&refund, 1, TW_OUTCOME_REFUSED);
  assert_done (&raise, 1, TW_OUTCOME_REFUSED);
  assert_done (&over, 1, TW_OUTCOME_REFUSED);
  g_assert_cmpuint (bench->posts->len, ==, 0);
}

/* A configuration that lost its gateway may get it back: the money stays an open question. */
static void
test_what_cannot_be_asked_now_stays_unknown (void)
{
  g_auto(Done) unconfigured = { 0 };
  g_auto(Done) inquired = { 0 };
  g_autoptr(Bench) bench = bench_new ();
  g_autoptr(GBytes) nonsense = g_bytes_new_static ("{}", 2);

  bench_take_approved (bench);
  tw_acceptor_inquire (bench->acceptor, nonsense, "s-17-capture-1", bench_on_done, &inquired);
  bench_loop (bench);
  assert_done (&inquired, 1, TW_OUTCOME_UNKNOWN);

  bench->options.secret = NULL;
  bench_restart (bench);
  capture (bench, &unconfigured);
  bench_loop (bench);
  assert_done (&unconfigured, 1, TW_OUTCOME_UNKNOWN);
  g_assert_cmpstr (unconfigured.detail, ==, "gateway-not-configured");
}

static void
test_inquiries_ask_about_their_own_operation (void)
{
  g_auto(Done) done = { 0 };
  g_autoptr(Bench) bench = bench_new ();

  bench_take_approved (bench);
  tw_acceptor_inquire (bench->acceptor, bench->taken.reference, "s-17-authorize-1", bench_on_done, &done);
  g_assert_cmpstr (bench_posted (bench)->method, ==, "GET");
  assert_next (bench, "https://apitest.cybersource.com/tss/v2/transactions/7700000000000000000001");
  bench_answer (bench, 200,
                "{\"applicationInformation\":{\"applications\":[{\"name\":\"ics_auth\",\"rCode\":\"1\"}]}}");
  assert_done (&done, 1, TW_OUTCOME_DONE);

  tw_acceptor_inquire (bench->acceptor, bench->taken.reference, "s-17-capture-1", bench_on_done, &done);
  assert_next (bench, SEARCH);
  bench_answer (bench, 201, FOUND ("ics_auth", "s-17-authorize-1", "1"));
  assert_done (&done, 2, TW_OUTCOME_UNKNOWN);

  tw_acceptor_inquire (bench->acceptor, bench->taken.reference, "s-17-capture-1", bench_on_done, &done);
  bench_answer (bench, 201, FOUND ("ics_bill", "s-17-capture-1", "1"));
  assert_done (&done, 3, TW_OUTCOME_DONE);

  tw_acceptor_inquire (bench->acceptor, bench->taken.reference, "s-17-release-1", bench_on_done, &done);
  bench_answer (bench, 201, FOUND ("ics_auth_reversal", "s-17-release-1", "0"));
  assert_done (&done, 4, TW_OUTCOME_REFUSED);
}

static void
test_freed_under_way_nothing_is_known (void)
{
  g_auto(Done) asked = { 0 };
  g_auto(Done) refused = { 0 };
  g_autoptr(Bench) bench = bench_new ();
  g_autoptr(GBytes) nonsense = g_bytes_new_static ("{}", 2);

  bench_take_approved (bench);
  capture (bench, &asked);
  tw_acceptor_release (bench->acceptor, nonsense, "s-1-release-1", bench_on_done, &refused);
  g_clear_pointer (&bench->acceptor, tw_acceptor_free);
  assert_done (&asked, 1, TW_OUTCOME_UNKNOWN);
  assert_done (&refused, 1, TW_OUTCOME_UNKNOWN);
  bench_loop (bench);
  bench_answer (bench, 201, "{\"id\":\"78\",\"status\":\"PENDING\"}");
  g_assert_cmpuint (asked.n_done + refused.n_done, ==, 2);
  bench_restart (bench);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/acceptor/a-refund-without-an-answer-happens-once", test_a_refund_without_an_answer_happens_once);
  g_test_add_func ("/acceptor/a-second-refund-is-another-one", test_a_second_refund_is_another_one);
  g_test_add_func ("/acceptor/what-was-not-captured-is-not-refunded", test_what_was_not_captured_is_not_refunded);
  g_test_add_func ("/card/a-fresh-hold-is-captured-at-once", test_a_fresh_hold_is_captured_at_once);
  g_test_add_func ("/card/a-capture-keeps-what-settlement-calls-it", test_a_capture_keeps_what_settlement_calls_it);
  g_test_add_func ("/card/a-capture-without-an-answer-happens-once", test_a_capture_without_an_answer_happens_once);
  g_test_add_func ("/card/after-a-restart-a-capture-is-looked-for-first",
                   test_after_a_restart_a_capture_is_looked_for_first);
  g_test_add_func ("/card/a-changed-configuration-changes-no-repeated-request",
                   test_a_changed_configuration_changes_no_repeated_request);
  g_test_add_func ("/card/captures-answers-become-outcomes", test_captures_answers_become_outcomes);
  g_test_add_func ("/card/a-hold-is-released-by-its-id", test_a_hold_is_released_by_its_id);
  g_test_add_func ("/card/a-duplicate-release-is-looked-for", test_a_duplicate_release_is_looked_for);
  g_test_add_func ("/card/an-unanswered-take-is-released-by-our-own-id",
                   test_an_unanswered_take_is_released_by_our_own_id);
  g_test_add_func ("/card/nothing-to-reverse-is-believed-only-after-a-while",
                   test_nothing_to_reverse_is_believed_only_after_a_while);
  g_test_add_func ("/card/after-a-restart-the-while-begins-with-the-first-question",
                   test_after_a_restart_the_while_begins_with_the_first_question);
  g_test_add_func ("/card/a-late-authorization-is-reversed", test_a_late_authorization_is_reversed);
  g_test_add_func ("/card/operations-of-two-sessions-run-at-once", test_operations_of_two_sessions_run_at_once);
  g_test_add_func ("/card/what-can-never-be-done-is-refused-from-the-loop",
                   test_what_can_never_be_done_is_refused_from_the_loop);
  g_test_add_func ("/card/what-cannot-be-asked-now-stays-unknown", test_what_cannot_be_asked_now_stays_unknown);
  g_test_add_func ("/card/inquiries-ask-about-their-own-operation", test_inquiries_ask_about_their_own_operation);
  g_test_add_func ("/card/freed-under-way-nothing-is-known", test_freed_under_way_nothing_is_known);

  return g_test_run ();
}
