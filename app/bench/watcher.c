/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bench/watcher.h"

#include <string.h>

#include "app/bench/options.h"

/* What waits for one who does not read; beyond it lines are lost. Holds a whole replay. */
#define MOST_WAITING (8 * 1024 * 1024)

struct _TwWatchers
{
  TwHappenings *happenings;
  GPtrArray    *all;          /* of Watcher */
  void        (*came) (gpointer user_data);
  gpointer      user_data;
};

typedef struct
{
  TwWatchers        *watchers;     /* NULL: gone */
  GSocketConnection *connection;
  GCancellable      *ended;
  guint              id;           /* of the following */
  gboolean           all;          /* routine too */
  GString           *waiting;      /* not handed to the socket yet */
  GString           *writing;      /* NULL: nothing is being written */
  gboolean           reading;
  gint64             lost;
  char               ignored[256]; /* what he says */
} Watcher;

static void write_more (Watcher *self);

/* Also the array's free function: the operations that are under way keep the rest alive. */
static void
leave (gpointer data)
{
  Watcher *self = data;

  tw_happenings_unfollow (self->watchers->happenings, self->id);
  self->watchers = NULL;
  g_cancellable_cancel (self->ended);
}

static void
free_if_done (Watcher *self)
{
  if (self->watchers != NULL)
    g_ptr_array_remove_fast (self->watchers->all, self);
  if (self->reading || self->writing != NULL)
    return;
  g_io_stream_close (G_IO_STREAM (self->connection), NULL, NULL);
  g_object_unref (self->connection);
  g_object_unref (self->ended);
  g_string_free (self->waiting, TRUE);
  g_free (self);
}

static void
on_written (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Watcher *self = user_data;
  gboolean well = g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, NULL);

  g_string_free (g_steal_pointer (&self->writing), TRUE);
  if (!well || self->watchers == NULL)
    free_if_done (self);
  else
    write_more (self);
}

static void
write_more (Watcher *self)
{
  GOutputStream *out = g_io_stream_get_output_stream (G_IO_STREAM (self->connection));

  if (self->writing != NULL || self->waiting->len == 0)
    return;
  self->writing = self->waiting;
  self->waiting = g_string_new (NULL);
  g_output_stream_write_all_async (out, self->writing->str, self->writing->len, G_PRIORITY_DEFAULT, self->ended,
                                   on_written, self);
}

static void
say_lost (Watcher *self)
{
  if (self->lost > 0 && self->waiting->len < MOST_WAITING)
    {
      g_string_append_printf (self->waiting, "{\"kind\":\"lost\",\"lines\":%" G_GINT64_FORMAT "}\n", self->lost);
      self->lost = 0;
    }
}

static void
on_happened (GBytes  *line,
             guint64  n,
             gboolean routine,
             gpointer user_data)
{
  Watcher *self = user_data;

  if (routine && !self->all)
    return;
  say_lost (self);
  if (self->waiting->len >= MOST_WAITING)
    {
      self->lost++;
      return;
    }
  g_string_append_len (self->waiting, g_bytes_get_data (line, NULL), (gssize) g_bytes_get_size (line));
  g_string_append_c (self->waiting, '\n');
  write_more (self);
}

/* Nothing more is expected from him than that he goes. */
static void
on_read (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Watcher *self = user_data;
  gssize n = g_input_stream_read_finish (G_INPUT_STREAM (source), result, NULL);

  self->reading = FALSE;
  if (n <= 0 || self->watchers == NULL)
    {
      g_cancellable_cancel (self->ended);
      free_if_done (self);
      return;
    }
  self->reading = TRUE;
  g_input_stream_read_async (G_INPUT_STREAM (source), self->ignored, sizeof self->ignored, G_PRIORITY_DEFAULT,
                             self->ended, on_read, self);
}

TwWatchers *
tw_watchers_new (TwHappenings *happenings,
                 void        (*came) (gpointer user_data),
                 gpointer      user_data)
{
  TwWatchers *self = g_new0 (TwWatchers, 1);

  self->happenings = happenings;
  self->all = g_ptr_array_new_with_free_func (leave);
  self->came = came;
  self->user_data = user_data;

  return self;
}

void
tw_watchers_free (TwWatchers *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->all);
  g_free (self);
}

gboolean
tw_watchers_add (TwWatchers        *self,
                 GSocketConnection *connection,
                 const char *const *words,
                 const TwJson      *options,
                 GError           **error)
{
  GInputStream *in = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  gboolean all = words[0] != NULL && strcmp (words[0], "all") == 0;
  gint64 since;
  Watcher *watcher;

  if (words[0] != NULL && (!all || words[1] != NULL))
    return tw_options_refuse (error, "watch %s: accepted are all, or nothing; since=N", words[all ? 1 : 0]);
  if (!tw_options_only (options, "since", error)
      || !tw_options_number (options, "since", 0, G_MAXINT64, 0, &since, error))
    return FALSE;

  self->came (self->user_data);
  watcher = g_new0 (Watcher, 1);
  watcher->watchers = self;
  watcher->connection = g_object_ref (connection);
  watcher->ended = g_cancellable_new ();
  watcher->all = all;
  watcher->waiting = g_string_new (NULL);
  g_string_append_printf (watcher->waiting, "{\"ok\":true,\"street\":%" G_GINT64_FORMAT "}\n",
                          tw_happenings_street (self->happenings));
  watcher->reading = TRUE;
  g_input_stream_read_async (in, watcher->ignored, sizeof watcher->ignored, G_PRIORITY_DEFAULT, watcher->ended,
                             on_read, watcher);
  g_ptr_array_add (self->all, watcher);
  watcher->id = tw_happenings_follow (self->happenings, (guint64) since, on_happened, watcher);

  return TRUE;
}
