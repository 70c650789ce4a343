/* SPDX-License-Identifier: Apache-2.0 */
/* Customers, visits, holds and events, as they are told. */
#include "payment/analytics/analysis-private.h"

#include <stdlib.h>
#include <string.h>

/* Tries of one card at one site within it are one visit (analytics.md section 6). */
#define SAME_VISIT_US (10 * 60 * SECOND_US)

static int
compare (gint64 a,
         gint64 b)
{
  return a < b ? -1 : a > b;
}

static int
by_customer (gconstpointer a,
             gconstpointer b)
{
  const TwCustomerSum *one = a, *other = b;
  int order = one->customer < other->customer ? -1 : one->customer > other->customer;

  if (order == 0)
    order = compare (one->epoch, other->epoch);
  return order != 0 ? order : memcmp (one->currency, other->currency, sizeof one->currency);
}

void
tw_customer_sums_join (TwTable *sums)
{
  gsize n = 0;

  if (sums->n > 0)
    qsort (sums->records, sums->n, sums->record_size, by_customer);
  for (gsize i = 0; i < sums->n; i++)
    {
      const TwCustomerSum *sum = tw_table_at (sums, i);

      if (n > 0 && by_customer (tw_table_at (sums, n - 1), sum) == 0)
        tw_customer_sum_add (tw_table_at (sums, n - 1), sum);
      else
        memmove (tw_table_at (sums, n++), sum, sizeof *sum);
    }
  tw_table_resize (sums, n);
}

/* One card in several currencies is one customer, in the currency of most of its sessions. */
static void
gather_customers (TwAnalysis *self)
{
  TwTable *sums = &self->sums.customers;

  tw_customer_sums_join (sums);
  for (gsize i = 0, next; i < sums->n; i = next)
    {
      const TwCustomerSum *first = tw_table_at (sums, i), *most = first;
      TwCustomerSum all = *first;
      TwCustomer *customer = tw_table_add (&self->customers);

      for (next = i + 1; next < sums->n; next++)
        {
          const TwCustomerSum *more = tw_table_at (sums, next);

          if (more->customer != first->customer || more->epoch != first->epoch)
            break;
          tw_customer_sum_add (&all, more);
          most = more->n > most->n ? more : most;
        }
      *customer = (TwCustomer) { all.customer, all.epoch, all.first_day, all.last_day, all.n, all.n_within, all.months,
                                 "", most->captured_minor };
      memcpy (customer->currency, most->currency, sizeof customer->currency);
    }
  tw_table_clear (sums);
}

static int
by_visitor (gconstpointer a,
            gconstpointer b)
{
  const TwVisit *one = a, *other = b;
  int order = compare (one->site, other->site);

  if (order == 0)
    order = one->customer < other->customer ? -1 : one->customer > other->customer;
  if (order == 0)
    order = compare (one->at, other->at);
  return order != 0 ? order : memcmp (one, other, sizeof *one);
}

static int
by_visit_cell (gconstpointer a,
               gconstpointer b)
{
  const TwVisitCell *one = a, *other = b;
  int order = compare (one->site, other->site);

  if (order == 0)
    order = compare (one->reason, other->reason);
  if (order == 0)
    order = compare (one->day, other->day);
  return order != 0 ? order : memcmp (one, other, TW_VISIT_KEY);
}

/* The tries of a visit become one: all that was reached, and why the last one ended. */
static TwVisitCell
cell_of (const TwVisit *tries,
         gsize          n)
{
  const TwVisit *last = &tries[n - 1];
  TwVisitCell cell;

  memset (&cell, 0, sizeof cell);
  cell.site = last->site;
  cell.reason = last->reason;
  cell.day = tries->day;
  cell.first_stages = tries->stages;
  for (gsize i = 0; i < n; i++)
    {
      cell.stages |= tries[i].stages;
      cell.all_busy |= tries[i].all_busy;
    }
  memcpy (cell.currency, last->currency, sizeof cell.currency);
  return cell;
}

static void
gather_visits (TwAnalysis *self)
{
  TwTable *table = &self->sums.visits;
  TwVisit *visits = (TwVisit *) table->records;

  if (table->n > 0)
    qsort (visits, table->n, sizeof *visits, by_visitor);
  for (gsize i = 0, next; i < table->n; i = next)
    {
      TwVisitCell key, *cell;

      next = i + 1;
      while (next < table->n && visits[i].customer != 0 && visits[next].site == visits[i].site
             && visits[next].customer == visits[i].customer && visits[next].at - visits[next - 1].at <= SAME_VISIT_US)
        next++;
      key = cell_of (&visits[i], next - i);
      cell = tw_table_take (&self->visits, &key);
      cell->n++;
      cell->n_tries += (gint64) (next - i);
      cell->amount_minor += visits[next - 1].amount_minor != TW_UNKNOWN ? visits[next - 1].amount_minor : 0;
    }
  if (self->visits.n > 0)
    qsort (self->visits.records, self->visits.n, sizeof (TwVisitCell), by_visit_cell);
  tw_table_clear (table);
}

static int
by_hold (gconstpointer a,
         gconstpointer b)
{
  const TwHoldRow *one = a, *other = b;
  const gint64 pairs[][2] = {
    { one->site, other->site }, { one->day, other->day }, { one->held_from, other->held_from },
    { one->held_until, other->held_until }, { one->held_minor, other->held_minor },
    { one->captured_minor, other->captured_minor }, { one->answer_us, other->answer_us },
    { one->release_us, other->release_us },
  };

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    if (pairs[i][0] != pairs[i][1])
      return compare (pairs[i][0], pairs[i][1]);
  return memcmp (one->currency, other->currency, sizeof one->currency);
}

static int
compare_text (TwText a,
              TwText b)
{
  int order = memcmp (a.text, b.text, MIN (a.n, b.n));

  return order != 0 ? order : compare (a.n, b.n);
}

static int
by_evse (gconstpointer a,
         gconstpointer b)
{
  const TwEventRow *one = a, *other = b;
  int order = compare_text (one->evse, other->evse);

  if (order == 0)
    order = compare_text (one->site, other->site);
  if (order == 0)
    order = compare (one->at, other->at);
  if (order == 0)
    order = compare (one->state, other->state);
  return order != 0 ? order : compare_text (one->reason, other->reason);
}

/* What broke and never worked again has no session after that. */
static void
end_states (TwAnalysis *self)
{
  self->states_end_s = self->as_of_s;
  for (guint i = 0; self->terms.as_of_us == TW_UNKNOWN && i < self->events->len; i++)
    {
      const TwEventRow *event = &g_array_index (self->events, TwEventRow, i);
      gint64 last = CLAMP (MAX (event->at, event->until), 0, TW_LATEST_US);

      self->states_end_s = MAX (self->states_end_s, tw_floor_div (last, SECOND_US));
    }
}

void
tw_analysis_gather (TwAnalysis *self)
{
  gather_customers (self);
  gather_visits (self);
  if (self->sums.holds.n > 0)
    qsort (self->sums.holds.records, self->sums.holds.n, sizeof (TwHoldRow), by_hold);
  g_array_sort (self->events, by_evse);
  end_states (self);
}
