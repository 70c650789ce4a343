/* SPDX-License-Identifier: Apache-2.0 */
/* What a command line says of the books' files and of how to read them: the same for every verb that makes books, so
 * that none of them says something else of the same files. */
#pragma once

#include "app/cli/reconcile-inputs.h"
#include "payment/reconcile/report/report.h"

typedef struct
{
  TwInputs inputs;
  char    *as_of, *time_zone, *mapping, *bank_mapping, *reference_key, *registry, *meter_key;   /* NULL: not said */
} TwReconcileChoice;

#define TW_RECONCILE_CHOICE_OPTIONS(choice) \
  { "registry", 0, 0, G_OPTION_ARG_FILENAME, &(choice).registry, \
    "which key signs for which meter, lines of SERIAL KEY", "FILE" }, \
  { "meter-key", 0, 0, G_OPTION_ARG_FILENAME, &(choice).meter_key, "one key for all signed records", "FILE" }, \
  { "as-of", 0, 0, G_OPTION_ARG_STRING, &(choice).as_of, "what is overdue is measured from here; without it now", \
    "TIME" }, \
  { "time-zone", 0, 0, G_OPTION_ARG_STRING, &(choice).time_zone, \
    "of the site, and of files that state none; without it this computer's", "ZONE" }, \
  { "mapping", 0, 0, G_OPTION_ARG_FILENAME, &(choice).mapping, "which column means what, for --psp csv:PATH", \
    "FILE" }, \
  { "bank-mapping", 0, 0, G_OPTION_ARG_FILENAME, &(choice).bank_mapping, "the same for --bank bank-csv:PATH", \
    "FILE" }, \
  { "reference-key", 0, 0, G_OPTION_ARG_STRING, &(choice).reference_key, \
    "Stripe: the key of the metadata that holds our reference (session)", "KEY" }

/* The defaults and what the choice says of them. FALSE, and a complaint. terms borrows from the choice. */
gboolean      tw_reconcile_choice_terms (const TwReconcileChoice *self, const TwVerb *verb, TwReconcileTerms *terms);
/* How each file is to be read; before they are. */
void          tw_reconcile_choice_prepare (TwReconcileChoice *self);
/* As read, for a report's head; borrows from the inputs. */
TwReportFile *tw_reconcile_choice_files (const TwReconcileChoice *self);
/* Of the TwReconciliation that user_data is. */
TwIntake      tw_reconcile_intake_of (gpointer user_data);
