/* SPDX-License-Identifier: Apache-2.0 */
/* Figures by hand: a year of 365 days has 525600 minutes. */
#include "payment/analytics/models/uptime.h"

#define MINUTE G_GINT64_CONSTANT (60)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define YEAR (365 * DAY)
#define START (20454 * DAY) /* 2026-01-01 */

static TwUpSpan
span (gint64 from, gint64 to, TwUpState state)
{
  return (TwUpSpan) { { START + from, START + to }, state, FALSE };
}

static void
nevi_is_its_formula (void)
{
  TwUpSpan spans[] = {
    span (-DAY, 100 * DAY, TW_UP_AVAILABLE), span (100 * DAY, 110 * DAY, TW_UP_OUT_OF_ORDER),
    span (110 * DAY, 114 * DAY, TW_UP_INOPERATIVE), span (114 * DAY, 200 * DAY, TW_UP_CHARGING),
    span (200 * DAY, 200 * DAY + 100 * MINUTE, TW_UP_UNKNOWN),
    span (200 * DAY + 100 * MINUTE, YEAR + DAY, TW_UP_RESERVED),
  };
  TwUpPort port = { spans, G_N_ELEMENTS (spans) };
  TwUptimeNevi found = tw_uptime_nevi (&port, 1, START, START + YEAR);

  /* 14 days and 100 minutes: 20260 minutes. */
  g_assert_cmpint (found.refusal, ==, TW_REFUSAL_NONE);
  g_assert_cmpfloat (found.outage_min, ==, 20260);
  g_assert_cmpfloat (found.excluded_min, ==, 0);
  g_assert_cmpfloat_with_epsilon (found.percent, (525600 - 20260) / 525600.0 * 100, 1e-9);
  g_assert_cmpfloat (found.coverage, ==, 1);
  g_assert_cmpint (found.verdict, ==, TW_UPTIME_FAIL);
  spans[1].excluded = TRUE;
  spans[0].excluded = TRUE; /* not an outage: nothing to exclude */
  found = tw_uptime_nevi (&port, 1, START, START + YEAR);
  g_assert_cmpfloat (found.excluded_min, ==, 14400);
  g_assert_cmpfloat_with_epsilon (found.percent, (525600 - 5860) / 525600.0 * 100, 1e-9);
  g_assert_cmpint (found.verdict, ==, TW_UPTIME_PASS);
}

/* 97 % exactly is not above 97 %: 3 % are 15768 minutes. */
static void
nevi_asks_for_more_than_97 (void)
{
  TwUpSpan spans[] = { span (0, 15768 * MINUTE, TW_UP_BLOCKED), span (15768 * MINUTE, YEAR, TW_UP_AVAILABLE) };
  TwUpPort port = { spans, 2 };

  g_assert_cmpint (tw_uptime_nevi (&port, 1, START, START + YEAR).verdict, ==, TW_UPTIME_FAIL);
  spans[0].span.end_s -= MINUTE;
  spans[1].span.start_s -= MINUTE;
  g_assert_cmpint (tw_uptime_nevi (&port, 1, START, START + YEAR).verdict, ==, TW_UPTIME_PASS);
}

static void
a_leap_year_keeps_its_525600 (void)
{
  TwUpSpan spans[] = { span (0, 10 * DAY, TW_UP_OUT_OF_ORDER), span (10 * DAY, YEAR + DAY, TW_UP_AVAILABLE) };
  TwUpPort port = { spans, 2 };
  TwUptimeNevi found = tw_uptime_nevi (&port, 1, START, START + YEAR + DAY);

  g_assert_true (found.leap);
  g_assert_cmpfloat_with_epsilon (found.percent, (525600 - 14400) / 525600.0 * 100, 1e-9);
  g_assert_cmpfloat (found.coverage, ==, 1);
  g_assert_false (tw_uptime_nevi (&port, 1, START, START + YEAR).leap);
  spans[1].state = TW_UP_OUT_OF_ORDER;
  g_assert_cmpfloat (tw_uptime_nevi (&port, 1, START, START + YEAR + DAY).percent, ==, 0);
}

static void
less_than_twelve_months_are_no_pass (void)
{
  TwUpSpan spans[] = { span (YEAR - 73 * DAY, YEAR, TW_UP_AVAILABLE) };
  TwUpPort port = { spans, 1 };
  TwUptimeNevi found = tw_uptime_nevi (&port, 1, START, START + YEAR);

  g_assert_cmpfloat_with_epsilon (found.coverage, 0.2, 1e-12);
  g_assert_cmpfloat (found.percent, ==, 100);
  g_assert_cmpint (found.verdict, ==, TW_UPTIME_NOT_COVERED);
  /* A short window is no year either. */
  found = tw_uptime_nevi (&port, 1, START + YEAR - 73 * DAY, START + YEAR);
  g_assert_cmpfloat_with_epsilon (found.coverage, 0.2, 1e-12);
  g_assert_cmpint (found.verdict, ==, TW_UPTIME_NOT_COVERED);
  g_assert_cmpint (tw_uptime_uk (&port, 1, START + YEAR - 73 * DAY, START + YEAR).verdict, ==, TW_UPTIME_NOT_COVERED);
}

static void
a_site_is_the_sum_of_its_ports (void)
{
  TwUpSpan bad[] = { span (0, 20 * DAY, TW_UP_OUT_OF_ORDER), span (20 * DAY, YEAR, TW_UP_AVAILABLE) };
  TwUpSpan good[] = { span (0, YEAR, TW_UP_AVAILABLE) };
  TwUpPort ports[] = { { bad, 2 }, { good, 1 } };
  TwUptimeNevi found = tw_uptime_nevi (ports, 2, START, START + YEAR);

  g_assert_cmpfloat_with_epsilon (found.percent, (2 * 525600 - 28800) / (2 * 525600.0) * 100, 1e-9);
}

/* Open from 8 to 18 on every day; out of order on one day from 6 to 10. */
static void
closed_hours_are_no_outage (void)
{
  TwSpan open[365];
  TwUpSpan spans[] = {
    span (0, 6 * HOUR, TW_UP_AVAILABLE), span (6 * HOUR, 10 * HOUR, TW_UP_OUT_OF_ORDER),
    span (10 * HOUR, YEAR, TW_UP_AVAILABLE),
  };
  TwUpPort port = { spans, 3, open, 365 };
  TwUptimeNevi nevi;
  TwUptimeUk uk;

  for (guint i = 0; i < 365; i++)
    open[i] = (TwSpan) { START + i * DAY + 8 * HOUR, START + i * DAY + 18 * HOUR };
  nevi = tw_uptime_nevi (&port, 1, START, START + YEAR);
  g_assert_cmpfloat (nevi.outage_min, ==, 240);
  g_assert_cmpfloat (nevi.excluded_min, ==, 120);
  uk = tw_uptime_uk (&port, 1, START, START + YEAR);
  g_assert_cmpfloat (uk.open_h, ==, 3650);
  g_assert_cmpfloat_with_epsilon (uk.percent, 3648 / 3650.0 * 100, 1e-9);
  g_assert_cmpfloat (uk.coverage, ==, 1);
  g_assert_cmpint (uk.verdict, ==, TW_UPTIME_PASS);
}

/* 300 days up, 40 unknown, 20 blocked, 5 broken. */
static void
the_uk_counts_unknown_as_reliable_and_we_do_not (void)
{
  TwUpSpan spans[] = {
    span (0, 100 * DAY, TW_UP_AVAILABLE), span (100 * DAY, 200 * DAY, TW_UP_CHARGING),
    span (200 * DAY, 300 * DAY, TW_UP_RESERVED), span (300 * DAY, 340 * DAY, TW_UP_UNKNOWN),
    span (340 * DAY, 360 * DAY, TW_UP_BLOCKED), span (360 * DAY, 362 * DAY, TW_UP_OUT_OF_ORDER),
    span (362 * DAY, YEAR, TW_UP_INOPERATIVE),
  };
  TwUpPort port = { spans, G_N_ELEMENTS (spans) };
  TwUptimeUk found = tw_uptime_uk (&port, 1, START, START + YEAR);

  g_assert_cmpfloat_with_epsilon (found.percent, 360 / 365.0 * 100, 1e-9);
  g_assert_cmpfloat_with_epsilon (found.strict_percent, 300 / 305.0 * 100, 1e-9);
  g_assert_cmpint (found.verdict, ==, TW_UPTIME_FAIL);
  /* What is removed is no port. */
  spans[5].state = spans[6].state = TW_UP_ABSENT;
  found = tw_uptime_uk (&port, 1, START, START + YEAR);
  g_assert_cmpfloat (found.percent, ==, 100);
  g_assert_cmpfloat (found.coverage, ==, 1);
  g_assert_cmpfloat (found.open_h, ==, 360 * 24);
  g_assert_cmpint (found.verdict, ==, TW_UPTIME_PASS);
  spans[0].state = spans[1].state = spans[2].state = TW_UP_UNKNOWN;
  found = tw_uptime_uk (&port, 1, START, START + YEAR);
  g_assert_false (found.strict_known);
  g_assert_cmpfloat (found.strict_percent, ==, 0);
}

static void
one_means_of_payment_is_enough (void)
{
  TwSpan card[] = { { 0, 10 }, { 20, 30 } }, qr[] = { { 5, 15 }, { 40, 50 } };
  TwSpan observed[] = { { 0, 22 }, { 22, 45 }, { 60, 65 } };
  const TwSpan *means[] = { card, qr, NULL };
  gsize n_spans[] = { 2, 2, 0 };
  TwUptimePayment found = tw_uptime_payment (means, n_spans, 3, observed, 3);

  /* 0–15, 20–30 and 40–45 of 50 seconds. */
  g_assert_cmpint (found.refusal, ==, TW_REFUSAL_NONE);
  g_assert_cmpfloat_with_epsilon (found.percent, 60, 1e-9);
  g_assert_cmpfloat_with_epsilon (found.observed_h, 50 / 3600.0, 1e-12);
  found = tw_uptime_payment (NULL, NULL, 0, observed, 3);
  g_assert_cmpfloat (found.percent, ==, 0);
  g_assert_cmpint (tw_uptime_payment (means, n_spans, 3, NULL, 0).refusal, ==, TW_REFUSAL_EMPTY);
  qr[1].start_s = 14;
  g_assert_cmpint (tw_uptime_payment (means, n_spans, 3, observed, 3).refusal, ==, TW_REFUSAL_OVERLAP);
  qr[1] = (TwSpan) { 50, 40 };
  g_assert_cmpint (tw_uptime_payment (means, n_spans, 3, observed, 3).refusal, ==, TW_REFUSAL_BAD_INPUT);
}

static TwRefusal
refusal_of (const TwUpPort *ports, gsize n, gint64 from, gint64 to)
{
  TwUptimeNevi nevi = tw_uptime_nevi (ports, n, from, to);
  TwUptimeUk uk = tw_uptime_uk (ports, n, from, to);

  g_assert_true (nevi.refusal == TW_REFUSAL_NONE || (nevi.percent <= 0 && nevi.coverage <= 0));
  g_assert_true (uk.refusal == TW_REFUSAL_NONE || (uk.percent <= 0 && uk.coverage <= 0));
  return uk.refusal;
}

static void
hostile_spans_are_refused (void)
{
  TwUpSpan spans[] = { span (0, 10, TW_UP_AVAILABLE), span (5, 20, TW_UP_AVAILABLE) };
  TwUpPort port = { spans, 2 }, none = { NULL, 0 };

  g_assert_cmpint (refusal_of (&port, 1, START, START + YEAR), ==, TW_REFUSAL_OVERLAP);
  g_assert_cmpint (refusal_of (&none, 1, START, START + YEAR), ==, TW_REFUSAL_EMPTY);
  g_assert_cmpint (refusal_of (NULL, 0, START, START + YEAR), ==, TW_REFUSAL_EMPTY);
  port.n_spans = 1;
  g_assert_cmpint (refusal_of (&port, 1, START, START + YEAR), ==, TW_REFUSAL_NONE);
  g_assert_cmpint (refusal_of (&port, 1, START, START), ==, TW_REFUSAL_EMPTY);
  g_assert_cmpint (refusal_of (&port, 1, START + YEAR, START), ==, TW_REFUSAL_BAD_INPUT);
  g_assert_cmpint (refusal_of (&port, 1, START, START + 367 * DAY), ==, TW_REFUSAL_BAD_INPUT);
  g_assert_cmpint (refusal_of (&port, 1, G_MININT64, G_MAXINT64), ==, TW_REFUSAL_BAD_INPUT);
  spans[0].span = (TwSpan) { G_MININT64, G_MAXINT64 };
  g_assert_cmpint (refusal_of (&port, 1, START, START + YEAR), ==, TW_REFUSAL_BAD_INPUT);
  spans[0] = span (20, 10, TW_UP_AVAILABLE);
  g_assert_cmpint (refusal_of (&port, 1, START, START + YEAR), ==, TW_REFUSAL_BAD_INPUT);
  spans[0] = span (0, 10, (TwUpState) 99);
  g_assert_cmpint (refusal_of (&port, 1, START, START + YEAR), ==, TW_REFUSAL_BAD_INPUT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/models/uptime/nevi-is-its-formula", nevi_is_its_formula);
  g_test_add_func ("/models/uptime/nevi-asks-for-more-than-97", nevi_asks_for_more_than_97);
  g_test_add_func ("/models/uptime/a-leap-year-keeps-its-525600", a_leap_year_keeps_its_525600);
  g_test_add_func ("/models/uptime/less-than-twelve-months-are-no-pass", less_than_twelve_months_are_no_pass);
  g_test_add_func ("/models/uptime/a-site-is-the-sum-of-its-ports", a_site_is_the_sum_of_its_ports);
  g_test_add_func ("/models/uptime/closed-hours-are-no-outage", closed_hours_are_no_outage);
  g_test_add_func ("/models/uptime/the-uk-counts-unknown-as-reliable-and-we-do-not",
                   the_uk_counts_unknown_as_reliable_and_we_do_not);
  g_test_add_func ("/models/uptime/one-means-of-payment-is-enough", one_means_of_payment_is_enough);
  g_test_add_func ("/models/uptime/hostile-spans-are-refused", hostile_spans_are_refused);
  return g_test_run ();
}
