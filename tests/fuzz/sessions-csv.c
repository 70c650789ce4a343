/* SPDX-License-Identifier: Apache-2.0 */
/* needs: analytics_sources_dep */
/* A file of sessions, or a mapping and behind a line of "---" the file that it is of: rows, or an error; each line that
 * is no row is told; and what is written reads back to the same bytes. */
#include "payment/analytics/sources/sources.h"
#include "tests/fuzz/reader.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static char *
export_of (const void        *data,
           gsize              n,
           const TwFeedTerms *terms,
           gsize             *n_written)
{
  g_autoptr (GOutputStream) out = g_memory_output_stream_new_resizable ();
  g_autoptr (TwCopies) copies = tw_copies_new ();
  g_autoptr (TwGate) gate = tw_gate_new (copies, "a.csv", TW_UNKNOWN);
  g_autoptr (TwSessionsWriter) writer = tw_sessions_writer_new (out, gate);
  g_auto (TwFeedReport) report = { 0 };
  const TwQuality *quality = tw_gate_quality (gate);
  int fd;
  g_autofree char *path = fuzz_file (data, n, &fd);
  g_autoptr (GError) error = NULL;
  const gboolean well = (tw_feed_report_init (&report),
                         tw_sessions_writer_add_file (writer, path, terms, &report, &error));

  close (fd);
  g_assert_true (well == (error == NULL));
  g_assert_cmpuint (quality->n_read, ==, report.n_rows + report.n_refused);
  g_assert_cmpuint (quality->n_read, ==, quality->n_used + quality->n_left_out);
  g_assert_cmpuint (quality->n[TW_FLAG_REFUSED], ==, report.n_refused);
  if (!well)
    return NULL;
  g_assert_true (tw_sessions_writer_end (writer, NULL) && g_output_stream_close (out, NULL, NULL));
  *n_written = g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (out));
  return g_memdup2 (g_memory_output_stream_get_data (G_MEMORY_OUTPUT_STREAM (out)), *n_written);
}

static gboolean
check_row (gpointer             rows,
           const TwSessionRow  *row,
           GError             **error)
{
  const TwText texts[] = { row->session, row->site, row->evse, row->connector, row->tariff, row->zone };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    fuzz_check_text ((TwChars) { texts[i].text, texts[i].n });
  g_assert_cmpuint (row->site.n, >, 0);
  g_assert_cmpuint (row->zone.n, >, 0);
  g_assert_true (row->currency[0] != '\0' || (row->price_minor == TW_UNKNOWN && row->held_minor == TW_UNKNOWN));
  ++*(guint64 *) rows;
  return TRUE;
}

static gboolean
pass_over_refused (gpointer     rows,
                   guint64      line,
                   const char  *what,
                   GError     **error)
{
  g_assert_true (g_utf8_validate (what, -1, NULL));
  return TRUE;
}

/* The same through the front door. */
static void
feed (const void        *data,
      gsize              n,
      const TwFeedTerms *terms)
{
  static const TwRowIntakeClass class_ = { .session = check_row, .refused = pass_over_refused };
  g_auto (TwFeedReport) report = { 0 };
  guint64 rows = 0;
  const TwRowIntake intake = { &class_, &rows };
  int fd;
  g_autofree char *path = fuzz_file (data, n, &fd);

  tw_feed_report_init (&report);
  if (tw_feed_sessions (path, terms, &intake, 1, &report, NULL))
    g_assert_cmpuint (report.n_rows, ==, rows);
  close (fd);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  const uint8_t *cut = memmem (data, size, "\n---\n", 5);
  const uint8_t *file = cut ? cut + 5 : data;
  const gsize n = (gsize) (data + size - file);
  const TwFeedTerms none = { 0 };
  int fd;
  g_autofree char *mapping = cut ? fuzz_file (data, (gsize) (cut - data), &fd) : NULL;
  const TwFeedTerms terms = { .mapping = mapping };
  gsize n_once = 0, n_twice = 0;
  g_autofree char *once = export_of (file, n, &terms, &n_once);
  g_autofree char *twice = once ? export_of (once, n_once, &none, &n_twice) : NULL;

  g_assert_true (once == NULL || (twice && n_once == n_twice && memcmp (once, twice, n_once) == 0));
  feed (file, n, &terms);
  if (cut)
    close (fd);
  return 0;
}
