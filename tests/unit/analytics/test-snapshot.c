/* SPDX-License-Identifier: Apache-2.0 */
/* A report that goes on from what was kept of an earlier one is the same as one that was told everything: the witness
 * is the analysis of all rows at once, which knows of no snapshot. */
#include "app/base/error.h"
#include "payment/analytics/snapshot.h"
#include "tests/unit/analytics/made-rows.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHANGE 1711846800         /* Berlin's, in spring 2024 */
#define S G_GINT64_CONSTANT (1000000)
#define FLEETS 60

static const char *const SOURCES[] = { "a.csv", "b.csv", NULL }, *const MORE[] = { "a.csv", "ab.csv", "b.csv", NULL };

/* The first at rows are kept, those until next then, and the rest is told. */
typedef struct { TwAnalysisTerms terms; guint at, next; gboolean listed, between; } Case;

typedef struct { char *folder, *state; } Place;

static void
set_up (Place        *place,
        gconstpointer data)
{
  place->folder = g_dir_make_tmp ("tapwatt-snapshot-XXXXXX", NULL);
  place->state = g_build_filename (place->folder, "state", NULL);
}

static void
tear_down (Place        *place,
           gconstpointer data)
{
  g_unlink (place->state);
  g_assert_cmpint (g_rmdir (place->folder), ==, 0);   /* and nothing else was left in it */
  g_free (place->state);
  g_free (place->folder);
}

/* Copies of rows, some with another end, and rows that are wrong. */
static Made *
traps (guint32 seed,
       guint   n)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed ^ 99);
  Made *made = made_fleet (seed, CHANGE, n);

  for (guint i = 0; i < n / 4; i++)
    {
      TwSessionRow row = g_array_index (made->rows, TwSessionRow, g_rand_int_range (rand, 0, (int) n));

      row.line = made->rows->len + 1;
      if (g_rand_boolean (rand))
        row.plug_out = row.plug_in + g_rand_int_range (rand, -100, 9000) * S;
      if (g_rand_int_range (rand, 0, 5) == 0)
        row.tariff = made_text (made, g_rand_boolean (rand) ? "Abend" : "zuletzt");
      if (g_rand_int_range (rand, 0, 5) == 0)
        memcpy (row.currency, "BGN", 4);
      if (g_rand_int_range (rand, 0, 9) == 0)
        row.evse = made_text (made, g_rand_boolean (rand) ? "A0" : "E05");
      if (g_rand_int_range (rand, 0, 9) == 0)
        row.site = made_text (made, g_rand_boolean (rand) ? "R" : "S05");
      g_array_append_val (made->rows, row);
    }
  return made;
}

static void
shuffle (GArray *rows,
         guint32 seed)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);

  for (guint i = rows->len; i > 1; i--)
    {
      guint other = (guint) g_rand_int_range (rand, 0, (int) i);
      TwSessionRow row = g_array_index (rows, TwSessionRow, other);

      g_array_index (rows, TwSessionRow, other) = g_array_index (rows, TwSessionRow, i - 1);
      g_array_index (rows, TwSessionRow, i - 1) = row;
    }
}

static int
by_start (gconstpointer a,
          gconstpointer b)
{
  const TwSessionRow *one = a, *other = b;

  return one->plug_in < other->plug_in ? -1 : one->plug_in > other->plug_in;
}

static guint
source_of (const Made *made,
           const Case *this,
           guint       i)
{
  return this->between && i >= this->next ? 1 : i < made->rows->len / 2 ? 0 : 2;
}

/* Rows from <= i < to: of a.csv up to half of all, of b.csv from there on; or of a third one that stands between. */
static void
tell (TwAnalysis *analysis,
      const Made *made,
      const Case *this,
      guint       from,
      guint       to)
{
  g_autoptr (GError) error = NULL;
  TwRowIntake parts[3];

  for (guint i = 0; i < 3; i++)
    if (this->between || i != 1)
      parts[i] = tw_analysis_part (analysis, MORE[i]);

  for (guint i = from; i < to; i++)
    {
      TwSessionRow row = g_array_index (made->rows, TwSessionRow, i);
      const TwRowIntake *part = &parts[source_of (made, this, i)];

      row.line = i + 1;
      part->class_->session (part->self, &row, &error);
      g_assert_no_error (error);
      if (i % 7 == 0)
        part->class_->refused (part->self, row.line, "made so", &error);
    }
}

/* A connector that is listed, with hours, and one of those that are not; when one did not work. */
static void
tell_ports (TwAnalysis *analysis,
            Made       *made)
{
  TwRowIntake part = tw_analysis_part (analysis, "ports.csv");
  TwPortRow port = { .site = made_text (made, "S1"), .evse = made_text (made, "E0"), .connector = made_text (made, "1"),
                     .opening_hours = made_text (made, "Mo-Su 06:00-22:00"), .rated_power_w = 22000,
                     .commissioned = (CHANGE - 40000) * S, .decommissioned = TW_UNKNOWN };
  TwEventRow event = { .evse = made_text (made, "E1"), .at = CHANGE * S, .state = TW_PORT_INOPERATIVE };

  part.class_->port (part.self, &port, NULL);
  port.evse = made_text (made, "never used");
  part.class_->port (part.self, &port, NULL);
  part.class_->event (part.self, &event, NULL);
}

static TwAnalysis *
begin (const Case *this,
       TwSnapshot *snapshot)
{
  g_autoptr (GError) error = NULL;
  TwAnalysis *analysis = tw_analysis_new (&this->terms, &error);

  g_assert_no_error (error);
  if (snapshot)
    tw_analysis_resume (analysis, snapshot, this->between ? MORE : SOURCES, &error);
  g_assert_no_error (error);
  return analysis;
}

static TwAnalysis *
end (TwAnalysis *analysis,
     Made       *made,
     const Case *this)
{
  g_autoptr (GError) error = NULL;

  if (this->listed)
    tell_ports (analysis, made);
  tw_analysis_close (analysis, &error);
  g_assert_no_error (error);
  return analysis;
}

static void
assert_same_quality (const TwQuality *one,
                     const TwQuality *other)
{
  g_assert_cmpuint (one->n_read, ==, other->n_read);
  g_assert_cmpuint (one->n_used, ==, other->n_used);
  g_assert_cmpuint (one->n_left_out, ==, other->n_left_out);
  for (guint flag = 0; flag < TW_N_FLAGS; flag++)
    {
      g_assert_cmpuint (one->n[flag], ==, other->n[flag]);
      g_assert_cmpuint (one->lines[flag]->len, ==, other->lines[flag]->len);
      for (guint i = 0; i < one->lines[flag]->len; i++)
        {
          const TwQualityLine *a = one->lines[flag]->pdata[i], *b = other->lines[flag]->pdata[i];

          g_assert_cmpstr (a->source, ==, b->source);
          g_assert_cmpuint (a->line, ==, b->line);
          g_assert_cmpstr (a->text, ==, b->text);
        }
    }
}

static void
assert_same_ports (const TwAnalysis *one,
                   const TwAnalysis *other)
{
  guint n, m;
  const TwPort *a = tw_analysis_ports (one, &n), *b = tw_analysis_ports (other, &m);

  g_assert_cmpuint (n, ==, m);
  g_assert_cmpuint (tw_analysis_n_sites (one), ==, tw_analysis_n_sites (other));
  for (guint i = 0; i < n; i++)
    {
      gboolean estimated_a, estimated_b;

      g_assert_cmpstr (tw_analysis_site (one, a[i].site), ==, tw_analysis_site (other, b[i].site));
      g_assert_cmpstr (tw_analysis_site_currency (one, a[i].site), ==, tw_analysis_site_currency (other, b[i].site));
      g_assert_cmpstr (a[i].name, ==, b[i].name);
      g_assert_cmpint (a[i].rated_power_w, ==, b[i].rated_power_w);
      g_assert_cmpint (a[i].dc, ==, b[i].dc);
      g_assert_cmpint (tw_analysis_open_between_s (one, i, 0, 40000, &estimated_a), ==,
                       tw_analysis_open_between_s (other, i, 0, 40000, &estimated_b));
      g_assert_cmpint (estimated_a, ==, estimated_b);
      g_assert_cmpint (tw_analysis_working_between_s (one, i, 0, 40000), ==,
                       tw_analysis_working_between_s (other, i, 0, 40000));
    }
}

static void
assert_same (const TwAnalysis *one,
             const TwAnalysis *other)
{
  gsize n, m;
  gconstpointer a = tw_analysis_days (one, &n), b = tw_analysis_days (other, &m);

  g_assert_cmpmem (a, n * sizeof (TwDayCell), b, m * sizeof (TwDayCell));
  a = tw_analysis_hours (one, &n), b = tw_analysis_hours (other, &m);
  g_assert_cmpmem (a, n * sizeof (TwHourCell), b, m * sizeof (TwHourCell));
  a = tw_analysis_rows (one, &n), b = tw_analysis_rows (other, &m);
  g_assert_cmpmem (a, n * sizeof (TwShortRow), b, m * sizeof (TwShortRow));
  a = tw_analysis_customers (one, &n), b = tw_analysis_customers (other, &m);
  g_assert_cmpmem (a, n * sizeof (TwCustomer), b, m * sizeof (TwCustomer));
  a = tw_analysis_holds (one, &n), b = tw_analysis_holds (other, &m);
  g_assert_cmpmem (a, n * sizeof (TwHoldRow), b, m * sizeof (TwHoldRow));
  g_assert_cmpint (tw_analysis_first_day (one), ==, tw_analysis_first_day (other));
  g_assert_cmpint (tw_analysis_end_day (one), ==, tw_analysis_end_day (other));
  g_assert_cmpint (tw_analysis_as_of (one), ==, tw_analysis_as_of (other));
  g_assert_cmpuint (tw_analysis_n_tariffs (one), ==, tw_analysis_n_tariffs (other));
  for (guint i = 0; i < tw_analysis_n_tariffs (one); i++)
    g_assert_cmpstr (tw_analysis_tariff (one, i), ==, tw_analysis_tariff (other, i));
  assert_same_ports (one, other);
  assert_same_quality (tw_analysis_quality (one), tw_analysis_quality (other));
}

static void
check (Place      *place,
       Made       *made,
       const Case *this)
{
  g_autoptr (TwAnalysis) whole = begin (this, NULL), first = begin (this, NULL), second = NULL, third = NULL;
  g_autoptr (TwSnapshot) snapshot = NULL, later = NULL;
  g_autoptr (GError) error = NULL;
  const TwSnapshotSource sources[] = { { "a.csv", 10, 2, 3, 4, { 5 } }, { "b.csv", 11, 12, 13, 14, { 15 } } };

  tell (whole, made, this, 0, made->rows->len);
  end (whole, made, this);
  tell (first, made, this, 0, this->at);
  tw_analysis_keep (first, place->state, "terms", sources, 2, &error);
  g_assert_no_error (error);
  snapshot = tw_snapshot_open (place->state, &error);
  g_assert_no_error (error);
  second = begin (this, snapshot);
  tell (second, made, this, this->at, this->next);
  tw_analysis_keep (second, place->state, "terms", sources, 2, &error);
  g_assert_no_error (error);
  later = tw_snapshot_open (place->state, &error);
  g_assert_no_error (error);
  third = begin (this, later);
  tell (third, made, this, this->next, made->rows->len);
  end (third, made, this);
  assert_same (third, whole);
}

static void
any_split_gives_the_same (Place        *place,
                          gconstpointer data)
{
  for (guint32 seed = 1; seed <= FLEETS; seed++)
    {
      g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
      g_autoptr (Made) made = traps (seed, (guint) g_rand_int_range (rand, 40, 400));
      guint n = made->rows->len, at = (guint) g_rand_int_range (rand, 25, (int) n);
      Case this = { .at = at, .next = (guint) g_rand_int_range (rand, (int) at, (int) n + 1), .listed = seed % 5 < 2,
                    .between = seed % 7 == 0 };

      tw_analysis_terms_init (&this.terms);
      if (seed % 3 == 0)
        {
          this.terms.from_day = CHANGE / 86400;
          this.terms.to_day = this.terms.from_day + 1;
        }
      if (seed % 4 == 0)
        this.terms.as_of_us = (CHANGE + 100000) * S;
      if (seed % 2)
        g_array_sort (made->rows, by_start);
      else
        shuffle (made->rows, seed);
      check (place, made, &this);
    }
}

/* What is new comes after all that was, but for a car that is still there. */
static void
a_day_more_gives_the_same (Place        *place,
                           gconstpointer data)
{
  g_autoptr (Made) made = made_fleet (7, CHANGE, 300), after = made_fleet (8, CHANGE + 3 * 86400, 60);
  Case this = { .at = 300, .next = 300 };

  tw_analysis_terms_init (&this.terms);
  g_array_append_vals (made->rows, after->rows->data, after->rows->len);
  for (guint i = 300; i < made->rows->len; i++)
    g_array_index (made->rows, TwSessionRow, i).session = (TwText) { NULL, 0 };
  check (place, made, &this);
}

/* Most of the sessions of a site were paid in euros, and then they were not. */
static void
a_site_may_change_its_currency (Place        *place,
                                gconstpointer data)
{
  g_autoptr (Made) made = made_new ();
  Case this = { .at = 20, .next = 25 };

  tw_analysis_terms_init (&this.terms);
  for (guint i = 0; i < 60; i++)
    {
      TwSessionRow *row = made_add (made, "S", "Europe/Berlin", i % 2 ? "A" : "B", CHANGE + i * 3000,
                                    CHANGE + i * 3000 + 4000, 0, 3000, 1000);

      memcpy (row->currency, i < 25 ? "EUR" : "CHF", 4);
      row->captured_minor = 100 + i;
    }
  check (place, made, &this);
}

/* It was taken for a day by a car that says no energy; then it turns out that another one had come. */
static void
a_day_may_be_lost (Place        *place,
                   gconstpointer data)
{
  g_autoptr (Made) made = made_new ();
  Case this = { .at = 1, .next = 1 };

  tw_analysis_terms_init (&this.terms);
  made_add (made, "S", "UTC", "A", CHANGE, CHANGE + 3 * 86400, -1, -1, TW_UNKNOWN)->tariff = made_text (made, "one");
  made_add (made, "S", "UTC", "A", CHANGE + 60, CHANGE + 3 * 86400 - 60, -1, -1, TW_UNKNOWN)->tariff
    = made_text (made, "other");
  check (place, made, &this);
}

/* A row between two that were told. */
static void
what_comes_late_is_woven_in (Place        *place,
                             gconstpointer data)
{
  g_autoptr (Made) made = made_new ();
  Case this = { .at = 40, .next = 40 };

  tw_analysis_terms_init (&this.terms);
  for (guint i = 0; i < 40; i++)
    made_add (made, "S", "Europe/Berlin", "A", CHANGE + i * 7200, CHANGE + i * 7200 + (i % 3 ? 3600 : 9000), 0, 3000,
              1000 + i);
  made_add (made, "S", "Europe/Berlin", "A", CHANGE + 20 * 7200 + 300, CHANGE + 25 * 7200, 60, 7000, 50000);
  check (place, made, &this);
}

static void
write_state (const Place *place,
             Made        *made)
{
  g_autoptr (GError) error = NULL;
  Case this = { .at = made->rows->len };
  const TwSnapshotSource source = { "a.csv", 10, 2, 3, 4, { 5 } };
  g_autoptr (TwAnalysis) analysis = NULL;

  tw_analysis_terms_init (&this.terms);
  analysis = begin (&this, NULL);
  tell (analysis, made, &this, 0, made->rows->len);
  tw_analysis_keep (analysis, place->state, "terms", &source, 1, &error);
  g_assert_no_error (error);
}

static void
a_changed_byte_is_found (Place        *place,
                         gconstpointer data)
{
  g_autoptr (Made) made = made_fleet (3, CHANGE, 50);
  g_autoptr (TwSnapshot) snapshot = NULL;
  struct stat there;
  int fd;

  write_state (place, made);
  fd = g_open (place->state, O_RDWR);
  g_assert_cmpint (fstat (fd, &there), ==, 0);
  for (off_t i = 0; i < there.st_size; i += i < 600 ? 1 : 61)
    {
      const gint wanted = i < 8 ? TW_ERROR_REFUSED : TW_ERROR_BAD_DATA;   /* without its magic it is another thing */
      g_autoptr (GError) error = NULL;
      guint8 byte, other;

      g_assert_cmpint (pread (fd, &byte, 1, i), ==, 1);
      other = byte ^ 1;
      g_assert_cmpint (pwrite (fd, &other, 1, i), ==, 1);
      g_assert_null (tw_snapshot_open (place->state, &error));
      g_assert_error (error, TW_ERROR, wanted);
      g_assert_cmpint (pwrite (fd, &byte, 1, i), ==, 1);
    }
  close (fd);
  snapshot = tw_snapshot_open (place->state, NULL);
  g_assert_nonnull (snapshot);
}

static void
a_part_of_it_is_nothing (Place        *place,
                         gconstpointer data)
{
  g_autoptr (Made) made = made_fleet (3, CHANGE, 50);
  g_autoptr (TwSnapshot) snapshot = NULL;
  struct stat there;

  write_state (place, made);
  snapshot = tw_snapshot_open (place->state, NULL);
  g_assert_nonnull (snapshot);
  g_clear_pointer (&snapshot, tw_snapshot_free);
  g_assert_cmpint (stat (place->state, &there), ==, 0);
  for (off_t n = there.st_size - 1; n >= 0; n -= 499)
    {
      g_autoptr (GError) error = NULL;

      g_assert_cmpint (truncate (place->state, n), ==, 0);
      g_assert_null (tw_snapshot_open (place->state, &error));
      g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
    }
}

static void
it_is_for_its_owner (Place        *place,
                     gconstpointer data)
{
  g_autoptr (Made) made = made_fleet (3, CHANGE, 50);
  g_autoptr (TwSnapshot) snapshot = NULL;
  const TwSnapshotSource *sources;
  struct stat there;
  guint n;

  g_assert_true (g_file_set_contents (place->state, "x", 1, NULL));
  g_assert_cmpint (g_chmod (place->state, 0644), ==, 0);
  write_state (place, made);
  g_assert_cmpint (stat (place->state, &there), ==, 0);
  g_assert_cmphex (there.st_mode & 0777, ==, 0600);
  snapshot = tw_snapshot_open (place->state, NULL);
  g_assert_cmpstr (tw_snapshot_terms (snapshot), ==, "terms");
  sources = tw_snapshot_sources (snapshot, &n);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpstr (sources->path, ==, "a.csv");
  g_assert_cmpuint (sources->offset, ==, 10);
  g_assert_cmpuint (sources->n_refused, ==, 4);
}

static void
two_do_not_write_at_once (Place        *place,
                          gconstpointer data)
{
  g_autofree char *part = g_strconcat (place->state, ".part", NULL);
  g_autoptr (Made) made = made_fleet (3, CHANGE, 50);
  g_autoptr (GError) error = NULL;
  Case this = { .at = 50 };
  g_autoptr (TwAnalysis) analysis = NULL;
  int fd = g_open (part, O_CREAT | O_RDWR, 0600);

  g_assert_cmpint (flock (fd, LOCK_EX | LOCK_NB), ==, 0);
  tw_analysis_terms_init (&this.terms);
  analysis = begin (&this, NULL);
  tell (analysis, made, &this, 0, 50);
  g_assert_false (tw_analysis_keep (analysis, place->state, "terms", NULL, 0, &error));
  g_assert_error (error, TW_ERROR, TW_ERROR_RETRY);
  g_assert_cmpint (g_unlink (part), ==, 0);
  close (fd);
  write_state (place, made);
}

#define TEST(name, run) g_test_add ("/analytics/snapshot/" name, Place, NULL, set_up, run, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  TEST ("any-split-gives-the-same", any_split_gives_the_same);
  TEST ("a-day-more-gives-the-same", a_day_more_gives_the_same);
  TEST ("a-site-may-change-its-currency", a_site_may_change_its_currency);
  TEST ("a-day-may-be-lost", a_day_may_be_lost);
  TEST ("what-comes-late-is-woven-in", what_comes_late_is_woven_in);
  TEST ("a-changed-byte-is-found", a_changed_byte_is_found);
  TEST ("a-part-of-it-is-nothing", a_part_of_it_is_nothing);
  TEST ("it-is-for-its-owner", it_is_for_its_owner);
  TEST ("two-do-not-write-at-once", two_do_not_write_at_once);
  return g_test_run ();
}
