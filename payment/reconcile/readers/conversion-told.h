/* SPDX-License-Identifier: Apache-2.0 */
/* What a bank tells of an entry, or of one of its details, beside the amount that it booked: the amount in the
 * currency that it came in, the rate, and its own charges (ISO 20022 AmtDtls and Chrgs). One thread. This folder's own.
 */
#pragma once

#include "payment/reconcile/witness.h"

#define TW_RATE_EXPECTED "not an exchange rate below a million with at most 10 decimals"

typedef struct
{
  char     currencies[3][4];             /* of InstdAmt, TxAmt, CntrValAmt, in this order; "": not told */
  gint64   amounts[3];
  char     source[4], target[4], unit[4];
  gint64   rate_e10;                     /* 0: none */
  char     charge_currency[4];           /* of the record that is being read, and whether it is one */
  gint64   charge;
  gboolean charge_is_ours, charge_is_included;
  gint64   charges, total_charges;       /* of the records; and the bank's own sum of them */
  guint    n_charges;
  char     total_currency[4];
} TwTold;

/* Of an entry's currency; all 0: the bank tells nothing. */
typedef struct { char currency[4]; gint64 amount, rate_e10, charges; gboolean rate_of_entry; } TwConversionTold;

/* 10^10 times it. */
gboolean tw_rate_parse (TwChars text, char point, gint64 *rate_e10);

void     tw_told_begin (TwTold *self);
/* path: below the entry or the detail, "/AmtDtls/TxAmt/Amt". FALSE: what is wrong, to be freed. */
gboolean tw_told_leaf (TwTold *self, const char *path, TwChars text, char **what);
gboolean tw_told_end_element (TwTold *self, const char *path, const char *entry_currency, char **what);
TwConversionTold tw_told_conversion (const TwTold *self, const char *entry_currency);
/* Of two details; what they do not agree on is not told. FALSE: too large. */
gboolean tw_conversion_told_add (TwConversionTold *self, const TwConversionTold *other);
