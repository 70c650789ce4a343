/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bench/player.h"

#include <string.h>

#include "app/base/error.h"
#include "app/base/json.h"
#include "app/base/whole.h"
#include "app/bench/conditions.h"
#include "app/bench/touch.h"
#include "app/bench/variables.h"
#include "app/bench/witness.h"

#define PAUSE_US (20 * 1000)
#define WAIT_S 30

struct _TwPlayer
{
  TwWitness   *witness;
  TwVariables *variables;
  char        *touch;      /* program that is the finger on the glass; NULL: the finger is the bus */
  gboolean     story;      /* print what is told, not what is done */
  gint64       begin_us;   /* monotonic */
};

/* words: the whole line, its first word the verb; never empty. */
typedef gboolean (*Verb) (TwPlayer *self, const char *const *words, GError **error);

/* With a screen: the finger touches it. A receipt is taken from the bus all the same: it is the file that is wanted. */
static gboolean
play_finger (TwPlayer          *self,
             const char *const *words,
             GError           **error)
{
  g_autoptr (TwJson) answer = NULL;

  if (self->touch != NULL && g_strcmp0 (words[1], "receipt") != 0)
    return tw_touch (self->touch, words + 1, error);

  answer = tw_witness_ask (self->witness, words, error);

  return answer != NULL;
}

static gboolean
play_picture (TwPlayer          *self,
              const char *const *words,
              GError           **error)
{
  if (words[1] == NULL || words[2] != NULL)
    return tw_bad_data (error, "picture: needs one name");

  return self->touch == NULL || tw_touch (self->touch, words, error);
}

static gboolean
play_expect (TwPlayer          *self,
             const char *const *words,
             GError           **error)
{
  return tw_witness_holds (self->witness, words + 1, error);
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
      || !tw_whole_parse_unsigned (whole, 10, 0, 3600, &seconds)
      || !tw_whole_parse_unsigned (behind, 10, 0, G_USEC_PER_SEC, &micros))
    return tw_bad_data (error, "%s: accepted are 0 to 3600 seconds", text != NULL ? text : "nothing");

  *us = (gint64) (seconds * G_USEC_PER_SEC + micros);

  return TRUE;
}

static gboolean
play_wait_for (TwPlayer          *self,
               const char *const *words,
               GError           **error)
{
  const char *within = tw_conditions_value (words, "within");
  gint64 us = WAIT_S * G_USEC_PER_SEC, until;

  if (within != NULL && !read_seconds (within, &us, error))
    return FALSE;

  until = g_get_monotonic_time () + us;
  for (;;)
    {
      g_autoptr (GError) cause = NULL;

      if (tw_witness_holds (self->witness, words + 1, &cause))
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
    return tw_bad_data (error, "refused: which command?");
  tw_json_free (tw_witness_ask (self->witness, words + 1, &cause));
  if (g_error_matches (cause, TW_ERROR, TW_ERROR_REFUSED))
    return TRUE;
  if (cause != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }

  return tw_refuse (error, TW_ERROR_REFUSED, "was expected to be refused, and was not");
}

static gboolean
play_let (TwPlayer          *self,
          const char *const *words,
          GError           **error)
{
  g_autofree char *value = NULL;

  if (words[1] == NULL || words[2] == NULL)
    return tw_bad_data (error, "let: needs a name and a value");
  value = g_strjoinv (" ", (GStrv) words + 2);
  tw_variables_set (self->variables, words[1], value);

  return TRUE;
}

static void
remember (TwPlayer     *self,
          const char   *name,
          const TwJson *object)
{
  for (guint i = 0; i < tw_json_length (object); i++)
    {
      g_autofree char *path = g_strconcat (name, ".", tw_json_member_name (object, i), NULL);

      tw_variables_set (self->variables, path, tw_condition_text (tw_json_element (object, i)));
    }
}

static gboolean
play_find (TwPlayer          *self,
           const char *const *words,
           GError           **error)
{
  g_autoptr (TwJson) answer = NULL;
  const TwJson *found;

  if (words[1] == NULL)
    return tw_bad_data (error, "find: under which name?");
  answer = tw_witness_find (self->witness, words + 2, &found, error);
  if (answer == NULL)
    return FALSE;
  remember (self, words[1], found);

  return TRUE;
}

/* "who" empty: more of what was told before. */
static gboolean
play_tell (TwPlayer          *self,
           const char *const *words,
           GError           **error)
{
  gint64 s = (g_get_monotonic_time () - self->begin_us) / G_USEC_PER_SEC;
  g_autofree char *time = g_strdup_printf ("%d:%02d", (int) (s / 60), (int) (s % 60));
  g_autofree char *text = NULL;

  if (words[1] == NULL || words[2] == NULL)
    return tw_bad_data (error, "tell: needs who (\"\": the same) and what");
  text = g_strjoinv (" ", (GStrv) words + 2);
  g_print ("%6s  %-9s %s\n", *words[1] != '\0' ? time : "", words[1], text);

  return TRUE;
}

/* save FILE MEMBER ORDER...: texts as they are, everything else as JSON. */
static gboolean
play_save (TwPlayer          *self,
           const char *const *words,
           GError           **error)
{
  g_autoptr (TwJson) answer = NULL;
  g_autoptr (GError) cause = NULL;
  g_autoptr (GBytes) json = NULL;
  g_autoptr (TwJsonOut) out = tw_json_out_new ();
  const TwJson *member;
  const char *text;
  gsize len;

  if (g_strv_length ((GStrv) words) < 4)
    return tw_bad_data (error, "save: needs a file, a member of the answer, and an order");
  answer = tw_witness_ask (self->witness, words + 3, error);
  member = tw_json_member (answer, words[2]);
  if (member == NULL)
    return answer != NULL ? tw_bad_data (error, "the answer has no %s", words[2]) : FALSE;

  tw_json_out_copy (out, NULL, member);
  json = tw_json_out_finish (out);
  text = tw_json_string (member) != NULL ? tw_json_string (member) : g_bytes_get_data (json, NULL);
  len = tw_json_string (member) != NULL ? strlen (text) : g_bytes_get_size (json);

  return g_file_set_contents (words[1], text, (gssize) len, &cause)
         || tw_refuse (error, TW_ERROR_GONE, "%s", cause->message);
}

static const struct
{
  const char *word;
  Verb        play;
  const char *help;
} VERBS[] = {
  { "expect", play_expect, "ledger|lines|status CONDITION ... [count=N]: is so now" },
  { "wait-for", play_wait_for, "the same [within=SECONDS]: becomes so (30 s)" },
  { "sleep", play_sleep, "SECONDS" },
  { "print", play_print, "TEXT" },
  { "tell", play_tell, "WHO TEXT: a line of the story, with the time; WHO \"\": more of the same" },
  { "let", play_let, "NAME VALUE: from here on ${NAME} is this" },
  { "find", play_find, "NAME ledger|lines CONDITION ...: ${NAME.captured} ... of the last one that is like this" },
  { "save", play_save, "FILE MEMBER COMMAND ...: writes a member of the street's answer" },
  { "finger", play_finger, "as the street's order; with --touch PROGRAM on the screen: PROGRAM choose 1 ..." },
  { "picture", play_picture, "NAME: with --touch a picture of the screen, PROGRAM picture NAME; else nothing" },
  { "refused", play_refused, "COMMAND ...: the street refuses this command" },
};

static const char NAMES[] =
  "  A condition is NAME=VALUE, or NAME>=NUMBER for whole numbers. ${NAME} is what was remembered by let or find,\n"
  "  else a member of the status, such as ${station.1.energy_wh}; ${NAME,8} is filled up to 8 columns, ${NAME,-8}\n"
  "  on the right.\n";

/* A name that nobody set is a member of the status. */
static char *
look_up (const char *name,
         gpointer    user_data,
         GError    **error)
{
  static const char *const STATUS[] = { "status", NULL };
  TwPlayer *self = user_data;
  g_autoptr (TwJson) answer = tw_witness_ask (self->witness, STATUS, error);
  const TwJson *value = tw_condition_find (answer, name);

  if (value != NULL)
    return g_strdup (tw_condition_text (value));
  if (answer != NULL)
    tw_bad_data (error, "${%s}: neither remembered nor in the status", name);

  return NULL;
}

static gboolean
expand (TwPlayer *self,
        char    **words,
        GError  **error)
{
  for (; *words != NULL; words++)
    {
      char *word = tw_variables_expand (self->variables, *words, look_up, self, error);

      if (word == NULL)
        return FALSE;
      g_free (*words);
      *words = word;
    }

  return TRUE;
}

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
      return tw_bad_data (error, "%s", cause->message);
    }
  if (!expand (self, words, error))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (VERBS); i++)
    if (strcmp (VERBS[i].word, words[0]) == 0)
      return VERBS[i].play (self, (const char *const *) words, error);

  answer = tw_witness_ask (self->witness, (const char *const *) words, error);

  return answer != NULL;
}

TwPlayer *
tw_player_new (const char *dir,
               const char *touch_program,
               gboolean    story)
{
  TwPlayer *self = g_new0 (TwPlayer, 1);

  self->witness = tw_witness_new (dir);
  self->variables = tw_variables_new ();
  self->touch = g_strdup (touch_program);
  self->story = story;
  self->begin_us = g_get_monotonic_time ();

  return self;
}

void
tw_player_free (TwPlayer *self)
{
  if (self == NULL)
    return;
  tw_variables_free (self->variables);
  tw_witness_free (self->witness);
  g_free (self->touch);
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
    return tw_bad_data (error, "%s", cause->message);

  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      const char *line = g_strstrip (lines[i]);

      if (*line == '\0' || *line == '#')
        continue;
      if (!self->story && !g_str_has_prefix (line, "print "))
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
  g_string_append (text, NAMES);

  return g_string_free (text, FALSE);
}
