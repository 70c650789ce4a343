/* SPDX-License-Identifier: Apache-2.0 */
/* Somebody with the file and a database tool. Each change is made to a journal that was good a moment before, and must
 * be found, in the database and in an export of it.
 */
#include "app/base/error.h"
#include "tests/unit/journal/fixture.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

#define ENTRIES 8

/* Named by entry 3: SHA-256 of "abc" (FIPS 180-2, B.1). Named by entry 4: of nothing. */
#define BLOB "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define EMPTY "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

typedef struct
{
  const char *name;
  const char *sql;
  guint64     broken_seq;
} Change;

static const Change CHANGES[] = {
  { "seq", "UPDATE entry SET seq = 99 WHERE seq = 4", 4 },
  { "seq-negative", "UPDATE entry SET seq = -4 WHERE seq = 4", 1 },
  { "wall-clock", "UPDATE entry SET wall_us = wall_us + 1 WHERE seq = 4", 4 },
  { "boot-clock", "UPDATE entry SET boot_us = boot_us - 1 WHERE seq = 4", 4 },
  { "boot-id", "UPDATE entry SET boot_id = randomblob (16) WHERE seq = 4", 4 },
  { "boot-id-longer", "UPDATE entry SET boot_id = CAST (boot_id || x'00' AS BLOB) WHERE seq = 4", 4 },
  { "synced", "UPDATE entry SET synced = 1 - synced WHERE seq = 4", 4 },
  { "synced-to-another-truth", "UPDATE entry SET synced = 2 WHERE seq = 3", 3 },
  { "session", "UPDATE entry SET session = 'S2' WHERE seq = 4", 4 },
  { "session-to-null", "UPDATE entry SET session = NULL WHERE seq = 4", 4 },
  { "session-from-null", "UPDATE entry SET session = '' WHERE seq = 1", 1 },
  { "session-behind-a-nul", "UPDATE entry SET session = session || char (0) || 'x' WHERE seq = 4", 4 },
  { "kind", "UPDATE entry SET kind = 'other' WHERE seq = 4", 4 },
  { "kind-behind-a-nul", "UPDATE entry SET kind = kind || char (0) || 'x' WHERE seq = 4", 4 },
  { "payload", "UPDATE entry SET payload = CAST ('{\"n\":5}' AS BLOB) WHERE seq = 4", 4 },
  { "payload-longer", "UPDATE entry SET payload = CAST (payload || x'20' AS BLOB) WHERE seq = 4", 4 },
  { "hash", "UPDATE entry SET hash = randomblob (32) WHERE seq = 4", 4 },
  { "hash-longer", "UPDATE entry SET hash = CAST (hash || x'00' AS BLOB) WHERE seq = 4", 4 },
  { "first-row-deleted", "DELETE FROM entry WHERE seq = 1", 1 },
  { "middle-row-deleted", "DELETE FROM entry WHERE seq = 4", 4 },
  { "row-deleted-and-the-rest-moved-up",
    "DELETE FROM entry WHERE seq = 4; UPDATE entry SET seq = seq - 1 WHERE seq = 5; UPDATE entry SET seq = seq - 1 "
    "WHERE seq = 6; UPDATE entry SET seq = seq - 1 WHERE seq = 7; UPDATE entry SET seq = seq - 1 WHERE seq = 8", 4 },
  { "two-rows-swapped",
    "UPDATE entry SET seq = 99 WHERE seq = 4; UPDATE entry SET seq = 4 WHERE seq = 5;"
    "UPDATE entry SET seq = 5 WHERE seq = 99", 4 },
  { "row-added-at-the-end",
    "INSERT INTO entry SELECT 9, wall_us, boot_us, boot_id, synced, session, kind, payload, hash FROM entry "
    "WHERE seq = 8", 9 },
  { "all-but-the-last-deleted", "DELETE FROM entry WHERE seq < 8", 1 },
  { "blob-changed", "UPDATE blob SET bytes = CAST ('abd' AS BLOB) WHERE hash LIKE 'ba78%'", ENTRIES },
  { "blob-renamed", "UPDATE blob SET hash = replace (hash, 'b', 'c')", 3 },
  { "blob-deleted", "DELETE FROM blob", 3 },
  { "sellers-blob-deleted", "DELETE FROM blob WHERE hash LIKE 'e3b0%'", 4 },
};

/* Only the last entries' chain is looked at when a station starts, and no blobs: is the change in reach of that? */
static gboolean
start_must_find (const Change *change)
{
  return !g_str_has_prefix (change->name, "blob");
}

static char *
make_good (char **db_path)
{
  char *dir = fixture_dir_new ();
  TwJournal *journal = fixture_open (dir);
  g_autoptr (GBytes) blob = g_bytes_new_static ("abc", 3);
  g_autoptr (GBytes) empty = g_bytes_new_static ("", 0);

  for (guint n = 1; n <= ENTRIES; n++)
    {
      g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func ((GDestroyNotify) tw_entry_free);
      g_autofree char *plain = g_strdup_printf ("{\"n\":%u}", n);
      const char *payload = n == 3 ? "{\"tariff\":\"" BLOB "\"}" : n == 4 ? "{\"seller\":\"" EMPTY "\"}" : plain;

      g_ptr_array_add (entries, fixture_entry (n, n == 1 ? NULL : "S1", payload));
      g_assert_true (fixture_commit (journal, entries, n == 3 ? blob : n == 4 ? empty : NULL, NULL));
    }
  g_assert_cmpuint (fixture_assert_whole (journal), ==, ENTRIES);
  tw_journal_free (journal);
  *db_path = fixture_path (dir, "journal.db");

  return dir;
}

static void
assert_found (const char *path,
              guint64     broken_seq)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TwJournal) journal = tw_journal_open_readonly (path, &error);
  g_autofree char *reason = NULL;
  TwVerdict verdict;

  g_assert_no_error (error);
  reason = fixture_verify (journal, NULL, &verdict);
  g_assert_nonnull (reason);
  g_assert_cmpuint (verdict.broken_seq, ==, broken_seq);
}

/* FALSE: it could not be written down, which is a finding too. */
static gboolean
export_to (const char *from,
           const char *to)
{
  g_autoptr (TwJournal) journal = tw_journal_open_readonly (from, NULL);
  g_autoptr (GFile) file = g_file_new_for_path (to);
  g_autoptr (GFileOutputStream) out = g_file_replace (file, NULL, FALSE, G_FILE_CREATE_NONE, NULL, NULL);

  return tw_journal_export (journal, NULL, G_OUTPUT_STREAM (out), NULL);
}

static void
test_change (gconstpointer data)
{
  const Change *change = data;
  g_autofree char *db_path = NULL;
  char *dir = make_good (&db_path);

  fixture_vandalise (db_path, change->sql);
  assert_found (db_path, change->broken_seq);
  if (start_must_find (change))
    fixture_assert_refused (dir, TW_ERROR_BAD_DATA, "the triggers that protect");

  fixture_dir_remove (dir);
}

/* The same by somebody who puts the guards back. */
static void
test_start_finds_a_broken_tail (void)
{
  g_autofree char *db_path = NULL;
  char *dir = make_good (&db_path);

  fixture_vandalise (db_path,
                     "UPDATE entry SET wall_us = 7 WHERE seq = 6;"
                     "CREATE TRIGGER a BEFORE UPDATE ON entry BEGIN SELECT raise (ABORT, ''); END;"
                     "CREATE TRIGGER b BEFORE UPDATE ON entry BEGIN SELECT raise (ABORT, ''); END;"
                     "CREATE TRIGGER c BEFORE UPDATE ON entry BEGIN SELECT raise (ABORT, ''); END;"
                     "CREATE TRIGGER d BEFORE UPDATE ON blob BEGIN SELECT raise (ABORT, ''); END;"
                     "CREATE TRIGGER e BEFORE UPDATE ON blob BEGIN SELECT raise (ABORT, ''); END;"
                     "CREATE TRIGGER f BEFORE UPDATE ON blob BEGIN SELECT raise (ABORT, ''); END;");
  fixture_assert_refused (dir, TW_ERROR_BAD_DATA, "entry 6 does not fit");
  fixture_dir_remove (dir);
}

static void
test_start_looks_at_the_tail_of_a_long_journal (void)
{
  char *dir = fixture_dir_new ();
  TwJournal *journal = fixture_open (dir);
  g_autoptr (GPtrArray) entries = fixture_entries (1, 3000, NULL);

  g_assert_true (fixture_commit (journal, entries, NULL, NULL));
  tw_journal_free (journal);
  journal = fixture_open (dir);
  fixture_fill (journal, 1);
  g_assert_cmpuint (fixture_assert_whole (journal), ==, 3001);
  tw_journal_free (journal);
  fixture_dir_remove (dir);
}

static void
test_a_cut_tail_is_found_with_the_head (void)
{
  g_autofree char *db_path = NULL;
  char *dir = make_good (&db_path);
  TwJournal *journal = tw_journal_open_readonly (db_path, NULL);
  g_autofree char *reason = NULL;
  TwVerdict before, verdict;

  g_assert_null (fixture_verify (journal, NULL, &before));
  g_assert_null (fixture_verify (journal, before.head, &verdict));
  tw_journal_free (journal);

  fixture_vandalise (db_path, "DELETE FROM entry WHERE seq > 6");
  journal = tw_journal_open_readonly (db_path, NULL);
  g_assert_null (fixture_verify (journal, NULL, &verdict));
  g_assert_cmpuint (verdict.entries, ==, 6);
  reason = fixture_verify (journal, before.head, &verdict);
  g_assert_cmpuint (verdict.broken_seq, ==, 7);
  g_assert_nonnull (strstr (reason, before.head));
  tw_journal_free (journal);
  fixture_dir_remove (dir);
}

static void
test_a_head_of_last_week_is_still_in_the_chain (void)
{
  char *dir = fixture_dir_new ();
  TwJournal *journal = fixture_open (dir);
  TwVerdict before, verdict;

  fixture_fill (journal, 3);
  g_assert_null (fixture_verify (journal, NULL, &before));
  fixture_fill (journal, 3);
  g_assert_null (fixture_verify (journal, before.head, &verdict));
  g_assert_cmpuint (verdict.entries, ==, 6);
  g_assert_cmpstr (verdict.head, !=, before.head);
  tw_journal_free (journal);
  fixture_dir_remove (dir);
}

static void
test_change_shows_in_the_export (gconstpointer data)
{
  const Change *change = data;
  g_autofree char *db_path = NULL;
  char *dir = make_good (&db_path);
  g_autofree char *export_path = fixture_path (dir, "export.jsonl");
  g_autoptr (TwJournal) journal = NULL;
  g_autoptr (GError) error = NULL;

  fixture_vandalise (db_path, change->sql);
  if (export_to (db_path, export_path))
    {
      g_autofree char *reason = NULL;
      TwVerdict verdict;

      journal = tw_journal_open_readonly (export_path, &error);
      g_assert_no_error (error);
      reason = fixture_verify (journal, NULL, &verdict);
      g_assert_nonnull (reason);
    }

  fixture_dir_remove (dir);
}

/* A page of the file itself, as failing flash would do it. */
static void
test_a_damaged_page_is_found (void)
{
  char *dir = fixture_dir_new ();
  g_autofree char *db_path = fixture_path (dir, "journal.db");
  TwJournal *journal = fixture_open (dir);
  g_autoptr (GPtrArray) entries = fixture_entries (1, 2000, "S1");
  g_autofree char *bytes = NULL, *reason = NULL;
  g_autoptr (GError) error = NULL;
  TwVerdict verdict;
  gsize n;

  g_assert_true (fixture_commit (journal, entries, NULL, NULL));
  tw_journal_free (journal);

  g_assert_true (g_file_get_contents (db_path, &bytes, &n, NULL));
  g_assert_cmpuint (n, >, 40 * 4096);
  memset (bytes + 12 * 4096, 0xa5, 20 * 4096);
  g_assert_true (g_file_set_contents (db_path, bytes, n, NULL));

  journal = tw_journal_open_readonly (db_path, &error);
  g_assert_no_error (error);
  reason = fixture_verify (journal, NULL, &verdict);
  g_assert_nonnull (reason);
  tw_journal_free (journal);
  fixture_assert_refused (dir, TW_ERROR_BAD_DATA, "journal.db");
  fixture_dir_remove (dir);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (CHANGES); i++)
    {
      g_autofree char *in_database = g_strdup_printf ("/journal/tampering/is-found/%s", CHANGES[i].name);
      g_autofree char *in_export = g_strdup_printf ("/journal/tampering/shows-in-the-export/%s", CHANGES[i].name);

      g_test_add_data_func (in_database, &CHANGES[i], test_change);
      g_test_add_data_func (in_export, &CHANGES[i], test_change_shows_in_the_export);
    }
  g_test_add_func ("/journal/tampering/a-start-finds-a-broken-tail", test_start_finds_a_broken_tail);
  g_test_add_func ("/journal/tampering/a-start-follows-the-tail-of-a-long-journal",
                   test_start_looks_at_the_tail_of_a_long_journal);
  g_test_add_func ("/journal/tampering/a-cut-tail-is-found-with-the-head", test_a_cut_tail_is_found_with_the_head);
  g_test_add_func ("/journal/tampering/a-head-of-last-week-is-still-in-the-chain",
                   test_a_head_of_last_week_is_still_in_the_chain);
  g_test_add_func ("/journal/tampering/a-damaged-page-is-found", test_a_damaged_page_is_found);

  return g_test_run ();
}
