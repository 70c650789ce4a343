/* SPDX-License-Identifier: Apache-2.0 */
/* The inside of a TwBill, for those who make one: bill.c and reduction.c. This folder's own.
 */
#pragma once

#include "payment/tariff/running.h"

struct _TwBill
{
  TwTariff *tariff;   /* owns the texts that lines point to */
  TwMoney   net, gross, unlimited_net, unlimited_gross, unreduced_gross;
  guint     reduction_bp;
  TwSides   exact;
  char     *exact_net, *exact_gross;   /* written when somebody asks */
  gboolean  net_known, gross_known;
  gint64    grace_ms;
  guint     n_lines;
  TwLine    lines[];
};

/* reduction.c: takes so many hundredths of a percent off, with a line for each tax rate; there is room for as many
 * lines again as it has. */
void tw_bill_reduce (TwBill *self, guint bp);
