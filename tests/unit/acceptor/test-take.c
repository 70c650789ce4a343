/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/acceptor/bench.h"

#include "app/base/error.h"
#include "app/base/json.h"

#include <string.h>

#define DIGEST "256b429bfc6e13826f0fc0bb842edcbf3e6449e3e51b6f0fb479b4f7f8f1c500"

static void
assert_ended (Bench      *bench,
              TwTakeEnd   end,
              const char *reason)
{
  g_assert_cmpuint (bench->taken.n_ended, ==, 1);
  g_assert_cmpint (bench->taken.end, ==, end);
  g_assert_cmpstr (bench->taken.reason, ==, reason);
}

static TwJson *
parse (GBytes *bytes)
{
  g_autoptr(GError) error = NULL;
  TwJson *json = tw_json_parse (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &TW_JSON_SMALL, &error);

  g_assert_no_error (error);
  return json;
}

static const char *
member (const TwJson *json,
        const char   *name)
{
  return tw_json_string (tw_json_member (json, name));
}

static void
test_a_tap_is_held (void)
{
  g_autoptr(Bench) bench = bench_new ();
  g_autoptr(TwJson) reference = NULL;
  g_autoptr(TwJson) approved = NULL;

  bench_take (bench);
  g_assert_cmpuint (bench->reader.n_authorize, ==, 1);
  g_assert_cmpint (bench->reader.amount.minor, ==, 4500);
  g_assert_cmpint (bench->reader.deadline_ms, ==, 45000);
  g_assert_nonnull (strstr (bench->reader.body, "\"transactionId\":\"s-17-authorize-1\""));
  g_assert_nonnull (strstr (bench->reader.body, "\"totalAmount\":\"45.00\""));
  bench->reader.events->hint (bench->reader.request, "hold-still", bench->reader.user_data);

  bench_seal (bench, NULL);
  g_assert_cmpuint (bench->taken.n_references, ==, 1);
  g_assert_cmpuint (bench->n_posts, ==, 0);             /* not before it is durable */
  reference = parse (bench->taken.reference);
  g_assert_cmpstr (member (reference, "gateway"), ==, "cybersource");
  g_assert_cmpstr (member (reference, "code"), ==, "s-17");
  g_assert_cmpstr (member (reference, "transaction_id"), ==, "s-17-authorize-1");
  g_assert_cmpstr (member (reference, "currency"), ==, "EUR");
  g_assert_cmpstr (tw_json_number_text (tw_json_member (reference, "amount_minor")), ==, "4500");
  /* printf '{"encryptedRequest":"made.by.the.card.reader"}' | sha256sum */
  g_assert_cmpstr (member (reference, "digest"), ==, DIGEST);
  g_assert_cmpstr (bench->taken.digest, ==, DIGEST);

  tw_acceptor_proceed (bench->acceptor);
  g_assert_cmpuint (bench->n_posts, ==, 1);
  g_assert_cmpstr (bench_posted (bench)->method, ==, "POST");
  g_assert_cmpstr (bench_posted (bench)->url, ==, "https://apitest.cybersource.com/pts/v2/payments");
  g_assert_true (g_str_has_prefix (bench_posted (bench)->authorization, "Authorization: Bearer eyJ"));
  g_assert_cmpuint (bench_posted (bench)->deadline_ms, ==, 30000);
  g_assert_cmpmem (g_bytes_get_data (bench_posted (bench)->posted, NULL),
                   g_bytes_get_size (bench_posted (bench)->posted),
                   "{\"encryptedRequest\":\"made.by.the.card.reader\"}", 46);

  bench_answer (bench, 201,
                "{\"id\":\"77\",\"status\":\"AUTHORIZED\",\"processorInformation\":{\"approvalCode\":\"831000\"}}");
  assert_ended (bench, TW_TAKE_APPROVED, NULL);
  g_assert_cmpint (bench->taken.held_minor, ==, 4500);
  g_assert_cmpstr (bench->taken.approval_code, ==, "831000");
  g_assert_cmpstr (bench->taken.masked, ==, "************0119");
  g_assert_cmpstr (bench->taken.prompts->str, ==, "hold-still;authorizing;");
  approved = parse (bench->taken.reference);
  g_assert_cmpstr (member (approved, "id"), ==, "77");
}

static void
test_a_decline_is_a_decline (void)
{
  g_autoptr(Bench) bench = bench_new ();

  bench_take_to_post (bench);
  bench_answer (bench, 201,
                "{\"id\":\"77\",\"status\":\"DECLINED\",\"errorInformation\":{\"reason\":\"STOLEN_LOST_CARD\"}}");
  assert_ended (bench, TW_TAKE_DECLINED, "declined");
}

static void
test_a_hold_in_part_is_to_be_released_and_shown_as_declined (void)
{
  g_auto(Done) done = { 0 };
  g_autoptr(Bench) bench = bench_new ();

  bench_take_to_post (bench);
  bench_answer (bench, 201, "{\"id\":\"77\",\"status\":\"PARTIAL_AUTHORIZED\",\"orderInformation\":{\"amountDetails\":"
                "{\"authorizedAmount\":\"20.00\",\"currency\":\"EUR\"}}}");
  assert_ended (bench, TW_TAKE_UNKNOWN, "declined");

  tw_acceptor_release (bench->acceptor, bench->taken.reference, "s-17-release-1", bench_on_done, &done);
  g_assert_cmpstr (bench_posted (bench)->url, ==, "https://apitest.cybersource.com/pts/v2/payments/77/reversals");
  g_assert_nonnull (strstr (bench_posted (bench)->plain, "\"totalAmount\":\"20.00\""));
  bench_answer (bench, 201, "{\"status\":\"REVERSED\"}");
  g_assert_cmpint (done.outcome, ==, TW_OUTCOME_DONE);
}

static void
test_no_answer_is_unknown (void)
{
  static const int codes[] = { TW_ERROR_TIMEOUT, TW_ERROR_GONE, TW_ERROR_BAD_DATA };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      g_autoptr(Bench) bench = bench_new ();

      bench_take_to_post (bench);
      bench_fail (bench, codes[i]);
      assert_ended (bench, TW_TAKE_UNKNOWN, "gateway-unreachable");
      g_assert_nonnull (bench->taken.reference);
    }
}

static void
test_answers_that_are_not_clear_are_unknown (void)
{
  static const struct { guint status; const char *body; } answers[] = {
    { 502, "{\"status\":\"SERVER_ERROR\",\"reason\":\"SERVER_TIMEOUT\"}" }, { 201, "" }, { 201,
                                                                                           "{\"status\":\"NEW\"}" },
    { 400, "{\"status\":\"INVALID_REQUEST\",\"reason\":\"DUPLICATE_REQUEST\"}" }, { 404, "{}" },
    { 201, "{\"encryptedResponse\":\"a.b.c.d.e\"}" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autoptr(Bench) bench = bench_new ();

      bench_take_to_post (bench);
      bench_answer (bench, answers[i].status, answers[i].body);
      assert_ended (bench, TW_TAKE_UNKNOWN, "gateway-unreachable");
    }
}

static void
test_what_provably_had_no_effect_has_failed (void)
{
  static const struct { guint status; const char *body; } answers[] = {
    { 0, NULL }, { 401, "{\"response\":{\"rmsg\":\"Authentication Failed\"}}" }, { 403, "" }, { 429, "" },
    { 400, "{\"status\":\"INVALID_REQUEST\",\"reason\":\"MISSING_FIELD\"}" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autoptr(Bench) bench = bench_new ();

      bench_take_to_post (bench);
      if (answers[i].status == 0)
        bench_fail (bench, TW_ERROR_RETRY);
      else
        bench_answer (bench, answers[i].status, answers[i].body);
      assert_ended (bench, TW_TAKE_FAILED, "gateway-unreachable");
    }
}

static void
answer_sealed_to (Bench           *bench,
                  const TwSealKey *to)
{
  static const char text[] = "{\"id\":\"77\",\"status\":\"AUTHORIZED\"}";
  g_autoptr(GBytes) plain = g_bytes_new_static (text, strlen (text));
  g_autofree char *jwe = tw_jwe_encrypt (to, plain, 0, NULL);
  g_autofree char *body = g_strdup_printf ("{\"encryptedResponse\":\"%s\"}", jwe);

  bench_answer (bench, 201, body);
}

static void
test_a_sealed_answer_is_opened (void)
{
  g_autoptr(Bench) bench = bench_new ();

  bench_take_to_post (bench);
  answer_sealed_to (bench, bench->service_key);      /* in these tests the pair serves both directions */
  assert_ended (bench, TW_TAKE_APPROVED, NULL);
}

static void
test_an_answer_sealed_to_another_key_is_unknown (void)
{
  g_autoptr(Bench) bench = bench_new ();
  g_autoptr(Bench) without = bench_new ();

  bench->options.response_key = bench->response_private;
  bench_restart (bench);
  bench_take_to_post (bench);
  answer_sealed_to (bench, bench->service_key);
  assert_ended (bench, TW_TAKE_UNKNOWN, "gateway-unreachable");

  without->options.response_key = NULL;
  without->options.response_key_id = NULL;
  bench_restart (without);
  bench_take_to_post (without);
  answer_sealed_to (without, without->service_key);
  assert_ended (without, TW_TAKE_UNKNOWN, "gateway-unreachable");
}

static void
test_cancelled_while_reading_the_reader_decides_when (void)
{
  g_autoptr(Bench) bench = bench_new ();

  bench_take (bench);
  tw_acceptor_cancel (bench->acceptor);
  tw_acceptor_cancel (bench->acceptor);
  g_assert_cmpuint (bench->reader.n_cancel, ==, 1);
  g_assert_cmpuint (bench->taken.n_ended, ==, 0);
  bench->reader.events->failed (bench->reader.request, "cancelled", FALSE, bench->reader.user_data);
  assert_ended (bench, TW_TAKE_FAILED, "cancelled");
}

static void
test_sealed_after_the_cancel_is_not_sent (void)
{
  g_autoptr(Bench) bench = bench_new ();

  bench_take (bench);
  tw_acceptor_cancel (bench->acceptor);
  bench_seal (bench, NULL);
  assert_ended (bench, TW_TAKE_FAILED, "cancelled");
  g_assert_cmpuint (bench->taken.n_references, ==, 0);
  tw_acceptor_proceed (bench->acceptor);
  g_assert_cmpuint (bench->n_posts, ==, 0);
}

static void
test_cancelled_before_it_is_durable_nothing_is_sent (void)
{
  g_autoptr(Bench) bench = bench_new ();

  bench_take (bench);
  bench_seal (bench, NULL);
  tw_acceptor_cancel (bench->acceptor);
  g_assert_cmpuint (bench->taken.n_ended, ==, 0);       /* never from inside the call */
  tw_acceptor_proceed (bench->acceptor);
  bench_loop (bench);
  assert_ended (bench, TW_TAKE_FAILED, "cancelled");
  g_assert_cmpuint (bench->n_posts, ==, 0);
}

static void
test_cancelled_too_late_the_answer_decides (void)
{
  g_autoptr(Bench) bench = bench_new ();

  bench_take_to_post (bench);
  tw_acceptor_cancel (bench->acceptor);
  bench_loop (bench);
  g_assert_cmpuint (bench->taken.n_ended, ==, 0);
  bench_answer (bench, 201, "{\"id\":\"77\",\"status\":\"AUTHORIZED\"}");
  assert_ended (bench, TW_TAKE_APPROVED, NULL);
}

static void
test_the_readers_failures_keep_their_codes (void)
{
  static const char *const codes[][2] = {
    { "reader-lost", "reader-lost" }, { "timeout", "timeout" }, { "not-accepted", "not-accepted" },
    { "not-known-here", "not-known-here" }, { "see-phone", "see-phone" }, { "other-card", "other-card" },
    { "declined", "declined" }, { "stack smashed", "reader-lost" }, { NULL, "reader-lost" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      g_autoptr(Bench) bench = bench_new ();

      bench_take (bench);
      bench->reader.events->failed (bench->reader.request, codes[i][0], TRUE, bench->reader.user_data);
      assert_ended (bench, TW_TAKE_FAILED, codes[i][1]);
      g_assert_cmpuint (bench->n_posts, ==, 0);
    }
}

static void
test_the_reader_is_not_needed_any_more_once_sealed (void)
{
  g_autoptr(Bench) bench = bench_new ();

  bench_take_to_post (bench);
  bench->reader.events->failed (bench->reader.request, "reader-lost", FALSE, bench->reader.user_data);
  g_assert_cmpuint (bench->taken.n_ended, ==, 0);
  bench_answer (bench, 201, "{\"id\":\"77\",\"status\":\"AUTHORIZED\"}");
  assert_ended (bench, TW_TAKE_APPROVED, NULL);
}

static void
test_events_of_other_requests_are_ignored (void)
{
  g_autoptr(Bench) bench = bench_new ();
  const TwCard card = { .kind = "emv", .masked = "************0119" };
  guint64 request;

  bench_take (bench);
  request = bench->reader.request;
  bench->reader.events->failed (request - 1, "timeout", FALSE, bench->reader.user_data);
  bench->reader.events->hint (request + 1, "hold-still", bench->reader.user_data);
  bench->reader.events->card (request, &card, bench->reader.user_data);
  bench->reader.request = request - 1;
  bench_seal (bench, NULL);
  bench->reader.request = request;
  g_assert_cmpuint (bench->taken.n_ended + bench->taken.n_references, ==, 0);
  g_assert_cmpstr (bench->taken.prompts->str, ==, "");
  bench_seal (bench, NULL);
  bench_seal (bench, NULL);
  g_assert_cmpuint (bench->taken.n_references, ==, 1);
}

static void
test_a_wrong_digest_is_not_sent (void)
{
  g_autoptr(Bench) bench = bench_new ();

  bench_take (bench);
  bench_seal (bench, "0000000000000000000000000000000000000000000000000000000000000000");
  assert_ended (bench, TW_TAKE_FAILED, "reader-lost");
  tw_acceptor_proceed (bench->acceptor);
  g_assert_cmpuint (bench->n_posts, ==, 0);
}

static void
test_not_ready_is_told_and_fails_from_the_loop (void)
{
  g_autoptr(Bench) bench = bench_new ();
  const char *why_not = NULL;

  g_assert_true (tw_acceptor_ready (bench->acceptor, &why_not));
  bench->reader.ready = FALSE;
  bench->reader.events->changed (bench->reader.user_data);
  g_assert_cmpuint (bench->n_changed, ==, 1);
  g_assert_false (tw_acceptor_ready (bench->acceptor, &why_not));
  g_assert_cmpstr (why_not, ==, "reader-starting");
  bench_take (bench);
  g_assert_cmpuint (bench->taken.n_ended, ==, 0);
  bench_loop (bench);
  assert_ended (bench, TW_TAKE_FAILED, "reader-lost");
  g_assert_cmpuint (bench->reader.n_authorize, ==, 0);
}

static void
test_a_gateway_without_what_it_needs_is_not_ready (void)
{
  g_autoptr(Bench) bench = bench_new ();
  const char *why_not = NULL;

  tw_virtual_clock_step_wall (bench->clock,
                              (tw_seal_key_expiry_s (bench->service_key) - 60 * 60 * 24) * G_USEC_PER_SEC);
  g_assert_false (tw_acceptor_ready (bench->acceptor, &why_not));
  g_assert_cmpstr (why_not, ==, "gateway-certificate-expired");

  bench->options.secret = NULL;
  bench_restart (bench);
  g_assert_false (tw_acceptor_ready (bench->acceptor, &why_not));
  g_assert_cmpstr (why_not, ==, "gateway-not-configured");

  bench->options.secret = bench->secret;
  bench->options.gateway_kind = "another";
  bench_restart (bench);
  g_assert_false (tw_acceptor_ready (bench->acceptor, NULL));
  bench_take (bench);
  bench_loop (bench);
  assert_ended (bench, TW_TAKE_FAILED, "gateway-unreachable");
}

static void
test_the_next_take_may_begin_when_one_ends (void)
{
  g_autoptr(Bench) bench = bench_new ();

  bench->taken.take_again = TRUE;
  bench_take (bench);
  bench->reader.events->failed (bench->reader.request, "timeout", TRUE, bench->reader.user_data);
  g_assert_cmpuint (bench->reader.n_authorize, ==, 2);
  bench_seal (bench, NULL);
  g_assert_cmpuint (bench->taken.n_references, ==, 1);
}

static void
test_a_card_is_identified_without_money (void)
{
  g_autoptr(Bench) bench = bench_new ();
  const TwCard card = { .kind = "uid", .masked = "04AB" };

  bench_identify (bench);
  g_assert_cmpuint (bench->reader.n_identify, ==, 1);
  g_assert_cmpint (bench->reader.deadline_ms, ==, 30000);
  bench->reader.events->card (bench->reader.request, &card, bench->reader.user_data);
  g_assert_cmpuint (bench->n_identified, ==, 1);
  g_assert_cmpstr (bench->identified, ==, "04AB");

  bench_identify (bench);
  tw_acceptor_cancel (bench->acceptor);
  bench->reader.events->failed (bench->reader.request, "cancelled", FALSE, bench->reader.user_data);
  g_assert_cmpuint (bench->n_identified, ==, 2);
  g_assert_null (bench->identified);

  bench_identify (bench);
  bench->reader.events->failed (bench->reader.request, "not-accepted", FALSE, bench->reader.user_data);
  g_assert_cmpuint (bench->n_identified, ==, 3);
  g_assert_cmpstr (bench->identified, ==, "unaccepted");

  bench->reader.ready = FALSE;
  g_assert_false (tw_acceptor_capabilities (bench->acceptor).can_identify);
  bench_identify (bench);
  g_assert_cmpuint (bench->n_identified, ==, 3);
  bench_loop (bench);
  g_assert_cmpuint (bench->n_identified, ==, 4);
  g_assert_cmpuint (bench->n_posts, ==, 0);
}

static void
test_bank_cards_off_takes_nothing_and_settles_the_rest (void)
{
  g_auto(Done) done = { 0 };
  g_autoptr(Bench) bench = bench_new ();
  const char *why_not = NULL;

  bench_take_approved (bench);
  bench->options.off = TRUE;
  bench_restart (bench);
  g_assert_false (tw_acceptor_ready (bench->acceptor, &why_not));
  g_assert_cmpstr (why_not, ==, "bank-cards-off");
  g_assert_true (tw_acceptor_capabilities (bench->acceptor).can_identify);

  tw_acceptor_release (bench->acceptor, bench->taken.reference, "s-17-release-2", bench_on_done, &done);
  g_assert_nonnull (bench_posted (bench));
  g_assert_cmpstr (bench_posted (bench)->method, ==, "POST");
}

static void
test_freed_at_any_moment_it_is_told_once (void)
{
  for (guint moment = 0; moment < 5; moment++)
    {
      g_autoptr(Bench) bench = bench_new ();

      if (moment == 4)
        bench_identify (bench);
      else
        bench_take (bench);
      if (moment == 1)
        bench_seal (bench, NULL);
      if (moment == 2)
        {
          bench_seal (bench, NULL);
          tw_acceptor_cancel (bench->acceptor);
        }
      if (moment == 3)
        {
          bench_seal (bench, NULL);
          tw_acceptor_proceed (bench->acceptor);
        }
      g_clear_pointer (&bench->acceptor, tw_acceptor_free);
      g_assert_cmpuint (bench->taken.n_ended, ==, moment == 4 ? 0 : 1);
      g_assert_cmpuint (bench->n_identified, ==, moment == 4 ? 1 : 0);
      g_assert_null (bench->identified);
      if (moment < 4)   /* after proceed only the answer would have told */
        g_assert_cmpint (bench->taken.end, ==, moment == 3 ? TW_TAKE_UNKNOWN : TW_TAKE_FAILED);
      bench_loop (bench);
      if (moment == 3)
        bench_answer (bench, 201, "{\"id\":\"77\",\"status\":\"AUTHORIZED\"}");
      g_assert_cmpuint (bench->taken.n_ended + bench->n_identified, ==, 1);
      g_assert_cmpuint (bench->reader.n_cancel, ==, moment == 0 || moment == 4 ? 1 : 0);
      bench_restart (bench);
    }
}

static void
test_what_it_can_do (void)
{
  g_autoptr(Bench) bench = bench_new ();
  TwAcceptorCapabilities can = tw_acceptor_capabilities (bench->acceptor);

  g_assert_true (can.can_capture_less && can.can_refund && can.can_identify && can.test_mode);
  g_assert_false (can.can_raise || can.works_offline);
  g_assert_cmpuint (can.hold_life_hours, ==, 24);
  g_assert_cmpstr (tw_operation_name (TW_OPERATION_AUTHORIZE), ==, "authorize");
  g_assert_cmpstr (tw_operation_name (TW_OPERATION_RELEASE), ==, "release");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/card/a-tap-is-held", test_a_tap_is_held);
  g_test_add_func ("/card/a-decline-is-a-decline", test_a_decline_is_a_decline);
  g_test_add_func ("/card/a-hold-in-part-is-to-be-released-and-shown-as-declined",
                   test_a_hold_in_part_is_to_be_released_and_shown_as_declined);
  g_test_add_func ("/card/no-answer-is-unknown", test_no_answer_is_unknown);
  g_test_add_func ("/card/answers-that-are-not-clear-are-unknown", test_answers_that_are_not_clear_are_unknown);
  g_test_add_func ("/card/what-provably-had-no-effect-has-failed", test_what_provably_had_no_effect_has_failed);
  g_test_add_func ("/card/a-sealed-answer-is-opened", test_a_sealed_answer_is_opened);
  g_test_add_func ("/card/an-answer-sealed-to-another-key-is-unknown", test_an_answer_sealed_to_another_key_is_unknown);
  g_test_add_func ("/card/cancelled-while-reading-the-reader-decides-when",
                   test_cancelled_while_reading_the_reader_decides_when);
  g_test_add_func ("/card/sealed-after-the-cancel-is-not-sent", test_sealed_after_the_cancel_is_not_sent);
  g_test_add_func ("/card/cancelled-before-it-is-durable-nothing-is-sent",
                   test_cancelled_before_it_is_durable_nothing_is_sent);
  g_test_add_func ("/card/cancelled-too-late-the-answer-decides", test_cancelled_too_late_the_answer_decides);
  g_test_add_func ("/card/the-readers-failures-keep-their-codes", test_the_readers_failures_keep_their_codes);
  g_test_add_func ("/card/the-reader-is-not-needed-any-more-once-sealed",
                   test_the_reader_is_not_needed_any_more_once_sealed);
  g_test_add_func ("/card/events-of-other-requests-are-ignored", test_events_of_other_requests_are_ignored);
  g_test_add_func ("/card/a-wrong-digest-is-not-sent", test_a_wrong_digest_is_not_sent);
  g_test_add_func ("/card/not-ready-is-told-and-fails-from-the-loop", test_not_ready_is_told_and_fails_from_the_loop);
  g_test_add_func ("/card/a-gateway-without-what-it-needs-is-not-ready",
                   test_a_gateway_without_what_it_needs_is_not_ready);
  g_test_add_func ("/card/the-next-take-may-begin-when-one-ends", test_the_next_take_may_begin_when_one_ends);
  g_test_add_func ("/card/a-card-is-identified-without-money", test_a_card_is_identified_without_money);
  g_test_add_func ("/card/bank-cards-off-takes-nothing-and-settles-the-rest",
                   test_bank_cards_off_takes_nothing_and_settles_the_rest);
  g_test_add_func ("/card/freed-at-any-moment-it-is-told-once", test_freed_at_any_moment_it_is_told_once);
  g_test_add_func ("/card/what-it-can-do", test_what_it_can_do);

  return g_test_run ();
}
