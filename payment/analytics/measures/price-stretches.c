/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/analytics/measures/price-stretches.h"

#include <math.h>

#define SAME 0.02               /* what is asked for a kWh is seen in amounts that are rounded */
#define KEEPS_DAYS 7            /* so long a price is taken to hold when nothing is sold */
#define JITTER_DAYS 3           /* sites that change together are seen to */

static gboolean
is_same (double a,
         double b)
{
  return fabs (log (a / b)) <= SAME;
}

/* One site, while it is gone through. n: of days whose prices the stretch is the mean of; last: the last of them. */
typedef struct { GArray *all; TwPriceStretch now; guint n; gint32 last, end; } Walk;

static void
close_stretch (Walk     *walk,
               gboolean  next_follows,
               gint32    next)
{
  if (walk->n == 0)
    return;
  walk->now.to = next_follows ? next : MIN (walk->last + 1 + KEEPS_DAYS, walk->end);
  g_array_append_val (walk->all, walk->now);
  walk->n = 0;
}

static void
begin_stretch (Walk   *walk,
               gint32  day,
               double  price)
{
  walk->now.from = walk->last = day;
  walk->now.price = price;
  walk->n = 1;
}

static void
go_on (Walk   *walk,
       gint32  day,
       double  price)
{
  walk->n++;
  walk->now.price += (price - walk->now.price) / walk->n;
  walk->last = day;
}

/* The price of the next day on which one is known; below 0: not within a week. */
static double
next_price (const TwAskedPrices *prices,
            guint32              site,
            gint32               day,
            gint32               end)
{
  for (gint32 next = day + 1; next < end && next <= day + KEEPS_DAYS; next++)
    {
      double price = tw_asked_price (prices, site, next);

      if (price > 0)
        return price;
    }
  return -1;
}

static void
walk_site (Walk                *walk,
           const TwAskedPrices *prices,
           TwPeriod             window)
{
  for (gint32 day = window.from; day < window.to; day++)
    {
      double price = tw_asked_price (prices, walk->now.site, day), next;

      if (price <= 0)
        continue;
      if (walk->n > 0 && day - walk->last > KEEPS_DAYS)
        close_stretch (walk, FALSE, 0);
      if (walk->n == 0)
        begin_stretch (walk, day, price);
      else if (is_same (price, walk->now.price))
        go_on (walk, day, price);
      else
        {
          next = next_price (prices, walk->now.site, day, window.to);
          if (next > 0 && is_same (next, walk->now.price))
            continue;
          close_stretch (walk, TRUE, day);
          begin_stretch (walk, day, price);
        }
    }
  close_stretch (walk, FALSE, 0);
}

GArray *
tw_price_stretches_new (const TwAnalysis    *analysis,
                        const char          *currency,
                        const TwAskedPrices *prices,
                        TwPeriod             window)
{
  GArray *all = g_array_new (FALSE, FALSE, sizeof (TwPriceStretch));

  for (guint32 site = 0; site < tw_analysis_n_sites (analysis); site++)
    {
      Walk walk = { .all = all, .now = { .site = site }, .end = window.to };

      if (g_str_equal (tw_analysis_site_currency (analysis, site), currency))
        walk_site (&walk, prices, window);
    }
  return all;
}

static void
change_free (gpointer data)
{
  TwPriceChange *self = data;

  g_array_unref (self->sites);
  g_free (self);
}

static TwPriceChange *
change_of (const TwPriceStretch *before,
           const TwPriceStretch *after)
{
  TwPriceChange *self = g_new0 (TwPriceChange, 1);

  *self = (TwPriceChange) { before->from, after->from, after->from, after->to, before->price, after->price,
                            g_array_new (FALSE, FALSE, sizeof (guint32)) };
  g_array_append_val (self->sites, after->site);
  return self;
}

static int
by_day (gconstpointer a,
        gconstpointer b)
{
  const TwPriceChange *one = *(const TwPriceChange *const *) a, *other = *(const TwPriceChange *const *) b;

  if (one->first_new != other->first_new)
    return one->first_new < other->first_new ? -1 : 1;
  return g_array_index (one->sites, guint32, 0) < g_array_index (other->sites, guint32, 0) ? -1 : 1;
}

/* more comes later. A change that is undone within days is none. */
static gboolean
are_alike (const TwPriceChange *one,
           const TwPriceChange *more)
{
  return more->first_new - one->last_old < JITTER_DAYS && one->to > more->first_new && more->from < one->last_old
         && is_same (one->price_after / one->price_before, more->price_after / more->price_before);
}

static void
join (TwPriceChange       *self,
      const TwPriceChange *more)
{
  guint n = self->sites->len;

  self->price_before = (self->price_before * n + more->price_before) / (n + 1);
  self->price_after = (self->price_after * n + more->price_after) / (n + 1);
  self->from = MAX (self->from, more->from);
  self->first_new = MAX (self->first_new, more->first_new);
  self->to = MIN (self->to, more->to);
  g_array_append_vals (self->sites, more->sites->data, more->sites->len);
}

/* Each goes to the first that it is like, or begins one. */
static void
put (GPtrArray     *changes,
     TwPriceChange *change)
{
  for (guint i = changes->len; i > 0; i--)
    {
      TwPriceChange *other = g_ptr_array_index (changes, i - 1);

      if (change->first_new - other->last_old >= JITTER_DAYS)
        break;
      if (!are_alike (other, change))
        continue;
      join (other, change);
      change_free (change);
      return;
    }
  g_ptr_array_add (changes, change);
}

GPtrArray *
tw_price_changes_new (const GArray *stretches)
{
  g_autoptr (GPtrArray) each = g_ptr_array_new ();
  GPtrArray *changes = g_ptr_array_new_with_free_func (change_free);

  for (guint i = 1; i < stretches->len; i++)
    {
      const TwPriceStretch *before = &g_array_index (stretches, TwPriceStretch, i - 1);
      const TwPriceStretch *after = &g_array_index (stretches, TwPriceStretch, i);

      if (before->site == after->site && before->to == after->from)
        g_ptr_array_add (each, change_of (before, after));
    }
  g_ptr_array_sort (each, by_day);
  for (guint i = 0; i < each->len; i++)
    put (changes, g_ptr_array_index (each, i));
  return changes;
}

GArray *
tw_price_keepers_new (const GArray *stretches,
                      gint32        from,
                      gint32        to)
{
  GArray *sites = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (guint i = 0; i < stretches->len; i++)
    {
      const TwPriceStretch *stretch = &g_array_index (stretches, TwPriceStretch, i);

      if (stretch->from <= from && stretch->to >= to)
        g_array_append_val (sites, stretch->site);
    }
  return sites;
}
