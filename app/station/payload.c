/* SPDX-License-Identifier: Apache-2.0 */
#include "app/station/core.h"

#include "app/base/json.h"
#include "app/base/zones.h"

static const char *
phase_name (TwPhase phase)
{
  switch (phase)
    {
    case TW_PHASE_CHARGING:
      return "charging";
    case TW_PHASE_PARKING:
      return "parking";
    case TW_PHASE_BLOCKED:
      return "blocked";
    case TW_PHASE_GRACE:
      return "grace";
    case TW_PHASE_RESERVATION:
      return "reservation";
    case TW_PHASE_RESERVATION_EXPIRED:
      return "reservation-expired";
    }
  g_assert_not_reached ();
}

/* References are the acceptor's own JSON text; they are kept as a string so that their bytes come back as they were. */
static void
write_reference (TwJsonOut *out,
                 GBytes    *reference)
{
  g_autofree char *text = NULL;
  gsize len;
  const char *bytes;

  if (reference == NULL)
    return;
  bytes = g_bytes_get_data (reference, &len);
  text = g_strndup (bytes, len);
  tw_json_out_string (out, "reference", text);
}

static void
write_text (TwJsonOut  *out,
            const char *key,
            const char *value)
{
  if (value != NULL)
    tw_json_out_string (out, key, value);
}

static void
write_card (TwJsonOut    *out,
            const TwCard *card)
{
  if (card == NULL)
    return;
  tw_json_out_begin_object (out, "card");
  write_text (out, "kind", card->kind);
  write_text (out, "masked", card->masked);
  write_text (out, "brand", card->brand);
  write_text (out, "label", card->label);
  write_text (out, "aid", card->aid);
  write_text (out, "fingerprint", card->fingerprint);
  write_text (out, "fingerprint_old", card->fingerprint_old);
  tw_json_out_end (out);
}

static TwJsonOut *
begin (void)
{
  TwJsonOut *out = tw_json_out_new ();

  tw_json_out_begin_object (out, NULL);
  return out;
}

GBytes *
tw_payload_started (const TwConfig *config)
{
  g_autoptr (TwJsonOut) out = begin ();
  g_autofree char *zones = tw_zones_version (NULL);

  tw_json_out_string (out, "version", TW_VERSION);
  tw_json_out_string (out, "tzdata", zones);
  tw_json_out_string (out, "config", tw_config_digest (config));
  tw_json_out_int64 (out, "connectors", config->n_connectors);
  tw_json_out_bool (out, "test_mode", config->bank_cards_test);
  return tw_json_out_finish (out);
}

GBytes *
tw_payload_activated (const TwActivation *activation)
{
  g_autoptr (TwJsonOut) out = begin ();

  tw_json_out_string (out, "tariff", activation->hash);
  tw_json_out_string (out, "id", tw_tariff_id (activation->tariff));
  tw_json_out_int64 (out, "connector", activation->connector);
  tw_json_out_int64 (out, "valid_from_us", activation->valid_from_us);
  if (activation->forced)
    tw_json_out_bool (out, "forced", TRUE);
  write_text (out, "breaks", activation->breaks);
  return tw_json_out_finish (out);
}

GBytes *
tw_payload_offers (const char *hash,
                   gint64      valid_from_us,
                   gint64      valid_until_us)
{
  g_autoptr (TwJsonOut) out = begin ();

  if (hash != NULL)
    {
      tw_json_out_string (out, "offers", hash);
      tw_json_out_int64 (out, "valid_from_us", valid_from_us);
      tw_json_out_int64 (out, "valid_until_us", valid_until_us);
    }
  return tw_json_out_finish (out);
}

GBytes *
tw_payload_granted (const TwOfferRule    *rule,
                    const TwOfferHistory *history,
                    const char           *hash)
{
  g_autoptr (TwJsonOut) out = begin ();

  tw_json_out_string (out, "offers", hash);
  tw_json_out_string (out, "rule", rule->id);
  tw_json_out_int64 (out, "discount_bp", rule->discount_bp);
  tw_offer_put_condition (out, &rule->condition);
  tw_json_out_int64 (out, "charges_in_month", history->charges_in_month);
  if (history->days_since_last >= 0)
    tw_json_out_int64 (out, "days_since_last", history->days_since_last);
  return tw_json_out_finish (out);
}

GBytes *
tw_payload_offered (const TwRecord *draft)
{
  g_autoptr (TwJsonOut) out = begin ();

  tw_json_out_int64 (out, "connector", draft->connector);
  tw_json_out_string (out, "evse_id", draft->evse_id);
  tw_json_out_string (out, "tariff", draft->tariff_hash);
  tw_json_out_string (out, "seller", draft->seller_hash);
  write_text (out, "time_zone", draft->time_zone);
  tw_json_out_string (out, "currency", draft->hold.currency);
  tw_json_out_int64 (out, "hold_minor", draft->hold.minor);
  tw_json_out_string (out, "language", draft->language);
  tw_json_out_bool (out, "test_mode", draft->test_mode);
  if (draft->goal.kind != TW_GOAL_FULL)
    {
      tw_json_out_string (out, "goal", tw_goal_kind_name (draft->goal.kind));
      tw_json_out_int64 (out, "goal_value", tw_goal_value (&draft->goal));
    }
  if (draft->idle_grace_ms > 0)
    tw_json_out_int64 (out, "idle_grace_ms", draft->idle_grace_ms);
  return tw_json_out_finish (out);
}

GBytes *
tw_payload_language (const char *language)
{
  g_autoptr (TwJsonOut) out = begin ();

  tw_json_out_string (out, "language", language);
  return tw_json_out_finish (out);
}

GBytes *
tw_payload_step (const char *event,
                 const char *from,
                 const char *to,
                 const char *place,
                 guint       connector,
                 const char *reason)
{
  g_autoptr (TwJsonOut) out = begin ();

  tw_json_out_string (out, "event", event);
  tw_json_out_string (out, "from", from);
  tw_json_out_string (out, "to", to);
  tw_json_out_string (out, "place", place);
  if (connector != 0)
    tw_json_out_int64 (out, "connector", connector);
  write_text (out, "reason", reason);
  return tw_json_out_finish (out);
}

GBytes *
tw_payload_referenced (GBytes       *reference,
                       const TwCard *card,
                       const char   *key,
                       const char   *digest)
{
  g_autoptr (TwJsonOut) out = begin ();

  tw_json_out_string (out, "operation", tw_operation_name (TW_OPERATION_AUTHORIZE));
  tw_json_out_string (out, "key", key);
  write_text (out, "digest", digest);
  write_reference (out, reference);
  write_card (out, card);
  return tw_json_out_finish (out);
}

GBytes *
tw_payload_take_end (const TwTakeResult *result,
                     gboolean            late)
{
  static const char *const ends[] = { "approved", "declined", "failed", "unknown" };
  g_autoptr (TwJsonOut) out = begin ();

  tw_json_out_string (out, "end", ends[result->end]);
  if (result->end == TW_TAKE_APPROVED)
    tw_json_out_int64 (out, "held_minor", result->held_minor);
  write_text (out, "reason", result->reason);
  write_text (out, "approval_code", result->approval_code);
  if (late)
    tw_json_out_bool (out, "late", TRUE);
  write_reference (out, result->reference);
  write_card (out, result->card);
  return tw_json_out_finish (out);
}

GBytes *
tw_payload_request (guint       n,
                    const char *operation,
                    const char *key,
                    gint64      amount_minor)
{
  g_autoptr (TwJsonOut) out = begin ();

  tw_json_out_int64 (out, "n", n);
  tw_json_out_string (out, "operation", operation);
  tw_json_out_string (out, "key", key);
  tw_json_out_int64 (out, "amount_minor", amount_minor);
  return tw_json_out_finish (out);
}

GBytes *
tw_payload_repair (guint                n,
                   const TwRepairOrder *order,
                   const char          *key)
{
  g_autoptr (TwJsonOut) out = begin ();

  tw_json_out_int64 (out, "n", n);
  tw_json_out_string (out, "operation", order->operation);
  tw_json_out_string (out, "key", key);
  tw_json_out_int64 (out, "amount_minor", order->amount.minor);
  tw_json_out_string (out, "case", order->case_);
  tw_json_out_string (out, "by", order->by);
  return tw_json_out_finish (out);
}

GBytes *
tw_payload_answer (guint       n,
                   const char *key,
                   const char *outcome,
                   const char *detail,
                   GBytes     *reference)
{
  g_autoptr (TwJsonOut) out = begin ();

  tw_json_out_int64 (out, "n", n);
  tw_json_out_string (out, "key", key);
  tw_json_out_string (out, "outcome", outcome);
  write_text (out, "detail", detail);
  write_reference (out, reference);
  return tw_json_out_finish (out);
}

GBytes *
tw_payload_reading (const TwMark *mark,
                    const char   *why)
{
  g_autoptr (TwJsonOut) out = begin ();

  tw_json_out_string (out, "why", why);
  tw_json_out_string (out, "phase", phase_name (mark->phase));
  tw_json_out_int64 (out, "register_wh", mark->register_wh);
  tw_json_out_int64 (out, "session_ws", mark->session_ws);
  tw_json_out_int64 (out, "plugged_s", mark->plugged_s);
  if (mark->current_ma >= 0)
    tw_json_out_int64 (out, "current_ma", mark->current_ma);
  tw_json_out_int64 (out, "epoch", (gint64) mark->epoch);
  tw_json_out_int64 (out, "wall_us", mark->at.wall_us);
  tw_json_out_int64 (out, "boot_us", mark->at.boot_us);
  return tw_json_out_finish (out);
}

GBytes *
tw_payload_bill (const TwRecord *record,
                 const TwBill   *bill,
                 gint64          capture_minor,
                 guint64         receipt)
{
  g_autoptr (TwJsonOut) out = begin ();

  tw_json_out_string (out, "tariff", record->tariff_hash);
  tw_json_out_int64 (out, "energy_wh", tw_usage_energy_wh (record->usage));
  tw_json_out_int64 (out, "charging_ms", tw_usage_duration_ms (record->usage, TW_PHASE_CHARGING));
  tw_json_out_int64 (out, "parking_ms", tw_usage_duration_ms (record->usage, TW_PHASE_PARKING));
  tw_json_out_string (out, "exact_gross", tw_bill_exact_gross (bill));
  tw_json_out_int64 (out, "net_minor", tw_bill_net (bill).minor);
  tw_json_out_int64 (out, "price_minor", tw_bill_gross (bill).minor);
  tw_json_out_int64 (out, "capture_minor", capture_minor);
  if (receipt != 0)
    tw_json_out_int64 (out, "receipt", (gint64) receipt);
  return tw_json_out_finish (out);
}

GBytes *
tw_payload_finding (const char *class_,
                    gint64      amount_minor,
                    const char *text,
                    gboolean    ends_claim)
{
  g_autoptr (TwJsonOut) out = begin ();

  tw_json_out_string (out, "class", class_);
  tw_json_out_int64 (out, "amount_minor", amount_minor);
  tw_json_out_string (out, "text", text);
  if (ends_claim)
    tw_json_out_bool (out, "ends_claim", TRUE);
  return tw_json_out_finish (out);
}

GBytes *
tw_payload_visit (const TwVisit *visit,
                  const char    *end)
{
  g_autoptr (TwJsonOut) out = begin ();

  tw_json_out_string (out, "by", visit->by);
  tw_json_out_int64 (out, "lasted_ms", (visit->latest_us - visit->begun_us) / 1000);
  tw_json_out_string (out, "reached", tw_visit_step_name (visit->reached));
  tw_json_out_int64 (out, "offers", visit->offers);
  tw_json_out_int64 (out, "free", visit->n_free);
  tw_json_out_bool (out, "all_busy", visit->all_busy);
  write_text (out, "closed_why", visit->closed_why);
  if (visit->own)
    tw_json_out_bool (out, "own", TRUE);
  tw_json_out_string (out, "end", end);
  return tw_json_out_finish (out);
}

GBytes *
tw_payload_receipt_fetched (const char *how)
{
  g_autoptr (TwJsonOut) out = begin ();

  tw_json_out_string (out, "how", how);
  return tw_json_out_finish (out);
}
