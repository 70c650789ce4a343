/* SPDX-License-Identifier: Apache-2.0 */
/* From an analysis to its snapshot. */
#include "payment/analytics/snapshot-private.h"

#include "payment/analytics/copies.h"

#include "app/base/error.h"

#include <string.h>

/* What is small, as it is written. */
typedef struct
{
  GString    *texts;
  GArray     *sources, *numbers, *sites, *ports, *tariffs, *currencies, *lines, *paid;
  guint64    *starts, *alone;
  TwKeptSums  sums;
} Keep;

static TwKeptText
keep_text (Keep       *keep,
           const char *text,
           gsize       n)
{
  TwKeptText kept = { (guint32) keep->texts->len, (guint32) n };

  if (text == NULL)
    return (TwKeptText) { G_MAXUINT32, 0 };
  g_string_append_len (keep->texts, text, (gssize) n);
  return kept;
}

static GArray *
keep_words (Keep            *keep,
            const GPtrArray *words)
{
  GArray *kept = g_array_new (FALSE, FALSE, sizeof (TwKeptText));

  for (guint i = 0; i < words->len; i++)
    {
      TwKeptText text = keep_text (keep, words->pdata[i], strlen (words->pdata[i]));

      g_array_append_val (kept, text);
    }
  return kept;
}

static void
keep_places (Keep             *keep,
             const TwAnalysis *self)
{
  keep->sites = g_array_new (FALSE, TRUE, sizeof (TwKeptSite));
  keep->ports = g_array_new (FALSE, TRUE, sizeof (TwKeptPort));
  for (guint i = 0; i < self->sites->len; i++)
    {
      const TwSite *site = &g_array_index (self->sites, TwSite, i);
      TwKeptSite kept = { keep_text (keep, site->name.text, site->name.n),
                          keep_text (keep, site->zone->name, strlen (site->zone->name)),
                          tw_zone_rules (site->zone->name) };

      g_array_append_val (keep->sites, kept);
    }
  for (guint i = 0; i < self->places->len; i++)
    {
      const TwPlace *place = &g_array_index (self->places, TwPlace, i);
      TwKeptPort kept = { place->site, place->dc, keep_text (keep, place->evse.text, place->evse.n),
                          keep_text (keep, place->connector.text, place->connector.n), place->seen_power_w };

      g_array_append_val (keep->ports, kept);
    }
}

static void
keep_quality (Keep            *keep,
              const TwQuality *quality)
{
  keep->lines = g_array_new (FALSE, TRUE, sizeof (TwKeptLine));
  for (guint flag = 0; flag < TW_N_FLAGS; flag++)
    for (guint i = 0; i < quality->lines[flag]->len; i++)
      {
        const TwQualityLine *line = quality->lines[flag]->pdata[i];
        TwKeptLine kept = { flag, line->line, keep_text (keep, line->source, strlen (line->source)),
                            keep_text (keep, line->text, line->text ? strlen (line->text) : 0) };

        g_array_append_val (keep->lines, kept);
      }
  keep->sums.n_read = quality->n_read;
  keep->sums.n_used = quality->n_used;
  keep->sums.n_left_out = quality->n_left_out;
  memcpy (keep->sums.n_of, quality->n, sizeof keep->sums.n_of);
}

static void
keep_sources (Keep                   *keep,
              TwCopies               *copies,
              const TwSnapshotSource *sources,
              guint                   n)
{
  keep->sources = g_array_new (FALSE, TRUE, sizeof (TwKeptSource));
  keep->numbers = g_array_new (FALSE, TRUE, sizeof (guint32));
  for (guint i = 0; i < n; i++)
    tw_copies_source (copies, sources[i].path);
  g_array_set_size (keep->numbers, tw_copies_n_sources (copies));
  for (guint i = 0; i < n; i++)
    {
      TwKeptSource kept = { keep_text (keep, sources[i].path, strlen (sources[i].path)), sources[i].offset,
                            sources[i].line, sources[i].n_rows, sources[i].n_refused, { 0 } };

      g_array_index (keep->numbers, guint32, tw_copies_source (copies, sources[i].path)) = i;
      memcpy (kept.digest, sources[i].digest, sizeof kept.digest);
      g_array_append_val (keep->sources, kept);
    }
}

/* Where each port's rows begin, and which of them met nobody. */
static void
keep_starts (Keep             *keep,
             const TwAnalysis *self)
{
  const TwTable *rows = &self->sums.rows;
  gint64 until = G_MININT64;

  keep->starts = g_new0 (guint64, (gsize) self->places->len + 1);
  keep->alone = g_new0 (guint64, (rows->n + 63) / 64 + 1);
  for (gsize i = 0; i < rows->n; i++)
    {
      const TwShortRow *row = tw_table_at (rows, i);

      if (keep->starts[row->port + 1]++ == 0)
        until = G_MININT64;
      if (row->start_s >= until)
        keep->alone[i / 64] |= G_GUINT64_CONSTANT (1) << (i % 64);
      until = MAX (until, (gint64) row->start_s + row->occupied_s);
    }
  for (guint32 port = 0; port < self->places->len; port++)
    keep->starts[port + 1] += keep->starts[port];
}

static void
keep_paid (Keep             *keep,
           const TwAnalysis *self)
{
  const TwTable *rows = &self->sums.rows;
  guint64 counts[TW_MOST_CURRENCIES + 1] = { 0 };

  keep->paid = g_array_new (FALSE, TRUE, sizeof (TwKeptPaid));
  for (guint32 site = 0; site < self->sites->len; site++)
    {
      guint64 end = keep->starts[tw_analysis_first_port (self, site + 1)];

      for (guint64 i = keep->starts[tw_analysis_first_port (self, site)]; i < end; i++)
        {
          const TwShortRow *row = tw_table_at (rows, i);

          counts[row->currency] += row->captured_minor != G_MININT32;
        }
      for (guint i = 0; i <= TW_MOST_CURRENCIES; i++)
        if (counts[i] > 0)
          {
            TwKeptPaid paid = { site, i, counts[i] };

            g_array_append_val (keep->paid, paid);
            counts[i] = 0;
          }
    }
}

/* Their numbers are those of the sources that are kept. */
static void
write_copies (TwKeptWriter *writer,
              TwCopies     *copies,
              const GArray *numbers)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  for (guint i = 0; i < TW_COPIES_TABLES; i++)
    {
      guint32 n = tw_copies_n (copies, i);

      tw_kept_writer_add (writer, TW_KEPT_COPIES, &n, 1);
    }
  tw_kept_writer_add (writer, TW_KEPT_SLOTS, NULL, 0);
  for (guint i = 0; i < TW_COPIES_TABLES; i++)
    {
      g_byte_array_set_size (bytes, (guint) tw_copies_kept_bytes (tw_copies_n (copies, i)));
      if (bytes->len > 0)
        tw_copies_keep (copies, i, (const guint32 *) (const void *) numbers->data, bytes->data);
      tw_kept_writer_add (writer, TW_KEPT_SLOTS, bytes->data, bytes->len);
    }
}

static void
write_table (TwKeptWriter  *writer,
             TwKept         what,
             const TwTable *table)
{
  tw_kept_writer_add (writer, what, table->records, table->n);
}

static void
write_array (TwKeptWriter *writer,
             TwKept        what,
             const GArray *array)
{
  tw_kept_writer_add (writer, what, array->data, array->len);
}

static void
write_keep (TwKeptWriter     *writer,
            const TwAnalysis *self,
            const Keep       *keep,
            const char       *terms)
{
  tw_kept_writer_add (writer, TW_KEPT_TERMS, terms, strlen (terms));
  tw_kept_writer_add (writer, TW_KEPT_TEXTS, keep->texts->str, keep->texts->len);
  write_array (writer, TW_KEPT_SOURCES, keep->sources);
  write_array (writer, TW_KEPT_SITES, keep->sites);
  write_array (writer, TW_KEPT_PORTS, keep->ports);
  write_array (writer, TW_KEPT_TARIFFS, keep->tariffs);
  write_array (writer, TW_KEPT_CURRENCIES, keep->currencies);
  tw_kept_writer_add (writer, TW_KEPT_SUMS, &keep->sums, 1);
  write_array (writer, TW_KEPT_LINES, keep->lines);
  tw_kept_writer_add (writer, TW_KEPT_STARTS, keep->starts, (gsize) self->places->len + 1);
  tw_kept_writer_add (writer, TW_KEPT_SPANS, self->spans, self->places->len);
  write_array (writer, TW_KEPT_PAID, keep->paid);
  write_table (writer, TW_KEPT_ROWS, &self->sums.rows);
  tw_kept_writer_add (writer, TW_KEPT_ALONE, keep->alone, (self->sums.rows.n + 63) / 64);
  write_table (writer, TW_KEPT_OPEN, &self->open);
  write_table (writer, TW_KEPT_DAYS, &self->days);
  write_table (writer, TW_KEPT_HOURS, &self->hours);
  write_table (writer, TW_KEPT_CUSTOMERS, &self->sums.customers);
  write_table (writer, TW_KEPT_HOLDS, &self->sums.holds);
  write_copies (writer, self->copies, keep->numbers);
}

static void
keep_clear (Keep *keep)
{
  GArray *const arrays[] = { keep->sources, keep->numbers, keep->sites, keep->ports, keep->tariffs, keep->currencies,
                             keep->lines, keep->paid };

  for (guint i = 0; i < G_N_ELEMENTS (arrays); i++)
    g_array_unref (arrays[i]);
  g_string_free (keep->texts, TRUE);
  g_free (keep->starts);
  g_free (keep->alone);
}

static gboolean
close_without_end (TwAnalysis *self,
                   GError    **error)
{
  g_return_val_if_fail (!self->closed, FALSE);
  self->closed = self->keeping = TRUE;
  if (!tw_analysis_merge (self, error))
    return FALSE;
  tw_customer_sums_join (&self->sums.customers);
  if (!tw_analysis_cut (self, error))
    return FALSE;
  if (self->sums.rows.n > 0 && self->sums.visits.n == 0 && self->events->len == 0)
    return tw_analysis_is_small (self, error);
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "there is no session that has ended");
  return FALSE;
}

gboolean
tw_analysis_keep (TwAnalysis              *self,
                  const char              *path,
                  const char              *terms,
                  const TwSnapshotSource  *sources,
                  guint                    n_sources,
                  GError                 **error)
{
  Keep keep = { .texts = g_string_new (NULL) };
  g_autoptr (TwKeptWriter) writer = tw_kept_writer_new (path, error);
  gboolean well = writer != NULL && close_without_end (self, error);

  if (!well)
    {
      g_string_free (keep.texts, TRUE);
      return FALSE;
    }
  keep.tariffs = keep_words (&keep, self->tariffs);
  keep.currencies = keep_words (&keep, self->currencies);
  keep_places (&keep, self);
  keep_quality (&keep, self->quality);
  keep_sources (&keep, self->copies, sources, n_sources);
  keep_starts (&keep, self);
  keep_paid (&keep, self);
  keep.sums.first_s = self->sums.first_s;
  keep.sums.last_s = self->sums.last_s;
  keep.sums.first_day = self->first_day;
  keep.sums.end_day = self->end_day;
  write_keep (writer, self, &keep, terms);
  well = tw_kept_writer_end (writer, error);
  keep_clear (&keep);
  return well;
}
