/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/card/card.h"

#include <string.h>

#include "app/base/bytes.h"
#include "app/base/error.h"
#include "payment/card/card-read.h"
#include "payment/card/emv-tags.h"
#include "payment/card/locked.h"

#define TAG_TRACK2          0x57
#define TAG_PAN             0x5a
#define TAG_SEQUENCE_NUMBER 0x5f34

const char *
tw_card_end_name (TwCardEnd end)
{
  switch (end)
    {
    case TW_CARD_ONLINE: return "online";
    case TW_CARD_IDENTIFIED: return "identified";
    case TW_CARD_DECLINED: return "declined";
    case TW_CARD_OTHER: return "other-card";
    case TW_CARD_NOT_ACCEPTED: return "not-accepted";
    case TW_CARD_SEE_PHONE: return "see-phone";
    case TW_CARD_UNREADABLE: return "unreadable";
    case TW_CARD_NOT_PAYMENT: return "not-payment";
    case TW_CARD_OVER_LIMIT: return "over-limit";
    }
  g_return_val_if_reached (NULL);
}

TwCardRead *
tw_card_read_new (void)
{
  return tw_locked_new (sizeof (TwCardRead));
}

void
tw_card_read_free (TwCardRead *self)
{
  tw_locked_free (self, sizeof *self);
}

gboolean
tw_card_read_exchange (TwCardRead *self,
                       GError    **error)
{
  self->answer_len = 0;
  memset (self->answer, 0, sizeof self->answer);
  if (!self->exchange (self->exchange_data, self->command.bytes, self->command.len, self->answer, &self->answer_len,
                       error))
    return FALSE;

  if (self->answer_len <= sizeof self->answer)
    return TRUE;

  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "the reader driver claims an answer of more than 264 bytes");
  return FALSE;
}

/* The card's own choice of words, if it can be shown: 9F12 only in the code table that ASCII is a part of. */
static void
keep_label (TwCardRead *self)
{
  const TwFci *fci = &self->fci;

  self->label[0] = '\0';
  if (fci->preferred_name.value != NULL && fci->code_table.len == 1 && fci->code_table.value[0] == 0x01)
    tw_label_clean (self->label, &fci->preferred_name);
  if (self->label[0] == '\0')
    tw_label_clean (self->label, &fci->label);
}

static void
keep_application (TwCardRead        *self,
                  const TwCandidate *candidate)
{
  self->application = *candidate;
  for (gsize i = 0; i < candidate->aid_len; i++)
    g_snprintf (self->aid + 2 * i, 3, "%02x", candidate->aid[i]);

  self->pdol_len = self->fci.pdol.len;
  if (self->pdol_len > 0)
    memcpy (self->pdol, self->fci.pdol.value, self->pdol_len);
  keep_label (self);
}

/* *end: TW_CARD_ONLINE if selected; else what to say if no other candidate can be. */
static gboolean
select_application (TwCardRead        *self,
                    const TwCandidate *candidate,
                    TwCardEnd         *end,
                    GError           **error)
{
  tw_apdu_select (&self->command, candidate->aid, candidate->aid_len);
  if (!tw_card_read_exchange (self, error))
    return FALSE;

  if (tw_apdu_status (self->answer, self->answer_len) != TW_SW_OK)
    {
      *end = TW_CARD_NOT_ACCEPTED;     /* blocked, for instance */
      return TRUE;
    }

  *end = TW_CARD_UNREADABLE;
  if (!tw_fci_parse (&self->fci, self->answer, self->answer_len - 2, candidate) ||
      self->fci.pdol.len > sizeof self->pdol)
    return TRUE;

  keep_application (self, candidate);
  *end = TW_CARD_ONLINE;
  return TRUE;
}

/* 57 and 5A must be of one card, and a number of which no bank would make. */
static TwCardEnd
take_number (TwCardRead *self)
{
  gsize track2_len = 0, pan_len = 0;
  const guint8 *track2 = tw_card_data_get (&self->data, TAG_TRACK2, 1, 19, &track2_len);
  const guint8 *pan = tw_card_data_get (&self->data, TAG_PAN, 1, 10, &pan_len);

  if ((track2 == NULL && tw_card_data_has (&self->data, TAG_TRACK2)) ||
      (pan == NULL && tw_card_data_has (&self->data, TAG_PAN)) || (track2 == NULL && pan == NULL))
    return TW_CARD_UNREADABLE;

  if (pan != NULL && !tw_pan_from_packed (&self->pan, pan, pan_len))
    return TW_CARD_UNREADABLE;
  if (track2 != NULL && !tw_track2_from_equivalent (&self->track2, track2, track2_len))
    return TW_CARD_UNREADABLE;
  if (track2 != NULL && pan != NULL && !tw_pan_equal (&self->track2.pan, &self->pan))
    return TW_CARD_UNREADABLE;

  self->has_track2 = track2 != NULL;
  if (pan == NULL)
    self->pan = self->track2.pan;
  tw_pan_mask (&self->pan, self->masked);
  return tw_pan_passes_luhn (&self->pan) ? TW_CARD_ONLINE : TW_CARD_OTHER;
}

static TwCardEnd
conclude (TwCardRead *self)
{
  TwCardEnd end = take_number (self);

  if (end != TW_CARD_ONLINE)
    return end;

  if (self->identify_only)
    {
      /* Whose card it is, and nothing that money could be asked with. */
      tw_wipe (&self->data, sizeof self->data);
      tw_wipe (&self->track2, sizeof self->track2);
      self->has_track2 = FALSE;
      return TW_CARD_IDENTIFIED;
    }

  end = tw_kernel3_decide (&self->data, &self->terminal, &self->holder);
  if (end == TW_CARD_ONLINE && !tw_emv_tags_build (self->emv_tags, &self->emv_tags_len, &self->data, &self->terminal,
                                                   &self->application, self->holder == TW_HOLDER_BY_DEVICE))
    self->emv_tags_len = 0;
  return end;
}

static gboolean
try_candidates (TwCardRead *self,
                TwCardEnd  *end,
                GError    **error)
{
  *end = TW_CARD_NOT_ACCEPTED;
  for (guint i = 0; i < self->candidates.n; i++)
    {
      gboolean next;

      memset (&self->data, 0, sizeof self->data);
      if (!select_application (self, &self->candidates.items[i], end, error))
        return FALSE;
      if (*end != TW_CARD_ONLINE)
        continue;

      if (!tw_card_read_application (self, end, &next, error))
        return FALSE;
      if (next)
        continue;

      if (*end == TW_CARD_ONLINE)
        *end = conclude (self);
      return TRUE;
    }
  return TRUE;
}

gboolean
tw_card_probe (TwExchange exchange,
               gpointer   data,
               gboolean  *is_payment,
               GError   **error)
{
  guint8 answer[264];
  gsize len = 0;
  TwApdu select;

  tw_apdu_select (&select, TW_PPSE_NAME, sizeof TW_PPSE_NAME);
  if (!exchange (data, select.bytes, select.len, answer, &len, error))
    return FALSE;

  *is_payment = tw_apdu_status (answer, MIN (len, sizeof answer)) == TW_SW_OK;
  return TRUE;
}

gboolean
tw_card_read_run (TwCardRead          *self,
                  const TwTerminal    *terminal,
                  const TwTransaction *transaction,
                  TwExchange           exchange,
                  gpointer             data,
                  TwCardEnd           *end,
                  GError             **error)
{
  g_return_val_if_fail (!self->has_run, FALSE);

  self->has_run = TRUE;
  self->identify_only = transaction->identify_only;
  self->exchange = exchange;
  self->exchange_data = data;
  tw_terminal_data_init (&self->terminal, terminal, transaction);
  if (!tw_card_amount_possible (terminal, transaction))
    {
      *end = TW_CARD_OVER_LIMIT;
      return TRUE;
    }

  tw_apdu_select (&self->command, TW_PPSE_NAME, sizeof TW_PPSE_NAME);
  if (!tw_card_read_exchange (self, error))
    return FALSE;

  switch (tw_candidates_from_ppse (&self->candidates, self->answer, self->answer_len))
    {
    case TW_PPSE_NONE:
      *end = TW_CARD_NOT_PAYMENT;
      return TRUE;
    case TW_PPSE_UNREADABLE:
      *end = TW_CARD_UNREADABLE;
      return TRUE;
    case TW_PPSE_LIST:
      break;
    }
  return try_candidates (self, end, error);
}

const char *
tw_card_read_brand (TwCardRead *self)
{
  return "visa";    /* whatever kernel 3 was run for */
}

const char *
tw_card_read_aid (TwCardRead *self)
{
  return self->aid;
}

const char *
tw_card_read_label (TwCardRead *self)
{
  return self->label[0] != '\0' ? self->label : NULL;
}

const char *
tw_card_read_masked (TwCardRead *self)
{
  return self->masked;
}

gboolean
tw_card_read_device_cvm (TwCardRead *self)
{
  return self->holder == TW_HOLDER_BY_DEVICE;
}

/* n2 (Book 3 annex A): two digits. */
int
tw_card_read_sequence (TwCardRead *self)
{
  const guint8 *value = tw_card_data_get (&self->data, TAG_SEQUENCE_NUMBER, 1, 1, NULL);

  if (value == NULL || value[0] >> 4 > 9 || (value[0] & 0x0f) > 9)
    return -1;
  return (value[0] >> 4) * 10 + (value[0] & 0x0f);
}

const guint8 *
tw_card_read_emv_tags (TwCardRead *self,
                       gsize      *len)
{
  *len = self->emv_tags_len;
  return self->emv_tags_len > 0 ? self->emv_tags : NULL;
}

gint64
tw_card_read_amount (TwCardRead *self)
{
  gint64 amount = 0;

  for (gsize i = 0; i < sizeof self->terminal.amount; i++)
    amount = amount * 100 + (self->terminal.amount[i] >> 4) * 10 + (self->terminal.amount[i] & 0x0f);
  return amount;
}

const char *
tw_card_read_track2 (TwCardRead *self)
{
  return self->has_track2 ? self->track2.text : NULL;
}

void
tw_card_warm_up (void)
{
  static const guint8 key[32] = { 0 };
  const TwPan nobody = { "000000000000", 12 };
  g_autofree char *fingerprint = tw_pan_fingerprint (&nobody, "none", key, sizeof key);
}

char *
tw_card_read_fingerprint (TwCardRead *self,
                          const char *epoch,
                          GBytes     *key)
{
  gsize len;
  const guint8 *bytes = g_bytes_get_data (key, &len);

  return tw_pan_fingerprint (&self->pan, epoch, bytes, len);
}
