/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/analytics/stretches.h"

GArray *
tw_stretches_new (void)
{
  return g_array_new (FALSE, FALSE, sizeof (TwStretch));
}

void
tw_stretches_append (GArray *self,
                     gint64  from,
                     gint64  until)
{
  TwStretch one = { from, until };

  if (from >= until)
    return;
  if (self->len > 0 && tw_stretches_at (self, self->len - 1)->until >= from)
    tw_stretches_at (self, self->len - 1)->until = MAX (tw_stretches_at (self, self->len - 1)->until, until);
  else
    g_array_append_val (self, one);
}

GArray *
tw_stretches_subtract (const GArray *from,
                       const GArray *what)
{
  GArray *left = tw_stretches_new ();
  guint k = 0;

  for (guint i = 0; i < from->len; i++)
    {
      gint64 at = tw_stretches_at (from, i)->from, end = tw_stretches_at (from, i)->until;

      while (k < what->len && tw_stretches_at (what, k)->until <= at)
        k++;
      for (guint next = k; next < what->len && tw_stretches_at (what, next)->from < end; next++)
        {
          tw_stretches_append (left, at, tw_stretches_at (what, next)->from);
          at = MAX (at, tw_stretches_at (what, next)->until);
        }
      tw_stretches_append (left, at, end);
    }
  return left;
}

GArray *
tw_stretches_unite (const GArray *one,
                    const GArray *other)
{
  GArray *all = tw_stretches_new ();
  guint i = 0, k = 0;

  while (i < one->len || k < other->len)
    {
      gboolean is_one = k == other->len
                        || (i < one->len && tw_stretches_at (one, i)->from <= tw_stretches_at (other, k)->from);
      const TwStretch *next = is_one ? tw_stretches_at (one, i++) : tw_stretches_at (other, k++);

      tw_stretches_append (all, next->from, next->until);
    }
  return all;
}

static int
by_from (gconstpointer a,
         gconstpointer b)
{
  const TwStretch *one = a, *other = b;

  return one->from < other->from ? -1 : one->from > other->from;
}

void
tw_stretches_sort (GArray **self)
{
  GArray *unsorted = *self, *sorted = tw_stretches_new ();

  g_array_sort (unsorted, by_from);
  for (guint i = 0; i < unsorted->len; i++)
    tw_stretches_append (sorted, tw_stretches_at (unsorted, i)->from, tw_stretches_at (unsorted, i)->until);
  g_array_unref (unsorted);
  *self = sorted;
}
