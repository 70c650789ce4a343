/* SPDX-License-Identifier: Apache-2.0 */
/* A figure as NAME.csv (RFC 4180, UTF-8), and all forms into one directory. */
#include "payment/analytics/pages/pages.h"

#include "app/base/error.h"
#include "payment/page/new-file.h"

#include <errno.h>
#include <string.h>

/* A name from outside that a spreadsheet would take for a formula gets an apostrophe, as the books' tables have it. */
static void
put_text (FILE       *file,
          const char *text)
{
  g_autofree char *guarded = *text != '\0' && strchr ("=+-@\t\r", *text) != NULL ? g_strconcat ("'", text, NULL)
                             : g_strdup (text);

  if (strpbrk (guarded, ",\"\r\n") == NULL)
    {
      fputs (guarded, file);
      return;
    }
  fputc ('"', file);
  for (const char *p = guarded; *p != '\0'; p++)
    {
      if (*p == '"')
        fputc ('"', file);
      fputc (*p, file);
    }
  fputc ('"', file);
}

static void
put_figure (FILE           *file,
            const TwFigure *figure)
{
  const TwFigureKind *kind = tw_figure_kind (figure);

  for (guint i = 0; i < kind->n_columns; i++)
    fprintf (file, "%s%s", i > 0 ? "," : "", kind->columns[i].name);
  fputc ('\n', file);
  for (guint row = 0; row < tw_figure_n_rows (figure); row++)
    {
      for (guint i = 0; i < kind->n_columns; i++)
        {
          g_autofree char *raw = tw_pages_raw (&kind->columns[i], tw_figure_cell (figure, row, i));

          if (i > 0)
            fputc (',', file);
          if (raw != NULL && tw_pages_is_number (kind->columns[i].kind))
            fputs (raw, file);
          else if (raw != NULL)
            put_text (file, raw);
        }
      fputc ('\n', file);
    }
}

static gboolean
write_table (TwNewFile       *new_file,
             const char      *directory,
             const TwFigure  *figure,
             GError         **error)
{
  g_autofree char *name = g_strconcat (tw_figure_kind (figure)->name, ".csv", NULL);

  if (!tw_new_file_open (new_file, directory, name, error))
    return FALSE;
  put_figure (new_file->file, figure);
  return tw_new_file_finish (new_file, error);
}

typedef enum { FORM_JSON, FORM_HTML, N_FORMS } Form;

static gboolean
write_form (TwNewFile          *new_file,
            const char         *directory,
            Form                form,
            const TwPagesHead  *head,
            const GPtrArray    *figures,
            GError            **error)
{
  gboolean well;

  if (!tw_new_file_open (new_file, directory, form == FORM_JSON ? "report.json" : "report.html", error))
    return FALSE;
  well = form == FORM_JSON ? tw_pages_write_json (new_file->file, head, figures, error)
         : tw_pages_write_html (new_file->file, head, figures, TRUE, error);
  return well && tw_new_file_finish (new_file, error);
}

gboolean
tw_pages_write_all (const char         *directory,
                    const TwPagesHead  *head,
                    const GPtrArray    *figures,
                    GError            **error)
{
  guint n = figures->len + N_FORMS;
  g_autofree TwNewFile *files = g_new0 (TwNewFile, n);
  gboolean well = TRUE;

  if (g_mkdir_with_parents (directory, 0755) != 0)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_RETRY, "%s cannot be made: %s", directory, g_strerror (errno));
      return FALSE;
    }
  for (guint i = 0; well && i < n; i++)
    well = i < N_FORMS ? write_form (&files[i], directory, i, head, figures, error)
           : write_table (&files[i], directory, g_ptr_array_index (figures, i - N_FORMS), error);
  for (guint i = 0; well && i < n; i++)
    well = tw_new_file_place (&files[i], error);
  for (guint i = 0; i < n; i++)
    tw_new_file_clear (&files[i]);
  return well;
}
