/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/journal/marks.h"

#include "app/base/error.h"
#include "app/base/json.h"

#include <string.h>

static void
finding_free (gpointer data)
{
  TwFinding *finding = data;

  g_free (finding->class_);
  g_free (finding->text);
  g_free (finding);
}

TwRecord *
tw_record_new (const char *session)
{
  TwRecord *self = g_new0 (TwRecord, 1);

  self->session = g_strdup (session);
  self->usage = tw_usage_new ();
  self->power_w = -1;
  self->goal.kind = TW_GOAL_FULL;
  self->findings = g_ptr_array_new_with_free_func (finding_free);
  self->repairs = tw_repairs_new ();
  return self;
}

void
tw_record_free (TwRecord *self)
{
  char **texts[] = {
    &self->session, &self->state, &self->evse_id, &self->tariff_hash, &self->seller_hash, &self->time_zone,
    &self->language, &self->approval_code, &self->take_end, &self->take_reason, &self->card_kind, &self->card_masked,
    &self->card_brand, &self->card_label, &self->card_aid, &self->card_fingerprint, &self->card_fingerprint_old,
    &self->request_operation, &self->request_key, &self->request_outcome, &self->request_detail, &self->end_reason,
    &self->granted.id,
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (*texts[i]);
  g_clear_pointer (&self->reference, g_bytes_unref);
  tw_usage_free (self->usage);
  g_ptr_array_unref (self->findings);
  tw_repairs_free (self->repairs);
  g_free (self);
}

static void
keep_text (char        **text,
           const TwJson *object,
           const char   *name)
{
  const char *value = tw_json_string (tw_json_member (object, name));

  if (value != NULL)
    {
      g_free (*text);
      *text = g_strdup (value);
    }
}

static gint64
optional_int (const TwJson *object,
              const char   *name,
              gint64        fallback)
{
  gint64 value;

  return tw_json_member (object, name) && tw_json_get_int64 (object, name, &value, NULL) ? value : fallback;
}

static void
keep_reference (TwRecord     *self,
                const TwJson *object)
{
  const char *text = tw_json_string (tw_json_member (object, "reference"));

  if (text == NULL)
    return;
  g_clear_pointer (&self->reference, g_bytes_unref);
  self->reference = g_bytes_new (text, strlen (text));
}

static void
keep_card (TwRecord     *self,
           const TwJson *object)
{
  const TwJson *card = tw_json_member (object, "card");

  keep_text (&self->card_kind, card, "kind");
  keep_text (&self->card_masked, card, "masked");
  keep_text (&self->card_brand, card, "brand");
  keep_text (&self->card_label, card, "label");
  keep_text (&self->card_aid, card, "aid");
  keep_text (&self->card_fingerprint, card, "fingerprint");
  keep_text (&self->card_fingerprint_old, card, "fingerprint_old");
}

/* Without one, as in journals from before it could be chosen: until the car is full. */
static gboolean
keep_goal (TwRecord     *self,
           const TwJson *payload,
           GError      **error)
{
  const char *kind;
  gint64 value;

  if (tw_json_member (payload, "goal") == NULL)
    return TRUE;
  kind = tw_json_get_string (payload, "goal", error);
  return kind != NULL && tw_json_get_int64 (payload, "goal_value", &value, error)
         && tw_goal_parse (kind, value, &self->goal, error);
}

static gboolean
apply_offered (TwRecord      *self,
               const TwEntry *entry,
               const TwJson  *payload,
               GError       **error)
{
  const char *currency = tw_json_get_string (payload, "currency", error);
  gint64 connector, hold_minor;

  if (currency == NULL || !tw_json_get_int64 (payload, "connector", &connector, error)
      || !tw_json_get_int64 (payload, "hold_minor", &hold_minor, error) || !keep_goal (self, payload, error))
    return FALSE;
  if (tw_currency_digits (currency) < 0)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "$.currency: \"%.16s\" is no currency", currency);
      return FALSE;
    }

  self->connector = (guint) connector;
  self->hold = tw_money (hold_minor, currency);
  self->test_mode = tw_json_is_true (tw_json_member (payload, "test_mode"));
  self->idle_grace_ms = MAX (optional_int (payload, "idle_grace_ms", 0), 0);
  self->offered_at = entry->at;
  keep_text (&self->evse_id, payload, "evse_id");
  keep_text (&self->tariff_hash, payload, "tariff");
  keep_text (&self->seller_hash, payload, "seller");
  keep_text (&self->language, payload, "language");
  keep_text (&self->time_zone, payload, "time_zone");
  return TRUE;
}

static TwPlace
place_of (const char *name)
{
  if (g_str_equal (name, "counter"))
    return TW_PLACE_COUNTER;
  return g_str_equal (name, "bay") ? TW_PLACE_BAY : TW_PLACE_OVER;
}

static TwPhase
phase_of (const char *name)
{
  return g_str_equal (name, "charging") ? TW_PHASE_CHARGING : g_str_equal (name, "parking") ? TW_PHASE_PARKING
         : g_str_equal (name, "grace") ? TW_PHASE_GRACE : TW_PHASE_BLOCKED;
}

/* Of the counter or of a bay. */
static gboolean
apply_step (TwRecord      *self,
            const TwEntry *entry,
            const TwJson  *payload,
            GError       **error)
{
  const char *place = tw_json_get_string (payload, "place", error);
  const char *to = place ? tw_json_get_string (payload, "to", error) : NULL;

  if (to == NULL)
    return FALSE;
  if (g_strcmp0 (tw_json_string (tw_json_member (payload, "from")), to) == 0 && g_strcmp0 (self->state, to) == 0)
    return TRUE;   /* something happened, but nothing moved */
  self->place = place_of (place);
  g_free (self->state);
  self->state = g_strdup (to);
  self->state_since = entry->at;
  if (self->place == TW_PLACE_OVER)
    self->ended_at = entry->at;
  if (g_str_equal (to, "finishing")
      || (self->end_reason == NULL && (g_str_equal (to, "settling") || self->place == TW_PLACE_OVER)))
    keep_text (&self->end_reason, payload, "reason");
  return TRUE;
}

static gboolean
apply_referenced (TwRecord      *self,
                  const TwEntry *entry,
                  const TwJson  *payload,
                  GError       **error)
{
  if (!tw_json_get_string (payload, "reference", error))
    return FALSE;
  keep_reference (self, payload);
  keep_card (self, payload);
  self->claim = tw_claim_referenced (self->claim);
  self->n_requests = MAX (self->n_requests, 1);
  return TRUE;
}

/* The usage carries it, so that whoever prices it again, grants it again. */
static gboolean
apply_granted (TwRecord      *self,
               const TwEntry *entry,
               const TwJson  *payload,
               GError       **error)
{
  const TwJson *condition = tw_json_member (payload, "condition");
  gint64 discount_bp;

  if (!tw_json_get_string (payload, "rule", error)
      || !tw_json_get_int64 (payload, "discount_bp", &discount_bp, error))
    return FALSE;
  if (discount_bp < 1 || discount_bp > TW_OFFER_WHOLE_BP)
    return tw_bad_data (error, "$.discount_bp: expected 1 to %d", TW_OFFER_WHOLE_BP);
  keep_text (&self->granted.id, payload, "rule");
  self->granted.discount_bp = (guint) discount_bp;
  self->granted.condition = (TwOfferCondition) {
    (guint) CLAMP (optional_int (condition, "charges_in_month", 0), 0, TW_OFFER_MOST_CHARGES),
    (guint) CLAMP (optional_int (condition, "days_since_last", 0), 0, TW_OFFER_MOST_DAYS),
  };
  tw_usage_reduce (self->usage, self->granted.discount_bp);
  return TRUE;
}

static gboolean
apply_approved (TwRecord      *self,
                const TwEntry *entry,
                const TwJson  *payload,
                GError       **error)
{
  if (!tw_json_get_int64 (payload, "held_minor", &self->held_minor, error))
    return FALSE;
  keep_reference (self, payload);
  keep_card (self, payload);
  keep_text (&self->approval_code, payload, "approval_code");
  self->approved_at = entry->at;
  self->claim = tw_claim_approved (self->claim);
  return TRUE;
}

static gboolean
apply_not_approved (TwRecord      *self,
                    const TwEntry *entry,
                    const TwJson  *payload,
                    GError       **error)
{
  const char *end = tw_json_get_string (payload, "end", error);

  if (end == NULL)
    return FALSE;
  keep_text (&self->take_end, payload, "end");
  keep_text (&self->take_reason, payload, "reason");
  keep_reference (self, payload);
  keep_card (self, payload);
  if (!g_str_equal (end, "unknown"))
    self->claim = tw_claim_no_hold (self->claim);
  return TRUE;
}

static gboolean
apply_request (TwRecord      *self,
               const TwEntry *entry,
               const TwJson  *payload,
               GError       **error)
{
  const char *operation = tw_json_get_string (payload, "operation", error);
  gint64 n, amount_minor;

  if (operation == NULL || !tw_json_get_int64 (payload, "n", &n, error)
      || !tw_json_get_int64 (payload, "amount_minor", &amount_minor, error))
    return FALSE;
  self->n_requests = (guint) n;
  if (tw_json_member (payload, "case") != NULL)
    return tw_repairs_request (self->repairs, entry, payload, error);
  if (g_str_equal (operation, "refund"))
    return TRUE;   /* of money that was captured: the hold had its end before */
  self->request_n = (guint) n;
  self->request_amount_minor = amount_minor;
  keep_text (&self->request_operation, payload, "operation");
  keep_text (&self->request_key, payload, "key");
  g_clear_pointer (&self->request_outcome, g_free);
  g_clear_pointer (&self->request_detail, g_free);
  self->request_at = entry->at;
  self->claim = tw_claim_wish (self->claim, g_str_equal (operation, "capture") ? TW_WISH_CAPTURE : TW_WISH_RELEASE);
  self->claim = tw_claim_requested (self->claim);
  return TRUE;
}

static gboolean
apply_answer (TwRecord      *self,
              const TwEntry *entry,
              const TwJson  *payload,
              GError       **error)
{
  const char *outcome = tw_json_get_string (payload, "outcome", error);

  if (outcome == NULL)
    return FALSE;
  keep_reference (self, payload);
  if (tw_repairs_answer (self->repairs, (guint) optional_int (payload, "n", 0), entry, payload))
    return TRUE;
  keep_text (&self->request_outcome, payload, "outcome");
  keep_text (&self->request_detail, payload, "detail");
  self->answered_at = entry->at;
  if (g_str_equal (outcome, "done"))
    self->claim = tw_claim_answered (self->claim, TW_REQUEST_DONE);
  if (g_str_equal (outcome, "refused"))
    self->claim = tw_claim_answered (self->claim, TW_REQUEST_REFUSED);
  return TRUE;
}

static gboolean
apply_reading (TwRecord      *self,
               const TwEntry *entry,
               const TwJson  *payload,
               GError       **error)
{
  const char *phase = tw_json_get_string (payload, "phase", error);
  TwMark mark = { .at = entry->at };

  if (phase == NULL || !tw_json_get_int64 (payload, "register_wh", &mark.register_wh, error)
      || !tw_json_get_int64 (payload, "wall_us", &mark.at.wall_us, error)
      || !tw_json_get_int64 (payload, "boot_us", &mark.at.boot_us, error))
    return FALSE;
  if (mark.register_wh < 0)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "$.register_wh: a register below zero");
      return FALSE;
    }
  mark.session_ws = optional_int (payload, "session_ws", -1);
  mark.plugged_s = optional_int (payload, "plugged_s", -1);
  mark.current_ma = optional_int (payload, "current_ma", -1);
  mark.epoch = (guint64) optional_int (payload, "epoch", 0);
  mark.phase = phase_of (phase);
  tw_record_add_mark (self, &mark);
  return TRUE;
}

static gboolean
apply_bill (TwRecord      *self,
            const TwEntry *entry,
            const TwJson  *payload,
            GError       **error)
{
  if (!tw_json_get_int64 (payload, "price_minor", &self->price_minor, error)
      || !tw_json_get_int64 (payload, "capture_minor", &self->capture_minor, error))
    return FALSE;
  self->billed = TRUE;
  self->receipt_number = (guint64) optional_int (payload, "receipt", 0);
  return TRUE;
}

static gboolean
apply_language (TwRecord      *self,
                const TwEntry *entry,
                const TwJson  *payload,
                GError       **error)
{
  if (!tw_json_get_string (payload, "language", error))
    return FALSE;
  keep_text (&self->language, payload, "language");
  return TRUE;
}

static gboolean
apply_finding (TwRecord      *self,
               const TwEntry *entry,
               const TwJson  *payload,
               GError       **error)
{
  TwFinding *finding;

  if (!tw_json_get_string (payload, "class", error) || !tw_json_get_string (payload, "text", error))
    return FALSE;
  finding = g_new0 (TwFinding, 1);
  keep_text (&finding->class_, payload, "class");
  keep_text (&finding->text, payload, "text");
  finding->amount_minor = optional_int (payload, "amount_minor", 0);
  g_ptr_array_add (self->findings, finding);
  if (tw_json_is_true (tw_json_member (payload, "ends_claim")))
    self->claim = tw_claim_name (self->claim);
  return TRUE;
}

static gboolean
apply_receipt_fetched (TwRecord      *self,
                       const TwEntry *entry,
                       const TwJson  *payload,
                       GError       **error)
{
  const char *how = tw_json_get_string (payload, "how", error);

  if (how == NULL)
    return FALSE;
  self->receipt_shown |= g_str_equal (how, "shown");
  self->receipt_dismissed |= g_str_equal (how, "dismissed");
  return TRUE;
}

/* The closed list of kinds that are about a session; README.md documents each. */
static const struct
{
  const char *kind;
  gboolean  (*apply) (TwRecord *self, const TwEntry *entry, const TwJson *payload, GError **error);
} kinds[] = {
  { "offered", apply_offered },   { "counter", apply_step },   { "bay", apply_step },
  { "referenced", apply_referenced }, { "approved", apply_approved }, { "not-approved", apply_not_approved },
  { "request", apply_request },   { "answer", apply_answer },  { "reading", apply_reading },
  { "bill", apply_bill },         { "finding", apply_finding }, { "language", apply_language },
  { "receipt-fetched", apply_receipt_fetched }, { "offer-granted", apply_granted },
};

gboolean
tw_record_apply (TwRecord      *self,
                 const TwEntry *entry,
                 GError       **error)
{
  gsize len;
  const char *text = g_bytes_get_data (entry->payload, &len);
  g_autoptr (TwJson) payload = tw_json_parse (text, len, &TW_JSON_SMALL, error);

  for (guint i = 0; payload != NULL && i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (kinds[i].kind, entry->kind))
      {
        if (kinds[i].apply (self, entry, payload, error))
          return TRUE;
        break;
      }

  if (error != NULL && *error == NULL)
    g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "kind \"%s\" is not known to this version", entry->kind);
  g_prefix_error (error, "journal entry %" G_GUINT64_FORMAT ": ", entry->seq);
  return FALSE;
}
