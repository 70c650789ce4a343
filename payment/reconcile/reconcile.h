/* SPDX-License-Identifier: Apache-2.0 */
/* Four witnesses in, what they agree on and what not out. Pure but for its scratch files: no clock, no network, no
 * journal. The same rows in any order give the same results in the same order, byte for byte (facts: reconciliation.md
 * sections 3 to 6 are the contract). Memory is bounded by the terms, whatever the number of rows.
 *
 * One thread, but for intakes: each may be fed from a thread of its own until run.
 */
#pragma once

#include "payment/reconcile/by-hand.h"
#include "payment/reconcile/exception.h"
#include "payment/reconcile/flow.h"
#include "payment/reconcile/intake.h"

/* |difference| <= max (absolute, expected * percent), exactly. absolute: millionths of the currency's unit, 0.02 EUR is
 * 20000; percent: millionths of one hundredth, 1 % is 1000000. */
typedef struct { gint64 absolute_e6, percent_e6; } TwTolerance;

typedef struct
{
  gint64      as_of_us;                  /* what is overdue is measured from here */
  const char *time_zone;                 /* of the site: days */
  TwTolerance gross, fee, bank, bank_converted;
  gint64      energy_tolerance_wh;       /* journal to controller; beside it 1 % */
  guint       settlement_days, payout_days;   /* banking days: 5, 3 */
  gboolean    suggest_by_amount;         /* pass 5 */
  gboolean    meter_required;            /* a sale without a signed record is signature_invalid */
  gboolean    without_settlement, without_bank;  /* no such file was named: nothing is overdue there */
  gint64      fee_fixed_minor, fee_percent_e6;   /* the contract; both TW_NOT_STATED: fees are not judged */
  gboolean    one_settlement_file;       /* all lines come from one: none of them is a copy of another file's */
  const char *const *files; guint n_files;    /* their names by number, for errors; borrowed until run; NULL: none */
  gboolean    without_matched;           /* what matched is not told: sorting it is most of a large run's end */
  gsize       memory_bytes;              /* 0: 512 MiB */
  const char *scratch;                   /* a directory for sorted runs; NULL: $TMPDIR */
} TwReconcileTerms;

/* Furthest link that holds for a sale. */
typedef enum { TW_LINK_PRICED, TW_LINK_CAPTURED, TW_LINK_SETTLED, TW_LINK_PAID_OUT, TW_LINK_BANKED } TwLink;

typedef struct
{
  TwChars     session, payment_ref, psp_ref;
  const char *rule;                      /* of the pass that made the pair */
  TwLink      link;
  char        currency[4];
  gint64      captured_minor, settled_minor, fee_minor;
  TwOrigin    sale, line;
} TwMatched;

typedef struct
{
  TwChars     account, batch, bank_reference;
  const char *rule;                      /* that found the bank's entry; NULL: none */
  char        currency[4];
  guint64     n_lines;
  gint64      gross_minor, fee_minor, net_minor, bank_minor, residual_minor;   /* TW_NOT_STATED: not known */
  const char *residual;                  /* its name; NULL: nothing is left over */
  char        bank_currency[4];          /* "": the payout's. Else of credited_minor */
  gint64      credited_minor;            /* the whole entry, of all payouts in it; told with the last of them */
  gint64      rate_e10;                  /* 10^10 times what one of a unit is in the other; 0: not told */
  gboolean    rate_of_bank;              /* the unit is of bank_currency, else of currency */
  TwOrigin    bank;
} TwPayout;

/* Of one currency. Conservation: captured = settled + listed, where listed is the signed sum of what the exceptions and
 * the expected say of the difference; a run in which it does not hold ends with an error, never with "closed". */
typedef struct
{
  char    currency[4];
  guint64 n_sales, n_captured, n_lines, n_matched, n_payouts, n_credits;
  gint64  priced_minor, captured_minor, refunded_minor;
  gint64  settled_minor, settled_refund_minor, chargeback_minor, fee_minor, net_minor;
  gint64  listed_minor, listed_refund_minor;   /* captured - settled, refunded - settled refunds, item by item */
  gint64  paid_out_minor, banked_minor, residual_minor, with_service_minor;
  TwFlow  flow;                          /* the steps between these sums */
  gint64  converted_minor;               /* paid out here and banked in another currency; < 0: the other way round */
} TwCurrencyTotals;

/* All calls come from tw_reconciliation_run, in the order totals, payouts, matched, exceptions; each sorted. */
typedef struct
{
  gboolean (*totals)    (gpointer self, const TwCurrencyTotals *totals, GError **error);
  gboolean (*payout)    (gpointer self, const TwPayout *payout, GError **error);
  gboolean (*matched)   (gpointer self, const TwMatched *matched, GError **error);     /* NULL: not wanted */
  gboolean (*exception) (gpointer self, const TwException *exception, GError **error);
  gboolean (*progress)  (gpointer self, const char *stage, guint64 done, guint64 of);  /* FALSE: stop */
} TwResultClass;

typedef struct _TwReconciliation TwReconciliation;
void              tw_reconcile_terms_init (TwReconcileTerms *terms);   /* the defaults of the facts */
TwReconciliation *tw_reconciliation_new (const TwReconcileTerms *terms, GError **error);
void              tw_reconciliation_free (TwReconciliation *self);
/* Copied; before run. */
void              tw_reconciliation_add_manual (TwReconciliation *self, const TwManual *manual);
/* Single rows of a file that was read, by their origin.at: those that have one and that will hardly be looked at are
 * not kept then. open: for one thread; after they were read. */
typedef struct {
  gpointer (*open)  (gpointer self, guint32 file, GError **error);
  gboolean (*row)   (gpointer opened, const TwOrigin *origin, const TwIntake *intake, GError **error);
  void     (*close) (gpointer opened);
} TwAgainClass;

/* Before the first intake; class_ and again live as long as this. */
void              tw_reconciliation_set_again (TwReconciliation *self, const TwAgainClass *class_, gpointer again);
TwIntake          tw_reconciliation_intake (TwReconciliation *self);   /* borrowed; valid until run */
/* BAD_DATA: the rows contradict each other so that no books can be made. BAD_STATE: conservation is broken (a bug). */
gboolean          tw_reconciliation_run (TwReconciliation *self, const TwResultClass *result, gpointer result_self,
                                         GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwReconciliation, tw_reconciliation_free)
