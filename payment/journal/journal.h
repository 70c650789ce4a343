/* SPDX-License-Identifier: Apache-2.0 */
/* The append-only record of everything that has to do with money. One writer at a time (lock file); WAL,
 * synchronous = FULL; UPDATE and DELETE are refused by the database itself.
 *
 * A commit is all or nothing: a batch of entries and the blobs that they name. Commits run in order on one
 * worker and are answered in order on the main context. The vtable is there so that a test can hold, fail or
 * crash a commit; tw_journal_open() gives the real one.
 */
#pragma once

#include "payment/journal/entry.h"

#include <gio/gio.h>

#define TW_JOURNAL_SCHEMA 1
#define TW_JOURNAL_MAX_PAYLOAD (256 * 1024)    /* bytes; a commit with more is BAD_DATA */
#define TW_JOURNAL_MAX_BLOB    (1024 * 1024)

typedef struct _TwJournal TwJournal;

/* error: NULL when the entries are durable. On TW_ERROR_RETRY nothing was written (disk full, I/O). */
typedef void (*TwCommitDone) (GPtrArray *entries, const GError *error, gpointer user_data);
/* Return FALSE to stop. */
typedef gboolean (*TwEntryFunc) (const TwEntry *entry, gpointer user_data);
typedef gboolean (*TwBlobFunc) (const char *hash, GBytes *bytes, gpointer user_data);

typedef struct
{
  /* entries: of TwEntry, numbered and hashed by the commit before done is called; the call takes its own reference.
   * blobs: of GBytes, each kept under its SHA-256; may be NULL. */
  void     (*commit) (gpointer data, GPtrArray *entries, GPtrArray *blobs, TwCommitDone done, gpointer user_data);
  gboolean (*each)   (gpointer data, const char *session, TwEntryFunc func, gpointer user_data, GError **error);
  GBytes  *(*blob)   (gpointer data, const char *hash);
  gboolean (*roomy)  (gpointer data);
  gboolean (*each_blob) (gpointer data, TwBlobFunc func, gpointer user_data, GError **error);   /* NULL: keeps none */
  void     (*free)   (gpointer data);
  /* NULL: each does it. */
  gboolean (*each_after) (gpointer data, guint64 seq, TwEntryFunc func, gpointer user_data, GError **error);
  /* NULL: each does it. 0: the session has none. */
  guint64  (*last_seq) (gpointer data, const char *session);
} TwJournalFuncs;

TwJournal *tw_journal_new (const TwJournalFuncs *funcs, gpointer data);

typedef struct
{
  const char *station_id;     /* written into a new journal; another one in an old journal is refused */
  guint       reserve_kib;    /* kept on disk beside the database and given up to finish open sessions */
} TwJournalOptions;

/* Opens DIR/journal.db, made if absent with its directory's permissions checked, and takes DIR/journal.lock.
 * BAD_STATE: another process has it (its pid is in the message), or others may write there. BAD_DATA: newer schema,
 * broken chain tail, not a journal, another station's. RETRY: the file system said no. */
TwJournal *tw_journal_open (const char *dir, const TwJournalOptions *options, GError **error);
void       tw_journal_free (TwJournal *self);     /* waits for what was handed over */

void       tw_journal_commit (TwJournal *self, GPtrArray *entries, GPtrArray *blobs, TwCommitDone done,
                              gpointer user_data);
/* In order of seq; session NULL: all. Blocks: for start-up and for tools, never while customers are served. */
gboolean   tw_journal_each (TwJournal *self, const char *session, TwEntryFunc func, gpointer user_data, GError **error);
/* Only what came after number seq, of all sessions: for who follows a journal that grows. */
gboolean   tw_journal_each_after (TwJournal *self, guint64 seq, TwEntryFunc func, gpointer user_data, GError **error);
/* All of it, with the chain followed on the way: BAD_DATA at the first entry that does not fit, which func does not
 * see, and for a part of a journal, whose chain cannot be followed. Blobs are not looked at. */
gboolean   tw_journal_each_followed (TwJournal *self, TwEntryFunc func, gpointer user_data, GError **error);
/* The number of a session's last entry, or of all if it is NULL; 0: there is none. From an export: not below it. */
guint64    tw_journal_last_seq (TwJournal *self, const char *session);
GBytes    *tw_journal_blob (TwJournal *self, const char *hash);   /* NULL: unknown */
gboolean   tw_journal_each_blob (TwJournal *self, TwBlobFunc func, gpointer user_data, GError **error);
/* FALSE once the disk could not take a commit, or only could by giving up the reserve: no new customers. Tries to
 * win the reserve back. */
gboolean   tw_journal_roomy (TwJournal *self);

/* Read-only, for tools, of a running station's journal too: the database, its directory, or an export of it (JSON
 * Lines). Changes nothing. */
TwJournal *tw_journal_open_readonly (const char *path, GError **error);

typedef struct { guint64 entries; char head[65]; guint64 broken_seq; char *reason; } TwVerdict;
/* Walks the whole chain and all blobs. FALSE only if it could not be read; broken_seq 0: a good chain. entries, head:
 * of the good part. reason: g_free(). expected_head: NULL, or a head noted earlier that must still be in the chain. */
gboolean   tw_journal_verify (TwJournal *self, const char *expected_head, TwVerdict *verdict, GError **error);
/* JSON Lines {seq, wall_us, boot_us, boot_id, synced, session, kind, payload, hash}; payload as a JSON string
 * that holds the exact bytes; blobs as {blob, bytes (base64)} before the first entry that names them. */
gboolean   tw_journal_export (TwJournal *self, const char *session, GOutputStream *out, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwJournal, tw_journal_free)
