/* SPDX-License-Identifier: Apache-2.0 */
/* What each answer means: the tables of the facts page (sections 5 and 9), line by line. */
#include "payment/gateway/gateway.h"

#include <string.h>

typedef enum { BY_ID, BY_TRANSACTION } Known;

static TwGatewayAsk
an_ask (TwGatewayCall call,
        Known         known)
{
  return (TwGatewayAsk) {
    .call = call,
    .hold = { .code = "s-17", .transaction_id = "s-17-authorize-1", .id = known == BY_ID ? "77" : NULL,
              .amount = tw_money (4500, "EUR") },
    .transaction_id = "s-17-other-1",
    .amount = tw_money (1234, "EUR"),
  };
}

static TwGatewayAnswer *
read_how (TwGatewayAsk  ask,
          TwGatewayHow  how,
          guint         status,
          const char   *text)
{
  g_autoptr(GBytes) body = text == NULL ? NULL : g_bytes_new (text, strlen (text));

  return tw_gateway_read (tw_gateway_find ("cybersource"), &ask, how, status, body);
}

static void
assert_end (TwGatewayAsk  ask,
            TwGatewayHow  how,
            guint         status,
            const char   *text,
            TwGatewayEnd  end)
{
  g_autoptr(TwGatewayAnswer) answer = read_how (ask, how, status, text);

  g_assert_cmpint (answer->end, ==, end);
}

#define APPROVED(status, amount, currency) \
  "{\"id\":\"7700000000000000000001\",\"status\":\"" status "\",\"clientReferenceInformation\":{\"code\":\"s-17\"}," \
  "\"processorInformation\":{\"approvalCode\":\"831000\",\"responseCode\":\"00\"," \
  "\"networkTransactionId\":\"016153570198200\"}," \
  "\"orderInformation\":{\"amountDetails\":{\"authorizedAmount\":\"" amount "\",\"currency\":\"" currency "\"}}}"

static void
test_an_approval_has_all_that_follows_need (void)
{
  g_autoptr(TwGatewayAnswer) answer = read_how (an_ask (TW_GATEWAY_AUTHORIZE, BY_TRANSACTION), TW_GATEWAY_DO, 201,
                                                APPROVED ("AUTHORIZED", "45.00", "EUR"));

  g_assert_cmpint (answer->end, ==, TW_GATEWAY_APPROVED);
  g_assert_null (answer->reason);
  g_assert_cmpstr (answer->id, ==, "7700000000000000000001");
  g_assert_cmpstr (answer->approval_code, ==, "831000");
  g_assert_cmpstr (answer->network_id, ==, "016153570198200");
  g_assert_cmpint (answer->amount.minor, ==, 4500);
  g_assert_cmpstr (answer->amount.currency, ==, "EUR");
}

/* A hold exists, but not the one we asked for: to be reversed by what was authorized, and shown as declined. */
static void
test_holds_that_we_do_not_want_are_told_apart (void)
{
  static const struct { const char *text; gint64 minor; } unwanted[] = {
    { APPROVED ("PARTIAL_AUTHORIZED", "20.00", "EUR"), 2000 },
    { APPROVED ("PARTIAL_AUTHORIZED", "45.00", "EUR"), 4500 },
    { APPROVED ("AUTHORIZED_PENDING_REVIEW", "45.00", "EUR"), 4500 },
    { APPROVED ("AUTHORIZED_RISK_DECLINED", "45.00", "EUR"), 4500 },
    { APPROVED ("AUTHORIZED", "20.00", "EUR"), 2000 },
    { APPROVED ("AUTHORIZED", "45.01", "EUR"), 4501 },
    { "{\"id\":\"7\",\"status\":\"AUTHORIZED_RISK_DECLINED\"}", 4500 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (unwanted); i++)
    {
      g_autoptr(TwGatewayAnswer) answer = read_how (an_ask (TW_GATEWAY_AUTHORIZE, BY_TRANSACTION), TW_GATEWAY_DO, 201,
                                                    unwanted[i].text);

      g_assert_cmpint (answer->end, ==, TW_GATEWAY_UNWANTED);
      g_assert_cmpstr (answer->reason, ==, "declined");
      g_assert_nonnull (answer->id);
      g_assert_cmpint (answer->amount.minor, ==, unwanted[i].minor);
    }
}

static void
test_unclear_approvals_are_unknown (void)
{
  static const char *const unclear[] = {
    NULL, "", "OK", "[]", "{}", "null", "{\"status\":\"AUTHORIZED\"}", "{\"id\":\"7/8\",\"status\":\"AUTHORIZED\"}",
    "{\"id\":7,\"status\":\"AUTHORIZED\"}", "{\"id\":\"7\",\"status\":\"authorized\"}",
    "{\"id\":\"7\",\"status\":\"SETTLED\"}", "{\"id\":\"7\"}", "{\"id\":\"7\",\"status\":\"AUTHORIZED\"",
    "{\"id\":\"7\",\"status\":\"AUTHORIZED\",\"status\":\"DECLINED\"}",
    "{\"id\":\"7\",\"status\":\"AUTHORIZED\",\"clientReferenceInformation\":{\"code\":\"s-18\"}}",
    "{\"id\":\"7\",\"status\":\"DECLINED\",\"clientReferenceInformation\":{\"code\":\"s-18\"}}",
    APPROVED ("AUTHORIZED", "45.00", "USD"), APPROVED ("AUTHORIZED", "45.001", "EUR"),
    APPROVED ("AUTHORIZED", "", "EUR"), APPROVED ("AUTHORIZED", "0.00", "EUR"),
    APPROVED ("AUTHORIZED", "-45.00", "EUR"), APPROVED ("AUTHORIZED", "4.5e1", "EUR"),
    "{\"id\":\"7\",\"status\":\"AUTHORIZED\",\"orderInformation\":{\"amountDetails\":{\"authorizedAmount\":45.00}}}",
    "{\"encryptedResponse\":\"a.b.c.d.e\"}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (unclear); i++)
    assert_end (an_ask (TW_GATEWAY_AUTHORIZE, BY_TRANSACTION), TW_GATEWAY_DO, 201, unclear[i], TW_GATEWAY_UNKNOWN);
}

static void
test_declines_speak_the_kiosks_codes (void)
{
  static const struct { const char *reason, *code; } declines[] = {
    { "CONTACT_PROCESSOR", "declined" }, { "EXPIRED_CARD", "other-card" }, { "PROCESSOR_DECLINED", "declined" },
    { "INSUFFICIENT_FUND", "declined" }, { "STOLEN_LOST_CARD", "declined" },
    { "ISSUER_UNAVAILABLE", "gateway-unreachable" }, { "UNAUTHORIZED_CARD", "not-accepted" },
    { "EXCEEDS_CREDIT_LIMIT", "declined" }, { "BLOCKED_BY_CARDHOLDER", "declined" },
    { "SUSPENDED_ACCOUNT", "declined" }, { "PAYMENT_REFUSED", "declined" }, { "INVALID_ACCOUNT", "other-card" },
    { "GENERAL_DECLINE", "declined" }, { "INVALID_MERCHANT_CONFIGURATION", "gateway-unreachable" },
    { "PROCESSOR_ERROR", "gateway-unreachable" }, { "ALLOWABLE_PIN_RETRIES_EXCEEDED", "declined" },
    { "SCORE_EXCEEDS_THRESHOLD", "declined" }, { "never heard of", "declined" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (declines); i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"id\":\"7\",\"status\":\"DECLINED\","
                                               "\"errorInformation\":{\"reason\":\"%s\"}}", declines[i].reason);
      g_autoptr(TwGatewayAnswer) answer = read_how (an_ask (TW_GATEWAY_AUTHORIZE, BY_TRANSACTION), TW_GATEWAY_DO, 201,
                                                    text);

      g_assert_cmpint (answer->end, ==, TW_GATEWAY_DECLINED);
      g_assert_cmpstr (answer->reason, ==, declines[i].code);
    }

  assert_end (an_ask (TW_GATEWAY_AUTHORIZE, BY_TRANSACTION), TW_GATEWAY_DO, 201, "{\"status\":\"DECLINED\"}",
              TW_GATEWAY_DECLINED);
  assert_end (an_ask (TW_GATEWAY_AUTHORIZE, BY_TRANSACTION), TW_GATEWAY_DO, 201,
              "{\"status\":\"PENDING_AUTHENTICATION\"}", TW_GATEWAY_DECLINED);
  assert_end (an_ask (TW_GATEWAY_AUTHORIZE, BY_TRANSACTION), TW_GATEWAY_DO, 201, "{\"status\":\"PENDING_REVIEW\"}",
              TW_GATEWAY_DECLINED);
}

/* Columns: authorize, capture, reversal by id, timeout reversal, refund. */
static void
test_wrong_requests_mean_what_the_table_says (void)
{
#define D TW_GATEWAY_DUPLICATE
#define R TW_GATEWAY_RETRY
#define N TW_GATEWAY_REFUSED
#define U TW_GATEWAY_UNKNOWN
  static const struct { const char *reason; TwGatewayEnd ends[5]; } table[] = {
    { "DUPLICATE_REQUEST", { D, D, D, D, D } },
    { "MISSING_FIELD", { R, N, N, R, N } },
    { "INVALID_DATA", { R, N, N, R, N } },
    { "INVALID_CARD", { TW_GATEWAY_DECLINED, N, N, R, N } },
    { "CARD_TYPE_NOT_ACCEPTED", { TW_GATEWAY_DECLINED, N, N, R, N } },
    { "INVALID_CARD_TYPE", { TW_GATEWAY_DECLINED, N, N, R, N } },
    { "INVALID_MERCHANT_CONFIGURATION", { R, R, R, R, R } },
    { "PROCESSOR_UNAVAILABLE", { R, R, R, R, R } },
    { "INVALID_AMOUNT", { R, N, N, R, N } },
    { "INVALID_PAYMENT_ID", { R, N, N, R, N } },
    { "NOT_SUPPORTED", { R, N, N, R, N } },
    { "EXCEEDS_AUTH_AMOUNT", { U, N, N, R, N } },
    { "AUTH_ALREADY_REVERSED", { U, N, TW_GATEWAY_DONE, TW_GATEWAY_DONE, U } },
    { "TRANSACTION_ALREADY_SETTLED", { U, D, N, N, D } },
    { "MISSING_AUTH", { U, N, N, TW_GATEWAY_NOTHING, U } },
    { "TRANSACTION_ALREADY_REVERSED_OR_SETTLED", { U, D, D, D, D } },
    { "SOMETHING_NEW", { U, U, U, U, U } },
    { "\\u0007", { U, U, U, U, U } },
    { "", { U, U, U, U, U } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"submitTimeUtc\":\"2026-11-22T10:15:30Z\","
                                               "\"status\":\"INVALID_REQUEST\","
                                               "\"reason\":\"%s\",\"message\":\"m\",\"details\":[]}", table[i].reason);

      assert_end (an_ask (TW_GATEWAY_AUTHORIZE, BY_TRANSACTION), TW_GATEWAY_DO, 400, text, table[i].ends[0]);
      assert_end (an_ask (TW_GATEWAY_CAPTURE, BY_ID), TW_GATEWAY_DO, 400, text, table[i].ends[1]);
      assert_end (an_ask (TW_GATEWAY_REVERSE, BY_ID), TW_GATEWAY_DO, 400, text, table[i].ends[2]);
      assert_end (an_ask (TW_GATEWAY_REVERSE, BY_TRANSACTION), TW_GATEWAY_DO, 400, text, table[i].ends[3]);
      assert_end (an_ask (TW_GATEWAY_REFUND, BY_ID), TW_GATEWAY_DO, 400, text, table[i].ends[4]);
    }
#undef D
#undef R
#undef N
#undef U
}

static void
test_the_status_alone_tells_retry_from_unknown (void)
{
  static const struct { guint status; TwGatewayEnd end; } table[] = {
    { 401, TW_GATEWAY_RETRY }, { 403, TW_GATEWAY_RETRY }, { 429, TW_GATEWAY_RETRY }, { 400, TW_GATEWAY_UNKNOWN },
    { 404, TW_GATEWAY_UNKNOWN }, { 408, TW_GATEWAY_UNKNOWN }, { 200, TW_GATEWAY_UNKNOWN }, { 202, TW_GATEWAY_UNKNOWN },
    { 302, TW_GATEWAY_UNKNOWN }, { 500, TW_GATEWAY_UNKNOWN }, { 502, TW_GATEWAY_UNKNOWN }, { 503, TW_GATEWAY_UNKNOWN },
    { 504, TW_GATEWAY_UNKNOWN }, { 0, TW_GATEWAY_UNKNOWN },
  };
  static const char *const bodies[] = { NULL, "<html>", "{\"response\":{\"rmsg\":\"Authentication Failed\"}}"};

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    for (guint j = 0; j < G_N_ELEMENTS (bodies); j++)
      assert_end (an_ask (TW_GATEWAY_AUTHORIZE, BY_TRANSACTION), TW_GATEWAY_DO, table[i].status, bodies[j],
                  table[i].end);

  assert_end (an_ask (TW_GATEWAY_AUTHORIZE, BY_TRANSACTION), TW_GATEWAY_DO, 502,
              "{\"status\":\"SERVER_ERROR\",\"reason\":\"SERVER_TIMEOUT\"}", TW_GATEWAY_UNKNOWN);
}

static void
test_not_found_is_an_answer_to_a_timeout_reversal_only (void)
{
  assert_end (an_ask (TW_GATEWAY_REVERSE, BY_TRANSACTION), TW_GATEWAY_DO, 404, "{\"reason\":\"NOT_FOUND\"}",
              TW_GATEWAY_NOTHING);
  assert_end (an_ask (TW_GATEWAY_REVERSE, BY_TRANSACTION), TW_GATEWAY_DO, 404, "<html>", TW_GATEWAY_UNKNOWN);
  assert_end (an_ask (TW_GATEWAY_REVERSE, BY_ID), TW_GATEWAY_DO, 404, "{}", TW_GATEWAY_RETRY);
  assert_end (an_ask (TW_GATEWAY_CAPTURE, BY_ID), TW_GATEWAY_DO, 404, "{}", TW_GATEWAY_RETRY);
  assert_end (an_ask (TW_GATEWAY_AUTHORIZE, BY_TRANSACTION), TW_GATEWAY_DO, 404, "{}", TW_GATEWAY_UNKNOWN);
}

static void
test_captures_and_reversals_are_done_when_they_say_so (void)
{
  const TwGatewayAsk capture = an_ask (TW_GATEWAY_CAPTURE, BY_ID);
  const TwGatewayAsk reverse = an_ask (TW_GATEWAY_REVERSE, BY_ID);
  g_autoptr(TwGatewayAnswer) answer = read_how (capture, TW_GATEWAY_DO, 201, "{\"id\":\"78\",\"status\":\"PENDING\","
    "\"reconciliationId\":\"60512780AXQCGZ4F\","
    "\"orderInformation\":{\"amountDetails\":{\"totalAmount\":\"12.34\",\"currency\":\"EUR\"}}}");

  g_assert_cmpint (answer->end, ==, TW_GATEWAY_DONE);
  g_assert_cmpstr (answer->id, ==, "78");
  g_assert_cmpstr (answer->reconciliation_id, ==, "60512780AXQCGZ4F");
  assert_end (capture, TW_GATEWAY_DO, 201, "{\"status\":\"TRANSMITTED\"}", TW_GATEWAY_DONE);
  assert_end (capture, TW_GATEWAY_DO, 201, "{\"status\":\"DECLINED\"}", TW_GATEWAY_REFUSED);
  assert_end (capture, TW_GATEWAY_DO, 201, "{\"status\":\"REVERSED\"}", TW_GATEWAY_UNKNOWN);
  assert_end (capture, TW_GATEWAY_DO, 200, "{\"status\":\"PENDING\"}", TW_GATEWAY_UNKNOWN);
  assert_end (capture, TW_GATEWAY_DO, 201,
              "{\"status\":\"PENDING\",\"clientReferenceInformation\":{\"code\":\"s-1\"}}", TW_GATEWAY_UNKNOWN);
  assert_end (capture, TW_GATEWAY_DO, 201,
              "{\"status\":\"PENDING\",\"orderInformation\":{\"amountDetails\":{\"totalAmount\":\"12.35\"}}}",
              TW_GATEWAY_UNKNOWN);
  assert_end (reverse, TW_GATEWAY_DO, 201, "{\"status\":\"REVERSED\"}", TW_GATEWAY_DONE);
  assert_end (reverse, TW_GATEWAY_DO, 201, "{\"status\":\"PENDING\"}", TW_GATEWAY_UNKNOWN);
  assert_end (reverse, TW_GATEWAY_DO, 201, "{\"status\":\"DECLINED\"}", TW_GATEWAY_REFUSED);
  assert_end (an_ask (TW_GATEWAY_REVERSE, BY_TRANSACTION), TW_GATEWAY_DO, 201, "{\"status\":\"REVERSED\"}",
              TW_GATEWAY_DONE);
}

static char *
summary (const char *code,
         const char *transaction_id,
         const char *application,
         const char *r_code,
         const char *amount)
{
  g_autofree char *transaction = transaction_id == NULL ? g_strdup ("")
                                 : g_strdup_printf (",\"transactionId\":\"%s\"", transaction_id);
  g_autofree char *order = amount == NULL ? g_strdup ("")
                           : g_strdup_printf (",\"orderInformation\":{\"amountDetails\":{\"totalAmount\":\"%s\"}}",
                                              amount);

  return g_strdup_printf ("{\"id\":\"99\",\"clientReferenceInformation\":{\"code\":\"%s\"%s},"
                          "\"applicationInformation\":{\"applications\":["
                          "{\"name\":\"ics_other\",\"rCode\":\"1\"},{\"name\":\"%s\",\"rCode\":%s}]}%s}",
                          code, transaction, application, r_code, order);
}

static void
assert_search (TwGatewayCall  call,
               TwGatewayEnd   end,
               const char    *first,
               const char    *second)
{
  g_autofree char *text = g_strdup_printf ("{\"totalCount\":1,\"_embedded\":{\"transactionSummaries\":[%s%s%s]}}",
                                           first,
                                           second == NULL ? "" : ",", second == NULL ? "" : second);

  assert_end (an_ask (call, BY_ID), TW_GATEWAY_SEARCH, 201, text, end);
  assert_end (an_ask (call, BY_ID), TW_GATEWAY_SEARCH, 200, text, end);
}

static void
test_a_search_finds_what_happened_and_proves_nothing_else (void)
{
  g_autofree char *ours = summary ("s-17", "s-17-other-1", "ics_bill", "\"1\"", "12.34");
  g_autofree char *number = summary ("s-17", "s-17-other-1", "ics_bill", "1", NULL);
  g_autofree char *nameless = summary ("s-17", NULL, "ics_bill", "\"1\"", "12.34");
  g_autofree char *other_amount = summary ("s-17", NULL, "ics_bill", "\"1\"", "45.00");
  g_autofree char *failed = summary ("s-17", "s-17-other-1", "ics_bill", "\"0\"", NULL);
  g_autofree char *errored = summary ("s-17", "s-17-other-1", "ics_bill", "-1", NULL);
  g_autofree char *failed_nameless = summary ("s-17", NULL, "ics_bill", "\"0\"", NULL);
  g_autofree char *other_code = summary ("s-18", "s-17-other-1", "ics_bill", "\"1\"", NULL);
  g_autofree char *other_id = summary ("s-17", "s-17-other-2", "ics_bill", "\"1\"", NULL);
  g_autofree char *other_kind = summary ("s-17", "s-17-other-1", "ics_auth", "\"1\"", NULL);

  assert_search (TW_GATEWAY_CAPTURE, TW_GATEWAY_DONE, ours, NULL);
  assert_search (TW_GATEWAY_CAPTURE, TW_GATEWAY_DONE, number, NULL);
  assert_search (TW_GATEWAY_CAPTURE, TW_GATEWAY_DONE, nameless, NULL);
  assert_search (TW_GATEWAY_CAPTURE, TW_GATEWAY_DONE, failed, ours);
  assert_search (TW_GATEWAY_CAPTURE, TW_GATEWAY_REFUSED, failed, other_code);
  assert_search (TW_GATEWAY_CAPTURE, TW_GATEWAY_REFUSED, errored, NULL);
  assert_search (TW_GATEWAY_CAPTURE, TW_GATEWAY_UNKNOWN, failed_nameless, NULL);
  assert_search (TW_GATEWAY_CAPTURE, TW_GATEWAY_UNKNOWN, other_amount, NULL);
  assert_search (TW_GATEWAY_CAPTURE, TW_GATEWAY_UNKNOWN, other_code, other_id);
  assert_search (TW_GATEWAY_CAPTURE, TW_GATEWAY_UNKNOWN, other_kind, NULL);
  assert_search (TW_GATEWAY_CAPTURE, TW_GATEWAY_UNKNOWN, "", NULL);
  assert_search (TW_GATEWAY_CAPTURE, TW_GATEWAY_UNKNOWN, "1", "null");
}

static void
test_a_search_for_a_reversal_looks_for_a_capture_first (void)
{
  g_autofree char *reversed = summary ("s-17", "s-17-other-1", "ics_auth_reversal", "\"1\"", NULL);
  g_autofree char *captured = summary ("s-17", "s-17-capture-1", "ics_bill", "\"1\"", NULL);
  g_autofree char *capture_failed = summary ("s-17", "s-17-capture-1", "ics_bill", "\"0\"", NULL);

  assert_search (TW_GATEWAY_REVERSE, TW_GATEWAY_DONE, reversed, NULL);
  assert_search (TW_GATEWAY_REVERSE, TW_GATEWAY_DONE, reversed, capture_failed);
  assert_search (TW_GATEWAY_REVERSE, TW_GATEWAY_REFUSED, reversed, captured);
  assert_search (TW_GATEWAY_REVERSE, TW_GATEWAY_UNKNOWN, capture_failed, NULL);
}

/* Facts: the service's refund answers have a group of their own for the amount; its name in searches is ics_credit. */
static void
test_a_refund_is_done_with_exactly_its_amount (void)
{
  static const struct { const char *body; TwGatewayEnd end; } table[] = {
    { "{\"id\":\"99\",\"status\":\"PENDING\",\"refundAmountDetails\":{\"refundAmount\":\"12.34\","
      "\"currency\":\"EUR\"}}",
      TW_GATEWAY_DONE },
    { "{\"id\":\"99\",\"status\":\"TRANSMITTED\"}", TW_GATEWAY_DONE },
    { "{\"id\":\"99\",\"status\":\"PENDING\",\"refundAmountDetails\":{\"refundAmount\":\"12.35\"}}",
      TW_GATEWAY_UNKNOWN },
    { "{\"id\":\"99\",\"status\":\"PENDING\",\"refundAmountDetails\":{\"refundAmount\":12.34}}", TW_GATEWAY_UNKNOWN },
    { "{\"id\":\"99\",\"status\":\"PENDING\",\"clientReferenceInformation\":{\"code\":\"s-18\"}}", TW_GATEWAY_UNKNOWN },
    { "{\"id\":\"99\",\"status\":\"DECLINED\",\"errorInformation\":{\"reason\":\"PROCESSOR_DECLINED\"}}",
      TW_GATEWAY_REFUSED },
    { "{\"id\":\"99\",\"status\":\"NEW\"}", TW_GATEWAY_UNKNOWN },
  };
  g_autoptr(TwGatewayAnswer) answer = read_how (an_ask (TW_GATEWAY_REFUND, BY_ID), TW_GATEWAY_DO, 201, table[0].body);

  g_assert_cmpstr (answer->id, ==, "99");
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    assert_end (an_ask (TW_GATEWAY_REFUND, BY_ID), TW_GATEWAY_DO, 201, table[i].body, table[i].end);
}

/* A search shows no transaction ids: what was refunded before, with the same amount, must not be taken for it. */
static void
test_a_search_for_a_refund_passes_over_earlier_ones (void)
{
  static const char *const earlier[] = { "98", "99", NULL };
  g_autofree char *refund = summary ("s-17", NULL, "ics_credit", "\"1\"", "12.34");
  g_autofree char *other_amount = summary ("s-17", NULL, "ics_credit", "\"1\"", "12.00");
  g_autofree char *captured = summary ("s-17", NULL, "ics_bill", "\"1\"", "12.34");
  g_autofree char *failed = summary ("s-17", "s-17-other-1", "ics_credit", "\"0\"", NULL);
  g_autofree char *text = g_strdup_printf ("{\"_embedded\":{\"transactionSummaries\":[%s]}}", refund);
  TwGatewayAsk ask = an_ask (TW_GATEWAY_REFUND, BY_ID);

  assert_search (TW_GATEWAY_REFUND, TW_GATEWAY_DONE, refund, NULL);
  assert_search (TW_GATEWAY_REFUND, TW_GATEWAY_DONE, other_amount, refund);
  assert_search (TW_GATEWAY_REFUND, TW_GATEWAY_UNKNOWN, other_amount, captured);
  assert_search (TW_GATEWAY_REFUND, TW_GATEWAY_REFUSED, failed, captured);
  ask.hold.refund_ids = earlier;
  assert_end (ask, TW_GATEWAY_SEARCH, 201, text, TW_GATEWAY_UNKNOWN);
}

static void
test_a_search_that_fails_tells_nothing (void)
{
  const TwGatewayAsk ask = an_ask (TW_GATEWAY_CAPTURE, BY_ID);

  assert_end (ask, TW_GATEWAY_SEARCH, 201, "{}", TW_GATEWAY_UNKNOWN);
  assert_end (ask, TW_GATEWAY_SEARCH, 201, "{\"_embedded\":{\"transactionSummaries\":{}}}", TW_GATEWAY_UNKNOWN);
  assert_end (ask, TW_GATEWAY_SEARCH, 201, "", TW_GATEWAY_UNKNOWN);
  assert_end (ask, TW_GATEWAY_SEARCH, 401, NULL, TW_GATEWAY_RETRY);
  assert_end (ask, TW_GATEWAY_SEARCH, 404, "{}", TW_GATEWAY_UNKNOWN);
}

static void
test_a_look_up_reads_the_applications (void)
{
  const TwGatewayAsk ask = an_ask (TW_GATEWAY_AUTHORIZE, BY_ID);
  g_autofree char *authorized = summary ("s-17", NULL, "ics_auth", "\"1\"", NULL);
  g_autofree char *declined = summary ("s-17", NULL, "ics_auth", "\"0\"", NULL);

  assert_end (ask, TW_GATEWAY_LOOK_UP, 200, authorized, TW_GATEWAY_DONE);
  assert_end (ask, TW_GATEWAY_LOOK_UP, 200, declined, TW_GATEWAY_REFUSED);
  assert_end (ask, TW_GATEWAY_LOOK_UP, 200, "{}", TW_GATEWAY_UNKNOWN);
  assert_end (ask, TW_GATEWAY_LOOK_UP, 404, "{}", TW_GATEWAY_UNKNOWN);
  assert_end (ask, TW_GATEWAY_LOOK_UP, 403, "{}", TW_GATEWAY_RETRY);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/gateway/a-refund-is-done-with-exactly-its-amount", test_a_refund_is_done_with_exactly_its_amount);
  g_test_add_func ("/gateway/a-search-for-a-refund-passes-over-earlier-ones",
                   test_a_search_for_a_refund_passes_over_earlier_ones);
  g_test_add_func ("/gateway/answer/an-approval-has-all-that-follows-need", test_an_approval_has_all_that_follows_need);
  g_test_add_func ("/gateway/answer/holds-that-we-do-not-want-are-told-apart",
                   test_holds_that_we_do_not_want_are_told_apart);
  g_test_add_func ("/gateway/answer/unclear-approvals-are-unknown", test_unclear_approvals_are_unknown);
  g_test_add_func ("/gateway/answer/declines-speak-the-kiosks-codes", test_declines_speak_the_kiosks_codes);
  g_test_add_func ("/gateway/answer/wrong-requests-mean-what-the-table-says",
                   test_wrong_requests_mean_what_the_table_says);
  g_test_add_func ("/gateway/answer/the-status-alone-tells-retry-from-unknown",
                   test_the_status_alone_tells_retry_from_unknown);
  g_test_add_func ("/gateway/answer/not-found-is-an-answer-to-a-timeout-reversal-only",
                   test_not_found_is_an_answer_to_a_timeout_reversal_only);
  g_test_add_func ("/gateway/answer/captures-and-reversals-are-done-when-they-say-so",
                   test_captures_and_reversals_are_done_when_they_say_so);
  g_test_add_func ("/gateway/answer/a-search-finds-what-happened-and-proves-nothing-else",
                   test_a_search_finds_what_happened_and_proves_nothing_else);
  g_test_add_func ("/gateway/answer/a-search-for-a-reversal-looks-for-a-capture-first",
                   test_a_search_for_a_reversal_looks_for_a_capture_first);
  g_test_add_func ("/gateway/answer/a-search-that-fails-tells-nothing", test_a_search_that_fails_tells_nothing);
  g_test_add_func ("/gateway/answer/a-look-up-reads-the-applications", test_a_look_up_reads_the_applications);

  return g_test_run ();
}
