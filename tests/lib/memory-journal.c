/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/lib/memory-journal.h"

#include "app/base/bytes.h"
#include "app/base/error.h"
#include "payment/journal/chain.h"
#include "payment/journal/draft.h"

#include <string.h>

typedef struct
{
  GPtrArray    *entries;
  GPtrArray    *blobs;
  TwCommitDone  done;
  gpointer      user_data;
} Waiting;

struct _TwMemoryJournal
{
  GPtrArray  *entries;      /* durable; copies, so that nobody can change the past */
  GHashTable *blobs;        /* hash -> GBytes */
  TwChain     head;
  GQueue      waiting;      /* of Waiting */
  GQueue      lost;         /* of Waiting: whoever asked is dead, too, and hears of it only to tidy up */
  guint       idle;
  guint       fail_in;      /* 0: never */
  gboolean    hold;
  gboolean    roomy;
  gboolean    crashed;
  gboolean    open;
};

static void
waiting_free (Waiting *waiting)
{
  g_ptr_array_unref (waiting->entries);
  g_clear_pointer (&waiting->blobs, g_ptr_array_unref);
  g_free (waiting);
}

static TwEntry *
entry_copy (const TwEntry *entry)
{
  TwEntry *copy = tw_entry_new (entry->at, entry->session, entry->kind, g_bytes_ref (entry->payload));

  copy->seq = entry->seq;
  memcpy (copy->hash, entry->hash, sizeof copy->hash);

  return copy;
}

static void
keep (TwMemoryJournal *self,
      const Waiting   *waiting)
{
  for (guint i = 0; waiting->blobs != NULL && i < waiting->blobs->len; i++)
    {
      GBytes *blob = g_ptr_array_index (waiting->blobs, i);

      g_hash_table_insert (self->blobs, tw_sha256_hex (blob), g_bytes_ref (blob));
    }

  for (guint i = 0; i < waiting->entries->len; i++)
    {
      TwEntry *entry = g_ptr_array_index (waiting->entries, i);

      tw_chain_append (&self->head, entry);
      g_ptr_array_add (self->entries, entry_copy (entry));
    }
}

static gboolean
must_fail (TwMemoryJournal *self)
{
  return self->fail_in > 0 && --self->fail_in == 0;
}

gboolean
tw_memory_journal_settle_one (TwMemoryJournal *self)
{
  Waiting *waiting = g_queue_pop_head (&self->waiting);
  g_autoptr (GError) error = NULL;

  if (waiting == NULL)
    return FALSE;

  if (must_fail (self))
    {
      self->roomy = FALSE;
      g_set_error_literal (&error, TW_ERROR, TW_ERROR_RETRY, "journal: database or disk is full");
    }
  else if (tw_draft_check (waiting->entries, waiting->blobs, &error))
    keep (self, waiting);

  if (waiting->done != NULL)
    waiting->done (waiting->entries, error, waiting->user_data);
  waiting_free (waiting);

  return TRUE;
}

guint
tw_memory_journal_settle (TwMemoryJournal *self)
{
  guint n = self->waiting.length;
  guint settled = 0;

  while (settled < n && tw_memory_journal_settle_one (self))
    settled++;

  return settled;
}

static gboolean
on_idle (gpointer user_data)
{
  TwMemoryJournal *self = user_data;

  self->idle = 0;
  tw_memory_journal_settle (self);

  return G_SOURCE_REMOVE;
}

static void
wake (TwMemoryJournal *self)
{
  if (!self->hold && self->idle == 0 && self->waiting.length > 0)
    self->idle = g_idle_add_full (G_PRIORITY_DEFAULT, on_idle, self, NULL);
}

static void
memory_commit (gpointer      data,
               GPtrArray    *entries,
               GPtrArray    *blobs,
               TwCommitDone  done,
               gpointer      user_data)
{
  TwMemoryJournal *self = data;
  Waiting *waiting;

  waiting = g_new0 (Waiting, 1);
  waiting->entries = g_ptr_array_ref (entries);
  waiting->blobs = blobs != NULL ? g_ptr_array_ref (blobs) : NULL;
  waiting->done = done;
  waiting->user_data = user_data;
  g_queue_push_tail (self->crashed ? &self->lost : &self->waiting, waiting);
  wake (self);
}

static gboolean
memory_each (gpointer      data,
             const char   *session,
             TwEntryFunc   func,
             gpointer      user_data,
             GError      **error)
{
  TwMemoryJournal *self = data;

  for (guint i = 0; i < self->entries->len; i++)
    {
      const TwEntry *entry = g_ptr_array_index (self->entries, i);

      if (session != NULL && g_strcmp0 (session, entry->session) != 0)
        continue;
      if (!func (entry, user_data))
        return TRUE;
    }

  return TRUE;
}

static GBytes *
memory_blob (gpointer    data,
             const char *hash)
{
  GBytes *blob = g_hash_table_lookup (((TwMemoryJournal *) data)->blobs, hash);

  return blob != NULL ? g_bytes_ref (blob) : NULL;
}

static gboolean
memory_each_blob (gpointer     data,
                  TwBlobFunc   func,
                  gpointer     user_data,
                  GError     **error)
{
  TwMemoryJournal *self = data;
  GHashTableIter iter;
  gpointer hash, blob;

  g_hash_table_iter_init (&iter, self->blobs);
  while (g_hash_table_iter_next (&iter, &hash, &blob))
    if (!func (hash, blob, user_data))
      return TRUE;

  return TRUE;
}

static gboolean
memory_roomy (gpointer data)
{
  return ((TwMemoryJournal *) data)->roomy;
}

/* As the real one: what was handed over is waited for, unless the power is gone. */
static void
memory_close (gpointer data)
{
  TwMemoryJournal *self = data;

  g_autoptr (GError) gone = g_error_new_literal (TW_ERROR, TW_ERROR_GONE, "the power is gone");
  Waiting *waiting;

  while (tw_memory_journal_settle_one (self))
    ;
  while ((waiting = g_queue_pop_head (&self->lost)) != NULL)
    {
      if (waiting->done != NULL)
        waiting->done (waiting->entries, gone, waiting->user_data);
      waiting_free (waiting);
    }
  g_clear_handle_id (&self->idle, g_source_remove);
  self->open = FALSE;
}

TwMemoryJournal *
tw_memory_journal_new (void)
{
  TwMemoryJournal *self = g_new0 (TwMemoryJournal, 1);

  self->entries = g_ptr_array_new_with_free_func ((GDestroyNotify) tw_entry_free);
  self->blobs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
  self->roomy = TRUE;
  g_queue_init (&self->waiting);
  g_queue_init (&self->lost);

  return self;
}

void
tw_memory_journal_free (TwMemoryJournal *self)
{
  if (self == NULL)
    return;

  g_assert_false (self->open);
  g_ptr_array_unref (self->entries);
  g_hash_table_unref (self->blobs);
  g_free (self);
}

TwJournal *
tw_memory_journal_open (TwMemoryJournal *self)
{
  static const TwJournalFuncs FUNCS = {
    .commit = memory_commit,
    .each = memory_each,
    .blob = memory_blob,
    .each_blob = memory_each_blob,
    .roomy = memory_roomy,
    .free = memory_close,
  };

  g_assert_false (self->open);
  self->open = TRUE;
  self->crashed = FALSE;

  return tw_journal_new (&FUNCS, self);
}

void
tw_memory_journal_hold (TwMemoryJournal *self,
                        gboolean         hold)
{
  self->hold = hold;
  if (hold)
    g_clear_handle_id (&self->idle, g_source_remove);
  wake (self);
}

guint
tw_memory_journal_waiting (TwMemoryJournal *self)
{
  return self->waiting.length;
}

void
tw_memory_journal_fail (TwMemoryJournal *self,
                        guint            nth)
{
  self->fail_in = nth;
}

void
tw_memory_journal_set_roomy (TwMemoryJournal *self,
                             gboolean         roomy)
{
  self->roomy = roomy;
}

void
tw_memory_journal_crash (TwMemoryJournal *self,
                         guint            n_durable)
{
  Waiting *waiting;

  g_assert_cmpuint (n_durable, <=, self->waiting.length);
  g_clear_handle_id (&self->idle, g_source_remove);

  for (guint i = 0; (waiting = g_queue_pop_head (&self->waiting)) != NULL; i++)
    {
      if (i < n_durable)
        keep (self, waiting);
      g_queue_push_tail (&self->lost, waiting);
    }

  self->crashed = TRUE;
}
