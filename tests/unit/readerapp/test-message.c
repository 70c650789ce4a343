/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "app/base/error.h"
#include "app/reader/message.h"

#define D TW_MESSAGE_FROM_DAEMON
#define R TW_MESSAGE_FROM_READER
#define E(kind, content) "{\"v\":1,\"kind\":\"" kind "\",\"content\":{" content "}}"

#define TERMINAL "\"terminal\":{\"type\":24,\"id\":\"TW000001\",\"name\":\"Tapwatt \xc3\xa4\",\"category\":5552," \
                 "\"contactless_limit_minor\":15000,\"cvm_limit_minor\":5000,\"date\":\"261122\",\"time\":\"101530\"}"
#define DIGEST64 "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

/* One of each kind, written out in the order in which the encoder writes. */
static const struct { TwMessageFrom from; TwMessageKind kind; const char *text; } each[] = {
  { D, TW_MESSAGE_HELLO,
    E ("hello", "\"device\":\"pn532:/dev/ttyS2\",\"gateway\":\"cybersource\",\"key_ids\":[\"123\"]") },
  { D, TW_MESSAGE_HELLO, E ("hello", "\"device\":\"pn532:/dev/ttyS2\",\"gateway\":\"cybersource\",\"key_ids\":[]") },
  { D, TW_MESSAGE_IDENTIFY, E ("identify", "\"request\":9,\"deadline_ms\":30000") },
  { D, TW_MESSAGE_AUTHORIZE,
    E ("authorize", "\"request\":10,\"deadline_ms\":60000,\"amount_minor\":2500,\"currency\":\"EUR\","
                                "\"country\":\"DE\",\"transaction_type\":0,\"key_id\":\"123\"," TERMINAL ","
                                "\"body\":\"{\\\"a\\\":\\\"\xc3\xa4\\\\n\\\"}\"") },
  { D, TW_MESSAGE_CANCEL, E ("cancel", "\"request\":9223372036854775807") },
  { R, TW_MESSAGE_READY, E ("ready", "\"version\":\"0.1.0\",\"device\":\"pn532 "
                                     "1.6\",\"capabilities\":[\"identify\",\"authorize\"],"
                            "\"kernels\":[\"visa-3\"],\"key_table\":\"none\"") },
  { R, TW_MESSAGE_HINT, E ("hint", "\"request\":10,\"prompt\":\"see-phone\"") },
  { R, TW_MESSAGE_CARD, E ("card", "\"request\":10,\"kind\":\"emv\",\"masked\":\"************1111\",\"brand\":\"visa\","
                           "\"aid\":\"a0000000031010\",\"label\":\"VISA DEBIT\","
                           "\"fingerprint\":\"2026a:00112233445566778899aabbccddeeff\","
                           "\"fingerprint_old\":\"2025:ffeeddccbbaa99887766554433221100\",\"test_mode\":true") },
  { R, TW_MESSAGE_CARD, E ("card", "\"request\":10,\"kind\":\"uid\",\"test_mode\":false") },
  { R, TW_MESSAGE_SEALED,
    E ("sealed", "\"request\":10,\"sealed\":\"{\\\"encryptedRequest\\\":\\\"a.b.c\\\"}\",\"digest\":\"" DIGEST64
                             "\",\"cvm\":\"device\",\"cryptogram\":\"arqc\","
                             "\"offline_authentication\":\"not-performed\","
                             "\"in_field_ms\":420") },
  { R, TW_MESSAGE_FAILED, E ("failed", "\"request\":10,\"code\":\"not-accepted\",\"retry\":false") },
  { R, TW_MESSAGE_ALIVE, E ("alive", "") },
};

static TwMessage *
decode (const char    *text,
        TwMessageFrom  from,
        GError       **error)
{
  return tw_message_decode (text, strlen (text), from, error);
}

static void
test_each (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (each); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(TwMessage) message = decode (each[i].text, each[i].from, &error);
      g_autoptr(GBytes) again = NULL;

      g_assert_no_error (error);
      g_assert_cmpint (message->kind, ==, each[i].kind);
      again = tw_message_encode (message, &error);
      g_assert_no_error (error);
      g_assert_cmpmem (g_bytes_get_data (again, NULL), g_bytes_get_size (again), each[i].text, strlen (each[i].text));
    }
}

static void
test_content (void)
{
  g_autoptr(TwMessage) authorize = decode (each[3].text, D, NULL);
  g_autoptr(TwMessage) card = decode (each[7].text, R, NULL);
  g_autoptr(TwMessage) sealed = decode (each[9].text, R, NULL);

  g_assert_cmpint (authorize->request, ==, 10);
  g_assert_cmpint (authorize->amount_minor, ==, 2500);
  g_assert_cmpstr (authorize->terminal.name, ==, "Tapwatt \xc3\xa4");
  g_assert_cmpint (authorize->terminal.cvm_limit_minor, ==, 5000);
  g_assert_cmpstr (authorize->body, ==, "{\"a\":\"\xc3\xa4\\n\"}");
  g_assert_cmpstr (card->fingerprint_old, ==, "2025:ffeeddccbbaa99887766554433221100");
  g_assert_true (card->test_mode);
  g_assert_cmpstr (sealed->sealed, ==, "{\"encryptedRequest\":\"a.b.c\"}");
  g_assert_cmpint (sealed->in_field_ms, ==, 420);
}

static void
test_directions (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (each); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (decode (each[i].text, each[i].from == D ? R : D, &error));
      g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
    }
}

static void
test_refused (void)
{
  static const struct { TwMessageFrom from; const char *text; } refused[] = {
    { R, "" }, { R, "null" }, { R, "[]" }, { R, "{}" }, { R, "{\"v\":1,\"kind\":\"alive\"" },
    { R, E ("alive", "") " " E ("alive", "") },
    { R, "{\"v\":2,\"kind\":\"alive\",\"content\":{}}" },
    { R, "{\"kind\":\"alive\",\"content\":{}}" },
    { R, "{\"v\":1,\"kind\":\"alive\"}" },
    { R, "{\"v\":1,\"kind\":\"alive\",\"content\":[]}" },
    { R, "{\"v\":1,\"kind\":\"alive\",\"content\":{},\"more\":1}" },
    { R, "{\"v\":1,\"v\":1,\"kind\":\"alive\",\"content\":{}}" },
    { R, E ("pan", "") },
    { R, E ("alive", "\"request\":1") },
    { R, E ("hint", "\"request\":10") },
    { R, E ("hint", "\"request\":10,\"prompt\":\"4111111111111111\"") },
    { R, E ("hint", "\"request\":10,\"prompt\":5") },
    { R, E ("hint", "\"request\":0,\"prompt\":\"removed\"") },
    { R, E ("hint", "\"request\":-1,\"prompt\":\"removed\"") },
    { R, E ("hint", "\"request\":1.0,\"prompt\":\"removed\"") },
    { R, E ("hint", "\"request\":\"1\",\"prompt\":\"removed\"") },
    { R, E ("hint", "\"request\":9223372036854775808,\"prompt\":\"removed\"") },
    { R, E ("card", "\"request\":1,\"kind\":\"emv\",\"masked\":\"4111111111111111\",\"test_mode\":true") },
    { R, E ("card", "\"request\":1,\"kind\":\"emv\",\"masked\":\"411111******1111\",\"test_mode\":true") },
    { R, E ("card", "\"request\":1,\"kind\":\"emv\",\"masked\":\"***********11111\",\"test_mode\":true") },
    { R, E ("card", "\"request\":1,\"kind\":\"emv\",\"masked\":null,\"test_mode\":true") },
    { R, E ("card", "\"request\":1,\"kind\":\"emv\",\"track2\":\"x\",\"test_mode\":true") },
    { R, E ("card", "\"request\":1,\"kind\":\"gold\",\"test_mode\":true") },
    { R, E ("card", "\"request\":1,\"kind\":\"emv\",\"test_mode\":1") },
    { R, E ("card", "\"request\":1,\"kind\":\"emv\",\"aid\":\"A0000000031010\",\"test_mode\":true") },
    { R, E ("card", "\"request\":1,\"kind\":\"emv\",\"aid\":\"a000000003101\",\"test_mode\":true") },
    { R, E ("card", "\"request\":1,\"kind\":\"emv\",\"label\":\"VI\\nSA\",\"test_mode\":true") },
    { R, E ("card", "\"request\":1,\"kind\":\"emv\",\"label\":\"A LABEL THAT IS LONG\",\"test_mode\":true") },
    { R, E ("card", "\"request\":1,\"kind\":\"emv\",\"fingerprint\":\":00112233445566778899aabbccddeeff\","
            "\"test_mode\":true") },
    { R, E ("card", "\"request\":1,\"kind\":\"emv\",\"fingerprint\":\"e:4111111111111111\",\"test_mode\":true") },
    { R, E ("failed", "\"request\":10,\"code\":\"broken\",\"retry\":false") },
    { R, E ("ready", "\"version\":\"0\",\"device\":\"x\",\"capabilities\":[\"\"],\"kernels\":[],"
            "\"key_table\":\"none\"") },
    { R, E ("ready", "\"version\":\"0\",\"device\":\"x\",\"capabilities\":[1],\"kernels\":[],\"key_table\":\"none\"") },
    { R, E ("ready", "\"version\":\"0\",\"device\":\"x\","
            "\"capabilities\":[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\"],"
            "\"kernels\":[],\"key_table\":\"none\"") },
    { D, E ("identify", "\"request\":9,\"deadline_ms\":0") },
    { D, E ("identify", "\"request\":9,\"deadline_ms\":3600001") },
    { D, E ("authorize",
            "\"request\":10,\"deadline_ms\":60000,\"amount_minor\":2500,\"currency\":\"EUR\",\"country\":\"DE\","
            "\"transaction_type\":0,\"key_id\":\"123\",\"terminal\":{},\"body\":\"{}\"") },
    { D, E ("authorize", "\"request\":10,\"deadline_ms\":60000,\"amount_minor\":1000000000000,\"currency\":\"EUR\","
            "\"country\":\"DE\",\"transaction_type\":0,\"key_id\":\"123\"," TERMINAL ",\"body\":\"{}\"") },
    { D, E ("authorize",
            "\"request\":10,\"deadline_ms\":60000,\"amount_minor\":1,\"currency\":\"eur\",\"country\":\"DE\","
            "\"transaction_type\":0,\"key_id\":\"123\"," TERMINAL ",\"body\":\"{}\"") },
    { D, E ("authorize",
            "\"request\":10,\"deadline_ms\":60000,\"amount_minor\":1,\"currency\":\"EUR\",\"country\":\"DE\","
            "\"transaction_type\":32,\"key_id\":\"123\"," TERMINAL ",\"body\":\"{}\"") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autoptr(GError) error = NULL;

      if (decode (refused[i].text, refused[i].from, &error) != NULL)
        g_error ("taken: %s", refused[i].text);
      g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
    }
}

/* What a decoder would refuse is not sent either. */
static void
test_encoder_refuses (void)
{
  g_autofree char *huge = g_strnfill (15990, '"');    /* each of them takes two bytes */
  const TwMessage messages[] = {
    { .kind = TW_MESSAGE_HINT, .request = 1 },
    { .kind = TW_MESSAGE_HINT, .request = 1, .prompt = (char *) "hurry" },
    { .kind = TW_MESSAGE_HINT, .prompt = (char *) "removed" },
    { .kind = TW_MESSAGE_CARD, .request = 1, .card_kind = (char *) "emv", .masked = (char *) "4111111111111111" },
    { .kind = TW_MESSAGE_HELLO, .device = (char *) "x", .gateway = (char *) "y" },
    { .kind = TW_MESSAGE_SEALED, .request = 1, .sealed = huge, .digest = (char *) DIGEST64, .cvm = (char *) "none",
      .cryptogram = (char *) "arqc", .offline_authentication = (char *) "not-performed" },
  };
  g_autofree char *quotes = g_strnfill (14999, '"');
  TwMessage escaped = messages[5];

  for (guint i = 0; i < G_N_ELEMENTS (messages); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (tw_message_encode (&messages[i], &error));
      g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
    }

  escaped.sealed = quotes;    /* short enough by itself, but not once it is written */
  g_assert_null (tw_message_encode (&escaped, NULL));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/readerapp/message/each-kind-survives-the-round-trip", test_each);
  g_test_add_func ("/readerapp/message/content-arrives", test_content);
  g_test_add_func ("/readerapp/message/nobody-says-the-other-side's-words", test_directions);
  g_test_add_func ("/readerapp/message/what-is-not-on-the-list-is-refused", test_refused);
  g_test_add_func ("/readerapp/message/the-encoder-refuses-it-too", test_encoder_refuses);
  return g_test_run ();
}
