/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/receipt/figures.h"

#include "app/base/json.h"

static const char *const status_names[] = {
  [TW_PAYMENT_NONE] = "none",
  [TW_PAYMENT_UNKNOWN] = "unknown",
  [TW_PAYMENT_PENDING] = "pending",
  [TW_PAYMENT_CAPTURED] = "captured",
  [TW_PAYMENT_RELEASED] = "released",
  [TW_PAYMENT_FAILED] = "failed",
};

static const char *const release_names[] = {
  [TW_RELEASE_NONE] = "none",
  [TW_RELEASE_PENDING] = "pending",
  [TW_RELEASE_DONE] = "released",
  [TW_RELEASE_REFUSED] = "refused",
};

static const char *const item_names[] = {
  [TW_ITEM_FLAT] = "flat",
  [TW_ITEM_ENERGY] = "energy",
  [TW_ITEM_TIME] = "time",
  [TW_ITEM_PARKING_TIME] = "parking_time",
  [TW_ITEM_ADJUSTMENT] = "adjustment",
  [TW_ITEM_REDUCTION] = "reduction",
  [TW_ITEM_ROUNDING] = "rounding",
};

/* "net": "8.42", "net_minor": 842 */
static void
write_amount (TwJsonOut       *out,
              const TwReceipt *self,
              const char      *key,
              gint64           minor)
{
  g_autofree char *decimal = tw_money_to_decimal (tw_money (minor, self->currency));
  g_autofree char *minor_key = g_strconcat (key, "_minor", NULL);

  tw_json_out_string (out, key, decimal);
  tw_json_out_int64 (out, minor_key, minor);
}

/* Null is not zero: nobody knows. */
static void
write_sides (TwJsonOut       *out,
             const TwReceipt *self,
             gint64           net_minor,
             gint64           gross_minor)
{
  if (self->net_known)
    {
      write_amount (out, self, "net", net_minor);
      write_amount (out, self, "tax", gross_minor - net_minor);
    }
  else
    {
      tw_json_out_string (out, "net", NULL);
      tw_json_out_string (out, "net_minor", NULL);
      tw_json_out_string (out, "tax", NULL);
      tw_json_out_string (out, "tax_minor", NULL);
    }
  write_amount (out, self, "gross", gross_minor);
}

static void
write_instant (TwJsonOut       *out,
               const TwReceipt *self,
               const char      *key,
               gint64           wall_us)
{
  g_autofree char *utc = tw_receipt_local_time (wall_us, "UTC", "%Y-%m-%dT%H:%M:%SZ");
  g_autofree char *local = tw_receipt_local_time (wall_us, self->time_zone, "%Y-%m-%dT%H:%M:%S%:z");

  if (wall_us <= 0)
    {
      tw_json_out_string (out, key, NULL);
      return;
    }
  tw_json_out_begin_object (out, key);
  tw_json_out_string (out, "utc", utc);
  tw_json_out_string (out, "local", local);
  tw_json_out_end (out);
}

static void
write_parties (TwJsonOut       *out,
               const TwReceipt *self)
{
  tw_json_out_begin_object (out, "seller");
  tw_json_out_string (out, "name", self->seller_name);
  tw_json_out_string (out, "address", self->seller_address);
  tw_json_out_string (out, "vat_id", self->seller_vat_id);
  tw_json_out_string (out, "helpline", self->helpline);
  tw_json_out_end (out);
  tw_json_out_begin_object (out, "station");
  tw_json_out_string (out, "id", self->station_id);
  tw_json_out_string (out, "name", self->station_name);
  tw_json_out_string (out, "address", self->station_address);
  tw_json_out_string (out, "evse_id", self->evse_id);
  tw_json_out_string (out, "connector", self->connector);
  tw_json_out_string (out, "time_zone", self->time_zone);
  tw_json_out_end (out);
}

/* Negative: not known. */
static void
write_known (TwJsonOut  *out,
             const char *key,
             gint64      value)
{
  if (value < 0)
    tw_json_out_string (out, key, NULL);
  else
    tw_json_out_int64 (out, key, value);
}

static void
write_delivery (TwJsonOut       *out,
                const TwReceipt *self)
{
  g_autofree char *kwh = tw_receipt_thousands (self->energy_wh);

  write_instant (out, self, "begin", self->begin_wall_us);
  write_instant (out, self, "end", self->end_wall_us);
  tw_json_out_begin_object (out, "energy");
  tw_json_out_string (out, "kwh", kwh);
  tw_json_out_int64 (out, "wh", self->energy_wh);
  write_known (out, "meter_begin_wh", self->meter_begin_wh);
  write_known (out, "meter_end_wh", self->meter_end_wh);
  write_known (out, "max_power_w", self->max_power_w > 0 ? self->max_power_w : -1);
  tw_json_out_string (out, "current_type", self->current_type);
  tw_json_out_end (out);
}

static void
write_quantity (TwJsonOut           *out,
                const TwReceiptItem *item)
{
  g_autofree char *thousands = tw_receipt_thousands (item->quantity);
  g_autofree char *kwh = tw_receipt_kwh (item->quantity);

  switch (item->kind)
    {
    case TW_ITEM_ENERGY:
      tw_json_out_string (out, "quantity", kwh);
      tw_json_out_string (out, "unit", "kWh");
      tw_json_out_string (out, "price_per", "kWh");
      return;
    case TW_ITEM_TIME:
    case TW_ITEM_PARKING_TIME:
      tw_json_out_string (out, "quantity", thousands);
      tw_json_out_string (out, "unit", "s");
      tw_json_out_string (out, "price_per", "h");
      return;
    case TW_ITEM_FLAT:
      tw_json_out_string (out, "quantity", "1");
      tw_json_out_string (out, "unit", "session");
      tw_json_out_string (out, "price_per", "session");
      return;
    case TW_ITEM_ADJUSTMENT:
    case TW_ITEM_REDUCTION:
    case TW_ITEM_ROUNDING:
      return;
    }
  g_assert_not_reached ();
}

/* Where the line comes from. Rounding comes from nowhere, a limit not from an element. */
static void
write_origin (TwJsonOut           *out,
              const TwReceipt     *self,
              const TwReceiptItem *item)
{
  g_autofree char *path = g_strdup_printf ("$.elements[%u].price_components[%u]", item->element, item->component);
  g_autofree char *added = item->kind == TW_ITEM_ENERGY ? tw_receipt_kwh (item->step_added)
                                                        : tw_receipt_thousands (item->step_added);

  if (item->kind >= TW_ITEM_ADJUSTMENT)
    return;
  write_instant (out, self, "begin", item->start_ms * 1000);
  write_instant (out, self, "end", item->end_ms * 1000);
  tw_json_out_int64 (out, "periods", item->n_periods);
  tw_json_out_bool (out, "reservation", item->reservation);
  tw_json_out_string (out, "path", path);
  tw_json_out_string (out, "reason", item->reason);
  tw_json_out_int64 (out, "step_size", item->step_size);
  tw_json_out_string (out, "added_by_step", added);
  tw_json_out_begin_array (out, "flags");
  for (guint i = 0; i < TW_N_LINE_FLAGS; i++)
    if (item->flags >> i & 1)
      tw_json_out_string (out, NULL, tw_line_flag_name (i));
  tw_json_out_end (out);
}

static void
write_items (TwJsonOut       *out,
             const TwReceipt *self)
{
  tw_json_out_begin_array (out, "items");
  for (guint i = 0; i < self->items->len; i++)
    {
      const TwReceiptItem *item = &g_array_index (self->items, TwReceiptItem, i);
      const TwReceiptTax *tax = item->tax == G_MAXUINT ? NULL : &g_array_index (self->taxes, TwReceiptTax, item->tax);

      tw_json_out_begin_object (out, NULL);
      tw_json_out_string (out, "kind", item_names[item->kind]);
      write_quantity (out, item);
      if (item->unit_price)
        tw_json_out_string (out, "unit_price", item->unit_price);
      tw_json_out_string (out, "tax_percent", tax ? tax->percent : NULL);
      write_amount (out, self, "amount", item->amount_minor);
      write_origin (out, self, item);
      tw_json_out_end (out);
    }
  tw_json_out_end (out);
}

/* What was taken off, and for what. */
static void
write_offer (TwJsonOut       *out,
             const TwReceipt *self)
{
  g_autofree char *percent = NULL;

  if (self->discount_bp == 0)
    return;
  percent = tw_offer_percent_text (self->discount_bp);
  tw_json_out_begin_object (out, "offer");
  tw_json_out_string (out, "discount_percent", percent);
  tw_json_out_int64 (out, "discount_bp", self->discount_bp);
  tw_offer_put_condition (out, &self->granted_for);
  write_amount (out, self, "before", self->unreduced_minor);
  tw_json_out_end (out);
}

static void
write_totals (TwJsonOut       *out,
              const TwReceipt *self)
{
  tw_json_out_begin_array (out, "taxes");
  for (guint i = 0; i < self->taxes->len; i++)
    {
      const TwReceiptTax *tax = &g_array_index (self->taxes, TwReceiptTax, i);

      tw_json_out_begin_object (out, NULL);
      tw_json_out_string (out, "percent", tax->percent);
      tw_json_out_bool (out, "adjustment", tax->adjustment);
      write_sides (out, self, tax->net_minor, tax->gross_minor);
      tw_json_out_end (out);
    }
  tw_json_out_end (out);
  tw_json_out_begin_object (out, "total");
  write_sides (out, self, self->net_minor, self->gross_minor);
  tw_json_out_end (out);
}

static void
write_payment (TwJsonOut       *out,
               const TwReceipt *self)
{
  tw_json_out_begin_object (out, "payment");
  tw_json_out_string (out, "status", status_names[self->status]);
  tw_json_out_string (out, "brand", self->brand);
  tw_json_out_string (out, "masked", self->masked);
  tw_json_out_string (out, "aid", self->aid);
  tw_json_out_string (out, "approval_code", self->approval_code);
  tw_json_out_string (out, "reference", self->reference);
  write_amount (out, self, "hold", self->hold_minor);
  write_amount (out, self, "captured", self->captured_minor);
  if (self->refunded_minor > 0)
    write_amount (out, self, "refunded", self->refunded_minor);
  write_amount (out, self, "rest", self->hold_minor - self->captured_minor);
  tw_json_out_string (out, "release", release_names[self->release]);
  write_instant (out, self, "released", self->release == TW_RELEASE_DONE ? self->released_wall_us : 0);
  tw_json_out_end (out);
}

GBytes *
tw_receipt_to_json (const TwReceipt  *self,
                    GError          **error)
{
  g_autoptr (TwJsonOut) out = NULL;

  if (!tw_receipt_check (self, error))
    return NULL;
  out = tw_json_out_new ();
  tw_json_out_begin_object (out, NULL);
  tw_json_out_string (out, "format", "tapwatt-receipt-1");
  tw_json_out_bool (out, "test_mode", self->test_mode);
  tw_json_out_string (out, "number", self->number);
  tw_json_out_string (out, "session", self->session);
  tw_json_out_string (out, "currency", self->currency);
  write_parties (out, self);
  write_delivery (out, self);
  tw_json_out_begin_object (out, "tariff");
  tw_json_out_string (out, "id", self->tariff_id);
  tw_json_out_string (out, "hash", self->tariff_hash);
  tw_json_out_end (out);
  write_items (out, self);
  write_offer (out, self);
  if (self->grace_ms > 0)
    {
      g_autofree char *seconds = tw_receipt_thousands (self->grace_ms);

      tw_json_out_string (out, "free_parking_s", seconds);
    }
  write_totals (out, self);
  write_payment (out, self);
  tw_json_out_string (out, "reason", self->reason);
  tw_json_out_begin_array (out, "findings");
  for (guint i = 0; i < self->findings->len; i++)
    tw_json_out_string (out, NULL, self->findings->pdata[i]);
  tw_json_out_end (out);
  tw_json_out_end (out);

  return tw_json_out_finish (out);
}
