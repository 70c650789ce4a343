/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/reconcile/report/sums.h"

void
tw_class_sums_add (GArray            *sums,
                   const TwException *exception)
{
  TwClassSum *sum = NULL;

  for (guint i = 0; sum == NULL && i < sums->len; i++)
    {
      TwClassSum *candidate = &g_array_index (sums, TwClassSum, i);

      if (candidate->class_ == exception->class_ && g_str_equal (candidate->currency, exception->currency)
          && candidate->severity == exception->severity && candidate->resolved == exception->resolved)
        sum = candidate;
    }
  if (sum == NULL)
    {
      TwClassSum fresh = { .class_ = exception->class_, .severity = exception->severity,
                           .resolved = exception->resolved, .first_due_us = exception->due_us };

      memcpy (fresh.currency, exception->currency, sizeof fresh.currency);
      g_array_append_val (sums, fresh);
      sum = &g_array_index (sums, TwClassSum, sums->len - 1);
    }
  sum->n++;
  if (exception->due_us != TW_NOT_STATED
      && (sum->first_due_us == TW_NOT_STATED || exception->due_us < sum->first_due_us))
    sum->first_due_us = exception->due_us;
  if (exception->stake_minor == TW_NOT_STATED)
    return;
  if (exception->stake_minor < 0)
    sum->owe_minor -= exception->stake_minor;
  else
    sum->lose_minor += exception->stake_minor;
}

static int
compare (gconstpointer a,
         gconstpointer b)
{
  const TwClassSum *one = a, *two = b;
  gint64 one_stake = one->lose_minor + one->owe_minor, two_stake = two->lose_minor + two->owe_minor;

  if (one->severity != two->severity)
    return one->severity > two->severity ? -1 : 1;
  if (one->resolved != two->resolved)
    return one->resolved ? 1 : -1;
  if (one_stake != two_stake)
    return one_stake > two_stake ? -1 : 1;
  if (one->class_ != two->class_)
    return one->class_ < two->class_ ? -1 : 1;

  return strcmp (one->currency, two->currency);
}

void
tw_class_sums_sort (GArray *sums)
{
  g_array_sort (sums, compare);
}
