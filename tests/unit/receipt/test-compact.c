/* SPDX-License-Identifier: Apache-2.0 */
/* The text of the QR code; what it must say is written by hand from the amounts in sample.c. */
#include "tests/unit/receipt/sample.h"

#include "app/base/error.h"

#include <string.h>

static char *
to_qr (const TwReceipt *receipt,
       const char      *language)
{
  g_autoptr (GError) error = NULL;
  char *text = tw_receipt_to_qr (receipt, language, &error);

  g_assert_no_error (error);
  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_cmpuint (strlen (text), <=, TW_RECEIPT_QR_BYTES);

  return text;
}

static void
test_paid (void)
{
  g_autoptr (TwReceipt) receipt = sample_paid ();
  g_autofree char *german = to_qr (receipt, "de");
  g_autofree char *english = to_qr (receipt, "en");

  g_assert_cmpstr (german, ==,
                   "TESTBETRIEB - KEINE ZAHLUNG\n"
                   "Stadtwerke Muster GmbH\n"
                   "USt-IdNr. DE123456789\n"
                   "BELEG TWT0001-000017\n"
                   "Vorgang 20261122-101530-1-7f3a91\n"
                   "DE*TWT*E0001*1\n"
                   "22.11.2026 11:15-13:01 CET\n"
                   "20,450 kWh\n"
                   "Energie 10,02\n"
                   "Standzeit ohne Laden 4,01\n"
                   "SUMME 14,03 EUR\n"
                   "MwSt 19 %: 2,24\n"
                   "Abgebucht 14,03 EUR\n"
                   "Visa ****0119\n");
  g_assert_cmpstr (english, ==,
                   "TEST MODE - NO PAYMENT\n"
                   "Stadtwerke Muster GmbH\n"
                   "VAT ID DE123456789\n"
                   "RECEIPT TWT0001-000017\n"
                   "Session 20261122-101530-1-7f3a91\n"
                   "DE*TWT*E0001*1\n"
                   "2026-11-22 11:15-13:01 CET\n"
                   "20.450 kWh\n"
                   "Energy 10.02\n"
                   "Time plugged in, not charging 4.01\n"
                   "TOTAL 14.03 EUR\n"
                   "Tax 19 %: 2.24\n"
                   "Charged 14.03 EUR\n"
                   "Visa ****0119\n");
}

/* Four items do not go in with the rest: all of them are left out, the taxes are not. */
static void
test_left_out (void)
{
  g_autoptr (TwReceipt) receipt = sample_two_rates ();
  g_autofree char *text = to_qr (receipt, "en");

  g_assert_cmpstr (text, ==,
                   "Stadtwerke Muster GmbH\n"
                   "VAT ID DE123456789\n"
                   "RECEIPT TWT0001-000018\n"
                   "Session 20261122-101530-1-7f3a91\n"
                   "DE*TWT*E0001*1\n"
                   "2026-11-22 11:15-13:01 CET\n"
                   "62.345 kWh\n"
                   "TOTAL 28.00 EUR\n"
                   "Tax 20 %: 0.76\n"
                   "Tax 10 %: 2.49\n"
                   "Tax limit: -0.25\n"
                   "To be charged 27.50 EUR\n"
                   "Visa ****0119\n");
}

static void
test_nothing_charged (void)
{
  static const struct { TwReceipt *(*make) (void); const char *end; } rows[] = {
    { sample_declined, "Charging did not start.\nNo money was reserved, and none was charged.\nVisa ****0119\n"
                       "The card was declined.\n" },
    { sample_no_energy, "2026-11-22 11:15-13:01 CET\n0.000 kWh\nNothing was charged.\nVisa ****0119\n"
                        "The charging point reported a fault.\n" },
    { sample_unknown, "Charging did not start.\nReservation asked for 40.00 EUR\nVisa ****0119\n"
                      "The payment service could not be reached.\n" },
    { sample_failed, "1.500 kWh\nCharging time 5.00\n  1:00:01.500 h x 5.00 EUR/h\n"
                     "TOTAL 5.00 EUR\nNot charged 5.00 EUR\nVisa ****0119\n"
                     "The cable was unplugged.\n" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (TwReceipt) receipt = rows[i].make ();
      g_autofree char *text = to_qr (receipt, "en");

      g_assert_nonnull (strstr (text, "\nSESSION RECORD\nSession 20261122-101530-1-7f3a91\nDE*TWT*E0001*1\n"));
      if (!g_str_has_suffix (text, rows[i].end))
        g_test_fail_printf ("row %u: %s", i, text);
    }
}

static void
test_two_days (void)
{
  g_autoptr (TwReceipt) receipt = sample_paid ();
  g_autofree char *text = NULL;

  receipt->test_mode = FALSE;
  receipt->end_wall_us += G_GINT64_CONSTANT (12) * 3600 * G_USEC_PER_SEC;
  receipt->released_wall_us = receipt->end_wall_us;
  text = to_qr (receipt, "en");
  g_assert_nonnull (strstr (text, "\n2026-11-22 11:15 - 2026-11-23 01:01 CET\n"));
}

static void
set (char      **field,
     const char *value,
     guint       times)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < times; i++)
    g_string_append (text, value);
  g_free (*field);
  *field = g_strdup (text->str);
}

/* As long as anybody can make them, in letters of three bytes: it still fits, and says who, which and how much. */
static void
test_long_names (void)
{
  g_autoptr (TwReceipt) receipt = sample_paid ();
  g_autofree char *text = NULL;
  char **const fields[] = { &receipt->seller_name, &receipt->seller_vat_id, &receipt->number, &receipt->session,
                            &receipt->evse_id, &receipt->brand };

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    set (fields[i], "充\n\x1b", 200);
  text = to_qr (receipt, "de");
  g_assert_null (strchr (text, '\x1b'));
  g_assert_nonnull (strstr (text, "TESTBETRIEB"));
  g_assert_nonnull (strstr (text, "SUMME 14,03 EUR\n"));
  g_assert_nonnull (strstr (text, "Abgebucht 14,03 EUR\n"));
  g_assert_nonnull (strstr (text, " ****0119\n"));
  g_assert_nonnull (strstr (text, "...\n"));
}

static void
test_same_rules (void)
{
  g_autoptr (TwReceipt) receipt = sample_paid ();
  g_autoptr (GError) error = NULL;

  receipt->gross_minor++;
  g_assert_null (tw_receipt_to_qr (receipt, "en", &error));
  g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/receipt/compact/a-paid-session-in-both-languages", test_paid);
  g_test_add_func ("/receipt/compact/what-does-not-fit-is-left-out-whole", test_left_out);
  g_test_add_func ("/receipt/compact/nothing-charged-says-why", test_nothing_charged);
  g_test_add_func ("/receipt/compact/two-days-are-two-dates", test_two_days);
  g_test_add_func ("/receipt/compact/long-names-are-cut", test_long_names);
  g_test_add_func ("/receipt/compact/wrong-sums-are-refused", test_same_rules);

  return g_test_run ();
}
