/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/reconcile/readers/table.h"

#include "app/base/bytes.h"
#include "app/base/error.h"
#include "payment/reconcile/readers/cell.h"
#include "payment/reconcile/readers/header.h"
#include "payment/reconcile/readers/rows.h"

#include <stdarg.h>
#include <string.h>

struct _TwTable
{
  char *path;
  TwRows *rows;
  TwHeader *header;
  guint n_columns;
  GPtrArray *notices;
  gboolean windows_noted;
};

static TwTable *
begin (TwTable    *self,
       const char *path)
{
  self->path = g_strdup (path);
  self->notices = g_ptr_array_new_with_free_func (g_free);

  return self;
}

static void
note_windows (TwTable *self)
{
  if (self->windows_noted || !tw_rows_is_windows (self->rows))
    return;
  self->windows_noted = TRUE;
  g_ptr_array_add (self->notices, g_strdup_printf ("%s is not UTF-8: read as Windows-1252", self->path));
}

static TwTable *
open_table (TwRows             *rows,
            const char         *path,
            const char *const  *header_has,
            gboolean            numbered,
            GError            **error)
{
  g_autoptr (TwTable) self = begin (g_new0 (TwTable, 1), path);
  TwHeaderPlace place;

  self->rows = rows;
  if (rows == NULL || !tw_header_find (tw_rows_peek (self->rows), path, header_has, &place, error))
    return NULL;
  tw_rows_begin (self->rows, place.offset, place.line, place.delimiter);
  if (!tw_rows_next (self->rows, error))
    {
      g_assert (error == NULL || *error != NULL);
      return NULL;
    }
  self->header = tw_header_new (self->rows, path, numbered, error);
  if (self->header == NULL)
    return NULL;
  self->n_columns = tw_rows_n_cells (self->rows);
  if (place.line > 1)
    g_ptr_array_add (self->notices, g_strdup_printf ("%s: the header is line %u; what stands before it was not read",
                                                     path, place.line));

  return g_steal_pointer (&self);
}

TwTable *
tw_table_open (const char         *path,
               const char *const  *header_has,
               GError            **error)
{
  return open_table (tw_rows_open (path, error), path, header_has, FALSE, error);
}

TwTable *
tw_table_open_numbered (const char         *path,
                        const char *const  *header_has,
                        GError            **error)
{
  return open_table (tw_rows_open (path, error), path, header_has, TRUE, error);
}

TwTable *
tw_table_open_again (const char         *path,
                     const char *const  *header_has,
                     GError            **error)
{
  return open_table (tw_rows_open_again (path, error), path, header_has, FALSE, error);
}

void
tw_table_free (TwTable *self)
{
  if (self == NULL)
    return;
  tw_rows_free (self->rows);
  tw_header_free (self->header);
  g_ptr_array_unref (self->notices);
  g_free (self->path);
  g_free (self);
}

int
tw_table_column (const TwTable     *self,
                 const char *const *names)
{
  return tw_header_find_column (self->header, names);
}

const char *
tw_table_column_name (const TwTable *self,
                      int            column)
{
  return tw_header_column_name (self->header, column);
}

guint
tw_table_n_columns (const TwTable *self)
{
  return self->n_columns;
}

gboolean
tw_table_next (TwTable  *self,
               GError  **error)
{
  const gboolean there = tw_rows_next (self->rows, error);

  note_windows (self);
  if (there && tw_rows_may_be_cut (self->rows))
    g_ptr_array_add (self->notices, g_strdup_printf ("%s: its last line, %" G_GUINT64_FORMAT ", has no end: if the "
                                                     "file was cut off, the line's last cell was, too", self->path,
                                                     tw_rows_line (self->rows)));
  if (there && tw_rows_n_cells (self->rows) != self->n_columns)
    return tw_table_refuse (self, -1, error, "%u cells, and the header has %u: is the line cut off, or a delimiter in "
                            "a text without quotes?", tw_rows_n_cells (self->rows), self->n_columns);

  return there;
}

guint64
tw_table_line (const TwTable *self)
{
  return tw_rows_line (self->rows);
}

guint64
tw_table_place (const TwTable *self)
{
  return tw_rows_place (self->rows);
}

gboolean
tw_table_seek (TwTable         *self,
               const TwOrigin  *origin,
               GError         **error)
{
  return tw_rows_seek (self->rows, origin->at, origin->line, error);
}

void
tw_table_stamp (const TwTable *self,
                TwFileStamp   *stamp)
{
  tw_rows_stamp (self->rows, stamp);
}

TwChars
tw_table_cell (const TwTable *self,
               int            column)
{
  return column < 0 ? (TwChars) { "", 0 } : tw_rows_cell (self->rows, column);
}

void
tw_table_cells (const TwTable *self,
                const int     *columns,
                guint          n,
                TwChars       *cells)
{
  tw_rows_cells (self->rows, columns, n, cells);
}

gboolean
tw_table_refuse (const TwTable  *self,
                 int             column,
                 GError        **error,
                 const char     *format,
                 ...)
{
  g_autofree char *where = column < 0 ? g_strdup ("") : g_strdup_printf (", column \"%s\"",
                                                                         tw_table_column_name (self, column));
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s, line %" G_GUINT64_FORMAT "%s: %s",
               self->path, tw_table_line (self), where, text);

  return FALSE;
}

guint64
tw_table_bytes_read (const TwTable *self)
{
  return tw_rows_bytes_read (self->rows);
}

guint64
tw_table_size (const TwTable *self)
{
  return tw_rows_size (self->rows);
}

void
tw_table_digest (const TwTable *self,
                 char          *hex)
{
  tw_rows_digest (self->rows, hex);
}

GPtrArray *
tw_table_notices (const TwTable *self)
{
  return self->notices;
}

static gboolean
refuse_cell (const TwTable  *self,
             int             column,
             const char     *why,
             GError        **error)
{
  const TwChars cell = tw_table_cell (self, column);
  g_autofree char *copy = g_strndup (cell.text, cell.n);
  g_autofree char *printable = tw_text_printable (copy, 40);

  return tw_table_refuse (self, column, error, "\"%s\" is %s", printable, why);
}

gboolean
tw_table_money (const TwTable  *self,
                int             column,
                const char     *currency,
                gboolean        comma,
                gint64         *minor,
                GError        **error)
{
  const TwChars cell = tw_table_cell (self, column);
  const char *why;
  int digits;

  *minor = TW_NOT_STATED;
  if (cell.n == 0)
    return TRUE;
  digits = tw_cell_digits (currency);
  if (digits < 0)
    {
      g_autofree char *printable = tw_text_printable (currency, 10);

      return tw_table_refuse (self, column, error, "an amount of \"%s\", which is no currency that we know", printable);
    }
  if (!tw_cell_amount (cell, digits, comma ? ',' : '.', 0, minor, &why))
    return refuse_cell (self, column, why, error);

  return TRUE;
}

gboolean
tw_table_integer (const TwTable  *self,
                  int             column,
                  gint64         *value,
                  GError        **error)
{
  const TwChars cell = tw_table_cell (self, column);
  const char *why;

  *value = TW_NOT_STATED;
  if (cell.n > 0 && !tw_cell_integer (cell, value, &why))
    return refuse_cell (self, column, why, error);

  return TRUE;
}
