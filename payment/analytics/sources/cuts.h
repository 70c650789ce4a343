/* SPDX-License-Identifier: Apache-2.0 */
/* Where a CSV may be cut so that several readers share it: at the beginnings of rows, which only who counts all quotes
 * before can tell. Counting runs at the speed of memory. This folder's own.
 */
#pragma once

#include <glib.h>

typedef struct { guint64 offset, line; } TwCut;

/* Up to n - 1 cuts that make parts of about the same size, none if they would be smaller than least bytes; the line is
 * the one that begins there, from 1. GONE: cannot be read. */
gboolean tw_cuts_find (const char *path, guint n, guint64 least, TwCut *cuts, guint *n_cuts, GError **error);
