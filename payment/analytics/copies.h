/* SPDX-License-Identifier: Apache-2.0 */
/* Which rows have come before: what a gate asks. This folder's own. */
#pragma once

#include "payment/analytics/quality.h"

/* Where a row stands. The same source has the same number in all gates. */
typedef struct { guint32 source; guint64 line; } TwRowPlace;

typedef enum { TW_ROW_NEW, TW_ROW_SAME_ID, TW_ROW_COPY } TwRowNovelty;

guint32      tw_copies_source (TwCopies *self, const char *source);
const char  *tw_copies_source_name (TwCopies *self, guint32 source);   /* lives as long as self */
/* It will be asked for soon. */
void         tw_copies_expect (const TwCopies *self, guint64 id);
/* id: hash of its id; 0: it has none. *later: of the two rows that are alike, the one to be told. */
TwRowNovelty tw_copies_add (TwCopies *self, guint64 id, guint64 row, TwRowPlace place, TwRowPlace *later);

/* What is kept from one run to the next: tables with that number of rows each, one behind the other. */
#define TW_COPIES_TABLES 512

guint32      tw_copies_n          (TwCopies *self, guint table);
gsize        tw_copies_kept_bytes (guint32 n);
/* sources: the numbers that are kept, by those that are used. */
void         tw_copies_keep       (TwCopies *self, guint table, const guint32 *sources, guint8 *bytes);
guint32      tw_copies_n_sources  (TwCopies *self);
/* Before any row. bytes: outlive it, and are written to. sources: the numbers to use, by those that were kept. FALSE:
 * these are not such tables. */
gboolean     tw_copies_resume     (TwCopies *self, const guint32 *n, guint8 *bytes, const guint32 *sources,
                                   guint n_sources);
