/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/analytics/weave.h"

#include <string.h>

static const TwSnapshot *
snapshot_of (const TwAnalysis *self)
{
  return self->resumed->snapshot;
}

const TwShortRow *
tw_weave_kept_rows (const TwAnalysis *self,
                    guint32           port,
                    gsize            *n)
{
  guint32 kept = self->resumed->kept_port[port];
  const guint64 *starts = TW_KEPT_AT (snapshot_of (self), guint64, TW_KEPT_STARTS);

  *n = kept != TW_NO_NAME ? starts[kept + 1] - starts[kept] : 0;
  return kept != TW_NO_NAME ? TW_KEPT_AT (snapshot_of (self), TwShortRow, TW_KEPT_ROWS) + starts[kept] : NULL;
}

static void
copy_rows (const TwAnalysis *self,
           guint32           port,
           TwShortRow       *to,
           const TwShortRow *from,
           gsize             n)
{
  const guint32 *tariffs = self->resumed->tariffs, *currencies = self->resumed->currencies;

  if (n > 0)
    memcpy (to, from, n * sizeof *to);
  for (gsize i = 0; i < n && !self->resumed->same; i++)
    {
      to[i].port = port;
      to[i].tariff = (guint16) tariffs[from[i].tariff];
      to[i].currency = (guint8) currencies[from[i].currency];
    }
}

static gboolean
is_alone (const TwSnapshot *snapshot,
          const TwShortRow *row)
{
  gsize i = (gsize) (row - TW_KEPT_AT (snapshot, TwShortRow, TW_KEPT_ROWS));

  return TW_KEPT_AT (snapshot, guint64, TW_KEPT_ALONE)[i / 64] >> (i % 64) & 1;
}

/* The first of the port's rows that one from this second on can have to do with. */
static gsize
first_touched (const TwSnapshot *snapshot,
               const TwShortRow *rows,
               gsize             n,
               guint32           start_s)
{
  gsize low = 0, high = n;

  while (low < high)
    {
      gsize middle = (low + high) / 2;

      if (rows[middle].start_s < start_s)
        low = middle + 1;
      else
        high = middle;
    }
  while (low > 0)
    if (is_alone (snapshot, &rows[--low]))
      break;
  return low;
}

static void
merge_rows (TwShortRow       *to,
            const TwShortRow *old,
            gsize             n_old,
            const TwShortRow *news,
            gsize             n_news)
{
  gsize i = 0, k = 0;

  while (i < n_old || k < n_news)
    {
      gboolean is_old = k == n_news || (i < n_old && tw_rows_by_start (&old[i], &news[k]) <= 0);

      *to++ = is_old ? old[i++] : news[k++];
    }
}

/* all: each cell of the port has to be made again, but for its money. */
static void
weave_port (const TwWeave *weave,
            guint32        port,
            gboolean       all)
{
  const TwAnalysis *self = weave->analysis;
  gsize n, n_news = weave->news_starts[port + 1] - weave->news_starts[port], from;
  const TwShortRow *kept = tw_weave_kept_rows (self, port, &n);
  const TwShortRow *news = tw_table_at (weave->news, weave->news_starts[port]);
  TwShortRow *rows = tw_table_at (&self->sums.rows, weave->starts[port]), *old;

  if (n_news == 0 && !all)
    from = n;
  else
    from = all || n == 0 ? 0 : first_touched (snapshot_of (self), kept, n, news->start_s);
  copy_rows (self, port, rows, kept, from);
  if (from == n && n_news == 0)
    return;
  g_array_set_size (weave->old, (guint) (n - from));
  old = (TwShortRow *) (void *) weave->old->data;
  if (from < n)
    copy_rows (self, port, old, kept + from, n - from);
  merge_rows (rows + from, old, n - from, news, n_news);
  tw_cut_port (weave->before, old, n - from, NULL, 0);
  tw_cut_port (weave->after, rows + from, n - from + n_news,
               tw_table_at (&self->sums.money, weave->money_starts[port]),
               weave->money_starts[port + 1] - weave->money_starts[port]);
}

/* From when on what was taken may be another: a port that nobody lists works from its first to its last row. */
static gint64
changed_from (const TwWeave *weave,
              guint32        first,
              guint32        end)
{
  const TwAnalysis *self = weave->analysis;
  const TwStretch *spans = TW_KEPT_AT (snapshot_of (self), TwStretch, TW_KEPT_SPANS);
  gint64 from = G_MAXINT64;

  for (guint32 port = first; port < end; port++)
    {
      guint32 kept = self->resumed->kept_port[port];
      const TwShortRow *news = tw_table_at (weave->news, weave->news_starts[port]);

      if (self->events->len > 0 || g_array_index (self->places, TwPlace, port).listed)
        return G_MININT64;
      if (weave->news_starts[port] == weave->news_starts[port + 1])
        continue;
      from = MIN (from, news->start_s);
      if (kept != TW_NO_NAME && spans[kept].from <= spans[kept].until)
        from = MIN (from, spans[kept].until);
    }
  return from;
}

static GArray *
clip (const GArray *list,
      gint64        from)
{
  GArray *clipped = tw_stretches_new ();

  for (guint i = 0; i < list->len; i++)
    tw_stretches_append (clipped, MAX (from, tw_stretches_at (list, i)->from), tw_stretches_at (list, i)->until);
  return clipped;
}

static void
sweep_site (const TwWeave *weave,
            guint32        first,
            guint32        end)
{
  const TwAnalysis *self = weave->analysis;
  const TwStretch *spans = TW_KEPT_AT (snapshot_of (self), TwStretch, TW_KEPT_SPANS);
  gint64 from = changed_from (weave, first, end);
  g_autofree TwSweepPort *was = g_new (TwSweepPort, end - first), *is = g_new (TwSweepPort, end - first);
  g_autoptr (GPtrArray) lists = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);

  if (from == G_MAXINT64)
    return;
  for (guint32 port = first; port < end; port++)
    {
      guint32 kept = self->resumed->kept_port[port];
      gsize n, skipped;
      const TwShortRow *rows = tw_weave_kept_rows (self, port, &n);
      GArray *then = tw_stretches_new (), *now = clip (self->openings[port].working, from);

      skipped = first_touched (snapshot_of (self), rows, n, (guint32) CLAMP (from, 0, G_MAXUINT32));
      if (kept != TW_NO_NAME)
        tw_stretches_append (then, MAX (from, spans[kept].from), spans[kept].until);
      was[port - first] = (TwSweepPort) { n > skipped ? rows + skipped : NULL, n - skipped, then };
      is[port - first] = (TwSweepPort) { tw_table_at (&self->sums.rows, weave->starts[port] + skipped),
                                         weave->starts[port + 1] - weave->starts[port] - skipped, now };
      g_ptr_array_add (lists, then);
      g_ptr_array_add (lists, now);
    }
  tw_sweep_site (weave->before, was, end - first);
  tw_sweep_site (weave->after, is, end - first);
}

static guint8
most (const guint64 *counts)
{
  guint best = 0;

  for (guint i = 1; i <= TW_MOST_CURRENCIES; i++)
    if (counts[i] > counts[best])
      best = i;
  return (guint8) best;
}

/* In which most sessions of the site were paid, then and now. */
static void
find_currencies (const TwWeave *weave,
                 guint32        site,
                 guint8        *then,
                 guint8        *now)
{
  const TwAnalysis *self = weave->analysis;
  const TwResumed *resumed = self->resumed;
  const TwKeptPaid *paid = TW_KEPT_AT (resumed->snapshot, TwKeptPaid, TW_KEPT_PAID);
  guint32 first = tw_analysis_first_port (self, site), end = tw_analysis_first_port (self, site + 1);
  guint64 counts[TW_MOST_CURRENCIES + 1] = { 0 };
  gsize low = 0, high = resumed->snapshot->file.n[TW_KEPT_PAID];

  while (low < high)
    {
      gsize middle = (low + high) / 2;

      if (resumed->sites[paid[middle].site] < site)
        low = middle + 1;
      else
        high = middle;
    }
  for (; low < resumed->snapshot->file.n[TW_KEPT_PAID] && resumed->sites[paid[low].site] == site; low++)
    counts[resumed->currencies[paid[low].currency]] += paid[low].n;
  *then = most (counts);
  for (gsize i = weave->news_starts[first]; i < weave->news_starts[end]; i++)
    {
      const TwShortRow *row = tw_table_at (weave->news, i);

      counts[row->currency] += row->captured_minor != G_MININT32;
    }
  *now = most (counts);
}

void
tw_weave_site (const TwWeave *weave,
               guint32        site)
{
  TwAnalysis *self = weave->analysis;
  guint32 first = tw_analysis_first_port (self, site), end = tw_analysis_first_port (self, site + 1);
  guint8 then, now;

  if (weave->starts[first] == weave->starts[end])
    return;
  find_currencies (weave, site, &then, &now);
  self->site_currencies[site] = now;
  tw_cut_begin_site (weave->before, site, then);
  tw_cut_begin_site (weave->after, site, now);
  for (guint32 port = first; port < end; port++)
    if (weave->starts[port] < weave->starts[port + 1])
      weave_port (weave, port, then != now);
  sweep_site (weave, first, end);
  tw_cut_end_site (weave->before);
  tw_cut_end_site (weave->after);
}
