/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/reconcile-choice.h"

#include "app/cli/tariff-file.h"

gboolean
tw_reconcile_choice_terms (const TwReconcileChoice *self,
                           const TwVerb            *verb,
                           TwReconcileTerms        *terms)
{
  g_autoptr (GTimeZone) zone = self->time_zone != NULL ? tw_zone_choose (verb, self->time_zone)
                                                       : g_time_zone_new_local ();
  gint64 as_of_ms;

  if (zone == NULL || !tw_time_choose (verb, "--as-of", self->as_of, zone, &as_of_ms))
    return FALSE;

  tw_reconcile_terms_init (terms);
  terms->as_of_us = as_of_ms * 1000;
  terms->time_zone = self->time_zone != NULL ? self->time_zone : g_intern_string (g_time_zone_get_identifier (zone));

  return TRUE;
}

void
tw_reconcile_choice_prepare (TwReconcileChoice *self)
{
  for (guint i = 0; self->inputs.all != NULL && i < self->inputs.all->len; i++)
    {
      TwInput *input = g_ptr_array_index (self->inputs.all, i);

      input->profile = (TwProfile) {
        .mapping = input->role == TW_INPUT_BANK ? self->bank_mapping : self->mapping,
        .time_zone = self->time_zone, .reference_key = self->reference_key, .registry = self->registry,
        .key = self->meter_key,
      };
    }
}

TwReportFile *
tw_reconcile_choice_files (const TwReconcileChoice *self)
{
  TwReportFile *files = g_new0 (TwReportFile, self->inputs.all->len);

  for (guint i = 0; i < self->inputs.all->len; i++)
    {
      const TwInput *input = g_ptr_array_index (self->inputs.all, i);

      files[i] = (TwReportFile) { tw_input_role_name (input->role), input->path, input->import };
    }

  return files;
}

TwIntake
tw_reconcile_intake_of (gpointer user_data)
{
  return tw_reconciliation_intake (user_data);
}
