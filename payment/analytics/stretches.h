/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of stretches of time: ascending, apart from each other, none empty. Pure. */
#pragma once

#include <glib.h>

/* [from, until), seconds since 1970. */
typedef struct { gint64 from, until; } TwStretch;

GArray *tw_stretches_new      (void);
/* At the end: from is not before that of the last one. What touches becomes one; what is empty is not added. */
void    tw_stretches_append   (GArray *self, gint64 from, gint64 until);
/* What is in the one and not in the other; in one of both. New lists. */
GArray *tw_stretches_subtract (const GArray *from, const GArray *what);
GArray *tw_stretches_unite    (const GArray *one, const GArray *other);
/* Puts a list in order that was filled in any. */
void    tw_stretches_sort     (GArray **self);

static inline TwStretch *
tw_stretches_at (const GArray *self, guint i)
{
  return &g_array_index (self, TwStretch, i);
}
