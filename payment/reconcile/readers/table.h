/* SPDX-License-Identifier: Apache-2.0 */
/* A CSV file as a table with named columns (facts: settlement-files.md section 1): delimiter told from the header, BOM,
 * quotes with line breaks inside, CRLF or LF, UTF-8 or with a notice Windows-1252; the header is searched for, because
 * some exports put lines before it. Rows come one at a time and live until the next. One thread. This folder's own.
 */
#pragma once

#include "payment/reconcile/intake.h"

typedef struct _TwTable TwTable;

/* header_has: names of which one must be in the header; it is searched in the first 20 lines. Names are compared after
 * trimming and case folding. BAD_DATA: no header, two columns of one name, not text. */
TwTable *tw_table_open (const char *path, const char *const *header_has, GError **error);
/* The same, but a name that stands several times is "Name", "Name (2)", ...: of files that others made. */
TwTable *tw_table_open_numbered (const char *path, const char *const *header_has, GError **error);
/* Of a file that was read before, for single rows of it: no digest, and nothing is read ahead. */
TwTable *tw_table_open_again (const char *path, const char *const *header_has, GError **error);
void     tw_table_free (TwTable *self);
/* -1: there is none. names: spellings of one column, NULL-terminated. */
int      tw_table_column (const TwTable *self, const char *const *names);
const char *tw_table_column_name (const TwTable *self, int column);
guint    tw_table_n_columns (const TwTable *self);
/* FALSE without error: the end. BAD_DATA: a row with more or fewer cells than the header, an open quote, NUL, a row
 * of more than 1 MiB. */
gboolean tw_table_next (TwTable *self, GError **error);
guint64  tw_table_line (const TwTable *self);                 /* where this row begins, from 1 */
guint64  tw_table_place (const TwTable *self);                /* TwOrigin.at */
/* The next row is that one. Of a table that was opened again. */
gboolean tw_table_seek (TwTable *self, const TwOrigin *origin, GError **error);
void     tw_table_stamp (const TwTable *self, TwFileStamp *stamp);   /* as the file is now */
TwChars  tw_table_cell (const TwTable *self, int column);     /* trimmed; of column -1: nothing */
void     tw_table_cells (const TwTable *self, const int *columns, guint n, TwChars *cells);
/* "PATH, line 7, column "Gross": " and the rest, BAD_DATA. Always FALSE. */
gboolean tw_table_refuse (const TwTable *self, int column, GError **error, const char *format, ...)
  G_GNUC_PRINTF (4, 5);
guint64  tw_table_bytes_read (const TwTable *self);
guint64  tw_table_size (const TwTable *self);
/* Of all bytes read so far; complete after the last row. hex: 65 bytes. */
void     tw_table_digest (const TwTable *self, char *hex);
GPtrArray *tw_table_notices (const TwTable *self);            /* of char *; borrowed */

/* Cells as values; refuse with the place. An empty cell is TW_NOT_STATED. comma: decimal comma. */
gboolean tw_table_money (const TwTable *self, int column, const char *currency, gboolean comma, gint64 *minor,
                         GError **error);
gboolean tw_table_integer (const TwTable *self, int column, gint64 *value, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwTable, tw_table_free)
