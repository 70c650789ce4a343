/* SPDX-License-Identifier: Apache-2.0 */
/* The columns of the sales CSV, one for each member of TwSale but its origin: who writes and who reads go by this table
 * and so cannot disagree. This folder's own.
 */
#pragma once

#include "payment/reconcile/sale.h"

typedef enum
{
  TW_CELL_TEXT, TW_CELL_CURRENCY, TW_CELL_STATE, TW_CELL_FLAG, TW_CELL_COUNT, TW_CELL_NUMBER, TW_CELL_WHEN, TW_CELL_DAY
} TwCellKind;

typedef struct
{
  const char *name;
  TwCellKind  kind;
  guint       offset;      /* in TwSale */
} TwSaleColumn;

#define TW_N_SALE_COLUMNS 41
extern const TwSaleColumn TW_SALE_COLUMNS[TW_N_SALE_COLUMNS];
#define TW_N_SALE_STATES (TW_SALE_OPEN + 1)
extern const char *const TW_SALE_STATES[TW_N_SALE_STATES];   /* by TwSaleState */
