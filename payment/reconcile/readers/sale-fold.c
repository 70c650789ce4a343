/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/reconcile/readers/sale-fold.h"

#include "app/base/error.h"
#include "app/base/json.h"

#include <string.h>

#define HOUR_US (G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC)
#define MAX_LIFE_HOURS (366 * 24)

TwChars
tw_chars (const char *text)
{
  gsize n;

  while (text != NULL && g_ascii_isspace (*text))
    text++;
  for (n = text != NULL ? strlen (text) : 0; n > 0 && g_ascii_isspace (text[n - 1]);)
    n--;

  return (TwChars) { text, (guint32) n };
}

TwSaleFold *
tw_sale_fold_new (const char *session)
{
  TwSaleFold *self = g_new0 (TwSaleFold, 1);

  self->record = tw_record_new (session);
  self->asked = g_array_new (FALSE, FALSE, sizeof (TwAsked));

  return self;
}

void
tw_sale_fold_free (TwSaleFold *self)
{
  char *texts[] = {
    self->payment_ref, self->psp_ref, self->capture_ref, self->settlement_ref, self->refund_ref, self->terminal,
    self->trace, self->slip, self->billed_tariff,
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (texts[i]);
  tw_record_free (self->record);
  g_array_unref (self->asked);
  g_free (self);
}

static void
keep (char        **text,
      const TwJson *object,
      const char   *name)
{
  const char *value = tw_json_string (tw_json_member (object, name));

  if (value == NULL || *value == '\0')
    return;
  g_free (*text);
  *text = g_strdup (value);
}

static void
keep_first (char        **text,
            const TwJson *object,
            const char   *name)
{
  if (*text == NULL)
    keep (text, object, name);
}

/* The acceptor's own JSON, which the journal keeps as a text. One that cannot be read is a hold without references: the
 * station could not act on it either, and says so in its answers. */
static TwJson *
reference_of (const TwJson *payload)
{
  const char *text = tw_json_string (tw_json_member (payload, "reference"));

  return text != NULL ? tw_json_parse (text, strlen (text), &TW_JSON_SMALL, NULL) : NULL;
}

static void
keep_reference (TwSaleFold   *self,
                const TwJson *reference)
{
  gint64 hours;

  keep (&self->payment_ref, reference, "code");
  keep (&self->psp_ref, reference, "id");
  keep (&self->terminal, reference, "terminal");
  keep (&self->trace, reference, "trace");
  keep (&self->slip, reference, "slip");
  if (tw_json_member (reference, "life_hours") != NULL && tw_json_get_int64 (reference, "life_hours", &hours, NULL)
      && hours > 0 && hours <= MAX_LIFE_HOURS)
    self->life_hours = hours;
}

static gboolean
apply_request (TwSaleFold    *self,
               const TwEntry *entry,
               const TwJson  *payload,
               GError       **error)
{
  const char *operation = tw_json_get_string (payload, "operation", error);
  TwAsked asked = { .state = TW_ASKED_OPEN };

  if (operation == NULL || !tw_json_get_int64 (payload, "n", &asked.n, error)
      || !tw_json_get_int64 (payload, "amount_minor", &asked.amount_minor, error))
    return FALSE;
  g_strlcpy (asked.operation, operation, sizeof asked.operation);
  g_array_append_val (self->asked, asked);

  return TRUE;
}

static TwAsked *
asked_with (const TwSaleFold *self,
            gint64            n)
{
  for (guint i = self->asked->len; i > 0; i--)
    if (g_array_index (self->asked, TwAsked, i - 1).n == n)
      return &g_array_index (self->asked, TwAsked, i - 1);

  return NULL;
}

/* A definite answer stands: what is told once more afterwards is an echo. */
static gboolean
apply_answer (TwSaleFold    *self,
              const TwEntry *entry,
              const TwJson  *payload,
              GError       **error)
{
  g_autoptr (TwJson) reference = reference_of (payload);
  const char *outcome = tw_json_get_string (payload, "outcome", error);
  TwAsked *asked;
  gint64 n;

  if (outcome == NULL || !tw_json_get_int64 (payload, "n", &n, error))
    return FALSE;
  keep_reference (self, reference);
  asked = asked_with (self, n);
  if (asked == NULL || asked->state != TW_ASKED_OPEN)
    return TRUE;

  asked->answered_us = entry->at.wall_us;
  if (g_str_equal (outcome, "refused"))
    asked->state = TW_ASKED_REFUSED;
  if (!g_str_equal (outcome, "done"))
    return TRUE;

  asked->state = TW_ASKED_DONE;
  if (g_str_equal (asked->operation, "refund"))
    keep (&self->refund_ref, reference, "refund_id");
  if (g_str_equal (asked->operation, "capture"))
    {
      keep_first (&self->capture_ref, reference, "capture_id");
      keep_first (&self->settlement_ref, reference, "reconciliation_id");
    }
  return TRUE;
}

static gboolean
apply_bill (TwSaleFold    *self,
            const TwEntry *entry,
            const TwJson  *payload,
            GError       **error)
{
  if (!tw_json_get_string (payload, "tariff", error)
      || !tw_json_get_int64 (payload, "energy_wh", &self->billed_wh, error))
    return FALSE;
  keep (&self->billed_tariff, payload, "tariff");

  return TRUE;
}

static gboolean
apply_take (TwSaleFold    *self,
            const TwEntry *entry,
            const TwJson  *payload,
            GError       **error)
{
  g_autoptr (TwJson) reference = reference_of (payload);

  keep_reference (self, reference);

  return TRUE;
}

/* Readings are most of a journal, and are only the record's. */
static const struct
{
  const char *kind;
  gboolean  (*apply) (TwSaleFold *self, const TwEntry *entry, const TwJson *payload, GError **error);
} kinds[] = {
  { "referenced", apply_take }, { "approved", apply_take }, { "not-approved", apply_take },
  { "request", apply_request }, { "answer", apply_answer }, { "bill", apply_bill },
};

gboolean
tw_sale_fold_apply (TwSaleFold    *self,
                    const TwEntry *entry,
                    GError       **error)
{
  if (!tw_record_apply (self->record, entry, error))
    return FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (kinds[i].kind, entry->kind))
      {
        gsize len;
        const char *text = g_bytes_get_data (entry->payload, &len);
        g_autoptr (TwJson) payload = tw_json_parse (text, len, &TW_JSON_SMALL, error);

        if (payload != NULL && kinds[i].apply (self, entry, payload, error))
          return TRUE;
        g_prefix_error (error, "journal entry %" G_GUINT64_FORMAT ": ", entry->seq);
        return FALSE;
      }

  return TRUE;
}

gboolean
tw_sale_fold_counts (const TwSaleFold *self)
{
  const TwRecord *record = self->record;

  return self->payment_ref != NULL || self->asked->len > 0 || record->claim.hold != TW_HOLD_NONE
         || record->n_marks > 0 || record->billed || record->findings->len > 0;
}

/* Of releases only the last counts: one that came too early is followed by another. */
static const TwAsked *
unanswered (const TwSaleFold *self)
{
  const TwAsked *open = NULL, *release = NULL;

  for (guint i = 0; i < self->asked->len; i++)
    {
      const TwAsked *asked = &g_array_index (self->asked, TwAsked, i);

      if (g_str_equal (asked->operation, "release"))
        release = asked;
      else if (asked->state == TW_ASKED_OPEN)
        open = asked;
    }
  if (open != NULL)
    return open;

  return release != NULL && release->state == TW_ASKED_OPEN ? release : NULL;
}

static gboolean
was (const TwSaleFold *self,
     const char       *operation,
     int               state)
{
  for (guint i = 0; i < self->asked->len; i++)
    {
      const TwAsked *asked = &g_array_index (self->asked, TwAsked, i);

      if (g_str_equal (asked->operation, operation) && (int) asked->state == state)
        return TRUE;
    }

  return FALSE;
}

static TwSaleState
state_of (const TwSaleFold *self)
{
  const TwRecord *record = self->record;
  gboolean too_early = record->claim.hold == TW_HOLD_LIVE && record->claim.request == TW_REQUEST_NONE;

  if (unanswered (self) != NULL)
    return TW_SALE_UNKNOWN;
  if (was (self, "capture", TW_ASKED_DONE))
    return TW_SALE_CAPTURED;
  if (was (self, "release", TW_ASKED_DONE) && !too_early)
    return TW_SALE_RELEASED;
  if (was (self, "capture", TW_ASKED_REFUSED))
    return TW_SALE_REFUSED;
  if (record->place != TW_PLACE_OVER)
    return TW_SALE_OPEN;

  return record->claim.hold == TW_HOLD_NONE ? TW_SALE_NO_HOLD : TW_SALE_HELD;
}

static gint64
held_minor (const TwRecord *record)
{
  switch (record->claim.hold)
    {
    case TW_HOLD_NONE:  return 0;
    case TW_HOLD_ASKED: return record->hold.minor;   /* it may exist: the driver's money */
    case TW_HOLD_LIVE:  return record->held_minor;
    }
  g_assert_not_reached ();
}

static void
tell_captures (const TwSaleFold *self,
               TwSale           *sale)
{
  for (guint i = 0; i < self->asked->len; i++)
    {
      const TwAsked *asked = &g_array_index (self->asked, TwAsked, i);

      if (!g_str_equal (asked->operation, "capture") || asked->state != TW_ASKED_DONE)
        continue;
      if (sale->captured_us != TW_NOT_STATED)
        {
          sale->second_capture_minor += asked->amount_minor;
          continue;
        }
      sale->captured_minor = asked->amount_minor;
      sale->captured_us = asked->answered_us;
    }
}

static void
tell_refunds (const TwSaleFold *self,
              TwSale           *sale)
{
  for (guint i = 0; i < self->asked->len; i++)
    {
      const TwAsked *asked = &g_array_index (self->asked, TwAsked, i);

      if (!g_str_equal (asked->operation, "refund") || asked->state == TW_ASKED_REFUSED)
        continue;
      sale->refunded_minor += asked->amount_minor;
      if (asked->state == TW_ASKED_DONE)
        sale->refunded_us = asked->answered_us;
    }
}

static void
tell_unknown (const TwSaleFold *self,
              TwSale           *sale)
{
  const TwAsked *asked = unanswered (self);

  if (asked == NULL)
    return;
  sale->unknown_operation = tw_chars (asked->operation);
  /* A release is asked for as a whole. */
  sale->unknown_minor = g_str_equal (asked->operation, "release") ? held_minor (self->record) : asked->amount_minor;
}

static TwChars
last_digits (const char *masked)
{
  TwChars all = tw_chars (masked);
  guint32 n = 0;

  while (n < MIN (all.n, 4) && g_ascii_isdigit (all.text[all.n - 1 - n]))
    n++;

  return (TwChars) { n > 0 ? all.text + all.n - n : NULL, n };
}

static void
tell_times (const TwSaleFold *self,
            TwSale           *sale)
{
  const TwRecord *record = self->record;
  gboolean held = record->claim.hold == TW_HOLD_LIVE && record->approved_at.wall_us != 0;

  sale->started_us = record->n_marks > 0 ? record->begin.at.wall_us : record->offered_at.wall_us;
  sale->ended_us = record->n_marks > 0 ? record->last.at.wall_us
                   : record->place == TW_PLACE_OVER ? record->ended_at.wall_us : TW_NOT_STATED;
  sale->captured_us = sale->refunded_us = TW_NOT_STATED;
  sale->hold_until_us = held && self->life_hours > 0 ? record->approved_at.wall_us + self->life_hours * HOUR_US
                                                     : TW_NOT_STATED;
}

void
tw_sale_fold_tell (const TwSaleFold *self,
                   TwSale           *sale)
{
  const TwRecord *record = self->record;

  *sale = (TwSale) {
    .session = tw_chars (record->session), .evse = tw_chars (record->evse_id), .terminal = tw_chars (self->terminal),
    .payment_ref = tw_chars (self->payment_ref), .psp_ref = tw_chars (self->psp_ref),
    .capture_ref = tw_chars (self->capture_ref), .settlement_ref = tw_chars (self->settlement_ref),
    .refund_ref = tw_chars (self->refund_ref), .trace = tw_chars (self->trace), .slip = tw_chars (self->slip),
    .approval = tw_chars (record->approval_code), .tail = last_digits (record->card_masked),
    .brand = tw_chars (record->card_brand), .tariff_shown = tw_chars (record->tariff_hash),
    .tariff_priced = tw_chars (self->billed_tariff), .receipt_number = record->receipt_number,
    .state = state_of (self), .billed = record->billed, .test_mode = record->test_mode,
    .price_minor = record->billed ? record->price_minor : TW_NOT_STATED,
    .repriced_minor = TW_NOT_STATED, .shown_minor = TW_NOT_STATED, .held_minor = held_minor (record),
    .unknown_minor = TW_NOT_STATED, .advised_minor = TW_NOT_STATED,
    .energy_wh = self->billed_tariff != NULL ? self->billed_wh : tw_usage_energy_wh (record->usage),
    .energy_price_minor = TW_NOT_STATED, .energy_part_minor = TW_NOT_STATED,
  };
  g_strlcpy (sale->currency, record->hold.currency, sizeof sale->currency);
  tell_times (self, sale);
  tell_captures (self, sale);
  tell_refunds (self, sale);
  tell_unknown (self, sale);
}
