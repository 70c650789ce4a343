/* SPDX-License-Identifier: Apache-2.0 */
/* Private to payment/reconcile/report: whether the books are closed, and how far anybody was there to say so. */
#pragma once

#include "payment/reconcile/report/sums.h"

/* As the files' roles are called, in this order. */
typedef enum { TW_ASKED_JOURNAL, TW_ASKED_METER, TW_ASKED_PSP, TW_ASKED_BANK, TW_N_ASKED } TwAsked;

const char *tw_asked_role (TwAsked witness);                              /* "psp" */
/* Whether a file of the witness was given, if only an empty one. */
gboolean    tw_report_asked (const TwReportHead *head, TwAsked witness);
/* "Closed to the cent." only if journal, payment service and bank were asked, and no person had to say so; else how
 * far, who was not asked, and what persons resolved. sums: of TwClassSum. */
char       *tw_report_verdict (const TwReportHead *head, guint64 n_listed, const GArray *sums);
/* "2 findings resolved by hand, 19.00 EUR"; NULL: none. */
char       *tw_report_resolved (const GArray *sums);
