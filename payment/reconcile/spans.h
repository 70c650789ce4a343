/* SPDX-License-Identifier: Apache-2.0 */
/* When the journals' sales began: the first and the last of all, and the last of each EVSE, so that a meter's record is
 * told as nobody's only where the journals look. An EVSE is a number of the engine's register. One thread.
 */
#pragma once

#include <glib.h>

typedef struct { gint64 first_us, last_us; GArray *last_of; } TwSpans;      /* TW_NOT_STATED; of gint64, by number */

void   tw_spans_init (TwSpans *self);
void   tw_spans_clear (TwSpans *self);
/* spot TW_NO_NAME, us TW_NOT_STATED: as far as is known. */
void   tw_spans_note (TwSpans *self, guint32 spot, gint64 us);
void   tw_spans_merge (TwSpans *self, const TwSpans *other);
/* Of an EVSE without a number, of all. */
gint64 tw_spans_last_of (const TwSpans *self, guint32 spot);
