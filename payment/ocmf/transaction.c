/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/ocmf/sale.h"

#include <string.h>

static const char *const FINDINGS[TW_OCMF_N_FINDINGS] = {
  "structure", "pagination_gap", "meter_reset_or_replay", "meter_identity", "identification_changed",
  "tariff_text_mismatch", "quantity_not_billable", "time_not_billable", "energy_implausible", "time_deviation",
  "cable_loss_changed", "record_reused",
};

const char *
tw_ocmf_finding_name (guint i)
{
  return FINDINGS[i];
}

void
tw_ocmf_case_clear (TwOcmfCase *self)
{
  tw_ocmf_judgement_clear (&self->judgement);
  g_clear_pointer (&self->energy_wh, g_free);
}

/* What matching knows of a case besides it. */
typedef struct
{
  TwOcmfShape  shape;
  char        *signer;      /* meter, gateway and key in one text */
  char        *place;       /* signer and number of the counter */
  gboolean     takes_part;  /* good, of a transaction, and not seen before */
} Part;

typedef struct
{
  TwOcmfCase        *cases;
  Part              *parts;
  guint              n;
  const TwOcmfRules *rules;
  GHashTable        *by_place;   /* place -> index + 1 */
} Matching;

/* Each text with its length before it: no two different lists give the same. */
static char *
join (const char *const *texts,
      guint              n)
{
  GString *joined = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    if (texts[i] == NULL)
      g_string_append (joined, "-;");
    else
      g_string_append_printf (joined, "%" G_GSIZE_FORMAT ":%s;", strlen (texts[i]), texts[i]);

  return g_string_free (joined, FALSE);
}

static char *
place_of (const char *signer,
          guint64     page)
{
  return g_strdup_printf ("%s%" G_GUINT64_FORMAT, signer, page);
}

static void
describe (TwOcmfCase *self,
          Part       *part)
{
  const TwOcmfRecord *record = self->record;

  self->partner = -1;
  if (record == NULL)
    return;

  tw_ocmf_shape_of (record, &part->shape);
  tw_ocmf_shape_check (self, &part->shape);
  if (!tw_ocmf_verdict_is_good (self->judgement.verdict))
    return;

  {
    const char *texts[] = { record->serial, record->gateway_serial, record->vendor, record->model,
                            self->judgement.key_id };

    part->signer = join (texts, G_N_ELEMENTS (texts));
    part->place = place_of (part->signer, record->page);
    part->takes_part = record->context == 'T';
  }
}

static guint
digest_hash (gconstpointer digest)
{
  guint hash;

  memcpy (&hash, digest, sizeof hash);
  return hash;
}

static gboolean
digest_equal (gconstpointer a,
              gconstpointer b)
{
  return memcmp (a, b, 32) == 0;
}

/* By what was signed, not by the record's bytes: the same reading can be wrapped and signed in many ways (of an ECDSA
 * signature anyone can make a second one), and is the same reading still. */
static void
find_reuse (Matching *self)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (digest_hash, digest_equal);

  for (guint i = 0; i < self->n; i++)
    if (tw_ocmf_verdict_is_good (self->cases[i].judgement.verdict) && self->cases[i].record != NULL
        && !g_hash_table_add (seen, (gpointer) self->cases[i].record->digest))
      {
        self->cases[i].findings |= TW_OCMF_FINDING_RECORD_REUSED;
        self->parts[i].takes_part = FALSE;
      }
}

static int
compare_places (gconstpointer a,
                gconstpointer b,
                gpointer      user_data)
{
  const Matching *self = user_data;
  guint i = *(const guint *) a, j = *(const guint *) b;
  const TwOcmfRecord *x = self->cases[i].record, *y = self->cases[j].record;
  int order = strcmp (self->parts[i].signer, self->parts[j].signer);
  gint64 x_us = x->readings[0].time_us, y_us = y->readings[0].time_us;

  if (order != 0)
    return order;
  if (x_us != y_us)
    return x_us < y_us ? -1 : 1;
  if (x->page != y->page)
    return x->page < y->page ? -1 : 1;

  return i < j ? -1 : i > j;
}

/* Each meter's counter in the order of its own times, whatever the order of the records. */
static void
check_counters (Matching *self)
{
  g_autoptr (GArray) order = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < self->n; i++)
    if (self->parts[i].takes_part && self->cases[i].record->readings[0].time_us != G_MININT64)
      g_array_append_val (order, i);
  g_array_sort_with_data (order, compare_places, self);

  for (guint k = 1; k < order->len; k++)
    {
      guint i = g_array_index (order, guint, k), before = g_array_index (order, guint, k - 1);
      guint64 page = self->cases[i].record->page, page_before = self->cases[before].record->page;

      if (!g_str_equal (self->parts[i].signer, self->parts[before].signer))
        continue;
      if (page <= page_before)
        self->cases[i].findings |= TW_OCMF_FINDING_METER_RESET;
      else if (page - page_before > 1)
        self->cases[i].findings |= TW_OCMF_FINDING_PAGINATION_GAP;
    }
}

static gboolean
same_identification (const TwOcmfRecord *a,
                     const TwOcmfRecord *b)
{
  return g_strcmp0 (a->id_type, b->id_type) == 0 && g_strcmp0 (a->id, b->id) == 0;
}

static void
index_places (Matching *self)
{
  self->by_place = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < self->n; i++)
    if (self->parts[i].takes_part && !g_hash_table_contains (self->by_place, self->parts[i].place))
      g_hash_table_insert (self->by_place, self->parts[i].place, GUINT_TO_POINTER (i + 1));
}

/* The begin that the counter leads to: the numbers below the end's, down to it, are there, of the same customer, and
 * neither begin nor end. -1: it leads nowhere. */
static int
begin_of (const Matching *self,
          guint           end)
{
  const TwOcmfRecord *record = self->cases[end].record;

  for (guint64 page = record->page; page > 0; page--)
    {
      g_autofree char *place = place_of (self->parts[end].signer, page - 1);
      guint at = GPOINTER_TO_UINT (g_hash_table_lookup (self->by_place, place));

      if (at == 0 || !same_identification (self->cases[at - 1].record, record)
          || self->parts[at - 1].shape.kind == TW_OCMF_SHAPE_END
          || self->parts[at - 1].shape.kind == TW_OCMF_SHAPE_WHOLE)
        return -1;
      if (self->parts[at - 1].shape.kind == TW_OCMF_SHAPE_BEGIN)
        return at - 1;
    }

  return -1;
}

static void
pair (Matching *self)
{
  for (guint i = 0; i < self->n; i++)
    {
      int begin = i;

      if (!self->parts[i].takes_part)
        continue;
      if (self->parts[i].shape.kind == TW_OCMF_SHAPE_END)
        begin = begin_of (self, i);
      else if (self->parts[i].shape.kind != TW_OCMF_SHAPE_WHOLE)
        continue;
      if (begin < 0 || self->cases[begin].partner >= 0)
        continue;

      self->cases[i].partner = begin;
      self->cases[begin].partner = i;
      tw_ocmf_sale_check (&self->cases[begin], &self->parts[begin].shape, &self->cases[i], &self->parts[i].shape,
                          self->rules);
    }
}

static void
call_foreign (Matching *self,
              guint     end,
              guint     begin)
{
  TwOcmfCase *this = &self->cases[end];
  const TwOcmfCase *other = &self->cases[begin];
  const char *what;

  if (this->findings & TW_OCMF_FINDING_RECORD_REUSED)
    what = "it was seen before";
  else if (!g_str_equal (self->parts[end].signer, self->parts[begin].signer))
    {
      this->findings |= TW_OCMF_FINDING_METER_IDENTITY;
      what = "it is not of the same meter, gateway and key";
    }
  else if (!same_identification (this->record, other->record))
    {
      this->findings |= TW_OCMF_FINDING_IDENTIFICATION;
      what = "it is not of the same customer";
    }
  else
    {
      this->findings |= TW_OCMF_FINDING_PAGINATION_GAP;
      what = "its number does not follow";
    }

  tw_ocmf_judgement_clear (&this->judgement);
  this->judgement.verdict = TW_OCMF_INVALID;
  this->judgement.reason = g_strdup_printf ("the signature is good, but this is not the end of the sale that begins in "
                                            "record %u: %s", begin + 1, what);
}

static gboolean
is_open (const Matching   *self,
         guint             i,
         TwOcmfShapeKind   kind)
{
  return self->parts[i].signer != NULL && self->parts[i].shape.kind == kind && self->cases[i].record->context != 'F'
         && self->cases[i].partner < 0;
}

static gboolean
is_open_begin (const Matching *self,
               guint           i)
{
  return self->parts[i].takes_part && is_open (self, i, TW_OCMF_SHAPE_BEGIN);
}

/* Records that begin in the middle: the end of a sale whose begin is not among them, then the begin of the next. */
static gboolean
is_of_an_earlier_sale (const Matching *self,
                       guint           end,
                       guint           begin)
{
  return end < begin && self->parts[end].takes_part
         && g_str_equal (self->parts[end].signer, self->parts[begin].signer)
         && self->cases[end].record->page < self->cases[begin].record->page;
}

/* Compares with the begin that is meant most likely: of its own meter, or of any, the last one before it or the first
 * after it. */
static void
find_foreign (Matching *self)
{
  g_autoptr (GHashTable) near_of = g_hash_table_new (g_str_hash, g_str_equal);
  guint near = self->n;

  for (guint i = self->n; i-- > 0;)
    if (is_open_begin (self, i))
      {
        near = i;
        g_hash_table_insert (near_of, self->parts[i].signer, GUINT_TO_POINTER (i + 1));
      }

  for (guint i = 0; near < self->n && i < self->n; i++)
    if (is_open_begin (self, i))
      {
        near = i;
        g_hash_table_insert (near_of, self->parts[i].signer, GUINT_TO_POINTER (i + 1));
      }
    else if (is_open (self, i, TW_OCMF_SHAPE_END))
      {
        guint own = GPOINTER_TO_UINT (g_hash_table_lookup (near_of, self->parts[i].signer));
        guint begin = own > 0 ? own - 1 : near;

        if (!is_of_an_earlier_sale (self, i, begin))
          call_foreign (self, i, begin);
      }
}

void
tw_ocmf_match (TwOcmfCase        *cases,
               guint              n,
               const TwOcmfRules *rules)
{
  static const TwOcmfRules no_rules = { 0 };
  Matching self = { .cases = cases, .n = n, .rules = rules != NULL ? rules : &no_rules };

  self.parts = g_new0 (Part, n);
  for (guint i = 0; i < n; i++)
    describe (&cases[i], &self.parts[i]);

  find_reuse (&self);
  check_counters (&self);
  index_places (&self);
  pair (&self);
  find_foreign (&self);

  g_hash_table_unref (self.by_place);
  for (guint i = 0; i < n; i++)
    {
      g_free (self.parts[i].signer);
      g_free (self.parts[i].place);
    }
  g_free (self.parts);
}
