/* SPDX-License-Identifier: Apache-2.0 */
/* Where the cells and rows of a CSV end, by the bits of 64 bytes at a time (marks.h). Counting quotes tells what is
 * between them. Knows nothing of files and buffers but the bytes it is shown. One thread. This folder's own.
 */
#pragma once

#include <glib.h>

/* Where a row's marks end, and why somebody must look closer. */
typedef struct { guint32 end_mark; gboolean quoted, look; } TwSplitRow;

typedef struct
{
  char        delimiter;
  gboolean    inside;                   /* between quotes, where it is now */
  gboolean    quoted, look;             /* of the row that it is in */
  guint32    *marks;                    /* places of delimiters and line feeds outside of quotes */
  gsize       n_marks, marks_capacity;
  TwSplitRow *rows;                     /* that are whole */
  gsize       n_rows, rows_capacity;
} TwSplit;

void  tw_split_clear (TwSplit *self);
/* As if nothing had come before. */
void  tw_split_reset (TwSplit *self);
/* Behind length are 64 bytes that may be looked at. From: what was returned before. Where it stopped: what is left of
 * 64 bytes is split only if nothing more comes. */
gsize tw_split_bytes (TwSplit *self, const char *bytes, gsize from, gsize length, gboolean ended);
/* The row that no line feed ends, because the file does. */
void  tw_split_end_row (TwSplit *self, gsize place);
/* All rows are used, and the bytes before this place are gone. */
void  tw_split_forget_rows (TwSplit *self, gsize place);
