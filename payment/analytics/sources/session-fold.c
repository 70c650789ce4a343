/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/analytics/sources/session-fold.h"

#include "app/base/json.h"
#include "payment/analytics/sources/values.h"

#include <string.h>

/* Who got less did not get what he came for (analytics.md section 6). */
#define LEAST_CHARGE_WH 100

TwSessionFold *
tw_session_fold_new (const char *session)
{
  TwSessionFold *self = g_new0 (TwSessionFold, 1);

  self->sale = tw_sale_fold_new (session);
  self->tap_at = self->answered_at = self->released_at = TW_UNKNOWN;
  self->charge_start = self->charge_end = self->previous_at = self->net_minor = TW_UNKNOWN;
  return self;
}

void
tw_session_fold_free (TwSessionFold *self)
{
  tw_sale_fold_free (self->sale);
  g_free (self->drop_reason);
  g_free (self);
}

static gint64
first_of (gint64 known,
          gint64 now)
{
  return known == TW_UNKNOWN ? now : known;
}

static TwJson *
payload_of (const TwEntry *entry)
{
  gsize len;
  const char *text = g_bytes_get_data (entry->payload, &len);

  return tw_json_parse (text, len, &TW_JSON_LARGE, NULL);
}

static void
apply_reading (TwSessionFold *self,
               gint64         now)
{
  const TwMark *mark = &self->sale->record->last;

  if (self->previous_at != TW_UNKNOWN && mark->epoch == self->previous_epoch && mark->register_wh > self->previous_wh)
    {
      self->charge_start = first_of (self->charge_start, self->previous_at);
      self->charge_end = now;
      self->taken_wh += mark->register_wh - self->previous_wh;
      self->stages |= 1u << TW_STAGE_ENERGY;
    }
  self->previous_at = now;
  self->previous_wh = mark->register_wh;
  self->previous_epoch = mark->epoch;
  self->stages |= 1u << TW_STAGE_PLUGGED;
}

static void
apply_step (TwSessionFold *self,
            const TwEntry *entry)
{
  g_autoptr (TwJson) payload = payload_of (entry);
  const char *place = tw_json_string (tw_json_member (payload, "place"));
  const char *reason = tw_json_string (tw_json_member (payload, "reason"));
  const char *event = tw_json_string (tw_json_member (payload, "event"));

  if (g_strcmp0 (place, "over") != 0)
    return;
  g_free (self->drop_reason);
  self->drop_reason = g_strdup (reason ? reason : event);
}

static void
apply_bill (TwSessionFold *self,
            const TwEntry *entry)
{
  g_autoptr (TwJson) payload = payload_of (entry);
  gint64 net;

  if (tw_json_member (payload, "net_minor") && tw_json_get_int64 (payload, "net_minor", &net, NULL))
    self->net_minor = net;
}

static void
apply_answer (TwSessionFold *self)
{
  const GArray *asked = self->sale->asked;

  for (guint i = 0; i < asked->len; i++)
    {
      const TwAsked *one = &g_array_index (asked, TwAsked, i);

      if (one->state != TW_ASKED_DONE)
        continue;
      if (g_str_equal (one->operation, "release"))
        self->released_at = one->answered_us;
      if (g_str_equal (one->operation, "capture"))
        self->stages |= 1u << TW_STAGE_CAPTURED;
    }
}

gboolean
tw_session_fold_apply (TwSessionFold *self,
                       const TwEntry *entry,
                       GError       **error)
{
  const char *kind = entry->kind;
  const gint64 now = entry->at.wall_us;

  if (!tw_sale_fold_apply (self->sale, entry, error))
    return FALSE;
  if (g_str_equal (kind, "reading"))
    apply_reading (self, now);
  else if (g_str_equal (kind, "offered"))
    self->stages |= 1u << TW_STAGE_SEEN | 1u << TW_STAGE_OFFER | 1u << TW_STAGE_CHOSEN;
  else if (g_str_equal (kind, "counter") || g_str_equal (kind, "bay"))
    apply_step (self, entry);
  else if (g_str_equal (kind, "referenced"))
    {
      self->tap_at = first_of (self->tap_at, now);
      self->stages |= 1u << TW_STAGE_TAP;
    }
  else if (g_str_equal (kind, "approved"))
    {
      self->answered_at = first_of (self->answered_at, now);
      self->stages |= 1u << TW_STAGE_APPROVED;
    }
  else if (g_str_equal (kind, "not-approved"))
    self->answered_at = first_of (self->answered_at, now);
  else if (g_str_equal (kind, "bill"))
    apply_bill (self, entry);
  else if (g_str_equal (kind, "answer"))
    apply_answer (self);
  else if (g_str_equal (kind, "receipt-fetched"))
    self->stages |= 1u << TW_STAGE_RECEIPT;
  return TRUE;
}

/* The codes of payment/receipt/words.c. */
static TwEnding
ending_of (const char *reason)
{
  static const struct { const char *reason; TwEnding ending; } endings[] = {
    { "stop", TW_ENDED_DRIVER }, { "card", TW_ENDED_DRIVER }, { "unplugged", TW_ENDED_DRIVER },
    { "operator", TW_ENDED_REMOTE }, { "full", TW_ENDED_FULL }, { "limit", TW_ENDED_LIMIT },
    { "goal-energy", TW_ENDED_LIMIT }, { "goal-amount", TW_ENDED_LIMIT }, { "goal-time", TW_ENDED_LIMIT },
    { "lost", TW_ENDED_FAULT }, { "faulted", TW_ENDED_FAULT }, { "journal", TW_ENDED_FAULT },
    { "not-priced", TW_ENDED_FAULT }, { "changed", TW_ENDED_POWER_LOSS }, { "restart", TW_ENDED_POWER_LOSS },
  };

  for (guint i = 0; reason != NULL && i < G_N_ELEMENTS (endings); i++)
    if (g_str_equal (endings[i].reason, reason))
      return endings[i].ending;
  return TW_ENDED_UNKNOWN;
}

/* payment/acceptor/take.h: what the card's kind is called. */
static TwMeans
means_of (const TwSessionFold *self)
{
  static const struct { const char *kind; TwMeans means; } kinds[] = {
    { "emv", TW_MEANS_CARD }, { "stripe", TW_MEANS_CARD }, { "uid", TW_MEANS_RFID }, { "qr", TW_MEANS_PHONE },
  };
  const char *kind = self->sale->record->card_kind;

  for (guint i = 0; kind != NULL && i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (kinds[i].kind, kind))
      return kinds[i].means;
  return TW_MEANS_UNKNOWN;
}

/* "EPOCH:HEX" (emv-contactless.md section 10). */
static void
tell_customer (const char *fingerprint,
               guint64    *customer,
               gint32     *epoch)
{
  const char *colon = fingerprint ? strchr (fingerprint, ':') : NULL;
  const char *hex = colon ? colon + 1 : fingerprint;

  if (hex == NULL)
    return;
  if (!tw_value_token ((TwChars) { hex, (guint32) MIN (strlen (hex), 16) }, customer))
    *customer = tw_value_hash (tw_chars (hex));
  if (colon != NULL && epoch != NULL)
    *epoch = (gint32) CLAMP (g_ascii_strtoll (fingerprint, NULL, 10), 0, G_MAXINT32);
}

static void
tell_money (const TwSessionFold *self,
            const TwSale        *sale,
            TwSessionRow        *row)
{
  const TwRecord *record = self->sale->record;
  const gboolean held = record->claim.hold == TW_HOLD_LIVE;
  gint64 net = self->net_minor;

  memcpy (row->currency, sale->currency, sizeof row->currency);
  row->price_minor = sale->price_minor != TW_NOT_STATED ? sale->price_minor : TW_UNKNOWN;
  row->tax_minor = row->price_minor != TW_UNKNOWN && net != TW_UNKNOWN ? row->price_minor - net : TW_UNKNOWN;
  row->refunded_minor = sale->refunded_minor;
  row->fee_minor = row->chargeback_minor = TW_UNKNOWN;
  row->held_minor = held ? sale->held_minor : TW_UNKNOWN;
  row->held_from = held ? record->approved_at.wall_us : TW_UNKNOWN;
  row->held_until = !held ? TW_UNKNOWN : sale->captured_us != TW_NOT_STATED ? sale->captured_us : self->released_at;
  row->captured_minor = TW_UNKNOWN;
  row->money_state = row->price_minor != TW_UNKNOWN ? TW_STATE_PRICED : TW_STATE_UNKNOWN_MONEY;
  if (sale->state == TW_SALE_CAPTURED)
    {
      row->captured_minor = sale->captured_minor + sale->second_capture_minor;
      row->money_state = TW_STATE_CAPTURED;
    }
  else if (sale->state == TW_SALE_RELEASED || sale->state == TW_SALE_REFUSED || sale->state == TW_SALE_NO_HOLD)
    row->captured_minor = 0;
}

/* A controller that counts how long a car is plugged in knows more than the first reading. */
static void
tell_times (const TwSessionFold *self,
            TwSessionRow        *row)
{
  const TwRecord *record = self->sale->record;
  const gboolean over = record->place == TW_PLACE_OVER;

  row->occupied_s = TW_UNKNOWN;
  row->charging_s = self->charge_end == TW_UNKNOWN && over ? 0 : TW_UNKNOWN;
  row->charge_start = self->charge_start;
  row->charge_end = self->charge_end;
  if (record->n_marks == 0)
    {
      row->plug_in = record->approved_at.wall_us;
      row->plug_out = row->plug_in;
      return;
    }
  row->plug_in = record->begin.at.wall_us;
  if (record->begin.plugged_s > 0)
    row->plug_in -= record->begin.plugged_s * G_USEC_PER_SEC;
  row->plug_out = over || record->billed ? record->last.at.wall_us : TW_UNKNOWN;
}

gboolean
tw_session_fold_row (const TwSessionFold *self,
                     TwSessionRow        *row)
{
  const TwRecord *record = self->sale->record;
  TwSale sale;

  if (record->n_marks == 0 && record->claim.hold != TW_HOLD_LIVE)
    return FALSE;
  tw_sale_fold_tell (self->sale, &sale);
  *row = (TwSessionRow) {
    .session = tw_text_of (sale.session), .evse = tw_text_of (sale.evse),
    .energy_wh = sale.energy_wh, .max_power_w = TW_UNKNOWN, .rated_power_w = TW_UNKNOWN,
    .means = means_of (self), .ending = ending_of (record->end_reason), .tap_at = self->tap_at,
    .answered_at = self->answered_at,
  };
  tell_customer (record->card_fingerprint, &row->customer, &row->epoch);
  tell_times (self, row);
  tell_money (self, &sale, row);
  return TRUE;
}

static gboolean
ended_well (const TwSessionFold *self)
{
  TwEnding ending = ending_of (self->sale->record->end_reason);

  return self->taken_wh >= LEAST_CHARGE_WH && self->sale->record->billed && ending != TW_ENDED_FAULT
         && ending != TW_ENDED_POWER_LOSS;
}

void
tw_session_fold_visit (const TwSessionFold *self,
                       TwVisitRow          *row)
{
  const TwRecord *record = self->sale->record;
  const gboolean well = ended_well (self);
  const char *reason = record->take_reason && record->n_marks == 0 ? record->take_reason : self->drop_reason;

  *row = (TwVisitRow) {
    .session = tw_text_of (tw_chars (record->session)), .evse = tw_text_of (tw_chars (record->evse_id)),
    .at = record->offered_at.wall_us, .stages = self->stages | (well ? 1u << TW_STAGE_ENDED_WELL : 0),
    .drop_reason = well ? (TwText) { "", 0 } : tw_text_of (tw_chars (reason)),
    .amount_minor = self->stages & 1u << TW_STAGE_TAP ? record->hold.minor : TW_UNKNOWN,
  };
  memcpy (row->currency, record->hold.currency, sizeof row->currency);
  tell_customer (record->card_fingerprint, &row->customer, NULL);
}
