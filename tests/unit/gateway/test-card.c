/* SPDX-License-Identifier: Apache-2.0 */
/* What the reader adds. The tags are written by hand in the order of the facts page's tables; the PAN is a scheme's
 * published test number.
 */
#include "payment/gateway/gateway.h"

#include "app/base/bytes.h"
#include "app/base/error.h"

#include <string.h>

#define TRACK2 "4761739001010119=26122011143804400000"

/* 45.00 EUR; five zero bytes of TVR; 7 bytes of issuer application data. Not in the order in which they are sent. */
#define VISA_TAGS "9A03261122" "9C0100" "5F2A020978" "9F1A020276" "9F0206000000004500" "9F0306000000000000" \
  "9F36020001" \
                  "82022000" "8407A0000000031010" "95050000000000" "9F100706010A03A00000" "9F26081122334455667788" \
                  "9F3303E0F8C8" "9F37040A0B0C0D"
#define VISA_SENT "9F26081122334455667788" "9F100706010A03A00000" "9F36020001" "9F37040A0B0C0D" "82022000" \
  "95050000000000" \
                  "9A03261122" "9C0100" "9F0206000000004500" "9F0306000000000000" "5F2A020978" "9F1A020276" \
                    "9F3303E0F8C8" \
                  "8407A0000000031010"

typedef struct
{
  GBytes       *tags;
  TwCardFields  fields;
} Card;

static void
card_clear (Card *self)
{
  g_clear_pointer (&self->tags, g_bytes_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Card, card_clear)

static Card
a_card (const char *brand,
        const char *tags)
{
  Card self = { .tags = tw_hex_decode (tags, NULL) };

  self.fields = (TwCardFields) {
    .entry_mode = TW_ENTRY_CONTACTLESS, .cvm = TW_CVM_NONE, .brand = brand, .track2 = TRACK2,
    .emv_tags = g_bytes_get_data (self.tags, NULL), .emv_tags_len = g_bytes_get_size (self.tags), .card_sequence = -1,
  };

  return self;
}

static GBytes *
a_body (void)
{
  TwGatewayAsk ask = {
    .call = TW_GATEWAY_AUTHORIZE,
    .terminal = { .terminal_id = "TW000001", .comments = "\"trackData\":\";?\"" },
    .hold = { .code = "s-17", .transaction_id = "s-17-authorize-1", .amount = tw_money (4500, "EUR") },
  };
  g_autoptr(TwGatewayRequest) request = tw_gateway_request (tw_gateway_find ("cybersource"), &ask, TW_GATEWAY_DO, NULL);

  g_assert_nonnull (request);
  return g_bytes_ref (request->body);
}

static GBytes *
add (GBytes     *body,
     const Card *card,
     GError    **error)
{
  return tw_gateway_add_card_fields (tw_gateway_find ("cybersource"), body, &card->fields, tw_money (4500, "EUR"),
                                     error);
}

static char *
added_text (const Card *card)
{
  g_autoptr(GBytes) body = a_body ();
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) whole = add (body, card, &error);

  g_assert_no_error (error);
  return g_strndup (g_bytes_get_data (whole, NULL), g_bytes_get_size (whole));
}

static void
assert_refused (const Card *card,
                TwError     code)
{
  g_autoptr(GBytes) body = a_body ();
  g_autoptr(GError) error = NULL;

  g_assert_null (add (body, card, &error));
  g_assert_true (g_error_matches (error, TW_ERROR, (int) code));
}

static void
test_a_tap_becomes_the_whole_body (void)
{
  g_auto(Card) card = a_card ("visa", VISA_TAGS);
  g_autofree char *text = added_text (&card);

  g_assert_cmpstr (text, ==,
                   "{\"clientReferenceInformation\":{\"code\":\"s-17\",\"transactionId\":\"s-17-authorize-1\","
                   "\"comments\":\"\\\"trackData\\\":\\\";?\\\"\"},"
                   "\"processingInformation\":{\"capture\":false,\"commerceIndicator\":\"retail\","
                   "\"authorizationOptions\":{\"authIndicator\":\"0\",\"partialAuthIndicator\":false}},"
                   "\"orderInformation\":{\"amountDetails\":{\"totalAmount\":\"45.00\",\"currency\":\"EUR\"}},"
                   "\"pointOfSaleInformation\":{\"terminalId\":\"TW000001\",\"terminalCapability\":5,\"catLevel\":2,"
                   "\"operatingEnvironment\":\"2\",\"terminalPinCapability\":0,"
                   "\"terminalInputCapability\":[\"Contactless\"],"
                   "\"entryMode\":\"contactless\",\"cardholderVerificationMethodUsed\":0,"
                   "\"trackData\":\";" TRACK2 "?\",\"emv\":{\"tags\":\"" VISA_SENT "\"}},"
                   "\"paymentInformation\":{\"card\":{\"type\":\"001\"}}}");
}

static void
test_a_phone_says_so (void)
{
  g_auto(Card) card = a_card ("visa", VISA_TAGS "5F340101" "9F6E0420700000");
  g_autofree char *text = NULL;

  card.fields.cvm = TW_CVM_DEVICE;
  card.fields.card_sequence = 1;
  text = added_text (&card);
  g_assert_nonnull (strstr (text, "\"cardholderVerificationMethodUsed\":3,"));
  g_assert_nonnull (strstr (text, "\"emv\":{\"tags\":\"" VISA_SENT "5F340101"
                            "9F6E0420700000\",\"cardSequenceNumber\":\"001\"}"));
}

static void
test_a_mastercard_needs_more_tags (void)
{
  g_auto(Card) poor = a_card ("mastercard", VISA_TAGS);
  g_auto(Card) rich = a_card ("mastercard", VISA_TAGS "9F3403020300" "9F270180");
  g_autofree char *text = added_text (&rich);

  g_assert_nonnull (strstr (text, "\"tags\":\"" VISA_SENT "9F270180" "9F3403020300\""));
  g_assert_nonnull (strstr (text, "{\"type\":\"002\"}"));
  assert_refused (&poor, TW_ERROR_BAD_DATA);
}

static void
test_each_mandatory_tag_is_asked_for (void)
{
  g_autoptr(GBytes) all = tw_hex_decode (VISA_TAGS, NULL);
  const guint8 *bytes = g_bytes_get_data (all, NULL);
  gsize size = g_bytes_get_size (all);
  guint n = 0;

  for (gsize at = 0; at < size; n++)
    {
      gsize head = (bytes[at] & 0x1f) == 0x1f ? 3 : 2;
      gsize len = head + bytes[at + head - 1];
      g_autofree char *before = tw_hex_encode (bytes, at);
      g_autofree char *after = tw_hex_encode (bytes + at + len, size - at - len);
      g_autofree char *without = g_strconcat (before, after, NULL);
      g_auto(Card) card = a_card ("visa", without);
      g_autoptr(GBytes) body = a_body ();

      g_assert_null (add (body, &card, NULL));
      at += len;
    }
  g_assert_cmpuint (n, ==, 14);
}

static void
test_only_listed_tags_pass (void)
{
  g_auto(Card) card = a_card ("visa", VISA_TAGS "9F350125" "9F1E083132333435363738" "9F6002AABB" "9F66043600C000");
  g_autofree char *text = added_text (&card);

  g_assert_nonnull (strstr (text, "\"tags\":\"" VISA_SENT "\""));
}

static void
test_sensitive_tags_are_refused (void)
{
  static const char *const sensitive[] = { "56020000", "5702AAAA", "5A0847617390010101", "5F200141", "5F2403261231",
                                           "99021234",
                                           "9F0B0141", "9F1F0131", "9F20021234" };

  for (guint i = 0; i < G_N_ELEMENTS (sensitive); i++)
    {
      g_autofree char *tags = g_strconcat (VISA_TAGS, i == 2 ? "5A084761739001010119" : sensitive[i], NULL);
      g_auto(Card) card = a_card ("visa", tags);
      g_autoptr(GBytes) body = a_body ();
      g_autoptr(GError) error = NULL;

      g_assert_null (add (body, &card, &error));
      g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
      g_assert_nonnull (strstr (error->message, "sensitive"));
    }
}

static char *
replaced (const char *tags,
          const char *tag,
          const char *by)
{
  g_auto(GStrv) parts = g_strsplit (tags, tag, 2);

  g_assert_cmpuint (g_strv_length (parts), ==, 2);
  return g_strjoinv (by, parts);
}

/* The mandatory tags take 190 characters; the longest issuer application data (32 bytes) makes that 240. A name of 13
 * bytes then makes 252, one of 14 is too much. An optional tag gives way, a conditional one does not. */
static void
test_the_limit_is_252_characters_and_nothing_is_cut (void)
{
  g_autofree char *iad = g_strnfill (64, 'A');
  g_autofree char *iad_tag = g_strconcat ("9F1020", iad, NULL);
  g_autofree char *long_hex = replaced (VISA_TAGS, "9F100706010A03A00000", iad_tag);
  g_autofree char *fits_hex = replaced (long_hex, "8407A0000000031010", "840DA0000000031010010203040506");
  g_autofree char *over_hex = replaced (long_hex, "8407A0000000031010", "840EA000000003101001020304050607");
  g_autofree char *optional_hex = g_strconcat (fits_hex, "9F270180", NULL);
  g_autofree char *conditional_hex = g_strconcat (fits_hex, "9F6E0420700000", NULL);
  g_auto(Card) fits = a_card ("visa", fits_hex);
  g_auto(Card) over = a_card ("visa", over_hex);
  g_auto(Card) optional = a_card ("visa", optional_hex);
  g_auto(Card) conditional = a_card ("visa", conditional_hex);
  g_autofree char *text = added_text (&fits);
  g_autofree char *same = added_text (&optional);
  const char *tags = strstr (text, "\"tags\":\"") + strlen ("\"tags\":\"");

  g_assert_cmpuint (strcspn (tags, "\""), ==, 252);
  g_assert_cmpstr (same, ==, text);
  assert_refused (&over, TW_ERROR_BAD_DATA);
  assert_refused (&conditional, TW_ERROR_BAD_DATA);
}

static void
test_what_is_not_tlv_is_refused (void)
{
  static const char *const bad[] = { "9F", "9F27", "9F2702", "9F27820001", "9F2780", "9F278101", "9F8127", "00",
                                     "0000", "7003820100",
                                     "82022000", "9F2701809F270180" };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *tags = g_strconcat (VISA_TAGS, bad[i], NULL);
      g_auto(Card) card = a_card ("visa", tags);

      /* the amount cannot be found either, which is BAD_STATE; both refuse */
      g_autoptr(GBytes) body = a_body ();
      g_assert_null (add (body, &card, NULL));
    }
}

static void
test_three_amounts_must_agree (void)
{
  static const char *const wrong[][2] = {
    { "9F0206000000004500", "9F0206000000004501" }, { "9F0206000000004500", "9F0206000000450000" },
    { "9F0206000000004500", "9F02050000004500" },   { "9F0206000000004500", "9F020600000000450A" },
    { "9F0206000000004500", "" },                   { "5F2A020978", "5F2A020840" },
  };
  const TwMoney others[] = { tw_money (4501, "EUR"), tw_money (4500, "USD"), tw_money (0, "EUR"), tw_money (450,
                                                                                                            "EUR") };
  g_auto(Card) good = a_card ("visa", VISA_TAGS);
  g_autoptr(GBytes) body = a_body ();

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autofree char *tags = replaced (VISA_TAGS, wrong[i][0], wrong[i][1]);
      g_auto(Card) card = a_card ("visa", tags);

      assert_refused (&card, TW_ERROR_BAD_STATE);
    }

  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (tw_gateway_add_card_fields (tw_gateway_find ("cybersource"), body, &good.fields, others[i],
                                                 &error));
      g_assert_error (error, TW_ERROR, TW_ERROR_BAD_STATE);
    }
}

static void
test_only_an_authorization_without_card_fields_is_taken (void)
{
#define ORDER "\"orderInformation\":{\"amountDetails\":{\"totalAmount\":\"45.00\",\"currency\":\"EUR\"}}"
#define HOLD "\"processingInformation\":{\"capture\":false}"
  static const char *const bad[] = {
    "", "[]", "{}", "{" ORDER "}", "{" ORDER "," HOLD "}", "{" ORDER "," HOLD ",\"pointOfSaleInformation\":[]}",
    "{" ORDER ",\"pointOfSaleInformation\":{}}",
    "{" ORDER ",\"processingInformation\":{\"capture\":true},\"pointOfSaleInformation\":{}}",
    "{" ORDER ",\"processingInformation\":{\"capture\":0},\"pointOfSaleInformation\":{}}",
    "{" HOLD ",\"pointOfSaleInformation\":{}}",
    "{" ORDER "," HOLD ",\"pointOfSaleInformation\":{\"trackData\":\"x\"}}",
    "{" ORDER "," HOLD ",\"pointOfSaleInformation\":{\"emv\":{}}}",
    "{" ORDER "," HOLD ",\"pointOfSaleInformation\":{},\"paymentInformation\":{}}",
    "{" ORDER "," HOLD ",\"pointOfSaleInformation\":{},\"merchantInformation\":{}}",
    "{" ORDER "," ORDER "," HOLD ",\"pointOfSaleInformation\":{}}",
    "{" ORDER "," HOLD ",\"travelInformation\":{\"trackData\":\";?\"},\"pointOfSaleInformation\":{}}",
    "{" ORDER "," HOLD ",\"pointOfSaleInformation\":{}} ,",
  };
  static const char least[] = "{" ORDER "," HOLD ",\"pointOfSaleInformation\":{}}";
  g_auto(Card) card = a_card ("visa", VISA_TAGS);
  g_autoptr(GBytes) good = g_bytes_new_static (least, strlen (least));
  g_autoptr(GBytes) whole = add (good, &card, NULL);

  g_assert_nonnull (whole);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(GBytes) body = g_bytes_new_static (bad[i], strlen (bad[i]));

      g_assert_null (add (body, &card, NULL));
    }
}

static void
test_a_track_is_a_track (void)
{
  static const char *const bad[] = {
    NULL, "", "=", "4761739001010119", "4761739001010119=", "4761739001010119=261220", ";4761739001010119=2612201?",
    "4761739001010119D2612201", "4761739001010119=2612201\"", "1234567=2612201", "12345678901234567890=2612201",
    "4761739001010119=2612=201", "4761739001010119=261220111438044000001", "4761739001010119=2612201\n",
  };
  g_auto(Card) card = a_card ("visa", VISA_TAGS);

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      card.fields.track2 = bad[i];
      assert_refused (&card, TW_ERROR_BAD_DATA);
    }
}

static void
test_other_brands_are_refused (void)
{
  g_auto(Card) card = a_card ("amex", VISA_TAGS);

  assert_refused (&card, TW_ERROR_REFUSED);
  card.fields.brand = NULL;
  assert_refused (&card, TW_ERROR_REFUSED);
}

static void
test_a_swipe_has_no_chip_data (void)
{
  g_auto(Card) card = a_card ("mastercard", VISA_TAGS);
  g_autofree char *text = NULL;

  card.fields.entry_mode = TW_ENTRY_SWIPED;
  assert_refused (&card, TW_ERROR_BAD_DATA);

  card.fields.emv_tags_len = 0;
  text = added_text (&card);
  g_assert_nonnull (strstr (text, "\"entryMode\":\"swiped\""));
  g_assert_null (strstr (text, "\"emv\""));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/gateway/card/a-tap-becomes-the-whole-body", test_a_tap_becomes_the_whole_body);
  g_test_add_func ("/gateway/card/a-phone-says-so", test_a_phone_says_so);
  g_test_add_func ("/gateway/card/a-mastercard-needs-more-tags", test_a_mastercard_needs_more_tags);
  g_test_add_func ("/gateway/card/each-mandatory-tag-is-asked-for", test_each_mandatory_tag_is_asked_for);
  g_test_add_func ("/gateway/card/only-listed-tags-pass", test_only_listed_tags_pass);
  g_test_add_func ("/gateway/card/sensitive-tags-are-refused", test_sensitive_tags_are_refused);
  g_test_add_func ("/gateway/card/the-limit-is-252-characters-and-nothing-is-cut",
                   test_the_limit_is_252_characters_and_nothing_is_cut);
  g_test_add_func ("/gateway/card/what-is-not-tlv-is-refused", test_what_is_not_tlv_is_refused);
  g_test_add_func ("/gateway/card/three-amounts-must-agree", test_three_amounts_must_agree);
  g_test_add_func ("/gateway/card/only-an-authorization-without-card-fields-is-taken",
                   test_only_an_authorization_without_card_fields_is_taken);
  g_test_add_func ("/gateway/card/a-track-is-a-track", test_a_track_is_a_track);
  g_test_add_func ("/gateway/card/other-brands-are-refused", test_other_brands_are_refused);
  g_test_add_func ("/gateway/card/a-swipe-has-no-chip-data", test_a_swipe_has_no_chip_data);

  return g_test_run ();
}
