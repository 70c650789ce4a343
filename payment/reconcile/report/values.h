/* SPDX-License-Identifier: Apache-2.0 */
/* Private to payment/reconcile/report: values in JSON. What is not stated is null, never "" and never 0. */
#pragma once

#include "app/base/json.h"
#include "payment/reconcile/report/outlet.h"

void tw_report_json_chars   (TwJsonOut *out, const char *key, TwChars chars);
void tw_report_json_amount  (TwJsonOut *out, const char *key, gint64 value);
void tw_report_json_instant (TwJsonOut *out, const char *key, gint64 us);
/* By whom and why; null if nobody did. */
void tw_report_json_resolved (TwJsonOut *out, const TwException *exception);
/* An exception's members: which it is, of whom, and how much; then its references, and who says what. */
void tw_report_json_who     (TwJsonOut *out, const TwException *exception);
void tw_report_json_what    (TwJsonOut *out, const TwException *exception);
