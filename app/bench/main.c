/* SPDX-License-Identifier: Apache-2.0 */
/* tapwatt-bench: the virtual street around a Tapwatt station. */
#include <errno.h>
#include <gio/gio.h>
#include <gio/gunixinputstream.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/base/error.h"
#include "app/base/json.h"
#include "app/base/log.h"
#include "app/bench/ctl.h"
#include "app/bench/player.h"
#include "app/bench/street.h"

#define EXIT_WELL 0
#define EXIT_FOUND 1
#define EXIT_USAGE 2
#define EXIT_UNREACHABLE 3

static const char HELP[] =
  "tapwatt-bench: everything outside a charging station, on one machine, for tests and for trying it out.\n"
  "\n"
  "  tapwatt-bench run --dir DIR        start the street and stay; DIR/street.json appears when it is ready,\n"
  "                                     DIR/tapwatt.conf is what a station needs to stand in it\n"
  "  tapwatt-bench ctl --dir DIR CMD    give one order and print the answer, for example:\n"
  "      ctl --dir DIR help                                        what can be ordered\n"
  "      ctl --dir DIR status                                      how everything is\n"
  "      ctl --dir DIR ledger code=...                             what happened to the money\n"
  "      ctl --dir DIR acquirer fault drop op=capture when=after   act on the next capture, lose the answer\n"
  "      ctl --dir DIR acquirer rule decline reason=STOLEN_LOST_CARD count=1\n"
  "      ctl --dir DIR watch [text] [all] [since=N]                what happens, as it comes; text: for people;\n"
  "                                                                all: also what wires always say\n"
  "      ctl --dir DIR clear-skies                                 undo every fault and rule\n"
  "  tapwatt-bench panel --dir DIR      a window beside a running street: hands, weather, and what happens (--help)\n"
  "  tapwatt-bench play FILE [--dir DIR]  play a scenario, in a street of its own unless DIR names a running one;\n"
  "                                     --story: print only what it tells, not its steps;\n"
  "                                     --touch PROGRAM: the finger on a real screen, instead of on the bus\n"
  "  tapwatt-bench --version\n"
  "\n"
  "run:\n"
  "  --dir DIR          the street's folder\n"
  "  --ledger FILE      the acquirer's ledger, JSON Lines (DIR/ledger.jsonl)\n"
  "  --keys DIR         certificates and keys, made at the first start (DIR/keys); share it to start quickly\n"
  "  --cards DIR        card profiles\n"
  "  --tariff FILE      OCPI tariff of the connectors\n"
  "  --port N           the acquirer's port on 127.0.0.1 (any)\n"
  "  --connectors N     1 to 8 (2)\n"
  "  --with-parent      end when standard input closes\n"
  "  --verbose\n"
  "\n"
  "The steps of a scenario, one a line; every other line is an order as for ctl, \"#\" begins a comment:\n";

static const char EXITS[] =
  "\n"
  "Exit status: 0 well; 1 refused, or an expectation was not met; 2 usage, or input unusable; 3 no street there.\n";

typedef struct
{
  char    *dir, *ledger, *keys, *cards, *tariff, *touch;
  int      port, connectors;
  gboolean with_parent, verbose, version, story;
} Arguments;

static void
arguments_clear (Arguments *arguments)
{
  g_free (arguments->dir);
  g_free (arguments->ledger);
  g_free (arguments->keys);
  g_free (arguments->cards);
  g_free (arguments->tariff);
  g_free (arguments->touch);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Arguments, arguments_clear)

static int
usage (const char *message)
{
  g_printerr ("tapwatt-bench: %s (tapwatt-bench --help)\n", message);

  return EXIT_USAGE;
}

static gboolean
on_end (gpointer user_data)
{
  g_main_loop_quit (user_data);

  return G_SOURCE_CONTINUE;
}

/* Whatever comes is thrown away; the end of it is the parent's. */
static gboolean
on_parent (int          fd,
           GIOCondition condition,
           gpointer     user_data)
{
  char bytes[256];
  gssize n = read (fd, bytes, sizeof bytes);

  if (n > 0)
    return G_SOURCE_CONTINUE;
  g_main_loop_quit (user_data);

  return G_SOURCE_REMOVE;
}

static char *
asset (const char *given,
       const char *name)
{
  const char *assets = g_getenv ("TAPWATT_ASSETS");

  return given != NULL ? g_strdup (given) : g_build_filename (assets != NULL ? assets : TW_ASSETS, name, NULL);
}

static int
run (const Arguments *arguments)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GError) error = NULL;
  g_autoptr (TwStreet) street = NULL;
  g_autofree char *cards = asset (arguments->cards, "bench/cards");
  g_autofree char *tariff = asset (arguments->tariff, "tariffs/demo.json");
  const TwStreetOptions options = {
    .dir = arguments->dir, .keys = arguments->keys, .ledger = arguments->ledger, .cards = cards, .tariff = tariff,
    .port = (guint) arguments->port, .n_connectors = (guint) arguments->connectors,
  };

  tw_log_init ("tapwatt-bench", arguments->verbose);
  g_unix_signal_add (SIGTERM, on_end, loop);
  g_unix_signal_add (SIGINT, on_end, loop);
  if (arguments->with_parent)
    g_unix_fd_add (0, G_IO_IN | G_IO_HUP | G_IO_ERR, on_parent, loop);

  street = tw_street_new (&options, &error);
  if (street == NULL)
    {
      g_printerr ("tapwatt-bench: %s\n", error->message);
      return EXIT_USAGE;
    }
  tw_street_on_quit (street, on_end, loop);
  g_main_loop_run (loop);

  return EXIT_WELL;
}

static int
report (const GError *error)
{
  g_printerr ("tapwatt-bench: %s\n", error->message);
  if (g_error_matches (error, TW_ERROR, TW_ERROR_GONE) || g_error_matches (error, TW_ERROR, TW_ERROR_TIMEOUT))
    return EXIT_UNREACHABLE;

  return g_error_matches (error, TW_ERROR, TW_ERROR_REFUSED) ? EXIT_FOUND : EXIT_USAGE;
}

/* The lines as they come; with "text" only what people read: time, where, which way, what. */
static gboolean
print_text (const char *line)
{
  g_autoptr (TwJson) json = tw_json_parse (line, strlen (line), &TW_JSON_LARGE, NULL);
  const char *time = tw_json_string (tw_json_member (json, "time"));
  const char *wire = tw_json_string (tw_json_member (json, "wire"));
  const char *from = tw_json_string (tw_json_member (json, "from"));
  const char *number = tw_json_number_text (tw_json_member (json, "connector"));
  const char *text = tw_json_string (tw_json_member (json, "text"));
  const char *what = wire != NULL ? wire : tw_json_string (tw_json_member (json, "kind"));
  const char *way = from == NULL ? "  " : strcmp (from, "station") == 0 ? "->" : "<-";

  if (text != NULL && time != NULL)
    g_print ("%.12s  %-10s %1s %s %s\n", time + strlen ("2000-01-01T"), what, number != NULL ? number : "", way, text);

  return fflush (stdout) == 0;
}

typedef struct { gboolean text, refused; } Watching;

static gboolean
on_line (const char *line,
         gpointer    user_data)
{
  Watching *self = user_data;

  self->refused = g_str_has_prefix (line, "{\"ok\":false");
  if (self->text && !self->refused)
    return print_text (line);
  g_print ("%s\n", line);

  return fflush (stdout) == 0 && !self->refused;
}

/* Until the street ends, or whoever reads what we print. */
static int
watch (const char        *socket,
       const char *const *words)
{
  g_autoptr (GPtrArray) asked = g_ptr_array_new ();
  g_autoptr (GBytes) request = NULL;
  g_autoptr (GError) error = NULL;
  Watching watching = { 0 };

  for (guint i = 0; words[i] != NULL; i++)
    if (strcmp (words[i], "text") == 0)
      watching.text = TRUE;
    else
      g_ptr_array_add (asked, (gpointer) words[i]);
  g_ptr_array_add (asked, NULL);
  request = tw_ctl_request ((const char *const *) asked->pdata);
  if (!tw_ctl_follow (socket, request, on_line, &watching, &error))
    return g_error_matches (error, TW_ERROR, TW_ERROR_TIMEOUT) ? EXIT_WELL : report (error);

  return watching.refused ? EXIT_FOUND : EXIT_WELL;
}

static int
control (const Arguments   *arguments,
         const char *const *words)
{
  g_autofree char *socket = g_build_filename (arguments->dir, "ctl.sock", NULL);
  g_autoptr (GBytes) request = tw_ctl_request (words);
  g_autoptr (GError) error = NULL;
  g_autofree char *answer = NULL;

  if (request == NULL)
    return usage ("ctl: an order is missing, for example help");
  if (strcmp (words[0], "watch") == 0)
    return watch (socket, words);
  answer = tw_ctl_ask (socket, request, 60, &error);
  if (answer == NULL)
    return report (error);

  g_print ("%s\n", answer);

  return g_str_has_prefix (answer, "{\"ok\":true") ? EXIT_WELL : EXIT_FOUND;
}

/* A street of its own, that ends with us whatever happens. */
static GSubprocess *
start_street (const char *dir,
              GError    **error)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", error);
  g_autofree char *ready = g_build_filename (dir, "street.json", NULL);
  g_autoptr (GSubprocess) street = NULL;

  if (self != NULL)
    street = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE, error, self, "run", "--dir", dir, "--with-parent", NULL);
  for (guint i = 0; street != NULL && i < 3000 && !g_file_test (ready, G_FILE_TEST_EXISTS); i++)
    {
      if (g_subprocess_get_identifier (street) == NULL)
        break;
      g_usleep (10 * 1000);
      g_main_context_iteration (NULL, FALSE);   /* notices its end */
    }
  if (street != NULL && g_file_test (ready, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&street);
  if (error != NULL && *error == NULL)
    g_set_error (error, TW_ERROR, TW_ERROR_GONE, "the street in %s did not start", dir);

  return NULL;
}

/* The panel is a program of its own beside this one, or where it is installed: this one needs no GTK. Only comes back
 * when it cannot be started. */
static int
panel (char **argv)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = g_path_get_dirname (self != NULL ? self : ".");
  g_autofree char *built = g_build_filename (folder, "panel", "tapwatt-bench-panel", NULL);
  g_autofree char *installed = g_build_filename (folder, "tapwatt-bench-panel", NULL);

  argv[0] = (char *) "tapwatt-bench-panel";
  execv (built, argv);
  execv (installed, argv);
  g_printerr ("tapwatt-bench: the panel cannot be started: %s: %s\n", built, g_strerror (errno));

  return EXIT_UNREACHABLE;
}

static int
play (const Arguments *arguments,
      const char      *file)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *dir = arguments->dir != NULL ? g_strdup (arguments->dir) : g_dir_make_tmp ("tapwatt-XXXXXX", &error);
  g_autoptr (GSubprocess) street = NULL;
  g_autoptr (TwPlayer) player = NULL;
  gboolean well;

  if (dir == NULL)
    return report (error);
  if (arguments->dir == NULL)
    {
      street = start_street (dir, &error);
      if (street == NULL)
        return report (error);
      g_print ("The street is in %s\n", dir);
    }

  player = tw_player_new (dir, arguments->touch, arguments->story);
  well = tw_player_play (player, file, &error);
  if (street != NULL)
    {
      g_output_stream_close (g_subprocess_get_stdin_pipe (street), NULL, NULL);
      g_subprocess_wait (street, NULL, NULL);
    }

  return well ? EXIT_WELL : report (error);
}

int
main (int    argc,
      char **argv)
{
  g_auto (Arguments) a = { .connectors = 2 };
  const GOptionEntry entries[] = {
    { "dir", 0, 0, G_OPTION_ARG_FILENAME, &a.dir, NULL, NULL },
    { "ledger", 0, 0, G_OPTION_ARG_FILENAME, &a.ledger, NULL, NULL },
    { "keys", 0, 0, G_OPTION_ARG_FILENAME, &a.keys, NULL, NULL },
    { "cards", 0, 0, G_OPTION_ARG_FILENAME, &a.cards, NULL, NULL },
    { "tariff", 0, 0, G_OPTION_ARG_FILENAME, &a.tariff, NULL, NULL },
    { "port", 0, 0, G_OPTION_ARG_INT, &a.port, NULL, NULL },
    { "connectors", 0, 0, G_OPTION_ARG_INT, &a.connectors, NULL, NULL },
    { "with-parent", 0, 0, G_OPTION_ARG_NONE, &a.with_parent, NULL, NULL },
    { "touch", 0, 0, G_OPTION_ARG_FILENAME, &a.touch, NULL, NULL },
    { "story", 0, 0, G_OPTION_ARG_NONE, &a.story, NULL, NULL },
    { "verbose", 0, 0, G_OPTION_ARG_NONE, &a.verbose, NULL, NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &a.version, NULL, NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;

  setlocale (LC_ALL, "");
  if (argc > 1 && strcmp (argv[1], "panel") == 0)
    return panel (argv + 1);
  if (argc > 1 && (strcmp (argv[1], "--help") == 0 || strcmp (argv[1], "-h") == 0 || strcmp (argv[1], "help") == 0))
    {
      g_autofree char *verbs = tw_player_help ();

      g_print ("%s%s%s", HELP, verbs, EXITS);
      return EXIT_WELL;
    }
  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    return usage (error->message);
  if (a.version)
    {
      g_print ("tapwatt-bench %s\n", TW_VERSION);
      return EXIT_WELL;
    }
  if (a.port < 0 || a.port > 65535 || a.connectors < 1 || a.connectors > 8)
    return usage ("--port must be 0 to 65535 and --connectors 1 to 8");

  if (argc == 3 && strcmp (argv[1], "play") == 0)
    return play (&a, argv[2]);
  if (argc < 2 || a.dir == NULL)
    return usage ("say run, ctl, panel or play, and where: --dir DIR");
  if (strcmp (argv[1], "ctl") == 0)
    return control (&a, (const char *const *) argv + 2);
  if (argc == 2 && strcmp (argv[1], "run") == 0)
    return run (&a);

  return usage ("the commands are run, ctl, panel and play");
}
