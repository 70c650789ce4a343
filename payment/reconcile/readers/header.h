/* SPDX-License-Identifier: Apache-2.0 */
/* The line of a CSV that names its columns: found among the first lines, and looked up in. Names are compared after
 * trimming and case folding. This folder's own.
 */
#pragma once

#include "payment/reconcile/readers/rows.h"

typedef struct { gsize offset; guint line; char delimiter; } TwHeaderPlace;

typedef struct _TwHeader TwHeader;

/* In what tw_rows_peek() gave. has: names of which one must be in it. */
gboolean    tw_header_find (TwChars bytes, const char *path, const char *const *has, TwHeaderPlace *place,
                            GError **error);
/* Of the row that ROWS stands on. BAD_DATA: two columns of one name, unless they are to be numbered. */
TwHeader   *tw_header_new (const TwRows *rows, const char *path, gboolean numbered, GError **error);
void        tw_header_free (TwHeader *self);
int         tw_header_find_column (const TwHeader *self, const char *const *names);    /* -1: there is none */
const char *tw_header_column_name (const TwHeader *self, int column);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwHeader, tw_header_free)
