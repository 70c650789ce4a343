/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/receipt/reprint.h"

#include "app/base/error.h"
#include "app/base/json.h"
#include "payment/journal/locked.h"
#include "payment/tariff/pricer.h"

typedef struct
{
  TwRecord *record;
  guint     n_entries;
  GError   *error;
} Fold;

static gboolean
on_entry (const TwEntry *entry,
          gpointer       user_data)
{
  Fold *fold = user_data;

  fold->n_entries++;
  return tw_record_apply (fold->record, entry, &fold->error);
}

static TwRecord *
read_record (TwJournal  *journal,
             const char *session,
             GError    **error)
{
  g_autoptr (TwRecord) record = tw_record_new (session);
  Fold fold = { record, 0, NULL };

  if (!tw_journal_each (journal, session, on_entry, &fold, error))
    return NULL;
  if (fold.error != NULL)
    {
      g_propagate_error (error, fold.error);
      return NULL;
    }
  if (fold.n_entries == 0)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_REFUSED, "the journal has no session \"%s\"", session);
      return NULL;
    }
  return g_steal_pointer (&record);
}

static GBytes *
read_blob (TwJournal  *journal,
           const char *hash,
           const char *what,
           GError    **error)
{
  GBytes *bytes = hash ? tw_journal_blob (journal, hash) : NULL;

  if (bytes == NULL)
    g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "the journal does not hold the %s %s", what, hash ? hash : "");
  return bytes;
}

static char *
text_of (const TwJson *object,
         const char   *name)
{
  return g_strdup (tw_json_string (tw_json_member (object, name)));
}

static void
fill_connector (TwReceipt      *receipt,
                const TwRecord *record,
                const TwJson   *seller)
{
  const TwJson *connectors = tw_json_member (seller, "connectors");

  for (guint i = 0; i < tw_json_length (connectors); i++)
    {
      const TwJson *connector = tw_json_element (connectors, i);
      gint64 number, power_w;

      if (!tw_json_get_int64 (connector, "number", &number, NULL) || number != record->connector)
        continue;
      receipt->connector = text_of (connector, "label");
      if (tw_json_get_int64 (connector, "max_power_w", &power_w, NULL))
        receipt->max_power_w = power_w;
    }
}

static gboolean
fill_seller (TwReceipt      *receipt,
             const TwRecord *record,
             TwJournal      *journal,
             GError        **error)
{
  g_autoptr (GBytes) bytes = read_blob (journal, record->seller_hash, "seller's data", error);
  g_autoptr (TwJson) seller = NULL;
  gsize len;
  const char *text;

  if (bytes == NULL)
    return FALSE;
  text = g_bytes_get_data (bytes, &len);
  seller = tw_json_parse (text, len, &TW_JSON_LARGE, error);
  if (seller == NULL)
    return FALSE;
  receipt->seller_name = text_of (seller, "seller");
  receipt->seller_address = text_of (seller, "seller_address");
  receipt->seller_vat_id = text_of (seller, "vat_id");
  receipt->helpline = text_of (seller, "helpline");
  receipt->station_id = text_of (seller, "station_id");
  receipt->station_name = text_of (seller, "station_name");
  receipt->station_address = text_of (seller, "address");
  receipt->time_zone = text_of (seller, "time_zone");
  fill_connector (receipt, record, seller);
  return TRUE;
}

/* Only what was billed is on a receipt, and it must come out the same again. */
static gboolean
fill_bill (TwReceipt      *receipt,
           const TwRecord *record,
           TwJournal      *journal,
           GError        **error)
{
  g_autoptr (TwTariff) tariff = tw_locked_tariff (journal, record, error);
  g_autoptr (TwBill) bill = NULL;

  if (tariff == NULL)
    return FALSE;
  receipt->tariff_id = g_strdup (tw_tariff_id (tariff));
  receipt->tariff_hash = g_strdup (record->tariff_hash);
  if (!record->billed)
    return TRUE;
  bill = tw_tariff_price (tariff, record->usage, error);
  if (bill == NULL)
    return FALSE;
  if (tw_bill_gross (bill).minor != record->price_minor)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA,
                   "session %s was billed %" G_GINT64_FORMAT " minor units, but its readings and its tariff make %"
                   G_GINT64_FORMAT, record->session, record->price_minor, tw_bill_gross (bill).minor);
      return FALSE;
    }
  tw_receipt_set_bill (receipt, bill);
  return TRUE;
}

static TwPaymentStatus
status_of (const TwRecord *record)
{
  TwClaim claim = record->claim;

  if (claim.hold == TW_HOLD_NONE)
    return TW_PAYMENT_NONE;
  if (claim.wish == TW_WISH_NONE)
    return TW_PAYMENT_PENDING;
  if (claim.wish == TW_WISH_RELEASE)
    return claim.hold == TW_HOLD_ASKED && claim.request != TW_REQUEST_DONE ? TW_PAYMENT_UNKNOWN : TW_PAYMENT_RELEASED;
  if (claim.request == TW_REQUEST_REFUSED)
    return TW_PAYMENT_FAILED;
  return claim.request == TW_REQUEST_DONE ? TW_PAYMENT_CAPTURED : TW_PAYMENT_PENDING;
}

/* What a person did later for a case of the books: it ends what the claim left open, and gives back. */
static void
fill_repairs (TwReceipt      *receipt,
              const TwRecord *record)
{
  const TwRepair *end = tw_repairs_end_of_hold (record->repairs);

  receipt->refunded_minor = tw_repairs_refunded_minor (record->repairs, FALSE);
  if (end == NULL)
    return;
  receipt->captured_minor = tw_record_captured_minor (record);
  receipt->status = receipt->captured_minor > 0 ? TW_PAYMENT_CAPTURED : TW_PAYMENT_RELEASED;
  receipt->release = receipt->hold_minor > receipt->captured_minor ? TW_RELEASE_DONE : TW_RELEASE_NONE;
  receipt->released_wall_us = end->answered_at.wall_us;
}

static void
fill_payment (TwReceipt      *receipt,
              const TwRecord *record)
{
  TwClaim claim = record->claim;
  gboolean answered = claim.wish != TW_WISH_NONE && claim.request == TW_REQUEST_DONE;

  receipt->status = status_of (record);
  if (receipt->status != TW_PAYMENT_NONE)
    receipt->hold_minor = record->held_minor != 0 ? record->held_minor : record->hold.minor;
  if (claim.wish == TW_WISH_CAPTURE && receipt->status != TW_PAYMENT_FAILED)
    receipt->captured_minor = record->capture_minor;
  /* A capture gives the rest of the hold back by itself (pre-pay, EV guide). After a refused one nothing is on its way:
   * what becomes of the hold is the operator's to decide. */
  if (receipt->status != TW_PAYMENT_NONE && receipt->status != TW_PAYMENT_FAILED
      && receipt->hold_minor > receipt->captured_minor)
    receipt->release = answered ? TW_RELEASE_DONE : TW_RELEASE_PENDING;
  if (claim.wish == TW_WISH_RELEASE && claim.request == TW_REQUEST_REFUSED)
    receipt->release = TW_RELEASE_REFUSED;
  if (receipt->release == TW_RELEASE_DONE)
    receipt->released_wall_us = record->answered_at.wall_us;
  fill_repairs (receipt, record);
  receipt->brand = g_strdup (record->card_brand);
  receipt->masked = g_strdup (record->card_masked);
  receipt->aid = g_strdup (record->card_aid);
  receipt->approval_code = g_strdup (record->approval_code);
  receipt->reference = g_strdup (record->session);
  receipt->test_mode = record->test_mode;
}

static void
fill_session (TwReceipt      *receipt,
              const TwRecord *record)
{
  const char *reason = record->take_reason && record->n_marks == 0 ? record->take_reason : record->end_reason;

  receipt->session = g_strdup (record->session);
  receipt->granted_for = record->granted.condition;
  receipt->evse_id = g_strdup (record->evse_id);
  receipt->reason = g_strdup (reason ? reason : "running");
  if (record->receipt_number != 0)
    receipt->number = g_strdup_printf ("%s-%06" G_GUINT64_FORMAT, receipt->station_id, record->receipt_number);
  receipt->meter_begin_wh = receipt->meter_end_wh = -1;
  receipt->current_type = g_strdup ("AC");
  if (record->n_marks > 0)
    {
      receipt->begin_wall_us = record->begin.at.wall_us;
      receipt->end_wall_us = record->last.at.wall_us;
      receipt->energy_wh = tw_usage_energy_wh (record->usage);
      receipt->meter_begin_wh = record->begin.register_wh;
      receipt->meter_end_wh = record->last.register_wh;
      if (!record->begin.at.synced || !record->last.at.synced)
        tw_receipt_add_finding (receipt, "clock-not-synchronised");
    }
  for (guint i = 0; i < record->findings->len; i++)
    {
      const TwFinding *finding = g_ptr_array_index (record->findings, i);

      if (g_str_equal (finding->class_, "over-hold"))
        tw_receipt_add_finding (receipt, "capped-at-hold");
    }
}

TwReceipt *
tw_receipt_reprint (TwJournal  *journal,
                    const char *session,
                    GError    **error)
{
  g_autoptr (TwRecord) record = read_record (journal, session, error);
  g_autoptr (TwReceipt) receipt = NULL;

  if (record == NULL)
    return NULL;
  if (tw_currency_digits (record->hold.currency) < 0)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "session %s was never offered", session);
      return NULL;
    }
  receipt = tw_receipt_new (record->hold.currency);
  if (!fill_seller (receipt, record, journal, error) || !fill_bill (receipt, record, journal, error))
    return NULL;
  fill_session (receipt, record);
  fill_payment (receipt, record);
  return g_steal_pointer (&receipt);
}

TwReceipt *
tw_receipt_so_far (TwJournal       *journal,
                   const TwRecord  *record,
                   TwUsage         *usage,
                   const TwMark    *mark,
                   GError         **error)
{
  g_autoptr (TwTariff) tariff = tw_locked_tariff (journal, record, error);
  g_autoptr (TwReceipt) receipt = NULL;
  g_autoptr (TwBill) bill = NULL;

  if (tariff == NULL)
    return NULL;
  receipt = tw_receipt_new (record->hold.currency);
  bill = tw_pricer_bill (tw_usage_pricer (usage), error);
  if (bill == NULL || !fill_seller (receipt, record, journal, error))
    return NULL;
  receipt->tariff_id = g_strdup (tw_tariff_id (tariff));
  receipt->tariff_hash = g_strdup (record->tariff_hash);
  tw_receipt_set_bill (receipt, bill);
  fill_session (receipt, record);
  fill_payment (receipt, record);
  receipt->release = TW_RELEASE_NONE;
  receipt->energy_wh = tw_usage_energy_wh (usage);
  if (record->n_marks > 0)
    {
      receipt->end_wall_us = mark->at.wall_us;
      receipt->meter_end_wh = mark->register_wh;
    }
  return g_steal_pointer (&receipt);
}
