/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "payment/reconcile/hash.h"
#include "payment/reconcile/reconcile.h"
#include "payment/reconcile/shape.h"

#define ID_SIZE sizeof (((TwException *) NULL)->id)
#define MANY 0xf0u

typedef enum { TEXT, LONG, SHORT, COUNT, CHOICE, CURRENCY, NAME, ID } Kind;

/* SHORT: gint32; COUNT: guint64; CHOICE: an enum or a boolean; NAME: a string that lives as long as the program;
 * ID: of an exception. */
typedef struct { guint16 at; guint8 kind; } Member;

#define M(type, member, k) { G_STRUCT_OFFSET (type, member), k }
#define ORIGIN(type, member) \
  M (type, member.file, SHORT), M (type, member.line, COUNT)

static const Member sale[] = {
#define S(member, k) M (TwSale, member, k)
  S (payment_ref, TEXT), S (session, TEXT), S (station, TEXT), S (evse, TEXT), S (terminal, TEXT), S (psp_ref, TEXT),
  S (capture_ref, TEXT), S (settlement_ref, TEXT), S (refund_ref, TEXT), S (trace, TEXT), S (slip, TEXT),
  S (approval, TEXT), S (tail, TEXT), S (brand, TEXT), S (tariff_shown, TEXT), S (tariff_priced, TEXT),
  S (unknown_operation, TEXT), ORIGIN (TwSale, origin), S (receipt_number, COUNT), S (currency, CURRENCY),
  S (state, CHOICE), S (billed, CHOICE), S (tariff_free, CHOICE), S (test_mode, CHOICE), S (price_minor, LONG),
  S (repriced_minor, LONG), S (shown_minor, LONG), S (held_minor, LONG), S (captured_minor, LONG),
  S (second_capture_minor, LONG), S (refunded_minor, LONG), S (unknown_minor, LONG), S (advised_minor, LONG),
  S (energy_wh, LONG), S (energy_price_minor, LONG), S (energy_part_minor, LONG), S (started_us, LONG),
  S (ended_us, LONG), S (captured_us, LONG), S (refunded_us, LONG), S (hold_until_us, LONG), S (day, SHORT),
#undef S
};

static const Member settled[] = {
#define L(member, k) M (TwSettled, member, k)
  L (payment_ref, TEXT), L (source, TEXT), L (account, TEXT), L (key, TEXT), L (psp_ref, TEXT), L (change_ref, TEXT),
  L (related_ref, TEXT), L (settlement_ref, TEXT), L (terminal, TEXT), L (trace, TEXT), L (slip, TEXT),
  L (approval, TEXT), L (tail, TEXT), L (method, TEXT), L (raw_kind, TEXT), L (batch, TEXT), L (bank_trace, TEXT),
  ORIGIN (TwSettled, origin), L (kind, CHOICE), L (currency, CURRENCY), L (net_currency, CURRENCY), L (gross, LONG),
  L (fee, LONG), L (net, LONG), L (dispute_fee, LONG), L (occurred_us, LONG), L (available_us, LONG), L (day, SHORT),
  L (submission_batch, CHOICE),
#undef L
};

static const Member energy[] = {
#define E(member, k) M (TwEnergy, member, k)
  E (session, TEXT), E (evse, TEXT), E (meter, TEXT), E (verdict, TEXT), E (findings, TEXT), E (digest, TEXT),
  ORIGIN (TwEnergy, origin), E (kind, CHOICE), E (good, CHOICE), E (energy_wh, LONG), E (begin_us, LONG),
  E (end_us, LONG), E (page, COUNT), E (first_page, COUNT),
#undef E
};

static const Member exception[] = {
#define X(member, k) M (TwException, member, k)
  X (session, TEXT), X (station, TEXT), X (evse, TEXT), X (payment_ref, TEXT), X (psp_ref, TEXT), X (batch, TEXT),
  X (bank_reference, TEXT), X (detail, TEXT), X (id, ID), X (class_, CHOICE), X (severity, SHORT),
  X (stake_minor, LONG), X (currency, CURRENCY), X (rule, NAME), X (expected, LONG), X (found, LONG),
  X (since_us, LONG), X (due_us, LONG),
  ORIGIN (TwException, sale), ORIGIN (TwException, other),
#undef X
};

static const Member matched[] = {
#define P(member, k) M (TwMatched, member, k)
  P (session, TEXT), P (payment_ref, TEXT), P (psp_ref, TEXT), P (rule, NAME), P (link, CHOICE),
  P (currency, CURRENCY), P (captured_minor, LONG), P (settled_minor, LONG), P (fee_minor, LONG),
  ORIGIN (TwMatched, sale), ORIGIN (TwMatched, line),
#undef P
};

static const struct { const Member *members; guint n; gsize size; } shapes[TW_N_SHAPES] = {
  [TW_SHAPE_SALE] = { sale, G_N_ELEMENTS (sale), sizeof (TwSale) },
  [TW_SHAPE_SETTLED] = { settled, G_N_ELEMENTS (settled), sizeof (TwSettled) },
  [TW_SHAPE_ENERGY] = { energy, G_N_ELEMENTS (energy), sizeof (TwEnergy) },
  [TW_SHAPE_EXCEPTION] = { exception, G_N_ELEMENTS (exception), sizeof (TwException) },
  [TW_SHAPE_MATCHED] = { matched, G_N_ELEMENTS (matched), sizeof (TwMatched) },
};

/* One byte, or a byte that tells how many follow: instants have many, and most other numbers are small. */
static inline guint8 *
write_number (guint64 number, guint8 *to)
{
  guint64 little = GUINT64_TO_LE (number);
  guint n;

  if (number < MANY)
    {
      *to = (guint8) number;
      return to + 1;
    }
  n = (71 - (guint) __builtin_clzll (number)) / 8;
  *to = (guint8) (MANY + n - 1);
  memcpy (to + 1, &little, sizeof little);   /* there is room for it */
  return to + 1 + n;
}

guint8 *
tw_number_write (guint64 number, guint8 *to)
{
  return write_number (number, to);
}

const guint8 *
tw_number_read (const guint8 *from, guint64 *number)
{
  guint n = *from < MANY ? 0 : *from - MANY + 1u;

  *number = *from++;
  if (n > 0)
    *number = 0;
  for (guint i = 0; i < n; i++)
    *number |= (guint64) from[i] << (8 * i);
  return from + n;
}

/* "Not stated" is frequent and becomes 0; other numbers follow by their size, whatever their sign. */
static guint64
fold (gint64 number)
{
  return number == TW_NOT_STATED ? 0 : (((guint64) number << 1) ^ (guint64) (number >> 63)) + 1;
}

static gint64
unfold (guint64 folded)
{
  guint64 value = folded - 1;

  return folded == 0 ? TW_NOT_STATED : (gint64) (value >> 1) ^ -(gint64) (value & 1);
}

gsize
tw_shape_bound (TwShape shape, gconstpointer value)
{
  gsize n = ID_SIZE + shapes[shape].n * 10;

  for (guint i = 0; i < shapes[shape].n && shapes[shape].members[i].kind == TEXT; i++)
    n += ((const TwChars *) G_STRUCT_MEMBER_P (value, shapes[shape].members[i].at))->n;
  return n;
}

static inline guint8 *
write_member (Kind kind, gconstpointer member, guint8 *to)
{
  const TwChars *text = member;

  switch (kind)
    {
    case TEXT:
      return tw_chars_copy (write_number (text->n, to), *text);
    case LONG: return write_number (fold (*(const gint64 *) member), to);
    case SHORT: return write_number (fold (*(const gint32 *) member), to);
    case COUNT: return write_number (*(const guint64 *) member, to);
    case CHOICE:
      *to = (guint8) *(const guint32 *) member;
      return to + 1;
    case CURRENCY:
      memcpy (to, member, 4);
      return to + 4;
    case NAME:
      memcpy (to, member, sizeof (char *));
      return to + sizeof (char *);
    case ID:
      memcpy (to, member, ID_SIZE);
      return to + ID_SIZE;
    }
  g_return_val_if_reached (to);
}

static const guint8 *
read_member (Kind kind, const guint8 *from, gpointer member)
{
  guint64 number;

  switch (kind)
    {
    case TEXT:
      from = tw_number_read (from, &number);
      *(TwChars *) member = (TwChars) { (const char *) from, (guint32) number };
      return from + number;
    case LONG:
      from = tw_number_read (from, &number);
      *(gint64 *) member = unfold (number);
      return from;
    case SHORT:
      from = tw_number_read (from, &number);
      *(gint32 *) member = (gint32) unfold (number);
      return from;
    case COUNT: return tw_number_read (from, member);
    case CHOICE:
      *(guint32 *) member = *from;
      return from + 1;
    case CURRENCY:
      memcpy (member, from, 4);
      return from + 4;
    case NAME:
      memcpy (member, from, sizeof (char *));
      return from + sizeof (char *);
    case ID:
      memcpy (member, from, ID_SIZE);
      return from + ID_SIZE;
    }
  g_return_val_if_reached (from);
}

/* Members of a kind stand beside each other, which spares asking for the kind of each. */
guint8 *
tw_shape_write (TwShape shape, gconstpointer value, guint8 *to)
{
  const Member *at = shapes[shape].members, *end = at + shapes[shape].n;

  while (at < end)
    {
      guint8 kind = at->kind;

      if (kind == TEXT)
        for (; at < end && at->kind == TEXT; at++)
          to = write_member (TEXT, G_STRUCT_MEMBER_P (value, at->at), to);
      else if (kind == LONG)
        for (; at < end && at->kind == LONG; at++)
          to = write_member (LONG, G_STRUCT_MEMBER_P (value, at->at), to);
      else
        {
          to = write_member ((Kind) kind, G_STRUCT_MEMBER_P (value, at->at), to);
          at++;
        }
    }
  return to;
}

const guint8 *
tw_shape_read (TwShape shape, const guint8 *from, gpointer value)
{
  const Member *members = shapes[shape].members;

  memset (value, 0, shapes[shape].size);
  for (guint i = 0; i < shapes[shape].n; i++)
    from = read_member ((Kind) members[i].kind, from, G_STRUCT_MEMBER_P (value, members[i].at));
  return from;
}
