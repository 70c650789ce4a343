/* SPDX-License-Identifier: Apache-2.0 */
/* A reconciliation by way of a store: files are loaded, everything that was ever loaded is compared, and what is found
 * goes to the case list. Errors as in books.h. */
#pragma once

#include "app/cli/reconcile-inputs.h"
#include "payment/reconcile/books/books.h"
#include "payment/reconcile/report/report.h"

typedef struct
{
  TwBooks      *books;
  GArray       *imports;      /* of TwBooksFile, after replay */
  GArray       *files;        /* of TwReportFile: the same for the report's head */
} TwReconcileStore;

TwReconcileStore *tw_reconcile_store_open (const char *url, GError **error);
void     tw_reconcile_store_free (TwReconcileStore *self);
/* Each file whole or not at all; those before one that cannot be used stay. */
gboolean tw_reconcile_store_load (TwReconcileStore *self, TwInputs *inputs, gboolean with_bar, GError **error);
/* Which witnesses were ever asked: nothing is overdue where nobody was. */
gboolean tw_reconcile_store_terms (TwReconcileStore *self, TwReconcileTerms *terms, GError **error);
/* Begins the run, of which there is one at a time: RETRY. */
gboolean tw_reconcile_store_replay (TwReconcileStore *self, const TwIntake *intake, gboolean with_bar, GError **error);
/* What an operator resolved is info. */
gboolean tw_reconcile_store_run (TwReconcileStore *self, TwReconciliation *reconciliation, TwReport *report,
                                 GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwReconcileStore, tw_reconcile_store_free)
