/* SPDX-License-Identifier: Apache-2.0 */
/* Private to payment/reconcile/report: what html.c gathers while results come, and page.c lays out. */
#pragma once

#include "payment/page/page.h"
#include "payment/reconcile/report/report.h"
#include "payment/reconcile/report/sums.h"

#define TW_PAGE_MOST_ROWS 200       /* of a class */
#define TW_PAGE_MOST_PAYOUTS 400
#define N_SEVERITIES 5

enum { AGE_DAY, AGE_WEEK, AGE_MONTH, AGE_QUARTER, AGE_OLDER, N_AGES };

/* Exceptions of one currency by age and severity. */
typedef struct { char currency[4]; gint64 stake_minor[N_SEVERITIES][N_AGES]; } Ageing;

typedef struct
{
  TwOutlet            outlet;
  const TwReportHead *head;
  FILE               *file;
  GArray             *totals;      /* of TwCurrencyTotals */
  GArray             *sums;        /* of TwClassSum */
  GArray             *ageings;     /* of Ageing */
  GString            *rows[TW_N_CLASSES];
  guint               n_rows[TW_N_CLASSES];
  GString            *payouts;
  guint64             n_payouts, n_listed, n_info;
} TwPage;

/* Whole, in HTML. FALSE: the witnesses cannot be asked. */
gboolean tw_page_write (const TwPage *self, GString *text, GError **error);
void tw_page_put_money (GString *text, gint64 minor, const char *currency);   /* a cell */
