/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/card/card-read.h"

#include <string.h>

#define TAG_INTERCHANGE_PROFILE 0x82
#define TAG_FILE_LOCATOR        0x94
#define TAG_TTQ                 0x9f66

/* A card with more is no card: 63 entries could otherwise ask for 16,000 records. */
#define RECORDS_MOST 32

/* Section 4's table; 9000 and 6985 are looked at before. */
static const struct { guint status; TwCardEnd end; } gpo_ends[] = {
  { TW_SW_OTHER_INTERFACE, TW_CARD_OTHER },
  { TW_SW_SEE_PHONE, TW_CARD_SEE_PHONE },
  { TW_SW_FUNCTION, TW_CARD_NOT_ACCEPTED },
  { TW_SW_NOT_FOUND, TW_CARD_NOT_ACCEPTED },
  { TW_SW_INSTRUCTION, TW_CARD_NOT_ACCEPTED },
  { TW_SW_CLASS, TW_CARD_NOT_ACCEPTED },
};

static TwCardEnd
end_of_status (guint status)
{
  for (guint i = 0; i < G_N_ELEMENTS (gpo_ends); i++)
    if (gpo_ends[i].status == status)
      return gpo_ends[i].end;
  return TW_CARD_UNREADABLE;
}

static gboolean
add_bytes (TwCardRead   *self,
           guint32       tag,
           const guint8 *value,
           gsize         len)
{
  const TwTlv tlv = { tag, value, len };

  return tw_card_data_add (&self->data, &tlv);
}

/* Format 1: 80 { AIP, AFL }, format 2: 77 { objects } (Book 3 section 6.5.8.4). */
static gboolean
take_options (TwCardRead *self)
{
  gsize len = self->answer_len - 2;
  TwTlv all;

  if (tw_tlv_whole (self->answer, len, 0x77, &all))
    return tw_card_data_add_all (&self->data, &all);

  if (!tw_tlv_whole (self->answer, len, 0x80, &all) || all.len < 2)
    return FALSE;

  return add_bytes (self, TAG_INTERCHANGE_PROFILE, all.value, 2) &&
         (all.len == 2 || add_bytes (self, TAG_FILE_LOCATOR, all.value + 2, all.len - 2));
}

static gboolean
read_record (TwCardRead *self,
             guint8      sfi,
             guint8      record,
             gboolean   *understood,
             GError    **error)
{
  TwTlv template;

  tw_apdu_read_record (&self->command, sfi, record);
  if (!tw_card_read_exchange (self, error))
    return FALSE;

  *understood = tw_apdu_status (self->answer, self->answer_len) == TW_SW_OK &&
                tw_tlv_whole (self->answer, self->answer_len - 2, 0x70, &template) &&
                tw_card_data_add_all (&self->data, &template);
  return TRUE;
}

/* Book 3 section 10.2: SFI in the five high bits, the rest zero; first, last, and how many of them are signed. */
static gboolean
entry_is_sound (const guint8 *entry)
{
  guint8 sfi = entry[0] >> 3;

  return (entry[0] & 0x07) == 0 && sfi >= 1 && sfi <= 30 && entry[1] >= 1 && entry[1] <= entry[2] &&
         entry[3] <= entry[2] - entry[1] + 1;
}

static gboolean
locator_is_sound (const guint8 *afl,
                  gsize         len)
{
  guint records = 0;

  for (gsize i = 0; i < len; i += 4)
    {
      if (len - i < 4 || !entry_is_sound (afl + i))
        return FALSE;
      records += afl[i + 2] - afl[i + 1] + 1u;
    }
  return records <= RECORDS_MOST;
}

static gboolean
read_records (TwCardRead *self,
              gboolean   *understood,
              GError    **error)
{
  gsize len = 0;
  const guint8 *afl = tw_card_data_get (&self->data, TAG_FILE_LOCATOR, 0, 252, &len);

  *understood = afl == NULL ? !tw_card_data_has (&self->data, TAG_FILE_LOCATOR) : locator_is_sound (afl, len);
  for (gsize i = 0; *understood && i < len; i += 4)
    for (guint record = afl[i + 1]; *understood && record <= afl[i + 2]; record++)
      if (!read_record (self, afl[i] >> 3, record, understood, error))
        return FALSE;
  return TRUE;
}

static gboolean
send_options (TwCardRead *self,
              gboolean   *sent,
              GError    **error)
{
  guint8 data[TW_DOL_DATA_MOST];
  gsize len;

  *sent = tw_dol_fill (&self->terminal, self->pdol, self->pdol_len, data, &len);
  if (!*sent)
    return TRUE;

  tw_apdu_get_processing_options (&self->command, data, len);
  return tw_card_read_exchange (self, error);
}

gboolean
tw_card_read_application (TwCardRead *self,
                          TwCardEnd  *end,
                          gboolean   *next,
                          GError    **error)
{
  gboolean fine;
  guint status;

  *next = FALSE;
  *end = TW_CARD_UNREADABLE;
  if (!tw_dol_has (self->pdol, self->pdol_len, TAG_TTQ))
    {
      *next = TRUE;    /* it does not ask what kind of reader this is: not qVSDC (Book C-3) */
      *end = TW_CARD_NOT_ACCEPTED;
      return TRUE;
    }

  if (!send_options (self, &fine, error))
    return FALSE;
  if (!fine)
    return TRUE;

  status = tw_apdu_status (self->answer, self->answer_len);
  *next = status == TW_SW_CONDITIONS;
  if (status != TW_SW_OK)
    {
      *end = *next ? TW_CARD_NOT_ACCEPTED : end_of_status (status);
      return TRUE;
    }

  if (!take_options (self))
    return TRUE;
  if (!read_records (self, &fine, error))
    return FALSE;

  *end = fine ? TW_CARD_ONLINE : TW_CARD_UNREADABLE;
  return TRUE;
}
