/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "payment/reconcile/passes.h"
#include "payment/reconcile/terms.h"

#define DAY_US (G_GINT64_CONSTANT (86400) * G_USEC_PER_SEC)
#define FOR_EVER (G_MAXINT64 / 4)

static const struct { const char *rule; TwRoom room; TwReach reach; } passes[TW_N_PASSES] = {
  [TW_PASS_PAYMENT]    = { "payment-reference", TW_ROOM_PAYMENT, { FOR_EVER, FOR_EVER } },
  [TW_PASS_PSP]        = { "psp-reference", TW_ROOM_PSP, { FOR_EVER, FOR_EVER } },
  [TW_PASS_CHANGE]     = { "change-reference", TW_ROOM_PSP, { FOR_EVER, FOR_EVER } },
  [TW_PASS_RELATED]    = { "related-reference", TW_ROOM_PSP, { FOR_EVER, FOR_EVER } },
  [TW_PASS_SETTLEMENT] = { "settlement-reference", TW_ROOM_SETTLEMENT, { FOR_EVER, FOR_EVER } },
  [TW_PASS_TERMINAL]   = { "terminal-trace-day", TW_ROOM_TERMINAL, { 1, 1 } },
  [TW_PASS_APPROVAL]   = { "approval-card-amount", TW_ROOM_APPROVAL, { 3 * DAY_US, 3 * DAY_US } },
  /* From a day before the capture to five after it: seen from the line the other way round. */
  [TW_PASS_AMOUNT]     = { "amount-terminal-brand", TW_ROOM_AMOUNT, { 5 * DAY_US, DAY_US } },
};

const char *
tw_pass_rule (TwPass pass)
{
  return passes[pass].rule;
}

TwRoom
tw_pass_room (TwPass pass)
{
  return passes[pass].room;
}

TwReach
tw_pass_reach (TwPass pass)
{
  return passes[pass].reach;
}

/* A trace number, the receipt's number or both; zeros in front are a matter of taste. */
static TwChars
without_zeros (TwChars text)
{
  while (text.n > 1 && text.text[0] == '0')
    {
      text.text++;
      text.n--;
    }
  return text;
}

static gboolean
terminal_key (TwChars terminal, TwChars trace, TwChars slip, guint64 *hash)
{
  if (terminal.n == 0 || trace.n == 0 || slip.n == 0)
    return FALSE;
  *hash = tw_hash_more (tw_hash_more (tw_hash_text (TW_ROOM_TERMINAL, terminal), without_zeros (trace)),
                        without_zeros (slip));
  return TRUE;
}

static guint64
with_amount (guint64 hash, const char *currency, gint64 amount)
{
  return tw_hash_number (tw_hash_more (hash, (TwChars) { currency, (guint32) strlen (currency) }), amount);
}

static gboolean
approval_key (TwChars approval, TwChars tail, const char *currency, gint64 amount, guint64 *hash)
{
  if (approval.n == 0 || tail.n == 0 || amount == TW_NOT_STATED || amount == 0)
    return FALSE;
  *hash = with_amount (tw_hash_more (tw_hash_text (TW_ROOM_APPROVAL, approval), tail), currency, amount);
  return TRUE;
}

static gboolean
amount_key (TwChars terminal, TwChars brand, const char *currency, gint64 amount, guint64 *hash)
{
  if (terminal.n == 0 || amount == TW_NOT_STATED || amount == 0)
    return FALSE;
  *hash = with_amount (tw_hash_more (tw_hash_text (TW_ROOM_AMOUNT, terminal), brand), currency, amount);
  return TRUE;
}

static TwChars
line_reference (TwPass pass, const TwSettled *line)
{
  switch (pass)
    {
    case TW_PASS_PAYMENT: return line->payment_ref;
    case TW_PASS_PSP: return line->psp_ref;
    case TW_PASS_CHANGE: return line->change_ref;
    case TW_PASS_RELATED: return line->related_ref;
    case TW_PASS_SETTLEMENT: return line->settlement_ref;
    case TW_PASS_TERMINAL:
    case TW_PASS_APPROVAL:
    case TW_PASS_AMOUNT:
    case TW_N_PASSES:
      break;
    }
  return (TwChars) { 0 };
}

gboolean
tw_pass_line_key (TwPass pass, const TwSettled *line, guint64 *hash)
{
  TwChars reference = line_reference (pass, line);

  if (pass >= TW_PASS_TERMINAL && line->kind != TW_SETTLED_SALE)
    return FALSE;
  if (pass == TW_PASS_TERMINAL)
    return line->day != G_MININT32 || line->occurred_us != TW_NOT_STATED
             ? terminal_key (line->terminal, line->trace, line->slip, hash) : FALSE;
  if (tw_pass_is_guess (pass) && line->occurred_us == TW_NOT_STATED)
    return FALSE;
  if (pass == TW_PASS_APPROVAL)
    return approval_key (line->approval, line->tail, line->currency, line->gross, hash);
  if (pass == TW_PASS_AMOUNT)
    return amount_key (line->terminal, line->method, line->currency, line->gross, hash);
  if (reference.n == 0)
    return FALSE;
  *hash = tw_hash_text (passes[pass].room, reference);
  return TRUE;
}

TwPass
tw_pass_next (TwPass from, const TwSettled *line, gboolean suggest_by_amount, guint64 *hash)
{
  TwPass end = suggest_by_amount ? TW_N_PASSES : TW_PASS_AMOUNT;

  for (TwPass pass = from; pass < end; pass++)
    if (tw_pass_line_key (pass, line, hash))
      return pass;
  return TW_N_PASSES;
}

static guint
reference_keys (TwRoom room, const TwChars *references, guint n, guint64 *hashes)
{
  guint found = 0;

  for (guint i = 0; i < n; i++)
    {
      gboolean again = references[i].n == 0;

      for (guint j = 0; j < i && !again; j++)
        again = tw_chars_equal (references[i], references[j]);
      if (!again)
        hashes[found++] = tw_hash_text (room, references[i]);
    }
  return found;
}

guint
tw_room_sale_keys (TwRoom room, const TwSale *sale, guint64 hashes[TW_SALE_KEYS])
{
  TwChars psp[] = { sale->psp_ref, sale->capture_ref, sale->refund_ref };

  switch (room)
    {
    case TW_ROOM_PAYMENT: return reference_keys (room, &sale->payment_ref, 1, hashes);
    case TW_ROOM_PSP: return reference_keys (room, psp, G_N_ELEMENTS (psp), hashes);
    case TW_ROOM_SETTLEMENT: return reference_keys (room, &sale->settlement_ref, 1, hashes);
    case TW_ROOM_SESSION:
      return reference_keys (room, (TwChars[]) { sale->session, sale->payment_ref }, 2, hashes);
    case TW_ROOM_EVSE: return reference_keys (room, &sale->evse, 1, hashes);
    case TW_ROOM_TERMINAL:
      return sale->day != G_MININT32 && terminal_key (sale->terminal, sale->trace, sale->slip, hashes);
    case TW_ROOM_APPROVAL:
      return sale->captured_us != TW_NOT_STATED &&
             approval_key (sale->approval, sale->tail, sale->currency, sale->captured_minor, hashes);
    case TW_ROOM_AMOUNT:
      return sale->captured_us != TW_NOT_STATED &&
             amount_key (sale->terminal, sale->brand, sale->currency, sale->captured_minor, hashes);
    case TW_ROOM_NATURAL:
    case TW_ROOM_NATURAL_AGAIN:
    case TW_ROOM_PAYOUT:
    case TW_N_ROOMS:
      break;
    }
  return 0;
}

gboolean
tw_pass_same_key (TwPass pass, const TwSettled *line, const TwSale *sale)
{
  TwChars reference = line_reference (pass, line);

  switch (passes[pass].room)
    {
    case TW_ROOM_PAYMENT: return tw_chars_equal (reference, sale->payment_ref);
    case TW_ROOM_PSP:
      return tw_chars_equal (reference, sale->psp_ref) || tw_chars_equal (reference, sale->capture_ref) ||
             tw_chars_equal (reference, sale->refund_ref);
    case TW_ROOM_SETTLEMENT: return tw_chars_equal (reference, sale->settlement_ref);
    case TW_ROOM_TERMINAL:
      return tw_chars_equal (line->terminal, sale->terminal) &&
             tw_chars_equal (without_zeros (line->trace), without_zeros (sale->trace)) &&
             tw_chars_equal (without_zeros (line->slip), without_zeros (sale->slip));
    case TW_ROOM_APPROVAL:
      return tw_chars_equal (line->approval, sale->approval) && tw_chars_equal (line->tail, sale->tail) &&
             strcmp (line->currency, sale->currency) == 0 && line->gross == sale->captured_minor;
    case TW_ROOM_AMOUNT:
      return tw_chars_equal (line->terminal, sale->terminal) && tw_chars_equal (line->method, sale->brand) &&
             strcmp (line->currency, sale->currency) == 0 && line->gross == sale->captured_minor;
    case TW_ROOM_SESSION:
    case TW_ROOM_EVSE:
    case TW_ROOM_NATURAL:
    case TW_ROOM_NATURAL_AGAIN:
    case TW_ROOM_PAYOUT:
    case TW_N_ROOMS:
      break;
    }
  g_return_val_if_reached (FALSE);
}

gint64
tw_pass_line_tick (TwPass pass, const TwSettled *line, GTimeZone *zone)
{
  if (pass == TW_PASS_TERMINAL)
    return line->day != G_MININT32 ? line->day : tw_local_day (zone, line->occurred_us);
  return tw_pass_is_guess (pass) ? line->occurred_us : 0;
}

gint64
tw_pass_sale_tick (TwPass pass, const TwSale *sale)
{
  if (pass == TW_PASS_TERMINAL)
    return sale->day;
  return tw_pass_is_guess (pass) ? sale->captured_us : 0;
}
