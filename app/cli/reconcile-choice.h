/* SPDX-License-Identifier: Apache-2.0 */
/* What a command line says of the books' files, of how to read them and of how to judge them: the same for every verb
 * that makes books, so that none of them says something else of the same files. */
#pragma once

#include "app/cli/reconcile-inputs.h"
#include "payment/reconcile/report/report.h"

typedef struct
{
  TwInputs inputs;
  char    *as_of, *time_zone, *mapping, *bank_mapping, *reference_key, *registry, *meter_key;   /* NULL: not said */
  char    *tolerance, *fee;
  int      settlement_days, payout_days, memory_mib;   /* TW_NOT_SAID */
  gboolean by_amount, meter_required;
} TwReconcileChoice;

#define TW_NOT_SAID G_MININT
#define TW_RECONCILE_CHOICE_INIT \
  { .settlement_days = TW_NOT_SAID, .payout_days = TW_NOT_SAID, .memory_mib = TW_NOT_SAID }

#define TW_RECONCILE_CHOICE_OPTIONS(choice) \
  { "registry", 0, 0, G_OPTION_ARG_FILENAME, &(choice).registry, \
    "which key signs for which meter, lines of SERIAL KEY", "FILE" }, \
  { "meter-key", 0, 0, G_OPTION_ARG_FILENAME, &(choice).meter_key, "one key for all signed records", "FILE" }, \
  { "as-of", 0, 0, G_OPTION_ARG_STRING, &(choice).as_of, "what is overdue is measured from here; without it now", \
    "TIME" }, \
  { "time-zone", 0, 0, G_OPTION_ARG_STRING, &(choice).time_zone, \
    "of the site, and of files that state none; without it this computer's", "ZONE" }, \
  { "mapping", 0, 0, G_OPTION_ARG_FILENAME, &(choice).mapping, \
    "which column means what, for --psp csv:PATH and for what is not recognised", "FILE" }, \
  { "bank-mapping", 0, 0, G_OPTION_ARG_FILENAME, &(choice).bank_mapping, \
    "the same for --bank bank-csv:PATH", "FILE" }, \
  { "reference-key", 0, 0, G_OPTION_ARG_STRING, &(choice).reference_key, \
    "Stripe: the key of the metadata that holds our reference (session)", "KEY" }, \
  { "tolerance", 0, 0, G_OPTION_ARG_STRING, &(choice).tolerance, \
    "between captured and settled: an amount, a share, or both as 0.02,0.1%; without it 0. Never rounded: 0.005 is " \
    "less than any difference of a currency of cents", "AMOUNT,SHARE%" }, \
  { "fee", 0, 0, G_OPTION_ARG_STRING, &(choice).fee, \
    "what a sale costs by contract: minor units, a share, or both as 10,1.4%; without it fees are not judged", \
    "MINOR,SHARE%" }, \
  { "settlement-days", 0, 0, G_OPTION_ARG_INT, &(choice).settlement_days, \
    "banking days until a capture is overdue (5)", "N" }, \
  { "payout-days", 0, 0, G_OPTION_ARG_INT, &(choice).payout_days, "banking days from payout to bank (3)", "N" }, \
  { "by-amount", 0, 0, G_OPTION_ARG_NONE, &(choice).by_amount, \
    "as a last resort also pair by amount, terminal and brand, where it is unique", NULL }, \
  { "meter-required", 0, 0, G_OPTION_ARG_NONE, &(choice).meter_required, \
    "a sale without a signed record is an exception", NULL }, \
  { "memory", 0, 0, G_OPTION_ARG_INT, &(choice).memory_mib, "how much to work in, in MiB (512)", "N" }

/* The defaults and what the choice says of them; of a witness of whom no file is named nothing is overdue. FALSE, and a
 * complaint. terms borrows from the choice. */
gboolean      tw_reconcile_choice_terms (const TwReconcileChoice *self, const TwVerb *verb, TwReconcileTerms *terms);
/* How each file is to be read; before they are. Error: of a file that says how, whether one needs it or not. */
gboolean      tw_reconcile_choice_prepare (TwReconcileChoice *self, GError **error);
/* As read, for a report's head; borrows from the inputs. */
TwReportFile *tw_reconcile_choice_files (const TwReconcileChoice *self);
/* Of the TwReconciliation that user_data is. */
TwIntake      tw_reconcile_intake_of (gpointer user_data);
