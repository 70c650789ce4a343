/* SPDX-License-Identifier: Apache-2.0 */
/* What session-reader.c opens and session-cells.c takes rows out of. This folder's own. */
#pragma once

#include "payment/analytics/sources/foreign.h"
#include "payment/analytics/sources/session-reader.h"
#include "payment/analytics/sources/values.h"
#include "payment/reconcile/readers/header.h"
#include "payment/reconcile/readers/instant.h"

struct _TwSessionReader
{
  char        *path;
  TwFeedTerms  terms;
  TwRows      *rows;
  TwHeader    *header;                        /* of the first part; the others borrow it */
  gboolean     owns_header;
  int          at[TW_N_SESSION_COLUMNS];
  TwChars      cells[TW_N_SESSION_COLUMNS];   /* of this row */
  GArray      *others;                        /* of int: columns */
  guint        n_cells;
  char         delimiter;
  TwLastDay    last_day;
  TwZones     *zones;
  char         zone[64];                      /* the last one that was found, */
  guint32      n_zone;                        /* and its length */
  GString     *refusal;
  TwForeign   *foreign;                       /* NULL: columns have our names */
};

/* Whether a report can compute with it: an IANA name. */
gboolean tw_session_reader_is_zone (TwSessionReader *self, TwChars name);
/* Of the row that the reader stands on. FALSE: refusal says why. */
gboolean tw_session_reader_take (TwSessionReader *self, TwSessionRow *row);
