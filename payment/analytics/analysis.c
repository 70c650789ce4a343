/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/analytics/snapshot-private.h"

#include "app/base/error.h"

#define MEMORY ((gsize) 1024 << 20)

void
tw_analysis_terms_init (TwAnalysisTerms *terms)
{
  *terms = (TwAnalysisTerms) { .time_zone = "UTC", .from_day = G_MININT32, .to_day = G_MAXINT32,
                               .as_of_us = TW_UNKNOWN, .k = 10 };
}

TwAnalysis *
tw_analysis_new (const TwAnalysisTerms  *terms,
                 GError                **error)
{
  g_autoptr (TwZone) zone = tw_zone_new (terms->time_zone);
  TwAnalysis *self;

  if (zone == NULL)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "there is no time zone \"%s\": a name such as Europe/Berlin is "
                   "needed", terms->time_zone);
      return NULL;
    }
  self = g_new0 (TwAnalysis, 1);
  self->terms = *terms;
  self->terms.time_zone = g_strdup (terms->time_zone);
  self->terms.k = MAX (5, terms->k);
  self->budget.most = terms->memory_bytes > 0 ? terms->memory_bytes : MEMORY;
  self->seed = (guint64) g_random_int () << 32 | g_random_int ();
  self->copies = tw_copies_new ();
  self->parts = g_ptr_array_new_with_free_func ((GDestroyNotify) tw_part_free);
  self->events = g_array_new (FALSE, FALSE, sizeof (TwEventRow));
  self->quality = tw_quality_new ();
  g_mutex_init (&self->lock);
  tw_names_init (&self->names, self->terms.time_zone, self->seed, &self->budget);
  tw_words_take (&self->names.tariffs, "", 0);
  tw_words_take (&self->names.reasons, "", 0);
  tw_words_take (&self->names.currencies, "", 0);
  tw_sums_init (&self->sums, self->seed, &self->budget);
  tw_table_init (&self->open, sizeof (TwShortRow), 0, self->seed, &self->budget);
  tw_table_init (&self->days, sizeof (TwDayCell), 0, self->seed, &self->budget);
  tw_table_init (&self->hours, sizeof (TwHourCell), 0, self->seed, &self->budget);
  tw_table_init (&self->customers, sizeof (TwCustomer), 0, self->seed, &self->budget);
  tw_table_init (&self->visits, sizeof (TwVisitCell), TW_VISIT_KEY, self->seed, &self->budget);
  return self;
}

void
tw_analysis_free (TwAnalysis *self)
{
  if (self == NULL)
    return;
  tw_analysis_close_ports (self);
  g_ptr_array_unref (self->parts);
  tw_copies_free (self->copies);
  tw_resumed_free (self->resumed);
  tw_table_clear (&self->open);
  tw_sums_clear (&self->sums);
  tw_table_clear (&self->days);
  tw_table_clear (&self->hours);
  tw_table_clear (&self->customers);
  tw_table_clear (&self->visits);
  g_clear_pointer (&self->sites, g_array_unref);
  g_clear_pointer (&self->places, g_array_unref);
  g_clear_pointer (&self->ports, g_array_unref);
  g_clear_pointer (&self->tariffs, g_ptr_array_unref);
  g_clear_pointer (&self->reasons, g_ptr_array_unref);
  g_clear_pointer (&self->currencies, g_ptr_array_unref);
  g_array_unref (self->events);
  g_free (self->site_currencies);
  g_free (self->spans);
  tw_names_clear (&self->names);
  tw_quality_free (self->quality);
  g_mutex_clear (&self->lock);
  g_free ((char *) self->terms.time_zone);
  g_free (self);
}

void
tw_analysis_accumulate (TwAnalysis    *self,
                        TwAccumulator  accumulator)
{
  g_return_if_fail (self->parts->len == 0);
  self->accumulator = accumulator;
}

TwRowIntake
tw_analysis_part (TwAnalysis *self,
                  const char *source)
{
  TwPart *part = tw_part_new (self, source);

  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->parts, part);
  g_mutex_unlock (&self->lock);
  return (TwRowIntake) { &tw_part_class, part };
}

gboolean
tw_analysis_close (TwAnalysis  *self,
                   GError     **error)
{
  g_return_val_if_fail (!self->closed, FALSE);
  self->closed = TRUE;
  if (!tw_analysis_merge (self, error))
    return FALSE;
  g_clear_pointer (&self->copies, tw_copies_free);
  if (self->terms.as_of_us != TW_UNKNOWN)
    self->as_of_s = tw_floor_div (self->terms.as_of_us, SECOND_US);
  else
    self->as_of_s = MAX (0, self->sums.last_s);
  tw_analysis_gather (self);
  if (!tw_analysis_cut (self, error))
    return FALSE;
  return tw_analysis_is_small (self, error);
}

const TwAnalysisTerms *
tw_analysis_terms (const TwAnalysis *self)
{
  return &self->terms;
}

gint32
tw_analysis_first_day (const TwAnalysis *self)
{
  return self->first_day;
}

gint32
tw_analysis_end_day (const TwAnalysis *self)
{
  return self->end_day;
}

gint64
tw_analysis_as_of (const TwAnalysis *self)
{
  return self->as_of_s * SECOND_US;
}

const TwPort *
tw_analysis_ports (const TwAnalysis *self,
                   guint            *n)
{
  *n = self->ports->len;
  return (const TwPort *) self->ports->data;
}

const char *
tw_analysis_site (const TwAnalysis *self,
                  guint32           site)
{
  return g_array_index (self->sites, TwSite, site).name.text;
}

const char *
tw_analysis_site_zone (const TwAnalysis *self,
                       guint32           site)
{
  return tw_analysis_zone_of (self, site)->name;
}

const char *
tw_analysis_site_currency (const TwAnalysis *self,
                           guint32           site)
{
  return tw_analysis_currency (self, self->site_currencies[site]);
}

guint
tw_analysis_n_sites (const TwAnalysis *self)
{
  return self->sites->len;
}

guint
tw_analysis_n_tariffs (const TwAnalysis *self)
{
  return self->tariffs->len;
}

const char *
tw_analysis_tariff (const TwAnalysis *self,
                    guint32           tariff)
{
  return self->tariffs->pdata[tariff];
}

const char *
tw_analysis_reason (const TwAnalysis *self,
                    guint32           reason)
{
  return self->reasons->pdata[reason];
}

const char *
tw_analysis_currency (const TwAnalysis *self,
                      guint32           currency)
{
  return self->currencies->pdata[currency];
}

static gconstpointer
records (const TwTable *table,
         gsize         *n)
{
  *n = table->n;
  return table->records;
}

const TwDayCell *
tw_analysis_days (const TwAnalysis *self,
                  gsize            *n)
{
  return records (&self->days, n);
}

const TwHourCell *
tw_analysis_hours (const TwAnalysis *self,
                   gsize            *n)
{
  return records (&self->hours, n);
}

const TwShortRow *
tw_analysis_rows (const TwAnalysis *self,
                  gsize            *n)
{
  return records (&self->sums.rows, n);
}

const TwCustomer *
tw_analysis_customers (const TwAnalysis *self,
                       gsize            *n)
{
  return records (&self->customers, n);
}

const TwVisitCell *
tw_analysis_visits (const TwAnalysis *self,
                    gsize            *n)
{
  return records (&self->visits, n);
}

const TwHoldRow *
tw_analysis_holds (const TwAnalysis *self,
                   gsize            *n)
{
  return records (&self->sums.holds, n);
}

const TwEventRow *
tw_analysis_events (const TwAnalysis *self,
                    gsize            *n)
{
  *n = self->events->len;
  return (const TwEventRow *) self->events->data;
}

const TwQuality *
tw_analysis_quality (const TwAnalysis *self)
{
  return self->quality;
}

gboolean
tw_analysis_is_small (TwAnalysis  *self,
                      GError     **error)
{
  if (!tw_budget_is_over (&self->budget))
    return TRUE;
  g_set_error (error, TW_ERROR, TW_ERROR_REFUSED, "these sessions need more than the %" G_GSIZE_FORMAT " MiB of memory "
               "that are allowed: allow more, or read fewer of them", self->budget.most >> 20);
  return FALSE;
}
