/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/sheet.h"

#include "app/base/bytes.h"

#define LONGEST_CELL 60
#define LONGEST_NOTE 400
#define GAP "  "

struct _TwSheet
{
  guint      n_columns;
  gboolean  *to_the_right;
  gsize     *widths;
  GPtrArray *lines;      /* of Line */
};

typedef struct
{
  char **cells;   /* NULL: a note */
  char  *note;
} Line;

static void
line_free (gpointer data)
{
  Line *line = data;

  g_strfreev (line->cells);
  g_free (line->note);
  g_free (line);
}

void
tw_sheet_add (TwSheet           *self,
              const char *const *cells)
{
  Line *line = g_new0 (Line, 1);
  gboolean ended = FALSE;

  line->cells = g_new0 (char *, self->n_columns + 1);
  for (guint i = 0; i < self->n_columns; i++)
    {
      ended = ended || cells[i] == NULL;
      line->cells[i] = tw_text_printable (ended ? "" : cells[i], LONGEST_CELL);
      self->widths[i] = MAX (self->widths[i], (gsize) g_utf8_strlen (line->cells[i], -1));
    }
  g_ptr_array_add (self->lines, line);
}

void
tw_sheet_note (TwSheet    *self,
               const char *format,
               ...)
{
  Line *line = g_new0 (Line, 1);
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  line->note = tw_text_printable (text, LONGEST_NOTE);
  g_ptr_array_add (self->lines, line);
}

TwSheet *
tw_sheet_new (const char *const *titles)
{
  TwSheet *self = g_new0 (TwSheet, 1);
  guint n = g_strv_length ((char **) titles);
  g_autofree const char **plain = g_new0 (const char *, n + 1);

  self->n_columns = n;
  self->to_the_right = g_new0 (gboolean, n);
  self->widths = g_new0 (gsize, n);
  self->lines = g_ptr_array_new_with_free_func (line_free);
  for (guint i = 0; i < n; i++)
    {
      self->to_the_right[i] = *titles[i] == '>';
      plain[i] = titles[i] + (*titles[i] == '>');
    }
  tw_sheet_add (self, plain);

  return self;
}

void
tw_sheet_free (TwSheet *self)
{
  g_free (self->to_the_right);
  g_free (self->widths);
  g_ptr_array_unref (self->lines);
  g_free (self);
}

static void
append_row (TwSheet     *self,
            char       **cells,
            GString     *text)
{
  gsize begin = text->len;

  for (guint i = 0; i < self->n_columns; i++)
    {
      int fill = (int) (self->widths[i] - (gsize) g_utf8_strlen (cells[i], -1));

      if (self->to_the_right[i])
        g_string_append_printf (text, "%s%*s%s", i > 0 ? GAP : "", fill, "", cells[i]);
      else
        g_string_append_printf (text, "%s%s%*s", i > 0 ? GAP : "", cells[i], fill, "");
    }
  while (text->len > begin && text->str[text->len - 1] == ' ')
    g_string_truncate (text, text->len - 1);
  g_string_append_c (text, '\n');
}

void
tw_sheet_append_to (TwSheet *self,
                    GString *text)
{
  for (guint i = 0; i < self->lines->len; i++)
    {
      const Line *line = g_ptr_array_index (self->lines, i);

      if (line->cells != NULL)
        append_row (self, line->cells, text);
      else
        g_string_append_printf (text, "%s\n", line->note);
    }
}
