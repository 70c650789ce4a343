/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/records.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* https://www.sqlite.org/fileformat.html, 1.3. */
static const char DATABASE[16] = "SQLite format 3";

typedef struct
{
  TwRecords  *records;
  GHashTable *by_session;   /* id -> TwRecord, borrowed */
  GError     *error;
} Fold;

static gboolean
is_database (const char *path)
{
  char head[sizeof DATABASE] = { 0 };
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  gboolean is = fd >= 0 && read (fd, head, sizeof head) == sizeof head && memcmp (head, DATABASE, sizeof head) == 0;

  if (fd >= 0)
    g_close (fd, NULL);

  return is;
}

static gboolean
on_first (const TwEntry *entry,
          gpointer       user_data)
{
  *(guint64 *) user_data = entry->seq;

  return FALSE;
}

/* A part of a journal is what "journal export --session" writes: its chain lies between the sessions'. */
static gboolean
judge (TwRecords  *self,
       TwJournal  *journal,
       const char *path,
       GError    **error)
{
  TwVerdict verdict = { 0 };
  guint64 first = 1;

  if (!tw_journal_verify (journal, NULL, &verdict, error))
    return FALSE;
  if (verdict.broken_seq != 0 && !is_database (path) && !tw_journal_each (journal, NULL, on_first, &first, error))
    {
      g_free (verdict.reason);
      return FALSE;
    }

  self->part = first != 1;
  self->broken_seq = self->part ? 0 : verdict.broken_seq;
  self->reason = verdict.reason;

  return TRUE;
}

static gboolean
on_entry (const TwEntry *entry,
          gpointer       user_data)
{
  Fold *fold = user_data;
  TwRecord *record;

  if (fold->records->broken_seq != 0 && entry->seq >= fold->records->broken_seq)
    return FALSE;
  if (entry->session == NULL)
    return TRUE;

  record = g_hash_table_lookup (fold->by_session, entry->session);
  if (record == NULL)
    {
      record = tw_record_new (entry->session);
      g_ptr_array_add (fold->records->all, record);
      g_hash_table_insert (fold->by_session, record->session, record);
    }

  return tw_record_apply (record, entry, &fold->error);
}

TwRecords *
tw_records_read (TwJournal  *journal,
                 const char *path,
                 const char *session,
                 GError    **error)
{
  g_autoptr (TwRecords) self = g_new0 (TwRecords, 1);
  g_autoptr (GHashTable) by_session = g_hash_table_new (g_str_hash, g_str_equal);
  Fold fold = { self, by_session, NULL };

  self->all = g_ptr_array_new_with_free_func ((GDestroyNotify) tw_record_free);
  if (!judge (self, journal, path, error) || !tw_journal_each (journal, session, on_entry, &fold, error))
    return NULL;
  if (fold.error != NULL)
    {
      g_propagate_error (error, fold.error);
      return NULL;
    }

  return g_steal_pointer (&self);
}

void
tw_records_free (TwRecords *self)
{
  g_clear_pointer (&self->all, g_ptr_array_unref);
  g_free (self->reason);
  g_free (self);
}

gboolean
tw_records_stands_out (const TwRecord *record)
{
  return record->findings->len > 0 || (record->place == TW_PLACE_OVER && !tw_claim_closed (record->claim))
         || tw_repairs_open (record->repairs) != NULL;
}

gint64
tw_records_captured_minor (const TwRecord *record)
{
  return tw_record_captured_minor (record);
}

char *
tw_records_state (const TwRecord *record)
{
  const char *why = record->take_reason != NULL && record->n_marks == 0 ? record->take_reason : record->end_reason;

  if (record->place != TW_PLACE_OVER)
    return g_strdup (record->state != NULL ? record->state : "offered");

  return why != NULL ? g_strdup_printf ("over: %s", why) : g_strdup ("over");
}
