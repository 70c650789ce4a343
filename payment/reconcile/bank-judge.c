/* SPDX-License-Identifier: Apache-2.0 */
/* An entry against the payouts that it is, in the payouts' currency; and what found nothing (facts: reconciliation.md
 * sections 2, 4.4 and 6, rows 24 and 27 to 29). Every cent that the two are apart has a name.
 */
#include <string.h>

#include "payment/money/money.h"
#include "payment/reconcile/bank-private.h"
#include "payment/reconcile/judge-private.h"

#define RATE_UNIT G_GINT64_CONSTANT (10000000000)

/* What the checks of one entry share. last: of its payouts, on which the remainders are told. */
typedef struct
{
  const TwEntry *entry;
  const TwJudge *judge;
  TwTallies     *tallies;
  TwVerdict     *verdict;
  TwPaid        *last;
  gint64         sum;              /* of the payouts */
} Comparison;

static TwFinding *
tell (const Comparison *self, TwClass class_, const char *currency, gint64 stake_minor, const char *name)
{
  TwFinding *finding = tw_verdict_add (self->verdict, class_, currency, stake_minor, self->entry->rule);
  const TwCredit *credit = &self->entry->credit;
  TwChars members[] = { self->last->account, self->last->batch, { currency, 3 }, credit->key,
                        { name, (guint32) strlen (name) } };

  tw_paid_identify (self->last, &finding->exception, credit->key);
  tw_exception_identify (&finding->exception, members, G_N_ELEMENTS (members));
  finding->exception.bank_reference = credit->key;
  finding->exception.detail = members[4];
  finding->exception.sale = credit->origin;
  return finding;
}

/* expected - found, or a piece of it; "unknown" is the piece that nobody has a name for. */
static void
tell_remainder (const Comparison *self, const char *currency, gint64 amount, const char *name, gint64 expected,
                gint64 found)
{
  TwTally *tally = tw_tallies_at (self->tallies, currency);
  gboolean known = strcmp (name, "unknown") != 0;
  TwFinding *finding;

  if (amount == 0)
    return;
  tally->totals.residual_minor += amount;
  tally->bank_listed += amount;
  finding = tell (self, known ? TW_CLASS_RESIDUAL : TW_CLASS_BANK_AMOUNT_DIFF, currency, amount, name);
  finding->exception.expected = expected;
  finding->exception.found = found;
  if (strcmp (currency, self->last->currency) != 0)
    return;
  self->last->residual += amount;
  if (self->last->residual_name == NULL || !known)
    self->last->residual_name = name;
}

/* The bank's charges, if they bring the two nearer; they may have been booked elsewhere. Returns what is left. */
static gint64
take_charges (const Comparison *self, gint64 difference, gint64 expected)
{
  const TwCredit *credit = &self->entry->credit;

  if (credit->charges == 0 || ABS (difference - credit->charges) >= ABS (difference))
    return difference;
  tell_remainder (self, credit->currency, credit->charges, "bank_fee", expected, credit->amount);
  return difference - credit->charges;
}

static void
judge_plain (const Comparison *self)
{
  const TwCredit *credit = &self->entry->credit;
  gint64 difference = self->sum - credit->amount, left = take_charges (self, difference, self->sum);
  gboolean within = tw_within (self->judge->terms->bank, credit->currency, left, self->sum);

  self->last->banked -= difference;
  tell_remainder (self, credit->currency, left, within ? "rounding" : "unknown", self->sum, credit->amount);
}

static gint64
power_of_ten (const char *currency)
{
  gint64 power = 1;

  for (int i = tw_currency_digits (currency); i > 0; i--)
    power *= 10;
  return power;
}

/* By the bank's rate, half away from zero. Amounts are at most 10^15, rates 10^16 and powers 10^4: below 2^127. */
static gint64
convert (const TwCredit *credit, gint64 amount, gboolean from_original)
{
  gboolean times = from_original != credit->rate_of_credit;
  gint64 from = power_of_ten (from_original ? credit->original_currency : credit->currency);
  gint64 to = power_of_ten (from_original ? credit->currency : credit->original_currency);
  __int128 above = (__int128) amount * to * (times ? credit->rate_e10 : RATE_UNIT);
  __int128 below = (__int128) from * (times ? RATE_UNIT : credit->rate_e10);
  __int128 half = above < 0 ? -(below / 2) : below / 2;

  return (gint64) CLAMP ((above + half) / below, (__int128) -TW_MOST_CONVERTED, (__int128) TW_MOST_CONVERTED);
}

static const char *
name_of (const Comparison *self, const char *currency, gint64 difference, gint64 expected)
{
  return tw_within (self->judge->terms->bank_converted, currency, difference, expected) ? "fx" : "unknown";
}

/* The bank's own arithmetic, in its currency: what came, by its rate, is what it booked and its charges. */
static void
judge_rate (const Comparison *self, gint64 original)
{
  const TwCredit *credit = &self->entry->credit;
  gint64 expected = convert (credit, original, TRUE);
  gint64 left = take_charges (self, expected - credit->amount, expected);

  tell_remainder (self, credit->currency, left, name_of (self, credit->currency, left, expected), expected,
                  credit->amount);
}

/* Paid out in one currency, booked in another: compared in the payout's, with what the bank says that came. */
static void
judge_converted (const Comparison *self)
{
  const TwCredit *credit = &self->entry->credit;
  TwPaid *last = self->last;
  TwTally *here = tw_tallies_at (self->tallies, last->currency);
  gint64 original = credit->original != 0 ? credit->original
                                          : convert (credit, credit->amount + credit->charges, FALSE);
  gint64 difference = self->sum - original, residual;

  here->totals.converted_minor += original;
  here->bank_listed += original;
  last->banked -= difference;
  tell_remainder (self, last->currency, difference, name_of (self, last->currency, difference, self->sum), self->sum,
                  original);
  residual = tw_tallies_at (self->tallies, credit->currency)->totals.residual_minor;
  if (credit->original != 0 && credit->rate_e10 != 0)
    judge_rate (self, original);
  else if (credit->rate_e10 != 0)
    tell_remainder (self, credit->currency, credit->charges, "bank_fee", credit->amount + credit->charges,
                    credit->amount);
  here = tw_tallies_at (self->tallies, credit->currency);
  residual = here->totals.residual_minor - residual;
  here->totals.converted_minor -= credit->amount + residual;
  here->bank_listed -= credit->amount + residual;
}

/* Named by its id, and nothing says what a unit of the one is in the other: no amounts that could be compared. */
static void
judge_unknown_rate (const Comparison *self)
{
  const TwCredit *credit = &self->entry->credit;
  TwFinding *finding = tell (self, TW_CLASS_CURRENCY_MISMATCH, self->last->currency, self->sum, credit->currency);
  TwTally *tally = tw_tallies_at (self->tallies, self->last->currency);

  finding->exception.expected = self->sum;
  tally->totals.converted_minor += self->sum;
  tally->bank_listed += self->sum;
  tally = tw_tallies_at (self->tallies, credit->currency);
  tally->totals.converted_minor -= credit->amount;
  tally->bank_listed -= credit->amount;
  for (guint i = 0; i < self->entry->paid->len; i++)
    ((TwPaid *) self->entry->paid->pdata[i])->banked = TW_NOT_STATED;
}

void
tw_entry_judge (const TwEntry *self, const TwJudge *judge, TwTallies *tallies, TwVerdict *verdict)
{
  const TwCredit *credit = &self->credit;
  Comparison comparison = { self, judge, tallies, verdict, self->paid->pdata[self->paid->len - 1], 0 };
  TwPaid *last = comparison.last;

  for (guint i = 0; i < self->paid->len; i++)
    comparison.sum += ((TwPaid *) self->paid->pdata[i])->amount;
  tw_tallies_at (tallies, credit->currency)->totals.banked_minor += credit->amount;
  if (memcmp (last->currency, credit->currency, 4) == 0)
    {
      judge_plain (&comparison);
      return;
    }
  memcpy (last->bank_currency, credit->currency, sizeof last->bank_currency);
  last->credited = credit->amount;
  last->rate_e10 = credit->rate_e10;
  last->rate_of_credit = credit->rate_of_credit;
  if (tw_entry_is_converted (self))
    judge_converted (&comparison);
  else
    judge_unknown_rate (&comparison);
}

void
tw_paid_judge_waiting (const TwPaid *self, const TwJudge *judge, TwTallies *tallies, TwVerdict *verdict)
{
  gint64 since = self->paid_us != TW_NOT_STATED ? self->paid_us : self->last_us;
  gint64 due = since == TW_NOT_STATED ? TW_NOT_STATED
               : tw_banking_instant_after (judge->zone, since, judge->terms->payout_days);
  TwTally *tally = tw_tallies_at (tallies, self->currency);
  TwFinding *finding;

  tally->bank_listed += self->amount;
  tally->totals.flow.not_banked += self->amount;
  if (self->amount == 0 || self->ambiguous || judge->terms->without_bank ||
      (due != TW_NOT_STATED && due >= judge->terms->as_of_us))
    return;
  finding = tw_verdict_add (verdict, TW_CLASS_PAYOUT_NOT_IN_BANK, self->currency, self->amount, "payout-due");
  finding->exception.expected = self->amount;
  tw_paid_identify (self, &finding->exception, (TwChars) { 0 });
  finding->exception.due_us = due;
}

void
tw_entry_judge_stray (const TwEntry *self, TwVerdict *verdict)
{
  const TwCredit *credit = &self->credit;
  TwFinding *finding = tw_verdict_add (verdict, TW_CLASS_BANK_LINE_UNEXPLAINED, credit->currency, ABS (credit->amount),
                                       self->crowded ? "sum-among-too-many" : "every-entry-a-payout");
  gint32 day = credit->booked_day != G_MININT32 ? credit->booked_day : credit->value_day;
  TwChars members[] = { credit->account, credit->key };

  finding->exception.found = credit->amount;
  finding->exception.bank_reference = credit->key;
  finding->exception.detail = credit->remittance;
  finding->exception.since_us = day == G_MININT32 ? TW_NOT_STATED : (gint64) day * 86400 * G_USEC_PER_SEC;
  finding->exception.other = credit->origin;
  tw_exception_identify (&finding->exception, members, G_N_ELEMENTS (members));
}
