/* SPDX-License-Identifier: Apache-2.0 */
/* Private to payment/reconcile/report: what an outlet is made of, and how its values are spelt. */
#pragma once

#include "payment/reconcile/report/report.h"

struct _TwOutlet
{
  const TwResultClass *class_;      /* self: the outlet; NULL: not wanted */
  gboolean (*close) (TwOutlet *self, GError **error);
  void     (*free)  (TwOutlet *self);
};

#define TW_SEVERITY_LISTED 2        /* below it: info */

/* "2026-11-22T13:05:00Z", microseconds only where there are some; NULL: not stated. */
char    *tw_report_instant (gint64 us);
/* "2026-11-22 14:05", in the zone. */
char    *tw_report_local (gint64 us, const char *time_zone);
/* "1,234.50 EUR"; "-" if it is not stated. */
char    *tw_report_money (gint64 minor, const char *currency);
/* "1.0625"; NULL: nothing was converted, or the bank does not tell. */
char    *tw_report_rate (const TwPayout *payout);
const char *tw_report_path (const TwReportHead *head, TwOrigin origin);   /* NULL: no file of this run */
const char *tw_report_link_name (TwLink link);                            /* "paid_out" */
/* What a class means and what to do about it: sentences for the operator. */
const char *tw_report_meaning (const TwReportHead *head, TwClass class_);
const char *tw_report_advice (const TwReportHead *head, TwClass class_);
gboolean tw_report_write_failed (const char *what, GError **error);      /* always FALSE: RETRY with errno's text */
