/* SPDX-License-Identifier: Apache-2.0 */
#include "hw/virtual/pn532-spoiler.h"

#include "hw/virtual/pn532-frame.h"

#define IN_LIST_PASSIVE_TARGET 0x4A

struct _TwPn532Spoiler
{
  GArray *faults;    /* of TwPn532Fault */
  guint32 struck;    /* kinds that befall the running command, as bits */
  guint   arguments[TW_PN532_FAULT_UID_CHANGE + 1];
  guint8  uid_shift;
};

TwPn532Spoiler *
tw_pn532_spoiler_new (void)
{
  TwPn532Spoiler *self = g_new0 (TwPn532Spoiler, 1);

  self->faults = g_array_new (FALSE, FALSE, sizeof (TwPn532Fault));
  return self;
}

void
tw_pn532_spoiler_free (TwPn532Spoiler *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->faults);
  g_free (self);
}

void
tw_pn532_spoiler_add (TwPn532Spoiler     *self,
                      const TwPn532Fault *fault)
{
  g_array_append_vals (self->faults, fault, 1);
}

void
tw_pn532_spoiler_clear (TwPn532Spoiler *self)
{
  g_array_set_size (self->faults, 0);
}

void
tw_pn532_spoiler_strike (TwPn532Spoiler *self,
                         guint8          command)
{
  self->struck = 0;
  for (guint i = 0; i < self->faults->len; i++)
    {
      TwPn532Fault *fault = &g_array_index (self->faults, TwPn532Fault, i);

      if (!tw_pn532_fault_strikes (fault, command))
        continue;
      self->struck |= 1u << fault->kind;
      self->arguments[fault->kind] = fault->argument;
    }
}

gboolean
tw_pn532_spoiler_has (TwPn532Spoiler  *self,
                      TwPn532FaultKind kind)
{
  return (self->struck & 1u << kind) != 0;
}

guint
tw_pn532_spoiler_argument (TwPn532Spoiler  *self,
                           TwPn532FaultKind kind,
                           guint            otherwise)
{
  return tw_pn532_spoiler_has (self, kind) ? self->arguments[kind] : otherwise;
}

static void
spoil_answer (TwPn532Spoiler *self,
              GByteArray     *answer)
{
  gsize uid_len = answer->len > 6 ? answer->data[6] : 0; /* code, count, number, ATQA, SAK, length, UID, ATS */
  gboolean target = answer->data[0] == IN_LIST_PASSIVE_TARGET + 1 && answer->len >= 7 + uid_len;

  if (tw_pn532_spoiler_has (self, TW_PN532_FAULT_UID_CHANGE) && target && uid_len > 0)
    answer->data[6 + uid_len] += ++self->uid_shift;
  if (tw_pn532_spoiler_has (self, TW_PN532_FAULT_ATS_TL_ZERO) && target && answer->len > 7 + uid_len)
    answer->data[7 + uid_len] = 0;
  if (tw_pn532_spoiler_has (self, TW_PN532_FAULT_WRONG_CODE))
    answer->data[0]++;
}

static void
spoil_frame (TwPn532Spoiler *self,
             GByteArray     *frame)
{
  const guint8 zeros[2] = { 0 };
  gboolean extended = frame->data[3] == 0xFF && frame->data[4] == 0xFF;

  if (tw_pn532_spoiler_has (self, TW_PN532_FAULT_BAD_LCS))
    frame->data[extended ? 7 : 4]++;
  if (tw_pn532_spoiler_has (self, TW_PN532_FAULT_BAD_DCS))
    frame->data[frame->len - 2]++;
  if (tw_pn532_spoiler_has (self, TW_PN532_FAULT_NO_POSTAMBLE))
    g_byte_array_set_size (frame, frame->len - 1);
  if (tw_pn532_spoiler_has (self, TW_PN532_FAULT_HALF_FRAME))
    g_byte_array_set_size (frame, frame->len / 2);
  if (tw_pn532_spoiler_has (self, TW_PN532_FAULT_PREAMBLE))
    g_byte_array_prepend (frame, zeros, sizeof zeros);
}

void
tw_pn532_spoiler_make_frame (TwPn532Spoiler *self,
                             TwPn532Verdict  verdict,
                             GByteArray     *answer,
                             GByteArray     *frame)
{
  guint8 tfi = tw_pn532_spoiler_has (self, TW_PN532_FAULT_WRONG_TFI) ? TW_PN532_FROM_HOST : TW_PN532_FROM_CHIP;
  TwPn532Form form = tw_pn532_spoiler_has (self, TW_PN532_FAULT_EXTENDED) ? TW_PN532_FORM_EXTENDED
                     : TW_PN532_FORM_SHORTEST;

  g_byte_array_set_size (frame, 0);
  if (verdict == TW_PN532_SYNTAX_ERROR || tw_pn532_spoiler_has (self, TW_PN532_FAULT_ERROR_FRAME))
    {
      g_byte_array_append (frame, TW_PN532_ERROR, sizeof TW_PN532_ERROR);
      return;
    }

  spoil_answer (self, answer);
  g_byte_array_set_size (frame, TW_PN532_FRAME_MAX);
  g_byte_array_set_size (frame, tw_pn532_frame_build (tfi, answer->data, answer->len, form, frame->data));
  spoil_frame (self, frame);
}
