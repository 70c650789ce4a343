/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/receipt/figures.h"
#include "payment/receipt/writer.h"

#include <string.h>

static void
write_test_mode (TwWriter *self)
{
  g_autofree char *mark = g_strdup_printf ("*** %s ***", tw_writer_word (self, TW_WORD_TEST_MODE));

  if (!self->receipt->test_mode)
    return;
  tw_page_blank (&self->page);
  tw_page_centre (&self->page, mark);
  tw_page_blank (&self->page);
}

static void
write_seller (TwWriter *self)
{
  const TwReceipt *receipt = self->receipt;
  g_autofree char *vat_id = g_strdup_printf ("%s %s", tw_writer_word (self, TW_WORD_VAT_ID), receipt->seller_vat_id);
  g_autofree char *helpline = g_strdup_printf ("%s %s", tw_writer_word (self, TW_WORD_HELPLINE), receipt->helpline);

  tw_page_centre (&self->page, receipt->seller_name);
  tw_page_centre (&self->page, receipt->seller_address);
  if (receipt->seller_vat_id && receipt->seller_vat_id[0] != '\0')
    tw_page_centre (&self->page, vat_id);
  tw_page_centre (&self->page, helpline);
}

/* A receipt where something was or will be paid; else a record of what happened. */
static void
write_title (TwWriter *self)
{
  TwPaymentStatus status = self->receipt->status;
  gboolean pays = status == TW_PAYMENT_CAPTURED || status == TW_PAYMENT_PENDING;

  tw_page_blank (&self->page);
  tw_page_centre (&self->page, tw_writer_word (self, pays ? TW_WORD_RECEIPT : TW_WORD_RECORD));
  tw_page_blank (&self->page);
  tw_writer_pair (self, TW_WORD_NUMBER, self->receipt->number);
}

static void
write_station (TwWriter *self)
{
  const TwReceipt *receipt = self->receipt;
  g_autofree char *name = g_strdup_printf ("%s (%s)", receipt->station_name, receipt->station_id);

  tw_writer_pair (self, TW_WORD_STATION, name);
  tw_page_paragraph (&self->page, 2, receipt->station_address);
  tw_writer_pair (self, TW_WORD_EVSE, receipt->evse_id);
  tw_writer_pair (self, TW_WORD_CONNECTOR, receipt->connector);
}

static void
pair_kwh (TwWriter *self,
          TwWord    label,
          gint64    wh)
{
  g_autofree char *figures = tw_writer_localize (self, tw_receipt_thousands (wh));
  g_autofree char *value = g_strconcat (figures, " kWh", NULL);

  tw_writer_pair (self, label, value);
}

/* To 0.1 kW: it says which kind of charging point it was, not what was sold. */
static void
write_power (TwWriter *self)
{
  gint64 tenths = (self->receipt->max_power_w + 50) / 100;
  g_autofree char *figures = g_strdup_printf ("%" G_GINT64_FORMAT ".%d kW", tenths / 10, (int) (tenths % 10));

  if (self->receipt->max_power_w > 0)
    tw_writer_pair (self, TW_WORD_MAX_POWER, tw_writer_localize (self, figures));
  tw_writer_pair (self, TW_WORD_CURRENT, self->receipt->current_type);
}

static void
write_delivery (TwWriter *self)
{
  const TwReceipt *receipt = self->receipt;

  if (receipt->begin_wall_us <= 0)
    {
      tw_writer_paragraph (self, TW_WORD_NOT_STARTED);
      return;
    }
  tw_writer_pair_time (self, TW_WORD_BEGIN, receipt->begin_wall_us);
  tw_writer_pair_time (self, TW_WORD_END, receipt->end_wall_us);
  pair_kwh (self, TW_WORD_DELIVERED, receipt->energy_wh);
  if (receipt->meter_begin_wh >= 0)
    pair_kwh (self, TW_WORD_METER_BEGIN, receipt->meter_begin_wh);
  if (receipt->meter_end_wh >= 0)
    pair_kwh (self, TW_WORD_METER_END, receipt->meter_end_wh);
  write_power (self);
}

static void
write_release (TwWriter *self)
{
  const TwReceipt *receipt = self->receipt;
  static const struct { TwWord label, sentence; } words[] = {
    [TW_RELEASE_PENDING] = { TW_WORD_RELEASING, TW_WORD_RELEASE_RUNNING },
    [TW_RELEASE_DONE] = { TW_WORD_RELEASED, TW_WORD_BANK_SHOWS },
    [TW_RELEASE_REFUSED] = { TW_WORD_NOT_RELEASED, TW_WORD_RELEASE_REFUSED },
  };
  g_autofree char *when = tw_writer_time (self, receipt->released_wall_us);
  g_autofree char *on = g_strdup_printf ("%s %s", tw_writer_word (self, TW_WORD_ON), when);
  gint64 rest = receipt->hold_minor - receipt->captured_minor;

  if (rest == 0 || receipt->release == TW_RELEASE_NONE)
    return;
  tw_writer_pair_amount (self, words[receipt->release].label, rest);
  if (receipt->release == TW_RELEASE_DONE)
    tw_page_paragraph (&self->page, 2, on);
  tw_writer_paragraph (self, words[receipt->release].sentence);
}

/* What was taken, or will be, and what was not although it was due. */
static void
write_captured (TwWriter *self)
{
  const TwReceipt *receipt = self->receipt;

  if (receipt->status == TW_PAYMENT_CAPTURED || receipt->status == TW_PAYMENT_PENDING)
    tw_writer_pair_amount (self, receipt->status == TW_PAYMENT_PENDING ? TW_WORD_TO_CHARGE : TW_WORD_CHARGED,
                           receipt->captured_minor);
  if (receipt->refunded_minor > 0)
    tw_writer_pair_amount (self, TW_WORD_REFUNDED, receipt->refunded_minor);
  if (receipt->captured_minor < receipt->gross_minor)
    tw_writer_pair_amount (self, TW_WORD_NOT_CHARGED, receipt->gross_minor - receipt->captured_minor);
}

static void
write_status (TwWriter *self)
{
  const TwReceipt *receipt = self->receipt;
  static const int sentences[] = {
    [TW_PAYMENT_NONE] = TW_WORD_STATUS_NONE,
    [TW_PAYMENT_UNKNOWN] = TW_WORD_STATUS_UNKNOWN,
    [TW_PAYMENT_PENDING] = TW_WORD_STATUS_PENDING,
    [TW_PAYMENT_CAPTURED] = -1,   /* the amounts say it all */
    [TW_PAYMENT_RELEASED] = TW_WORD_STATUS_RELEASED,
    [TW_PAYMENT_FAILED] = TW_WORD_STATUS_FAILED,
  };
  gboolean unknown = receipt->status == TW_PAYMENT_UNKNOWN;

  if (receipt->hold_minor > 0)
    tw_writer_pair_amount (self, unknown ? TW_WORD_HOLD_ASKED : TW_WORD_HOLD, receipt->hold_minor);
  write_captured (self);
  if (sentences[receipt->status] >= 0)
    tw_writer_paragraph (self, sentences[receipt->status]);
  write_release (self);
}

static void
write_payment (TwWriter *self)
{
  const TwReceipt *receipt = self->receipt;
  const char *last_four = receipt->masked ? receipt->masked + strlen (receipt->masked) - 4 : "";
  g_autofree char *number = g_strconcat (receipt->masked ? "****" : "", last_four, NULL);

  tw_page_paragraph (&self->page, 0, tw_writer_word (self, TW_WORD_PAYMENT));
  if (receipt->brand && receipt->brand[0] != '\0')
    tw_page_pair (&self->page, tw_receipt_word_for_brand (receipt->brand), number);
  if (receipt->aid && receipt->aid[0] != '\0')
    tw_page_pair (&self->page, "AID", receipt->aid);
  tw_writer_pair (self, TW_WORD_APPROVAL, receipt->approval_code);
  tw_writer_pair (self, TW_WORD_REFERENCE, receipt->reference);
  write_status (self);
}

static void
write_remarks (TwWriter *self)
{
  const TwReceipt *receipt = self->receipt;

  tw_writer_paragraph (self, TW_WORD_REASON);
  tw_page_paragraph (&self->page, 2, tw_receipt_word_for_code (receipt->reason, self->language));
  for (guint i = 0; i < receipt->findings->len; i++)
    {
      const char *code = receipt->findings->pdata[i];

      tw_page_remark (&self->page, "! ", tw_receipt_word_for_code (code, self->language));
    }
}

static void
write_references (TwWriter *self)
{
  tw_writer_pair (self, TW_WORD_SESSION, self->receipt->session);
  tw_writer_pair (self, TW_WORD_TARIFF, self->receipt->tariff_id);
  if (self->receipt->tariff_hash)
    tw_page_paragraph (&self->page, 2, self->receipt->tariff_hash);
}

char *
tw_receipt_to_text (const TwReceipt  *self,
                    const char       *language,
                    GError          **error)
{
  static void (*const sections[]) (TwWriter *) = {
    write_station, write_delivery, tw_writer_price, write_payment, write_remarks, write_references,
  };
  g_autoptr (GString) text = g_string_new (NULL);
  TwWriter writer = { { text, TW_RECEIPT_COLUMNS }, self, language };

  if (!tw_receipt_check (self, error))
    return NULL;
  write_test_mode (&writer);
  write_seller (&writer);
  write_title (&writer);
  for (guint i = 0; i < G_N_ELEMENTS (sections); i++)
    {
      tw_page_rule (&writer.page, '-');
      sections[i] (&writer);
    }
  tw_page_rule (&writer.page, '-');
  tw_page_centre (&writer.page, tw_writer_word (&writer, TW_WORD_QUESTIONS));
  tw_page_centre (&writer.page, self->helpline);
  write_test_mode (&writer);

  return g_string_free (g_steal_pointer (&text), FALSE);
}
