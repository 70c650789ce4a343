/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/receipt/page.h"

#include <string.h>

static guint
width_of (gunichar c)
{
  return g_unichar_iszerowidth (c) ? 0 : g_unichar_iswide (c) ? 2 : 1;
}

guint
tw_page_width (const char *text)
{
  guint width = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    width += width_of (g_utf8_get_char (p));

  return width;
}

char *
tw_page_clean (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autoptr (GString) line = g_string_new (NULL);

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (g_unichar_isspace (c))
        {
          if (line->len > 0 && line->str[line->len - 1] != ' ')
            g_string_append_c (line, ' ');
        }
      else
        g_string_append_unichar (line, g_unichar_isprint (c) ? c : '?');
    }
  if (line->len > 0 && line->str[line->len - 1] == ' ')
    g_string_truncate (line, line->len - 1);

  return g_string_free (g_steal_pointer (&line), FALSE);
}

/* How many bytes of text go on a line of so many columns: up to the last space that leaves room, or as much as fits of
 * a word that is too long. At least one character. */
static gsize
fit (const char *text,
     guint       columns)
{
  const char *last_space = NULL, *p = text;
  guint width = 0;

  for (; *p != '\0'; p = g_utf8_next_char (p))
    {
      if (*p == ' ')
        last_space = p;
      width += width_of (g_utf8_get_char (p));
      if (width > columns && p != text)
        return last_space ? last_space - text : p - text;
    }

  return p - text;
}

static GPtrArray *
wrap (const char *text,
      guint       columns)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *line = tw_page_clean (text);
  const char *p = line;

  while (*p != '\0')
    {
      gsize n = fit (p, columns);

      g_ptr_array_add (lines, g_strndup (p, n));
      p += n;
      p += strspn (p, " ");
    }

  return lines;
}

static void
append_spaces (TwPage *self,
               guint   n)
{
  for (guint i = 0; i < n; i++)
    g_string_append_c (self->text, ' ');
}

static void
append_at (TwPage     *self,
           guint       column,
           const char *line)
{
  append_spaces (self, column);
  g_string_append (self->text, line);
  g_string_append_c (self->text, '\n');
}

void
tw_page_rule (TwPage *self,
              char    mark)
{
  for (guint i = 0; i < self->columns; i++)
    g_string_append_c (self->text, mark);
  g_string_append_c (self->text, '\n');
}

void
tw_page_blank (TwPage *self)
{
  g_string_append_c (self->text, '\n');
}

/* Free columns before a line that is to end at the right edge. */
static guint
room_before (const TwPage *self,
             const char   *line)
{
  guint width = tw_page_width (line);

  return width < self->columns ? self->columns - width : 0;
}

void
tw_page_centre (TwPage     *self,
                const char *text)
{
  g_autoptr (GPtrArray) lines = wrap (text, self->columns);

  for (guint i = 0; i < lines->len; i++)
    append_at (self, room_before (self, lines->pdata[i]) / 2, lines->pdata[i]);
}

void
tw_page_paragraph (TwPage     *self,
                   guint       indent,
                   const char *text)
{
  g_autoptr (GPtrArray) lines = wrap (text, self->columns - indent);

  for (guint i = 0; i < lines->len; i++)
    append_at (self, indent, lines->pdata[i]);
}

void
tw_page_remark (TwPage     *self,
                const char *mark,
                const char *text)
{
  guint indent = tw_page_width (mark);
  g_autoptr (GPtrArray) lines = wrap (text, self->columns - indent);

  for (guint i = 0; i < lines->len; i++)
    {
      append_spaces (self, i > 0 ? indent : 0);
      g_string_append (self->text, i > 0 ? "" : mark);
      append_at (self, 0, lines->pdata[i]);
    }
}

void
tw_page_pair (TwPage     *self,
              const char *left,
              const char *right)
{
  g_autofree char *label = tw_page_clean (left);
  g_autofree char *value = tw_page_clean (right);
  g_autoptr (GPtrArray) lines = NULL;

  if (tw_page_width (label) + 1 + tw_page_width (value) <= self->columns)
    {
      g_string_append (self->text, label);
      append_at (self, self->columns - tw_page_width (label) - tw_page_width (value), value);
      return;
    }

  tw_page_paragraph (self, 0, label);
  lines = wrap (value, self->columns - 2);
  for (guint i = 0; i < lines->len; i++)
    append_at (self, room_before (self, lines->pdata[i]), lines->pdata[i]);
}
