/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/reconcile-store.h"

#include "payment/reconcile/books/cases.h"

#define SEVERITY_INFO 1

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
end_file (gpointer        user_data,
          const TwInput  *input,
          gboolean        well,
          GError        **error)
{
  TwReconcileStore *self = user_data;
  guint64 n_new;

  if (well)
    return tw_books_end (self->books, &input->import, &n_new, error);
  tw_books_abandon (self->books);

  return TRUE;
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
  terms->without_bank = !bank;

  return TRUE;
}

gboolean
tw_reconcile_store_replay (TwReconcileStore  *self,
                           const TwIntake    *intake,
                           GError           **error)
{
  if (!tw_cases_begin (self->books, error))
    return FALSE;
  if (!tw_books_replay (self->books, intake, &self->imports, error))
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
  if (is_resolved)
    told.severity = SEVERITY_INFO;

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

gboolean
tw_reconcile_store_run (TwReconcileStore  *self,
                        TwReconciliation  *reconciliation,
                        TwReport          *report,
                        GError           **error)
{
  static const TwResultClass CLASS = { on_totals, on_payout, on_matched, on_exception, on_progress };
  Run run = { self->books, report };
  TwCaseChanges changes;

  if (tw_reconciliation_run (reconciliation, &CLASS, &run, error))
    return tw_cases_end (self->books, g_get_real_time (), &changes, error);
  tw_cases_abandon (self->books);

  return FALSE;
}
