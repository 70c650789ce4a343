/* SPDX-License-Identifier: Apache-2.0 */
/* A station that is all show: puts any scene on the bus, with app/bus's own server, and tells which verbs were called.
 *
 *   DBUS_SYSTEM_BUS_ADDRESS=... stage      then, one a line on standard input:
 *     scenes                     "scene NAME" for each there is, then "done"
 *     show NAME [LANGUAGE]       "shown NAME SCREEN PANEL..."
 *     energy BAY WH              what the bay's meter says
 *     number N                   sessions are called so from the next scene on
 *     refuse CODE                every verb that can fail does so from now on; without CODE: none does
 *
 * A verb is told as "verb NAME ARGUMENT...", what is empty as "-". A language that is asked for is also given, to the
 * counter or to the bay; all else changes only when told to.
 */
#include "app/base/error.h"
#include "tests/ui/scenes.h"

#include <gio/gunixinputstream.h>
#include <stdio.h>
#include <string.h>

static TwBus *bus;
static TwScene scene;
static char *refusal;
static char *numbered;         /* what every session is called; NULL: as in the scene */
static GMainLoop *loop;

static void G_GNUC_PRINTF (1, 2)
say (const char *format,
     ...)
{
  va_list args;

  va_start (args, format);
  vprintf (format, args);
  va_end (args);
  putchar ('\n');
  fflush (stdout);
}

static gint64
now_boot_us (void)
{
  struct timespec now;

  clock_gettime (CLOCK_BOOTTIME, &now);
  return (gint64) now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

static gboolean
may (GError **error)
{
  if (refusal == NULL)
    return TRUE;
  g_set_error_literal (error, TW_ERROR, TW_ERROR_REFUSED, refusal);
  return FALSE;
}

static gboolean
choose (guint       connector,
        const char *language,
        gpointer    user_data,
        GError    **error)
{
  say ("verb choose %u %s", connector, language[0] != '\0' ? language : "-");
  return may (error);
}

static gboolean
accept_offer (gpointer user_data,
              GError **error)
{
  say ("verb accept");
  return may (error);
}

static void
cancel (gpointer user_data)
{
  say ("verb cancel");
}

static gboolean
stop (guint    connector,
      gpointer user_data,
      GError **error)
{
  say ("verb stop %u", connector);
  return may (error);
}

static gboolean
set_language (guint       connector,
              const char *language,
              gpointer    user_data,
              GError    **error)
{
  say ("verb set-language %u %s", connector, language);
  if (!may (error))
    return FALSE;
  if (connector == 0)
    scene.counter.language = g_intern_string (language);
  else
    scene.bays[connector - 1].language = g_intern_string (language);
  tw_bus_set_offers (bus, scene.station.offers, scene.station.n_offers);
  tw_bus_set_counter (bus, &scene.counter);
  for (guint i = 0; i < scene.n_bays; i++)
    tw_bus_set_connector (bus, i, &scene.bays[i]);
  return TRUE;
}

static char *
receipt (const char *session,
         const char *format,
         const char *language,
         gpointer    user_data,
         GError    **error)
{
  char *text = tw_scene_receipt (session, format, language);

  say ("verb receipt %s %s %s", session, format, language);
  if (text == NULL)
    g_set_error_literal (error, TW_ERROR, TW_ERROR_BAD_DATA, "no-such-format");
  return text;
}

static void
dismiss (guint    connector,
         gpointer user_data)
{
  say ("verb dismiss %u", connector);
}

static gboolean
set_goal (const char *kind,
          gint64      value,
          gpointer    user_data,
          GError    **error)
{
  say ("verb goal %s %" G_GINT64_FORMAT, kind, value);
  return TRUE;
}

static void
touched (gpointer user_data)
{
}

static const TwBusVerbs VERBS = { choose, accept_offer, cancel, stop, set_language, receipt, dismiss,
                                  .set_goal = set_goal, .touched = touched };

/* As long as those of the scenes. */
static void
set_number (const char *number)
{
  g_autofree char *old = numbered;

  numbered = g_strdup_printf ("20261122-%06u-7-7f3a99", (guint) g_ascii_strtoull (number, NULL, 10) % 1000000);
  for (guint i = 0; i < scene.n_bays; i++)   /* what is there keeps its name no longer than the name */
    scene.bays[i].session = scene.bays[i].last_session = "";
  scene.counter.session = NULL;
}

static void
rename_sessions (void)
{
  if (numbered == NULL)
    return;
  if (scene.counter.session != NULL)
    scene.counter.session = numbered;
  for (guint i = 0; i < scene.n_bays; i++)
    {
      if (scene.bays[i].session[0] != '\0')
        scene.bays[i].session = numbered;
      if (scene.bays[i].last_session[0] != '\0')
        scene.bays[i].last_session = numbered;
    }
}

static void
publish (void)
{
  tw_bus_set_offers (bus, scene.station.offers, scene.station.n_offers);
  tw_bus_set_counter (bus, &scene.counter);
  for (guint i = 0; i < scene.n_bays; i++)
    tw_bus_set_connector (bus, i, &scene.bays[i]);
}

static void
say_shown (void)
{
  g_autoptr (GString) panels = g_string_new (NULL);

  for (guint i = 0; i < scene.n_bays; i++)
    g_string_append_printf (panels, " %s", scene.panels[i]);
  say ("shown %s %s%s", scene.name, scene.screen, panels->str);
}

static void
on_owned (gboolean owned,
          gpointer user_data)
{
  if (owned)
    say_shown ();
  else
    g_error ("there is a station on this bus already");
}

static gboolean
same_station (const TwBusStation *a,
              const TwBusStation *b)
{
  return a->n_connectors == b->n_connectors && g_strcmp0 (a->name, b->name) == 0;
}

/* What the station itself says of itself is said once: another name, or other connectors, are another station. */
static void
show (const char *name,
      const char *language)
{
  g_autoptr (GError) error = NULL;
  TwBusStation before = scene.station;

  if (!tw_scene_find (name, g_intern_string (language), now_boot_us (), &scene))
    {
      say ("error no scene %s", name);
      return;
    }
  rename_sessions ();
  if (bus != NULL && (!scene.present || !same_station (&before, &scene.station)))
    g_clear_pointer (&bus, tw_bus_free);
  if (!scene.present || bus != NULL)
    {
      if (scene.present)
        publish ();
      say_shown ();
      return;
    }
  bus = tw_bus_new (&scene.station, &VERBS, NULL, &error);
  if (bus == NULL)
    g_error ("%s", error->message);
  publish ();
  tw_bus_own_name (bus, on_owned, NULL);
}

static void
tell_scenes (void)
{
  TwScene each;

  for (guint i = 0; i < tw_scenes_n (); i++)
    {
      tw_scene_make (i, "en", 0, &each);
      say ("scene %s", each.name);
    }
  say ("done");
}

static void
set_energy (guint  number,
            gint64 wh)
{
  if (bus == NULL || number < 1 || number > scene.n_bays)
    return;
  scene.bays[number - 1].energy_wh = wh;
  scene.bays[number - 1].price_minor = wh * 49 / 1000;
  tw_bus_set_connector (bus, number - 1, &scene.bays[number - 1]);
}

static void
obey (char *line)
{
  g_auto (GStrv) words = g_strsplit (g_strchomp (line), " ", -1);
  guint n = g_strv_length (words);

  if (n >= 2 && g_str_equal (words[0], "show"))
    show (words[1], n > 2 ? words[2] : "en");
  else if (n == 3 && g_str_equal (words[0], "energy"))
    set_energy (g_ascii_strtoull (words[1], NULL, 10), g_ascii_strtoll (words[2], NULL, 10));
  else if (n == 2 && g_str_equal (words[0], "number"))
    set_number (words[1]);
  else if (n >= 1 && g_str_equal (words[0], "refuse"))
    {
      g_free (refusal);
      refusal = g_strdup (words[1]);
    }
  else if (n == 1 && g_str_equal (words[0], "scenes"))
    tell_scenes ();
  else
    say ("error no such order");
}

static void
on_line (GObject      *stream,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autofree char *line = g_data_input_stream_read_line_finish (G_DATA_INPUT_STREAM (stream), result, NULL, NULL);

  if (line == NULL)
    {
      g_main_loop_quit (loop);
      return;
    }
  obey (line);
  g_data_input_stream_read_line_async (G_DATA_INPUT_STREAM (stream), G_PRIORITY_DEFAULT, NULL, on_line, NULL);
}

int
main (int    argc,
      char **argv)
{
  g_autoptr (GInputStream) input = g_unix_input_stream_new (0, FALSE);
  g_autoptr (GDataInputStream) lines = g_data_input_stream_new (input);

  loop = g_main_loop_new (NULL, FALSE);
  g_data_input_stream_read_line_async (lines, G_PRIORITY_DEFAULT, NULL, on_line, NULL);
  g_main_loop_run (loop);
  g_clear_pointer (&bus, tw_bus_free);
  g_main_loop_unref (loop);
  g_free (refusal);
  g_free (numbered);
  return 0;
}
