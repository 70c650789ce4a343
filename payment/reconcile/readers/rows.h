/* SPDX-License-Identifier: Apache-2.0 */
/* A CSV file as rows of cells without names: read in blocks, split 64 bytes at a time, nothing copied. Quotes must
 * stand around a whole cell (RFC 4180); then counting them tells what is inside, and a row that breaks the rule is
 * refused when it is looked at. Memory: two blocks, and as much as the longest row. One thread. This folder's own.
 */
#pragma once

#include "payment/reconcile/intake.h"

#define TW_ROWS_BLOCK   (128 * 1024)
#define TW_ROWS_LONGEST (1024 * 1024)

typedef struct _TwRows TwRows;

/* Reads the first block. GONE: cannot be opened. BAD_DATA: not a plain file. */
TwRows  *tw_rows_open (const char *path, GError **error);
/* Only the bytes from BEGIN up to END (G_MAXUINT64: of the file), where rows begin; without a digest. Several readers
 * share a large file so. */
TwRows  *tw_rows_open_part (const char *path, guint64 begin, guint64 end, GError **error);
/* For single rows (tw_rows_seek): without a digest, and reading little at a time. */
TwRows  *tw_rows_open_again (const char *path, GError **error);
void     tw_rows_free (TwRows *self);
/* The first bytes, without a byte order mark; until tw_rows_begin(). */
TwChars  tw_rows_peek (const TwRows *self);
/* Rows begin that many bytes into what was peeked at, which is that line, counted from 1. */
void     tw_rows_begin (TwRows *self, gsize offset, guint64 line, char delimiter);
/* FALSE without error: the end. Blank rows are left out. BAD_DATA, with path and line. */
gboolean tw_rows_next (TwRows *self, GError **error);
/* After such an error: it is of this row alone, and the next one can be read. */
gboolean tw_rows_may_go_on (const TwRows *self);
guint64  tw_rows_line (const TwRows *self);
/* The file ends within this row's last cell, for all that can be told: no line feed and no quote ends it. */
gboolean tw_rows_may_be_cut (const TwRows *self);
/* The byte of the file where this row begins, of one that is as it stands there: without quotes, all ASCII. Else 0. */
guint64  tw_rows_place (const TwRows *self);
/* The next row is the one at such a byte, and is that line. Of rows that were opened again. */
gboolean tw_rows_seek (TwRows *self, guint64 place, guint64 line, GError **error);
void     tw_rows_stamp (const TwRows *self, TwFileStamp *stamp);
guint    tw_rows_n_cells (const TwRows *self);
TwChars  tw_rows_cell (const TwRows *self, guint cell);       /* trimmed, quotes removed, UTF-8 */
/* Several at once; of column -1: nothing. */
void     tw_rows_cells (const TwRows *self, const int *columns, guint n, TwChars *cells);
gboolean tw_rows_is_windows (const TwRows *self);             /* Windows-1252 was met */
guint64  tw_rows_bytes_read (const TwRows *self);
guint64  tw_rows_size (const TwRows *self);
void     tw_rows_digest (const TwRows *self, char *hex);      /* 65 bytes */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwRows, tw_rows_free)
