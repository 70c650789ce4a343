/* SPDX-License-Identifier: Apache-2.0 */
/* Times as other people's files write them, by a pattern: "WWW, DD MMM YYYY hh:mm:ss ZZZ". Pure. This folder's own. */
#pragma once

#include "payment/reconcile/sale.h"

typedef struct _TwWallTimes TwWallTimes;

/* What a cell says. zone: the text in the place of ZZZ; n 0: none. */
typedef struct { gint64 local_s; TwChars zone; gboolean century_repaired; } TwWallTime;

/* YYYY, YY, MM or M, MMM (Jan), DD or D, hh or h, mm, ss, AP (AM, PM), WWW (a weekday, not looked at), ZZZ; all else
 * stands for itself. Numbers may have fewer digits than letters. NULL: why says what is missing, static. */
TwWallTimes *tw_wall_times_new (const char *pattern, gboolean repair_century, const char **why);
void         tw_wall_times_free (TwWallTimes *self);
gboolean     tw_wall_times_read (const TwWallTimes *self, TwChars cell, TwWallTime *time);
/* "-07:00", "-0700", "Z", "GMT", "UTC". */
gboolean     tw_wall_offset (TwChars text, gint64 *offset_s);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwWallTimes, tw_wall_times_free)
