/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/ocmf/sale.h"

#include "payment/ocmf/quantity.h"

#include <string.h>

/* Meters have a handful. More would make comparing them all with all dear. */
enum { MAX_REGISTERS = 16 };

static gboolean
is_event (const TwOcmfReading *reading,
          const char          *letters)
{
  return reading->event != NULL && strlen (reading->event) == 1 && strchr (letters, reading->event[0]) != NULL;
}

static gboolean
same_event (const TwOcmfReading *a,
            const TwOcmfReading *b)
{
  return g_strcmp0 (a->event, b->event) == 0 && g_strcmp0 (a->time, b->time) == 0;
}

/* Adds an event to what was seen before it. */
static TwOcmfShapeKind
next_kind (TwOcmfShapeKind      kind,
           const TwOcmfReading *reading)
{
  if (is_event (reading, "B"))
    return kind == TW_OCMF_SHAPE_NONE ? TW_OCMF_SHAPE_BEGIN : TW_OCMF_SHAPE_BROKEN;
  if (is_event (reading, "ELRAP"))
    return kind == TW_OCMF_SHAPE_BEGIN ? TW_OCMF_SHAPE_WHOLE
           : kind == TW_OCMF_SHAPE_NONE || kind == TW_OCMF_SHAPE_MIDDLE ? TW_OCMF_SHAPE_END : TW_OCMF_SHAPE_BROKEN;
  if (is_event (reading, "CXST"))
    return kind == TW_OCMF_SHAPE_NONE ? TW_OCMF_SHAPE_MIDDLE
           : kind == TW_OCMF_SHAPE_BEGIN || kind == TW_OCMF_SHAPE_MIDDLE ? kind : TW_OCMF_SHAPE_BROKEN;

  return reading->event == NULL && kind == TW_OCMF_SHAPE_NONE ? kind : TW_OCMF_SHAPE_BROKEN;
}

void
tw_ocmf_shape_of (const TwOcmfRecord *record,
                  TwOcmfShape        *shape)
{
  const TwOcmfReading *readings = record->readings;
  guint n;

  *shape = (TwOcmfShape) { .times_grow = TRUE };
  for (guint i = 0; i < record->n_readings; i += n)
    {
      n = 1;
      while (i + n < record->n_readings && same_event (&readings[i], &readings[i + n]))
        n++;

      shape->kind = n > MAX_REGISTERS ? TW_OCMF_SHAPE_BROKEN : next_kind (shape->kind, &readings[i]);
      if (is_event (&readings[i], "B"))
        shape->begin = (TwOcmfEvent) { &readings[i], n };
      else if (is_event (&readings[i], "ELRAP"))
        shape->end = (TwOcmfEvent) { &readings[i], n };
      shape->times_grow &= readings[i].time_us != G_MININT64
                           && (i == 0 || readings[i].time_us > readings[i - 1].time_us);
    }
}

/* The third field of an OBIS code, in front of its first point: "B2" of "01-00:B2.08.00*FF". */
static void
obis_c (const char *register_id,
        char        c[3])
{
  const char *begin = register_id == NULL ? "" : register_id;
  const char *colon = strrchr (begin, ':');
  gsize n;

  begin = colon == NULL ? begin : colon + 1;
  n = strcspn (begin, ".");
  if (n == 2 && *begin == '0')
    {
      begin++;
      n--;
    }
  memset (c, 0, 3);
  if (n > 2)
    return;

  for (gsize i = 0; i < n; i++)
    c[i] = g_ascii_toupper (begin[i]);
}

static gboolean
is_export (const char *register_id)
{
  char c[3];

  obis_c (register_id, c);
  return g_str_equal (c, "2") || (c[0] == 'C' && c[1] >= '0' && c[1] <= '3');
}

/* B2, B3, C2, C3: these begin at zero with each transaction. */
static gboolean
is_of_transaction (const char *register_id)
{
  char c[3];

  obis_c (register_id, c);
  return (c[0] == 'B' || c[0] == 'C') && (c[1] == '2' || c[1] == '3');
}

static const TwOcmfReading *
find_register (const TwOcmfEvent *event,
               const char        *register_id)
{
  for (guint i = 0; i < event->n; i++)
    if (event->first[i].value != NULL && g_strcmp0 (event->first[i].register_id, register_id) == 0)
      return &event->first[i];

  return NULL;
}

static const TwOcmfReading *
first_import (const TwOcmfEvent *event)
{
  for (guint i = 0; i < event->n; i++)
    if (event->first[i].value != NULL && !is_export (event->first[i].register_id))
      return &event->first[i];

  return event->n > 0 ? event->first : NULL;
}

static gboolean
is_one_of (const char        *text,
           const char *const *words)
{
  return text != NULL && g_strv_contains (words, text);
}

void
tw_ocmf_shape_check (TwOcmfCase        *self,
                     const TwOcmfShape *shape)
{
  static const char *const errors[] = { "MISMATCH", "INVALID", "OUTDATED", "UNKNOWN", NULL };
  const TwOcmfRecord *record = self->record;

  self->begin = first_import (&shape->begin);
  self->end = first_import (&shape->end);
  if (shape->kind == TW_OCMF_SHAPE_BROKEN || record->context == 0 || tw_ocmf_record_signer (record) == NULL
      || (shape->kind == TW_OCMF_SHAPE_NONE && record->context == 'T'))
    self->findings |= TW_OCMF_FINDING_STRUCTURE;
  if (is_one_of (record->level, errors))
    self->findings |= TW_OCMF_FINDING_IDENTIFICATION;
  if (!shape->times_grow)
    self->findings |= TW_OCMF_FINDING_TIME_DEVIATION;
}

/* In Wh. FALSE: there is no number, or it is not energy, or negative. */
static gboolean
energy_of (const TwOcmfReading *reading,
           TwOcmfQuantity      *quantity)
{
  gboolean kilo = g_strcmp0 (reading->unit, "kWh") == 0;

  if (reading->value == NULL || (!kilo && g_strcmp0 (reading->unit, "Wh") != 0)
      || !tw_ocmf_quantity_parse (reading->value, quantity) || quantity->is_negative)
    return FALSE;

  if (kilo)
    tw_ocmf_quantity_kilo (quantity);
  return TRUE;
}

static gboolean
is_zero (const TwOcmfQuantity *quantity)
{
  static const TwOcmfQuantity zero = { 0 };

  return tw_ocmf_quantity_compare (quantity, &zero) == 0;
}

/* FALSE: not the difference of like with like, or it ran back. */
static gboolean
difference (const TwOcmfReading *begin,
            const TwOcmfReading *end,
            TwOcmfQuantity      *energy)
{
  TwOcmfQuantity from, to;

  if (g_strcmp0 (begin->register_id, end->register_id) != 0 || g_strcmp0 (begin->unit, end->unit) != 0
      || g_strcmp0 (begin->current, end->current) != 0 || !energy_of (begin, &from) || !energy_of (end, &to)
      || tw_ocmf_quantity_compare (&from, &to) > 0
      || (is_of_transaction (begin->register_id) && !is_zero (&from)))
    return FALSE;

  tw_ocmf_quantity_subtract (&to, &from, energy);
  return TRUE;
}

/* The same register of begin and end: the one asked for, or the first that is no export. */
static gboolean
choose_register (TwOcmfCase        *begin,
                 const TwOcmfEvent *first,
                 TwOcmfCase        *end,
                 const TwOcmfEvent *last,
                 const char        *register_id)
{
  for (guint i = 0; i < first->n; i++)
    {
      const TwOcmfReading *from = &first->first[i];
      const TwOcmfReading *to = find_register (last, from->register_id);
      gboolean wanted = register_id == NULL ? !is_export (from->register_id)
                                            : g_strcmp0 (register_id, from->register_id) == 0;

      if (!wanted || to == NULL || from->value == NULL)
        continue;

      begin->begin = from;
      end->end = to;
      return TRUE;
    }

  return FALSE;
}

/* The total's difference and the transaction's own register, of mains (B0, B2) or of the vehicle (B1, B3), tell the
 * same. */
static gboolean
registers_agree (const TwOcmfEvent *first,
                 const TwOcmfEvent *last)
{
  for (guint i = 0; i < first->n; i++)
    for (guint j = 0; j < first->n; j++)
      {
        const TwOcmfReading *total = &first->first[i], *own = &first->first[j];
        const TwOcmfReading *total_end = find_register (last, total->register_id);
        const TwOcmfReading *own_end = find_register (last, own->register_id);
        TwOcmfQuantity a, b;
        char c[3], d[3];

        obis_c (total->register_id, c);
        obis_c (own->register_id, d);
        if (c[0] == d[0] && (c[0] == 'B' || c[0] == 'C') && (c[1] == '0' || c[1] == '1') && d[1] == c[1] + 2
            && total_end != NULL && own_end != NULL
            && (!difference (total, total_end, &a) || !difference (own, own_end, &b)
                || tw_ocmf_quantity_compare (&a, &b) != 0))
          return FALSE;
      }

  return TRUE;
}

/* More than the power could in this time, and a twentieth. */
static gboolean
is_too_much (const TwOcmfQuantity *energy,
             gint64                max_power_w,
             gint64                duration_us)
{
  gint64 seconds = duration_us / G_USEC_PER_SEC + 1;
  g_autofree char *text = NULL;
  TwOcmfQuantity most;
  gint64 watt_s;

  if (max_power_w <= 0 || duration_us < 0 || __builtin_mul_overflow (max_power_w, seconds, &watt_s))
    return FALSE;

  text = g_strdup_printf ("%" G_GINT64_FORMAT, watt_s / 3600 + watt_s / 3600 / 20 + 1);
  return tw_ocmf_quantity_parse (text, &most) && tw_ocmf_quantity_compare (energy, &most) > 0;
}

static void
check_energy (TwOcmfCase        *begin,
              const TwOcmfShape *begin_shape,
              TwOcmfCase        *end,
              const TwOcmfShape *end_shape,
              const TwOcmfRules *rules)
{
  TwOcmfQuantity energy;

  if (!choose_register (begin, &begin_shape->begin, end, &end_shape->end, rules->register_id)
      || !difference (begin->begin, end->end, &energy))
    {
      end->findings |= TW_OCMF_FINDING_ENERGY_IMPLAUSIBLE;
      return;
    }

  end->energy_wh = tw_ocmf_quantity_to_text (&energy);
  if (!registers_agree (&begin_shape->begin, &end_shape->end)
      || (begin->begin->time_us != G_MININT64 && end->end->time_us != G_MININT64
          && is_too_much (&energy, rules->max_power_w, end->end->time_us - begin->begin->time_us)))
    end->findings |= TW_OCMF_FINDING_ENERGY_IMPLAUSIBLE;
}

static guint
reading_findings (const TwOcmfReading *reading)
{
  guint findings = 0;

  if (g_strcmp0 (reading->state, "G") != 0 || (reading->errors != NULL && strchr (reading->errors, 'E') != NULL))
    findings |= TW_OCMF_FINDING_NOT_BILLABLE;
  if ((reading->errors != NULL && strchr (reading->errors, 't') != NULL)
      || (reading->time_state != 'S' && reading->time_state != 'R'))
    findings |= TW_OCMF_FINDING_TIME_NOT_BILLABLE;

  return findings;
}

void
tw_ocmf_sale_check (TwOcmfCase        *begin,
                    const TwOcmfShape *begin_shape,
                    TwOcmfCase        *end,
                    const TwOcmfShape *end_shape,
                    const TwOcmfRules *rules)
{
  TwOcmfQuantity loss;

  check_energy (begin, begin_shape, end, end_shape, rules);
  end->findings |= reading_findings (begin->begin) | reading_findings (end->end);
  if (g_strcmp0 (begin->record->tariff, end->record->tariff) != 0)
    end->findings |= TW_OCMF_FINDING_TARIFF_TEXT;
  if (begin->begin->time_us >= end->end->time_us)
    end->findings |= TW_OCMF_FINDING_TIME_DEVIATION;
  if (g_strcmp0 (begin->record->cable_loss, end->record->cable_loss) != 0
      || (begin->begin->loss != NULL && tw_ocmf_quantity_parse (begin->begin->loss, &loss) && !is_zero (&loss)))
    end->findings |= TW_OCMF_FINDING_CABLE_LOSS;
  end->findings |= begin->findings & TW_OCMF_FINDING_IDENTIFICATION;
}
