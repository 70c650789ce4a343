/* SPDX-License-Identifier: Apache-2.0 */
/* Private to payment/reconcile/report: what the summary and the page say of all exceptions together. */
#pragma once

#include "payment/reconcile/report/outlet.h"

/* Of one class in one currency; resolved: by a person. */
typedef struct
{
  TwClass  class_;
  guint    severity;
  gboolean resolved;
  char     currency[4];
  guint64  n;
  gint64   lose_minor, owe_minor;
  gint64   first_due_us;     /* TW_NOT_STATED: nothing of it is due at a time */
} TwClassSum;

/* Adds to the row of the exception's class and currency; sums: of TwClassSum. */
void tw_class_sums_add (GArray *sums, const TwException *exception);
/* Worst first, what only informs after it, and resolved last; then by money. */
void tw_class_sums_sort (GArray *sums);
