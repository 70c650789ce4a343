/* SPDX-License-Identifier: Apache-2.0 */
/* From merged rows to cells: what is open ends now, rows are sorted, and each site is gone through. */
#include "payment/analytics/cut.h"

#include "app/base/error.h"

#include <string.h>

/* Whole, so that the order of equal starts depends on nothing else. */
static int
by_start (gconstpointer a,
          gconstpointer b)
{
  const TwShortRow *one = a, *other = b;

  if (one->start_s != other->start_s)
    return one->start_s < other->start_s ? -1 : 1;
  return memcmp (one, other, sizeof *one);
}

static int
by_tariff (gconstpointer a,
           gconstpointer b)
{
  const TwDayCell *one = a, *other = b;
  int order = one->tariff < other->tariff ? -1 : one->tariff > other->tariff;

  if (order == 0)
    order = memcmp (one->currency, other->currency, sizeof one->currency);
  return order != 0 ? order : one->day < other->day ? -1 : one->day > other->day;
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

static void
cut_site (TwAnalysis  *self,
          TwCut       *cut,
          guint32      site,
          guint32      first_port,
          guint32      end_port,
          const gsize *starts)
{
  const TwShortRow *rows = (const TwShortRow *) self->sums.rows.records;
  gsize from = starts[first_port], until = starts[end_port];

  self->site_currencies[site] = from < until ? currency_of (rows + from, until - from) : 0;
  tw_cut_begin_site (cut, site, self->site_currencies[site]);
  for (guint32 port = first_port; port < end_port; port++)
    if (starts[port] < starts[port + 1])
      tw_cut_port (cut, rows + starts[port], starts[port + 1] - starts[port]);
  tw_sweep_site (self, cut, first_port, end_port, starts);
  tw_cut_end_site (cut);
}

static gboolean
cut_sites (TwAnalysis  *self,
           const gsize *starts,
           GError     **error)
{
  g_autoptr (TwCut) cut = tw_cut_new (self);
  guint32 port = 0;
  guint64 n_overlaps;
  gint32 first_day, end_day;
  gboolean well;

  self->site_currencies = g_new0 (guint8, MAX (1, self->sites->len));
  for (guint32 site = 0; site < self->sites->len; site++)
    {
      guint32 first_port = port;

      while (port < self->places->len && g_array_index (self->places, TwPlace, port).site == site)
        port++;
      cut_site (self, cut, site, first_port, port, starts);
    }
  well = tw_cut_result (cut, &first_day, &end_day, &n_overlaps);
  self->quality->n[TW_FLAG_OVERLAP] += n_overlaps;
  self->first_day = MAX (first_day, self->terms.from_day);
  self->end_day = MAX (self->first_day, MIN (end_day, self->terms.to_day));
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
  g_autofree gsize *starts = NULL;

  end_open_rows (self);
  starts = tw_table_sort (&self->sums.rows, self->places->len, by_start);
  span_ports (self, starts);
  tw_analysis_open_ports (self);
  if (!cut_sites (self, starts, error))
    return FALSE;
  g_free (tw_table_sort (&self->sums.days, self->places->len, by_tariff));
  return TRUE;
}
