/* SPDX-License-Identifier: Apache-2.0 */
/* Private to payment/reconcile/report: where a currency's money got to, step by step, the same in each form. */
#pragma once

#include "payment/reconcile/report/outlet.h"

/* A sum is the sum above it and the steps between. */
typedef struct { const char *label; gint64 minor; gboolean sum; } TwStep;

#define TW_MOST_STEPS 32

/* From captured to banked; steps that are nothing are left out. Returns how many. */
guint tw_report_steps (const TwReportHead *head, const TwCurrencyTotals *totals, TwStep steps[TW_MOST_STEPS]);

#define TW_N_FLOW_SUMS 14

/* By the names that they have in JSON and as columns. */
typedef struct { const char *name; gint64 minor; } TwFlowSum;

void  tw_report_flow_sums (const TwFlow *flow, TwFlowSum sums[TW_N_FLOW_SUMS]);
