/* SPDX-License-Identifier: Apache-2.0 */
/* From merged rows to cells: what is open ends now, rows are sorted, and each site is gone through. */
#include "payment/analytics/cut.h"

#include "app/base/error.h"

#include <string.h>

#define MOST_THREADS 8

/* By all that a row says, so that the order of equal starts depends on nothing else; and by numbers, so that it stays
 * when names that come in between move ranks up. */
int
tw_rows_by_start (gconstpointer a,
                  gconstpointer b)
{
  const TwShortRow *one = a, *other = b;
  const gint64 pairs[][2] = {
    { one->occupied_s, other->occupied_s }, { one->charge_after_s, other->charge_after_s },
    { one->charging_s, other->charging_s }, { one->energy_wh, other->energy_wh },
    { one->captured_minor, other->captured_minor }, { one->tariff, other->tariff }, { one->day, other->day },
    { one->currency, other->currency }, { one->open, other->open }, { one->means, other->means },
    { one->ending, other->ending }, { one->customer[0], other->customer[0] }, { one->customer[1], other->customer[1] },
  };

  if (one->start_s != other->start_s)
    return one->start_s < other->start_s ? -1 : 1;
  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    if (pairs[i][0] != pairs[i][1])
      return pairs[i][0] < pairs[i][1] ? -1 : 1;
  return 0;
}

static void
end_open_row (const TwAnalysis *self,
              TwShortRow       *row)
{
  const TwPlace *place = &g_array_index (self->places, TwPlace, row->port);
  gint64 end = MAX (self->as_of_s, row->start_s);

  row->occupied_s = end - row->start_s;
  row->day = tw_zone_day (tw_analysis_zone_of (self, place->site), end);
  if (row->charging_s == G_MAXUINT32)
    return;
  row->charge_after_s = MIN (row->charge_after_s, row->occupied_s);
  row->charging_s = MIN (row->charging_s, row->occupied_s - row->charge_after_s);
}

static void
note_open_row (TwAnalysis       *self,
               const TwShortRow *row)
{
  TwZone *zone = tw_analysis_zone_of (self, g_array_index (self->places, TwPlace, row->port).site);
  gint32 day = tw_zone_day (zone, row->start_s);

  if (row->day < self->terms.from_day || day >= self->terms.to_day)
    self->quality->n[TW_FLAG_OUTSIDE]++;
  else if (day < self->terms.from_day || row->day >= self->terms.to_day)
    self->quality->n[TW_FLAG_OVER_EDGE]++;
}

/* Out of the way: when they end is not known. */
static void
set_open_rows_aside (TwAnalysis *self)
{
  TwTable *rows = &self->sums.rows;
  gsize n = 0;

  for (gsize i = 0; i < rows->n; i++)
    {
      const TwShortRow *row = tw_table_at (rows, i);

      if (row->open)
        *(TwShortRow *) tw_table_add (&self->open) = *row;
      else
        memmove (tw_table_at (rows, n++), row, sizeof *row);
    }
  rows->n = n;
}

static void
end_open_rows (TwAnalysis *self)
{
  for (gsize i = 0; i < self->sums.rows.n; i++)
    {
      TwShortRow *row = tw_table_at (&self->sums.rows, i);

      if (!row->open)
        continue;
      end_open_row (self, row);
      note_open_row (self, row);
    }
}

/* That in which most sessions of the site were paid; of as many, the first by the alphabet. */
static guint8
currency_of (const TwShortRow *rows,
             gsize             n)
{
  gsize counts[TW_MOST_CURRENCIES + 1] = { 0 };
  guint best = 0;

  for (gsize i = 0; i < n; i++)
    counts[rows[i].currency] += rows[i].captured_minor != G_MININT32;
  for (guint i = 1; i <= TW_MOST_CURRENCIES; i++)
    if (counts[i] > counts[best])
      best = i;
  return best;
}

/* Sites for one thread: their ports' rows and money are at these places. */
typedef struct
{
  TwAnalysis  *analysis;
  TwCut       *cut;
  guint32      first_site, end_site;
  const gsize *starts, *money_starts;
} Share;

guint32
tw_analysis_first_port (const TwAnalysis *self,
                        guint32           site)
{
  guint32 low = 0, high = self->places->len;

  while (low < high)
    {
      guint32 middle = (low + high) / 2;

      if (g_array_index (self->places, TwPlace, middle).site < site)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static void
cut_site (const Share *share,
          guint32      site)
{
  TwAnalysis *self = share->analysis;
  const TwShortRow *rows = (const TwShortRow *) self->sums.rows.records;
  const gsize *starts = share->starts, *money_starts = share->money_starts;
  guint32 first = tw_analysis_first_port (self, site), end = tw_analysis_first_port (self, site + 1);

  if (starts[first] == starts[end])
    return;
  self->site_currencies[site] = currency_of (rows + starts[first], starts[end] - starts[first]);
  tw_cut_begin_site (share->cut, site, self->site_currencies[site]);
  for (guint32 port = first; port < end; port++)
    if (starts[port] < starts[port + 1])
      tw_cut_port (share->cut, rows + starts[port], starts[port + 1] - starts[port],
                   tw_table_at (&self->sums.money, money_starts[port]), money_starts[port + 1] - money_starts[port]);
  tw_sweep_all (self, share->cut, first, end, starts);
  tw_cut_end_site (share->cut);
  tw_table_forget (&self->sums.money, money_starts[first], money_starts[end]);
}

static gpointer
cut_share (gpointer data)
{
  const Share *share = data;

  for (guint32 site = share->first_site; site < share->end_site; site++)
    cut_site (share, site);
  return NULL;
}

guint32
tw_analysis_site_at (const TwAnalysis *self,
                     const gsize      *starts,
                     guint             i,
                     guint             n_shares)
{
  gsize target = self->sums.rows.n / n_shares * i;
  guint32 port = 0;

  if (i == n_shares)
    return self->sites->len;
  while (port < self->places->len && starts[port] < target)
    port++;
  return port < self->places->len ? g_array_index (self->places, TwPlace, port).site : self->sites->len;
}

/* To those of the window. */
void
tw_analysis_clip_days (TwAnalysis *self)
{
  self->first_day = MAX (self->first_day, self->terms.from_day);
  self->end_day = MAX (self->first_day, MIN (self->end_day, self->terms.to_day));
}

static gboolean
cut_sites (TwAnalysis  *self,
           const gsize *starts,
           const gsize *money_starts,
           GError     **error)
{
  guint n = CLAMP (MIN (g_get_num_processors (), self->sites->len), 1, MOST_THREADS);
  Share shares[MOST_THREADS];
  GThread *threads[MOST_THREADS];
  gboolean well = TRUE;

  self->site_currencies = g_new0 (guint8, MAX (1, self->sites->len));
  for (guint i = 0; i < n; i++)
    {
      shares[i] = (Share) { self, tw_cut_new (self, &self->budget), tw_analysis_site_at (self, starts, i, n),
                            tw_analysis_site_at (self, starts, i + 1, n), starts, money_starts };
      threads[i] = g_thread_new ("cut", cut_share, &shares[i]);
    }
  self->first_day = G_MAXINT32;
  self->end_day = G_MININT32;
  for (guint i = 0; i < n; i++)
    {
      g_thread_join (threads[i]);
      well &= tw_cut_deliver (shares[i].cut, self);
      tw_cut_free (shares[i].cut);
    }
  if (!self->keeping)
    tw_analysis_clip_days (self);
  if (!well)
    g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "more happened at one connector in one day, or at one site in one "
                 "hour, than can: is the column of the site or of the EVSE another one?");
  return well;
}

static void
span_ports (TwAnalysis  *self,
            const gsize *starts)
{
  const TwShortRow *rows = (const TwShortRow *) self->sums.rows.records;

  self->spans = g_new (TwStretch, MAX (1, self->places->len));
  for (guint32 port = 0; port < self->places->len; port++)
    {
      TwStretch span = { G_MAXINT64, G_MININT64 };

      for (gsize i = starts[port]; i < starts[port + 1]; i++)
        {
          span.from = MIN (span.from, rows[i].start_s);
          span.until = MAX (span.until, (gint64) rows[i].start_s + rows[i].occupied_s);
        }
      self->spans[port] = span;
    }
}

gboolean
tw_analysis_cut (TwAnalysis  *self,
                 GError     **error)
{
  g_autofree gsize *starts = NULL, *money_starts = NULL;
  gboolean well;

  if (self->keeping)
    set_open_rows_aside (self);
  else
    end_open_rows (self);
  starts = tw_table_sort (&self->sums.rows, self->places->len, tw_rows_by_start);
  money_starts = tw_table_sort (&self->sums.money, self->places->len, NULL);
  if (self->resumed)
    well = tw_analysis_weave (self, starts, money_starts, error);
  else
    {
      span_ports (self, starts);
      tw_analysis_open_ports (self);
      well = cut_sites (self, starts, money_starts, error);
    }
  tw_table_clear (&self->sums.money);
  return well;
}
