/* SPDX-License-Identifier: Apache-2.0 */
/* Which of the station's verbs mends a finding, and with how much (facts: reconciliation.md section 6). A proposal: a
 * person confirms it, and the station decides by its own journal. Values; pure; any thread.
 */
#pragma once

#include "payment/reconcile/exception.h"

/* operation: "refund", "release", "capture", "inquire"; NULL: none of them, a person sees to it. amount_minor: 0 for an
 * inquiry, which moves nothing. why: a sentence for who confirms, or for what he does instead. */
typedef struct { const char *operation; gint64 amount_minor; const char *why; } TwProposal;

/* Of a finding of that class: its stake, what was expected and found (TW_NOT_STATED: not told). */
TwProposal tw_propose (TwClass class_, gint64 stake_minor, gint64 expected, gint64 found);

/* What the station's journal has of the sale's money, in minor units. */
typedef struct { gint64 held, price, captured, refunded; } TwSaleMoney;

/* The same as that allows it: a price that was cut down to the hold was never charged as a whole, what was given back
 * is not given back again, nor for another finding of the same mistake, and nothing is captured above the hold. */
TwProposal tw_propose_within (TwProposal proposal, TwClass class_, const TwSaleMoney *money);
