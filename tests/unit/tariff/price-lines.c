/* SPDX-License-Identifier: Apache-2.0 */
/* Prices what the oracle prices: each line of stdin is {"tariff", "cdr", "zone"}, each line of stdout the answer in the
 * form of tests/lib/oracle.py, or {"error": ...}. With an argument, a seed, every span is cut into pieces first, at
 * points that lie on its line.
 */
#include "payment/tariff/cdr.h"

#include "app/base/json.h"

#include <stdio.h>
#include <string.h>

static GBytes *
bytes_of (const TwJson *value)
{
  TwJsonOut *out = tw_json_out_new ();
  GBytes *bytes;

  tw_json_out_copy (out, NULL, value);
  bytes = tw_json_out_finish (out);
  tw_json_out_free (out);

  return bytes;
}

/* Both the millisecond and the mWh of a cut are whole, so that it lies on the line exactly. */
static void
feed_cut (TwPricer     *pricer,
          const TwSpan *span,
          GRand        *rand)
{
  gint64 a = span->duration_ms, b = span->energy_mwh, n_cuts = 0, at = 0;

  for (; b != 0; b %= a)
    {
      gint64 swap = a;

      a = b;
      b = swap;
      if (a == 0)
        break;
    }
  a = MAX (a, 1);   /* the greatest common divisor: the line goes through a whole points */
  n_cuts = a > 1 ? g_rand_int_range (rand, 0, 4) : 0;
  for (gint64 i = 0; i <= n_cuts; i++)
    {
      gint64 to = i == n_cuts ? a : at + (gint64) (g_rand_double (rand) * (double) (a - at));
      TwSpan piece = *span;

      piece.start_ms += span->duration_ms / a * at;
      piece.duration_ms = span->duration_ms / a * (to - at);
      piece.energy_mwh = span->energy_mwh / a * (to - at);
      tw_pricer_feed (pricer, &piece);
      at = to;
    }
}

static void
write_minor (TwJsonOut  *out,
             const char *name,
             gboolean    known,
             gint64      minor)
{
  if (known)
    tw_json_out_int64 (out, name, minor);
  else
    tw_json_out_string (out, name, NULL);
}

static int
compare_lines (const void *a,
               const void *b)
{
  static const char *const names[] = { "FLAT", "ENERGY", "TIME", "PARKING_TIME" };
  const TwLine *left = *(const TwLine *const *) a, *right = *(const TwLine *const *) b;
  int by_name = strcmp (names[left->kind], names[right->kind]);

  return by_name ? by_name : left->element < right->element ? -1 : left->element > right->element;
}

static void
write_lines (TwJsonOut    *out,
             const TwBill *bill)
{
  static const char *const names[] = { "FLAT", "ENERGY", "TIME", "PARKING_TIME" };
  g_autoptr (GPtrArray) lines = g_ptr_array_new ();
  gint64 net = 0, gross = 0;

  for (guint i = 0; i < tw_bill_n_lines (bill); i++)
    {
      net += tw_bill_line (bill, i)->net_minor;
      gross += tw_bill_line (bill, i)->gross_minor;
      if (tw_bill_line (bill, i)->kind != TW_LINE_ADJUSTMENT)
        g_ptr_array_add (lines, (gpointer) tw_bill_line (bill, i));
    }
  g_assert_cmpint (net, ==, tw_bill_net (bill).minor);
  g_assert_cmpint (gross, ==, tw_bill_gross (bill).minor);
  g_ptr_array_sort (lines, compare_lines);
  tw_json_out_begin_array (out, "lines");
  for (guint i = 0; i < lines->len; i++)
    {
      const TwLine *line = lines->pdata[i];

      tw_json_out_begin_array (out, NULL);
      tw_json_out_string (out, NULL, names[line->kind]);
      tw_json_out_int64 (out, NULL, line->element);
      tw_json_out_bool (out, NULL, line->reservation);
      tw_json_out_int64 (out, NULL, line->exact_quantity);
      tw_json_out_end (out);
    }
  tw_json_out_end (out);
}

static void
write_bill (TwJsonOut    *out,
            const TwBill *bill)
{
  gboolean net = tw_bill_net_known (bill), gross = tw_bill_gross_known (bill);

  write_minor (out, "net", net, tw_bill_net (bill).minor);
  write_minor (out, "gross", gross, tw_bill_gross (bill).minor);
  tw_json_out_string (out, "exact_net", net ? tw_bill_exact_net (bill) : NULL);
  tw_json_out_string (out, "exact_gross", gross ? tw_bill_exact_gross (bill) : NULL);
  write_lines (out, bill);
}

/* As it grows: the running price is what it would be if it stopped there, and the copy goes on as the original. */
static void
check_running (const TwPricer *pricer)
{
  g_autoptr (TwPricer) copy = tw_pricer_copy (pricer);
  g_autoptr (TwBill) bill = tw_pricer_bill (copy, NULL);
  TwTotals totals;
  gint64 so_far, if_stopped;

  g_assert_true (tw_pricer_totals (pricer, &totals));
  g_assert_cmpint (totals.net_known, ==, tw_bill_net_known (bill));
  g_assert_cmpint (totals.gross_known, ==, tw_bill_gross_known (bill));
  g_assert_cmpint (totals.net_minor, ==, tw_bill_net (bill).minor);
  g_assert_cmpint (totals.gross_minor, ==, tw_bill_gross (bill).minor);
  g_assert_true (tw_pricer_cost_minor (pricer, &so_far, &if_stopped));
  g_assert_cmpint (if_stopped, ==, (tw_bill_gross_known (bill) ? tw_bill_gross (bill) : tw_bill_net (bill)).minor);
}

static TwBill *
price (const TwJson  *question,
       GRand         *rand,
       GError       **error)
{
  g_autoptr (GBytes) tariff_bytes = bytes_of (tw_json_member (question, "tariff"));
  g_autoptr (GBytes) cdr_bytes = bytes_of (tw_json_member (question, "cdr"));
  g_autofree char *cdr_text = g_strndup (g_bytes_get_data (cdr_bytes, NULL), g_bytes_get_size (cdr_bytes));
  g_autoptr (TwCdr) cdr = tw_cdr_parse (cdr_bytes, error);
  const char *name = tw_json_string (tw_json_member (question, "zone"));
  g_autoptr (GTimeZone) zone = NULL;
  g_autoptr (TwTariff) tariff = NULL;
  g_autoptr (TwPricer) pricer = NULL;

  if (cdr == NULL)
    return NULL;
  if (name == NULL)
    name = tw_cdr_time_zone (cdr);
  zone = g_time_zone_new_identifier (name ? name : "UTC");
  g_assert_nonnull (zone);
  tariff = tw_tariff_parse_in (tariff_bytes, zone, TW_TARIFF_ANY, error);
  if (tariff == NULL)
    return NULL;
  pricer = tw_pricer_new (tariff);
  if (rand == NULL)
    tw_cdr_feed (cdr, pricer);
  if (strstr (cdr_text, "\"ENERGY\"") == NULL)
    tw_pricer_charge_without_energy (pricer);
  for (guint i = 0; rand != NULL && i < tw_cdr_n_spans (cdr); i++)
    {
      feed_cut (pricer, tw_cdr_span (cdr, i), rand);
      check_running (pricer);
    }

  return tw_pricer_bill (pricer, error);
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr (GRand) rand = argc > 1 ? g_rand_new_with_seed ((guint32) g_ascii_strtoull (argv[1], NULL, 10)) : NULL;
  g_autofree char *line = NULL;
  size_t size = 0;
  ssize_t len;

  while ((len = getline (&line, &size, stdin)) > 0)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (TwJson) question = tw_json_parse (line, (gsize) len, &TW_JSON_LARGE, &error);
      g_autoptr (TwBill) bill = question ? price (question, rand, &error) : NULL;
      g_autoptr (TwJsonOut) out = tw_json_out_new ();
      g_autoptr (GBytes) text = NULL;

      tw_json_out_begin_object (out, NULL);
      if (bill != NULL)
        write_bill (out, bill);
      else
        tw_json_out_string (out, "error", error->message);
      text = tw_json_out_finish (out);
      printf ("%.*s\n", (int) g_bytes_get_size (text), (const char *) g_bytes_get_data (text, NULL));
    }

  return 0;
}
