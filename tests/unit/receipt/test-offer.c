/* SPDX-License-Identifier: Apache-2.0 */
/* What an offer takes off, on paper: named, reckoned, and with the tax of what is paid. */
#include "tests/unit/receipt/sample.h"

#include "app/base/json.h"

#include <string.h>

/* 20.45 kWh x 0.49 + 1.07 = 11.09, less 12.5 %: 1.39; by hand, as in tests/unit/tariff/test-reduction.c. */
#define TARIFF \
  "{\"country_code\":\"DE\",\"party_id\":\"TWT\",\"id\":\"T\",\"currency\":\"EUR\",\"tax_included\":\"YES\",%s" \
  "\"elements\":[{\"price_components\":[{\"type\":\"ENERGY\",\"price\":0.49,\"vat\":19,\"step_size\":1}," \
  "{\"type\":\"FLAT\",\"price\":1.07,\"vat\":7,\"step_size\":1}]}],\"last_updated\":\"2026-01-01T00:00:00Z\"}"

/* A paid session of another sample, and this bill. */
static TwReceipt *
reduced (const char *limit,
         guint       bp)
{
  g_autofree char *text = g_strdup_printf (TARIFF, limit);
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (TwTariff) tariff = tw_tariff_parse (bytes, NULL);
  g_autoptr (TwUsage) usage = tw_usage_new ();
  g_autoptr (TwBill) bill = NULL;
  TwReceipt *receipt = samples[0].make ();

  tw_usage_add (usage, (TwSlice) { .start_wall_us = receipt->begin_wall_us, .duration_ms = 3600000,
                                   .energy_wh = 20450 });
  tw_usage_reduce (usage, bp);
  bill = tw_tariff_price (tariff, usage, NULL);
  tw_receipt_set_bill (receipt, bill);
  receipt->granted_for = (TwOfferCondition) { .charges_in_month = 3 };
  receipt->status = TW_PAYMENT_CAPTURED;
  receipt->hold_minor = 5000;
  receipt->captured_minor = receipt->gross_minor;
  return receipt;
}

static char *
text_of (const TwReceipt *receipt,
         const char      *language)
{
  g_autoptr (GError) error = NULL;
  char *text = tw_receipt_to_text (receipt, language, &error);

  g_assert_no_error (error);
  return text;
}

static void
assert_says (const char *text,
             const char *says)
{
  if (strstr (text, says) == NULL)
    g_error ("\"%s\" is not in\n%s", says, text);
}

static void
test_paper (void)
{
  g_autoptr (TwReceipt) receipt = reduced ("", 1250);
  g_autofree char *english = text_of (receipt, "en"), *german = text_of (receipt, "de");
  const char *first;

  g_assert_cmpint (receipt->gross_minor, ==, 970);
  assert_says (english, "Reduction (A)                        -0.13\n"
                        "  Your third charge this month\n"
                        "  12.5% of 11.09 EUR\n"
                        "Reduction (B)                        -1.26\n");
  assert_says (english, "TOTAL                             9.70 EUR\n");
  assert_says (english, "A 7 %             0.88      0.06      0.94\nB 19 %            7.36      1.40      8.76\n");
  first = strstr (english, "Your third");
  g_assert_null (strstr (first + 1, "Your third"));
  assert_says (german, "12,5 % von 11,09 EUR");
  assert_says (german, "Ihre dritte Ladung in diesem Monat");
}

static void
test_limit_is_told_before_it (void)
{
  g_autoptr (TwReceipt) receipt = reduced ("\"max_price\":{\"after_taxes\":8.00},", 1000);
  g_autofree char *text = text_of (receipt, "en");

  g_assert_cmpint (receipt->gross_minor, ==, 720);
  assert_says (text, "8.00 EUR instead of 11.09 EUR");
  assert_says (text, "10% of 8.00 EUR");
}

static void
test_json (void)
{
  g_autoptr (TwReceipt) receipt = reduced ("", 1250);
  g_autoptr (GBytes) bytes = tw_receipt_to_json (receipt, NULL);
  gsize len;
  const char *text = g_bytes_get_data (bytes, &len);
  g_autoptr (TwJson) root = tw_json_parse (text, len, &TW_JSON_LARGE, NULL);
  const TwJson *offer = tw_json_member (root, "offer"), *items = tw_json_member (root, "items");
  gint64 before = 0, sum = 0, amount;

  g_assert_true (tw_json_get_int64 (offer, "before_minor", &before, NULL));
  g_assert_cmpint (before, ==, 1109);
  g_assert_cmpstr (tw_json_string (tw_json_member (offer, "discount_percent")), ==, "12.5");
  for (guint i = 0; i < tw_json_length (items); i++)
    {
      g_assert_true (tw_json_get_int64 (tw_json_element (items, i), "amount_minor", &amount, NULL));
      sum += amount;
    }
  g_assert_cmpint (sum, ==, 970);
  g_assert_cmpstr (tw_json_string (tw_json_member (tw_json_element (items, tw_json_length (items) - 1), "kind")), ==,
                   "reduction");
}

/* It goes into the code on the screen, too. */
static void
test_code (void)
{
  g_autoptr (TwReceipt) receipt = reduced ("", 1250);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = tw_receipt_to_qr (receipt, "en", &error);

  g_assert_no_error (error);
  g_assert_cmpuint (strlen (text), <=, TW_RECEIPT_QR_BYTES);
  assert_says (text, "9.70 EUR");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/receipt/offer/paper-names-and-reckons-it", test_paper);
  g_test_add_func ("/receipt/offer/a-limit-is-told-before-it", test_limit_is_told_before_it);
  g_test_add_func ("/receipt/offer/json-adds-up", test_json);
  g_test_add_func ("/receipt/offer/the-code-has-the-reduced-total", test_code);
  return g_test_run ();
}
