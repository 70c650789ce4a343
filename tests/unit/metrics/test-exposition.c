/* SPDX-License-Identifier: Apache-2.0 */
/* The expected texts are written by hand from OpenMetrics 1.0 and Prometheus' "Exposition formats". That parsers of
 * others read whole pages is held by tests/integration/test_metrics.py. */
#include "app/metrics/exposition.h"

#include <string.h>

static void
assert_text (TwExposition *out,
             const char   *expected)
{
  g_autoptr (GBytes) bytes = tw_exposition_finish (out);
  g_autofree char *text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));

  g_assert_cmpstr (text, ==, expected);
}

static void
write_all (TwExposition *out)
{
  tw_exposition_family (out, TW_METRIC_COUNTER, "a_minor", "minor", "Money.");
  tw_exposition_count (out, G_GUINT64_CONSTANT (9007199254740993), "currency", "EUR", NULL);
  tw_exposition_family (out, TW_METRIC_GAUGE, "b_seconds", "seconds", "Time.");
  tw_exposition_seconds (out, 1500001, NULL);
  tw_exposition_seconds (out, -1500000, "x", "y", "z", "w", NULL);
  tw_exposition_family (out, TW_METRIC_INFO, "c", NULL, "Words.");
  tw_exposition_value (out, 1, "id", "say \"a\\b\"\n", NULL);
}

static void
test_open_metrics (void)
{
  g_autoptr (TwExposition) out = tw_exposition_new (TW_DIALECT_OPEN_METRICS, 1000000500000);

  write_all (out);
  assert_text (out,
               "# HELP a_minor Money.\n# TYPE a_minor counter\n# UNIT a_minor minor\n"
               "a_minor_total{currency=\"EUR\"} 9007199254740993\n"
               "a_minor_created{currency=\"EUR\"} 1000000.500000\n"
               "# HELP b_seconds Time.\n# TYPE b_seconds gauge\n# UNIT b_seconds seconds\n"
               "b_seconds 1.500001\n"
               "b_seconds{x=\"y\",z=\"w\"} -1.500000\n"
               "# HELP c Words.\n# TYPE c info\n"
               "c_info{id=\"say \\\"a\\\\b\\\"\\n\"} 1\n"
               "# EOF\n");
}

static void
test_older_text (void)
{
  g_autoptr (TwExposition) out = tw_exposition_new (TW_DIALECT_PROMETHEUS, 1000000500000);

  write_all (out);
  assert_text (out,
               "# HELP a_minor_total Money.\n# TYPE a_minor_total counter\n"
               "a_minor_total{currency=\"EUR\"} 9007199254740993\n"
               "# HELP b_seconds Time.\n# TYPE b_seconds gauge\n"
               "b_seconds 1.500001\n"
               "b_seconds{x=\"y\",z=\"w\"} -1.500000\n"
               "# HELP c_info Words.\n# TYPE c_info gauge\n"
               "c_info{id=\"say \\\"a\\\\b\\\"\\n\"} 1\n");
}

static void
test_histogram (void)
{
  static const gint64 bounds[] = { 2500, 1000000, 20000000, 0 };
  TwHistogram histogram = { .bounds = bounds };
  g_autoptr (TwExposition) out = tw_exposition_new (TW_DIALECT_OPEN_METRICS, 0);

  tw_histogram_add (&histogram, 2500);       /* on the bound: in it */
  tw_histogram_add (&histogram, 2501);
  tw_histogram_add (&histogram, 20000001);
  tw_exposition_family (out, TW_METRIC_HISTOGRAM, "d_seconds", "seconds", "Long.");
  tw_exposition_histogram (out, &histogram);
  assert_text (out,
               "# HELP d_seconds Long.\n# TYPE d_seconds histogram\n# UNIT d_seconds seconds\n"
               "d_seconds_bucket{le=\"0.0025\"} 1\n"
               "d_seconds_bucket{le=\"1.0\"} 2\n"
               "d_seconds_bucket{le=\"20.0\"} 2\n"
               "d_seconds_bucket{le=\"+Inf\"} 3\n"
               "d_seconds_count 3\n"
               "d_seconds_sum 20.005002\n"
               "d_seconds_created 0.000000\n"
               "# EOF\n");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/metrics/exposition/open-metrics-is-written-as-specified", test_open_metrics);
  g_test_add_func ("/metrics/exposition/the-older-text-is-written-as-specified", test_older_text);
  g_test_add_func ("/metrics/exposition/a-histogram-adds-up", test_histogram);
  return g_test_run ();
}
