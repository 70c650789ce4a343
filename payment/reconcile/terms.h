/* SPDX-License-Identifier: Apache-2.0 */
/* What the terms say, worked out: tolerances, percentages, days. A banking day is Monday to Friday: no calendar of
 * holidays is known, so that a day off makes a finding a day early, and the next run closes it. Pure. Any thread.
 */
#pragma once

#include "payment/reconcile/reconcile.h"

gint64   tw_percent_of (gint64 amount, gint64 percent_e6);
gboolean tw_within (TwTolerance tolerance, const char *currency, gint64 difference, gint64 expected);

/* Whether a sale's fee is not the contract's, which is asked only where there is one, and in one currency. */
gboolean tw_fee_deviates (const TwReconcileTerms *terms, const char *currency, const char *net_currency, gint64 gross,
                          gint64 fee, gint64 *expected);

/* "12.30 EUR"; of a currency that is not known minor units; "no amount". */
char    *tw_amount_text (gint64 minor, const char *currency);

gint32   tw_local_day (GTimeZone *zone, gint64 us);           /* days since 1970 */
gint32   tw_banking_day_after (gint32 day, guint banking_days);
gint64   tw_banking_instant_after (GTimeZone *zone, gint64 us, guint banking_days);   /* the same time of day, later */
