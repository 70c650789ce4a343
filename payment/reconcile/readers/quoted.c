/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/reconcile/readers/quoted.h"

#include <string.h>

/* text NULL: at that place of the scratch, which moves while it grows. */
typedef struct { const char *text; guint32 place, n; } Cell;

struct _TwQuoted
{
  GArray *cells;
  GString *scratch;
  gboolean utf8, windows;
};

/* Windows-1252, bytes 80 to 9F (Unicode, MAPPINGS/VENDORS/MICSFT/WINDOWS/CP1252); 0: no character. The others are
 * those of ISO 8859-1. */
static const guint16 windows_80[32] = {
  0x20ac, 0, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017d, 0,
  0, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0, 0x017e, 0x0178,
};

TwQuoted *
tw_quoted_new (void)
{
  TwQuoted *self = g_new0 (TwQuoted, 1);

  self->cells = g_array_new (FALSE, FALSE, sizeof (Cell));
  self->scratch = g_string_new (NULL);

  return self;
}

void
tw_quoted_free (TwQuoted *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->cells);
  g_string_free (self->scratch, TRUE);
  g_free (self);
}

void
tw_quoted_expect_utf8 (TwQuoted *self)
{
  self->utf8 = TRUE;
}

void
tw_quoted_begin (TwQuoted *self)
{
  g_array_set_size (self->cells, 0);
  g_string_truncate (self->scratch, 0);
}

static gboolean
is_blank (char c)
{
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static TwChars
trim (TwChars chars)
{
  while (chars.n > 0 && is_blank (chars.text[0]))
    {
      chars.text++;
      chars.n--;
    }
  while (chars.n > 0 && is_blank (chars.text[chars.n - 1]))
    chars.n--;

  return chars;
}

/* Copies the text between quotes with each pair of quotes as one; FALSE: a quote alone. */
static gboolean
halve_quotes (TwQuoted *self,
              TwChars   inner)
{
  const char *end = inner.text + inner.n;

  for (const char *p = inner.text; p < end;)
    {
      const char *quote = memchr (p, '"', end - p);

      if (quote == NULL)
        {
          g_string_append_len (self->scratch, p, end - p);
          break;
        }
      if (quote + 1 == end || quote[1] != '"')
        return FALSE;
      g_string_append_len (self->scratch, p, quote + 1 - p);
      p = quote + 2;
    }

  return TRUE;
}

/* The text between the quotes; in the scratch if it is not the same bytes. */
static gboolean
unquote (TwQuoted  *self,
         TwChars   *cell,
         gboolean  *copied,
         char     **what)
{
  const gsize place = self->scratch->len;
  TwChars inner = { cell->text + 1, cell->n - 2 };

  if (cell->n < 2 || cell->text[cell->n - 1] != '"')
    {
      *what = g_strdup ("there is text behind the closing quote");
      return FALSE;
    }
  if (memchr (inner.text, '"', inner.n) == NULL)
    {
      *cell = trim (inner);
      return TRUE;
    }
  if (!halve_quotes (self, inner))
    {
      *what = g_strdup ("a quote inside of a quoted cell must be doubled");
      return FALSE;
    }
  *copied = TRUE;
  *cell = (TwChars) { self->scratch->str + place, self->scratch->len - place };

  return TRUE;
}

static gboolean
is_ascii (TwChars cell)
{
  guint8 all = 0;

  for (guint i = 0; i < cell.n; i++)
    all |= cell.text[i];

  return all < 0x80;
}

/* Appends the text to the scratch, as UTF-8. */
static gboolean
convert (TwQuoted  *self,
         TwChars    cell,
         char     **what)
{
  g_autofree char *source = g_strndup (cell.text, cell.n);      /* the scratch may hold it, and moves */

  for (guint i = 0; i < cell.n; i++)
    {
      const guint8 byte = source[i];
      const gunichar c = byte >= 0x80 && byte < 0xa0 ? windows_80[byte - 0x80] : byte;

      if (byte >= 0x80 && c == 0)
        {
          *what = g_strdup_printf ("byte 0x%02x is a character neither of UTF-8 nor of Windows-1252", byte);
          return FALSE;
        }
      g_string_append_unichar (self->scratch, c);
    }

  return TRUE;
}

static gboolean
check_utf8 (TwQuoted  *self,
            TwChars    cell,
            char     **what)
{
  const char *bad;

  if (g_utf8_validate_len (cell.text, cell.n, &bad))
    {
      self->utf8 = TRUE;
      return TRUE;
    }
  if (self->utf8)
    {
      *what = g_strdup_printf ("byte 0x%02x is not UTF-8, which this file is before it", (guint8) *bad);
      return FALSE;
    }
  self->windows = TRUE;

  return TRUE;
}

static gboolean
add (TwQuoted  *self,
     TwChars    cell,
     gboolean   look,
     char     **what)
{
  const char *stray = memchr (cell.text, '"', cell.n);
  gsize place = self->scratch->len;
  gboolean copied = FALSE;
  Cell done;

  if (stray != NULL && stray != cell.text)
    {
      *what = g_strdup ("a quote inside of a cell that has none around it");
      return FALSE;
    }
  if (look && memchr (cell.text, '\0', cell.n))
    {
      *what = g_strdup ("a NUL byte: this is not text");
      return FALSE;
    }
  if (stray != NULL && !unquote (self, &cell, &copied, what))
    return FALSE;
  if (look && !is_ascii (cell))
    {
      if (!self->windows && !check_utf8 (self, cell, what))
        return FALSE;
      if (self->windows)
        {
          place = self->scratch->len;
          if (!convert (self, cell, what))
            return FALSE;
          copied = TRUE;
        }
    }
  done = (Cell) { copied ? NULL : cell.text, place, copied ? self->scratch->len - place : cell.n };
  g_array_append_val (self->cells, done);

  return TRUE;
}

/* What nearly all cells are: "text" with nothing to look at. Short ones are faster byte by byte. */
static gboolean
add_plain (TwQuoted *self,
           TwChars   cell)
{
  const gboolean quoted = cell.n >= 2 && cell.text[0] == '"' && cell.text[cell.n - 1] == '"';
  const TwChars inner = quoted ? trim ((TwChars) { cell.text + 1, cell.n - 2 }) : cell;
  const Cell done = { inner.text, 0, inner.n };

  if (cell.n > 64)
    return FALSE;
  for (guint i = quoted; i < cell.n - quoted; i++)
    if (cell.text[i] == '"')
      return FALSE;
  g_array_append_val (self->cells, done);

  return TRUE;
}

gboolean
tw_quoted_add (TwQuoted  *self,
               TwChars    cell,
               gboolean   look,
               char     **what)
{
  if (!look && add_plain (self, cell))
    return TRUE;

  return add (self, cell, look, what);
}

TwChars
tw_quoted_cell (const TwQuoted *self,
                guint           cell)
{
  const Cell found = g_array_index (self->cells, Cell, cell);

  if (found.text)
    return (TwChars) { found.text, found.n };

  return trim ((TwChars) { self->scratch->str + found.place, found.n });
}

gboolean
tw_quoted_is_windows (const TwQuoted *self)
{
  return self->windows;
}
