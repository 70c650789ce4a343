/* SPDX-License-Identifier: Apache-2.0 */
/* What makes a receipt one: see the table in README.md for which rule asks for which field. */
#include "payment/receipt/figures.h"

#include "app/base/error.h"

#include <string.h>

static gboolean
refuse (GError     **error,
        const char  *what)
{
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "receipt: %s", what);

  return FALSE;
}

typedef struct { const char *name; const char *value; gboolean needed; } Field;

static gboolean
check_fields (const TwReceipt  *self,
              GError          **error)
{
  gboolean priced = self->items->len > 0, paid = self->status == TW_PAYMENT_CAPTURED;
  gboolean taxed = self->net_known && self->net_minor != self->gross_minor;
  const Field fields[] = {
    { "seller_name", self->seller_name, TRUE },
    { "seller_address", self->seller_address, TRUE },
    { "seller_vat_id (tax is charged)", self->seller_vat_id, taxed },
    { "helpline", self->helpline, TRUE },
    { "station_id", self->station_id, TRUE },
    { "station_name", self->station_name, TRUE },
    { "station_address", self->station_address, TRUE },
    { "evse_id", self->evse_id, TRUE },
    { "connector", self->connector, TRUE },
    { "time_zone", self->time_zone, TRUE },
    { "session", self->session, TRUE },
    { "reason", self->reason, TRUE },
    { "current_type", self->current_type, FALSE },
    { "aid", self->aid, FALSE },
    { "approval_code", self->approval_code, FALSE },
    { "number (it was paid)", self->number, paid },
    { "reference (it was paid)", self->reference, paid },
    { "brand (there is a card number)", self->brand, self->masked != NULL },
    { "tariff_id (there are items)", self->tariff_id, priced },
    { "tariff_hash (there are items)", self->tariff_hash, priced },
  };

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      if (fields[i].value && !g_utf8_validate (fields[i].value, -1, NULL))
        {
          g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "receipt: %s is not UTF-8", fields[i].name);
          return FALSE;
        }
      if (fields[i].needed && (fields[i].value == NULL || fields[i].value[0] == '\0'))
        {
          g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "receipt: %s is missing", fields[i].name);
          return FALSE;
        }
    }
  for (guint i = 0; i < self->findings->len; i++)
    if (!g_utf8_validate (self->findings->pdata[i], -1, NULL))
      return refuse (error, "a finding is not UTF-8");

  return TRUE;
}

static gboolean
check_measured (const TwReceipt  *self,
                GError          **error)
{
  g_autofree char *probe = tw_receipt_local_time (0, self->time_zone, "%Y");

  if (probe == NULL)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "receipt: time_zone \"%s\" is not known here: expected an "
                   "IANA name such as Europe/Berlin, and tzdata installed", self->time_zone);
      return FALSE;
    }
  if (self->energy_wh < 0 || self->max_power_w < 0)
    return refuse (error, "energy_wh or max_power_w is negative");
  if (self->energy_wh > 0 && (self->begin_wall_us <= 0 || self->end_wall_us <= 0))
    return refuse (error, "begin_wall_us or end_wall_us is missing, and energy was delivered");
  if (self->energy_wh > 0 && (self->meter_begin_wh < 0 || self->meter_end_wh < 0))
    return refuse (error, "meter_begin_wh or meter_end_wh is missing, and energy was delivered");

  return TRUE;
}

static gboolean
check_items (const TwReceipt  *self,
             GError          **error)
{
  gint64 sum = 0, product;

  for (guint i = 0; i < self->items->len; i++)
    {
      const TwReceiptItem *item = &g_array_index (self->items, TwReceiptItem, i);

      if (item->quantity < 0 || (item->tax != G_MAXUINT && item->tax >= self->taxes->len))
        return refuse (error, "an item has a negative quantity or a tax that is not there");
      if (item->kind < TW_ITEM_ADJUSTMENT && item->unit_price == NULL)
        return refuse (error, "an item has no unit_price");
      if (item->unit_price
          && (!tw_receipt_product (item, self->currency, &product) || product != item->amount_minor))
        return refuse (error, "an item's amount is not its quantity times its unit price");
      if (__builtin_add_overflow (sum, item->amount_minor, &sum))
        return refuse (error, "the items are too large");
    }
  if (sum != self->gross_minor)
    return refuse (error, "the items do not add up to gross_minor");

  return TRUE;
}

static gboolean
check_taxes (const TwReceipt  *self,
             GError          **error)
{
  gint64 net = 0, gross = 0;

  for (guint i = 0; i < self->taxes->len; i++)
    {
      const TwReceiptTax *tax = &g_array_index (self->taxes, TwReceiptTax, i);

      if (__builtin_add_overflow (net, tax->net_minor, &net)
          || __builtin_add_overflow (gross, tax->gross_minor, &gross))
        return refuse (error, "the taxes are too large");
    }
  if (gross != self->gross_minor || (self->net_known && net != self->net_minor))
    return refuse (error, "the taxes do not add up to net_minor and gross_minor");

  return TRUE;
}

/* PCI DSS 3.4.1 allows more digits; we promise four. */
static gboolean
check_masked (const TwReceipt  *self,
              GError          **error)
{
  gsize n = self->masked ? strlen (self->masked) : 0;
  gsize hidden = self->masked ? strspn (self->masked, "*") : 0;

  if (self->masked && (n < 5 || hidden != n - 4 || strspn (self->masked + hidden, "0123456789") != 4))
    return refuse (error, "masked must be stars and then the last four digits, and nothing else");

  return TRUE;
}

static gboolean
check_payment (const TwReceipt  *self,
               GError          **error)
{
  gboolean takes = self->status == TW_PAYMENT_CAPTURED || self->status == TW_PAYMENT_PENDING;

  if (self->gross_minor < 0 || self->hold_minor < 0 || self->captured_minor < 0)
    return refuse (error, "gross_minor, hold_minor or captured_minor is negative");
  if (!takes && self->captured_minor != 0)
    return refuse (error, "captured_minor is not 0, and nothing was or will be captured");
  if (self->captured_minor > self->hold_minor || self->captured_minor > self->gross_minor)
    return refuse (error, "captured_minor is more than the hold or more than is due");
  if (self->refunded_minor < 0 || self->refunded_minor > self->captured_minor)
    return refuse (error, "refunded_minor is more than captured_minor, or negative");
  if (self->status == TW_PAYMENT_NONE && self->hold_minor != 0)
    return refuse (error, "hold_minor is not 0, and nothing was reserved");
  if (self->release == TW_RELEASE_DONE && self->released_wall_us <= 0)
    return refuse (error, "released_wall_us is missing, and the rest was released");

  return check_masked (self, error);
}

gboolean
tw_receipt_check (const TwReceipt  *self,
                  GError          **error)
{
  return check_fields (self, error)
      && check_measured (self, error)
      && check_items (self, error)
      && check_taxes (self, error)
      && check_payment (self, error);
}
