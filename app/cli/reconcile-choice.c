/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/reconcile-choice.h"

#include "app/cli/tariff-file.h"
#include "app/base/small-file.h"
#include "payment/money/decimal.h"
#include "payment/ocmf/ocmf.h"

#define MOST_DAYS 366                                      /* who settles later than a year does not settle */
#define MOST_MIB ((int) MIN (1 << 20, G_MAXSIZE >> 20))    /* a TiB; what can be addressed */
#define MOST_BYTES (16 * 1024 * 1024)                      /* of a file that says how to read others */

/* Text to millionths. */
static gboolean
parse_millionths (const char *text,
                  gint64     *value)
{
  TwDecimal decimal;

  if (!tw_decimal_parse (text, 6, &decimal, NULL) || decimal.units < 0)
    return FALSE;
  for (; decimal.scale < 6; decimal.scale++)
    if (__builtin_mul_overflow (decimal.units, 10, &decimal.units))
      return FALSE;
  *value = decimal.units;

  return TRUE;
}

/* "0.02,0.1%", either or both. */
static gboolean
parse_tolerance (const TwVerb *verb,
                 const char   *option,
                 const char   *text,
                 TwTolerance  *tolerance)
{
  g_auto (GStrv) parts = g_strsplit (text, ",", 2);

  *tolerance = (TwTolerance) { 0 };
  for (guint i = 0; parts[i] != NULL; i++)
    {
      char *part = g_strstrip (parts[i]);
      gboolean share = g_str_has_suffix (part, "%");

      if (share)
        part[strlen (part) - 1] = '\0';
      if (!parse_millionths (part, share ? &tolerance->percent_e6 : &tolerance->absolute_e6))
        {
          tw_verb_complain (verb, "%s %s: expected an amount, a share, or both, as 0.02,0.1%%", option, text);
          return FALSE;
        }
    }

  return TRUE;
}

/* The contract is one for all currencies, so that its fixed part is in minor units: whole ones. */
static gboolean
parse_fee (const TwVerb     *verb,
           const char       *text,
           TwReconcileTerms *terms)
{
  TwTolerance fee;

  if (!parse_tolerance (verb, "--fee", text, &fee))
    return FALSE;
  if (fee.absolute_e6 % 1000000 != 0)
    {
      tw_verb_complain (verb, "--fee %s: expected whole minor units, a share, or both, as 10,1.4%%", text);
      return FALSE;
    }

  terms->fee_fixed_minor = fee.absolute_e6 / 1000000;
  terms->fee_percent_e6 = fee.percent_e6;

  return TRUE;
}

/* Of a witness that was not asked nothing is missing. */
static guint
count_role (const TwInputs *inputs,
            TwInputRole     role)
{
  guint n = 0;

  for (guint i = 0; inputs->all != NULL && i < inputs->all->len; i++)
    n += ((const TwInput *) g_ptr_array_index (inputs->all, i))->role == role;

  return n;
}

static gboolean
check_number (const TwVerb *verb,
              const char   *option,
              int           number,
              int           least,
              int           most)
{
  if (number == TW_NOT_SAID || (number >= least && number <= most))
    return TRUE;
  tw_verb_complain (verb, "%s %d: expected a whole number from %d to %d", option, number, least, most);

  return FALSE;
}

static gboolean
choose_judgement (const TwReconcileChoice *self,
                  const TwVerb            *verb,
                  TwReconcileTerms        *terms)
{
  if ((self->tolerance != NULL && !parse_tolerance (verb, "--tolerance", self->tolerance, &terms->gross))
      || (self->fee != NULL && !parse_fee (verb, self->fee, terms)))
    return FALSE;

  if (!check_number (verb, "--settlement-days", self->settlement_days, 0, MOST_DAYS)
      || !check_number (verb, "--payout-days", self->payout_days, 0, MOST_DAYS)
      || !check_number (verb, "--memory", self->memory_mib, 1, MOST_MIB))
    return FALSE;

  if (self->settlement_days != TW_NOT_SAID)
    terms->settlement_days = (guint) self->settlement_days;
  if (self->payout_days != TW_NOT_SAID)
    terms->payout_days = (guint) self->payout_days;
  if (self->memory_mib != TW_NOT_SAID)
    terms->memory_bytes = (gsize) self->memory_mib << 20;
  terms->suggest_by_amount = self->by_amount;
  terms->meter_required = self->meter_required;
  terms->without_settlement = count_role (&self->inputs, TW_INPUT_PSP) == 0;
  terms->one_settlement_file = count_role (&self->inputs, TW_INPUT_PSP) <= 1;
  terms->without_bank = count_role (&self->inputs, TW_INPUT_BANK) == 0;

  return TRUE;
}

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

  return choose_judgement (self, verb, terms);
}

/* path NULL: not said. */
static gboolean
check_file (const char  *option,
            const char  *path,
            GBytes     **bytes,
            GError     **error)
{
  *bytes = path != NULL ? tw_small_file_read (path, MOST_BYTES, error) : NULL;
  if (path == NULL || *bytes != NULL)
    return TRUE;
  g_prefix_error (error, "%s %s: ", option, path);

  return FALSE;
}

/* A name that was mistyped is told today, and not on the day on which the file is needed. */
static gboolean
check_files (const TwReconcileChoice  *self,
             GError                  **error)
{
  g_autoptr (GBytes) registry = NULL, key = NULL, mapping = NULL, bank_mapping = NULL;
  g_autoptr (TwOcmfRegistry) parsed = NULL;
  const char *text;
  gsize len;

  if (!check_file ("--mapping", self->mapping, &mapping, error)
      || !check_file ("--bank-mapping", self->bank_mapping, &bank_mapping, error)
      || !check_file ("--meter-key", self->meter_key, &key, error)
      || !check_file ("--registry", self->registry, &registry, error))
    return FALSE;
  if (registry == NULL)
    return TRUE;
  text = g_bytes_get_data (registry, &len);
  parsed = tw_ocmf_registry_parse (text, len, error);
  if (parsed == NULL)
    g_prefix_error (error, "--registry %s: ", self->registry);

  return parsed != NULL;
}

gboolean
tw_reconcile_choice_prepare (TwReconcileChoice  *self,
                             GError            **error)
{
  if (!check_files (self, error))
    return FALSE;
  for (guint i = 0; self->inputs.all != NULL && i < self->inputs.all->len; i++)
    {
      TwInput *input = g_ptr_array_index (self->inputs.all, i);

      input->profile = (TwProfile) {
        .mapping = input->role == TW_INPUT_BANK ? self->bank_mapping : self->mapping,
        .time_zone = self->time_zone, .reference_key = self->reference_key, .registry = self->registry,
        .key = self->meter_key,
      };
    }

  return TRUE;
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
