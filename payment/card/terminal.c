/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/card/terminal.h"

#include <string.h>

#include "payment/card/tlv.h"

typedef enum { NUMERIC, BINARY } Format;

#define AT(member) G_STRUCT_OFFSET (TwTerminalData, member), G_SIZEOF_MEMBER (TwTerminalData, member)

static const struct { guint32 tag; gsize offset, len; Format format; } known[] = {
  { 0x5f2a, AT (currency), NUMERIC },
  { 0x5f36, AT (exponent), NUMERIC },
  { 0x95, AT (tvr), BINARY },
  { 0x9a, AT (date), NUMERIC },
  { 0x9c, AT (transaction_type), NUMERIC },
  { 0x9f02, AT (amount), NUMERIC },
  { 0x9f03, AT (other_amount), NUMERIC },
  { 0x9f15, AT (category), NUMERIC },
  { 0x9f16, AT (merchant_id), BINARY },
  { 0x9f1a, AT (country), NUMERIC },
  { 0x9f1b, AT (floor_limit), BINARY },
  { 0x9f1c, AT (id), BINARY },
  { 0x9f1e, AT (serial), BINARY },
  { 0x9f21, AT (time), NUMERIC },
  { 0x9f33, AT (capabilities), BINARY },
  { 0x9f35, AT (type), NUMERIC },
  { 0x9f37, AT (unpredictable), BINARY },
  { 0x9f40, AT (additional_capabilities), BINARY },
  { 0x9f41, AT (sequence), NUMERIC },
  { 0x9f4e, AT (name), BINARY },
  { 0x9f66, AT (ttq), BINARY },
};

static void
put_bcd (guint8 *out,
         gsize   n,
         guint64 value)
{
  while (n-- > 0)
    {
      out[n] = value % 10 | value / 10 % 10 << 4;
      value /= 100;
    }
}

static void
put_text (guint8     *out,
          gsize       n,
          const char *text)
{
  gsize len = text != NULL ? MIN (strlen (text), n) : 0;

  memset (out, ' ', n);
  if (len > 0)
    memcpy (out, text, len);
}

/* Section 5 of the facts: EMV mode; an online cryptogram always, for the floor limit is zero; verification on the
 * consumer's device. No contact chip, no PIN, no signature, no offline authentication while there are no CA keys. */
static void
put_qualifiers (TwTerminalData *self)
{
  const guint8 ttq[4] = { 0x20, 0x80 | (self->cvm_required ? 0x40 : 0), 0x40, 0x00 };

  memcpy (self->ttq, ttq, sizeof ttq);
}

void
tw_terminal_data_init (TwTerminalData      *self,
                       const TwTerminal    *terminal,
                       const TwTransaction *transaction)
{
  const guint8 capabilities[3] = { 0x00, 0x08, 0x00 };            /* no contact reader; no CVM; no ODA yet */
  const guint8 additional[5] = { 0x60, 0x00, 0x00, 0x00, 0x00 };   /* goods, services; no keys, no printer */

  memset (self, 0, sizeof *self);
  self->amount_minor = transaction->identify_only ? 0 : transaction->amount_minor;
  self->cvm_required = !transaction->identify_only && self->amount_minor >= terminal->cvm_limit_minor;
  put_qualifiers (self);
  put_bcd (self->amount, sizeof self->amount, self->amount_minor);
  put_bcd (self->country, sizeof self->country, terminal->country);
  put_bcd (self->currency, sizeof self->currency, terminal->currency);
  put_bcd (self->exponent, sizeof self->exponent, terminal->currency_digits);
  put_bcd (self->type, sizeof self->type, terminal->type);
  put_bcd (self->category, sizeof self->category, terminal->category);
  put_bcd (self->sequence, sizeof self->sequence, transaction->sequence % 100000000);
  memcpy (self->date, transaction->date, sizeof self->date);
  memcpy (self->time, transaction->time, sizeof self->time);
  memcpy (self->unpredictable, transaction->unpredictable, sizeof self->unpredictable);
  memcpy (self->capabilities, capabilities, sizeof capabilities);
  memcpy (self->additional_capabilities, additional, sizeof additional);
  put_text (self->id, sizeof self->id, terminal->id);
  put_text (self->merchant_id, sizeof self->merchant_id, terminal->merchant_id);
  put_text (self->serial, sizeof self->serial, terminal->serial);
  put_text (self->name, sizeof self->name, terminal->name);
}

gboolean
tw_card_amount_possible (const TwTerminal    *terminal,
                         const TwTransaction *transaction)
{
  if (transaction->identify_only)
    return TRUE;
  return transaction->amount_minor > 0 && transaction->amount_minor <= terminal->contactless_limit_minor &&
         transaction->amount_minor <= G_GINT64_CONSTANT (999999999999);     /* n12 */
}

static int
find_known (guint32 tag)
{
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (known[i].tag == tag)
      return i;
  return -1;
}

const guint8 *
tw_terminal_data_get (const TwTerminalData *self,
                      guint32               tag,
                      gsize                *len)
{
  int i = find_known (tag);

  if (i < 0)
    return NULL;

  *len = known[i].len;
  return G_STRUCT_MEMBER_P (self, known[i].offset);
}

/* Book 3 section 5.4, step 2: numbers keep their right end, everything else its left one; the rest is zeros. */
static void
put_wanted (const TwTerminalData *self,
            guint32               tag,
            guint8               *out,
            gsize                 len)
{
  int i = find_known (tag);
  const guint8 *value;
  gsize n;

  memset (out, 0, len);
  if (i < 0)
    return;

  value = G_STRUCT_MEMBER_P (self, known[i].offset);
  n = MIN (known[i].len, len);
  if (known[i].format == NUMERIC)
    memcpy (out + len - n, value + known[i].len - n, n);
  else
    memcpy (out, value, n);
}

/* Length in bytes of the entry at the start of dol; 0: malformed. */
static gsize
read_entry (const guint8 *dol,
            gsize         n,
            guint32      *tag,
            gsize        *len)
{
  gsize tag_len = tw_tlv_read_tag (dol, n, tag);

  if (tag_len == 0 || tag_len == n)
    return 0;

  *len = dol[tag_len];
  return tag_len + 1;
}

gboolean
tw_dol_fill (const TwTerminalData *self,
             const guint8         *dol,
             gsize                 dol_len,
             guint8                out[TW_DOL_DATA_MOST],
             gsize                *out_len)
{
  gsize used = 0;

  while (dol_len > 0)
    {
      guint32 tag;
      gsize len = 0;
      gsize n = read_entry (dol, dol_len, &tag, &len);

      if (n == 0 || len > TW_DOL_DATA_MOST - used)
        return FALSE;

      put_wanted (self, tag, out + used, len);
      used += len;
      dol += n;
      dol_len -= n;
    }
  *out_len = used;
  return TRUE;
}

gboolean
tw_dol_has (const guint8 *dol,
            gsize         dol_len,
            guint32       wanted)
{
  while (dol_len > 0)
    {
      guint32 tag;
      gsize len;
      gsize n = read_entry (dol, dol_len, &tag, &len);

      if (n == 0)
        return FALSE;
      if (tag == wanted)
        return TRUE;
      dol += n;
      dol_len -= n;
    }
  return FALSE;
}
