/* SPDX-License-Identifier: Apache-2.0 */
/* needs: analytics_dep, xxhash */
/* What was kept of a report, with bytes of it changed as the input says, and its digests made to fit again: it is
 * refused, or a report can go on from it and ends. Unchanged, it goes on to the same sums as all rows at once.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xxhash.h>

#include "payment/analytics/kept.h"

#define S G_GINT64_CONSTANT (1000000)
#define START G_GINT64_CONSTANT (1711846800)
#define PAGE 4096
#define SECTIONS_AT 40

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

typedef struct { guint64 offset, n, size; } Section;

static GByteArray *kept;          /* as it was written */
static gsize       n_days, n_hours;
static gpointer    days, hours;   /* of all rows at once */

static TwText
text (const char *of)
{
  return (TwText) { of, (guint32) strlen (of) };
}

static void
tell (TwAnalysis *analysis,
      guint       from,
      guint       to)
{
  static const char *const sites[] = { "A", "B" }, *const evses[] = { "1", "2", "3" };
  TwRowIntake part = tw_analysis_part (analysis, "a.csv");

  for (guint i = from; i < to; i++)
    {
      g_autofree char *id = g_strdup_printf ("%u", i % 20);
      TwSessionRow row = {
        .line = i + 1, .session = text (id), .site = text (sites[i % 2]), .evse = text (evses[i % 3]),
        .tariff = text (i % 4 ? "day" : "night"), .zone = text (i % 2 ? "Europe/Berlin" : "UTC"),
        .plug_in = (START + i * 2000) * S, .plug_out = i % 9 ? (START + i * 2000 + i % 7 * 3000) * S : TW_UNKNOWN,
        .charge_start = TW_UNKNOWN, .charge_end = TW_UNKNOWN, .occupied_s = TW_UNKNOWN, .charging_s = TW_UNKNOWN,
        .energy_wh = i * 100, .max_power_w = TW_UNKNOWN, .rated_power_w = 22000, .customer = i % 5,
        .price_minor = TW_UNKNOWN, .tax_minor = TW_UNKNOWN, .captured_minor = i, .refunded_minor = TW_UNKNOWN,
        .fee_minor = TW_UNKNOWN, .chargeback_minor = TW_UNKNOWN, .held_minor = i % 3 ? TW_UNKNOWN : 100,
        .held_from = TW_UNKNOWN, .held_until = TW_UNKNOWN, .tap_at = TW_UNKNOWN, .answered_at = TW_UNKNOWN,
        .currency = "EUR",
      };

      g_assert_true (part.class_->session (part.self, &row, NULL));
    }
}

static TwAnalysis *
begin (void)
{
  TwAnalysisTerms terms;

  tw_analysis_terms_init (&terms);
  return tw_analysis_new (&terms, NULL);
}

static char *
path_of (int fd)
{
  return g_strdup_printf ("/proc/self/fd/%d", fd);
}

static void
set_up (void)
{
  g_autofree char *folder = g_dir_make_tmp ("tapwatt-fuzz-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "state", NULL);
  g_autoptr (TwAnalysis) analysis = begin (), whole = begin ();
  const TwSnapshotSource source = { "a.csv", 1, 2, 3, 4, { 5 } };
  gconstpointer cells;
  char *bytes;
  gsize n;

  tell (analysis, 0, 40);
  g_assert_true (tw_analysis_keep (analysis, path, "terms", &source, 1, NULL));
  g_assert_true (g_file_get_contents (path, &bytes, &n, NULL));
  kept = g_byte_array_new_take ((guint8 *) bytes, n);
  g_assert_cmpint (unlink (path), ==, 0);
  g_assert_cmpint (rmdir (folder), ==, 0);
  tell (whole, 0, 60);
  g_assert_true (tw_analysis_close (whole, NULL));
  cells = tw_analysis_days (whole, &n_days);
  days = g_memdup2 (cells, n_days * sizeof (TwDayCell));
  cells = tw_analysis_hours (whole, &n_hours);
  hours = g_memdup2 (cells, n_hours * sizeof (TwHourCell));
}

/* Each six bytes: which section, where in it, what to do; of sections' numbers, too. */
static void
change (guint8        *bytes,
        const uint8_t *data,
        size_t         size)
{
  for (; size >= 6; data += 6, size -= 6)
    {
      Section *section = (Section *) (void *) (bytes + SECTIONS_AT) + data[0] % TW_N_KEPT;
      guint64 at = (guint64) data[1] << 16 | (guint64) data[2] << 8 | data[3];

      if (data[0] >= 250)
        section->n += data[5];
      else if (data[0] >= 245)
        section->offset ^= (guint64) data[5] << 12;
      else if (section->n > 0 && section->offset + section->n * section->size <= kept->len)
        bytes[section->offset + at % (section->n * section->size)] ^= data[5];
    }
}

/* Smaller than a piece. */
static void
sign (guint8 *bytes)
{
  guint64 digests_at, digest;

  memcpy (&digests_at, bytes + 24, sizeof digests_at);
  digest = XXH3_64bits (bytes + PAGE, digests_at - PAGE);
  memcpy (bytes + digests_at, &digest, sizeof digest);
  digest = XXH3_64bits (&digest, sizeof digest);
  memcpy (bytes + 32, &digest, sizeof digest);
  digest = XXH3_64bits (bytes, PAGE - sizeof digest);
  memcpy (bytes + PAGE - sizeof digest, &digest, sizeof digest);
}

static void
go_on (TwSnapshot *snapshot,
       gboolean    unchanged)
{
  const char *const sources[] = { "a.csv", NULL };
  g_autoptr (TwAnalysis) analysis = begin ();
  gboolean well = tw_analysis_resume (analysis, snapshot, sources, NULL);
  gconstpointer cells;
  gsize n;

  if (well)
    tell (analysis, 40, 60);
  well = well && tw_analysis_close (analysis, NULL);
  g_assert_true (well || !unchanged);
  if (!unchanged)
    return;
  cells = tw_analysis_days (analysis, &n);
  g_assert_cmpmem (cells, n * sizeof (TwDayCell), days, n_days * sizeof (TwDayCell));
  cells = tw_analysis_hours (analysis, &n);
  g_assert_cmpmem (cells, n * sizeof (TwHourCell), hours, n_hours * sizeof (TwHourCell));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr (TwSnapshot) snapshot = NULL;
  g_autofree guint8 *bytes = NULL;
  g_autofree char *path = NULL;
  int fd = memfd_create ("state", MFD_CLOEXEC);

  if (kept == NULL)
    set_up ();
  bytes = g_memdup2 (kept->data, kept->len);
  change (bytes, data, size);
  sign (bytes);
  g_assert_cmpint (write (fd, bytes, kept->len), ==, kept->len);
  path = path_of (fd);
  snapshot = tw_snapshot_open (path, NULL);
  g_assert_true (snapshot || size >= 6);
  if (snapshot)
    go_on (snapshot, memcmp (bytes, kept->data, kept->len) == 0);
  close (fd);
  return 0;
}
