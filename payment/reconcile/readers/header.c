/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/reconcile/readers/header.h"

#include "app/base/bytes.h"
#include "app/base/error.h"
#include "payment/reconcile/readers/quoted.h"

#include <string.h>

enum { MAX_LINES = 20, MAX_COLUMNS = 4096 };

/* Names as they are written, and as they are compared. */
struct _TwHeader { GPtrArray *written, *folded; };

static char *
fold (const char *name)
{
  g_autofree char *trimmed = g_strstrip (g_strdup (name));

  return g_utf8_casefold (trimmed, -1);
}

/* What a cell of a line says, as UTF-8 and folded; NULL: it is not text. */
static char *
fold_cell (TwQuoted *quoted,
           TwChars   cell)
{
  g_autofree char *what = NULL, *copy = NULL;
  TwChars text;

  tw_quoted_begin (quoted);
  while (cell.n > 0 && strchr (" \r", cell.text[0]))
    cell = (TwChars) { cell.text + 1, cell.n - 1 };
  while (cell.n > 0 && strchr (" \r", cell.text[cell.n - 1]))
    cell.n--;
  if (!tw_quoted_add (quoted, cell, TRUE, &what))
    return NULL;
  text = tw_quoted_cell (quoted, 0);
  copy = g_strndup (text.text, text.n);

  return fold (copy);
}

/* The cell that begins at P; delimiters between quotes are part of it. */
static TwChars
cell_at (const char *p,
         const char *end,
         char        delimiter)
{
  const char *q = p;

  for (gboolean inside = FALSE; q < end && (inside || *q != delimiter); q++)
    inside ^= *q == '"';

  return (TwChars) { p, q - p };
}

/* How many cells the line has with that delimiter; 0: none of the names is among them. */
static guint
count_cells (TwChars  line,
             char     delimiter,
             char   **folded_names)
{
  const char *end = line.text + line.n;
  gboolean found = FALSE;
  guint n = 0;

  for (const char *p = line.text; p <= end && n <= MAX_COLUMNS; n++)
    {
      const TwChars cell = cell_at (p, end, delimiter);
      TwQuoted *quoted = tw_quoted_new ();
      g_autofree char *folded = fold_cell (quoted, cell);

      found |= folded && g_strv_contains ((const char *const *) folded_names, folded);
      tw_quoted_free (quoted);
      p += cell.n + 1;
    }

  return found ? n : 0;
}

static char **
fold_all (const char *const *names)
{
  GStrvBuilder *builder = g_strv_builder_new ();
  char **folded;

  for (; *names; names++)
    {
      g_autofree char *one = fold (*names);

      g_strv_builder_add (builder, one);
    }
  folded = g_strv_builder_end (builder);
  g_strv_builder_unref (builder);

  return folded;
}

static gboolean
refuse_encoding (TwChars      bytes,
                 const char  *path,
                 GError     **error)
{
  const gboolean utf16 = bytes.n >= 2 && (memcmp (bytes.text, "\xff\xfe", 2) == 0
                                          || memcmp (bytes.text, "\xfe\xff", 2) == 0);

  if (utf16)
    g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s is UTF-16: save it as UTF-8", path);
  else if (bytes.n >= 4 && memcmp (bytes.text, "PK\x03\x04", 4) == 0)
    g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s is a ZIP archive or a spreadsheet: unpack it, or export it "
                 "as CSV", path);

  return !utf16 && !(bytes.n >= 4 && memcmp (bytes.text, "PK\x03\x04", 4) == 0);
}

gboolean
tw_header_find (TwChars              bytes,
                const char          *path,
                const char *const   *has,
                TwHeaderPlace       *place,
                GError             **error)
{
  static const char delimiters[] = ",;\t";
  g_auto (GStrv) names = fold_all (has);
  g_autofree char *listed = g_strjoinv (", ", (char **) has);
  const char *p = bytes.text, *end = bytes.text + bytes.n;

  if (!refuse_encoding (bytes, path, error))
    return FALSE;
  for (guint line = 1; line <= MAX_LINES && p < end; line++)
    {
      const char *feed = memchr (p, '\n', end - p);
      const TwChars text = { p, (feed ? feed : end) - p };
      guint most = 0;

      for (const char *delimiter = delimiters; *delimiter; delimiter++)
        {
          const guint n = count_cells (text, *delimiter, names);

          if (n > most)
            *place = (TwHeaderPlace) { p - bytes.text, line, *delimiter };
          most = MAX (most, n);
        }
      if (most > 0)
        return TRUE;
      p += text.n + 1;
    }
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s: none of its first %u lines is a header with %s%s",
               path, MAX_LINES, has[0] && has[1] ? "one of " : "", listed);

  return FALSE;
}

/* The second of a name gets a number, the third the next. */
static void
number_names (TwHeader *self)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < self->folded->len; i++)
    {
      g_autofree char *name = g_strdup (self->folded->pdata[i]), *written = self->written->pdata[i];
      const guint n = GPOINTER_TO_UINT (g_hash_table_lookup (seen, name)) + 1;

      g_hash_table_insert (seen, g_strdup (name), GUINT_TO_POINTER (n));
      self->written->pdata[i] = n > 1 ? g_strdup_printf ("%s (%u)", written, n) : g_strdup (written);
      g_free (self->folded->pdata[i]);
      self->folded->pdata[i] = n > 1 ? g_strdup_printf ("%s (%u)", name, n) : g_steal_pointer (&name);
    }
}

static gboolean
check_names (const TwHeader  *self,
             const char      *path,
             guint64          line,
             GError         **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < self->folded->len; i++)
    {
      char *name = self->folded->pdata[i];

      /* A delimiter at the end of every line makes a column without a name, which nobody can ask for. */
      if (*name == '\0' || g_hash_table_add (seen, name))
        continue;
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s, line %" G_GUINT64_FORMAT ": two columns are called \"%s\"",
                   path, line, tw_header_column_name (self, i));
      return FALSE;
    }

  return TRUE;
}

TwHeader *
tw_header_new (const TwRows  *rows,
               const char    *path,
               gboolean       numbered,
               GError       **error)
{
  g_autoptr (TwHeader) self = g_new0 (TwHeader, 1);

  self->written = g_ptr_array_new_with_free_func (g_free);
  self->folded = g_ptr_array_new_with_free_func (g_free);
  if (tw_rows_n_cells (rows) > MAX_COLUMNS)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s: more than %u columns", path, MAX_COLUMNS);
      return NULL;
    }
  for (guint i = 0; i < tw_rows_n_cells (rows); i++)
    {
      const TwChars cell = tw_rows_cell (rows, i);
      g_autofree char *name = g_strndup (cell.text, cell.n);

      g_ptr_array_add (self->written, tw_text_printable (name, 80));
      g_ptr_array_add (self->folded, fold (name));
    }

  if (numbered)
    number_names (self);

  return check_names (self, path, tw_rows_line (rows), error) ? g_steal_pointer (&self) : NULL;
}

void
tw_header_free (TwHeader *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->written);
  g_ptr_array_unref (self->folded);
  g_free (self);
}

int
tw_header_find_column (const TwHeader    *self,
                       const char *const *names)
{
  for (; *names; names++)
    {
      g_autofree char *folded = fold (*names);

      for (guint i = 0; i < self->folded->len; i++)
        if (strcmp (self->folded->pdata[i], folded) == 0)
          return i;
    }

  return -1;
}

const char *
tw_header_column_name (const TwHeader *self,
                       int             column)
{
  return self->written->pdata[column];
}
