/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/card/candidates.h"

#include <string.h>

#include "payment/card/apdu.h"

const guint8 TW_PPSE_NAME[14] = "2PAY.SYS.DDF01";

#define AID_LEAST       5
#define PRIORITY_ABSENT 16

/* The terminal's applications (README.md). A card's longer name that begins with one of these is this application too
 * (partial selection, Book 1 section 12.3); none has a prefix here that is another's. */
static const struct { guint8 aid[7]; guint8 kernel; } ours[] = {
  { { 0xa0, 0x00, 0x00, 0x00, 0x03, 0x10, 0x10 }, 3 },    /* Visa credit and debit */
  { { 0xa0, 0x00, 0x00, 0x00, 0x03, 0x20, 0x10 }, 3 },    /* Visa Electron */
  { { 0xa0, 0x00, 0x00, 0x00, 0x03, 0x20, 0x20 }, 3 },    /* V PAY */
  { { 0xa0, 0x00, 0x00, 0x00, 0x04, 0x10, 0x10 }, 2 },    /* Mastercard */
  { { 0xa0, 0x00, 0x00, 0x00, 0x04, 0x30, 0x60 }, 2 },    /* Maestro */
};

static const guint8 spoken[] = { 3 };

static gboolean
find_default_kernel (const guint8 *aid,
                     gsize         len,
                     guint8       *kernel)
{
  for (guint i = 0; i < G_N_ELEMENTS (ours); i++)
    if (len >= sizeof ours[i].aid && memcmp (aid, ours[i].aid, sizeof ours[i].aid) == 0)
      {
        *kernel = ours[i].kernel;
        return TRUE;
      }
  return FALSE;
}

/* Book B 3.3.2.5. Absent or zero leaves the choice to us; anything else must be the kernel that we have for this
 * application (the highest bit marks domestic kernels, of which we have none). */
static gboolean
agrees_on_kernel (const TwTlv *wish,
                  guint8       kernel)
{
  if (wish->value == NULL)
    return TRUE;

  return wish->len >= 1 && wish->len <= 8 && (wish->value[0] == 0 || wish->value[0] == kernel);
}

static gboolean
is_spoken (guint8 kernel)
{
  return memchr (spoken, kernel, sizeof spoken) != NULL;
}

/* 61 {4F, 50?, 87?, 9F2A?, ...}. FALSE: this entry is skipped, and only this one. */
static gboolean
read_entry (const TwTlv *entry,
            TwCandidate *candidate)
{
  TwTlv aid, priority = { 0 }, wish = { 0 };

  if (tw_tlv_find (entry->value, entry->len, 0x4f, &aid) != TW_TLV_ONE || aid.len < AID_LEAST || aid.len > TW_AID_MOST)
    return FALSE;
  if (tw_tlv_find (entry->value, entry->len, 0x87, &priority) == TW_TLV_MALFORMED ||
      tw_tlv_find (entry->value, entry->len, 0x9f2a, &wish) == TW_TLV_MALFORMED)
    return FALSE;
  if (!find_default_kernel (aid.value, aid.len, &candidate->kernel) || !agrees_on_kernel (&wish, candidate->kernel) ||
      !is_spoken (candidate->kernel))
    return FALSE;
  if (priority.value != NULL && priority.len != 1)
    return FALSE;

  memcpy (candidate->aid, aid.value, aid.len);
  candidate->aid_len = aid.len;
  candidate->priority = priority.value != NULL ? priority.value[0] & 0x0f : 0;
  if (candidate->priority == 0)
    candidate->priority = PRIORITY_ABSENT;
  return TRUE;
}

/* Ties keep the card's order, so that the place is behind all that are as good. */
static void
insert (TwCandidates      *self,
        const TwCandidate *candidate)
{
  guint at = self->n;

  if (self->n == TW_CANDIDATES_MOST)
    return;

  for (; at > 0 && self->items[at - 1].priority > candidate->priority; at--)
    self->items[at] = self->items[at - 1];
  self->items[at] = *candidate;
  self->n++;
}

static TwPpse
read_directory (TwCandidates *self,
                const TwTlv  *discretionary)
{
  TwTlvReader reader;
  TwTlvResult result;
  TwTlv entry;

  tw_tlv_reader_init (&reader, discretionary->value, discretionary->len);
  while ((result = tw_tlv_next (&reader, &entry)) == TW_TLV_ONE)
    {
      TwCandidate candidate = { 0 };

      if (entry.tag == 0x61 && read_entry (&entry, &candidate))
        insert (self, &candidate);
    }
  return result == TW_TLV_MALFORMED ? TW_PPSE_UNREADABLE : TW_PPSE_LIST;
}

TwPpse
tw_candidates_from_ppse (TwCandidates *self,
                         const guint8 *answer,
                         gsize         len)
{
  guint status = tw_apdu_status (answer, len);
  TwTlv fci, name, proprietary, discretionary;

  self->n = 0;
  if (status == TW_SW_NOT_FOUND)
    return TW_PPSE_NONE;
  if (status != TW_SW_OK || !tw_tlv_whole (answer, len - 2, 0x6f, &fci))
    return TW_PPSE_UNREADABLE;

  if (tw_tlv_find (fci.value, fci.len, 0x84, &name) != TW_TLV_ONE ||
      tw_tlv_find (fci.value, fci.len, 0xa5, &proprietary) != TW_TLV_ONE ||
      tw_tlv_find (proprietary.value, proprietary.len, 0xbf0c, &discretionary) != TW_TLV_ONE)
    return TW_PPSE_UNREADABLE;

  return read_directory (self, &discretionary);
}

static gboolean
find_optional (const TwTlv *in,
               guint32      tag,
               TwTlv       *found)
{
  *found = (TwTlv) { 0 };
  return tw_tlv_find (in->value, in->len, tag, found) != TW_TLV_MALFORMED;
}

gboolean
tw_fci_parse (TwFci             *self,
              const guint8      *answer,
              gsize              len,
              const TwCandidate *candidate)
{
  TwTlv fci, proprietary;

  if (!tw_tlv_whole (answer, len, 0x6f, &fci) || tw_tlv_find (fci.value, fci.len, 0x84, &self->name) != TW_TLV_ONE ||
      tw_tlv_find (fci.value, fci.len, 0xa5, &proprietary) != TW_TLV_ONE)
    return FALSE;

  if (self->name.len != candidate->aid_len || memcmp (self->name.value, candidate->aid, candidate->aid_len) != 0)
    return FALSE;

  return find_optional (&proprietary, 0x9f38, &self->pdol) && find_optional (&proprietary, 0x50, &self->label) &&
         find_optional (&proprietary, 0x9f12, &self->preferred_name) &&
         find_optional (&proprietary, 0x9f11, &self->code_table);
}

void
tw_label_clean (char         out[17],
                const TwTlv *label)
{
  guint digits = 0;
  gsize n = 0;

  memset (out, 0, 17);
  for (gsize i = 0; label->value != NULL && i < label->len && n < 16; i++)
    {
      char c = label->value[i];

      if (c < 0x20 || c > 0x7e)
        continue;
      digits = g_ascii_isdigit (c) ? digits + 1 : 0;
      out[n++] = c;
      if (digits == 8)
        {
          memset (out, 0, 17);
          return;
        }
    }
  g_strstrip (out);
}
