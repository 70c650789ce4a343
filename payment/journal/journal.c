/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/journal/journal.h"

struct _TwJournal
{
  TwJournalFuncs funcs;
  gpointer       data;
};

TwJournal *
tw_journal_new (const TwJournalFuncs *funcs,
                gpointer              data)
{
  TwJournal *self = g_new0 (TwJournal, 1);

  self->funcs = *funcs;
  self->data = data;

  return self;
}

void
tw_journal_free (TwJournal *self)
{
  if (self == NULL)
    return;

  if (self->funcs.free != NULL)
    self->funcs.free (self->data);
  g_free (self);
}

void
tw_journal_commit (TwJournal    *self,
                   GPtrArray    *entries,
                   GPtrArray    *blobs,
                   TwCommitDone  done,
                   gpointer      user_data)
{
  g_return_if_fail (self->funcs.commit != NULL);   /* opened read-only */

  self->funcs.commit (self->data, entries, blobs, done, user_data);
}

gboolean
tw_journal_each (TwJournal    *self,
                 const char   *session,
                 TwEntryFunc   func,
                 gpointer      user_data,
                 GError      **error)
{
  return self->funcs.each (self->data, session, func, user_data, error);
}

typedef struct
{
  guint64     seq;
  TwEntryFunc func;
  gpointer    user_data;
} After;

static gboolean
pass_on (const TwEntry *entry,
         gpointer       user_data)
{
  const After *after = user_data;

  return entry->seq <= after->seq || after->func (entry, after->user_data);
}

gboolean
tw_journal_each_after (TwJournal    *self,
                       guint64       seq,
                       TwEntryFunc   func,
                       gpointer      user_data,
                       GError      **error)
{
  After after = { seq, func, user_data };

  if (self->funcs.each_after != NULL)
    return self->funcs.each_after (self->data, seq, func, user_data, error);

  return self->funcs.each (self->data, NULL, pass_on, &after, error);
}

static gboolean
note_seq (const TwEntry *entry,
          gpointer       user_data)
{
  *(guint64 *) user_data = entry->seq;

  return TRUE;
}

guint64
tw_journal_last_seq (TwJournal  *self,
                     const char *session)
{
  guint64 seq = 0;

  if (self->funcs.last_seq != NULL)
    return self->funcs.last_seq (self->data, session);

  return self->funcs.each (self->data, session, note_seq, &seq, NULL) ? seq : 0;
}

GBytes *
tw_journal_blob (TwJournal  *self,
                 const char *hash)
{
  return self->funcs.blob (self->data, hash);
}

gboolean
tw_journal_each_blob (TwJournal   *self,
                      TwBlobFunc   func,
                      gpointer     user_data,
                      GError     **error)
{
  if (self->funcs.each_blob == NULL)
    return TRUE;

  return self->funcs.each_blob (self->data, func, user_data, error);
}

gboolean
tw_journal_roomy (TwJournal *self)
{
  return self->funcs.roomy != NULL && self->funcs.roomy (self->data);
}
