/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/reconcile/readers/rows.h"

#include "app/base/error.h"
#include "payment/reconcile/readers/quoted.h"
#include "payment/reconcile/readers/source.h"
#include "payment/reconcile/readers/split.h"

#include <stdarg.h>

enum { HEAD = 16 * 1024, SINGLE = 2 * 1024 };   /* bytes, of a file that is read for single rows */

struct _TwRows
{
  TwSource *source;
  gboolean ended;                       /* nothing more will come */
  guint64 base;                         /* where the buffer begins in the file */

  char *buffer;                         /* 64 bytes more than its capacity, for the last look */
  gsize capacity, length, split;        /* how far it is filled, and how far it is split */
  TwSplit cut;
  gsize next_row, next_begin;           /* of the row after this one */

  gsize begin, first_mark;              /* this row */
  guint n_cells;
  guint64 line, next_line;
  TwQuoted *quoted_cells;               /* of a row that is not as it stands */
  gboolean is_cooked, may_go_on, may_be_cut;
};

static gboolean refuse (const TwRows *self, guint64 line, GError **error, const char *format, ...)
  G_GNUC_PRINTF (4, 5);

static gboolean
refuse (const TwRows *self,
        guint64       line,
        GError      **error,
        const char   *format,
        ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s, line %" G_GUINT64_FORMAT ": %s",
               tw_source_path (self->source), line, text);

  return FALSE;
}

/* Fills the buffer, or reads to the end. */
static gboolean
fill (TwRows  *self,
      GError **error)
{
  while (!self->ended && self->length < self->capacity)
    {
      const gssize n = tw_source_read (self->source, self->buffer + self->length, self->capacity - self->length,
                                       error);

      if (n < 0)
        return FALSE;
      self->length += n;
      self->ended = n == 0;
    }

  return TRUE;
}

static TwRows *
open_source (TwSource  *source,
             guint64    begin,
             gsize      capacity,
             GError   **error)
{
  g_autoptr (TwRows) self = g_new0 (TwRows, 1);

  if (source == NULL)
    return NULL;
  self->source = source;
  self->base = begin;
  self->capacity = capacity;
  self->buffer = g_malloc0 (self->capacity + 64);
  self->quoted_cells = tw_quoted_new ();
  if (!fill (self, error))
    return NULL;
  if (begin == 0 && self->length >= 3 && memcmp (self->buffer, "\xef\xbb\xbf", 3) == 0)
    {
      self->split = 3;
      tw_quoted_expect_utf8 (self->quoted_cells);
    }
  return g_steal_pointer (&self);
}

TwRows *
tw_rows_open (const char *path, GError **error)
{
  return open_source (tw_source_open (path, error), 0, TW_ROWS_BLOCK, error);
}

TwRows *
tw_rows_open_part (const char  *path,
                   guint64      begin,
                   guint64      end,
                   GError     **error)
{
  return open_source (tw_source_open_part (path, begin, end, error), begin, TW_ROWS_BLOCK, error);
}

TwRows *
tw_rows_open_again (const char  *path,
                    GError     **error)
{
  return open_source (tw_source_open_part (path, 0, G_MAXUINT64, error), 0, HEAD, error);
}

void
tw_rows_free (TwRows *self)
{
  if (self == NULL)
    return;
  tw_source_free (self->source);
  tw_quoted_free (self->quoted_cells);
  g_free (self->buffer);
  tw_split_clear (&self->cut);
  g_free (self);
}

TwChars
tw_rows_peek (const TwRows *self)
{
  return (TwChars) { self->buffer + self->split, self->length - self->split };
}

void
tw_rows_begin (TwRows *self,
               gsize   offset,
               guint64 line,
               char    delimiter)
{
  g_assert (offset <= self->length - self->split);

  self->split += offset;
  self->next_begin = self->split;
  self->next_line = line;
  self->cut.delimiter = delimiter;
}

/* The row that no line feed ends, because the file does. */
static void
end_last_row (TwRows *self)
{
  if (self->cut.n_rows == 0 && self->next_begin < self->length && !self->cut.inside)
    tw_split_end_row (&self->cut, self->length);
}

/* All rows are used: moves what has begun to the front and reads on. */
static gboolean
read_rows (TwRows  *self,
           GError **error)
{
  const gsize kept = self->length - self->next_begin;

  if (kept > TW_ROWS_LONGEST)
    return refuse (self, self->next_line, error, "a row of more than 1 MiB%s",
                   self->cut.inside ? ": a quote that is opened is not closed" : "");
  memmove (self->buffer, self->buffer + self->next_begin, kept);
  tw_split_forget_rows (&self->cut, self->next_begin);
  self->base += self->next_begin;
  self->split -= self->next_begin;
  self->length = kept;
  self->next_begin = 0;
  self->next_row = 0;
  if (kept > self->capacity / 2)
    {
      self->capacity *= 2;
      self->buffer = g_realloc (self->buffer, self->capacity + 64);
    }
  if (!fill (self, error))
    return FALSE;
  self->split = tw_split_bytes (&self->cut, self->buffer, self->split, self->length, self->ended);
  if (self->ended)
    end_last_row (self);

  return TRUE;
}

static gboolean
check_end (TwRows  *self,
           GError **error)
{
  if (self->cut.inside)
    return refuse (self, self->next_line, error, "a quote that is opened is not closed: is the file cut off?");

  return tw_source_check_end (self->source, error);
}

/* Nothing but delimiters and blanks: what spreadsheets leave behind a table. */
static gboolean
is_blank (const TwRows *self,
          gsize         end)
{
  gsize n = end - self->begin;

  if (n > 0 && self->buffer[end - 1] == '\r')
    n--;
  if (n == self->n_cells - 1)
    return TRUE;

  return self->n_cells == 1 && tw_rows_cell (self, 0).n == 0;
}

static guint64
count_feeds (const char *bytes,
             gsize       n)
{
  guint64 found = 0;

  for (const char *end = bytes + n, *p = memchr (bytes, '\n', n); p; p = memchr (p + 1, '\n', end - p - 1))
    found++;

  return found;
}

/* Takes quotes off, checks the encoding. */
static gboolean
cook (TwRows  *self,
      TwSplitRow   row,
      GError **error)
{
  g_autofree char *what = NULL;

  tw_quoted_begin (self->quoted_cells);
  for (guint i = 0; i < self->n_cells; i++)
    if (!tw_quoted_add (self->quoted_cells, tw_rows_cell (self, i), row.look, &what))
      return refuse (self, self->line, error, "cell %u: %s", i + 1, what);
  self->is_cooked = TRUE;

  return TRUE;
}

gboolean
tw_rows_next (TwRows  *self,
              GError **error)
{
  for (;;)
    {
      TwSplitRow row;
      gsize end;

      self->may_go_on = FALSE;
      while (self->next_row == self->cut.n_rows)
        {
          if (self->ended && self->next_begin >= self->length)
            return check_end (self, error) && FALSE;
          if (self->ended && self->cut.inside && self->split == self->length)
            return check_end (self, error);
          if (!read_rows (self, error))
            return FALSE;
        }
      row = self->cut.rows[self->next_row];
      self->first_mark = self->next_row > 0 ? self->cut.rows[self->next_row - 1].end_mark : 0;
      self->next_row++;
      self->n_cells = row.end_mark - self->first_mark;
      self->begin = self->next_begin;
      end = self->cut.marks[row.end_mark - 1];
      self->next_begin = end + 1;
      self->line = self->next_line;
      self->next_line += 1 + (row.quoted ? count_feeds (self->buffer + self->begin, end - self->begin) : 0);
      self->is_cooked = FALSE;
      self->may_go_on = TRUE;
      if (end - self->begin > TW_ROWS_LONGEST)
        return refuse (self, self->line, error, "a row of more than 1 MiB");
      if (is_blank (self, end))
        continue;
      self->may_be_cut = end == self->length && self->buffer[end - 1] != '"' && self->buffer[end - 1] != '\r';
      return (!row.quoted && !row.look) || cook (self, row, error);
    }
}

gboolean
tw_rows_may_go_on (const TwRows *self)
{
  return self->may_go_on;
}

guint64
tw_rows_line (const TwRows *self)
{
  return self->line;
}

gboolean
tw_rows_may_be_cut (const TwRows *self)
{
  return self->may_be_cut;
}

guint64
tw_rows_place (const TwRows *self)
{
  return self->is_cooked ? 0 : self->base + self->begin;
}

gboolean
tw_rows_seek (TwRows   *self,
              guint64   place,
              guint64   line,
              GError  **error)
{
  if (!tw_source_seek (self->source, place, error))
    return FALSE;
  self->base = place;
  self->capacity = SINGLE;
  self->length = self->split = self->next_begin = 0;
  self->ended = FALSE;
  self->next_row = 0;
  tw_split_reset (&self->cut);
  self->next_line = line;

  return TRUE;
}

void
tw_rows_stamp (const TwRows *self,
               TwFileStamp  *stamp)
{
  tw_source_stamp (self->source, stamp);
}

guint
tw_rows_n_cells (const TwRows *self)
{
  return self->n_cells;
}

static void
trim (const char **begin, const char **end)
{
  while (*begin < *end && (**begin == ' ' || **begin == '\t'))
    ++*begin;
  while (*begin < *end && ((*end)[-1] == ' ' || (*end)[-1] == '\r' || (*end)[-1] == '\t'))
    --*end;
}

TwChars
tw_rows_cell (const TwRows *self,
              guint         cell)
{
  TwChars chars;

  tw_rows_cells (self, (const int[]) { (int) cell }, 1, &chars);
  return chars;
}

void
tw_rows_cells (const TwRows *self,
               const int    *columns,
               guint         n,
               TwChars      *cells)
{
  const char *buffer = self->buffer, *begin, *end;
  const guint32 *marks = self->cut.marks + self->first_mark;

  for (guint i = 0; i < n; i++)
    {
      const int column = columns[i];
      if (column < 0 || self->is_cooked)
        {
          cells[i] = column < 0 ? (TwChars) { "", 0 } : tw_quoted_cell (self->quoted_cells, (guint) column);
          continue;
        }
      begin = buffer + (column == 0 ? self->begin : marks[column - 1] + 1);
      end = buffer + marks[column];
      if (begin < end && ((guint8) *begin <= ' ' || (guint8) end[-1] <= ' '))
        trim (&begin, &end);
      cells[i] = (TwChars) { begin, (guint32) (end - begin) };
    }
}

gboolean
tw_rows_is_windows (const TwRows *self)
{
  return tw_quoted_is_windows (self->quoted_cells);
}

guint64
tw_rows_bytes_read (const TwRows *self)
{
  return tw_source_bytes_read (self->source);
}

guint64
tw_rows_size (const TwRows *self)
{
  return tw_source_size (self->source);
}

void
tw_rows_digest (const TwRows *self,
                char         *hex)
{
  tw_source_digest (self->source, hex);
}
