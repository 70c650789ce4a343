/* SPDX-License-Identifier: Apache-2.0 */
/* Rows in full, of rows in short: from the scratch, or from the file that they came from. One thread.
 */
#pragma once

#include "payment/reconcile/brief.h"

/* What a row says, by its shape. n: bytes. */
typedef struct { const guint8 *body; gsize n; } TwWhole;

typedef struct
{
  TwReconciliation *engine;
  TwPage        sale_page, line_page;
  GPtrArray    *opened;                    /* files, by their number; of TwAgainClass */
  GStringChunk *bodies;
  GByteArray   *room;
  guint64       wanted;                    /* the hash of the row that is read again */
  gboolean      found;
} TwWholes;

void     tw_wholes_init (TwWholes *self, TwReconciliation *engine);
void     tw_wholes_clear (TwWholes *self);
/* Until tw_wholes_forget(). FALSE: the disk, or the file is another one now. */
gboolean tw_whole_sale (TwWholes *self, const TwRow *brief, TwWhole *whole, GError **error);
gboolean tw_whole_line (TwWholes *self, const TwRow *brief, TwWhole *whole, GError **error);
void     tw_wholes_forget (TwWholes *self);

/* Where a row lives: its hash. */
guint64  tw_sale_home (const TwSale *sale);
guint64  tw_line_home (const TwSettled *line);
/* A line of one currency may name it once. */
void     tw_line_complete (TwSettled *line);
