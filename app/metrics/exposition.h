/* SPDX-License-Identifier: Apache-2.0 */
/* Text that collectors read: OpenMetrics 1.0, or, for who does not ask for that, Prometheus' older text format 0.0.4.
 * A family is begun, then its samples follow. Values are whole numbers, or seconds with six decimals: no float touches
 * them. Pure. One thread at a time.
 *
 *   tw_exposition_family (out, TW_METRIC_COUNTER, "tapwatt_money_captured_minor", "minor", "Captured.");
 *   tw_exposition_count (out, 1234, "currency", "EUR", NULL);
 */
#pragma once

#include <glib.h>

typedef enum { TW_DIALECT_OPEN_METRICS, TW_DIALECT_PROMETHEUS } TwDialect;
typedef enum { TW_METRIC_GAUGE, TW_METRIC_COUNTER, TW_METRIC_HISTOGRAM, TW_METRIC_INFO } TwMetricType;

#define TW_HISTOGRAM_MOST 12

/* bounds: of the buckets, microseconds, rising, ended by 0. counts: of what is not above each, and at the end of all
 * else; not cumulative. */
typedef struct
{
  const gint64 *bounds;
  guint64       counts[TW_HISTOGRAM_MOST + 1];
  gint64        sum_us;
} TwHistogram;

void tw_histogram_add (TwHistogram *self, gint64 us);

typedef struct _TwExposition TwExposition;

/* created_us: wall time since which is counted. */
TwExposition *tw_exposition_new (TwDialect dialect, gint64 created_us);
void          tw_exposition_free (TwExposition *self);
GBytes       *tw_exposition_finish (TwExposition *self);
const char   *tw_dialect_content_type (TwDialect dialect);

/* name without _total or _info, ending with the unit if there is one (unit NULL: none). help: a line, no backslash. */
void tw_exposition_family (TwExposition *self, TwMetricType type, const char *name, const char *unit, const char *help);
/* A sample each; then pairs of a label's name and value, ended by NULL. The family's type says which may be called. */
void tw_exposition_count (TwExposition *self, guint64 value, ...) G_GNUC_NULL_TERMINATED;
void tw_exposition_value (TwExposition *self, gint64 value, ...) G_GNUC_NULL_TERMINATED;     /* gauge, info */
void tw_exposition_seconds (TwExposition *self, gint64 us, ...) G_GNUC_NULL_TERMINATED;      /* gauge */
void tw_exposition_histogram (TwExposition *self, const TwHistogram *histogram);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwExposition, tw_exposition_free)
