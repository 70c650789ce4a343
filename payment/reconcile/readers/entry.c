/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/reconcile/readers/entry.h"

#include "app/base/bytes.h"
#include "payment/money/money.h"
#include "payment/reconcile/readers/cell.h"
#include "payment/reconcile/readers/instant.h"

#include <string.h>

#define DETAIL "/NtryDtls/TxDtls"

enum { MAX_REMITTANCE = 1024 * 1024 };

typedef enum
{
  AMOUNT, CURRENCY, DIRECTION, REVERSAL, STATUS, BOOKED, VALUE, REFERENCE, OWN_REFERENCE, ADDITIONAL, BATCH_COUNT,
  BATCH_TOTAL, DETAIL_AMOUNT, DETAIL_CURRENCY, DETAIL_DIRECTION, END_TO_END, TRANSACTION_REFERENCE, TRACE, TEXT, DEBTOR,
  CREDITOR
} Leaf;

/* Versions 02 and 08 name the same thing differently in two places: the status, and parties. */
static const struct { const char *path; Leaf leaf; } leaves[] = {
  { "/Amt", AMOUNT }, { "/Amt/@Ccy", CURRENCY }, { "/CdtDbtInd", DIRECTION }, { "/RvslInd", REVERSAL },
  { "/Sts", STATUS }, { "/Sts/Cd", STATUS }, { "/BookgDt/Dt", BOOKED }, { "/BookgDt/DtTm", BOOKED },
  { "/ValDt/Dt", VALUE }, { "/ValDt/DtTm", VALUE }, { "/AcctSvcrRef", REFERENCE }, { "/NtryRef", OWN_REFERENCE },
  { "/AddtlNtryInf", ADDITIONAL }, { "/NtryDtls/Btch/NbOfTxs", BATCH_COUNT },
  { "/NtryDtls/Btch/TtlAmt", BATCH_TOTAL },
  { "/NtryDtls/TxDtls/Amt", DETAIL_AMOUNT }, { "/NtryDtls/TxDtls/Amt/@Ccy", DETAIL_CURRENCY },
  { "/NtryDtls/TxDtls/CdtDbtInd", DETAIL_DIRECTION },
  { "/NtryDtls/TxDtls/Refs/EndToEndId", END_TO_END },
  { "/NtryDtls/TxDtls/Refs/AcctSvcrRef", TRANSACTION_REFERENCE },
  { "/NtryDtls/TxDtls/Refs/TxId", TRACE },
  { "/NtryDtls/TxDtls/RmtInf/Ustrd", TEXT }, { "/NtryDtls/TxDtls/RmtInf/Strd/CdtrRefInf/Ref", TEXT },
  { "/NtryDtls/TxDtls/RltdPties/Dbtr/Nm", DEBTOR }, { "/NtryDtls/TxDtls/RltdPties/Dbtr/Pty/Nm", DEBTOR },
  { "/NtryDtls/TxDtls/RltdPties/Cdtr/Nm", CREDITOR }, { "/NtryDtls/TxDtls/RltdPties/Cdtr/Pty/Nm", CREDITOR },
};

static GString **
all_texts (TwEntryText *self,
           guint        i)
{
  GString **texts[] = { &self->amount, &self->status, &self->reference, &self->own_reference, &self->end_to_end,
                        &self->trace, &self->transaction_reference, &self->remittance, &self->joined,
                        &self->additional, &self->debtor, &self->creditor, &self->batch_total };

  return i < G_N_ELEMENTS (texts) ? texts[i] : NULL;
}

void
tw_entry_text_init (TwEntryText *self)
{
  *self = (TwEntryText) { 0 };
  for (guint i = 0; all_texts (self, i); i++)
    *all_texts (self, i) = g_string_new (NULL);
}

void
tw_entry_text_clear (TwEntryText *self)
{
  for (guint i = 0; all_texts (self, i); i++)
    g_string_free (g_steal_pointer (all_texts (self, i)), TRUE);
}

void
tw_entry_text_begin (TwEntryText *self,
                     guint64      number)
{
  for (guint i = 0; all_texts (self, i); i++)
    g_string_truncate (*all_texts (self, i), 0);
  memset (self->currency, 0, sizeof self->currency);
  self->number = number;
  self->is_credit = self->has_direction = self->reversal = self->has_currency = FALSE;
  self->booked_day = self->value_day = G_MININT32;
  self->n_details = self->n_batches = self->n_detail_amounts = 0;
  self->batch_count = TW_NOT_STATED;
  self->details_total = 0;
  tw_told_begin (&self->told);
  self->details_told = (TwConversionTold) { 0 };
}

void
tw_entry_text_begin_element (TwEntryText *self,
                             const char  *path)
{
  if (strcmp (path, "/NtryDtls/TxDtls") == 0)
    {
      self->n_details++;
      self->detail_amount = TW_NOT_STATED;
      self->detail_same_currency = FALSE;
      self->detail_is_credit = self->is_credit;
      tw_told_begin (&self->detail_told);
    }
  if (strcmp (path, "/NtryDtls/Btch") == 0)
    self->n_batches++;
}

static void
set (GString *text,
     TwChars  chars)
{
  g_string_truncate (text, 0);
  g_string_append_len (text, chars.text, chars.n);
}

/* The first of several says it for all. */
static void
set_first (GString *text,
           TwChars  chars)
{
  if (text->len == 0)
    set (text, chars);
}

static char *
wrong (const char *what,
       TwChars     text)
{
  g_autofree char *copy = g_strndup (text.text, text.n);
  g_autofree char *printable = tw_text_printable (copy, 40);

  return g_strdup_printf ("\"%s\" is not %s", printable, what);
}

/* Texts are cut at 35 or 140 characters in the middle of a reference (section 4): both ways of joining are kept. */
static gboolean
add_text (TwEntryText  *self,
          TwChars       text,
          char        **what)
{
  if (self->remittance->len > 0 && text.n > 0)
    g_string_append_c (self->remittance, ' ');
  g_string_append_len (self->remittance, text.text, text.n);
  g_string_append_len (self->joined, text.text, text.n);
  if (self->remittance->len <= MAX_REMITTANCE)
    return TRUE;
  *what = g_strdup ("remittance texts of more than 1 MiB");

  return FALSE;
}

static gboolean
read_day (TwChars   text,
          gint32   *day,
          char    **what)
{
  const TwChars date = { text.text, MIN (text.n, 10) };

  if (tw_day_parse (date, day))
    return TRUE;
  *what = wrong ("a date", text);

  return FALSE;
}

static gboolean
read_direction (TwEntryText  *self,
                TwChars       text,
                char        **what)
{
  self->has_direction = tw_cell_is (text, "CRDT") || tw_cell_is (text, "DBIT");
  self->is_credit = tw_cell_is (text, "CRDT");
  if (!self->has_direction)
    *what = wrong ("CRDT or DBIT", text);

  return self->has_direction;
}

static gboolean
read_currency (TwEntryText  *self,
               TwChars       text,
               char        **what)
{
  g_autofree char *copy = g_strndup (text.text, MIN (text.n, 4));

  self->has_currency = tw_currency_digits (copy) >= 0;
  if (self->has_currency)
    memcpy (self->currency, copy, 4);
  else
    *what = wrong ("a currency that we know", text);

  return self->has_currency;
}

gboolean
tw_amount_parse (TwChars      text,
                 const char  *currency,
                 gint64      *minor,
                 char       **what)
{
  const int digits = tw_currency_digits (currency);
  const char *why;

  if (digits >= 0 && tw_cell_amount (text, digits, '.', 0, minor, &why))
    return TRUE;
  *what = wrong (digits < 0 ? "an amount, because it has no currency" : "an amount of this currency", text);

  return FALSE;
}

static gboolean
end_detail_told (TwEntryText  *self,
                 char        **what)
{
  const TwConversionTold told = tw_told_conversion (&self->detail_told, self->currency);

  if (self->n_details == 1)
    self->details_told = told;
  else if (!tw_conversion_told_add (&self->details_told, &told))
    *what = g_strdup ("its details are too large");

  return *what == NULL;
}

/* Sums are of the details that are in the entry's currency. */
gboolean
tw_entry_text_end_element (TwEntryText  *self,
                           const char   *path,
                           char        **what)
{
  gint64 amount = self->detail_amount;

  *what = NULL;
  if (g_str_has_prefix (path, DETAIL "/"))
    return tw_told_end_element (&self->detail_told, path + strlen (DETAIL), self->currency, what);
  if (strcmp (path, DETAIL) != 0)
    return tw_told_end_element (&self->told, path, self->currency, what);
  if (!end_detail_told (self, what))
    return FALSE;
  if (amount == TW_NOT_STATED)
    return TRUE;
  self->n_detail_amounts++;
  if (self->detail_is_credit != self->is_credit)
    amount = -amount;
  if (__builtin_add_overflow (self->details_total, amount, &self->details_total))
    *what = g_strdup ("its details are too large");

  return *what == NULL;
}

static gboolean
read_count (TwEntryText  *self,
            TwChars       text,
            char        **what)
{
  const char *why;

  if (tw_cell_integer (text, &self->batch_count, &why) && self->batch_count >= 0)
    return TRUE;
  *what = wrong ("a count", text);

  return FALSE;
}

gboolean
tw_entry_text_leaf (TwEntryText  *self,
                    const char   *path,
                    TwChars       text,
                    char        **what)
{
  guint i = 0;

  *what = NULL;
  while (i < G_N_ELEMENTS (leaves) && strcmp (path, leaves[i].path) != 0)
    i++;
  if (i == G_N_ELEMENTS (leaves))
    return g_str_has_prefix (path, DETAIL "/")
         ? tw_told_leaf (&self->detail_told, path + strlen (DETAIL), text, what)
         : tw_told_leaf (&self->told, path, text, what);
  switch (leaves[i].leaf)
    {
    case AMOUNT: set (self->amount, text); return TRUE;
    case CURRENCY: return read_currency (self, text, what);
    case DIRECTION: return read_direction (self, text, what);
    case REVERSAL: self->reversal = tw_cell_is (text, "true") || tw_cell_is (text, "1"); return TRUE;
    case STATUS: set (self->status, text); return TRUE;
    case BOOKED: return read_day (text, &self->booked_day, what);
    case VALUE: return read_day (text, &self->value_day, what);
    case REFERENCE: set (self->reference, text); return TRUE;
    case OWN_REFERENCE: set (self->own_reference, text); return TRUE;
    case ADDITIONAL: set (self->additional, text); return TRUE;
    case BATCH_COUNT: return read_count (self, text, what);
    case BATCH_TOTAL: set (self->batch_total, text); return TRUE;
    case DETAIL_AMOUNT:
      return !self->detail_same_currency || tw_amount_parse (text, self->currency, &self->detail_amount, what);
    case DETAIL_CURRENCY: self->detail_same_currency = tw_cell_is (text, self->currency); return TRUE;
    case DETAIL_DIRECTION: self->detail_is_credit = tw_cell_is (text, "CRDT"); return TRUE;
    case END_TO_END: set_first (self->end_to_end, text); return TRUE;
    case TRANSACTION_REFERENCE: set_first (self->transaction_reference, text); return TRUE;
    case TRACE: set_first (self->trace, text); return TRUE;
    case TEXT: return add_text (self, text, what);
    case DEBTOR: set_first (self->debtor, text); return TRUE;
    case CREDITOR: set_first (self->creditor, text); return TRUE;
    default: g_assert_not_reached ();
    }
}

gboolean
tw_entry_text_is_booked (const TwEntryText *self)
{
  return strcmp (self->status->str, "BOOK") == 0;
}

static TwChars
chars (const GString *text)
{
  return (TwChars) { text->str, text->len };
}

/* What the entry tells; else what its details do, if each of them does. */
static TwConversionTold
all_told (const TwEntryText *self)
{
  TwConversionTold told = tw_told_conversion (&self->told, self->currency);

  if (*told.currency == '\0')
    {
      const gint64 charges = told.charges;

      told = self->details_told;
      told.charges = charges != 0 ? charges : told.charges;
    }
  if (told.charges == 0)
    told.charges = self->details_told.charges;

  return told;
}

/* Banks state totals before or after their charges. */
static gboolean
is_total (gint64 total,
          gint64 amount,
          gint64 charges)
{
  return total == amount || (__int128) total == (__int128) amount + charges;
}

/* Number and sum of a collective booking, if there is one alone. charges: in the entry's direction. */
static gboolean
check_batch (const TwEntryText  *self,
             gint64              amount,
             gint64              charges,
             char              **what)
{
  gint64 total = amount;

  if (self->n_batches == 1 && self->batch_count != TW_NOT_STATED && self->n_details > 0
      && (guint64) self->batch_count != self->n_details)
    {
      *what = g_strdup_printf ("a collective booking of %" G_GINT64_FORMAT " with %" G_GUINT64_FORMAT " details",
                               self->batch_count, self->n_details);
      return FALSE;
    }
  if (self->n_batches == 1 && self->batch_total->len > 0
      && !tw_amount_parse (chars (self->batch_total), self->currency, &total, what))
    return FALSE;
  if (!is_total (total, amount, charges))
    *what = g_strdup ("its collective booking has another total");
  else if (self->n_details > 0 && self->n_detail_amounts == self->n_details
           && !is_total (self->details_total, amount, charges))
    *what = g_strdup ("its details do not add up to its amount");

  return *what == NULL;
}

static TwChars
key_of (const GString *text)
{
  return strcmp (text->str, "NOTPROVIDED") == 0 ? (TwChars) { "", 0 } : chars (text);
}

gboolean
tw_entry_text_credit (const TwEntryText  *self,
                      TwCredit           *credit,
                      char              **what)
{
  const TwConversionTold told = all_told (self);
  gint64 amount;

  *what = NULL;
  if (!self->has_direction || self->status->len == 0)
    *what = g_strdup (self->has_direction ? "no status (Sts)" : "no direction (CdtDbtInd)");
  if (*what || !tw_amount_parse (chars (self->amount), self->currency, &amount, what))
    return FALSE;
  if (amount < 0)
    *what = g_strdup ("a negative amount, where CdtDbtInd is the direction");
  if (*what || !check_batch (self, amount, self->is_credit ? told.charges : -told.charges, what))
    return FALSE;
  memcpy (credit->currency, self->currency, 4);
  credit->amount = self->is_credit ? amount : -amount;
  memcpy (credit->original_currency, told.currency, 4);
  credit->original = self->is_credit ? told.amount : -told.amount;
  credit->rate_e10 = told.rate_e10;
  credit->rate_of_credit = told.rate_of_entry;
  credit->charges = told.charges;
  credit->booked_day = self->booked_day;
  credit->value_day = self->value_day;
  credit->reversal = self->reversal;
  if (self->n_details <= 1)
    {
      credit->end_to_end = key_of (self->end_to_end);
      credit->bank_trace = key_of (self->trace);
    }
  credit->remittance = chars (self->remittance->len > 0 ? self->remittance : self->additional);
  credit->joined = chars (self->remittance->len > 0 ? self->joined : self->additional);
  credit->counterparty = chars (self->is_credit ? self->debtor : self->creditor);

  return TRUE;
}
