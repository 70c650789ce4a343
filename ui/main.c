/* SPDX-License-Identifier: Apache-2.0 */
/* tapwatt-kiosk: reads the configuration, opens the display, runs the loop. */
#include "app/base/log.h"
#include "app/base/whole.h"
#include "ui/application.h"

#include <glib-unix.h>
#include <gtk/gtk.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

/* As the daemon's, so that a supervisor can tell a bad configuration from bad luck. */
enum { EXIT_WELL = 0, EXIT_UNUSABLE = 2, EXIT_UNREACHABLE = 3 };

#define MOST_EDGE 16384

static char *config_path = NULL, *size = NULL;
static gboolean verbose, show_version, frame;

static const GOptionEntry entries[] = {
  { "config", 'c', 0, G_OPTION_ARG_FILENAME, &config_path,
    "Configuration file (default: /etc/tapwatt/tapwatt.conf)", "FILE" },
  { "size", 0, 0, G_OPTION_ARG_STRING, &size, "In a window of this size instead of all of the screen", "WIDTHxHEIGHT" },
  { "frame", 0, 0, G_OPTION_ARG_NONE, &frame, "With a frame to move and close the window by", NULL },
  { "verbose", 'v', 0, G_OPTION_ARG_NONE, &verbose, "Log what is only interesting when something is wrong", NULL },
  { "version", 0, 0, G_OPTION_ARG_NONE, &show_version, "Print the version and end", NULL },
  { NULL },
};

static int
unusable (const char *what)
{
  fprintf (stderr, "tapwatt-kiosk: %s\n", what);
  return EXIT_UNUSABLE;
}

static gboolean
parse_size (const char           *text,
            TwApplicationOptions *options)
{
  g_auto (GStrv) parts = g_strsplit (text, "x", 2);
  guint64 width, height;

  if (parts[0] == NULL || parts[1] == NULL
      || !tw_whole_parse_unsigned (parts[0], 10, 1, MOST_EDGE, &width)
      || !tw_whole_parse_unsigned (parts[1], 10, 1, MOST_EDGE, &height))
    return FALSE;
  options->width = (int) width;
  options->height = (int) height;
  return TRUE;
}

static gboolean
on_terminate (gpointer application)
{
  tw_application_quit (application);
  return G_SOURCE_CONTINUE;
}

static int
run (const TwConfig             *config,
     const TwApplicationOptions *options)
{
  g_autoptr (TwApplication) application = tw_application_new (config, options);
  guint terminate = g_unix_signal_add (SIGTERM, on_terminate, application);
  guint interrupt = g_unix_signal_add (SIGINT, on_terminate, application);

  tw_application_run (application);
  g_source_remove (terminate);
  g_source_remove (interrupt);
  return EXIT_WELL;
}

int
main (int    argc,
      char **argv)
{
  TwApplicationOptions options = { .started_us = g_get_monotonic_time () };
  g_autoptr (GOptionContext) context = g_option_context_new ("- what a driver sees at a Tapwatt station");
  g_autoptr (GError) error = NULL;
  g_autoptr (TwConfig) config = NULL;

  setlocale (LC_CTYPE, "C.UTF-8");   /* the language is an argument everywhere; no locale is asked */
  gtk_disable_setlocale ();
  g_set_prgname ("tapwatt-kiosk");
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    return unusable (error->message);
  if (show_version)
    return fprintf (stdout, "tapwatt-kiosk %s\n", TW_VERSION) < 0 ? EXIT_UNREACHABLE : EXIT_WELL;
  if (argc > 1)
    return unusable ("takes no arguments besides options (tapwatt-kiosk --help)");
  options.frame = frame;
  if (size != NULL && !parse_size (size, &options))
    return unusable ("--size is WIDTHxHEIGHT, as 1280x800");

  tw_log_init ("tapwatt-kiosk", verbose);
  config = tw_config_load (config_path ? config_path : "/etc/tapwatt/tapwatt.conf", &error);
  if (config == NULL)
    return unusable (error->message);
  if (!gtk_init_check ())
    {
      fprintf (stderr, "tapwatt-kiosk: there is no display (WAYLAND_DISPLAY, DISPLAY)\n");
      return EXIT_UNREACHABLE;
    }
  return run (config, &options);
}
