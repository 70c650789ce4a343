/* SPDX-License-Identifier: Apache-2.0 */
/* Renderings against files in tests/data/receipts, each read and calculated through by hand; and what is refused. */
#include "tests/unit/receipt/sample.h"

#include "app/base/error.h"
#include "app/base/json.h"

#include <string.h>

static char *
golden (const char *name)
{
  g_autofree char *path = g_build_filename (g_getenv ("TW_GOLDENS"), name, NULL);
  g_autoptr (GError) error = NULL;
  char *text = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);

  return text;
}

static TwReceipt *
sample (const char *name)
{
  for (guint i = 0; i < n_samples; i++)
    if (g_str_equal (samples[i].name, name))
      return samples[i].make ();
  g_assert_not_reached ();
}

static char *
to_text (const TwReceipt *receipt,
         const char      *language)
{
  g_autoptr (GError) error = NULL;
  char *text = tw_receipt_to_text (receipt, language, &error);

  g_assert_no_error (error);

  return text;
}

static char *
to_json (const TwReceipt *receipt)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = tw_receipt_to_json (receipt, &error);

  g_assert_no_error (error);

  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

/* data: "paid.en.txt", "paid.json". */
static void
test_golden (gconstpointer data)
{
  g_auto (GStrv) parts = g_strsplit (data, ".", -1);
  g_autoptr (TwReceipt) receipt = sample (parts[0]);
  g_autofree char *expected = golden (data);
  g_autofree char *actual = g_str_equal (parts[1], "json") ? to_json (receipt) : to_text (receipt, parts[1]);

  g_assert_cmpstr (actual, ==, expected);
}

static guint
columns_of (const char *line)
{
  return g_utf8_strlen (line, -1);
}

static void
assert_fits (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_true (g_str_has_suffix (text, "\n"));
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_assert_cmpuint (columns_of (lines[i]), <=, TW_RECEIPT_COLUMNS);
      g_assert_false (g_str_has_suffix (lines[i], " "));
      for (const char *p = lines[i]; *p != '\0'; p++)
        g_assert_true ((guchar) *p >= ' ' && *p != 0x7f);
    }
}

static void
test_lines_fit (void)
{
  for (guint i = 0; i < n_samples; i++)
    {
      g_autoptr (TwReceipt) receipt = samples[i].make ();
      g_autofree char *english = to_text (receipt, "en");
      g_autofree char *german = to_text (receipt, "de");

      assert_fits (english);
      assert_fits (german);
      g_assert_true (g_str_is_ascii (english));
    }
}

static void
assert_refused (const TwReceipt *receipt,
                const char      *word)
{
  g_autoptr (GError) text_error = NULL;
  g_autoptr (GError) json_error = NULL;

  g_assert_null (tw_receipt_to_text (receipt, "en", &text_error));
  g_assert_error (text_error, TW_ERROR, TW_ERROR_BAD_DATA);
  if (strstr (text_error->message, word) == NULL)
    g_test_fail_printf ("\"%s\" does not say \"%s\"", text_error->message, word);
  g_assert_null (tw_receipt_to_json (receipt, &json_error));
  g_assert_error (json_error, TW_ERROR, TW_ERROR_BAD_DATA);
}

/* Text from outside: control sequences, bidirectional overrides, words without end, other scripts. */
static void
test_hostile_text (void)
{
  g_autoptr (TwReceipt) receipt = sample_paid ();
  g_autofree char *text = NULL;

  g_free (receipt->station_name);
  receipt->station_name = g_strdup ("\x1b[2J\x1b]0;x\x07 Park\nhaus\t\xe2\x80\xae evil");
  g_free (receipt->seller_name);
  receipt->seller_name = g_strnfill (300, 'W');
  g_free (receipt->reference);
  receipt->reference = g_strnfill (129, '7');
  tw_receipt_add_finding (receipt, "not-a-known-code\x07");
  text = to_text (receipt, "en");

  assert_fits (text);
  g_assert_null (strchr (text, 0x1b));
  g_assert_null (strstr (text, "\xe2\x80\xae"));
  g_assert_nonnull (strstr (text, "! not-a-known-code?"));
  tw_receipt_add_finding (receipt, "\xff");
  assert_refused (receipt, "UTF-8");
}

static void
test_languages (void)
{
  const struct { const char *tag, *title; } cases[] = {
    { "en", "RECEIPT" }, { "de", "BELEG" }, { "de-AT", "BELEG" }, { "de_CH.UTF-8", "BELEG" }, { "DE", "BELEG" },
    { "deu", "RECEIPT" }, { "fr", "RECEIPT" }, { "", "RECEIPT" }, { NULL, "RECEIPT" },
  };
  g_autoptr (TwReceipt) receipt = sample_paid ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = to_text (receipt, cases[i].tag);

      g_assert_nonnull (strstr (text, cases[i].title));
    }
}

/* The night in which 02:00 to 03:00 does not exist: an hour passes, the clock moves by two. */
static void
test_local_time (void)
{
  g_autoptr (TwReceipt) receipt = sample_paid ();
  g_autofree char *text = NULL;
  g_autofree char *json = NULL;

  receipt->begin_wall_us = G_GINT64_CONSTANT (1774744200) * G_USEC_PER_SEC;   /* date -u -d 2026-03-29T00:30:00 +%s */
  receipt->end_wall_us = G_GINT64_CONSTANT (1774747800) * G_USEC_PER_SEC;
  text = to_text (receipt, "en");
  json = to_json (receipt);

  g_assert_nonnull (strstr (text, "2026-03-29 01:30:00 CET\n"));
  g_assert_nonnull (strstr (text, "2026-03-29 03:30:00 CEST\n"));
  g_assert_nonnull (strstr (json, "{\"utc\":\"2026-03-29T01:30:00Z\",\"local\":\"2026-03-29T03:30:00+02:00\"}"));
}

#define MANDATORY(member) { #member, G_STRUCT_OFFSET (TwReceipt, member) }

static void
test_mandatory_fields (void)
{
  const struct { const char *name; gsize offset; } fields[] = {
    MANDATORY (seller_name), MANDATORY (seller_address), MANDATORY (seller_vat_id), MANDATORY (helpline),
    MANDATORY (station_id), MANDATORY (station_name), MANDATORY (station_address), MANDATORY (evse_id),
    MANDATORY (connector), MANDATORY (time_zone), MANDATORY (session), MANDATORY (reason), MANDATORY (number),
    MANDATORY (reference), MANDATORY (brand), MANDATORY (tariff_id), MANDATORY (tariff_hash),
  };

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      g_autoptr (TwReceipt) receipt = sample_paid ();
      char **field = (char **) G_STRUCT_MEMBER_P (receipt, fields[i].offset);

      g_test_message ("%s", fields[i].name);
      g_clear_pointer (field, g_free);
      assert_refused (receipt, fields[i].name);
      *field = g_strdup ("");
      assert_refused (receipt, fields[i].name);
      g_clear_pointer (field, g_free);
      *field = g_strdup ("\xff");
      assert_refused (receipt, fields[i].name);
    }
}

/* What a receipt does not need: without tax no VAT id, without a sale no number, tariff or reference. */
static void
test_optional_fields (void)
{
  g_autoptr (TwReceipt) declined = sample_declined ();
  g_autoptr (TwReceipt) free_of_tax = sample_paid ();
  g_autofree char *text = NULL;

  g_clear_pointer (&declined->seller_vat_id, g_free);
  text = to_text (declined, "en");
  g_assert_null (strstr (text, "VAT ID"));
  g_clear_pointer (&text, g_free);

  g_clear_pointer (&free_of_tax->seller_vat_id, g_free);
  g_clear_pointer (&free_of_tax->tariff_id, g_free);
  g_clear_pointer (&free_of_tax->tariff_hash, g_free);
  sample_price (free_of_tax, "{'id':'N','currency':'EUR','tax_included':'N/A','elements':[{'price_components':["
                "{'type':'FLAT','price':14.03,'step_size':1}]}]}", 1, 0, 0);
  text = to_text (free_of_tax, "en");
  g_assert_nonnull (strstr (text, "no tax           14.03      0.00     14.03"));
}

static void
test_sums_are_checked (void)
{
  const struct { gsize offset; gint64 by; const char *word; } changes[] = {
    { G_STRUCT_OFFSET (TwReceipt, gross_minor), 1, "add up" },
    { G_STRUCT_OFFSET (TwReceipt, net_minor), 1, "add up" },
    { G_STRUCT_OFFSET (TwReceipt, captured_minor), 1, "captured_minor" },
    { G_STRUCT_OFFSET (TwReceipt, hold_minor), -4000, "captured_minor" },
    { G_STRUCT_OFFSET (TwReceipt, refunded_minor), 1404, "refunded_minor" },
    { G_STRUCT_OFFSET (TwReceipt, refunded_minor), -1, "refunded_minor" },
    { G_STRUCT_OFFSET (TwReceipt, hold_minor), -4001, "negative" },
    { G_STRUCT_OFFSET (TwReceipt, energy_wh), -30000, "negative" },
    { G_STRUCT_OFFSET (TwReceipt, meter_end_wh), -9999999, "meter_end_wh" },
    { G_STRUCT_OFFSET (TwReceipt, begin_wall_us), -G_GINT64_CONSTANT (1795342530000000), "begin_wall_us" },
    { G_STRUCT_OFFSET (TwReceipt, released_wall_us), -G_GINT64_CONSTANT (1795348872000000), "released_wall_us" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_autoptr (TwReceipt) receipt = sample_paid ();

      *(gint64 *) G_STRUCT_MEMBER_P (receipt, changes[i].offset) += changes[i].by;
      assert_refused (receipt, changes[i].word);
    }
}

/* What was due stays as it was: a tax that was paid is another paper's business. */
static void
test_a_refund_is_told_beside_the_charge (void)
{
  g_autoptr (TwReceipt) receipt = sample_paid ();
  g_autofree char *english = NULL, *german = NULL;
  g_autoptr (GBytes) json = NULL;

  receipt->refunded_minor = 203;
  english = to_text (receipt, "en");
  german = to_text (receipt, "de");
  json = tw_receipt_to_json (receipt, NULL);
  g_assert_nonnull (strstr (english, "Charged                          14.03 EUR\n"
                                     "Refunded                          2.03 EUR\n"));
  g_assert_nonnull (strstr (german, "Erstattet                         2,03 EUR\n"));
  g_assert_nonnull (g_strstr_len (g_bytes_get_data (json, NULL), (gssize) g_bytes_get_size (json),
                                  "\"refunded\":\"2.03\",\"refunded_minor\":203"));
}

/* Items that add up, and are not what they say. */
static void
test_products_are_checked (void)
{
  g_autoptr (TwReceipt) receipt = sample_paid ();
  TwReceiptItem *energy = &g_array_index (receipt->items, TwReceiptItem, 0);
  TwReceiptItem *parking = &g_array_index (receipt->items, TwReceiptItem, 1);

  energy->amount_minor++;
  parking->amount_minor--;
  assert_refused (receipt, "quantity times its unit price");
  energy->amount_minor--;
  parking->amount_minor++;
  g_free (parking->unit_price);
  parking->unit_price = g_strdup ("six");
  assert_refused (receipt, "quantity times its unit price");
  g_clear_pointer (&parking->unit_price, g_free);
  assert_refused (receipt, "unit_price");
}

static void
test_card_number (void)
{
  const char *const bad[] = {
    "4761739001010119", "476173******0119", "0119", "****119", "****01190", "**** 0119", "****011x",
  };
  const char *const good[] = { "*0119", "************0119" };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (TwReceipt) receipt = sample_paid ();

      g_free (receipt->masked);
      receipt->masked = g_strdup (bad[i]);
      assert_refused (receipt, "last four digits");
    }
  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (TwReceipt) receipt = sample_paid ();
      g_autofree char *text = NULL;

      g_free (receipt->masked);
      receipt->masked = g_strdup (good[i]);
      text = to_text (receipt, "en");
      g_assert_nonnull (strstr (text, " ****0119\n"));
    }
}

static void
test_time_zone (void)
{
  g_autoptr (TwReceipt) receipt = sample_paid ();

  g_free (receipt->time_zone);
  receipt->time_zone = g_strdup ("Mars/Olympus");
  assert_refused (receipt, "Europe/Berlin");
}

/* A second bill takes the place of the first. */
static void
test_bill_is_replaced (void)
{
  g_autoptr (TwReceipt) receipt = sample_two_rates ();
  guint n_items = receipt->items->len, n_taxes = receipt->taxes->len;

  g_clear_pointer (&receipt->tariff_id, g_free);
  g_clear_pointer (&receipt->tariff_hash, g_free);
  sample_price (receipt, "{'id':'N','currency':'EUR','elements':[{'price_components':["
                "{'type':'FLAT','price':1,'step_size':1}]}]}", 1, 0, 0);
  g_assert_cmpuint (n_items, ==, 4);
  g_assert_cmpuint (n_taxes, ==, 3);
  g_assert_cmpuint (receipt->items->len, ==, 1);
  g_assert_cmpuint (receipt->taxes->len, ==, 1);
  g_assert_cmpint (receipt->gross_minor, ==, 100);
}

static void
test_json_is_json (void)
{
  for (guint i = 0; i < n_samples; i++)
    {
      g_autoptr (TwReceipt) receipt = samples[i].make ();
      g_autofree char *json = to_json (receipt);
      g_autoptr (GError) error = NULL;
      g_autoptr (TwJson) root = tw_json_parse (json, strlen (json), &TW_JSON_SMALL, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (tw_json_get_string (root, "format", NULL), ==, "tapwatt-receipt-1");
    }
}

int
main (int   argc,
      char *argv[])
{
  const char *const goldens[] = {
    "paid.en.txt", "paid.de.txt", "two-rates.en.txt", "two-rates.de.txt", "declined.en.txt", "no-energy.de.txt",
    "stuck.en.txt", "unknown.en.txt", "failed.en.txt", "paid.json", "two-rates.json", "declined.json", "failed.json",
  };

  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (goldens); i++)
    {
      g_autofree char *path = g_strconcat ("/receipt/golden/", goldens[i], NULL);

      g_test_add_data_func (path, goldens[i], test_golden);
    }
  g_test_add_func ("/receipt/lines-fit-the-paper", test_lines_fit);
  g_test_add_func ("/receipt/hostile-text-is-harmless", test_hostile_text);
  g_test_add_func ("/receipt/language-is-an-argument", test_languages);
  g_test_add_func ("/receipt/local-time-follows-the-zone", test_local_time);
  g_test_add_func ("/receipt/a-missing-mandatory-field-fails", test_mandatory_fields);
  g_test_add_func ("/receipt/a-refund-is-told-beside-the-charge", test_a_refund_is_told_beside_the_charge);
  g_test_add_func ("/receipt/what-does-not-apply-may-be-missing", test_optional_fields);
  g_test_add_func ("/receipt/sums-are-checked", test_sums_are_checked);
  g_test_add_func ("/receipt/products-are-checked", test_products_are_checked);
  g_test_add_func ("/receipt/four-digits-of-the-card-and-no-more", test_card_number);
  g_test_add_func ("/receipt/unknown-time-zone-is-refused", test_time_zone);
  g_test_add_func ("/receipt/a-new-bill-replaces-the-old", test_bill_is_replaced);
  g_test_add_func ("/receipt/json-is-json", test_json_is_json);

  return g_test_run ();
}
