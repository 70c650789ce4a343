/* SPDX-License-Identifier: Apache-2.0 */
/* What a snapshot has of names, quality, customers and holds is taken in as a part's would be; its rows and cells,
 * which are many, are woven in where they lie: weave.c.
 */
#include "payment/analytics/snapshot-private.h"

#include "payment/analytics/copies.h"

#include "app/base/error.h"

#include <string.h>

void
tw_resumed_free (TwResumed *self)
{
  if (self == NULL)
    return;
  g_free (self->sites);
  g_free (self->ports);
  g_free (self->tariffs);
  g_free (self->currencies);
  g_free (self->kept_port);
  g_free (self);
}

/* Clocks as they were. */
static gboolean
check_zones (const TwSnapshot *snapshot,
             GError          **error)
{
  const TwKeptSite *sites = TW_KEPT_AT (snapshot, TwKeptSite, TW_KEPT_SITES);
  g_autoptr (GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (gsize i = 0; i < snapshot->file.n[TW_KEPT_SITES]; i++)
    {
      TwText text = tw_snapshot_text (snapshot, sites[i].zone);
      g_autofree char *name = g_strndup (text.text, text.n);
      guint64 *rules = g_hash_table_lookup (known, name);

      if (rules == NULL)
        {
          rules = g_new (guint64, 1);
          *rules = tw_zone_rules (name);
          g_hash_table_insert (known, g_strdup (name), rules);
        }
      if (*rules == 0 || *rules != sites[i].rules)
        {
          g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "the clocks of %s are set by other rules now", name);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
resume_copies (TwAnalysis        *self,
               TwSnapshot        *snapshot,
               const char *const *sources,
               GError           **error)
{
  g_autofree guint32 *numbers = g_new (guint32, MAX (1, snapshot->n_sources));
  gboolean well = TRUE;

  for (guint i = 0; sources[i]; i++)
    tw_copies_source (self->copies, sources[i]);
  for (guint i = 0; i < snapshot->n_sources; i++)
    {
      numbers[i] = tw_copies_source (self->copies, snapshot->sources[i].path);
      well &= i == 0 || numbers[i] > numbers[i - 1];
    }
  if (!well)
    g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "the files come in another order now");
  else if (!tw_copies_resume (self->copies, TW_KEPT_AT (snapshot, guint32, TW_KEPT_COPIES),
                              snapshot->file.at[TW_KEPT_SLOTS], numbers, snapshot->n_sources))
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "it is damaged");
      well = FALSE;
    }
  return well;
}

gboolean
tw_analysis_resume (TwAnalysis        *self,
                    TwSnapshot        *snapshot,
                    const char *const *sources,
                    GError           **error)
{
  g_return_val_if_fail (self->parts->len == 0 && self->resumed == NULL, FALSE);
  if (!check_zones (snapshot, error) || !resume_copies (self, snapshot, sources, error))
    return FALSE;
  self->resumed = g_new0 (TwResumed, 1);
  self->resumed->snapshot = snapshot;
  return TRUE;
}

static guint32 *
take_words (const TwSnapshot *snapshot,
            TwKept            what,
            TwWords          *words)
{
  const TwKeptText *texts = TW_KEPT_AT (snapshot, TwKeptText, what);
  guint32 *numbers = g_new (guint32, MAX (1, snapshot->file.n[what]));

  for (gsize i = 0; i < snapshot->file.n[what]; i++)
    {
      TwText text = tw_snapshot_text (snapshot, texts[i]);

      numbers[i] = tw_words_take (words, text.text, text.n);
    }
  return numbers;
}

void
tw_resumed_names (TwAnalysis *self)
{
  TwResumed *resumed = self->resumed;
  const TwSnapshot *snapshot = resumed->snapshot;
  const TwKeptSite *sites = TW_KEPT_AT (snapshot, TwKeptSite, TW_KEPT_SITES);
  const TwKeptPort *ports = TW_KEPT_AT (snapshot, TwKeptPort, TW_KEPT_PORTS);

  resumed->tariffs = take_words (snapshot, TW_KEPT_TARIFFS, &self->names.tariffs);
  resumed->currencies = take_words (snapshot, TW_KEPT_CURRENCIES, &self->names.currencies);
  resumed->sites = g_new (guint32, MAX (1, snapshot->file.n[TW_KEPT_SITES]));
  resumed->ports = g_new (guint32, MAX (1, snapshot->file.n[TW_KEPT_PORTS]));
  for (gsize i = 0; i < snapshot->file.n[TW_KEPT_SITES]; i++)
    resumed->sites[i] = tw_names_site (&self->names, tw_snapshot_text (snapshot, sites[i].name),
                                       tw_snapshot_text (snapshot, sites[i].zone));
  for (gsize i = 0; i < snapshot->file.n[TW_KEPT_PORTS]; i++)
    {
      const TwKeptSite *site = &sites[ports[i].site];
      const TwPlace place = { .seen_power_w = ports[i].seen_power_w, .dc = ports[i].dc != 0,
                              .listed_power_w = TW_UNKNOWN, .commissioned = TW_UNKNOWN, .decommissioned = TW_UNKNOWN };

      resumed->ports[i] = tw_names_port (&self->names, tw_snapshot_text (snapshot, site->name),
                                         tw_snapshot_text (snapshot, site->zone),
                                         tw_snapshot_text (snapshot, ports[i].evse),
                                         tw_snapshot_text (snapshot, ports[i].connector));
      if (resumed->ports[i] != TW_NO_NAME)
        tw_names_describe (&self->names, resumed->ports[i], &place);
    }
}

/* Names keep their order among new ones; FALSE: two were one, or there is no such zone. */
static gboolean
rank (TwResumed     *self,
      guint32       *numbers,
      gsize          n,
      const guint32 *ranks)
{
  for (gsize i = 0; i < n; i++)
    {
      if (numbers[i] == TW_NO_NAME)
        return FALSE;
      numbers[i] = ranks[numbers[i]];
      if (i > 0 && numbers[i] <= numbers[i - 1])
        return FALSE;
      self->same &= numbers[i] == i;
    }
  return TRUE;
}

static void
resume_quality (TwAnalysis       *self,
                const TwSnapshot *snapshot)
{
  const TwKeptSums *sums = TW_KEPT_AT (snapshot, TwKeptSums, TW_KEPT_SUMS);
  const TwKeptLine *lines = TW_KEPT_AT (snapshot, TwKeptLine, TW_KEPT_LINES);
  g_autoptr (TwQuality) quality = tw_quality_new ();

  quality->n_read = sums->n_read;
  quality->n_used = sums->n_used;
  quality->n_left_out = sums->n_left_out;
  memcpy (quality->n, sums->n_of, sizeof quality->n);
  for (gsize i = 0; i < snapshot->file.n[TW_KEPT_LINES]; i++)
    {
      TwQualityLine *line = g_new0 (TwQualityLine, 1);
      TwText source = tw_snapshot_text (snapshot, lines[i].source);

      line->source = g_strndup (source.text, source.n);
      line->line = lines[i].line;
      if (lines[i].text.at != G_MAXUINT32)
        line->text = g_strndup (tw_snapshot_text (snapshot, lines[i].text).text, lines[i].text.n);
      g_ptr_array_add (quality->lines[lines[i].flag], line);
    }
  tw_quality_merge (self->quality, quality);
}

static void
resume_rows (TwAnalysis       *self,
             const TwSnapshot *snapshot)
{
  const TwResumed *resumed = self->resumed;
  const TwShortRow *open = TW_KEPT_AT (snapshot, TwShortRow, TW_KEPT_OPEN);
  const TwHoldRow *holds = TW_KEPT_AT (snapshot, TwHoldRow, TW_KEPT_HOLDS);
  TwTable *customers = &self->sums.customers;
  gsize n = customers->n;

  for (gsize i = 0; i < snapshot->file.n[TW_KEPT_OPEN]; i++)
    {
      TwShortRow *row = tw_table_add (&self->sums.rows);

      *row = open[i];
      row->port = resumed->ports[open[i].port];
      row->tariff = (guint16) resumed->tariffs[open[i].tariff];
      row->currency = (guint8) resumed->currencies[open[i].currency];
    }
  for (gsize i = 0; i < snapshot->file.n[TW_KEPT_HOLDS]; i++)
    {
      TwHoldRow *hold = tw_table_add (&self->sums.holds);

      memcpy (hold, &holds[i], sizeof *hold);
      hold->site = resumed->sites[holds[i].site];
    }
  tw_table_resize (customers, n + snapshot->file.n[TW_KEPT_CUSTOMERS]);
  if (customers->n > n)
    memcpy (tw_table_at (customers, n), snapshot->file.at[TW_KEPT_CUSTOMERS],
            (customers->n - n) * sizeof (TwCustomerSum));
}

gboolean
tw_resumed_sums (TwAnalysis    *self,
                 const guint32 *sites,
                 const guint32 *ports,
                 const guint32 *tariffs,
                 const guint32 *currencies,
                 GError       **error)
{
  TwResumed *resumed = self->resumed;
  const TwSnapshot *snapshot = resumed->snapshot;
  const TwKeptSums *sums = TW_KEPT_AT (snapshot, TwKeptSums, TW_KEPT_SUMS);
  const gsize *n = snapshot->file.n;

  resumed->same = TRUE;
  if (!rank (resumed, resumed->sites, n[TW_KEPT_SITES], sites)
      || !rank (resumed, resumed->ports, n[TW_KEPT_PORTS], ports)
      || !rank (resumed, resumed->tariffs, n[TW_KEPT_TARIFFS], tariffs)
      || !rank (resumed, resumed->currencies, n[TW_KEPT_CURRENCIES], currencies)
      || self->names.tariffs.n > TW_MOST_TARIFFS || self->names.currencies.n > TW_MOST_CURRENCIES)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "what was kept of the last run does not fit these rows");
      return FALSE;
    }
  resumed->kept_port = g_new (guint32, MAX (1, self->places->len));
  memset (resumed->kept_port, 0xff, MAX (1, self->places->len) * sizeof (guint32));
  for (guint32 port = 0; port < n[TW_KEPT_PORTS]; port++)
    resumed->kept_port[resumed->ports[port]] = port;
  resume_quality (self, snapshot);
  resume_rows (self, snapshot);
  self->sums.first_s = MIN (self->sums.first_s, sums->first_s);
  self->sums.last_s = MAX (self->sums.last_s, sums->last_s);
  return TRUE;
}
