/* SPDX-License-Identifier: Apache-2.0 */
/* How many commits a second, against what the disk could do at best: the same bytes appended to a bare file, each time
 * followed by fdatasync(2). In turns; the median of the rounds' ratios counts. Aim: at least
 * half.
 *
 *   bench-journal-commits --tap DIR     DIR on the file system to be measured, not a tmpfs
 */
#include "payment/journal/journal.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#define ROUNDS 15
#define COMMITS 100          /* a round */
#define TMPFS 0x01021994
#define AIM 0.5
#define FAR_FROM_IT 0.1      /* below: a second sync has crept in, or a commit has become a megabyte */

static const char *place = ".";

/* What a hold's approval writes: the answer, and what the bay does about it. */
static const char *const PAYLOADS[] = {
  "{\"operation\":\"authorize\",\"key\":\"20261122-000147-authorize-1\",\"amount_minor\":6000,\"currency\":\"EUR\","
  "\"outcome\":\"approved\",\"service_id\":\"7649332101756312304951\",\"approval\":\"831000\","
  "\"masked_pan\":\"411111******1111\","
  "\"brand\":\"visa\",\"fingerprint\":\"5b9d6f0c7a3e41f2a8c3d1e5f6078192\",\"reconciliation\":\"59RTZQ7Y1M\"}",
  "{\"connector\":1,\"from\":\"asking\",\"to\":\"armed\",\"event\":\"approved\",\"intent\":4711}",
};

static GPtrArray *
make_commit (void)
{
  GPtrArray *entries = g_ptr_array_new_with_free_func ((GDestroyNotify) tw_entry_free);
  TwInstant at = { .wall_us = g_get_real_time (), .boot_us = g_get_monotonic_time (), .synced = TRUE };

  for (guint i = 0; i < G_N_ELEMENTS (PAYLOADS); i++)
    g_ptr_array_add (entries, tw_entry_new (at, "5f2c9a7d1e3b4c60", i == 0 ? "operation-answered" : "bay-step",
                                            g_bytes_new_static (PAYLOADS[i], strlen (PAYLOADS[i]))));

  return entries;
}

/* All that an entry stores: 8-byte seq, wall and boot, 16 of boot id, 1 synced, 32 of hash, and the texts. */
static gsize
bytes_of_commit (void)
{
  g_autoptr (GPtrArray) entries = make_commit ();
  gsize n = 0;

  for (guint i = 0; i < entries->len; i++)
    {
      const TwEntry *entry = g_ptr_array_index (entries, i);

      n += 3 * 8 + 16 + 1 + 32 + strlen (entry->session) + strlen (entry->kind) + g_bytes_get_size (entry->payload);
    }

  return n;
}

static void
on_answer (GPtrArray    *entries,
           const GError *error,
           gpointer      user_data)
{
  if (error != NULL)
    g_error ("%s", error->message);
  *(gboolean *) user_data = TRUE;
}

/* Each waits for its answer, as a session does. */
static gint64
time_journal (TwJournal *journal)
{
  gint64 start = g_get_monotonic_time ();

  for (guint i = 0; i < COMMITS; i++)
    {
      g_autoptr (GPtrArray) entries = make_commit ();
      gboolean answered = FALSE;

      tw_journal_commit (journal, entries, NULL, on_answer, &answered);
      while (!answered)
        g_main_context_iteration (NULL, TRUE);
    }

  return g_get_monotonic_time () - start;
}

static gint64
time_bare (int         fd,
           const char *bytes,
           gsize       n)
{
  gint64 start = g_get_monotonic_time ();

  for (guint i = 0; i < COMMITS; i++)
    if (write (fd, bytes, n) != (gssize) n || fdatasync (fd) != 0)
      g_error ("%s", g_strerror (errno));

  return g_get_monotonic_time () - start;
}

static gint
by_value (gconstpointer a,
          gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return x < y ? -1 : x > y;
}

static double
median (double values[ROUNDS])
{
  qsort (values, ROUNDS, sizeof *values, by_value);

  return values[ROUNDS / 2];
}

static void
clean_up (const char *dir)
{
  static const char *const NAMES[] = { "journal.db", "journal.lock", "bare" };

  for (guint i = 0; i < G_N_ELEMENTS (NAMES); i++)
    {
      g_autofree char *path = g_build_filename (dir, NAMES[i], NULL);

      g_unlink (path);
    }
  g_rmdir (dir);
}

static void
measure (TwJournal  *journal,
         const char *dir)
{
  g_autofree char *path = g_build_filename (dir, "bare", NULL);
  gsize n = bytes_of_commit ();
  g_autofree char *bytes = g_strnfill (n, 'x');
  double ours[ROUNDS], bare[ROUNDS], ratio[ROUNDS];
  int fd = open (path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

  for (guint i = 0; i < ROUNDS; i++)
    {
      bare[i] = (double) COMMITS * G_USEC_PER_SEC / time_bare (fd, bytes, n);
      ours[i] = (double) COMMITS * G_USEC_PER_SEC / time_journal (journal);
      ratio[i] = ours[i] / bare[i];
    }
  g_close (fd, NULL);

  g_test_message ("2 entries, %" G_GSIZE_FORMAT " bytes: journal %.0f commits/s, write and fdatasync %.0f/s, "
                  "ratio %.2f (aim: at least %.1f)", n, median (ours), median (bare), median (ratio), AIM);
  g_assert_cmpfloat (median (ratio), >, FAR_FROM_IT);
}

static void
test_ratio (void)
{
  const TwJournalOptions options = { .station_id = "BENCH" };
  g_autofree char *dir = g_build_filename (place, "journal-commits-XXXXXX", NULL);
  g_autoptr (GError) error = NULL;
  TwJournal *journal;
  struct statfs fs;

  g_assert_nonnull (g_mkdtemp (dir));
  g_assert_cmpint (statfs (dir, &fs), ==, 0);
  if (fs.f_type == TMPFS)
    g_test_message ("on a tmpfs: this says nothing");
  journal = tw_journal_open (dir, &options, &error);
  g_assert_no_error (error);
  measure (journal, dir);
  tw_journal_free (journal);
  clean_up (dir);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (argc > 1)
    place = argv[1];
  g_test_add_func ("/bench/journal/a-commit-costs-little-more-than-its-sync", test_ratio);

  return g_test_run ();
}
