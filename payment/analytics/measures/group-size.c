/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/analytics/measures/group-size.h"

void
tw_group_hide (const guint64 *numbers,
               gboolean      *hidden,
               guint          n,
               guint          k)
{
  guint n_hidden = 0, smallest = n;

  for (guint i = 0; i < n; i++)
    {
      hidden[i] = tw_group_is_small (numbers[i], k);
      if (hidden[i])
        n_hidden++;
      else if (numbers[i] > 0 && (smallest == n || numbers[i] < numbers[smallest]))
        smallest = i;
    }
  if (n_hidden == 1 && smallest < n)
    hidden[smallest] = TRUE;
}
