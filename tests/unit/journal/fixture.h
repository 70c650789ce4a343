/* SPDX-License-Identifier: Apache-2.0 */
/* A directory, a journal in it, and what every journal test does with them. */
#pragma once

#include "payment/journal/journal.h"

/* A new directory of the test's own (0700). */
char      *fixture_dir_new (void);
/* And everything in it, one level deep. Frees path. */
void       fixture_dir_remove (char *path);
char      *fixture_path (const char *dir, const char *name);

TwJournal *fixture_open (const char *dir);                     /* station "TEST-1", no reserve; must succeed */
/* What tw_journal_open() of TEST-1 says. */
void       fixture_assert_refused (const char *dir, int code, const char *part);

/* Entry n of a story with known values. */
TwEntry   *fixture_entry (guint n, const char *session, const char *payload);
GPtrArray *fixture_entries (guint first, guint n, const char *session);
/* Commits and waits for the answer. blob may be NULL. */
gboolean   fixture_commit (TwJournal *journal, GPtrArray *entries, GBytes *blob, GError **error);
void       fixture_fill (TwJournal *journal, guint n);         /* n commits of one entry: must succeed */

/* Verifies; NULL when all is well, else the reason. */
char      *fixture_verify (TwJournal *journal, const char *head, TwVerdict *verdict);
guint64    fixture_assert_whole (TwJournal *journal);          /* how many entries */

/* Runs SQL on the file as a vandal would: guards dropped first, restored never. */
void       fixture_vandalise (const char *db_path, const char *sql);

/* What a power cut would leave: the database and its log, copied while the journal is open, without -shm. */
char      *fixture_snapshot (const char *dir);
/* "name sha256\n" of each file in dir, in order. */
char      *fixture_digests (const char *dir);

/* A file system of the test's own, mounted on dir, in a namespace that ends with the process. Only in a process without
 * threads. */
gboolean   fixture_mount_tiny (const char *dir, guint kib);
gboolean   fixture_remount_readonly (const char *dir);
void       fixture_unmount (const char *dir);
/* Whether this machine lets us do that; asks a child process. */
gboolean   fixture_can_mount (void);
