/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/verb.h"

#include "app/base/error.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define FLAG_WIDTH 18

static gboolean dies_of_broken_pipe, has_lost_reader;

/* Who has set it to be ignored before wants to be told of it as of any other error. */
void
tw_verb_ignore_broken_pipe (void)
{
  dies_of_broken_pipe = signal (SIGPIPE, SIG_IGN) == SIG_DFL;
}

gboolean
tw_verb_has_lost_reader (void)
{
  struct pollfd out = { .fd = STDOUT_FILENO };

  if (dies_of_broken_pipe && poll (&out, 1, 0) == 1 && (out.revents & (POLLERR | POLLHUP)) != 0)
    has_lost_reader = TRUE;

  return has_lost_reader;
}

int
tw_verb_end (int status)
{
  gboolean failed = fflush (stdout) != 0 || ferror (stdout);

  if (!has_lost_reader && !(failed && tw_verb_has_lost_reader ()))
    return status;
  signal (SIGPIPE, SIG_DFL);
  raise (SIGPIPE);

  return status;
}

static void
print_option (const GOptionEntry *option)
{
  g_autofree char *flag = option->arg_description == NULL
    ? g_strdup_printf ("--%s", option->long_name)
    : g_strdup_printf ("--%s %s", option->long_name, option->arg_description);

  if (strlen (flag) > FLAG_WIDTH)
    printf ("  %s\n  %-*s %s\n", flag, FLAG_WIDTH, "", option->description);
  else
    printf ("  %-*s %s\n", FLAG_WIDTH, flag, option->description);
}

void
tw_verb_teach (const TwVerb *self)
{
  gboolean has_options = self->options != NULL && self->options->long_name != NULL;

  printf ("tapwatt %s%s%s%s - %s\n\n%s", self->name, *self->arguments ? " " : "", self->arguments,
          has_options ? " [OPTION ...]" : "", self->summary, self->text);
  if (!has_options)
    return;

  printf ("\nOptions:\n");
  for (const GOptionEntry *option = self->options; option->long_name != NULL; option++)
    if (*option->long_name != '\0')   /* the words that are no option */
      print_option (option);
}

void
tw_verb_complain (const TwVerb *self,
                  const char   *format,
                  ...)
{
  g_autofree char *message = NULL;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);

  fprintf (stderr, "tapwatt %s: %s\n", self->name, g_strdelimit (message, "\n", ' '));
}

TwExit
tw_verb_complain_of (const TwVerb *self,
                     const GError *error)
{
  if (ferror (stdout) && tw_verb_has_lost_reader ())
    return TW_EXIT_UNKNOWN;
  tw_verb_complain (self, "%s", error->message);

  return g_error_matches (error, TW_ERROR, TW_ERROR_BAD_DATA) ? TW_EXIT_USAGE : TW_EXIT_UNKNOWN;
}

gboolean
tw_verb_print (const TwVerb *self,
               const char   *text)
{
  if (fputs (text, stdout) >= 0 && fflush (stdout) == 0)
    return TRUE;
  if (tw_verb_has_lost_reader ())
    return FALSE;

  tw_verb_complain (self, "stdout: %s", g_strerror (errno));

  return FALSE;
}

gboolean
tw_verb_print_json (const TwVerb *self,
                    TwJsonOut    *out)
{
  g_autoptr (GBytes) bytes = tw_json_out_finish (out);
  g_autofree char *line = g_strdup_printf ("%.*s\n", (int) g_bytes_get_size (bytes),
                                           (const char *) g_bytes_get_data (bytes, NULL));

  tw_json_out_free (out);

  return tw_verb_print (self, line);
}

static gboolean
parse (const TwVerb   *self,
       char         ***words,
       GError        **error)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  g_option_context_set_help_enabled (context, FALSE);
  if (self->options != NULL)
    g_option_context_add_main_entries (context, self->options, NULL);

  return g_option_context_parse_strv (context, words, error);
}

static gboolean
asks_for_help (char **words)
{
  for (; *words != NULL && !g_str_equal (*words, "--"); words++)
    if (g_str_equal (*words, "--help") || g_str_equal (*words, "-h"))
      return TRUE;

  return FALSE;
}

/* GLib leaves "--" in place when what comes after it looks like an option. */
static char **
skip_dashes (char **arguments)
{
  return *arguments != NULL && g_str_equal (*arguments, "--") ? arguments + 1 : arguments;
}

TwExit
tw_verb_run (const TwVerb  *self,
             char         **words)
{
  /* GOption takes the first word for the program's name. */
  g_auto (GStrv) rest = NULL;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (GError) error = NULL;
  char **arguments;
  guint n;

  if (asks_for_help (words))
    {
      tw_verb_teach (self);
      return tw_verb_print (self, "") ? TW_EXIT_WELL : TW_EXIT_UNKNOWN;
    }

  g_strv_builder_add (builder, "tapwatt");
  g_strv_builder_addv (builder, (const char **) words);
  rest = g_strv_builder_end (builder);
  if (!parse (self, &rest, &error))
    {
      tw_verb_complain (self, "%s (tapwatt %s --help tells more)", error->message, self->name);
      return TW_EXIT_USAGE;
    }

  arguments = skip_dashes (rest + 1);
  n = g_strv_length (arguments);
  if (n < self->n_min || n > self->n_max)
    {
      tw_verb_complain (self, "%s: it takes %s (tapwatt %s --help tells more)",
                        n < self->n_min ? "too little" : "too much",
                        *self->arguments ? self->arguments : "options only", self->name);
      return TW_EXIT_USAGE;
    }

  return self->run (self, arguments);
}
