/* SPDX-License-Identifier: Apache-2.0 */
#include "app/metrics/metered-journal.h"

typedef struct
{
  TwJournal *under;
  TwClock   *clock;
  TwTally   *tally;
} Metered;

typedef struct
{
  Metered     *metered;
  gint64       begun_us;
  TwCommitDone done;
  gpointer     user_data;
} Commit;

static void
on_committed (GPtrArray    *entries,
              const GError *error,
              gpointer      user_data)
{
  g_autofree Commit *commit = user_data;
  Metered *self = commit->metered;

  tw_tally_commit (self->tally, entries, error == NULL, tw_clock_now (self->clock).boot_us - commit->begun_us);
  commit->done (entries, error, commit->user_data);
}

static void
metered_commit (gpointer     data,
                GPtrArray   *entries,
                GPtrArray   *blobs,
                TwCommitDone done,
                gpointer     user_data)
{
  Metered *self = data;
  Commit *commit = g_new0 (Commit, 1);

  *commit = (Commit) { self, tw_clock_now (self->clock).boot_us, done, user_data };
  tw_journal_commit (self->under, entries, blobs, on_committed, commit);
}

static gboolean
metered_each (gpointer    data,
              const char *session,
              TwEntryFunc func,
              gpointer    user_data,
              GError    **error)
{
  return tw_journal_each (((Metered *) data)->under, session, func, user_data, error);
}

static gboolean
metered_each_after (gpointer    data,
                    guint64     seq,
                    TwEntryFunc func,
                    gpointer    user_data,
                    GError    **error)
{
  return tw_journal_each_after (((Metered *) data)->under, seq, func, user_data, error);
}

static GBytes *
metered_blob (gpointer    data,
              const char *hash)
{
  return tw_journal_blob (((Metered *) data)->under, hash);
}

static gboolean
metered_each_blob (gpointer   data,
                   TwBlobFunc func,
                   gpointer   user_data,
                   GError   **error)
{
  return tw_journal_each_blob (((Metered *) data)->under, func, user_data, error);
}

static gboolean
metered_roomy (gpointer data)
{
  return tw_journal_roomy (((Metered *) data)->under);
}

static guint64
metered_last_seq (gpointer    data,
                  const char *session)
{
  return tw_journal_last_seq (((Metered *) data)->under, session);
}

/* What waits there is still answered, so that it goes first. */
static void
metered_free (gpointer data)
{
  Metered *self = data;

  tw_journal_free (self->under);
  g_free (self);
}

TwJournal *
tw_metered_journal_new (TwJournal *journal,
                        TwClock   *clock,
                        TwTally   *tally)
{
  static const TwJournalFuncs funcs = {
    .commit = metered_commit, .each = metered_each, .blob = metered_blob, .roomy = metered_roomy,
    .each_blob = metered_each_blob, .free = metered_free, .each_after = metered_each_after,
    .last_seq = metered_last_seq,
  };
  Metered *self = g_new0 (Metered, 1);

  *self = (Metered) { journal, clock, tally };
  return tw_journal_new (&funcs, self);
}
