/* SPDX-License-Identifier: Apache-2.0 */
/* tapwattd: builds the objects and runs the loop. */
#include "app/base/error.h"
#include "app/base/log.h"
#include "app/daemon/publish.h"

#include <glib-unix.h>
#include <locale.h>
#include <stdlib.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

/* What tapwattd ends with: as the CLI's, so that a supervisor can tell a bad configuration from bad luck. */
enum { EXIT_WELL = 0, EXIT_UNUSABLE = 2, EXIT_UNREACHABLE = 3 };

/* How long the contactors may take to open when we are asked to end: a lost question (1 s), the command, a relay. */
enum { LEAVE_MS = 4000, LEAVE_LOOK_MS = 20 };

typedef struct
{
  GMainLoop   *loop;
  TwParts     *parts;
  TwPublisher *publisher;
  guint        watchdog, leave;
  gint64       leaving_us;
  int          exit_code;
} Daemon;

static char *config_path = NULL, *reader_path = NULL, *reader_socket = NULL;
static gboolean verbose, show_version;

static const GOptionEntry options[] = {
  { "config", 'c', 0, G_OPTION_ARG_FILENAME, &config_path,
    "Configuration file (default: /etc/tapwatt/tapwatt.conf)", "FILE" },
  { "reader", 0, 0, G_OPTION_ARG_FILENAME, &reader_path,
    "The reader program (default: tapwatt-reader beside this one)", "FILE" },
  { "reader-socket", 0, 0, G_OPTION_ARG_FILENAME, &reader_socket,
    "Where somebody else, such as systemd, starts the reader; instead of starting it", "PATH" },
  { "verbose", 'v', 0, G_OPTION_ARG_NONE, &verbose, "Log what is only interesting when something is wrong", NULL },
  { "version", 0, 0, G_OPTION_ARG_NONE, &show_version, "Print the version and end", NULL },
  { NULL },
};

static char *
default_reader (void)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *dir = self ? g_path_get_dirname (self) : g_strdup (TW_LIBEXECDIR);
  g_autofree char *beside = g_build_filename (dir, "tapwatt-reader", NULL);
  g_autofree char *built = g_build_filename (dir, "..", "reader", "tapwatt-reader", NULL);

  if (g_file_test (beside, G_FILE_TEST_IS_EXECUTABLE))
    return g_steal_pointer (&beside);
  if (g_file_test (built, G_FILE_TEST_IS_EXECUTABLE))
    return g_steal_pointer (&built);
  return g_build_filename (TW_LIBEXECDIR, "tapwatt-reader", NULL);
}

static gboolean
on_leave (gpointer user_data)
{
  Daemon *daemon = user_data;
  gint64 waited_us = g_get_monotonic_time () - daemon->leaving_us;
  gboolean dark = tw_station_is_dark (daemon->parts->station);

  if (!dark && waited_us < (gint64) LEAVE_MS * 1000)
    return G_SOURCE_CONTINUE;
  if (!dark)
    g_warning ("a contactor is not reported open %d ms after it was told to: energy may flow until the next start",
               LEAVE_MS);
  daemon->leave = 0;
  g_main_loop_quit (daemon->loop);
  return G_SOURCE_REMOVE;
}

/* The command to open must have arrived before we go, or a car charges on with nobody there. */
static void
leave (Daemon *daemon)
{
  if (daemon->leave != 0)
    return;
  sd_notify (0, "STOPPING=1");
  tw_station_close (daemon->parts->station);
  daemon->leaving_us = g_get_monotonic_time ();
  daemon->leave = g_timeout_add (LEAVE_LOOK_MS, on_leave, daemon);
}

/* Whoever asks again is in a hurry. */
static gboolean
on_terminate (gpointer user_data)
{
  Daemon *daemon = user_data;

  if (daemon->leave != 0)
    g_main_loop_quit (daemon->loop);
  else
    tw_log_info ("asked to end; open sessions go on with the next start");
  leave (daemon);
  return G_SOURCE_CONTINUE;
}

static void
on_name (gboolean owned,
         gpointer user_data)
{
  Daemon *daemon = user_data;

  if (owned)
    {
      sd_notify (0, "READY=1");
      tw_log_info ("open for business");
      return;
    }
  g_warning ("the station's name is taken on the bus, or the bus is gone: another tapwattd may be running");
  daemon->exit_code = EXIT_UNREACHABLE;
  leave (daemon);
}

static gboolean
on_watchdog (gpointer user_data)
{
  sd_notify (0, "WATCHDOG=1");
  return G_SOURCE_CONTINUE;
}

/* What is out of reach may be there again at the next start; the rest will not mend itself. */
static int
exit_code_for (const GError *error)
{
  static const TwError OUT_OF_REACH[] = { TW_ERROR_GONE, TW_ERROR_RETRY, TW_ERROR_TIMEOUT };

  for (guint i = 0; i < G_N_ELEMENTS (OUT_OF_REACH); i++)
    if (g_error_matches (error, TW_ERROR, (int) OUT_OF_REACH[i]))
      return EXIT_UNREACHABLE;
  return error->domain == TW_ERROR ? EXIT_UNUSABLE : EXIT_UNREACHABLE;
}

static gboolean
start (Daemon  *daemon,
       GError **error)
{
  uint64_t watchdog_us = 0;

  daemon->parts = tw_parts_new (config_path, reader_path, reader_socket, error);
  if (daemon->parts == NULL)
    return FALSE;
  daemon->publisher = tw_publisher_new (daemon->parts, error);   /* without a bus nothing begins */
  if (daemon->publisher == NULL)
    return FALSE;
  if (!tw_station_start (daemon->parts->station, error))
    {
      g_prefix_error (error, "%s: ", daemon->parts->config->journal_dir);
      return FALSE;
    }
  tw_publisher_open (daemon->publisher, on_name, daemon);
  tw_parts_tell (daemon->parts);
  if (sd_watchdog_enabled (0, &watchdog_us) > 0)
    daemon->watchdog = g_timeout_add (MAX (1, (guint) (watchdog_us / 2000)), on_watchdog, NULL);
  return TRUE;
}

static void
finish (Daemon *daemon)
{
  g_clear_handle_id (&daemon->watchdog, g_source_remove);
  g_clear_handle_id (&daemon->leave, g_source_remove);
  g_clear_pointer (&daemon->publisher, tw_publisher_free);
  g_clear_pointer (&daemon->parts, tw_parts_free);
  g_main_loop_unref (daemon->loop);
}

static gboolean
parse_options (int     *argc,
               char  ***argv,
               GError **error)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  g_option_context_set_summary (context, "The station: sells energy at the connectors that the configuration names.");
  g_option_context_set_description (context, "It ends with 2 if the configuration or the journal cannot be used, and "
                                             "with 3 if the\n"
                                             "bus or the journal's disk is out of reach. Ask `tapwatt doctor` what "
                                             "to do about it.\n");
  g_option_context_add_main_entries (context, options, NULL);
  return g_option_context_parse (context, argc, argv, error);
}

int
main (int   argc,
      char *argv[])
{
  Daemon daemon = { .exit_code = EXIT_WELL };
  g_autoptr (GError) error = NULL;

  setlocale (LC_ALL, "");
  if (!parse_options (&argc, &argv, &error))
    {
      g_printerr ("tapwattd: %s\n", error->message);
      return EXIT_UNUSABLE;
    }
  if (show_version)
    {
      g_print ("tapwattd %s\n", TW_VERSION);
      return EXIT_WELL;
    }
  if (config_path == NULL)
    config_path = g_strdup ("/etc/tapwatt/tapwatt.conf");
  if (reader_path == NULL && reader_socket == NULL)
    reader_path = default_reader ();
  tw_log_init ("tapwattd", verbose);

  daemon.loop = g_main_loop_new (NULL, FALSE);
  if (start (&daemon, &error))
    {
      g_unix_signal_add (SIGTERM, on_terminate, &daemon);
      g_unix_signal_add (SIGINT, on_terminate, &daemon);
      g_main_loop_run (daemon.loop);
    }
  else
    {
      g_printerr ("tapwattd: %s\n", error->message);
      daemon.exit_code = exit_code_for (error);
    }
  finish (&daemon);
  return daemon.exit_code;
}
