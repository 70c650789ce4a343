/* SPDX-License-Identifier: Apache-2.0 */
/* A sessions CSV, or a part of one, row by row. One thread; the parts of a file have a reader each. This folder's own.
 */
#pragma once

#include "payment/analytics/sources/session-columns.h"
#include "payment/analytics/sources/sources.h"
#include "payment/reconcile/sale.h"

typedef struct _TwSessionReader TwSessionReader;

typedef enum { TW_READ_ROW, TW_READ_REFUSED, TW_READ_END, TW_READ_ERROR } TwRead;

/* BAD_DATA: it is not a file of sessions. end: where a row begins that is not wanted any more; G_MAXUINT64: all. */
TwSessionReader *tw_session_reader_open (const char *path, const TwFeedTerms *terms, guint64 end, GError **error);
/* What follows in the same file, from the beginning of a row, which is that line. first: borrowed, outlives it. */
TwSessionReader *tw_session_reader_open_part (const TwSessionReader *first, guint64 begin, guint64 end, guint64 line,
                                              GError **error);
void             tw_session_reader_free (TwSessionReader *self);
/* The row's texts live until the next call. REFUSED: refusal says why, with its column. */
TwRead           tw_session_reader_next (TwSessionReader *self, TwSessionRow *row, GError **error);
const char      *tw_session_reader_refusal (const TwSessionReader *self);
guint64          tw_session_reader_line (const TwSessionReader *self);
guint64          tw_session_reader_bytes_read (const TwSessionReader *self);
/* As it is written; what an export hands on of columns that a row does not keep. */
TwChars          tw_session_reader_cell (const TwSessionReader *self, TwSessionColumn column);
/* Columns that are not ours. */
guint            tw_session_reader_n_others (const TwSessionReader *self);
const char      *tw_session_reader_other_name (const TwSessionReader *self, guint i);
TwChars          tw_session_reader_other (const TwSessionReader *self, guint i);
/* Its customers are whatever the file calls them. */
gboolean         tw_session_reader_is_foreign (const TwSessionReader *self);
gboolean         tw_session_reader_is_windows (const TwSessionReader *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwSessionReader, tw_session_reader_free)
