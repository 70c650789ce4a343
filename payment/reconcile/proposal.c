/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/reconcile/proposal.h"

#include <string.h>

/* How much: what we owe, what was charged too much, all of it, or nothing but a question. */
typedef enum { BY_HAND, OWED, TOO_MUCH, TOO_MUCH_ENERGY, WHOLE, NOTHING } Rule;

typedef struct { Rule rule; const char *operation, *why; } Row;

static const Row rows[TW_N_CLASSES] = {
  [TW_CLASS_AMOUNT_OVER] = { OWED, "refund", "The service settled more than was captured: the driver gets the "
                             "difference back." },
  [TW_CLASS_DUPLICATE_SETTLEMENT] = { OWED, "refund", "The service settled it twice: claim it there first; if the "
                                      "driver was charged twice, he gets it back." },
  [TW_CLASS_DUPLICATE_CAPTURE] = { OWED, "refund", "It was captured twice: the driver gets the second one back." },
  [TW_CLASS_OVER_CAPTURED] = { OWED, "refund", "More was captured than price and hold allow: the driver gets the "
                               "difference back." },
  [TW_CLASS_CAPTURED_NOT_DELIVERED] = { OWED, "refund", "Money was taken and no energy was given: the driver gets all "
                                        "of it back." },
  [TW_CLASS_TARIFF_MISMATCH] = { TOO_MUCH, "refund", "Its own tariff makes less of the readings than was charged." },
  [TW_CLASS_PRICE_DISPLAY_MISMATCH] = { TOO_MUCH, "refund", "The tariff that was shown makes less of it: the lower "
                                        "price counts." },
  [TW_CLASS_ENERGY_MISMATCH] = { TOO_MUCH_ENERGY, "refund", "The meter has less energy than was billed: its value "
                                 "counts." },
  [TW_CLASS_AUTH_NEVER_RELEASED] = { WHOLE, "release", "The hold is the driver's money and was never given back." },
  [TW_CLASS_DELIVERED_NOT_CAPTURED] = { WHOLE, "capture", "Energy was given and not paid: what the hold can still "
                                        "give." },
  [TW_CLASS_OUTCOME_UNKNOWN] = { NOTHING, "inquire", "Nobody knows what became of the request: never sent as a new "
                                 "one, only asked about." },
  [TW_CLASS_MISSING_IN_SETTLEMENT] = { NOTHING, "inquire", "The service was to settle it and did not: what does it "
                                       "know of the capture?" },
  [TW_CLASS_REFUND_UNMATCHED] = { NOTHING, "inquire", "A refund without its other half: what does the service know of "
                                  "it?" },
  [TW_CLASS_HOLD_EXPIRED] = { NOTHING, "inquire", "The hold ended before its capture: what does the service know of "
                              "it?" },
  [TW_CLASS_AMOUNT_UNDER] = { BY_HAND, NULL, "a hold ends with its capture, so that the rest cannot be captured: ask "
                              "the payment service, then write it off" },
  [TW_CLASS_RECORD_REUSED] = { BY_HAND, NULL, "only a person can tell whose record it is: give the other sale's money "
                               "back at the payment service" },
  [TW_CLASS_MISSING_IN_JOURNAL] = { BY_HAND, NULL, "no station knows this sale: look for it in the terminal's log, or "
                                    "give the money back at the payment service" },
};

static TwProposal
by_hand (const char *why)
{
  return (TwProposal) { NULL, 0, why };
}

TwProposal
tw_propose (TwClass class_,
            gint64  stake_minor,
            gint64  expected,
            gint64  found)
{
  const Row *row = &rows[class_];
  gboolean less_energy = expected != TW_NOT_STATED && found != TW_NOT_STATED && found < expected;
  gint64 owed = row->rule == OWED ? -stake_minor : stake_minor;

  switch (row->rule)
    {
    case BY_HAND:
      return by_hand (row->why != NULL ? row->why : "no money of the driver's has to move for it");
    case NOTHING:
      return (TwProposal) { row->operation, 0, row->why };
    case TOO_MUCH_ENERGY:
    case OWED:
    case TOO_MUCH:
    case WHOLE:
      break;
    }
  if (owed <= 0 || (row->rule == TOO_MUCH_ENERGY && !less_energy))
    return by_hand ("the driver paid too little, and his sale is over: write it off");

  return (TwProposal) { row->operation, owed, row->why };
}

/* Who was charged too much is to have paid the price without it. Of one mistake there may be several findings, a wrong
 * tariff's and each meter's: what was given back for one of them is not owed again for the next. */
static gint64
refundable (TwClass            class_,
            gint64             owed,
            const TwSaleMoney *money)
{
  gboolean of_price = rows[class_].rule == TOO_MUCH || rows[class_].rule == TOO_MUCH_ENERGY;
  gint64 paid = money->captured - money->refunded;

  /* What price and hold allowed is what was captured without it. */
  if (class_ == TW_CLASS_OVER_CAPTURED)
    return MIN (paid, owed - money->refunded);
  return MIN (owed, of_price && money->price > owed ? paid - (money->price - owed) : paid);
}

TwProposal
tw_propose_within (TwProposal         proposal,
                   TwClass            class_,
                   const TwSaleMoney *money)
{
  if (proposal.amount_minor == 0)
    return proposal;
  if (strcmp (proposal.operation, "refund") == 0)
    proposal.amount_minor = refundable (class_, proposal.amount_minor, money);
  else
    proposal.amount_minor = MIN (proposal.amount_minor, money->held);
  if (proposal.amount_minor > 0)
    return proposal;

  return by_hand ("by the station's journal nothing of it was charged, or all of it was given back; what is still owed "
                  "is given back at the payment service");
}
