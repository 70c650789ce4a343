/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/card/emv-tags.h"

typedef enum { FROM_CARD, FROM_TERMINAL, FROM_SELECTION, FROM_HOLDER } Source;

typedef struct { guint32 tag; Source source; gsize least, most; } Item;

/* The order of the table "EMV tags" for Visa: mandatory, then conditional (9F6E), then optional ones by their use. What
 * the terminal said comes from the terminal, even if the card claims to have heard something else. */
static const Item mandatory[] = {
  { 0x9a, FROM_TERMINAL }, { 0x9c, FROM_TERMINAL }, { 0x5f2a, FROM_TERMINAL }, { 0x9f1a, FROM_TERMINAL },
  { 0x9f02, FROM_TERMINAL }, { 0x9f03, FROM_TERMINAL }, { 0x9f36, FROM_CARD, 2, 2 }, { 0x82, FROM_CARD, 2, 2 },
  { 0x84, FROM_SELECTION }, { 0x95, FROM_TERMINAL }, { 0x9f10, FROM_CARD, 1, 32 }, { 0x9f26, FROM_CARD, 8, 8 },
  { 0x9f33, FROM_TERMINAL }, { 0x9f37, FROM_TERMINAL },
};

static const Item optional[] = {
  { 0x9f6e, FROM_CARD, 4, 32 }, { 0x5f34, FROM_CARD, 1, 1 }, { 0x9f27, FROM_CARD, 1, 1 }, { 0x9f34, FROM_HOLDER },
  { 0x9f6c, FROM_CARD, 2, 2 }, { 0x9f66, FROM_TERMINAL }, { 0x9f7c, FROM_CARD, 1, 32 },
};

typedef struct
{
  const TwCardData     *data;
  const TwTerminalData *terminal;
  const TwCandidate    *application;
  gboolean              device_cvm;
} Sources;

static const guint8 *
look_up (const Sources *from,
         const Item    *item,
         gsize         *len)
{
  /* Book 4 annex A4, as far as a terminal without a verification method of its own goes: 3F no CVM performed (by us;
   * the device did), 1F no CVM required. */
  static const guint8 by_device[3] = { 0x3f, 0x00, 0x00 };
  static const guint8 not_required[3] = { 0x1f, 0x00, 0x00 };

  switch (item->source)
    {
    case FROM_CARD:
      return tw_card_data_get (from->data, item->tag, item->least, item->most, len);
    case FROM_TERMINAL:
      return tw_terminal_data_get (from->terminal, item->tag, len);
    case FROM_SELECTION:
      *len = from->application->aid_len;
      return from->application->aid;
    case FROM_HOLDER:
      *len = 3;
      return from->device_cvm ? by_device : not_required;
    }
  g_return_val_if_reached (NULL);
}

static gboolean
write_item (TwTlvWriter   *writer,
            const Sources *from,
            const Item    *item)
{
  gsize len = 0;
  const guint8 *value = look_up (from, item, &len);

  return value != NULL && tw_tlv_write (writer, item->tag, value, len);
}

gboolean
tw_emv_tags_build (guint8                out[TW_EMV_TAGS_MOST],
                   gsize                *len,
                   const TwCardData     *data,
                   const TwTerminalData *terminal,
                   const TwCandidate    *application,
                   gboolean              device_cvm)
{
  const Sources from = { data, terminal, application, device_cvm };
  TwTlvWriter writer = { out, TW_EMV_TAGS_MOST, 0 };

  for (guint i = 0; i < G_N_ELEMENTS (mandatory); i++)
    if (!write_item (&writer, &from, &mandatory[i]))
      return FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (optional); i++)
    (void) write_item (&writer, &from, &optional[i]);

  *len = writer.used;
  return TRUE;
}
