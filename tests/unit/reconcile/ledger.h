/* SPDX-License-Identifier: Apache-2.0 */
/* Rows made in a line or two, a run over them, and what came out as text to be compared: for the reconciliation's
 * tests.
 */
#pragma once

#include "payment/reconcile/reconcile.h"

#define DAY_US (G_GINT64_CONSTANT (86400) * G_USEC_PER_SEC)
#define FRIDAY (20777 * DAY_US)              /* 2026-11-20, 00:00 UTC */
#define TEXT(literal) ((TwChars) { (literal), sizeof (literal) - 1 })

static inline TwChars
chars (const char *text)
{
  return (TwChars) { text, text != NULL ? (guint32) __builtin_strlen (text) : 0 };
}

/* A sale of 1000 minor units in EUR, captured on Friday noon, with nothing wrong. */
TwSale    ledger_sale (const char *session, const char *payment_ref);
/* Its line; amount in minor units, fee 0, net = gross. */
TwSettled ledger_line (const char *key, const char *payment_ref, gint64 gross);

typedef struct
{
  TwReconcileTerms terms;
  GArray *sales, *lines, *credits, *energies, *totals;       /* of the structures */
  GArray *manuals;                                           /* of TwManual */
  GStringChunk *texts;                                       /* what they point to, if it is not in the program */
} Ledger;

Ledger *ledger_new (void);               /* as of Friday + 30 days */
void    ledger_free (Ledger *self);

/* What came out. exceptions: "class stake currency session detail\n" as given; all: every member of everything. */
typedef struct
{
  GString *exceptions, *all, *ids;
  GArray  *totals;                       /* of TwCurrencyTotals */
  GArray  *payouts;                      /* of TwPayout; their texts are gone */
  guint    n_matched, n_exceptions;
} Outcome;

Outcome *ledger_run (const Ledger *self, GError **error);
/* The same rows in the order that the seed says; of every other seed those that are plain are not kept, but read again
 * from here. */
Outcome *ledger_run_shuffled (const Ledger *self, guint32 seed, GError **error);
void     outcome_free (Outcome *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Ledger, ledger_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Outcome, outcome_free)
