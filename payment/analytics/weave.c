/* SPDX-License-Identifier: Apache-2.0 */
/* New rows among those of a snapshot. A new row changes only what its connector's cars do from the moment on at which
 * it was last free before: cells are sums of whole numbers, so what those rows came to is taken off, and what they come
 * to with the new ones is put on. The rest is copied.
 *
 *   rows of a connector   |== ===|==| ==== |== == + ==|        | alone: nobody was there before it
 *                         '-- as they are -'-- cut again: off what it was, on what it is
 */
#include "payment/analytics/weave.h"

#include "app/base/error.h"

#include <string.h>

#define MOST_THREADS 8

static gpointer
weave_share (gpointer data)
{
  TwWeave *share = data;
  TwCutSums before, after;

  for (guint32 site = share->first_site; site < share->end_site; site++)
    tw_weave_site (share, site);
  before = tw_cut_sums (share->before);
  after = tw_cut_sums (share->after);
  share->well = tw_splice_plan (&share->days, share->analysis, &TW_DAY_CELLS, share->first_site, share->end_site,
                                before.days, after.days);
  share->well &= tw_splice_plan (&share->hours, share->analysis, &TW_HOUR_CELLS, share->first_site, share->end_site,
                                 before.hours, after.hours);
  share->well &= !after.too_many;
  return NULL;
}

static gpointer
write_share (gpointer data)
{
  const TwWeave *share = data;

  tw_splice_write (&share->days, share->days_at);
  tw_splice_write (&share->hours, share->hours_at);
  return NULL;
}

static void
share_init (TwWeave            *share,
            TwAnalysis       *self,
            guint             i,
            guint             n)
{
  share->before = tw_cut_new (self, &self->budget);
  share->after = tw_cut_new (self, &self->budget);
  share->old = g_array_new (FALSE, FALSE, sizeof (TwShortRow));
  share->first_site = tw_analysis_site_at (self, share->starts, i, n);
  share->end_site = tw_analysis_site_at (self, share->starts, i + 1, n);
}

static void
share_clear (TwWeave *share)
{
  TwAnalysis *self = share->analysis;
  TwCutSums before = tw_cut_sums (share->before), after = tw_cut_sums (share->after);

  self->first_day = MIN (self->first_day, after.first_day);
  self->end_day = MAX (self->end_day, after.end_day);
  self->quality->n[TW_FLAG_OVERLAP] += after.n_overlaps - before.n_overlaps;
  tw_splice_clear (&share->days);
  tw_splice_clear (&share->hours);
  tw_cut_free (share->before);
  tw_cut_free (share->after);
  g_array_unref (share->old);
}

static void
run_shares (TwWeave      *shares,
            guint       n,
            GThreadFunc run)
{
  GThread *threads[MOST_THREADS];

  for (guint i = 1; i < n; i++)
    threads[i] = g_thread_new ("weave", run, &shares[i]);
  run (&shares[0]);
  for (guint i = 1; i < n; i++)
    g_thread_join (threads[i]);
}

/* Each share's cells behind those of the one before. */
static void
place_cells (TwAnalysis *self,
             TwWeave      *shares,
             guint       n)
{
  gsize n_days = 0, n_hours = 0;

  for (guint i = 0; i < n; i++)
    {
      n_days += shares[i].days.n;
      n_hours += shares[i].hours.n;
    }
  tw_table_resize (&self->days, n_days);
  tw_table_resize (&self->hours, n_hours);
  n_days = n_hours = 0;
  for (guint i = 0; i < n; i++)
    {
      shares[i].days_at = tw_table_at (&self->days, n_days);
      shares[i].hours_at = tw_table_at (&self->hours, n_hours);
      n_days += shares[i].days.n;
      n_hours += shares[i].hours.n;
    }
}

static gboolean
weave_sites (TwAnalysis    *self,
             const TwTable *news,
             const gsize   *news_starts,
             const gsize   *money_starts,
             const gsize   *starts)
{
  guint n = CLAMP (MIN (g_get_num_processors (), self->sites->len), 1, MOST_THREADS);
  TwWeave shares[MOST_THREADS];
  gboolean well = TRUE;

  for (guint i = 0; i < n; i++)
    {
      shares[i] = (TwWeave) { self, news, news_starts, money_starts, starts };
      share_init (&shares[i], self, i, n);
    }
  run_shares (shares, n, weave_share);
  for (guint i = 0; i < n; i++)
    well &= shares[i].well;
  if (well)
    {
      place_cells (self, shares, n);
      run_shares (shares, n, write_share);
    }
  for (guint i = 0; i < n; i++)
    share_clear (&shares[i]);
  return well;
}

/* Where each port's rows will be; and when it had some, if nobody lists it. */
static gsize *
place_rows (TwAnalysis    *self,
            const TwTable *news,
            const gsize   *news_starts)
{
  const TwStretch *spans = TW_KEPT_AT (self->resumed->snapshot, TwStretch, TW_KEPT_SPANS);
  gsize *starts = g_new0 (gsize, self->places->len + 1);

  self->spans = g_new (TwStretch, MAX (1, self->places->len));
  for (guint32 port = 0; port < self->places->len; port++)
    {
      guint32 kept = self->resumed->kept_port[port];
      TwStretch span = kept != TW_NO_NAME ? spans[kept] : (TwStretch) { G_MAXINT64, G_MININT64 };
      gsize n;

      tw_weave_kept_rows (self, port, &n);
      starts[port + 1] = starts[port] + n + news_starts[port + 1] - news_starts[port];
      for (gsize i = news_starts[port]; i < news_starts[port + 1]; i++)
        {
          const TwShortRow *row = tw_table_at (news, i);

          span.from = MIN (span.from, row->start_s);
          span.until = MAX (span.until, (gint64) row->start_s + row->occupied_s);
        }
      self->spans[port] = span;
    }
  return starts;
}

gboolean
tw_analysis_weave (TwAnalysis   *self,
                   const gsize  *news_starts,
                   const gsize  *money_starts,
                   GError      **error)
{
  const TwKeptSums *sums = TW_KEPT_AT (self->resumed->snapshot, TwKeptSums, TW_KEPT_SUMS);
  g_autofree gsize *starts = NULL;
  TwTable news = self->sums.rows;
  gboolean well;

  tw_table_init (&self->sums.rows, sizeof (TwShortRow), 0, self->seed, &self->budget);
  starts = place_rows (self, &news, news_starts);
  tw_table_resize (&self->sums.rows, starts[self->places->len]);
  tw_analysis_open_ports (self);
  self->site_currencies = g_new0 (guint8, MAX (1, self->sites->len));
  self->first_day = sums->first_day;
  self->end_day = sums->end_day;
  well = weave_sites (self, &news, news_starts, money_starts, starts);
  tw_table_clear (&news);
  if (!self->keeping)
    tw_analysis_clip_days (self);
  if (!well)
    g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "more happened at one connector in one day, or at one site in one "
                 "hour, than can; or what was kept of the last run does not fit these rows");
  return well;
}
