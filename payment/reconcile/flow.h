/* SPDX-License-Identifier: Apache-2.0 */
/* By name, what lies between the sums of a currency's books, so that each is what stands above it and the steps:
 *
 *   net      = settled - refunds - chargebacks - fees + of_kind + without_net + exchanged + uneven
 *   paid out = net - with the service - only_sent - payout_apart - payout_unknown
 *   banked   = paid out - converted - residuals - not_banked
 *
 * Minor units. A value.
 */
#pragma once

#include "payment/reconcile/witness.h"

typedef struct
{
  gint64 of_kind[TW_N_SETTLED_KINDS];   /* lines of no sale: their net and fee */
  gint64 without_net;                   /* of sales' lines that state none; a batch may hold them all the same */
  gint64 exchanged;                     /* settled here and paid out in another currency; > 0: the other way round */
  gint64 uneven;                        /* net is not gross less fee */
  gint64 only_sent;                     /* net of batches that are groups of what was sent, not of what was paid */
  gint64 payout_apart, payout_unknown;  /* net less payout: batch_sum_mismatch; a line without net, or no line at all */
  gint64 not_banked;                    /* paid out, and no entry of the bank's is it */
} TwFlow;
