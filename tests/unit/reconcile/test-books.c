/* SPDX-License-Identifier: Apache-2.0 */
/* Books of made-up fleets, from a seed: what holds for all of them. The seeds are fixed, so that a failure comes again.
 */
#include <string.h>

#include "app/base/error.h"
#include "tests/unit/reconcile/ledger.h"

#define N_SEEDS 40

static const char *
some (const Ledger *ledger, GRand *rand, const char *prefix, guint n)
{
  g_autofree char *name = g_strdup_printf ("%s%d", prefix, g_rand_int_range (rand, 0, (gint32) n));

  return g_string_chunk_insert_const (ledger->texts, name);
}

/* Lines of one key tell the same, or the books are refused. */
static void
make_key (const Ledger *ledger, TwSettled *line)
{
  g_autofree char *key = g_strdup_printf ("%.*s %d %" G_GINT64_FORMAT " %.*s %.*s", (int) line->key.n, line->key.text,
                                          (int) line->kind, line->gross, (int) line->batch.n, line->batch.text,
                                          (int) line->payment_ref.n, line->payment_ref.text);

  line->key = chars (g_string_chunk_insert (ledger->texts, key));
}

/* Versions of a sale that is over must not contradict each other. */
static gint64
captured_of (const TwSale *sale)
{
  g_autofree char *name = g_strdup_printf ("%.*s %.*s", (int) sale->session.n, sale->session.text,
                                           (int) sale->station.n, sale->station.text);

  return g_str_hash (name) / 7 % 4 * 500;
}

/* References from a pool that is a bit too small, so that some meet and some are missing. */
static void
fill (Ledger *ledger, GRand *rand, guint n)
{
  static const TwSettledKind kinds[] = {
    TW_SETTLED_SALE, TW_SETTLED_SALE, TW_SETTLED_SALE, TW_SETTLED_SALE, TW_SETTLED_REFUND, TW_SETTLED_CHARGEBACK,
    TW_SETTLED_FEE, TW_SETTLED_BULK, TW_SETTLED_PAYOUT,
  };

  for (guint i = 0; i < n; i++)
    {
      TwSale sale = ledger_sale (some (ledger, rand, "s", 4 * n), some (ledger, rand, "r", 2 * n));
      TwSettled line = ledger_line (some (ledger, rand, "k", 4 * n), some (ledger, rand, "r", 2 * n), 0);

      sale.origin = (TwOrigin) { 0, i + 1 };
      sale.psp_ref = chars (some (ledger, rand, "p", 2 * n));
      sale.station = chars (some (ledger, rand, "S", 3));
      sale.receipt_number = (guint64) g_rand_int_range (rand, 0, (gint32) (2 * n));
      sale.captured_minor = captured_of (&sale);
      sale.state = sale.captured_minor > 0 ? TW_SALE_CAPTURED : (TwSaleState) g_rand_int_range (rand, 0, 7);
      line.origin = (TwOrigin) { 1 + (guint32) g_rand_int_range (rand, 0, 3), i + 1 };
      line.kind = kinds[g_rand_int_range (rand, 0, G_N_ELEMENTS (kinds))];
      line.gross = line.net = g_rand_int_range (rand, 1, 4) * (line.kind == TW_SETTLED_SALE ? 500 : -500);
      line.psp_ref = chars (some (ledger, rand, "p", 2 * n));
      line.batch = chars (some (ledger, rand, "B100", 4));
      if (g_rand_boolean (rand))
        line.payment_ref.n = 0;
      make_key (ledger, &line);
      g_array_append_val (ledger->sales, sale);
      g_array_append_val (ledger->lines, line);
    }
  for (guint i = 0; i < 4; i++)
    {
      TwCredit credit = {
        .origin = { 6, i + 1 }, .account = TEXT ("IBAN"), .key = chars (some (ledger, rand, "K", 6)),
        .remittance = chars (some (ledger, rand, "B100", 6)), .currency = "EUR",
        .amount = g_rand_int_range (rand, -4, 9) * 500, .booked_day = 20779, .value_day = 20779,
      };

      g_array_append_val (ledger->credits, credit);
    }
}

static Ledger *
book (guint32 seed, guint n)
{
  GRand *rand = g_rand_new_with_seed (seed);
  Ledger *ledger = ledger_new ();

  fill (ledger, rand, n);
  g_rand_free (rand);
  return ledger;
}

/* The conservation law is the run's own: it would refuse with BAD_STATE. */
static void
test_the_order_of_rows_does_not_show (void)
{
  for (guint32 seed = 1; seed <= N_SEEDS; seed++)
    {
      g_autoptr (Ledger) ledger = book (seed, 30);
      g_autoptr (GError) error = NULL;
      g_autoptr (Outcome) straight = ledger_run (ledger, &error);
      g_autoptr (Outcome) shuffled = ledger_run_shuffled (ledger, seed, NULL);

      g_assert_no_error (error);
      g_assert_cmpuint (straight->n_exceptions, >, 5);
      g_assert_cmpstr (straight->all->str, ==, shuffled->all->str);
    }
}

/* How many findings begin with this class, and a sale's session if it must have one. */
static guint
count (const Outcome *outcome, const char *class_, gboolean of_sale)
{
  g_auto (GStrv) lines = g_strsplit (outcome->exceptions->str, "\n", -1);
  guint n = 0;

  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_auto (GStrv) words = g_strsplit (lines[i], " ", -1);

      n += g_strv_length (words) > 3 && g_str_equal (words[0], class_) && (words[3][0] == 's') == of_sale;
    }
  return n;
}

static void
test_each_captured_sale_and_each_line_is_in_one_state (void)
{
  for (guint32 seed = 1; seed <= N_SEEDS; seed++)
    {
      g_autoptr (Ledger) ledger = book (seed, 30);
      g_autoptr (Outcome) outcome = NULL;
      const TwCurrencyTotals *totals;
      guint n_states, n_free;

      for (guint i = ledger->lines->len; i-- > 0;)
        if (g_array_index (ledger->lines, TwSettled, i).kind != TW_SETTLED_SALE)
          g_array_remove_index (ledger->lines, i);
      outcome = ledger_run (ledger, NULL);
      totals = &g_array_index (outcome->totals, TwCurrencyTotals, 0);
      n_states = outcome->n_matched + count (outcome, "missing_in_settlement", TRUE) +
                 count (outcome, "amount_over", TRUE) + count (outcome, "amount_under", TRUE) +
                 count (outcome, "ambiguous", TRUE);
      /* Besides those captured: of which a line says that they were. */
      n_free = n_states - (guint) totals->n_captured;
      g_assert_cmpuint (n_states, >=, totals->n_captured);
      g_assert_cmpuint (n_free, <=, count (outcome, "amount_over", TRUE));
    }
}

/* A small scratch and small buckets: the same books from the disk. */
static void
test_memory_does_not_show (void)
{
  g_autoptr (Ledger) ledger = book (99, 60000);
  g_autoptr (GError) error = NULL;
  g_autoptr (Outcome) large = ledger_run (ledger, &error), small = NULL;

  g_assert_no_error (error);
  ledger->terms.memory_bytes = 1 << 20;
  small = ledger_run_shuffled (ledger, 1, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (large->n_exceptions, >, 10000);
  g_assert_true (g_string_equal (large->all, small->all));
}

static void
clean (Ledger *ledger, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("s%03u", i);
      const char *session = g_string_chunk_insert_const (ledger->texts, name);
      TwSale sale = ledger_sale (session, session);
      TwSettled line = ledger_line (session, i % 3 == 0 ? NULL : session, 1000);

      sale.psp_ref = line.psp_ref = chars (session);
      g_array_append_val (ledger->sales, sale);
      g_array_append_val (ledger->lines, line);
    }
}

static void
test_without_a_line_its_sale_is_missing_and_nothing_else (void)
{
  g_autoptr (Ledger) whole = ledger_new ();
  g_autoptr (Outcome) closed = NULL;

  clean (whole, 50);
  closed = ledger_run (whole, NULL);
  g_assert_cmpstr (closed->exceptions->str, ==, "");
  g_assert_cmpuint (closed->n_matched, ==, 50);
  for (guint i = 0; i < 50; i += 7)
    {
      g_autoptr (Ledger) ledger = ledger_new ();
      g_autoptr (Outcome) outcome = NULL;
      g_autofree char *expected = g_strdup_printf ("missing_in_settlement 1000 EUR s%03u \n", i);

      clean (ledger, 50);
      g_array_remove_index (ledger->lines, i);
      outcome = ledger_run (ledger, NULL);
      g_assert_cmpstr (outcome->exceptions->str, ==, expected);
    }
}

/* The same file once more, and a second one that begins in its middle: no second line, the same names. */
static void
test_overlapping_files_change_nothing (void)
{
  g_autoptr (Ledger) ledger = book (5, 40);
  g_autoptr (Outcome) once = NULL, twice = NULL;

  for (guint i = 0; i < ledger->lines->len; i++)
    g_array_index (ledger->lines, TwSettled, i).origin = (TwOrigin) { 1, i + 1 };
  once = ledger_run (ledger, NULL);
  for (guint i = 20; i < 40; i++)
    {
      TwSettled line = g_array_index (ledger->lines, TwSettled, i);
      TwSale sale = g_array_index (ledger->sales, TwSale, i);

      line.origin = (TwOrigin) { 2, i };
      sale.origin = (TwOrigin) { 3, i };
      g_array_append_val (ledger->lines, line);
      g_array_append_val (ledger->sales, sale);
    }
  twice = ledger_run (ledger, NULL);
  g_assert_cmpstr (once->ids->str, ==, twice->ids->str);
  g_assert_cmpstr (once->exceptions->str, ==, twice->exceptions->str);
}

static void
assert_same_findings (const Outcome *a, const Outcome *b)
{
  g_assert_cmpstr (a->exceptions->str, ==, b->exceptions->str);
  g_assert_cmpstr (a->ids->str, ==, b->ids->str);
  g_assert_cmpmem (a->totals->data, a->totals->len * sizeof (TwCurrencyTotals), b->totals->data,
                   b->totals->len * sizeof (TwCurrencyTotals));
}

/* Whose line has no room in a row in short is read whole: nothing else tells the two runs apart. */
static void
test_in_short_or_whole_does_not_show (void)
{
  for (guint32 seed = 1; seed <= N_SEEDS; seed++)
    {
      g_autoptr (Ledger) ledger = book (seed, 30);
      g_autoptr (Outcome) in_short = NULL, whole = NULL;

      clean (ledger, 30);
      if (seed % 2 == 0)
        ledger->terms.fee_fixed_minor = seed % 4;     /* lines have a fee of 0, within a tolerance of 1 */
      in_short = ledger_run (ledger, NULL);
      g_assert_cmpuint (in_short->n_matched, >=, 30);
      for (guint i = 0; i < ledger->sales->len; i++)
        g_array_index (ledger->sales, TwSale, i).origin.line += G_GUINT64_CONSTANT (1) << 33;
      for (guint i = 0; i < ledger->lines->len; i++)
        g_array_index (ledger->lines, TwSettled, i).origin.line += G_GUINT64_CONSTANT (1) << 33;
      whole = ledger_run (ledger, NULL);
      assert_same_findings (in_short, whole);
      g_assert_cmpuint (in_short->n_matched, ==, whole->n_matched);
    }
}

static void
test_matches_are_counted_even_if_nobody_asks (void)
{
  g_autoptr (Ledger) ledger = book (7, 30);
  g_autoptr (Outcome) told = NULL, untold = NULL;

  clean (ledger, 30);
  told = ledger_run (ledger, NULL);
  ledger->terms.without_matched = TRUE;
  untold = ledger_run (ledger, NULL);
  assert_same_findings (told, untold);
  g_assert_cmpuint (told->n_matched, >=, 30);
  g_assert_cmpuint (untold->n_matched, ==, 0);
}

/* In both orders of files and of rows: refused, with both places and both numbers. */
static void
assert_contradiction (const Ledger *ledger, const char *const *words)
{
  static const char *const FILES[] = { "old.csv", "new.csv" };
  Ledger named = *ledger;

  named.terms.files = FILES;
  named.terms.n_files = G_N_ELEMENTS (FILES);
  for (guint32 seed = 1; seed <= 8; seed++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (ledger_run_shuffled (&named, seed, &error));
      g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
      for (guint i = 0; words[i] != NULL; i++)
        if (strstr (error->message, words[i]) == NULL)
          g_error ("no \"%s\" in: %s", words[i], error->message);
    }
}

#define CONTRADICTS(ledger, ...) assert_contradiction (ledger, (const char *const[]) { __VA_ARGS__, NULL })

static TwSale *
add_version (Ledger *ledger, guint32 file, guint64 line)
{
  TwSale sale = ledger_sale ("S", "P");

  sale.origin = (TwOrigin) { file, line, 0 };
  g_array_append_val (ledger->sales, sale);
  return &g_array_index (ledger->sales, TwSale, ledger->sales->len - 1);
}

static TwSettled *
add_copy (Ledger *ledger, guint32 file, guint64 line)
{
  TwSettled row = ledger_line ("txn_1", "P", 1000);

  row.origin = (TwOrigin) { file, line, 0 };
  g_array_append_val (ledger->lines, row);
  return &g_array_index (ledger->lines, TwSettled, ledger->lines->len - 1);
}

/* Which of the files is first, or which of the rows of one, tells nothing. */
static void
test_versions_that_contradict_each_other_are_refused (void)
{
  for (guint32 first = 0; first < 2; first++)
    for (guint32 second = 0; second < 2; second++)
      {
        g_autoptr (Ledger) money = ledger_new (), energy = ledger_new (), later = ledger_new (), three = ledger_new ();
        TwSale *version;

        add_version (money, first, 7);
        version = add_version (money, second, 9);
        version->captured_minor = version->price_minor = 1200;
        CONTRADICTS (money, "line 7", "line 9", "10.00 EUR", "12.00 EUR", first == 0 ? "old.csv" : "new.csv");

        add_version (energy, first, 7)->energy_wh = 5000;
        add_version (energy, second, 9)->energy_wh = 6000;
        CONTRADICTS (energy, "line 7", "line 9", "5000 Wh", "6000 Wh");

        add_version (later, first, 7);
        version = add_version (later, second, 9);
        version->captured_minor = version->price_minor = 1200;
        version->ended_us++;
        version->refunded_minor = 100;
        CONTRADICTS (later, "line 7", "line 9", "10.00 EUR", "12.00 EUR");

        add_version (three, first, 7);
        add_version (three, 2, 8)->state = TW_SALE_HELD;
        add_version (three, second, 9)->captured_minor = 1200;
        CONTRADICTS (three, "line 7", "line 9");
      }
}

static void
test_lines_that_contradict_each_other_are_refused (void)
{
  for (guint32 first = 0; first < 2; first++)
    {
      g_autoptr (Ledger) gross = ledger_new (), fee = ledger_new (), batch = ledger_new (), hidden = ledger_new ();
      TwSettled *copy;

      add_copy (gross, first, 7);
      copy = add_copy (gross, 1 - first, 9);
      copy->gross = copy->net = 1200;
      CONTRADICTS (gross, "old.csv, line", "new.csv, line", "line 7", "line 9", "gross 10.00 EUR", "gross 12.00 EUR");

      add_copy (fee, first, 7)->fee = 10;
      add_copy (fee, 1 - first, 9)->fee = 20;
      CONTRADICTS (fee, "line 7", "line 9", "fee 0.10 EUR", "fee 0.20 EUR");

      add_copy (batch, first, 7)->batch = TEXT ("one");
      add_copy (batch, 1 - first, 9)->batch = TEXT ("two");
      CONTRADICTS (batch, "line 7", "line 9", "batch");

      /* What both others agree with. */
      add_copy (hidden, first, 7)->fee = 10;
      add_copy (hidden, 2, 8)->fee = TW_NOT_STATED;
      add_copy (hidden, 1 - first, 9)->fee = 20;
      CONTRADICTS (hidden, "line 7", "line 9");
    }
}

/* An earlier export, a later refund, and a report that knew less: whichever file is first, the same comes out. */
static void
test_versions_that_know_more_are_no_contradiction (void)
{
  g_autofree char *before = NULL;

  for (guint32 first = 0; first < 2; first++)
    {
      g_autoptr (Ledger) ledger = ledger_new ();
      g_autoptr (Outcome) outcome = NULL;
      TwSale *early = add_version (ledger, first, 1);
      TwSettled *poor, *rich;

      early->state = TW_SALE_OPEN;
      early->captured_minor = early->price_minor = 300;
      early->energy_wh = 100;
      add_version (ledger, 1 - first, 2)->brand = TEXT ("visa");
      add_version (ledger, first, 3)->brand = TEXT ("mc");
      poor = add_copy (ledger, first, 7);
      poor->fee = poor->net = TW_NOT_STATED;
      poor->batch = (TwChars) { 0 };
      rich = add_copy (ledger, 1 - first, 9);
      rich->fee = 10;
      rich->batch = TEXT ("b");
      outcome = ledger_run (ledger, NULL);
      g_assert_nonnull (outcome);
      g_assert_cmpint (g_array_index (outcome->totals, TwCurrencyTotals, 0).captured_minor, ==, 1000);
      g_assert_cmpint (g_array_index (outcome->totals, TwCurrencyTotals, 0).fee_minor, ==, 10);
      if (before == NULL)
        before = g_strdup (outcome->exceptions->str);
      g_assert_cmpstr (before, ==, outcome->exceptions->str);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/reconcile/books/the-order-of-rows-does-not-show", test_the_order_of_rows_does_not_show);
  g_test_add_func ("/reconcile/books/each-captured-sale-and-each-line-is-in-one-state",
                   test_each_captured_sale_and_each_line_is_in_one_state);
  g_test_add_func ("/reconcile/books/memory-does-not-show", test_memory_does_not_show);
  g_test_add_func ("/reconcile/books/without-a-line-its-sale-is-missing-and-nothing-else",
                   test_without_a_line_its_sale_is_missing_and_nothing_else);
  g_test_add_func ("/reconcile/books/overlapping-files-change-nothing", test_overlapping_files_change_nothing);
  g_test_add_func ("/reconcile/books/in-short-or-whole-does-not-show", test_in_short_or_whole_does_not_show);
  g_test_add_func ("/reconcile/books/matches-are-counted-even-if-nobody-asks",
                   test_matches_are_counted_even_if_nobody_asks);
  g_test_add_func ("/reconcile/books/versions-that-contradict-each-other-are-refused",
                   test_versions_that_contradict_each_other_are_refused);
  g_test_add_func ("/reconcile/books/lines-that-contradict-each-other-are-refused",
                   test_lines_that_contradict_each_other_are_refused);
  g_test_add_func ("/reconcile/books/versions-that-know-more-are-no-contradiction",
                   test_versions_that_know_more_are_no_contradiction);
  return g_test_run ();
}
