/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "app/base/error.h"
#include "payment/reconcile/judge-private.h"
#include "payment/reconcile/totals.h"

void
tw_tallies_init (TwTallies *self)
{
  *self = (TwTallies) { .tallies = g_array_new (FALSE, TRUE, sizeof (TwTally)) };
}

void
tw_tallies_clear (TwTallies *self)
{
  g_clear_pointer (&self->tallies, g_array_unref);
}

TwTally *
tw_tallies_at (TwTallies *self, const char *currency)
{
  TwTally *tally;

  for (guint i = 0; i < self->tallies->len; i++)
    {
      tally = &g_array_index (self->tallies, TwTally, i);
      if (memcmp (tally->totals.currency, currency, 4) == 0)
        return tally;
    }
  g_array_set_size (self->tallies, self->tallies->len + 1);
  tally = &g_array_index (self->tallies, TwTally, self->tallies->len - 1);
  memcpy (tally->totals.currency, currency, 4);
  return tally;
}

static gboolean
move (TwTally *self, guint64 amount, GError **error)
{
  self->moved += amount;
  if (self->moved <= G_MAXINT64)       /* one amount is far smaller, so that this is seen before it wraps */
    return TRUE;
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "the amounts in %s add up to more than can be counted",
               self->totals.currency);
  return FALSE;
}

static guint64
size_of (gint64 amount)
{
  return (guint64) ABS (tw_stated (amount));
}

/* Its gross is in one of the sums by itself. */
static gboolean
is_of_sale (TwSettledKind kind)
{
  return kind == TW_SETTLED_SALE || kind == TW_SETTLED_BULK || kind == TW_SETTLED_REFUND ||
         kind == TW_SETTLED_REFUND_REVERSED || kind == TW_SETTLED_CHARGEBACK || kind == TW_SETTLED_CHARGEBACK_REVERSED;
}

/* In the gross's currency: what of it never becomes a net there. */
static void
flow_out (TwFlow *self, const TwSettled *line, gboolean same_currency)
{
  if (!is_of_sale (line->kind))
    return;
  if (line->net == TW_NOT_STATED)
    self->without_net -= tw_stated (line->gross);
  else if (!same_currency)
    self->exchanged -= tw_stated (line->gross);
}

/* In the net's currency: where it comes from, but for the fee, which is a sum of its own. */
static void
flow_in (TwFlow *self, const TwSettled *line, gboolean same_currency)
{
  gint64 before_fee = tw_stated (line->net) + tw_stated (line->fee);

  if (!is_of_sale (line->kind))
    self->of_kind[line->kind] += before_fee;
  else if (line->net == TW_NOT_STATED)
    self->without_net += before_fee;
  else if (!same_currency)
    self->exchanged += before_fee;
  else
    self->uneven += before_fee - tw_stated (line->gross);
}

gboolean
tw_tallies_add_line (TwTallies *self, const TwSettled *line, GError **error)
{
  TwTally *tally = tw_tallies_at (self, line->currency);
  gboolean same = tw_same_currency (line->currency, line->net_currency);
  TwTally *net = same ? tally : NULL;
  gint64 gross = tw_stated (line->gross);

  tally->totals.n_lines++;
  if (!move (tally, size_of (line->gross), error))
    return FALSE;
  if (line->kind == TW_SETTLED_SALE || line->kind == TW_SETTLED_BULK)
    tally->totals.settled_minor += gross;
  if (line->kind == TW_SETTLED_REFUND || line->kind == TW_SETTLED_REFUND_REVERSED)
    tally->totals.settled_refund_minor -= gross;
  if (line->kind == TW_SETTLED_CHARGEBACK || line->kind == TW_SETTLED_CHARGEBACK_REVERSED)
    tally->totals.chargeback_minor -= gross;
  flow_out (&tally->totals.flow, line, same);
  if (net == NULL)
    net = tw_tallies_at (self, line->net_currency);
  if (line->kind != TW_SETTLED_PAYOUT)
    {
      net->totals.fee_minor += tw_stated (line->fee);
      net->totals.net_minor += tw_stated (line->net);
      flow_in (&net->totals.flow, line, same);
    }
  return move (net, size_of (line->fee) + size_of (line->net), error);
}

gboolean
tw_tallies_add_sale (TwTallies *self, const TwSale *sale, const TwVerdict *verdict, GError **error)
{
  TwTally *tally = tw_tallies_at (self, sale->currency);

  tally->totals.n_sales++;
  tally->totals.n_captured += verdict->captured_minor > 0;
  tally->totals.n_matched += verdict->matched;
  tally->totals.priced_minor += tw_stated (sale->price_minor);
  tally->totals.captured_minor += verdict->captured_minor;
  tally->totals.refunded_minor += verdict->refunded_minor;
  return move (tally, size_of (sale->price_minor) + size_of (verdict->captured_minor) +
                        size_of (verdict->refunded_minor), error);
}

void
tw_tallies_add_finding (TwTallies *self, const TwFinding *finding)
{
  if (finding->listed != 0 || finding->refund_listed != 0)
    {
      TwTally *tally = tw_tallies_at (self, finding->exception.currency);

      tally->totals.listed_minor += finding->listed;
      tally->totals.listed_refund_minor += finding->refund_listed;
    }
  if (finding->other_listed != 0)
    tw_tallies_at (self, finding->other_currency)->totals.listed_minor += finding->other_listed;
}

static void
merge_flow (TwFlow *self, const TwFlow *other)
{
  for (guint kind = 0; kind < TW_N_SETTLED_KINDS; kind++)
    self->of_kind[kind] += other->of_kind[kind];
  self->without_net += other->without_net;
  self->exchanged += other->exchanged;
  self->uneven += other->uneven;
  self->only_sent += other->only_sent;
  self->payout_apart += other->payout_apart;
  self->payout_unknown += other->payout_unknown;
  self->not_banked += other->not_banked;
}

gboolean
tw_tallies_merge (TwTallies *self, const TwTallies *other, GError **error)
{
  self->n_claimed += other->n_claimed;
  self->n_left += other->n_left;
  self->n_plain += other->n_plain;
  for (guint i = 0; i < other->tallies->len; i++)
    {
      const TwTally *from = &g_array_index (other->tallies, TwTally, i);
      TwTally *to = tw_tallies_at (self, from->totals.currency);
      const TwCurrencyTotals *f = &from->totals;
      TwCurrencyTotals *t = &to->totals;

      t->n_sales += f->n_sales;
      t->n_captured += f->n_captured;
      t->n_lines += f->n_lines;
      t->n_matched += f->n_matched;
      t->n_payouts += f->n_payouts;
      t->n_credits += f->n_credits;
      t->priced_minor += f->priced_minor;
      t->captured_minor += f->captured_minor;
      t->refunded_minor += f->refunded_minor;
      t->settled_minor += f->settled_minor;
      t->settled_refund_minor += f->settled_refund_minor;
      t->chargeback_minor += f->chargeback_minor;
      t->fee_minor += f->fee_minor;
      t->net_minor += f->net_minor;
      t->listed_minor += f->listed_minor;
      t->listed_refund_minor += f->listed_refund_minor;
      t->paid_out_minor += f->paid_out_minor;
      t->banked_minor += f->banked_minor;
      t->residual_minor += f->residual_minor;
      t->with_service_minor += f->with_service_minor;
      t->converted_minor += f->converted_minor;
      merge_flow (&t->flow, &f->flow);
      to->bank_listed += from->bank_listed;
      if (!move (to, from->moved, error))
        return FALSE;
    }
  return TRUE;
}

static int
by_currency (gconstpointer a, gconstpointer b)
{
  return strcmp (((const TwTally *) a)->totals.currency, ((const TwTally *) b)->totals.currency);
}

void
tw_tallies_sort (TwTallies *self)
{
  g_array_sort (self->tallies, by_currency);
}

/* Each sum is the one before it and the steps between (flow.h). */
static gboolean
check_flow (const TwCurrencyTotals *t, GError **error)
{
  gint64 net = t->settled_minor - t->settled_refund_minor - t->chargeback_minor - t->fee_minor + t->flow.without_net +
               t->flow.exchanged + t->flow.uneven;
  gint64 paid_out = t->net_minor - t->with_service_minor - t->flow.only_sent - t->flow.payout_apart -
                    t->flow.payout_unknown;
  gint64 banked = t->paid_out_minor - t->converted_minor - t->residual_minor - t->flow.not_banked;

  for (guint kind = 0; kind < TW_N_SETTLED_KINDS; kind++)
    net += t->flow.of_kind[kind];
  if (net == t->net_minor && paid_out == t->paid_out_minor && banked == t->banked_minor)
    return TRUE;
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_STATE,
               "the steps in %s do not add up: net %" G_GINT64_FORMAT ", by its steps %" G_GINT64_FORMAT "; paid out %"
               G_GINT64_FORMAT ", by its steps %" G_GINT64_FORMAT "; in the bank %" G_GINT64_FORMAT ", by its steps %"
               G_GINT64_FORMAT " minor units: a bug of the reconciliation, report it", t->currency, t->net_minor, net,
               t->paid_out_minor, paid_out, t->banked_minor, banked);
  return FALSE;
}

gboolean
tw_tallies_conserve (const TwTallies *self, GError **error)
{
  guint64 n_lines = 0;

  for (guint i = 0; i < self->tallies->len; i++)
    {
      const TwTally *tally = &g_array_index (self->tallies, TwTally, i);
      const TwCurrencyTotals *t = &tally->totals;

      n_lines += t->n_lines;
      if (!check_flow (t, error))
        return FALSE;
      if (t->captured_minor == t->settled_minor + t->listed_minor &&
          t->refunded_minor == t->settled_refund_minor + t->listed_refund_minor &&
          t->paid_out_minor == t->banked_minor + tally->bank_listed)
        continue;
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_STATE,
                   "the books in %s are not closed: captured %" G_GINT64_FORMAT ", settled %" G_GINT64_FORMAT
                   ", listed %" G_GINT64_FORMAT "; refunded %" G_GINT64_FORMAT ", settled %" G_GINT64_FORMAT
                   ", listed %" G_GINT64_FORMAT "; paid out %" G_GINT64_FORMAT ", in the bank %" G_GINT64_FORMAT
                   ", listed %" G_GINT64_FORMAT " minor units: a bug of the reconciliation, report it",
                   t->currency, t->captured_minor, t->settled_minor, t->listed_minor, t->refunded_minor,
                   t->settled_refund_minor, t->listed_refund_minor, t->paid_out_minor, t->banked_minor,
                   tally->bank_listed);
      return FALSE;
    }
  if (n_lines == self->n_claimed + self->n_left + self->n_plain)
    return TRUE;
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_STATE,
               "of %" G_GUINT64_FORMAT " settlement lines %" G_GUINT64_FORMAT " have a state: a bug of the "
               "reconciliation, report it", n_lines, self->n_claimed + self->n_left + self->n_plain);
  return FALSE;
}
