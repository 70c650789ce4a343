/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of a CSV that somebody else designed, by a mapping file (README.md). One thread; each part of a file has its
 * own. This folder's own.
 */
#pragma once

#include "payment/analytics/session-row.h"
#include "payment/analytics/sources/session-columns.h"
#include "payment/reconcile/readers/header.h"

typedef struct _TwForeign TwForeign;

/* time_zone: of local times, if the mapping tells none; may be NULL. BAD_DATA: "PATH:7: [file] ...". */
TwForeign *tw_foreign_new (const char *mapping, const char *time_zone, GError **error);
void       tw_foreign_free (TwForeign *self);
/* Names of which one must be in the header. Free with g_strfreev(). */
char     **tw_foreign_header (const TwForeign *self);
/* Where the columns are. BAD_DATA: one that the mapping names is not there. */
gboolean   tw_foreign_find (TwForeign *self, const TwHeader *header, GError **error);
/* -1: the mapping names none. */
int        tw_foreign_column (const TwForeign *self, TwSessionColumn column);
gboolean   tw_foreign_uses (const TwForeign *self, int column);
/* FALSE: refusal says why. The row's texts live until the next call. */
gboolean   tw_foreign_take (TwForeign *self, const TwRows *rows, TwSessionRow *row, GString *refusal);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwForeign, tw_foreign_free)
