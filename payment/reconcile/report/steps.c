/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/reconcile/report/steps.h"

#include "payment/reconcile/report/verdict.h"

#include <string.h>

guint
tw_report_steps (const TwReportHead     *head,
                 const TwCurrencyTotals *totals,
                 TwStep                  steps[TW_MOST_STEPS])
{
  const TwFlow *flow = &totals->flow;
  gboolean bank = tw_report_asked (head, TW_ASKED_BANK);
  const TwStep all[] = {
    { "Captured", totals->captured_minor, TRUE },
    { "Not settled as captured", -totals->listed_minor, FALSE },
    { "Settled", totals->settled_minor, TRUE },
    { "Refunds", -totals->settled_refund_minor, FALSE },
    { "Chargebacks", -totals->chargeback_minor, FALSE },
    { "Fees", -totals->fee_minor, FALSE },
    { "Fees of no sale", flow->of_kind[TW_SETTLED_FEE], FALSE },
    { "Reserve", flow->of_kind[TW_SETTLED_RESERVE], FALSE },
    { "Adjustments", flow->of_kind[TW_SETTLED_ADJUSTMENT], FALSE },
    { "Advances", flow->of_kind[TW_SETTLED_ADVANCE], FALSE },
    { "Carried over", flow->of_kind[TW_SETTLED_CARRY_OVER], FALSE },
    { "Exchange lines", flow->of_kind[TW_SETTLED_FX], FALSE },
    { "Lines of unknown kind", flow->of_kind[TW_SETTLED_OTHER], FALSE },
    { "Exchanged by the service", flow->exchanged, FALSE },
    { "Lines that state no net", flow->without_net, FALSE },
    { "Net not gross less fee", flow->uneven, FALSE },
    { "Net", totals->net_minor, TRUE },
    { "Still with the service", -totals->with_service_minor, FALSE },
    { "Sent, payout not told", -flow->only_sent, FALSE },
    { "Payouts apart from lines", -flow->payout_apart, FALSE },
    { "Payouts of unknown lines", -flow->payout_unknown, FALSE },
    { "Paid out", totals->paid_out_minor, TRUE },
    { "Converted by the bank", -totals->converted_minor, FALSE },
    { "Residuals", -totals->residual_minor, FALSE },
    { bank ? "Not found in the bank" : "No bank file given", -flow->not_banked, FALSE },
    { "In the bank", totals->banked_minor, TRUE },
  };
  guint n = 0;

  G_STATIC_ASSERT (G_N_ELEMENTS (all) <= TW_MOST_STEPS);
  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    if (all[i].sum || all[i].minor != 0)
      steps[n++] = all[i];

  return n;
}

void
tw_report_flow_sums (const TwFlow *flow,
                     TwFlowSum     sums[TW_N_FLOW_SUMS])
{
  const TwFlowSum all[] = {
    { "account_fee_minor", flow->of_kind[TW_SETTLED_FEE] },
    { "reserve_minor", flow->of_kind[TW_SETTLED_RESERVE] },
    { "adjustment_minor", flow->of_kind[TW_SETTLED_ADJUSTMENT] },
    { "advance_minor", flow->of_kind[TW_SETTLED_ADVANCE] },
    { "carry_over_minor", flow->of_kind[TW_SETTLED_CARRY_OVER] },
    { "fx_minor", flow->of_kind[TW_SETTLED_FX] },
    { "other_minor", flow->of_kind[TW_SETTLED_OTHER] },
    { "exchanged_minor", flow->exchanged },
    { "without_net_minor", flow->without_net },
    { "uneven_minor", flow->uneven },
    { "only_sent_minor", flow->only_sent },
    { "payout_apart_minor", flow->payout_apart },
    { "payout_unknown_minor", flow->payout_unknown },
    { "not_banked_minor", flow->not_banked },
  };

  G_STATIC_ASSERT (G_N_ELEMENTS (all) == TW_N_FLOW_SUMS);
  memcpy (sums, all, sizeof all);
}
