/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/analytics/measures/group-size.h"

void
tw_group_hide (const guint64 *numbers,
               gboolean      *hidden,
               guint          n,
               guint          k)
{
  guint64 n_in_hidden = 0;
  guint smallest = n;

  for (guint i = 0; i < n; i++)
    {
      hidden[i] = tw_group_is_small (numbers[i], k);
      if (hidden[i])
        n_in_hidden += numbers[i];
      else if (numbers[i] > 0 && (smallest == n || numbers[i] < numbers[smallest]))
        smallest = i;
    }
  if (tw_group_is_small (n_in_hidden, k) && smallest < n)
    hidden[smallest] = TRUE;
}
