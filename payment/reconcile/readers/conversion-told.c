/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/reconcile/readers/conversion-told.h"

#include "app/base/bytes.h"
#include "payment/money/money.h"
#include "payment/reconcile/readers/cell.h"
#include "payment/reconcile/readers/entry.h"

#include <string.h>

#define RATE_DIGITS 10
#define MOST_RATE (G_GINT64_CONSTANT (10000000000) * 1000000)      /* a million */

static const char *const AMOUNTS[] = { "InstdAmt/", "TxAmt/", "CntrValAmt/" };

gboolean
tw_rate_parse (TwChars  text,
               char     point,
               gint64  *rate_e10)
{
  const char *why;

  return tw_cell_amount (text, RATE_DIGITS, point, 0, rate_e10, &why) && *rate_e10 > 0 && *rate_e10 < MOST_RATE;
}

void
tw_told_begin (TwTold *self)
{
  *self = (TwTold) { .charge_is_ours = TRUE, .charge_is_included = TRUE };
}

static gboolean
refuse (const char *what_it_is,
        TwChars     text,
        char      **what)
{
  g_autofree char *copy = g_strndup (text.text, text.n);
  g_autofree char *printable = tw_text_printable (copy, 40);

  *what = g_strdup_printf ("\"%s\" is %s", printable, what_it_is);

  return FALSE;
}

/* A currency that we do not know has no digits: its amount says nothing. */
static void
take_currency (char    currency[4],
               TwChars text)
{
  memset (currency, 0, 4);
  if (text.n != 3)
    return;
  memcpy (currency, text.text, 3);
  if (tw_currency_digits (currency) < 0)
    *currency = '\0';
}

static gboolean
take_amount (const char *currency,
             TwChars     text,
             gint64     *amount,
             char      **what)
{
  if (*currency == '\0')
    return TRUE;

  return tw_amount_parse (text, currency, amount, what)
      && (*amount >= 0 || refuse ("not an amount from 0", text, what));
}

static gboolean
take_rate (TwTold  *self,
           TwChars  text,
           char   **what)
{
  gint64 rate;

  if (!tw_rate_parse (text, '.', &rate))
    return refuse (TW_RATE_EXPECTED, text, what);
  if (self->rate_e10 == 0)
    self->rate_e10 = rate;

  return TRUE;
}

static gboolean
amount_leaf (TwTold      *self,
             guint        at,
             const char  *path,
             TwChars      text,
             char       **what)
{
  if (strcmp (path, "Amt/@Ccy") == 0)
    take_currency (self->currencies[at], text);
  else if (strcmp (path, "Amt") == 0)
    return take_amount (self->currencies[at], text, &self->amounts[at], what);
  else if (strcmp (path, "CcyXchg/SrcCcy") == 0)
    take_currency (self->source, text);
  else if (strcmp (path, "CcyXchg/TrgtCcy") == 0)
    take_currency (self->target, text);
  else if (strcmp (path, "CcyXchg/UnitCcy") == 0)
    take_currency (self->unit, text);
  else if (strcmp (path, "CcyXchg/XchgRate") == 0)
    return take_rate (self, text, what);

  return TRUE;
}

/* Version 02 has a Chrgs for each charge, later ones one with a Rcrd for each. */
static gboolean
charge_leaf (TwTold      *self,
             const char  *path,
             TwChars      text,
             char       **what)
{
  if (strcmp (path, "TtlChrgsAndTaxAmt/@Ccy") == 0)
    take_currency (self->total_currency, text);
  else if (strcmp (path, "TtlChrgsAndTaxAmt") == 0)
    return take_amount (self->total_currency, text, &self->total_charges, what);
  path += g_str_has_prefix (path, "Rcrd/") ? strlen ("Rcrd/") : 0;
  if (strcmp (path, "Amt/@Ccy") == 0)
    take_currency (self->charge_currency, text);
  else if (strcmp (path, "Amt") == 0)
    return take_amount (self->charge_currency, text, &self->charge, what);
  else if (strcmp (path, "CdtDbtInd") == 0)
    self->charge_is_ours = !tw_cell_is (text, "CRDT");
  else if (strcmp (path, "ChrgInclInd") == 0)
    self->charge_is_included = tw_cell_is (text, "true") || tw_cell_is (text, "1");

  return TRUE;
}

gboolean
tw_told_leaf (TwTold      *self,
              const char  *path,
              TwChars      text,
              char       **what)
{
  if (g_str_has_prefix (path, "/Chrgs/"))
    return charge_leaf (self, path + strlen ("/Chrgs/"), text, what);
  if (!g_str_has_prefix (path, "/AmtDtls/"))
    return TRUE;
  path += strlen ("/AmtDtls/");
  for (guint i = 0; i < G_N_ELEMENTS (AMOUNTS); i++)
    if (g_str_has_prefix (path, AMOUNTS[i]))
      return amount_leaf (self, i, path + strlen (AMOUNTS[i]), text, what);

  return TRUE;
}

/* Charges that are booked elsewhere, or in another currency, do not lower this entry. */
gboolean
tw_told_end_element (TwTold      *self,
                     const char  *path,
                     const char  *entry_currency,
                     char       **what)
{
  const gint64 charge = self->charge_is_ours ? self->charge : -self->charge;

  if (strcmp (path, "/Chrgs") != 0 && strcmp (path, "/Chrgs/Rcrd") != 0)
    return TRUE;
  if (*self->charge_currency != '\0')
    {
      self->n_charges++;
      if (self->charge_is_included && strcmp (self->charge_currency, entry_currency) == 0
          && __builtin_add_overflow (self->charges, charge, &self->charges))
        *what = g_strdup ("its charges are too large");
    }
  memset (self->charge_currency, 0, 4);
  self->charge = 0;
  self->charge_is_ours = self->charge_is_included = TRUE;

  return *what == NULL;
}

/* Without a unit, the rate is of what is sold: one of the source's buys so many of the target's. */
static void
add_rate (const TwTold      *self,
          const char        *entry_currency,
          TwConversionTold  *told)
{
  const char *unit = *self->unit != '\0' ? self->unit : self->source;
  const char *other = strcmp (self->source, entry_currency) != 0 ? self->source : self->target;

  if (self->rate_e10 == 0)
    return;
  if (*told->currency == '\0' && strcmp (other, entry_currency) != 0)
    memcpy (told->currency, other, 4);
  told->rate_of_entry = strcmp (unit, entry_currency) == 0;
  if (*told->currency != '\0' && (told->rate_of_entry || strcmp (unit, told->currency) == 0))
    told->rate_e10 = self->rate_e10;
}

TwConversionTold
tw_told_conversion (const TwTold *self,
                    const char   *entry_currency)
{
  TwConversionTold told = { .charges = self->charges };

  for (guint i = 0; i < G_N_ELEMENTS (AMOUNTS) && *told.currency == '\0'; i++)
    if (*self->currencies[i] != '\0' && self->amounts[i] != 0 && strcmp (self->currencies[i], entry_currency) != 0)
      {
        memcpy (told.currency, self->currencies[i], 4);
        told.amount = self->amounts[i];
      }
  add_rate (self, entry_currency, &told);
  if (self->n_charges == 0 && strcmp (self->total_currency, entry_currency) == 0)
    told.charges = self->total_charges;

  return told;
}

gboolean
tw_conversion_told_add (TwConversionTold       *self,
                        const TwConversionTold *other)
{
  if (strcmp (self->currency, other->currency) != 0)
    *self = (TwConversionTold) { .charges = self->charges };
  else if ((self->amount == 0) != (other->amount == 0))
    self->amount = 0;
  else if (__builtin_add_overflow (self->amount, other->amount, &self->amount))
    return FALSE;
  if (self->rate_e10 != other->rate_e10 || self->rate_of_entry != other->rate_of_entry)
    self->rate_e10 = 0;

  return !__builtin_add_overflow (self->charges, other->charges, &self->charges);
}
