/* SPDX-License-Identifier: Apache-2.0 */
/* The journal against its meters (facts: reconciliation.md section 6, rows 14, 15 and 38; ocmf.md sections 4, 5). */
#include <string.h>

#include "payment/reconcile/judge-private.h"

/* A record or a reading that two files hold is one. */
static gboolean
seen_before (const TwCase *self, guint at)
{
  const TwEnergy *energy = &self->dossier->readings[at].energy;

  for (guint i = 0; i < at; i++)
    {
      const TwEnergy *other = &self->dossier->readings[i].energy;

      if (other->kind != energy->kind)
        continue;
      if (energy->digest.n > 0 ? tw_chars_equal (other->digest, energy->digest)
                               : other->energy_wh == energy->energy_wh && other->begin_us == energy->begin_us &&
                                   other->end_us == energy->end_us && tw_chars_equal (other->meter, energy->meter))
        return TRUE;
    }
  return FALSE;
}

static void
add_reading (const TwCase *self, TwClass class_, gint64 stake_minor, const char *rule, const TwEnergy *energy,
             TwChars detail)
{
  TwFinding *finding = tw_case_add (self, class_, stake_minor, rule, detail.n > 0 ? detail : energy->digest);

  finding->exception.detail = detail;
  finding->exception.other = energy->origin;
}

static void
mismatch (const TwCase *self, gint64 found_wh, const char *rule, TwOrigin origin)
{
  const TwSale *sale = self->sale;
  gint64 stake = tw_energy_price (ABS (found_wh - sale->energy_wh), sale->energy_price_minor);
  TwFinding *finding = tw_case_add (self, TW_CLASS_ENERGY_MISMATCH, stake, rule,
                                    (TwChars) { rule, (guint32) strlen (rule) });

  finding->exception.expected = sale->energy_wh;
  finding->exception.found = found_wh;
  finding->exception.other = origin;
  if (found_wh < sale->energy_wh)
    tw_case_give_back (self, finding, TRUE);
}

/* The signed record rules: its energy is the billed one, to the Wh. */
static void
signed_energy (const TwCase *self)
{
  gint64 sum = 0;
  guint n = 0;
  TwOrigin origin = { 0 };

  for (guint i = 0; i < self->dossier->n_readings; i++)
    {
      const TwEnergy *energy = &self->dossier->readings[i].energy;

      if (energy->kind != TW_METER_SIGNED || !energy->good || energy->energy_wh == TW_NOT_STATED ||
          seen_before (self, i) || __builtin_add_overflow (sum, energy->energy_wh, &sum))
        continue;
      if (n++ == 0)
        origin = energy->origin;
    }
  if (n > 0 && self->sale->energy_wh != TW_NOT_STATED && sum != self->sale->energy_wh)
    mismatch (self, sum, "signed-energy", origin);
}

static void
counted_energy (const TwCase *self)
{
  gint64 billed = self->sale->energy_wh;
  gboolean told[2] = { FALSE, FALSE };

  for (guint i = 0; i < self->dossier->n_readings && billed != TW_NOT_STATED; i++)
    {
      const TwEnergy *energy = &self->dossier->readings[i].energy;
      gboolean cdr = energy->kind == TW_METER_CDR;
      __int128 apart = (__int128) energy->energy_wh - billed;

      if (energy->kind == TW_METER_SIGNED || energy->energy_wh == TW_NOT_STATED || told[cdr] || seen_before (self, i))
        continue;
      apart = apart < 0 ? -apart : apart;
      if (apart <= self->judge->terms->energy_tolerance_wh || apart * 100 <= ABS (billed))
        continue;
      mismatch (self, energy->energy_wh, cdr ? "cdr-energy" : "controller-energy", energy->origin);
      told[cdr] = TRUE;
    }
}

static void
signatures (const TwCase *self)
{
  gint64 stake = tw_stated (self->sale->energy_part_minor);
  guint n = 0;

  for (guint i = 0; i < self->dossier->n_readings; i++)
    {
      const TwEnergy *energy = &self->dossier->readings[i].energy;

      if (energy->kind != TW_METER_SIGNED)
        continue;
      n++;
      if (!energy->good && !seen_before (self, i))
        add_reading (self, TW_CLASS_SIGNATURE_INVALID, stake, "signed-record", energy, energy->verdict);
    }
  if (n == 0 && self->judge->terms->meter_required && self->sale->billed && tw_stated (self->sale->energy_wh) > 0)
    {
      TwFinding *finding = tw_case_add (self, TW_CLASS_SIGNATURE_INVALID, stake, "signed-record", TW_CHARS ("missing"));

      finding->exception.detail = TW_CHARS ("missing");
    }
}

/* By the names of ocmf.md; the class of what is not listed there is for us to find. */
static const struct { const char *name; TwClass class_; } named[] = {
  { "meter_identity", TW_CLASS_METER_IDENTITY },
  { "identification_changed", TW_CLASS_IDENTIFICATION_CHANGED },
  { "tariff_text_mismatch", TW_CLASS_TARIFF_TEXT_MISMATCH },
  { "structure", TW_CLASS_METER_STRUCTURE },
  { "quantity_not_billable", TW_CLASS_METER_STRUCTURE },
  { "time_not_billable", TW_CLASS_METER_STRUCTURE },
  { "time_deviation", TW_CLASS_METER_STRUCTURE },
  { "energy_implausible", TW_CLASS_METER_STRUCTURE },
  { "pagination_gap", TW_CLASS_PAGINATION_GAP },
  { "meter_reset_or_replay", TW_CLASS_METER_RESET },
};

/* A warning of no money; and what is looked for over all sales, not in one. */
static gboolean
is_silent (TwChars name)
{
  return tw_chars_are (name, "cable_loss_changed") || tw_chars_are (name, "record_reused");
}

static TwClass
class_of (TwChars name)
{
  for (guint i = 0; i < G_N_ELEMENTS (named); i++)
    if (tw_chars_are (name, named[i].name))
      return named[i].class_;
  return TW_CLASS_UNCLASSIFIED;
}

static void
named_findings (const TwCase *self, const TwEnergy *energy)
{
  const char *at = energy->findings.text, *end = at + energy->findings.n;

  while (at < end)
    {
      const char *blank = memchr (at, ' ', (gsize) (end - at));
      TwChars name = { at, (guint32) ((blank != NULL ? blank : end) - at) };

      if (name.n > 0 && !is_silent (name))
        add_reading (self, class_of (name), tw_stated (self->sale->energy_part_minor), "transparency", energy, name);
      at = name.text + name.n + 1;
    }
}

static void
transparency (const TwCase *self)
{
  for (guint i = 0; i < self->dossier->n_readings; i++)
    if (self->dossier->readings[i].energy.kind == TW_METER_SIGNED && !seen_before (self, i))
      named_findings (self, &self->dossier->readings[i].energy);
}

const TwCheck tw_meter_checks[] = { signed_energy, counted_energy, signatures, transparency, NULL };
