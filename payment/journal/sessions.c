/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/journal/sessions.h"

#include "app/base/error.h"

#define ENTRIES_BETWEEN_LOOKS 4096

typedef struct
{
  TwJournal                *journal;
  const TwSessionWalkClass *class_;
  gpointer                  user_data;
  GHashTable               *open;      /* session -> Open */
  guint64                   newest;
  GError                   *error;
} Walk;

/* A session of which more is to come. */
typedef struct
{
  gpointer told;
  void   (*free) (gpointer told);
  guint64  first_seq, last_seq;
} Open;

static void
open_free (gpointer data)
{
  Open *self = data;

  self->free (self->told);
  g_free (self);
}

static Open *
open_of (Walk          *walk,
         const TwEntry *entry)
{
  Open *open = g_hash_table_lookup (walk->open, entry->session);

  if (open != NULL)
    return open;

  open = g_new (Open, 1);
  *open = (Open) { walk->class_->begin (entry->session, walk->user_data), walk->class_->free, entry->seq,
                   tw_journal_last_seq (walk->journal, entry->session) };
  g_hash_table_insert (walk->open, g_strdup (entry->session), open);

  return open;
}

static gboolean
end (Walk       *walk,
     const Open *open)
{
  return walk->class_->end (open->told, open->first_seq, open->last_seq, walk->user_data, &walk->error);
}

static gboolean
goes_on (Walk          *walk,
         const TwEntry *entry)
{
  if (walk->class_->progress == NULL || entry->seq % ENTRIES_BETWEEN_LOOKS != 0
      || walk->class_->progress (walk->user_data, entry->seq, MAX (walk->newest, entry->seq)))
    return TRUE;

  g_set_error_literal (&walk->error, TW_ERROR, TW_ERROR_GONE, "stopped");
  return FALSE;
}

static gboolean
on_entry (const TwEntry *entry,
          gpointer       user_data)
{
  Walk *walk = user_data;
  gboolean well;
  Open *open;

  if (!goes_on (walk, entry)
      || (walk->class_->entry != NULL && !walk->class_->entry (entry, walk->user_data, &walk->error)))
    return FALSE;
  if (entry->session == NULL)
    return TRUE;

  open = open_of (walk, entry);
  if (!walk->class_->apply (open->told, entry, walk->user_data, &walk->error))
    return FALSE;
  if (open->last_seq != entry->seq)
    return TRUE;

  well = end (walk, open);
  g_hash_table_remove (walk->open, entry->session);

  return well;
}

static int
by_first_seq (gconstpointer a,
              gconstpointer b)
{
  const Open *one = a, *other = b;

  return one->first_seq < other->first_seq ? -1 : one->first_seq > other->first_seq;
}

static gboolean
end_rest (Walk *walk)
{
  g_autoptr (GList) rest = g_list_sort (g_hash_table_get_values (walk->open), by_first_seq);

  for (const GList *node = rest; node != NULL; node = node->next)
    if (!end (walk, node->data))
      return FALSE;

  return TRUE;
}

gboolean
tw_journal_each_session (TwJournal                 *self,
                         const TwSessionWalkClass  *class_,
                         gpointer                   user_data,
                         GError                   **error)
{
  g_autoptr (GHashTable) open = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, open_free);
  Walk walk = { self, class_, user_data, open, tw_journal_last_seq (self, NULL), NULL };

  if (!tw_journal_each_followed (self, on_entry, &walk, error))
    {
      g_clear_error (&walk.error);
      return FALSE;
    }
  if (walk.error == NULL && end_rest (&walk))
    return TRUE;

  g_propagate_error (error, walk.error);
  return FALSE;
}
