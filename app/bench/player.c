/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bench/player.h"

#include <string.h>

#include "app/base/error.h"
#include "app/base/json.h"
#include "app/bench/ctl.h"

#define ANSWER_TIMEOUT_S 30
#define PAUSE_US (20 * 1000)
#define WAIT_S 30

struct _TwPlayer
{
  char *dir;
  char *socket;
};

/* words: the whole line, its first word the verb; never empty. */
typedef gboolean (*Verb) (TwPlayer *self, const char *const *words, GError **error);

static gboolean
refuse (GError    **error,
        TwError     code,
        const char *format,
        ...) G_GNUC_PRINTF (3, 4);

static gboolean
refuse (GError    **error,
        TwError     code,
        const char *format,
        ...)
{
  g_autofree char *message = NULL;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error_literal (error, TW_ERROR, code, message);

  return FALSE;
}

/* What the street answers; NULL: it said no, or nothing. */
static TwJson *
ask (TwPlayer          *self,
     const char *const *words,
     GError           **error)
{
  g_autoptr (GBytes) request = tw_ctl_request (words);
  g_autofree char *text = tw_ctl_ask (self->socket, request, ANSWER_TIMEOUT_S, error);
  const TwJsonLimits limits = { 64 * 1024 * 1024, 32, 5000000 };
  g_autoptr (TwJson) answer = NULL;

  if (text == NULL)
    return NULL;
  answer = tw_json_parse (text, strlen (text), &limits, error);
  if (answer == NULL || tw_json_is_true (tw_json_member (answer, "ok")))
    return g_steal_pointer (&answer);

  refuse (error, TW_ERROR_REFUSED, "%s", tw_json_string (tw_json_member (answer, "error")));

  return NULL;
}

/* The value as a person would write it. */
static const char *
text_of (const TwJson *value)
{
  if (value == NULL)
    return "absent";
  if (tw_json_string (value) != NULL)
    return tw_json_string (value);
  if (tw_json_number_text (value) != NULL)
    return tw_json_number_text (value);
  if (tw_json_type (value) == TW_JSON_BOOL)
    return tw_json_is_true (value) ? "true" : "false";

  return tw_json_type (value) == TW_JSON_NULL ? "none" : "a group";
}

/* Every "a=b" among the conditions that is about the element; "count=" and "within=" are not. */
static gboolean
fits (const TwJson      *element,
      const char *const *conditions)
{
  for (guint i = 0; conditions[i] != NULL; i++)
    {
      const char *equals = strchr (conditions[i], '=');
      g_autofree char *name = g_strndup (conditions[i], equals - conditions[i]);

      if (strcmp (name, "count") != 0 && strcmp (name, "within") != 0
          && strcmp (text_of (tw_json_member (element, name)), equals + 1) != 0)
        return FALSE;
    }

  return TRUE;
}

static const char *
condition (const char *const *conditions,
           const char        *name)
{
  gsize n = strlen (name);

  for (guint i = 0; conditions[i] != NULL; i++)
    if (strncmp (conditions[i], name, n) == 0 && conditions[i][n] == '=')
      return conditions[i] + n + 1;

  return NULL;
}

/* "ledger a=b ...": at least one payment (line) is like this, or exactly count of them. */
static gboolean
holds_in_ledger (TwPlayer          *self,
                 const char        *array,
                 const char *const *conditions,
                 GError           **error)
{
  static const char *const LEDGER[] = { "ledger", NULL };
  g_autoptr (TwJson) answer = ask (self, LEDGER, error);
  const TwJson *all = tw_json_member (answer, array);
  const char *count = condition (conditions, "count");
  g_autoptr (GString) seen = g_string_new (NULL);
  guint64 wanted = 0;
  guint n = 0;

  if (answer == NULL)
    return FALSE;
  if (count != NULL && !g_ascii_string_to_unsigned (count, 10, 0, G_MAXUINT, &wanted, NULL))
    return refuse (error, TW_ERROR_BAD_DATA, "count=%s: is not a number", count);
  for (guint i = 0; i < tw_json_length (all); i++)
    {
      const TwJson *element = tw_json_element (all, i);

      n += fits (element, conditions);
      g_string_append (seen, "\n   ");
      for (guint j = 0; j < tw_json_length (element); j++)
        g_string_append_printf (seen, " %s=%s", tw_json_member_name (element, j),
                                text_of (tw_json_element (element, j)));
    }
  if (count != NULL ? n == wanted : n > 0)
    return TRUE;

  return refuse (error, TW_ERROR_REFUSED, "%u of the ledger's %s are like this:%s", n, array,
                 seen->len > 0 ? seen->str : " there are none");
}

/* "status a.b.c=d ...": all are so. */
static gboolean
holds_in_status (TwPlayer          *self,
                 const char *const *conditions,
                 GError           **error)
{
  static const char *const STATUS[] = { "status", NULL };
  g_autoptr (TwJson) answer = ask (self, STATUS, error);

  if (answer == NULL)
    return FALSE;
  for (guint i = 0; conditions[i] != NULL; i++)
    {
      const char *equals = strchr (conditions[i], '=');
      g_autofree char *path = g_strndup (conditions[i], equals - conditions[i]);
      g_auto (GStrv) names = g_strsplit (path, ".", -1);
      const TwJson *value = answer;

      if (strcmp (path, "within") == 0)
        continue;
      for (guint j = 0; value != NULL && names[j] != NULL; j++)
        value = tw_json_member (value, names[j]);
      if (strcmp (text_of (value), equals + 1) != 0)
        return refuse (error, TW_ERROR_REFUSED, "%s is %s", path, text_of (value));
    }

  return TRUE;
}

/* words: "ledger|lines|status" and conditions. */
static gboolean
holds (TwPlayer          *self,
       const char *const *words,
       GError           **error)
{
  if (words[0] == NULL || words[1] == NULL)
    return refuse (error, TW_ERROR_BAD_DATA, "needs ledger, lines or status and at least one NAME=VALUE");
  for (guint i = 1; words[i] != NULL; i++)
    if (strchr (words[i], '=') == NULL)
      return refuse (error, TW_ERROR_BAD_DATA, "%s: a condition is NAME=VALUE", words[i]);

  if (strcmp (words[0], "ledger") == 0)
    return holds_in_ledger (self, "payments", words + 1, error);
  if (strcmp (words[0], "lines") == 0)
    return holds_in_ledger (self, "lines", words + 1, error);
  if (strcmp (words[0], "status") == 0)
    return holds_in_status (self, words + 1, error);

  return refuse (error, TW_ERROR_BAD_DATA, "%s: accepted are ledger, lines, status", words[0]);
}

static gboolean
play_expect (TwPlayer          *self,
             const char *const *words,
             GError           **error)
{
  return holds (self, words + 1, error);
}

/* Seconds with up to six decimals, at most an hour. */
static gboolean
read_seconds (const char *text,
              gint64     *us,
              GError    **error)
{
  const char *point = text != NULL ? strchr (text, '.') : NULL;
  g_autofree char *whole = text != NULL ? g_strndup (text, strcspn (text, ".")) : NULL;
  g_autofree char *behind = g_strdup_printf ("%.6s000000", point != NULL ? point + 1 : "");
  guint64 seconds, micros;

  behind[6] = '\0';
  if (whole == NULL || (point != NULL && (point[1] == '\0' || strlen (point) > 7))
      || !g_ascii_string_to_unsigned (whole, 10, 0, 3600, &seconds, NULL)
      || !g_ascii_string_to_unsigned (behind, 10, 0, G_USEC_PER_SEC, &micros, NULL))
    return refuse (error, TW_ERROR_BAD_DATA, "%s: accepted are 0 to 3600 seconds", text != NULL ? text : "nothing");

  *us = (gint64) (seconds * G_USEC_PER_SEC + micros);

  return TRUE;
}

static gboolean
play_wait_for (TwPlayer          *self,
               const char *const *words,
               GError           **error)
{
  const char *within = condition (words, "within");
  gint64 us = WAIT_S * G_USEC_PER_SEC, until;

  if (within != NULL && !read_seconds (within, &us, error))
    return FALSE;

  until = g_get_monotonic_time () + us;
  for (;;)
    {
      g_autoptr (GError) cause = NULL;

      if (holds (self, words + 1, &cause))
        return TRUE;
      if (!g_error_matches (cause, TW_ERROR, TW_ERROR_REFUSED) || g_get_monotonic_time () > until)
        {
          g_propagate_error (error, g_steal_pointer (&cause));
          return FALSE;
        }
      g_usleep (PAUSE_US);
    }
}

static gboolean
play_sleep (TwPlayer          *self,
            const char *const *words,
            GError           **error)
{
  gint64 us;

  if (!read_seconds (words[1], &us, error))
    return FALSE;

  g_usleep ((gulong) us);

  return TRUE;
}

static gboolean
play_print (TwPlayer          *self,
            const char *const *words,
            GError           **error)
{
  g_autofree char *text = g_strjoinv (" ", (GStrv) words + 1);

  g_print ("%s\n", text);

  return TRUE;
}

static gboolean
play_refused (TwPlayer          *self,
              const char *const *words,
              GError           **error)
{
  g_autoptr (GError) cause = NULL;

  if (words[1] == NULL)
    return refuse (error, TW_ERROR_BAD_DATA, "refused: which command?");
  tw_json_free (ask (self, words + 1, &cause));
  if (g_error_matches (cause, TW_ERROR, TW_ERROR_REFUSED))
    return TRUE;
  if (cause != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }

  return refuse (error, TW_ERROR_REFUSED, "was expected to be refused, and was not");
}

static const struct
{
  const char *word;
  Verb        play;
  const char *help;
} VERBS[] = {
  { "expect", play_expect, "ledger|lines|status NAME=VALUE ... [count=N]: is so now" },
  { "wait-for", play_wait_for, "the same [within=SECONDS]: becomes so (30 s)" },
  { "sleep", play_sleep, "SECONDS" },
  { "print", play_print, "TEXT" },
  { "refused", play_refused, "COMMAND ...: the street refuses this command" },
};

static gboolean
play_line (TwPlayer   *self,
           const char *line,
           GError    **error)
{
  g_auto (GStrv) words = NULL;
  g_autoptr (GError) cause = NULL;
  g_autoptr (TwJson) answer = NULL;

  if (!g_shell_parse_argv (line, NULL, &words, &cause))
    {
      if (g_error_matches (cause, G_SHELL_ERROR, G_SHELL_ERROR_EMPTY_STRING))
        return TRUE;
      return refuse (error, TW_ERROR_BAD_DATA, "%s", cause->message);
    }
  for (guint i = 0; i < G_N_ELEMENTS (VERBS); i++)
    if (strcmp (VERBS[i].word, words[0]) == 0)
      return VERBS[i].play (self, (const char *const *) words, error);

  answer = ask (self, (const char *const *) words, error);

  return answer != NULL;
}

TwPlayer *
tw_player_new (const char *dir)
{
  TwPlayer *self = g_new0 (TwPlayer, 1);

  self->dir = g_strdup (dir);
  self->socket = g_build_filename (dir, "ctl.sock", NULL);

  return self;
}

void
tw_player_free (TwPlayer *self)
{
  if (self == NULL)
    return;
  g_free (self->dir);
  g_free (self->socket);
  g_free (self);
}

gboolean
tw_player_play (TwPlayer   *self,
                const char *file,
                GError    **error)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (GError) cause = NULL;

  if (!g_file_get_contents (file, &text, NULL, &cause))
    return refuse (error, TW_ERROR_BAD_DATA, "%s", cause->message);

  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      const char *line = g_strstrip (lines[i]);

      if (*line == '\0' || *line == '#')
        continue;
      if (!g_str_has_prefix (line, "print "))
        g_print ("%4u  %s\n", i + 1, line);
      if (!play_line (self, line, error))
        {
          g_prefix_error (error, "%s:%u: %s: ", file, i + 1, line);
          return FALSE;
        }
    }

  return TRUE;
}

char *
tw_player_help (void)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (VERBS); i++)
    g_string_append_printf (text, "  %-9s %s\n", VERBS[i].word, VERBS[i].help);

  return g_string_free (text, FALSE);
}
