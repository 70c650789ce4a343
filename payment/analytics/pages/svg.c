/* SPDX-License-Identifier: Apache-2.0 */
/* Pictures as files: all of them are one run of gnuplot in a directory of its own, and put in their places at its
 * end. */
#include "payment/analytics/pages/drawing.h"

#include "app/base/error.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>

static const char TERMINAL[] =
  "set encoding utf8\n"
  "set terminal svg noenhanced size 960,480 font 'Inter,sans-serif,12' background '#ffffff'\n";

static gboolean
is_of_money (const TwFigureKind *kind)
{
  const char *const columns[] = { kind->y, kind->high };

  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    {
      int at = tw_figure_kind_column (kind, columns[i]);

      if (at >= 0 && tw_pages_is_money (kind->columns[at].kind))
        return TRUE;
    }
  return FALSE;
}

/* Three capital letters: so it may be a part of a file's name. */
static gboolean
is_currency (const char *name)
{
  for (guint i = 0; i < 3; i++)
    if (!g_ascii_isupper (name[i]))
      return FALSE;
  return name[3] == '\0';
}

/* Currencies never share an axis. */
static void
draw_figure (TwDrawing      *drawing,
             const TwFigure *figure,
             const char     *time_zone)
{
  const TwFigureKind *kind = tw_figure_kind (figure);
  TwChartRows rows = { figure, "", time_zone, 0, tw_figure_n_rows (figure) };
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  if (!is_of_money (kind) && rows.to > 0)
    tw_drawing_add (drawing, &rows, kind->name);
  for (guint row = 0; is_of_money (kind) && row < rows.to; row++)
    {
      g_autofree char *stem = NULL;

      rows.currency = tw_pages_currency (figure, row);
      stem = g_strdup_printf ("%s-%s", kind->name, rows.currency);
      if (is_currency (rows.currency) && g_hash_table_add (seen, (gpointer) rows.currency))
        tw_drawing_add (drawing, &rows, stem);
    }
}

/* Says what gnuplot said. */
static gboolean
run_gnuplot (const TwDrawing  *drawing,
             GError          **error)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE
                                                                        | G_SUBPROCESS_FLAGS_STDOUT_SILENCE
                                                                        | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) problem = NULL;
  g_autofree char *said = NULL;

  g_subprocess_launcher_set_cwd (launcher, drawing->directory);
  g_subprocess_launcher_setenv (launcher, "LC_ALL", "C.UTF-8", TRUE);
  process = g_subprocess_launcher_spawn (launcher, &problem, "gnuplot", "-d", "-", NULL);
  if (process == NULL)
    return tw_refuse (error, TW_ERROR_GONE, "gnuplot draws the SVG files, and cannot be started: %s (Debian's package "
                      "is gnuplot-nox)", problem->message);
  if (!g_subprocess_communicate_utf8 (process, drawing->script->str, NULL, NULL, &said, &problem))
    return tw_refuse (error, TW_ERROR_RETRY, "gnuplot stopped: %s", problem->message);
  if (g_subprocess_get_successful (process))
    return TRUE;
  return tw_refuse (error, TW_ERROR_BAD_STATE, "gnuplot draws no SVG files: %s", g_strstrip (said));
}

static gboolean
place (const TwDrawing  *drawing,
       const char       *directory,
       GError          **error)
{
  for (guint i = 0; i < drawing->stems->len; i++)
    {
      g_autofree char *name = g_strconcat (g_ptr_array_index (drawing->stems, i), ".svg", NULL);
      g_autofree char *from = g_build_filename (drawing->directory, name, NULL);
      g_autofree char *to = g_build_filename (directory, name, NULL);

      if (g_rename (from, to) != 0)
        return tw_refuse (error, TW_ERROR_RETRY, "%s cannot be put in its place: %s", to, g_strerror (errno));
    }
  return TRUE;
}

static void
remove_all (const char *directory)
{
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (directory, name, NULL);

      g_unlink (path);
    }
  g_rmdir (directory);
}

gboolean
tw_pages_write_svg (const char         *directory,
                    const TwPagesHead  *head,
                    const GPtrArray    *figures,
                    GError            **error)
{
  g_autofree char *drafts = g_build_filename (directory, ".svg-XXXXXX", NULL);
  g_autoptr (GString) script = g_string_new (TERMINAL);
  g_autoptr (GPtrArray) stems = g_ptr_array_new_with_free_func (g_free);
  TwDrawing drawing = { drafts, script, stems, NULL };
  gboolean well = TRUE;

  if (g_mkdtemp (drafts) == NULL)
    return tw_refuse (error, TW_ERROR_RETRY, "%s: no directory can be made there: %s", directory, g_strerror (errno));
  for (guint i = 0; i < figures->len && drawing.error == NULL; i++)
    draw_figure (&drawing, g_ptr_array_index (figures, i), head->time_zone);
  g_string_append (script, "unset output\n");
  if (drawing.error != NULL)
    {
      g_propagate_error (error, drawing.error);
      well = FALSE;
    }
  well = well && run_gnuplot (&drawing, error) && place (&drawing, directory, error);
  remove_all (drafts);
  return well;
}
