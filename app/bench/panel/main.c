/* SPDX-License-Identifier: Apache-2.0 */
/* tapwatt-bench-panel: started by "tapwatt-bench panel". A program of its own, so that the street needs no GTK. */
#include <glib-unix.h>
#include <locale.h>
#include <stdio.h>
#include <unistd.h>

#include "app/base/json.h"
#include "app/base/whole.h"
#include "app/bench/panel/panel.h"

#define EXIT_WELL 0
#define EXIT_USAGE 2
#define EXIT_UNREACHABLE 3

static const char HELP[] =
  "tapwatt-bench panel: a window on a virtual street: hands for its cards, cars and weather, and what really happens.\n"
  "\n"
  "  tapwatt-bench run --dir DIR &          the street; a station stands in it with DIR/tapwatt.conf\n"
  "  tapwatt-bench panel --dir DIR          this window, beside it; the street may come and go\n"
  "\n"
  "  --dir DIR        the street's folder\n"
  "  --journal DIR    the folder of the station's journal (DIR/journal)\n"
  "  --connectors N   1 to 8 (as many as the street says, else 2)\n"
  "  --size WxH       the window's size in pixels (1280x800; usable from 720x480)\n"
  "  --version\n"
  "\n"
  "Left: reader and connectors, always in sight; cards to tap and hold; cars; the weather between station and bank;\n"
  "broken readers and controllers. \"Clear skies\" undoes every fault. Right: the sums of each session by the\n"
  "acquirer's ledger, with a mark in words where the station's journal does not agree; below, wire, journal and\n"
  "ledger side by side, as it happens. Every button says in its tooltip what it does; F1 explains all of it.\n"
  "\n"
  "Without a display: tapwatt-bench ctl --dir DIR watch text\n"
  "\n"
  "Exit status: 0 well; 2 usage; 3 no display.\n";

typedef struct
{
  char *dir, *journal, *size;
  int   connectors;
  gboolean version, help;
  TwPanelOptions panel;
} Arguments;

static int
usage (const char *message)
{
  g_printerr ("tapwatt-bench panel: %s (tapwatt-bench panel --help)\n", message);

  return EXIT_USAGE;
}

static gboolean
read_size (const char *text,
           int        *width,
           int        *height)
{
  g_auto (GStrv) parts = g_strsplit (text, "x", 3);
  gint64 w, h;

  if (g_strv_length (parts) != 2 || !tw_whole_parse (parts[0], 320, 16384, &w)
      || !tw_whole_parse (parts[1], 240, 16384, &h))
    return FALSE;
  *width = (int) w;
  *height = (int) h;

  return TRUE;
}

static void
on_activate (GtkApplication *app,
             gpointer        user_data)
{
  const Arguments *arguments = user_data;
  g_autoptr (GtkCssProvider) style = gtk_css_provider_new ();

  gtk_css_provider_load_from_resource (style, "/org/tapwatt/bench/panel.css");
  gtk_style_context_add_provider_for_display (gdk_display_get_default (), GTK_STYLE_PROVIDER (style),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  gtk_window_present (tw_panel_new (app, &arguments->panel));
}

static gboolean
on_end (gpointer user_data)
{
  g_application_quit (user_data);

  return G_SOURCE_CONTINUE;
}

/* As many as there are in DIR/street.json; the street may not be there yet. */
static guint
count_connectors (const char *dir)
{
  g_autofree char *path = g_build_filename (dir, "street.json", NULL);
  g_autofree char *text = NULL;
  gsize n = 0;
  g_autoptr (TwJson) street = NULL;
  guint count;

  if (g_file_get_contents (path, &text, &n, NULL))
    street = tw_json_parse (text, n, &TW_JSON_LARGE, NULL);
  count = tw_json_length (tw_json_member (tw_json_member (street, "devices"), "controller"));

  return count > 0 ? MIN (count, 8) : 2;
}

static int
run (Arguments *arguments)
{
  g_autoptr (GtkApplication) app = NULL;
  g_autofree char *journal = g_build_filename (arguments->dir, "journal", NULL);

  if (!gtk_init_check ())
    {
      g_printerr ("tapwatt-bench panel: no display; without one: tapwatt-bench ctl --dir %s watch text\n",
                  arguments->dir);
      return EXIT_UNREACHABLE;
    }
  arguments->panel.dir = arguments->dir;
  arguments->panel.journal = arguments->journal != NULL ? arguments->journal : journal;
  arguments->panel.connectors = arguments->connectors > 0 ? (guint) arguments->connectors
                                                          : count_connectors (arguments->dir);
  app = gtk_application_new (NULL, G_APPLICATION_NON_UNIQUE);
  g_signal_connect (app, "activate", G_CALLBACK (on_activate), arguments);
  g_unix_signal_add (SIGTERM, on_end, app);
  g_unix_signal_add (SIGINT, on_end, app);

  return g_application_run (G_APPLICATION (app), 0, NULL);
}

static void
arguments_clear (Arguments *arguments)
{
  g_free (arguments->dir);
  g_free (arguments->journal);
  g_free (arguments->size);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Arguments, arguments_clear)

int
main (int    argc,
      char **argv)
{
  g_auto (Arguments) a = { .panel = { .width = 1280, .height = 800 } };
  const GOptionEntry entries[] = {
    { "dir", 0, 0, G_OPTION_ARG_FILENAME, &a.dir, NULL, NULL },
    { "journal", 0, 0, G_OPTION_ARG_FILENAME, &a.journal, NULL, NULL },
    { "connectors", 0, 0, G_OPTION_ARG_INT, &a.connectors, NULL, NULL },
    { "size", 0, 0, G_OPTION_ARG_STRING, &a.size, NULL, NULL },
    { "help", 'h', 0, G_OPTION_ARG_NONE, &a.help, NULL, NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &a.version, NULL, NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;

  setlocale (LC_ALL, "");
  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    return usage (error->message);
  if (a.help || a.version)
    {
      g_print ("%s", a.help ? HELP : "tapwatt-bench-panel " TW_VERSION "\n");
      return EXIT_WELL;
    }
  if (argc > 1 || a.dir == NULL)
    return usage ("say which street: --dir DIR");
  if (a.connectors < 0 || a.connectors > 8)
    return usage ("--connectors must be 1 to 8");
  if (a.size != NULL && !read_size (a.size, &a.panel.width, &a.panel.height))
    return usage ("--size must be like 1280x800");

  return run (&a);
}
