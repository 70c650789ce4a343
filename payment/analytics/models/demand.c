/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "payment/analytics/models/demand.h"

/* Prices that were reckoned from amounts carry their rounding: so near they are the same. */
#define SAME_PRICE 0.01

static gboolean
flags_are_finite (const TwDemand *demand, gsize row)
{
  for (guint i = 0; i < demand->n_flags; i++)
    if (!(fabs (demand->flags[row * demand->n_flags + i]) <= 1e12))
      return FALSE;
  return TRUE;
}

static TwRefusal
look_at (const TwDemand *demand)
{
  if (demand->n == 0)
    return TW_REFUSAL_EMPTY;
  if (demand->n > G_MAXUINT32 || demand->n_sites > TW_DEMAND_LEVELS || demand->n_months > TW_DEMAND_LEVELS ||
      demand->n_sites + demand->n_months > TW_DEMAND_LEVELS)
    return TW_REFUSAL_TOO_LARGE;
  if (demand->n_flags > (demand->flags != NULL ? TW_DEMAND_FLAGS : 0))
    return TW_REFUSAL_BAD_INPUT;
  for (gsize i = 0; i < demand->n; i++)
    if (!isfinite (demand->quantity[i]) || demand->quantity[i] < 0 || !isfinite (demand->price[i]) ||
        demand->price[i] < 0 || demand->site[i] >= demand->n_sites || demand->month[i] >= demand->n_months ||
        demand->week_hour[i] >= TW_DEMAND_WEEK_HOURS || !flags_are_finite (demand, i))
      return TW_REFUSAL_BAD_INPUT;
  return TW_REFUSAL_NONE;
}

static guint32
level_of (const TwDemand *demand, guint group, gsize row)
{
  if (group == 0)
    return demand->site[row];
  return group == 1 ? demand->week_hour[row] : demand->month[row];
}

static guint
most_levels (const TwDemand *demand, guint group)
{
  if (group == 0)
    return demand->n_sites;
  return group == 1 ? TW_DEMAND_WEEK_HOURS : demand->n_months;
}

static void
choose_rows (TwDesign *self, TwRegressionModel model, TwRegression *found)
{
  const TwDemand *demand = self->demand;

  for (gsize i = 0; i < demand->n; i++)
    if (demand->excluded != NULL && demand->excluded[i] != 0)
      found->n_excluded++;
    else if (demand->price[i] <= 0)
      found->n_free++;
    else if (model == TW_REGRESSION_LOG_LOG && demand->quantity[i] <= 0)
      found->n_empty++;
    else
      self->rows[self->n++] = (guint32) i;
}

/* A level that never sold anything is explained by an effect of minus infinity: it tells nothing about the price.
 * No other level loses a sale by it. */
static void
drop_empty_levels (TwDesign *self, guint group, TwRegression *found)
{
  g_autofree guint8 *sells = g_new0 (guint8, most_levels (self->demand, group) + 1);
  gsize n = 0, before = self->n;

  for (gsize i = 0; i < self->n; i++)
    if (self->demand->quantity[self->rows[i]] > 0)
      sells[level_of (self->demand, group, self->rows[i])] = 1;
  for (gsize i = 0; i < self->n; i++)
    if (sells[level_of (self->demand, group, self->rows[i])] != 0)
      self->rows[n++] = self->rows[i];
  self->n = n;
  found->n_empty += before - n;
}

static void
number_levels (TwDesign *self, guint group)
{
  guint most = most_levels (self->demand, group);
  g_autofree guint16 *numbers = g_new (guint16, most + 1);
  gboolean first = group > 0;

  for (guint i = 0; i < most; i++)
    numbers[i] = TW_NO_LEVEL - 1;
  self->levels[group] = g_new (guint16, MAX (self->n, 1));
  for (gsize i = 0; i < self->n; i++)
    {
      guint16 *number = &numbers[level_of (self->demand, group, self->rows[i])];

      if (*number == TW_NO_LEVEL - 1)
        {
          *number = first ? TW_NO_LEVEL : (guint16) self->n_levels++;
          first = FALSE;
        }
      self->levels[group][i] = *number;
    }
}

/* Rows mostly come day by day, so the cluster before is looked at first. */
static void
number_clusters (TwDesign *self)
{
  g_autoptr (GHashTable) numbers = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  gint64 before = -1;

  self->clusters = g_new (guint32, MAX (self->n, 1));
  for (gsize i = 0; i < self->n; i++)
    {
      gsize row = self->rows[i];
      gint64 key = (gint64) self->demand->site[row] << 32 | self->demand->day[row];
      gpointer number;

      if (key == before)
        {
          self->clusters[i] = self->clusters[i - 1];
          continue;
        }
      before = key;
      if (!g_hash_table_lookup_extended (numbers, &key, NULL, &number))
        {
          number = GUINT_TO_POINTER ((guint) self->n_clusters++);
          g_hash_table_insert (numbers, g_memdup2 (&key, sizeof key), number);
        }
      self->clusters[i] = GPOINTER_TO_UINT (number);
    }
}

static gboolean
is_same_price (double price, double other)
{
  return MAX (price, other) / MIN (price, other) - 1 <= SAME_PRICE;
}

static gboolean
has_prices (const TwDesign *self)
{
  double least = G_MAXDOUBLE, most = 0;

  for (gsize i = 0; i < self->n; i++)
    {
      least = MIN (least, self->demand->price[self->rows[i]]);
      most = MAX (most, self->demand->price[self->rows[i]]);
    }
  return !is_same_price (least, most);
}

/* With one price for each weekday-hour of a site, price and habit cannot be told apart. */
static gboolean
price_follows_clock (const TwDesign *self)
{
  g_autofree double *first = g_new0 (double, (gsize) self->demand->n_sites * TW_DEMAND_WEEK_HOURS);

  for (gsize i = 0; i < self->n; i++)
    {
      gsize row = self->rows[i];
      double *price = &first[(gsize) self->demand->site[row] * TW_DEMAND_WEEK_HOURS + self->demand->week_hour[row]];

      if (*price > 0 && !is_same_price (*price, self->demand->price[row]))
        return FALSE;
      *price = *price > 0 ? *price : self->demand->price[row];
    }
  return TRUE;
}

static void
take_means (TwDesign *self)
{
  const TwDemand *demand = self->demand;
  double mean = 0;

  self->log_prices = g_new (double, MAX (self->n, 1));
  for (gsize i = 0; i < self->n; i++)
    {
      self->mean_quantity += demand->quantity[self->rows[i]] / (double) self->n;
      self->log_prices[i] = log (demand->price[self->rows[i]]);
      mean += self->log_prices[i] / (double) self->n;
      for (guint k = 0; k < demand->n_flags; k++)
        self->means[k] += demand->flags[(gsize) self->rows[i] * demand->n_flags + k] / (double) self->n;
    }
  for (gsize i = 0; i < self->n; i++)
    self->log_prices[i] -= mean;
}

static TwRefusal
judge (const TwDesign *self)
{
  if (self->n == 0)
    return TW_REFUSAL_EMPTY;
  if (!has_prices (self))
    return TW_REFUSAL_FEW_PRICES;
  if (self->n_clusters < TW_DEMAND_CLUSTERS)
    return TW_REFUSAL_FEW_CLUSTERS;
  if (price_follows_clock (self))
    return TW_REFUSAL_PRICE_BY_CLOCK;
  return self->mean_quantity > 1e-300 && self->mean_quantity < 1e300 ? TW_REFUSAL_NONE : TW_REFUSAL_TOO_LARGE;
}

TwDesign *
tw_design_new (const TwDemand *demand, TwRegressionModel model, TwRegression *found)
{
  g_autoptr (TwDesign) self = g_new0 (TwDesign, 1);

  found->refusal = look_at (demand);
  if (found->refusal != TW_REFUSAL_NONE)
    return NULL;
  self->demand = demand;
  self->rows = g_new (guint32, demand->n);
  choose_rows (self, model, found);
  for (guint group = 0; group < TW_DEMAND_GROUPS; group++)
    drop_empty_levels (self, group, found);
  number_clusters (self);
  take_means (self);
  found->n = self->n;
  found->n_clusters = self->n_clusters;
  found->refusal = judge (self);
  if (found->refusal != TW_REFUSAL_NONE)
    return NULL;
  for (guint group = 0; group < TW_DEMAND_GROUPS; group++)
    number_levels (self, group);
  return g_steal_pointer (&self);
}

void
tw_design_free (TwDesign *self)
{
  g_free (self->rows);
  g_free (self->log_prices);
  g_free (self->clusters);
  for (guint group = 0; group < TW_DEMAND_GROUPS; group++)
    g_free (self->levels[group]);
  g_free (self);
}

void
tw_design_row (const TwDesign *self, gsize row, double *x)
{
  const TwDemand *demand = self->demand;

  x[0] = self->log_prices[row];
  for (guint k = 0; k < demand->n_flags; k++)
    x[k + 1] = demand->flags[(gsize) self->rows[row] * demand->n_flags + k] - self->means[k];
}

double
tw_design_quantity (const TwDesign *self, gsize row)
{
  return self->demand->quantity[self->rows[row]] / self->mean_quantity;
}
