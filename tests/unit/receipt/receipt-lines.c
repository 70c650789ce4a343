/* SPDX-License-Identifier: Apache-2.0 */
/* What test_lines.py checks: each line of stdin is {"tariff", "cdr", "zone"}, each line of stdout {"en", "de", "json"},
 * the renderings of a receipt for that session, or {"error"}.
 */
#include "tests/unit/receipt/sample.h"

#include "app/base/json.h"
#include "payment/tariff/cdr.h"

#include <stdio.h>

static GBytes *
bytes_of (const TwJson *value)
{
  g_autoptr (TwJsonOut) out = tw_json_out_new ();

  tw_json_out_copy (out, NULL, value);

  return tw_json_out_finish (out);
}

static TwBill *
price (const TwJson  *question,
       TwReceipt     *receipt,
       GError       **error)
{
  g_autoptr (GBytes) tariff_bytes = bytes_of (tw_json_member (question, "tariff"));
  g_autoptr (GBytes) cdr_bytes = bytes_of (tw_json_member (question, "cdr"));
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier (receipt->time_zone);
  g_autoptr (TwTariff) tariff = tw_tariff_parse_in (tariff_bytes, zone, TW_TARIFF_WALK_UP, error);
  g_autoptr (TwCdr) cdr = tariff ? tw_cdr_parse (cdr_bytes, error) : NULL;
  g_autoptr (TwPricer) pricer = cdr ? tw_pricer_new (tariff) : NULL;

  if (cdr == NULL)
    return NULL;
  receipt->tariff_id = g_strdup (tw_tariff_id (tariff));
  receipt->tariff_hash = g_strdup (tw_tariff_hash (tariff));
  tw_cdr_feed (cdr, pricer);

  return tw_pricer_bill (pricer, error);
}

static const char *
currency_of (const TwJson *question)
{
  return tw_json_string (tw_json_member (tw_json_member (question, "tariff"), "currency"));
}

static void
answer (const TwJson *question,
        TwJsonOut    *out)
{
  g_autoptr (TwReceipt) receipt = sample_blank (currency_of (question));
  g_autoptr (GError) error = NULL;
  g_autoptr (TwBill) bill = NULL;
  g_autofree char *english = NULL, *german = NULL;
  g_autoptr (GBytes) json = NULL;
  g_autoptr (TwJson) tree = NULL;

  g_free (receipt->time_zone);
  receipt->time_zone = g_strdup (tw_json_string (tw_json_member (question, "zone")));
  bill = price (question, receipt, &error);
  if (bill == NULL)
    {
      tw_json_out_string (out, "error", error->message);
      return;
    }
  tw_receipt_set_bill (receipt, bill);
  english = tw_receipt_to_text (receipt, "en", &error);
  g_assert_no_error (error);
  german = tw_receipt_to_text (receipt, "de", &error);
  g_assert_no_error (error);
  json = tw_receipt_to_json (receipt, &error);
  g_assert_no_error (error);
  tree = tw_json_parse (g_bytes_get_data (json, NULL), g_bytes_get_size (json), &TW_JSON_LARGE, &error);
  g_assert_no_error (error);
  tw_json_out_string (out, "en", english);
  tw_json_out_string (out, "de", german);
  tw_json_out_copy (out, "json", tree);
}

int
main (int   argc,
      char *argv[])
{
  g_autofree char *line = NULL;
  size_t size = 0;
  ssize_t len;

  while ((len = getline (&line, &size, stdin)) > 0)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (TwJson) question = tw_json_parse (line, (gsize) len, &TW_JSON_LARGE, &error);
      g_autoptr (TwJsonOut) out = tw_json_out_new ();
      g_autoptr (GBytes) text = NULL;

      g_assert_no_error (error);
      tw_json_out_begin_object (out, NULL);
      answer (question, out);
      text = tw_json_out_finish (out);
      printf ("%.*s\n", (int) g_bytes_get_size (text), (const char *) g_bytes_get_data (text, NULL));
    }

  return 0;
}
