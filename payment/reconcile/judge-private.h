/* SPDX-License-Identifier: Apache-2.0 */
/* What the judge's checks share: the case before them. */
#pragma once

#include "payment/reconcile/hash.h"
#include "payment/reconcile/judge.h"

typedef struct
{
  const TwJudge   *judge;
  const TwDossier *dossier;
  const TwSale    *sale;
  TwVerdict       *verdict;
  gint64           captured;       /* of the first capture, certain or proven by a line */
  gint64           second;
  guint            n_sale_lines, n_foreign_lines, n_candidates;   /* foreign: in another currency */
  gint64           gross;          /* of sale lines in the sale's currency */
  gint64           refunds;        /* of refund lines less reversed ones; positive */
  guint            n_refund_lines;
  gint64          *given_back;     /* what of them is left to make up for a finding */
  gint64           disputed;       /* likewise of dispute lines; both in the sale's currency */
} TwCase;

typedef void (*TwCheck) (const TwCase *self);

/* A finding on this sale; identified by class, sale and member (which may be empty). */
TwFinding *tw_case_add (const TwCase *self, TwClass class_, gint64 stake_minor, const char *rule, TwChars member);
/* The same, with a line beside the sale. */
TwFinding *tw_case_add_line (const TwCase *self, TwClass class_, gint64 stake_minor, const char *rule,
                             const TwSettled *line);

/* What a settled refund gave back is owed no more: the finding stays in the books, with what is left at stake, and only
 * informs if that is nothing. shared: others are about the same money, which makes up for them, too. */
void       tw_case_give_back (const TwCase *self, TwFinding *finding, gboolean shared);

extern const TwCheck tw_journal_checks[], tw_settlement_checks[], tw_meter_checks[];   /* NULL at the end */

static inline gint64
tw_stated (gint64 value)
{
  return value == TW_NOT_STATED ? 0 : value;
}

/* Some services state it beside the line's fee, most as the fee. */
static inline gint64
tw_dispute_cost (const TwSettled *line)
{
  return line->dispute_fee != TW_NOT_STATED ? line->dispute_fee : tw_stated (line->fee);
}

/* Of so much energy, half up; prices are of 1 kWh. Both are far below what would overflow. */
static inline gint64
tw_energy_price (gint64 energy_wh, gint64 price_minor)
{
  __int128 price = ((__int128) energy_wh * tw_stated (price_minor) + 500) / 1000;

  return (gint64) MIN (price, (__int128) G_MAXINT64);
}

static inline gint64
tw_sale_instant (const TwSale *sale)
{
  if (sale->captured_us != TW_NOT_STATED)
    return sale->captured_us;
  return sale->ended_us != TW_NOT_STATED ? sale->ended_us : sale->started_us;
}

static inline gboolean
tw_chars_are (TwChars text, const char *literal)
{
  return text.n == __builtin_strlen (literal) && __builtin_memcmp (text.text, literal, text.n) == 0;
}
