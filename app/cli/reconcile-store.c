/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/reconcile-store.h"

#include "app/cli/bar.h"
#include "payment/reconcile/books/manual.h"

#define SEVERITY_INFO 1
#define BAR_EVERY_US (G_USEC_PER_SEC / 10)

typedef struct { TwBooks *books; TwReport *report; } Run;

TwReconcileStore *
tw_reconcile_store_open (const char  *url,
                         GError     **error)
{
  TwBooks *books = tw_books_open (url, TW_BOOKS_CREATE, error);
  TwReconcileStore *self;

  if (books == NULL)
    return NULL;
  self = g_new0 (TwReconcileStore, 1);
  self->books = books;

  return self;
}

void
tw_reconcile_store_free (TwReconcileStore *self)
{
  tw_books_free (self->books);
  g_clear_pointer (&self->files, g_array_unref);
  g_clear_pointer (&self->imports, g_array_unref);
  g_free (self);
}

static gboolean
begin_file (gpointer        user_data,
            const TwInput  *input,
            TwIntake       *intake,
            GError        **error)
{
  TwReconcileStore *self = user_data;

  return tw_books_begin (self->books, tw_input_role_name (input->role), input->path, intake, error);
}

static gboolean
add_digest (GString     *text,
            const char  *name,
            const char  *path,
            GError     **error)
{
  g_autofree char *digest = NULL;
  g_autofree char *bytes = NULL;
  gsize n;

  if (path == NULL)
    return TRUE;
  if (!g_file_get_contents (path, &bytes, &n, error))
    return FALSE;
  digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, bytes, (gssize) n);
  g_string_append_printf (text, ", %s %s", name, digest);

  return TRUE;
}

/* Everything of the command line that can make another row of the same bytes. What a journal says hangs on nothing. */
static char *
reading_of (const TwInput  *input,
            GError        **error)
{
  const TwProfile *profile = &input->profile;
  const char *format = input->import.format;
  g_autoptr (GString) text = g_string_new (format);

  if (input->role == TW_INPUT_JOURNAL)
    return g_strdup ("");
  if ((g_str_equal (format, "csv") || g_str_equal (format, "bank-csv"))
      && !add_digest (text, "mapping", profile->mapping, error))
    return NULL;
  if (g_str_equal (format, "ocmf") && (!add_digest (text, "registry", profile->registry, error)
                                       || !add_digest (text, "key", profile->key, error)))
    return NULL;
  if (g_str_equal (format, "stripe") && profile->reference_key != NULL)
    g_string_append_printf (text, ", reference %s", profile->reference_key);
  if (!g_str_equal (format, "ocmf") && profile->time_zone != NULL)
    g_string_append_printf (text, ", zone %s", profile->time_zone);

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static gboolean
end_file (gpointer        user_data,
          const TwInput  *input,
          gboolean        well,
          GError        **error)
{
  TwReconcileStore *self = user_data;
  g_autofree char *reading = well ? reading_of (input, error) : NULL;
  TwImport import = input->import;
  guint64 n_new;

  import.reading = reading;
  if (reading != NULL)
    return tw_books_end (self->books, &import, &n_new, error);
  tw_books_abandon (self->books);

  return !well;
}

gboolean
tw_reconcile_store_load (TwReconcileStore  *self,
                         TwInputs          *inputs,
                         gboolean           with_bar,
                         GError           **error)
{
  static const TwInputLoader LOADER = { begin_file, end_file };

  return tw_inputs_load (inputs, &LOADER, self, with_bar, error);
}

gboolean
tw_reconcile_store_terms (TwReconcileStore  *self,
                          TwReconcileTerms  *terms,
                          GError           **error)
{
  gboolean psp, bank;

  if (!tw_books_has_role (self->books, tw_input_role_name (TW_INPUT_PSP), &psp, error)
      || !tw_books_has_role (self->books, tw_input_role_name (TW_INPUT_BANK), &bank, error))
    return FALSE;
  terms->without_settlement = !psp;
  terms->one_settlement_file = FALSE;
  terms->without_bank = !bank;

  return TRUE;
}

static void
on_replayed (gpointer self,
             guint64  done,
             guint64  of)
{
  gint64 *last_us = self;
  g_autofree char *rows = NULL;

  if (g_get_monotonic_time () - *last_us < BAR_EVERY_US)
    return;
  *last_us = g_get_monotonic_time ();
  rows = g_strdup_printf ("of %" G_GUINT64_FORMAT " rows of the store", of);
  tw_bar_draw ((guint) (done * 10000 / of), rows);
}

gboolean
tw_reconcile_store_replay (TwReconcileStore  *self,
                           const TwIntake    *intake,
                           gboolean           with_bar,
                           GError           **error)
{
  gint64 last_us = 0;
  gboolean well;

  if (!tw_cases_begin (self->books, error))
    return FALSE;
  tw_books_watch (self->books, with_bar ? on_replayed : NULL, &last_us);
  well = tw_books_replay (self->books, intake, &self->imports, error);
  tw_books_watch (self->books, NULL, NULL);
  if (with_bar)
    tw_bar_clear ();
  if (!well)
    {
      tw_cases_abandon (self->books);
      return FALSE;
    }
  self->files = g_array_new (FALSE, FALSE, sizeof (TwReportFile));
  for (guint i = 0; i < self->imports->len; i++)
    {
      const TwBooksFile *import = &g_array_index (self->imports, TwBooksFile, i);
      const TwReportFile file = { import->role, import->path, import->import };

      g_array_append_val (self->files, file);
    }

  return TRUE;
}

static gboolean
on_totals (gpointer                 self,
           const TwCurrencyTotals  *totals,
           GError                 **error)
{
  return TW_REPORT.totals (((Run *) self)->report, totals, error);
}

static gboolean
on_payout (gpointer         self,
           const TwPayout  *payout,
           GError         **error)
{
  return TW_REPORT.payout (((Run *) self)->report, payout, error);
}

static gboolean
on_matched (gpointer          self,
            const TwMatched  *matched,
            GError          **error)
{
  return TW_REPORT.matched (((Run *) self)->report, matched, error);
}

static gboolean
on_exception (gpointer            self,
              const TwException  *exception,
              GError            **error)
{
  const Run *run = self;
  TwException told = *exception;
  gboolean is_resolved;

  if (!tw_cases_add (run->books, exception, &is_resolved, error))
    return FALSE;
  told.resolved = is_resolved;
  if (is_resolved)
    {
      told.severity = SEVERITY_INFO;
      tw_cases_resolution (run->books, told.id, &told.resolved_by, &told.resolved_why);
    }

  return TW_REPORT.exception (run->report, &told, error);
}

static gboolean
on_progress (gpointer    self,
             const char *stage,
             guint64     done,
             guint64     of)
{
  return TW_REPORT.progress (((Run *) self)->report, stage, done, of);
}

static gboolean
on_manual (gpointer         reconciliation,
           const TwManual  *manual,
           GError         **error)
{
  tw_reconciliation_add_manual (reconciliation, manual);

  return TRUE;
}

gboolean
tw_reconcile_store_run (TwReconcileStore  *self,
                        TwReconciliation  *reconciliation,
                        TwReport          *report,
                        GError           **error)
{
  static const TwResultClass CLASS = { on_totals, on_payout, on_matched, on_exception, on_progress };
  Run run = { self->books, report };
  TwCaseChanges changes;

  if (tw_manual_each (self->books, on_manual, reconciliation, error)
      && tw_reconciliation_run (reconciliation, &CLASS, &run, error))
    return tw_cases_end (self->books, g_get_real_time (), &changes, error);
  tw_cases_abandon (self->books);

  return FALSE;
}
