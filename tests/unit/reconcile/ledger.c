/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "tests/unit/reconcile/ledger.h"

TwSale
ledger_sale (const char *session, const char *payment_ref)
{
  TwSale sale = {
    .origin = { 0, 1 }, .session = chars (session), .station = TEXT ("S1"), .evse = TEXT ("E1"),
    .payment_ref = chars (payment_ref), .tariff_shown = TEXT ("t"), .tariff_priced = TEXT ("t"), .currency = "EUR",
    .state = TW_SALE_CAPTURED, .billed = TRUE, .price_minor = 1000, .repriced_minor = 1000,
    .shown_minor = TW_NOT_STATED, .held_minor = 5000, .captured_minor = 1000, .second_capture_minor = TW_NOT_STATED,
    .refunded_minor = TW_NOT_STATED, .unknown_minor = TW_NOT_STATED, .advised_minor = TW_NOT_STATED,
    .energy_wh = 20000, .energy_price_minor = 50, .energy_part_minor = 1000, 
    .started_us = FRIDAY + DAY_US / 2 - 3600000000,
    .ended_us = FRIDAY + DAY_US / 2, .captured_us = FRIDAY + DAY_US / 2, .refunded_us = TW_NOT_STATED,
    .hold_until_us = TW_NOT_STATED, .day = 20777,
  };

  return sale;
}

TwSettled
ledger_line (const char *key, const char *payment_ref, gint64 gross)
{
  return (TwSettled) {
    .origin = { 1, 1 }, .kind = TW_SETTLED_SALE, .source = TEXT ("adyen"), .account = TEXT ("ACC"), .key = chars (key),
    .payment_ref = chars (payment_ref), .currency = "EUR", .net_currency = "EUR", .gross = gross, .fee = 0,
    .net = gross, .dispute_fee = TW_NOT_STATED, .occurred_us = FRIDAY + DAY_US, .available_us = TW_NOT_STATED,
    .day = G_MININT32,
  };
}

Ledger *
ledger_new (void)
{
  Ledger *self = g_new0 (Ledger, 1);

  tw_reconcile_terms_init (&self->terms);
  self->terms.as_of_us = FRIDAY + 30 * DAY_US;
  self->sales = g_array_new (FALSE, FALSE, sizeof (TwSale));
  self->lines = g_array_new (FALSE, FALSE, sizeof (TwSettled));
  self->credits = g_array_new (FALSE, FALSE, sizeof (TwCredit));
  self->energies = g_array_new (FALSE, FALSE, sizeof (TwEnergy));
  self->totals = g_array_new (FALSE, FALSE, sizeof (TwTotal));
  self->manuals = g_array_new (FALSE, FALSE, sizeof (TwManual));
  self->texts = g_string_chunk_new (4096);
  return self;
}

void
ledger_free (Ledger *self)
{
  g_array_unref (self->sales);
  g_array_unref (self->lines);
  g_array_unref (self->credits);
  g_array_unref (self->energies);
  g_array_unref (self->totals);
  g_array_unref (self->manuals);
  g_string_chunk_free (self->texts);
  g_free (self);
}

static gboolean
take_totals (gpointer data, const TwCurrencyTotals *totals, GError **error)
{
  Outcome *self = data;

  g_array_append_vals (self->totals, totals, 1);
  g_string_append_printf (self->all, "%s %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT " %"
                          G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %"
                          G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n", totals->currency, totals->n_sales, totals->n_lines,
                          totals->n_matched, totals->captured_minor, totals->settled_minor, totals->listed_minor,
                          totals->paid_out_minor, totals->banked_minor, totals->converted_minor);
  return TRUE;
}

static gboolean
take_payout (gpointer data, const TwPayout *payout, GError **error)
{
  Outcome *self = data;
  g_autofree char *bank = payout->bank_minor == TW_NOT_STATED
                            ? g_strdup ("-") : g_strdup_printf ("%" G_GINT64_FORMAT, payout->bank_minor);

  g_array_append_vals (self->payouts, payout, 1);
  g_string_append_printf (self->all, "payout %.*s %s %" G_GINT64_FORMAT " %s %s %s", (int) payout->batch.n,
                          payout->batch.text, payout->currency, payout->net_minor, bank,
                          payout->rule != NULL ? payout->rule : "-",
                          payout->residual != NULL ? payout->residual : "-");
  if (*payout->bank_currency != '\0')
    g_string_append_printf (self->all, " %s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT, payout->bank_currency,
                            payout->credited_minor, payout->rate_e10);
  g_string_append_c (self->all, '\n');
  return TRUE;
}

static gboolean
take_matched (gpointer data, const TwMatched *matched, GError **error)
{
  Outcome *self = data;

  self->n_matched++;
  g_string_append_printf (self->all, "matched %.*s %s %d %" G_GINT64_FORMAT "\n", (int) matched->session.n,
                          matched->session.text, matched->rule, matched->link, matched->settled_minor);
  return TRUE;
}

static gboolean
take_exception (gpointer data, const TwException *x, GError **error)
{
  Outcome *self = data;

  self->n_exceptions++;
  g_string_append_printf (self->exceptions, "%s %" G_GINT64_FORMAT " %s %.*s %.*s\n", tw_class_name (x->class_),
                          x->stake_minor, x->currency, (int) x->session.n, x->session.text, (int) x->detail.n,
                          x->detail.text);
  g_string_append_printf (self->ids, "%s\n", x->id);
  g_string_append_printf (self->all, "%s %u %" G_GINT64_FORMAT " %s %s %.*s/%.*s/%.*s/%.*s/%.*s/%.*s/%.*s/%.*s %s %"
                          G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %u:%" G_GUINT64_FORMAT " %u:%"
                          G_GUINT64_FORMAT "\n", tw_class_name (x->class_), x->severity, x->stake_minor, x->currency,
                          x->id, (int) x->session.n, x->session.text, (int) x->station.n, x->station.text,
                          (int) x->evse.n, x->evse.text, (int) x->payment_ref.n, x->payment_ref.text,
                          (int) x->psp_ref.n, x->psp_ref.text, (int) x->batch.n, x->batch.text,
                          (int) x->bank_reference.n, x->bank_reference.text, (int) x->detail.n, x->detail.text, x->rule,
                          x->expected, x->found, x->since_us, x->sale.file, x->sale.line, x->other.file, x->other.line);
  return TRUE;
}

static const TwResultClass outcome_class = {
  .totals = take_totals, .payout = take_payout, .matched = take_matched, .exception = take_exception,
};

static guint32 *
order (guint n, GRand *rand)
{
  guint32 *indexes = g_new (guint32, n + 1);

  for (guint i = 0; i < n; i++)
    indexes[i] = i;
  for (guint i = n; i > 1 && rand != NULL; i--)
    {
      guint other = (guint) g_rand_int_range (rand, 0, (gint32) i);
      guint32 swap = indexes[i - 1];

      indexes[i - 1] = indexes[other];
      indexes[other] = swap;
    }
  return indexes;
}

/* place: of the first; 0: rows have none. */
#define FEED(rows, type, member, place) \
  do \
    { \
      g_autofree guint32 *indexes = order ((rows)->len, rand); \
      for (guint i = 0; i < (rows)->len; i++) \
        { \
          type row = g_array_index ((rows), type, indexes[i]); \
\
          row.origin.at = (place) != 0 ? (place) + 2 * indexes[i] : 0; \
          if (!intake.class_->member (intake.self, &row, error)) \
            return FALSE; \
        } \
    } \
  while (0)

enum { FIRST_SALE = 1, FIRST_LINE = 2 };

static gpointer
open_again (gpointer self, guint32 file, GError **error)
{
  return self;
}

static gboolean
row_again (gpointer self, const TwOrigin *origin, const TwIntake *intake, GError **error)
{
  const Ledger *ledger = self;
  guint index = (guint) (origin->at - 1) / 2;

  return origin->at % 2 == FIRST_SALE % 2
           ? intake->class_->sale (intake->self, &g_array_index (ledger->sales, TwSale, index), error)
           : intake->class_->line (intake->self, &g_array_index (ledger->lines, TwSettled, index), error);
}

static void
close_again (gpointer self)
{
}

static gboolean
feed (const Ledger *self, TwIntake intake, GRand *rand, GError **error)
{
  if (rand != NULL)
    FEED (self->lines, TwSettled, line, FIRST_LINE);
  FEED (self->sales, TwSale, sale, FIRST_SALE);
  if (rand == NULL)
    FEED (self->lines, TwSettled, line, 0);
  if (self->credits->len > 0)
    FEED (self->credits, TwCredit, credit, 0);
  if (self->energies->len > 0)
    FEED (self->energies, TwEnergy, energy, 0);
  if (self->totals->len > 0)
    FEED (self->totals, TwTotal, total, 0);
  return TRUE;
}

static Outcome *
run (const Ledger *self, GRand *rand, gboolean again, GError **error)
{
  static const TwAgainClass again_class = { open_again, row_again, close_again };
  g_autoptr (TwReconciliation) reconciliation = tw_reconciliation_new (&self->terms, error);
  g_autoptr (Outcome) outcome = g_new0 (Outcome, 1);

  outcome->exceptions = g_string_new (NULL);
  outcome->all = g_string_new (NULL);
  outcome->ids = g_string_new (NULL);
  outcome->totals = g_array_new (FALSE, FALSE, sizeof (TwCurrencyTotals));
  outcome->payouts = g_array_new (FALSE, FALSE, sizeof (TwPayout));
  if (reconciliation != NULL && again)
    tw_reconciliation_set_again (reconciliation, &again_class, (gpointer) self);
  for (guint i = 0; reconciliation != NULL && i < self->manuals->len; i++)
    tw_reconciliation_add_manual (reconciliation, &g_array_index (self->manuals, TwManual, i));
  if (reconciliation == NULL || !feed (self, tw_reconciliation_intake (reconciliation), rand, error) ||
      !tw_reconciliation_run (reconciliation, &outcome_class, outcome, error))
    return NULL;
  return g_steal_pointer (&outcome);
}

Outcome *
ledger_run (const Ledger *self, GError **error)
{
  return run (self, NULL, FALSE, error);
}

Outcome *
ledger_run_shuffled (const Ledger *self, guint32 seed, GError **error)
{
  GRand *rand = g_rand_new_with_seed (seed);
  Outcome *outcome = run (self, rand, seed % 2 == 1, error);

  g_rand_free (rand);
  return outcome;
}

void
outcome_free (Outcome *self)
{
  g_string_free (self->exceptions, TRUE);
  g_string_free (self->all, TRUE);
  g_string_free (self->ids, TRUE);
  g_array_unref (self->totals);
  g_array_unref (self->payouts);
  g_free (self);
}
