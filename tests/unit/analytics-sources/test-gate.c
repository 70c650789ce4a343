/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/analytics/quality.h"

#include <string.h>

#define HOUR_US (G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC)
#define NOON_US (G_GINT64_CONSTANT (1772366400) * G_USEC_PER_SEC)      /* date -d 2026-03-01T12:00Z +%s */

static TwText
text (const char *of)
{
  return (TwText) { of, (guint32) strlen (of) };
}

/* A session without anything to say about it. */
static TwSessionRow
given_row (const char *id)
{
  return (TwSessionRow) {
    .line = 2, .session = text (id), .site = text ("north"), .evse = text ("E1"), .connector = text ("1"),
    .zone = text ("Europe/Berlin"), .plug_in = NOON_US, .plug_out = NOON_US + 2 * HOUR_US, .charge_start = NOON_US,
    .charge_end = NOON_US + HOUR_US, .occupied_s = 7200, .charging_s = 3600, .energy_wh = 10000, .max_power_w = 11000,
    .rated_power_w = 11000, .customer = 77, .currency = "EUR", .price_minor = 500, .tax_minor = TW_UNKNOWN,
    .captured_minor = 500, .refunded_minor = TW_UNKNOWN, .fee_minor = TW_UNKNOWN, .chargeback_minor = TW_UNKNOWN,
    .held_minor = TW_UNKNOWN, .held_from = TW_UNKNOWN, .held_until = TW_UNKNOWN, .tap_at = TW_UNKNOWN,
    .answered_at = TW_UNKNOWN,
  };
}

/* Names of the flags, in their order. */
static char *
flags_of (guint32 flags)
{
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < TW_N_FLAGS; i++)
    if (flags & 1u << i)
      g_string_append_printf (names, "%s%s", names->len ? " " : "", tw_flag_name (i));
  return g_string_free (names, FALSE);
}

static char *
judge (TwSessionRow row)
{
  g_autoptr (TwCopies) copies = tw_copies_new ();
  g_autoptr (TwGate) gate = tw_gate_new (copies, "a.csv", NOON_US + 24 * HOUR_US);
  gboolean used = tw_gate_session (gate, &row);
  const TwQuality *quality = tw_gate_quality (gate);

  g_assert_cmpuint (quality->n_read, ==, 1);
  g_assert_cmpuint (quality->n_used, ==, used);
  g_assert_cmpuint (quality->n_left_out, ==, !used);
  for (guint i = 0; i < TW_N_FLAGS; i++)
    {
      g_assert_cmpuint (quality->n[i], ==, (row.flags & 1u << i) != 0);
      g_assert_cmpuint (quality->lines[i]->len, ==, quality->n[i]);
      if (row.flags & 1u << i && tw_flag_leaves_out (i))
        g_assert_false (used);
    }
  return flags_of (row.flags);
}

#define JUDGED(expected, ...) \
  G_STMT_START { \
    TwSessionRow row = given_row ("s1"); \
    g_autofree char *found = NULL; \
    __VA_ARGS__; \
    found = judge (row); \
    g_assert_cmpstr (found, ==, expected); \
  } G_STMT_END

static void
test_times (void)
{
  JUDGED ("");
  JUDGED ("no_start", row.plug_in = TW_UNKNOWN);
  JUDGED ("ends_before_start charged_longer", row.plug_out = NOON_US - 1, row.occupied_s = 0);
  JUDGED ("ends_before_start", row.charge_end = NOON_US - 1, row.charging_s = 0);
  JUDGED ("", row.plug_out = NOON_US + 24 * HOUR_US, row.occupied_s = TW_UNKNOWN);
  JUDGED ("year_impossible", row.plug_out = NOON_US + 24 * HOUR_US + 1, row.occupied_s = TW_UNKNOWN);
  JUDGED ("year_impossible very_long", row.plug_in = G_GINT64_CONSTANT (-61000000000) * G_USEC_PER_SEC,
          row.occupied_s = TW_UNKNOWN);
  JUDGED ("", row.occupied_s = 7200 + 120);
  JUDGED ("duration_differs", row.occupied_s = 7200 + 121);
  JUDGED ("duration_differs", row.charging_s = 3600 - 121);
  JUDGED ("charged_longer", row.charge_end = row.plug_out + 60 * G_USEC_PER_SEC, row.charging_s = 7260);
  JUDGED ("charged_longer", row.charge_start = NOON_US - 1);
  JUDGED ("charge_end_unknown", row.charge_end = row.charging_s = TW_UNKNOWN);
  JUDGED ("", row.charge_end = TW_UNKNOWN);
  JUDGED ("open", row.plug_out = TW_UNKNOWN);
  JUDGED ("very_short", row.plug_out = row.charge_end = NOON_US + 59 * G_USEC_PER_SEC, row.energy_wh = 600,
          row.rated_power_w = TW_UNKNOWN, row.occupied_s = row.charging_s = 59);
  JUDGED ("very_long", row.plug_in -= 47 * HOUR_US, row.occupied_s = TW_UNKNOWN);
  /* And no overflow on the way. */
  JUDGED ("year_impossible duration_differs very_long", row.plug_in = G_MININT64 + 1);
}

static void
test_energy_and_money (void)
{
  JUDGED ("energy_negative", row.energy_wh = -1);
  JUDGED ("energy_zero", row.energy_wh = 0);
  JUDGED ("energy_tiny", row.energy_wh = 499);
  JUDGED ("", row.energy_wh = 500);
  JUDGED ("", row.energy_wh = 250000, row.rated_power_w = TW_UNKNOWN);
  JUDGED ("energy_huge", row.energy_wh = 250001, row.rated_power_w = TW_UNKNOWN);
  JUDGED ("", row.energy_wh = 12100);                                      /* 110 % of 11 kW for an hour */
  JUDGED ("power_too_high", row.energy_wh = 12101);
  JUDGED ("", row.energy_wh = TW_UNKNOWN);
  JUDGED ("customer_unknown", row.customer = 0);
  JUDGED ("no_money", row.currency[0] = '\0');
  JUDGED ("no_money", row.price_minor = row.captured_minor = TW_UNKNOWN);
  JUDGED ("", row.price_minor = TW_UNKNOWN);
  JUDGED ("zone_assumed century_repaired",
          row.flags = 1u << TW_FLAG_ZONE_ASSUMED | 1u << TW_FLAG_CENTURY_REPAIRED | 1u << TW_FLAG_OVERLAP);
}

static void
pass (TwGate     *gate,
      const char *id,
      guint64     line,
      gint64      energy_wh)
{
  TwSessionRow row = given_row (id);

  row.line = line;
  row.energy_wh = energy_wh;
  tw_gate_session (gate, &row);
}

static char *
told (const TwQuality *quality,
      TwFlag           flag)
{
  GString *text = g_string_new (NULL);

  g_string_printf (text, "%" G_GUINT64_FORMAT ":", quality->n[flag]);
  for (guint i = 0; i < quality->lines[flag]->len; i++)
    {
      const TwQualityLine *line = quality->lines[flag]->pdata[i];

      g_string_append_printf (text, " %s:%" G_GUINT64_FORMAT, line->source, line->line);
    }
  return g_string_free (text, FALSE);
}

/* Three copies, an id with two other rows, in both orders and through one gate or two: always the same is told. */
static void
test_copies_are_the_same_in_any_order (void)
{
  static const struct { const char *id; guint64 line; gint64 wh; } rows[] = {
    { "a", 2, 1000 }, { "a", 3, 2000 }, { "b", 4, 1000 }, { "a", 5, 1000 }, { "a", 90, 2000 }, { "a", 91, 3000 },
    { "", 6, 1000 }, { "", 7, 1000 }, { "", 8, 1001 },
  };
  const guint n = G_N_ELEMENTS (rows);

  for (guint round = 0; round < 4; round++)
    {
      g_autoptr (TwCopies) copies = tw_copies_new ();
      g_autoptr (TwGate) one = tw_gate_new (copies, "a.csv", TW_UNKNOWN);
      g_autoptr (TwGate) two = tw_gate_new (copies, "a.csv", TW_UNKNOWN);
      g_autoptr (TwQuality) all = tw_quality_new ();
      g_autofree char *duplicates = NULL, *reused = NULL;

      for (guint k = 0; k < n; k++)
        {
          guint i = round & 1 ? n - 1 - k : k;

          pass (round & 2 && i >= n / 2 ? two : one, rows[i].id, rows[i].line, rows[i].wh);
        }
      tw_quality_merge (all, tw_gate_quality (two));
      tw_quality_merge (all, tw_gate_quality (one));
      g_assert_cmpuint (all->n_read, ==, 9);
      g_assert_cmpuint (all->n_left_out, ==, 3);
      g_assert_cmpuint (all->n_used, ==, 6);
      duplicates = told (all, TW_FLAG_EXACT_DUPLICATE);
      reused = told (all, TW_FLAG_ID_REUSED);
      g_assert_cmpstr (duplicates, ==, "3: a.csv:5 a.csv:7 a.csv:90");
      g_assert_cmpuint (all->n[TW_FLAG_ID_REUSED], ==, 2);
      if (round != 3 && round != 1)
        g_assert_cmpstr (reused, ==, "2: a.csv:3 a.csv:91");
    }
}

static void
test_many_rows_are_kept_apart (void)
{
  g_autoptr (TwCopies) copies = tw_copies_new ();
  g_autoptr (TwGate) gate = tw_gate_new (copies, "a.csv", TW_UNKNOWN);
  const TwQuality *quality = tw_gate_quality (gate);

  for (guint i = 0; i < 200000; i++)
    {
      g_autofree char *id = g_strdup_printf ("S%u", i % 150000);

      pass (gate, id, i + 2, i / 150000 == 1 && i % 2 ? 2000 : 1000);
    }
  g_assert_cmpuint (quality->n[TW_FLAG_EXACT_DUPLICATE], ==, 25000);
  g_assert_cmpuint (quality->n[TW_FLAG_ID_REUSED], ==, 25000);
  g_assert_cmpuint (quality->lines[TW_FLAG_EXACT_DUPLICATE]->len, ==, TW_QUALITY_LINES);
  g_assert_cmpuint (tw_copies_bytes (copies), <, 200000 * 20);
}

/* An id that is always the same is no reason to become slow: each row is looked up by its own content. */
static void
test_one_id_for_all_rows (void)
{
  g_autoptr (TwCopies) copies = tw_copies_new ();
  g_autoptr (TwGate) gate = tw_gate_new (copies, "a.csv", TW_UNKNOWN);
  const TwQuality *quality = tw_gate_quality (gate);

  for (guint i = 0; i < 100000; i++)
    pass (gate, "same", i + 2, i / 2);
  g_assert_cmpuint (quality->n[TW_FLAG_EXACT_DUPLICATE], ==, 50000);
  g_assert_cmpuint (quality->n[TW_FLAG_ID_REUSED], ==, 49999);
}

static void
test_refused_lines_are_counted (void)
{
  g_autoptr (TwCopies) copies = tw_copies_new ();
  g_autoptr (TwGate) gate = tw_gate_new (copies, "a.csv", TW_UNKNOWN);
  const TwQuality *quality = tw_gate_quality (gate);

  for (guint i = 0; i < 30; i++)
    tw_gate_refuse (gate, i + 2, "column \"energy_kwh\": \"x\" is not a number");
  g_assert_cmpuint (quality->n_read, ==, 30);
  g_assert_cmpuint (quality->n_left_out, ==, 30);
  g_assert_cmpuint (quality->lines[TW_FLAG_REFUSED]->len, ==, TW_QUALITY_LINES);
  g_assert_cmpstr (((TwQualityLine *) quality->lines[TW_FLAG_REFUSED]->pdata[0])->text, ==,
                   "column \"energy_kwh\": \"x\" is not a number");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/analytics/gate/times-that-cannot-be-are-told", test_times);
  g_test_add_func ("/analytics/gate/energy-and-money-that-cannot-be-are-told", test_energy_and_money);
  g_test_add_func ("/analytics/gate/copies-are-the-same-in-any-order", test_copies_are_the_same_in_any_order);
  g_test_add_func ("/analytics/gate/many-rows-are-kept-apart", test_many_rows_are_kept_apart);
  g_test_add_func ("/analytics/gate/one-id-for-all-rows", test_one_id_for_all_rows);
  g_test_add_func ("/analytics/gate/refused-lines-are-counted", test_refused_lines_are_counted);
  return g_test_run ();
}
