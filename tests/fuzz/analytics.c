/* SPDX-License-Identifier: Apache-2.0 */
/* needs: measures_dep */
/* Rows from bytes, whatever they say: the analysis ends, the rows backwards and through two parts give the same bytes,
 * each is used or left out, no energy is lost, and every measure answers. Texts come from a small pool, so that ports
 * meet; instants are near a clock change, or anything.
 */
#include <stdint.h>
#include <string.h>

#include "payment/analytics/measures/measures.h"

#define S G_USEC_PER_SEC
#define MOST_ROWS 64
#define CHANGE 1711846800         /* Berlin's, in spring 2024 */

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

typedef struct { const uint8_t *at, *end; } Bytes;

static uint64_t
take (Bytes *bytes,
      guint  n)
{
  uint64_t value = 0;

  for (; n > 0 && bytes->at < bytes->end; n--)
    value = value << 8 | *bytes->at++;
  return value;
}

static TwText
take_text (Bytes *bytes)
{
  static const char *const texts[] = { "", "A", "B", "Europe/Berlin", "Asia/Kolkata", "Mars", "A\nB", "UTC" };
  const char *text = texts[take (bytes, 1) % G_N_ELEMENTS (texts)];

  return (TwText) { text, strlen (text) };
}

static gint64
take_instant (Bytes *bytes)
{
  uint64_t kind = take (bytes, 1) % 8;

  if (kind == 0)
    return TW_UNKNOWN;
  if (kind == 1)
    return (gint64) take (bytes, 8);
  return (CHANGE - 32768 * 4 + (gint64) take (bytes, 2) * 4) * S + (gint64) take (bytes, 1) * 4000;
}

static gint64
take_number (Bytes *bytes)
{
  uint64_t kind = take (bytes, 1) % 8;

  return kind == 0 ? TW_UNKNOWN : kind == 1 ? (gint64) take (bytes, 8) : (gint64) take (bytes, kind == 2 ? 4 : 2);
}

static TwSessionRow
take_row (Bytes *bytes)
{
  TwSessionRow row = {
    .line = 1, .session = take_text (bytes), .site = take_text (bytes), .evse = take_text (bytes),
    .connector = take_text (bytes), .tariff = take_text (bytes), .zone = take_text (bytes),
    .plug_in = take_instant (bytes), .plug_out = take_instant (bytes), .charge_start = take_instant (bytes),
    .charge_end = take_instant (bytes), .occupied_s = take_number (bytes), .charging_s = take_number (bytes),
    .energy_wh = take_number (bytes), .max_power_w = take_number (bytes), .rated_power_w = take_number (bytes),
    .ending = take (bytes, 1) % TW_N_ENDINGS, .means = take (bytes, 1) % TW_N_MEANS, .customer = take (bytes, 1) % 8,
    .epoch = take (bytes, 1) % 2, .price_minor = take_number (bytes), .tax_minor = take_number (bytes),
    .captured_minor = take_number (bytes), .refunded_minor = take_number (bytes), .fee_minor = take_number (bytes),
    .chargeback_minor = take_number (bytes), .held_minor = take_number (bytes), .held_from = take_instant (bytes),
    .held_until = take_instant (bytes), .tap_at = take_instant (bytes), .answered_at = take_instant (bytes),
    .money_state = take (bytes, 1) % TW_N_MONEY_STATES,
  };

  if (take (bytes, 1) % 4 != 0)
    memcpy (row.currency, take (bytes, 1) % 2 ? "EUR" : "CHF", 4);
  return row;
}

/* A port and a state of the same places and instants. */
static gboolean
tell_more (const TwRowIntake  *part,
           const TwSessionRow *row)
{
  const TwPortRow port = { .site = row->site, .evse = row->evse, .connector = row->connector, .zone = row->zone,
                           .opening_hours = { row->epoch ? "Mo-Fr 06:00-01:30" : "", row->epoch ? 17 : 0 },
                           .rated_power_w = row->rated_power_w, .commissioned = row->charge_start,
                           .decommissioned = row->charge_end };
  const TwEventRow event = { .site = row->customer % 2 ? row->site : (TwText) { "", 0 }, .evse = row->evse,
                             .reason = row->tariff, .at = row->plug_in,
                             .until = row->plug_out != TW_UNKNOWN ? row->plug_out : 0,
                             .state = row->customer % TW_N_PORT_STATES, .payment = row->means % 4,
                             .excluded = row->ending % 2 };

  return (row->means % 2 || part->class_->port (part->self, &port, NULL))
         && part->class_->event (part->self, &event, NULL);
}

static TwAnalysis *
analyse (const TwSessionRow *rows,
         guint               n,
         gboolean            backwards,
         gboolean           *well)
{
  TwAnalysisTerms terms;
  TwAnalysis *analysis;
  TwRowIntake parts[2];

  tw_analysis_terms_init (&terms);
  terms.from_day = CHANGE / 86400;
  terms.by_tariff = TRUE;
  analysis = tw_analysis_new (&terms, NULL);
  parts[0] = tw_analysis_part (analysis, "fuzz");
  parts[1] = backwards ? tw_analysis_part (analysis, "fuzz") : parts[0];
  *well = TRUE;
  for (guint i = 0; i < n; i++)
    {
      const TwSessionRow *row = &rows[backwards ? n - 1 - i : i];

      *well &= parts[i % 2].class_->session (parts[i % 2].self, row, NULL);
      *well &= row->epoch == 0 || tell_more (&parts[i % 2], row);
    }
  *well = *well && tw_analysis_close (analysis, NULL);
  return analysis;
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
}

static void
assert_conserved (const TwAnalysis *analysis,
                  guint             n_given)
{
  const TwQuality *quality = tw_analysis_quality (analysis);
  gsize n, n_days;
  const TwShortRow *rows = tw_analysis_rows (analysis, &n);
  const TwDayCell *days = tw_analysis_days (analysis, &n_days);
  gint64 mwh = 0;

  g_assert_cmpuint (quality->n_read, ==, n_given);
  g_assert_cmpuint (quality->n_used + quality->n_left_out, ==, n_given);
  g_assert_cmpuint (quality->n_used, ==, n);
  for (gsize i = 0; i < n; i++)
    mwh += rows[i].energy_wh != G_MAXUINT32 ? (gint64) rows[i].energy_wh * 1000 : 0;
  for (gsize i = 0; i < n_days; i++)
    mwh -= days[i].energy_mwh;
  g_assert_cmpint (mwh, ==, 0);
}

/* No more time is told of than there is, and no share is beyond all of it. */
static void
assert_uptime (const GPtrArray *figures)
{
  for (guint i = 0; i < figures->len; i++)
    {
      const TwFigure *figure = g_ptr_array_index (figures, i);
      const TwFigureKind *kind = tw_figure_kind (figure);

      for (guint row = 0; g_str_has_prefix (kind->name, "uptime") && row < tw_figure_n_rows (figure); row++)
        for (guint column = 0; column < kind->n_columns; column++)
          {
            TwCell cell = tw_figure_cell (figure, row, column);

            if (cell.known && kind->columns[column].kind == TW_COLUMN_SHARE)
              g_assert_true (cell.as.number >= 0 && cell.as.number <= 1);
            if (cell.known && g_str_equal (kind->columns[column].name, "told_s"))
              g_assert_true (cell.as.integer >= 0 && cell.as.integer <= 366 * 86400);
          }
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  Bytes bytes = { data, data + size };
  TwSessionRow rows[MOST_ROWS];
  g_autoptr (TwAnalysis) one = NULL, other = NULL;
  g_autoptr (GPtrArray) figures = g_ptr_array_new_with_free_func ((GDestroyNotify) tw_figure_free);
  gboolean one_well, other_well;
  guint n = 0;

  while (bytes.at < bytes.end && n < MOST_ROWS)
    rows[n++] = take_row (&bytes);
  one = analyse (rows, n, FALSE, &one_well);
  other = analyse (rows, n, TRUE, &other_well);
  g_assert_true (one_well == other_well);
  if (!one_well)
    return 0;
  assert_same (one, other);
  assert_conserved (one, n);
  tw_measure_utilisation (one, figures);
  tw_measure_heat (one, figures);
  tw_measure_dwell (one, figures);
  tw_measure_trend (one, figures);
  tw_measure_uptime (one, figures);
  assert_uptime (figures);
  return 0;
}
