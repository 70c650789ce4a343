/* SPDX-License-Identifier: Apache-2.0 */
/* The bodies below are written by hand from the field tables of the facts page (sections 2 and 3). */
#include "payment/gateway/gateway.h"

#include "app/base/error.h"

#include <string.h>

static TwGatewayAsk
an_ask (TwGatewayCall call)
{
  return (TwGatewayAsk) {
    .call = call,
    .terminal = { .terminal_id = "TW000001", .solution_id = "SOL1", .comments = "EV flexible" },
    .hold = { .code = "s-17", .transaction_id = "s-17-authorize-1", .id = "7700000000000000000001",
              .amount = tw_money (4500, "EUR") },
    .transaction_id = "s-17-other-1",
    .amount = tw_money (1234, "EUR"),
  };
}

static void
assert_request (const TwGatewayAsk *ask,
                TwGatewayHow        how,
                const char         *method,
                const char         *path,
                const char         *body)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TwGatewayRequest) request = tw_gateway_request (tw_gateway_find ("cybersource"), ask, how, &error);
  g_autoptr(TwGatewayRequest) again = tw_gateway_request (tw_gateway_find ("cybersource"), ask, how, NULL);

  g_assert_no_error (error);
  g_assert_cmpstr (request->method, ==, method);
  g_assert_cmpstr (request->path, ==, path);
  if (body == NULL)
    {
      g_assert_null (request->body);
      return;
    }
  g_assert_cmpmem (g_bytes_get_data (request->body, NULL), g_bytes_get_size (request->body), body, strlen (body));
  g_assert_true (g_bytes_equal (request->body, again->body));
}

static void
assert_refused (const TwGatewayAsk *ask,
                TwGatewayHow        how)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (tw_gateway_request (tw_gateway_find ("cybersource"), ask, how, &error));
  g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
}

static void
test_an_authorization_is_a_hold_and_asks_for_no_part (void)
{
  TwGatewayAsk ask = an_ask (TW_GATEWAY_AUTHORIZE);

  ask.hold.id = NULL;
  assert_request (&ask, TW_GATEWAY_DO, "POST", "/pts/v2/payments",
                  "{\"clientReferenceInformation\":{\"code\":\"s-17\",\"transactionId\":\"s-17-authorize-1\","
                  "\"comments\":\"EV flexible\",\"partner\":{\"solutionId\":\"SOL1\"}},"
                  "\"processingInformation\":{\"capture\":false,\"commerceIndicator\":\"retail\","
                  "\"authorizationOptions\":{\"authIndicator\":\"0\",\"partialAuthIndicator\":false}},"
                  "\"orderInformation\":{\"amountDetails\":{\"totalAmount\":\"45.00\",\"currency\":\"EUR\"}},"
                  "\"pointOfSaleInformation\":{\"terminalId\":\"TW000001\",\"terminalCapability\":5,\"catLevel\":2,"
                  "\"operatingEnvironment\":\"2\",\"terminalPinCapability\":0,"
                  "\"terminalInputCapability\":[\"Contactless\"]}}");
}

static void
test_what_is_not_configured_is_not_sent (void)
{
  TwGatewayAsk ask = an_ask (TW_GATEWAY_AUTHORIZE);

  ask.terminal = (TwGatewayTerminal) { .comments = "" };
  ask.hold.amount = tw_money (500, "JPY");
  assert_request (&ask, TW_GATEWAY_DO, "POST", "/pts/v2/payments",
                  "{\"clientReferenceInformation\":{\"code\":\"s-17\",\"transactionId\":\"s-17-authorize-1\"},"
                  "\"processingInformation\":{\"capture\":false,\"commerceIndicator\":\"retail\","
                  "\"authorizationOptions\":{\"authIndicator\":\"0\",\"partialAuthIndicator\":false}},"
                  "\"orderInformation\":{\"amountDetails\":{\"totalAmount\":\"500\",\"currency\":\"JPY\"}},"
                  "\"pointOfSaleInformation\":{\"terminalCapability\":5,\"catLevel\":2,"
                  "\"operatingEnvironment\":\"2\",\"terminalPinCapability\":0,"
                  "\"terminalInputCapability\":[\"Contactless\"]}}");
}

static void
test_a_capture_names_its_own_transaction (void)
{
  TwGatewayAsk ask = an_ask (TW_GATEWAY_CAPTURE);

  assert_request (&ask, TW_GATEWAY_DO, "POST", "/pts/v2/payments/7700000000000000000001/captures",
                  "{\"clientReferenceInformation\":{\"code\":\"s-17\",\"transactionId\":\"s-17-other-1\","
                  "\"comments\":\"EV flexible\"},"
                  "\"orderInformation\":{\"amountDetails\":{\"totalAmount\":\"12.34\",\"currency\":\"EUR\"}}}");
}

static void
test_a_refund_is_of_the_capture (void)
{
  TwGatewayAsk ask = an_ask (TW_GATEWAY_REFUND);

  ask.hold.capture_id = "7700000000000000000002";
  assert_request (&ask, TW_GATEWAY_DO, "POST", "/pts/v2/captures/7700000000000000000002/refunds",
                  "{\"clientReferenceInformation\":{\"code\":\"s-17\",\"transactionId\":\"s-17-other-1\"},"
                  "\"orderInformation\":{\"amountDetails\":{\"totalAmount\":\"12.34\",\"currency\":\"EUR\"}}}");
  ask.amount = tw_money (4501, "EUR");
  assert_refused (&ask, TW_GATEWAY_DO);
  ask.amount = tw_money (0, "EUR");
  assert_refused (&ask, TW_GATEWAY_DO);
  ask = an_ask (TW_GATEWAY_REFUND);
  assert_refused (&ask, TW_GATEWAY_DO);
}

static void
test_a_reversal_takes_the_whole_hold (void)
{
  TwGatewayAsk ask = an_ask (TW_GATEWAY_REVERSE);

  assert_request (&ask, TW_GATEWAY_DO, "POST", "/pts/v2/payments/7700000000000000000001/reversals",
                  "{\"clientReferenceInformation\":{\"code\":\"s-17\",\"transactionId\":\"s-17-other-1\"},"
                  "\"reversalInformation\":{\"amountDetails\":{\"totalAmount\":\"45.00\",\"currency\":\"EUR\"},"
                  "\"reason\":\"not used\"}}");
}

static void
test_a_timeout_reversal_names_the_lost_authorization (void)
{
  TwGatewayAsk ask = an_ask (TW_GATEWAY_REVERSE);

  ask.hold.id = NULL;
  assert_request (&ask, TW_GATEWAY_DO, "POST", "/pts/v2/reversals",
                  "{\"clientReferenceInformation\":{\"code\":\"s-17\",\"transactionId\":\"s-17-authorize-1\"},"
                  "\"reversalInformation\":{\"amountDetails\":{\"totalAmount\":\"45.00\",\"currency\":\"EUR\"},"
                  "\"reason\":\"no answer to the authorization\"}}");
}

static void
test_a_search_is_for_the_session (void)
{
  TwGatewayAsk ask = an_ask (TW_GATEWAY_CAPTURE);

  assert_request (&ask, TW_GATEWAY_SEARCH, "POST", "/tss/v2/searches",
                  "{\"save\":false,\"query\":\"clientReferenceInformation.code:s-17\",\"sort\":\"submitTimeUtc:desc\","
                  "\"limit\":100,\"offset\":0,\"timezone\":\"UTC\"}");
}

static void
test_a_look_up_is_by_id (void)
{
  TwGatewayAsk ask = an_ask (TW_GATEWAY_AUTHORIZE);

  assert_request (&ask, TW_GATEWAY_LOOK_UP, "GET", "/tss/v2/transactions/7700000000000000000001", NULL);
  ask.hold.id = NULL;
  assert_refused (&ask, TW_GATEWAY_LOOK_UP);
}

/* A session reference from a damaged journal must not become another path or another search. */
static void
test_hostile_references_are_refused (void)
{
  static const char *const hostile[] = { "", " ", "a b", "a/../b", "a\"b", "a:b", "a*", "\xc3\xa4", "a\n", "a?b",
                                         "a%2f",
                                         "0123456789012345678901234567890123456789012345678901234567890123456789" };

  for (guint i = 0; i < G_N_ELEMENTS (hostile); i++)
    {
      TwGatewayAsk code = an_ask (TW_GATEWAY_CAPTURE), transaction = code, id = code,
        lost = an_ask (TW_GATEWAY_REVERSE);

      code.hold.code = hostile[i];
      transaction.transaction_id = hostile[i];
      id.hold.id = hostile[i];
      lost.hold.id = NULL;
      lost.hold.transaction_id = hostile[i];
      assert_refused (&code, TW_GATEWAY_DO);
      assert_refused (&code, TW_GATEWAY_SEARCH);
      assert_refused (&transaction, TW_GATEWAY_DO);
      assert_refused (&id, TW_GATEWAY_DO);
      assert_refused (&id, TW_GATEWAY_LOOK_UP);
      assert_refused (&lost, TW_GATEWAY_DO);
    }
}

static void
test_no_capture_above_the_hold_or_of_nothing (void)
{
  const TwMoney bad[] = { tw_money (4501, "EUR"), tw_money (0, "EUR"), tw_money (-1, "EUR"), tw_money (4500, "USD"),
                          tw_money (1, "XXX") };
  TwGatewayAsk ask = an_ask (TW_GATEWAY_CAPTURE);

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      ask.amount = bad[i];
      assert_refused (&ask, TW_GATEWAY_DO);
    }
  ask.amount = ask.hold.amount;
  assert_request (&ask, TW_GATEWAY_DO, "POST", "/pts/v2/payments/7700000000000000000001/captures",
                  "{\"clientReferenceInformation\":{\"code\":\"s-17\",\"transactionId\":\"s-17-other-1\","
                  "\"comments\":\"EV flexible\"},"
                  "\"orderInformation\":{\"amountDetails\":{\"totalAmount\":\"45.00\",\"currency\":\"EUR\"}}}");
}

static void
test_the_wrapper_has_one_member (void)
{
  const TwGateway *gateway = tw_gateway_find ("cybersource");
  static const char *const clear[] = { "", "{}", "[]", "{\"encryptedResponse\":1}",
                                       "{\"encryptedResponse\":\"a\",\"id\":\"1\"}",
                                       "\"encryptedResponse\"", "{\"encryptedRequest\":\"a\"}" };
  static const char sealed[] = "{\"encryptedResponse\":\"a.b.c.d.e\"}";
  g_autoptr(GBytes) wrapped = tw_gateway_wrap (gateway, "a.b-_.c.d.e");
  g_autoptr(GBytes) answer = g_bytes_new_static (sealed, strlen (sealed));
  g_autofree char *jwe = tw_gateway_unwrap (gateway, answer);

  g_assert_cmpmem (g_bytes_get_data (wrapped, NULL), g_bytes_get_size (wrapped),
                   "{\"encryptedRequest\":\"a.b-_.c.d.e\"}", 34);
  g_assert_cmpstr (jwe, ==, "a.b.c.d.e");
  for (guint i = 0; i < G_N_ELEMENTS (clear); i++)
    {
      g_autoptr(GBytes) body = g_bytes_new_static (clear[i], strlen (clear[i]));

      g_assert_null (tw_gateway_unwrap (gateway, body));
    }
}

static void
test_unknown_services_are_not_found (void)
{
  g_assert_nonnull (tw_gateway_find ("cybersource"));
  g_assert_null (tw_gateway_find ("Cybersource"));
  g_assert_null (tw_gateway_find (""));
  g_assert_null (tw_gateway_find (NULL));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/gateway/a-refund-is-of-the-capture", test_a_refund_is_of_the_capture);
  g_test_add_func ("/gateway/an-authorization-is-a-hold-and-asks-for-no-part",
                   test_an_authorization_is_a_hold_and_asks_for_no_part);
  g_test_add_func ("/gateway/what-is-not-configured-is-not-sent", test_what_is_not_configured_is_not_sent);
  g_test_add_func ("/gateway/a-capture-names-its-own-transaction", test_a_capture_names_its_own_transaction);
  g_test_add_func ("/gateway/a-reversal-takes-the-whole-hold", test_a_reversal_takes_the_whole_hold);
  g_test_add_func ("/gateway/a-timeout-reversal-names-the-lost-authorization",
                   test_a_timeout_reversal_names_the_lost_authorization);
  g_test_add_func ("/gateway/a-search-is-for-the-session", test_a_search_is_for_the_session);
  g_test_add_func ("/gateway/a-look-up-is-by-id", test_a_look_up_is_by_id);
  g_test_add_func ("/gateway/hostile-references-are-refused", test_hostile_references_are_refused);
  g_test_add_func ("/gateway/no-capture-above-the-hold-or-of-nothing", test_no_capture_above_the_hold_or_of_nothing);
  g_test_add_func ("/gateway/the-wrapper-has-one-member", test_the_wrapper_has_one_member);
  g_test_add_func ("/gateway/unknown-services-are-not-found", test_unknown_services_are_not_found);

  return g_test_run ();
}
