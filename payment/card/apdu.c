/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/card/apdu.h"

#include <string.h>

#define PDOL_DATA_MOST 252

static void
begin (TwApdu *self,
       guint8  cla,
       guint8  ins,
       guint8  p1,
       guint8  p2)
{
  const guint8 head[] = { cla, ins, p1, p2 };

  memcpy (self->bytes, head, sizeof head);
  self->len = sizeof head;
}

static void
add (TwApdu       *self,
     const guint8 *bytes,
     gsize         n)
{
  g_assert (n <= sizeof self->bytes - self->len);
  if (n > 0)
    memcpy (self->bytes + self->len, bytes, n);
  self->len += n;
}

static void
add_byte (TwApdu *self,
          guint8  byte)
{
  add (self, &byte, 1);
}

void
tw_apdu_select (TwApdu       *self,
                const guint8 *name,
                gsize         len)
{
  g_return_if_fail (len >= 1 && len <= 16);

  begin (self, 0x00, 0xa4, 0x04, 0x00);    /* by name, first or only occurrence */
  add_byte (self, len);
  add (self, name, len);
  add_byte (self, 0x00);
}

void
tw_apdu_get_processing_options (TwApdu       *self,
                                const guint8 *pdol_data,
                                gsize         len)
{
  gboolean is_long = len >= 0x80;

  g_return_if_fail (len <= PDOL_DATA_MOST);

  begin (self, 0x80, 0xa8, 0x00, 0x00);
  add_byte (self, len + (is_long ? 3 : 2));
  add_byte (self, 0x83);                   /* command template, Book 3 section 6.5.8 */
  if (is_long)
    add_byte (self, 0x81);
  add_byte (self, len);
  add (self, pdol_data, len);
  add_byte (self, 0x00);
}

void
tw_apdu_read_record (TwApdu *self,
                     guint8  sfi,
                     guint8  record)
{
  g_return_if_fail (sfi >= 1 && sfi <= 30 && record >= 1);

  begin (self, 0x00, 0xb2, record, sfi << 3 | 0x04);
  add_byte (self, 0x00);
}

guint
tw_apdu_status (const guint8 *answer,
                gsize         len)
{
  return len >= 2 ? (guint) answer[len - 2] << 8 | answer[len - 1] : 0;
}
