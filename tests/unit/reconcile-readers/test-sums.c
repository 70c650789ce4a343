/* SPDX-License-Identifier: Apache-2.0 */
/* What holds of any settlement file (settlement-files.md sections 1 to 3a): its lines have the sums with which it was
 * made, a batch with its payout adds up to nothing, keys are as many as lines, and a file that says its lines twice has
 * every key twice. */
#include "tests/unit/reconcile-readers/given.h"

#include <string.h>

enum { N_LINES = 400, N_ROUNDS = 20 };

typedef struct { gint64 gross, fee, net; guint n; GHashTable *keys; } Sums;

typedef void (*MakeLine) (GString *text, guint number, gint64 gross, gint64 fee);

static void
append_amount (GString *text,
               gint64   minor)
{
  g_string_append_printf (text, "%s%d.%02d", minor < 0 ? "-" : "", (int) ABS (minor) / 100, (int) ABS (minor) % 100);
}

/* In the column of its direction. */
static void
append_sides (GString *text,
              gint64   minor)
{
  if (minor >= 0)
    g_string_append_c (text, ',');
  append_amount (text, ABS (minor));
  if (minor < 0)
    g_string_append_c (text, ',');
}

#define ADYEN "Merchant Account,Psp Reference,Merchant Reference,Creation Date,TimeZone,Type,Modification Reference," \
  "Gross Currency,Gross Debit (GC),Gross Credit (GC),Net Currency,Net Debit (NC),Net Credit (NC),Commission (NC)," \
  "Batch Number\n"

static void
make_adyen (GString *text,
            guint    number,
            gint64   gross,
            gint64   fee)
{
  g_string_append_printf (text, "Shop,P%u,tw-%u,2026-03-%02u 10:00:00,CET,%s,M%u,EUR,", number, number,
                          1 + number % 28, gross < 0 ? "Refunded" : "Settled", number);
  append_sides (text, gross);
  g_string_append (text, ",EUR,");
  append_sides (text, gross - fee);
  g_string_append_c (text, ',');
  append_amount (text, fee);
  g_string_append (text, ",7\n");
}

static void
finish_adyen (GString *text,
              gint64   net)
{
  g_string_append (text, "Shop,,,2026-03-30 10:00:00,CET,MerchantPayout,x,,,,EUR,");
  append_sides (text, -net);
  g_string_append (text, ",,7\n");
}

#define STRIPE "created_utc,balance_transaction_id,currency,gross,fee,net,reporting_category,automatic_payout_id," \
  "payment_metadata[session]\n"

static void
make_stripe (GString *text,
             guint    number,
             gint64   gross,
             gint64   fee)
{
  g_string_append_printf (text, "2026-03-%02u 10:00:00,txn_%u,eur,", 1 + number % 28, number);
  append_amount (text, gross);
  g_string_append_c (text, ',');
  append_amount (text, fee);
  g_string_append_c (text, ',');
  append_amount (text, gross - fee);
  g_string_append_printf (text, ",%s,po_1,tw-%u\n", gross < 0 ? "refund" : "charge", number);
}

static void
finish_stripe (GString *text,
               gint64   net)
{
  g_string_append (text, "2026-03-30 10:00:00,txn_payout,eur,");
  append_amount (text, -net);
  g_string_append (text, ",0.00,");
  append_amount (text, -net);
  g_string_append (text, ",payout,po_1,\n");
}

static const struct
{
  const char *header;
  MakeLine    make;
  void      (*finish) (GString *text, gint64 net);
} formats[] = { { ADYEN, make_adyen, finish_adyen }, { STRIPE, make_stripe, finish_stripe } };

static gboolean
on_line (gpointer          data,
         const TwSettled  *line,
         GError          **error)
{
  Sums *sums = data;
  char *key = g_strndup (line->key.text, line->key.n);
  const guint seen = GPOINTER_TO_UINT (g_hash_table_lookup (sums->keys, key));

  g_assert_cmpint (line->gross - line->fee, ==, line->net);
  sums->gross += line->gross;
  sums->fee += line->fee;
  sums->net += line->net;
  sums->n++;
  g_hash_table_replace (sums->keys, key, GUINT_TO_POINTER (seen + 1));

  return TRUE;
}

static void
read_sums (const char *bytes,
           Sums       *sums)
{
  static const TwIntakeClass class_ = { .line = on_line };
  const TwProfile none = { 0 };
  const TwIntake intake = { &class_, sums };
  g_autoptr (GivenFile) path = given_file (bytes, -1);
  g_autoptr (GPtrArray) notices = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  TwImport import = { .first_us = TW_NOT_STATED, .last_us = TW_NOT_STATED, .notices = notices };

  *sums = (Sums) { .keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL) };
  tw_read_settlement (path, 0, &none, &intake, &import, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (import.n_rows, ==, sums->n);
  g_free (import.format);
}

/* Every cell in quotes with blanks around it, and lines in reverse: the same keys. */
static char *
written_otherwise (const char *header,
                   const char *lines)
{
  g_auto (GStrv) rows = g_strsplit (lines, "\n", -1);
  GString *text = g_string_new (header);

  for (guint i = g_strv_length (rows); i-- > 0;)
    {
      g_auto (GStrv) cells = g_strsplit (rows[i], ",", -1);
      g_autofree char *joined = *rows[i] != '\0' ? g_strjoinv (" \",\"  ", cells) : NULL;

      if (joined != NULL)
        g_string_append_printf (text, "\" %s\"\r\n", joined);
    }

  return g_string_free (text, FALSE);
}

static void
assert_same_keys (GHashTable *a,
                  GHashTable *b)
{
  GHashTableIter iter;
  gpointer key;

  g_assert_cmpuint (g_hash_table_size (a), ==, g_hash_table_size (b));
  g_hash_table_iter_init (&iter, a);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    g_assert_true (g_hash_table_contains (b, key));
}

static void
check_format (guint  format,
              GRand *random)
{
  g_autoptr (GString) lines = g_string_new (NULL);
  g_autofree char *once = NULL, *twice = NULL, *otherwise = NULL;
  Sums made = { 0 }, read, again;
  GHashTableIter iter;
  gpointer count;

  for (guint i = 0; i < N_LINES; i++)
    {
      const gint64 gross = g_rand_int_range (random, 0, 5) ? g_rand_int_range (random, 0, 9999999)
                                                           : -g_rand_int_range (random, 1, 99999);
      const gint64 fee = g_rand_int_range (random, 0, 500);

      formats[format].make (lines, i, gross, fee);
      made.gross += gross;
      made.fee += fee;
    }
  formats[format].finish (lines, made.gross - made.fee);
  once = g_strconcat (formats[format].header, lines->str, NULL);
  twice = g_strconcat (once, lines->str, NULL);

  read_sums (once, &read);
  g_assert_cmpuint (read.n, ==, N_LINES + 1);
  g_assert_cmpint (read.net, ==, 0);
  g_assert_cmpint (read.fee, ==, made.fee);
  g_assert_cmpint (read.gross, ==, made.gross - (made.gross - made.fee));
  g_assert_cmpuint (g_hash_table_size (read.keys), ==, N_LINES + 1);
  otherwise = written_otherwise (formats[format].header, lines->str);
  read_sums (otherwise, &again);
  assert_same_keys (read.keys, again.keys);
  g_hash_table_unref (again.keys);
  g_hash_table_unref (read.keys);

  read_sums (twice, &read);
  g_assert_cmpuint (g_hash_table_size (read.keys), ==, N_LINES + 1);
  g_hash_table_iter_init (&iter, read.keys);
  while (g_hash_table_iter_next (&iter, NULL, &count))
    g_assert_cmpuint (GPOINTER_TO_UINT (count), ==, 2);
  g_hash_table_unref (read.keys);
}

static void
test_sums (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (20261122);

  for (guint round = 0; round < N_ROUNDS; round++)
    for (guint format = 0; format < G_N_ELEMENTS (formats); format++)
      check_format (format, random);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/reconcile-readers/sums/what-was-written-is-what-is-read", test_sums);

  return g_test_run ();
}
