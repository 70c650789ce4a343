/* SPDX-License-Identifier: Apache-2.0 */
#include "app/metrics/exposition.h"

#include <stdarg.h>
#include <string.h>

struct _TwExposition
{
  TwDialect    dialect;
  gint64       created_us;
  GString     *text;
  const char  *name;      /* of the family */
  TwMetricType type;
};

void
tw_histogram_add (TwHistogram *self,
                  gint64       us)
{
  guint i = 0;

  while (self->bounds[i] != 0 && us > self->bounds[i])
    i++;
  self->counts[i]++;
  self->sum_us += us;
}

TwExposition *
tw_exposition_new (TwDialect dialect,
                   gint64    created_us)
{
  TwExposition *self = g_new0 (TwExposition, 1);

  self->dialect = dialect;
  self->created_us = created_us;
  self->text = g_string_new (NULL);
  return self;
}

void
tw_exposition_free (TwExposition *self)
{
  g_string_free (self->text, TRUE);
  g_free (self);
}

GBytes *
tw_exposition_finish (TwExposition *self)
{
  GString *text = self->text;

  if (self->dialect == TW_DIALECT_OPEN_METRICS)
    g_string_append (text, "# EOF\n");
  self->text = g_string_new (NULL);
  return g_string_free_to_bytes (text);
}

/* OpenMetrics 1.0, "Content types"; Prometheus, "Exposition formats". */
const char *
tw_dialect_content_type (TwDialect dialect)
{
  return dialect == TW_DIALECT_OPEN_METRICS ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
                                            : "text/plain; version=0.0.4; charset=utf-8";
}

/* In the older format a family is called as its samples are, and there is neither a unit nor an info. */
void
tw_exposition_family (TwExposition *self,
                      TwMetricType  type,
                      const char   *name,
                      const char   *unit,
                      const char   *help)
{
  static const char *const types[] = { "gauge", "counter", "histogram", "info" };
  static const char *const suffixes[] = { "", "_total", "", "_info" };
  gboolean open = self->dialect == TW_DIALECT_OPEN_METRICS;
  const char *suffix = open ? "" : suffixes[type];

  self->name = name;
  self->type = type;
  g_string_append_printf (self->text, "# HELP %s%s %s\n", name, suffix, help);
  g_string_append_printf (self->text, "# TYPE %s%s %s\n", name, suffix,
                          type == TW_METRIC_INFO && !open ? "gauge" : types[type]);
  if (unit != NULL && open)
    g_string_append_printf (self->text, "# UNIT %s %s\n", name, unit);
}

static void
append_escaped (GString    *text,
                const char *value)
{
  for (; *value != '\0'; value++)
    if (*value == '\n')
      g_string_append (text, "\\n");
    else if (*value == '"' || *value == '\\')
      g_string_append_printf (text, "\\%c", *value);
    else
      g_string_append_c (text, *value);
}

/* "{a="b",c="d"}", or nothing. */
static char *
labels_of (va_list args)
{
  GString *text = g_string_new (NULL);

  for (const char *name = va_arg (args, const char *); name != NULL; name = va_arg (args, const char *))
    {
      g_string_append_printf (text, "%s%s=\"", text->len == 0 ? "{" : ",", name);
      append_escaped (text, va_arg (args, const char *));
      g_string_append_c (text, '"');
    }
  if (text->len > 0)
    g_string_append_c (text, '}');
  return g_string_free (text, FALSE);
}

static void
append_seconds (GString *text,
                gint64   us)
{
  g_string_append_printf (text, "%s%" G_GINT64_FORMAT ".%06d\n", us < 0 ? "-" : "", ABS (us / G_USEC_PER_SEC),
                          (int) ABS (us % G_USEC_PER_SEC));
}

static void
append_created (TwExposition *self,
                const char   *labels)
{
  if (self->dialect != TW_DIALECT_OPEN_METRICS)
    return;
  g_string_append_printf (self->text, "%s_created%s ", self->name, labels);
  append_seconds (self->text, self->created_us);
}

void
tw_exposition_count (TwExposition *self,
                     guint64       value,
                     ...)
{
  g_autofree char *labels = NULL;
  va_list args;

  g_assert (self->type == TW_METRIC_COUNTER);
  va_start (args, value);
  labels = labels_of (args);
  va_end (args);
  g_string_append_printf (self->text, "%s_total%s %" G_GUINT64_FORMAT "\n", self->name, labels, value);
  append_created (self, labels);
}

void
tw_exposition_value (TwExposition *self,
                     gint64        value,
                     ...)
{
  g_autofree char *labels = NULL;
  va_list args;

  g_assert (self->type == TW_METRIC_GAUGE || self->type == TW_METRIC_INFO);
  va_start (args, value);
  labels = labels_of (args);
  va_end (args);
  g_string_append_printf (self->text, "%s%s%s %" G_GINT64_FORMAT "\n", self->name,
                          self->type == TW_METRIC_INFO ? "_info" : "", labels, value);
}

void
tw_exposition_seconds (TwExposition *self,
                       gint64        us,
                       ...)
{
  g_autofree char *labels = NULL;
  va_list args;

  g_assert (self->type == TW_METRIC_GAUGE);
  va_start (args, us);
  labels = labels_of (args);
  va_end (args);
  g_string_append_printf (self->text, "%s%s ", self->name, labels);
  append_seconds (self->text, us);
}

/* "1.0", "0.25": a bound has one spelling only (OpenMetrics 1.0, "Histogram"). */
static char *
bound_text (gint64 us)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT ".%06d", us / G_USEC_PER_SEC,
                                           (int) (us % G_USEC_PER_SEC));
  gsize len = strlen (text);

  while (text[len - 1] == '0' && text[len - 2] != '.')
    len--;
  return g_strndup (text, len);
}

void
tw_exposition_histogram (TwExposition      *self,
                         const TwHistogram *histogram)
{
  guint64 n = 0;
  guint i;

  g_assert (self->type == TW_METRIC_HISTOGRAM);
  for (i = 0; histogram->bounds[i] != 0; i++)
    {
      g_autofree char *bound = bound_text (histogram->bounds[i]);

      n += histogram->counts[i];
      g_string_append_printf (self->text, "%s_bucket{le=\"%s\"} %" G_GUINT64_FORMAT "\n", self->name, bound, n);
    }
  n += histogram->counts[i];
  g_string_append_printf (self->text, "%s_bucket{le=\"+Inf\"} %" G_GUINT64_FORMAT "\n", self->name, n);
  g_string_append_printf (self->text, "%s_count %" G_GUINT64_FORMAT "\n%s_sum ", self->name, n, self->name);
  append_seconds (self->text, histogram->sum_us);
  append_created (self, "");
}
