/* SPDX-License-Identifier: Apache-2.0 */
/* One kind of price from now on, as few boxes in each of which one price holds. This folder's own. */
#pragma once

#include "payment/tariff/grid.h"

/* From low to high, both of them cells. component: or TW_CELL_FREE. */
typedef struct
{
  int      component;
  gboolean now;                /* the cell where who begins now stands is in it */
  gboolean rest;               /* its bounds say nothing: it holds wherever no other box does */
  gboolean loose;              /* others hold in it as well: it only says where to expect the price */
  guint    low[TW_GRID_AXES], high[TW_GRID_AXES];
} TwRegime;

/* Of TwRegime: the one that holds now, then in the order in which they can come. Every cell that can happen is in a
 * box of its price, and, loose ones apart, in no other but the rest. Empty: nothing is ever due. */
GArray *tw_regimes_new (const TwGrid *grid);
