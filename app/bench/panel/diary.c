/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bench/panel/diary.h"

#include <string.h>

#define SETTLE_MS 60     /* a commit writes its log in several pieces */
#define AGAIN_MS  1000   /* it could not be read: somebody recovers it, or there is none */

struct _TwDiary
{
  char         *path;
  TwDiaryFuncs  funcs;
  gpointer      user_data;
  GFileMonitor *monitor;
  guint         due;
  guint64       seq;       /* of the last entry told */
  guint8        hash[32];  /* the same */
  char         *why;       /* as told last */
  gboolean      told;
};

static gboolean on_due (gpointer user_data);

static void
read_soon (TwDiary *self,
           guint    ms)
{
  if (self->due == 0)
    self->due = g_timeout_add (ms, on_due, self);
}

static gboolean
on_entry (const TwEntry *entry,
          gpointer       user_data)
{
  TwDiary *self = user_data;

  self->seq = entry->seq;
  memcpy (self->hash, entry->hash, sizeof self->hash);
  self->funcs.entry (entry, self->user_data);

  return TRUE;
}

static gboolean
keep_hash (const TwEntry *entry,
           gpointer       user_data)
{
  memcpy (user_data, entry->hash, 32);

  return FALSE;
}

static void
begin_anew (TwDiary *self)
{
  self->seq = 0;
  self->funcs.anew (self->user_data);
}

static void
tell_state (TwDiary    *self,
            const char *why)
{
  if (self->told && g_strcmp0 (self->why, why) == 0)
    return;
  self->told = TRUE;
  g_free (self->why);
  self->why = g_strdup (why);
  self->funcs.state (why, self->user_data);
}

/* The entry that was told last must still be the same one: a journal only grows. */
static gboolean
is_the_same (TwDiary   *self,
             TwJournal *journal,
             GError   **error)
{
  guint8 hash[32] = { 0 };

  if (self->seq == 0)
    return TRUE;
  if (!tw_journal_each_after (journal, self->seq - 1, keep_hash, hash, error))
    return FALSE;

  return memcmp (hash, self->hash, sizeof hash) == 0;
}

static gboolean
read_on (TwDiary *self,
         GError **error)
{
  g_autoptr (TwJournal) journal = tw_journal_open_readonly (self->path, error);
  g_autoptr (GError) cause = NULL;

  if (journal == NULL)
    return FALSE;
  if (!is_the_same (self, journal, &cause))
    {
      if (cause != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&cause));
          return FALSE;
        }
      begin_anew (self);
    }

  return tw_journal_each_after (journal, self->seq, on_entry, self, error);
}

static gboolean
on_due (gpointer user_data)
{
  TwDiary *self = user_data;
  g_autoptr (GError) error = NULL;

  self->due = 0;
  if (!g_file_test (self->path, G_FILE_TEST_EXISTS))
    {
      tell_state (self, "no journal yet: no station has been started");
      return G_SOURCE_REMOVE;
    }
  if (read_on (self, &error))
    tell_state (self, NULL);
  else
    {
      tell_state (self, error->message);
      read_soon (self, AGAIN_MS);
    }

  return G_SOURCE_REMOVE;
}

static void
on_changed (GFileMonitor     *monitor,
            GFile            *file,
            GFile            *other,
            GFileMonitorEvent event,
            gpointer          user_data)
{
  g_autofree char *name = g_file_get_basename (file);

  if (g_str_has_prefix (name, "journal.db") && !g_str_has_suffix (name, "-shm"))
    read_soon (user_data, SETTLE_MS);
}

TwDiary *
tw_diary_new (const char         *dir,
              const TwDiaryFuncs *funcs,
              gpointer            user_data)
{
  TwDiary *self = g_new0 (TwDiary, 1);
  g_autoptr (GFile) folder = g_file_new_for_path (dir);

  self->path = g_build_filename (dir, "journal.db", NULL);
  self->funcs = *funcs;
  self->user_data = user_data;
  self->monitor = g_file_monitor_directory (folder, G_FILE_MONITOR_NONE, NULL, NULL);
  if (self->monitor != NULL)
    {
      g_file_monitor_set_rate_limit (self->monitor, SETTLE_MS);
      g_signal_connect (self->monitor, "changed", G_CALLBACK (on_changed), self);
    }
  read_soon (self, 0);

  return self;
}

void
tw_diary_free (TwDiary *self)
{
  if (self == NULL)
    return;
  g_clear_handle_id (&self->due, g_source_remove);
  if (self->monitor != NULL)
    g_signal_handlers_disconnect_by_data (self->monitor, self);
  g_clear_object (&self->monitor);
  g_free (self->path);
  g_free (self->why);
  g_free (self);
}
