/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/reconcile/readers/zvt-packet.h"

#include "payment/money/money.h"

#include <string.h>

enum { FIXED, LLVAR, LLLVAR, TLV };

enum { GROUPS_BYTES = 2 + 2 + TW_ZVT_N_GROUPS * (1 + 6) };

/* zvt.md section 3. A tag that is not here has no length, and hides all that follows it. */
static const struct { guint8 tag, form; guint8 n; } tags[] = {
  { 0x01, FIXED, 1 }, { 0x02, FIXED, 1 }, { 0x03, FIXED, 1 }, { 0x04, FIXED, 6 }, { 0x05, FIXED, 1 }, { 0x06, TLV, 0 },
  { 0x0b, FIXED, 3 }, { 0x0c, FIXED, 3 }, { 0x0d, FIXED, 2 }, { 0x0e, FIXED, 2 }, { 0x17, FIXED, 2 },
  { 0x19, FIXED, 1 }, { 0x22, LLVAR, 0 }, { 0x27, FIXED, 1 }, { 0x29, FIXED, 4 }, { 0x2a, FIXED, 15 },
  { 0x37, FIXED, 3 }, { 0x3a, FIXED, 2 }, { 0x3b, FIXED, 8 }, { 0x3c, LLLVAR, 0 }, { 0x49, FIXED, 2 },
  { 0x60, LLLVAR, 0 }, { 0x87, FIXED, 2 }, { 0x88, FIXED, 3 }, { 0x8a, FIXED, 1 }, { 0x8b, LLVAR, 0 },
  { 0x8c, FIXED, 1 }, { 0x92, LLLVAR, 0 }, { 0x9a, LLLVAR, 0 }, { 0xa0, FIXED, 1 }, { 0xaa, FIXED, 3 },
  { 0xba, FIXED, 5 }, { 0xd0, FIXED, 1 }, { 0xd1, LLVAR, 0 }, { 0xd2, FIXED, 1 }, { 0xd3, LLVAR, 0 },
};

static const char *const group_names[TW_ZVT_N_GROUPS] = {
  "girocard", "jcb", "mastercard", "amex", "visa", "diners", "other",
};

/* n bytes of two digits each, or -1. */
static gint64
bcd (const guint8 *bytes,
     gsize         n)
{
  gint64 value = 0;

  for (gsize i = 0; i < n; i++)
    {
      if (bytes[i] >> 4 > 9 || (bytes[i] & 15) > 9)
        return -1;
      value = value * 100 + (bytes[i] >> 4) * 10 + (bytes[i] & 15);
    }

  return value;
}

/* Two or three bytes whose low halves are the decimal digits of a length. */
static gboolean
take_length (const guint8 **p,
             const guint8  *end,
             guint          digits,
             gsize         *n)
{
  *n = 0;
  for (; digits > 0; digits--, (*p)++)
    {
      if (*p == end || **p >> 4 != 15 || (**p & 15) > 9)
        return FALSE;
      *n = *n * 10 + (**p & 15);
    }

  return *n <= (gsize) (end - *p);
}

/* 00 to 7F, 81 nn, 82 hh ll. */
static gboolean
take_tlv_length (const guint8 **p,
                 const guint8  *end,
                 gsize         *n)
{
  guint more = 0;

  if (*p == end)
    return FALSE;
  *n = *(*p)++;
  if (*n > 0x7f)
    {
      more = *n & 0x7f;
      *n = 0;
      if (more < 1 || more > 2 || end - *p < (gssize) more)
        return FALSE;
    }
  for (; more > 0; more--)
    *n = *n << 8 | *(*p)++;

  return *n <= (gsize) (end - *p);
}

static gboolean
take_value (const guint8 **p,
            const guint8  *end,
            guint          tag,
            gsize         *n)
{
  switch (tags[tag].form)
    {
    case FIXED:
      *n = tags[tag].n;
      return *n <= (gsize) (end - *p);
    case TLV:
      return take_tlv_length (p, end, n);
    default:
      return take_length (p, end, tags[tag].form == LLVAR ? 2 : 3, n);
    }
}

static gboolean
read_groups (TwZvtPacket  *packet,
             const guint8 *bytes,
             gsize         n)
{
  if (n != GROUPS_BYTES)
    return FALSE;
  packet->has_groups = TRUE;
  packet->first_slip = bcd (bytes, 2);
  packet->last_slip = bcd (bytes + 2, 2);
  for (guint i = 0; i < TW_ZVT_N_GROUPS; i++)
    {
      packet->groups[i].count = bytes[4 + 7 * i];
      packet->groups[i].total_minor = bcd (bytes + 5 + 7 * i, 6);
      if (packet->groups[i].total_minor < 0)
        return FALSE;
    }

  return packet->first_slip >= 0 && packet->last_slip >= 0;
}

static gboolean
read_currency (TwZvtPacket  *packet,
               const guint8 *bytes)
{
  static const char *const accepted[] = { "EUR", "CHF", "GBP", "USD", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF" };
  const gint64 number = bcd (bytes, 2);

  for (guint i = 0; i < G_N_ELEMENTS (accepted); i++)
    if (number == tw_currency_number (accepted[i]))
      {
        memcpy (packet->currency, accepted[i], 4);
        return TRUE;
      }

  return FALSE;
}

static gboolean
read_time (TwZvtPacket  *packet,
           const guint8 *bytes)
{
  const gint64 hour = bcd (bytes, 1), minute = bcd (bytes + 1, 1), second = bcd (bytes + 2, 1);

  packet->seconds = hour * 3600 + minute * 60 + second;

  return hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60;
}

static gboolean
read_value (TwZvtPacket  *packet,
            guint8        tag,
            const guint8 *bytes,
            gsize         n)
{
  switch (tag)
    {
    case 0x04:
      return (packet->total_minor = bcd (bytes, n)) >= 0;
    case 0x0b:
    case 0x88:
      return bcd (bytes, n) >= 0;
    case 0x0c:
      return read_time (packet, bytes);
    case 0x0d:
      packet->month = bcd (bytes, 1);
      packet->day = bcd (bytes + 1, 1);
      return packet->month >= 1 && packet->month <= 12 && packet->day >= 1
          && packet->day <= g_date_get_days_in_month (packet->month, 2000);
    case 0x27:
      packet->result = bytes[0];
      return TRUE;
    case 0x29:
      g_snprintf (packet->terminal, sizeof packet->terminal, "%08" G_GINT64_FORMAT, bcd (bytes, n));
      return bcd (bytes, n) >= 0;
    case 0x49:
      return read_currency (packet, bytes);
    case 0x60:
      return read_groups (packet, bytes, n);
    case 0x87:
      return bcd (bytes, n) >= 0 || (bytes[0] == 0xff && bytes[1] == 0xff);
    default:
      return TRUE;
    }
}

static gboolean
read_values (TwZvtPacket   *packet,
             const guint8  *p,
             const guint8  *end,
             char         **what)
{
  guint64 seen[4] = { 0 };

  while (p < end)
    {
      const guint8 tag = *p++;
      guint i = 0;
      gsize n = 0;

      while (i < G_N_ELEMENTS (tags) && tags[i].tag != tag)
        i++;
      if (i == G_N_ELEMENTS (tags))
        *what = g_strdup_printf ("field %02X is not known, and hides what follows it", tag);
      else if (seen[tag / 64] >> (tag % 64) & 1)
        *what = g_strdup_printf ("field %02X stands twice", tag);
      else if (!take_value (&p, end, i, &n))
        *what = g_strdup_printf ("field %02X is longer than its packet", tag);
      else if (!read_value (packet, tag, p, n))
        *what = g_strdup_printf ("field %02X has a value that it cannot have", tag);
      if (*what)
        return FALSE;
      seen[tag / 64] |= (guint64) 1 << (tag % 64);
      p += n;
    }

  return TRUE;
}

/* Class, instruction and a length of one byte, or FF and two, the low one first; then just so many bytes. */
static gboolean
take_head (const guint8 **p,
           const guint8  *end)
{
  gsize n;

  if (end - *p < 3)
    return FALSE;
  n = (*p)[2];
  *p += 3;
  if (n == 0xff)
    {
      if (end - *p < 2)
        return FALSE;
      n = (*p)[0] | (*p)[1] << 8;
      *p += 2;
    }

  return n == (gsize) (end - *p);
}

gboolean
tw_zvt_packet_parse (const guint8  *bytes,
                     gsize          n,
                     TwZvtPacket   *packet,
                     char         **what)
{
  const guint8 *p = bytes, *end = bytes + n;

  *what = NULL;
  *packet = (TwZvtPacket) { .total_minor = TW_NOT_STATED, .result = -1, .seconds = -1 };
  if (!take_head (&p, end))
    {
      *what = g_strdup ("not a packet: its length is not that of its bytes");
      return FALSE;
    }
  packet->command = bytes[0] << 8 | bytes[1];
  if (packet->command == 0x061e && p < end)
    packet->result = *p;
  if (packet->command != 0x040f && packet->command != 0x060f)
    return TRUE;

  return read_values (packet, p, end, what);
}

const char *
tw_zvt_group_name (guint group)
{
  return group_names[group];
}
