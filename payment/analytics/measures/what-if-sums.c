/* SPDX-License-Identifier: Apache-2.0 */
/* A row at a time, in each reader's thread. */
#include "payment/analytics/measures/what-if-sums.h"

#include "payment/analytics/measures/calendar.h"

#include <string.h>

#define MOST_SOLD 64              /* tariffs of journals that are kept ready */
#define LEAST_OF_HASH 8           /* hex digits that tell tariffs apart */
#define REACH_EURO 100            /* what the spread of amounts reaches to, roughly */

/* A part's. */
typedef struct
{
  const TwWhatIf *what_if;
  TwWhatIfSums    sums;
  TwRepricer     *repricers[TW_MOST_WHAT_IFS];
  GPtrArray      *sold;           /* of TwRepricer: the tariffs that sessions were sold by */
} Part;

/* So many minor units that the bins reach to about a hundred euro. */
static guint32
width_of (const char *currency)
{
  gint64 minor_per_euro = tw_currency_tenths_per_euro (currency);

  for (int i = tw_currency_digits (currency); i > 0; i--)
    minor_per_euro *= 10;
  return (guint32) MAX (1, minor_per_euro / 10 * REACH_EURO / TW_SPREAD_BINS);
}

void
tw_what_if_sums_init (TwWhatIfSums   *self,
                      const TwWhatIf *what_if,
                      TwBudget       *budget)
{
  tw_table_init (&self->cells, sizeof (TwWhatIfCell), G_STRUCT_OFFSET (TwWhatIfCell, n), what_if->seed, budget);
  tw_table_init (&self->customers, sizeof (TwWhatIfCustomer) + what_if->n * sizeof (gint64),
                 G_STRUCT_OFFSET (TwWhatIfCustomer, compared), what_if->seed, budget);
  for (guint i = 0; i < what_if->n; i++)
    {
      guint32 width = width_of (tw_tariff_currency (what_if->tariffs[i].tariff));

      self->of[i] = g_new0 (TwWhatIfSum, 1);
      tw_spread_init (&self->of[i]->more, width);
      tw_spread_init (&self->of[i]->less, width);
      tw_spread_init (&self->of[i]->change, 1);
    }
}

void
tw_what_if_sums_clear (TwWhatIfSums *self)
{
  tw_table_clear (&self->cells);
  tw_table_clear (&self->customers);
  for (guint i = 0; i < TW_MOST_WHAT_IFS; i++)
    g_clear_pointer (&self->of[i], g_free);
}

static gpointer
begin (gpointer  data,
       TwBudget *budget)
{
  Part *self = g_new0 (Part, 1);

  self->what_if = data;
  tw_what_if_sums_init (&self->sums, self->what_if, budget);
  for (guint i = 0; i < self->what_if->n; i++)
    self->repricers[i] = tw_repricer_new (self->what_if->tariffs[i].file);
  self->sold = g_ptr_array_new_with_free_func ((GDestroyNotify) tw_repricer_free);
  return self;
}

static void
end (gpointer data)
{
  Part *self = data;

  tw_what_if_sums_clear (&self->sums);
  for (guint i = 0; i < TW_MOST_WHAT_IFS; i++)
    g_clear_pointer (&self->repricers[i], tw_repricer_free);
  g_ptr_array_unref (self->sold);
  g_free (self);
}

/* What the driver was asked for; what was captured, where that is not told. */
static gint64
asked_of (const TwSessionRow *row)
{
  if (row->currency[0] == '\0')
    return TW_UNKNOWN;
  return row->price_minor != TW_UNKNOWN ? row->price_minor : row->captured_minor;
}

static void
check (TwWhatIfCheck    *self,
       gint64            asked,
       const TwRepriced *repriced)
{
  gint64 change = repriced->gross_minor - asked;

  self->n++;
  if (!tw_repriced_is_priced (repriced))
    {
      self->n_not_priced++;
      return;
    }
  self->n_same += change == 0;
  self->n_near += ABS (change) == 1;
  self->asked_minor += asked;
  self->after_minor += repriced->gross_minor;
}

static void
compare (TwWhatIfSum *self,
         gint64       asked,
         gint64       after)
{
  gint64 change = after - asked;

  if (change > 0)
    tw_spread_add (&self->more, (guint32) MIN (change, G_MAXUINT32));
  else if (change < 0)
    tw_spread_add (&self->less, (guint32) MIN (-change, G_MAXUINT32));
  self->n_free += asked <= 0;
  if (asked <= 0)
    return;
  self->n_same_paid += change == 0;
  tw_spread_add (&self->change, (guint32) CLAMP ((__int128) TW_CHANGE_OFFSET * after / asked, 0, G_MAXUINT32));
}

static void
add_customer (Part               *self,
              const TwSessionRow *row,
              guint               i,
              gint64              change)
{
  const TwWhatIfCustomer key = { .customer = row->customer, .epoch = row->epoch };
  TwWhatIfCustomer *sum = tw_table_take (&self->sums.customers, &key);

  sum->compared |= 1u << i;
  sum->change_minor[i] += change;
}

static TwWhatIfHour *
hour_of (TwWhatIfSum *sum,
         gint32       hour)
{
  gint32 day = hour >= 0 ? hour / 24 : (hour - 23) / 24;

  return &sum->hours[tw_weekday_of_day (day) * 24 + (hour - day * 24)];
}

static void
add_compared (Part             *self,
              const TwTakenRow *taken,
              guint             i,
              TwWhatIfCell     *cell,
              gint64            asked,
              gint64            after)
{
  const TwSessionRow *row = taken->row;
  TwWhatIfHour *hour = hour_of (self->sums.of[i], taken->start_hour);

  cell->n_compared++;
  cell->n_more += after > asked;
  cell->n_less += after < asked;
  cell->compared_wh += MAX (row->energy_wh, 0);
  cell->asked_minor += asked;
  cell->captured_minor += row->captured_minor != TW_UNKNOWN ? row->captured_minor : 0;
  cell->compared_after_minor += after;
  if (row->held_minor != TW_UNKNOWN && after > row->held_minor)
    {
      cell->n_above_hold++;
      cell->above_hold_minor += after - row->held_minor;
    }
  hour->n++;
  hour->energy_wh += MAX (row->energy_wh, 0);
  hour->asked_minor += asked;
  hour->after_minor += after;
  compare (self->sums.of[i], asked, after);
  if (row->customer != 0)
    add_customer (self, row, i, after - asked);
}

/* Is it the tariff that the row names? Books, and journals without its file, name it by the beginning of its hash. */
static gboolean
is_named (const TwTariff *tariff,
          TwText          name)
{
  const char *id = tw_tariff_id (tariff);

  if (name.n == 0)
    return FALSE;
  return (strlen (id) == name.n && memcmp (id, name.text, name.n) == 0)
         || (name.n >= LEAST_OF_HASH && strncmp (tw_tariff_hash (tariff), name.text, name.n) == 0);
}

static void
add_under (Part             *self,
           const TwTakenRow *taken,
           guint             i)
{
  const TwSessionRow *row = taken->row;
  const TwWhatIfCell key = { .port = taken->port, .tariff = taken->tariff, .what_if = i };
  TwRepriced repriced = tw_repricer_price (self->repricers[i], row, taken->zone);
  TwWhatIfSum *sum = self->sums.of[i];
  TwWhatIfCell *cell;
  gint64 asked = asked_of (row);

  sum->n_of[repriced.result]++;
  if (asked != TW_UNKNOWN && repriced.result != TW_NOT_REPRICED_OPEN && repriced.result != TW_NOT_REPRICED_CURRENCY
      && is_named (self->what_if->tariffs[i].tariff, row->tariff))
    check (&sum->check, asked, &repriced);
  if (!tw_repriced_is_priced (&repriced))
    return;
  sum->n_without_amount += asked == TW_UNKNOWN;
  cell = tw_table_take (&self->sums.cells, &key);
  cell->n++;
  cell->energy_wh += MAX (row->energy_wh, 0);
  cell->after_minor += repriced.gross_minor;
  if (asked == TW_UNKNOWN)
    return;
  cell->n_net += repriced.net_known;
  cell->net_minor += repriced.net_known ? repriced.net_minor : 0;
  add_compared (self, taken, i, cell, asked, repriced.gross_minor);
}

/* NULL: its file is no tariff that we can price by. */
static TwRepricer *
sold_by (Part   *self,
         TwText  file)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (TwTariff) tariff = NULL;

  for (guint i = self->sold->len; i > 0; i--)
    if (tw_repricer_is_of (self->sold->pdata[i - 1], file.text, file.n))
      return self->sold->pdata[i - 1];
  bytes = g_bytes_new (file.text, file.n);
  tariff = tw_tariff_parse (bytes, NULL);
  if (tariff == NULL)
    return NULL;
  if (self->sold->len >= MOST_SOLD)
    g_ptr_array_set_size (self->sold, 0);
  g_ptr_array_add (self->sold, tw_repricer_new (bytes));
  return self->sold->pdata[self->sold->len - 1];
}

/* What was asked must come out again; how often it does is how far all of this is to be trusted. */
static void
check_sold (Part             *self,
            const TwTakenRow *taken)
{
  const TwSessionRow *row = taken->row;
  TwRepricer *repricer;
  TwRepriced repriced = { .result = TW_NOT_REPRICED_TOO_LARGE };

  if (row->tariff_file.n == 0 || row->price_minor == TW_UNKNOWN || row->plug_out == TW_UNKNOWN)
    return;
  repricer = sold_by (self, row->tariff_file);
  if (repricer != NULL)
    repriced = tw_repricer_price (repricer, row, taken->zone);
  check (&self->sums.check, row->price_minor, &repriced);
}

/* As money is: of the day on which a session ended. */
static void
take (gpointer          data,
      const TwTakenRow *taken)
{
  Part *self = data;
  const TwWhatIf *what_if = self->what_if;
  gint32 day = taken->row->plug_out == TW_UNKNOWN ? taken->start_hour / 24 : taken->end_day;

  if (day < what_if->from_day || day >= what_if->to_day)
    return;
  for (guint i = 0; i < what_if->n; i++)
    add_under (self, taken, i);
  check_sold (self, taken);
}

static void
merge_check (TwWhatIfCheck       *self,
             const TwWhatIfCheck *more)
{
  self->n += more->n;
  self->n_same += more->n_same;
  self->n_near += more->n_near;
  self->n_not_priced += more->n_not_priced;
  self->asked_minor += more->asked_minor;
  self->after_minor += more->after_minor;
}

static void
merge_sum (TwWhatIfSum       *self,
           const TwWhatIfSum *more)
{
  for (guint i = 0; i < TW_N_REPRICINGS; i++)
    self->n_of[i] += more->n_of[i];
  self->n_without_amount += more->n_without_amount;
  for (guint i = 0; i < TW_WEEK_HOURS; i++)
    {
      self->hours[i].n += more->hours[i].n;
      self->hours[i].energy_wh += more->hours[i].energy_wh;
      self->hours[i].asked_minor += more->hours[i].asked_minor;
      self->hours[i].after_minor += more->hours[i].after_minor;
    }
  tw_spread_merge (&self->more, &more->more);
  tw_spread_merge (&self->less, &more->less);
  tw_spread_merge (&self->change, &more->change);
  self->n_same_paid += more->n_same_paid;
  self->n_free += more->n_free;
  merge_check (&self->check, &more->check);
}

void
tw_what_if_cell_add (TwWhatIfCell       *self,
                     const TwWhatIfCell *more)
{
  self->n += more->n;
  self->energy_wh += more->energy_wh;
  self->after_minor += more->after_minor;
  self->n_compared += more->n_compared;
  self->n_more += more->n_more;
  self->n_less += more->n_less;
  self->compared_wh += more->compared_wh;
  self->asked_minor += more->asked_minor;
  self->captured_minor += more->captured_minor;
  self->compared_after_minor += more->compared_after_minor;
  self->n_net += more->n_net;
  self->net_minor += more->net_minor;
  self->n_above_hold += more->n_above_hold;
  self->above_hold_minor += more->above_hold_minor;
}

static void
merge_cell (TwTable            *cells,
            const TwWhatIfCell *more,
            const TwRanks      *ranks)
{
  const TwWhatIfCell key = { .port = ranks->ports[more->port], .tariff = ranks->tariffs[more->tariff],
                             .what_if = more->what_if };

  tw_what_if_cell_add (tw_table_take (cells, &key), more);
}

static void
merge (gpointer       data,
       gpointer       part,
       const TwRanks *ranks)
{
  TwWhatIfSums *all = &((TwWhatIf *) data)->sums, *some = &((Part *) part)->sums;

  for (guint i = 0; i < TW_MOST_WHAT_IFS; i++)
    if (some->of[i] != NULL)
      merge_sum (all->of[i], some->of[i]);
  for (gsize i = 0; i < some->cells.n; i++)
    merge_cell (&all->cells, tw_table_at (&some->cells, i), ranks);
  for (gsize i = 0; i < some->customers.n; i++)
    {
      const TwWhatIfCustomer *more = tw_table_at (&some->customers, i);
      TwWhatIfCustomer *sum = tw_table_take (&all->customers, more);

      sum->compared |= more->compared;
      for (guint w = 0; w < ((TwWhatIf *) data)->n; w++)
        sum->change_minor[w] += more->change_minor[w];
    }
  merge_check (&all->check, &some->check);
}

const TwAccumulatorClass tw_what_if_accumulator_class = { begin, take, merge, end };
