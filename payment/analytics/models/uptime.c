/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "payment/analytics/models/uptime.h"

#define MOST_S (G_GINT64_CONSTANT (1) << 48)
#define DAY_S G_GINT64_CONSTANT (86400)
#define CLOCKS_S (2 * 3600)     /* two years' clocks may differ by this much at the same time of the year */
#define YEAR_MIN 525600.0
#define UK_PERCENT 99.0

static gboolean
is_span (TwSpan span)
{
  return span.start_s >= -MOST_S && span.start_s <= span.end_s && span.end_s <= MOST_S;
}

static TwRefusal
look_at_order (TwSpan before, TwSpan span, gboolean first)
{
  if (!is_span (span))
    return TW_REFUSAL_BAD_INPUT;
  return !first && span.start_s < before.end_s ? TW_REFUSAL_OVERLAP : TW_REFUSAL_NONE;
}

static TwRefusal
look_at_spans (const TwSpan *spans, gsize n)
{
  TwRefusal refusal = TW_REFUSAL_NONE;

  for (gsize i = 0; i < n && refusal == TW_REFUSAL_NONE; i++)
    refusal = look_at_order (spans[i > 0 ? i - 1 : 0], spans[i], i == 0);
  return refusal;
}

static TwRefusal
look_at_port (const TwUpPort *port)
{
  TwRefusal refusal = look_at_spans (port->open, port->open != NULL ? port->n_open : 0);

  for (gsize i = 0; i < port->n_spans && refusal == TW_REFUSAL_NONE; i++)
    if ((guint) port->spans[i].state > TW_UP_ABSENT)
      refusal = TW_REFUSAL_BAD_INPUT;
    else
      refusal = look_at_order (port->spans[i > 0 ? i - 1 : 0].span, port->spans[i].span, i == 0);
  return refusal;
}

static TwRefusal
look_at (const TwUpPort *ports, gsize n, TwSpan window)
{
  TwRefusal refusal = TW_REFUSAL_NONE;

  if (!is_span (window) || window.end_s - window.start_s > 366 * DAY_S + CLOCKS_S)
    return TW_REFUSAL_BAD_INPUT;
  if (n == 0 || window.start_s == window.end_s)
    return TW_REFUSAL_EMPTY;
  if (n > 1000000)
    return TW_REFUSAL_TOO_LARGE;
  for (gsize i = 0; i < n && refusal == TW_REFUSAL_NONE; i++)
    refusal = look_at_port (&ports[i]);
  return refusal;
}

static TwSpan
cut (TwSpan span, TwSpan window)
{
  TwSpan inside = { MAX (span.start_s, window.start_s), MIN (span.end_s, window.end_s) };

  inside.end_s = MAX (inside.start_s, inside.end_s);
  return inside;
}

static gint64
length (TwSpan span)
{
  return span.end_s - span.start_s;
}

/* Seconds of span in those spans, of which *next is the first that may reach it. */
static gint64
length_within (TwSpan span, const TwSpan *spans, gsize n, gsize *next)
{
  gint64 sum = 0;

  while (*next < n && spans[*next].end_s <= span.start_s)
    (*next)++;
  for (gsize i = *next; i < n && spans[i].start_s < span.end_s; i++)
    sum += length (cut (spans[i], span));
  return sum;
}

typedef struct
{
  gint64 of_state[TW_UP_ABSENT + 1]; /* seconds in the window */
  gint64 open[TW_UP_ABSENT + 1];     /* of these in opening hours */
  gint64 outage, excluded;
  gint64 all_open;                     /* opening hours of the window, observed or not */
} Sums;

static gboolean
is_up (TwUpState state)
{
  return state == TW_UP_AVAILABLE || state == TW_UP_CHARGING || state == TW_UP_RESERVED;
}

static void
add_port (Sums *sums, const TwUpPort *port, TwSpan window)
{
  gsize next = 0, first = 0;

  sums->all_open += port->open == NULL ? length (window) : length_within (window, port->open, port->n_open, &first);
  for (gsize i = 0; i < port->n_spans; i++)
    {
      const TwUpSpan *span = &port->spans[i];
      TwSpan inside = cut (span->span, window);
      gint64 all = length (inside), open = all;

      if (all == 0)
        continue;
      if (port->open != NULL)
        open = length_within (inside, port->open, port->n_open, &next);
      sums->of_state[span->state] += all;
      sums->open[span->state] += open;
      if (is_up (span->state) || span->state == TW_UP_ABSENT)
        continue;
      sums->outage += all;
      sums->excluded += span->excluded ? all : all - open;
    }
}

static TwUptimeVerdict
judge (double coverage, gboolean passes)
{
  if (coverage < 1)
    return TW_UPTIME_NOT_COVERED;
  return passes ? TW_UPTIME_PASS : TW_UPTIME_FAIL;
}

TwUptimeNevi
tw_uptime_nevi (const TwUpPort *ports, gsize n, gint64 start_s, gint64 end_s)
{
  TwSpan window = { start_s, end_s };
  TwUptimeNevi found = { .refusal = look_at (ports, n, window) };
  Sums sums = { 0 };
  gint64 observed = 0, asked;

  if (found.refusal != TW_REFUSAL_NONE)
    return found;
  for (gsize i = 0; i < n; i++)
    add_port (&sums, &ports[i], window);
  for (guint state = 0; state < TW_UP_ABSENT; state++)
    observed += sums.of_state[state];
  asked = MAX (length (window), 365 * DAY_S) * (gint64) n;
  found.observed_s = observed;
  found.outage_s = sums.outage;
  found.excluded_s = sums.excluded;
  found.leap = length (window) == 366 * DAY_S;
  found.outage_min = (double) sums.outage / 60;
  found.excluded_min = (double) sums.excluded / 60;
  found.percent = (1 - (found.outage_min - found.excluded_min) / (YEAR_MIN * (double) n)) * 100;
  found.percent = MAX (found.percent, 0);
  found.coverage = observed == asked ? 1 : (double) observed / (double) asked;
  found.verdict = judge (found.coverage, found.percent > TW_UPTIME_NEVI_PERCENT);
  return found;
}

TwUptimeUk
tw_uptime_uk (const TwUpPort *ports, gsize n, gint64 start_s, gint64 end_s)
{
  TwSpan window = { start_s, end_s };
  TwUptimeUk found = { .refusal = look_at (ports, n, window) };
  Sums sums = { 0 };
  gint64 up, broken, there, observed;

  if (found.refusal != TW_REFUSAL_NONE)
    return found;
  for (gsize i = 0; i < n; i++)
    add_port (&sums, &ports[i], window);
  up = sums.open[TW_UP_AVAILABLE] + sums.open[TW_UP_CHARGING] + sums.open[TW_UP_RESERVED];
  broken = sums.open[TW_UP_INOPERATIVE] + sums.open[TW_UP_OUT_OF_ORDER];
  observed = up + broken + sums.open[TW_UP_UNKNOWN] + sums.open[TW_UP_BLOCKED];
  there = sums.all_open - sums.open[TW_UP_ABSENT];
  if (observed == 0)
    {
      found.refusal = TW_REFUSAL_EMPTY;
      return found;
    }
  found.open_s = there;
  found.open_h = (double) there / 3600;
  found.percent = (double) (observed - broken) / (double) observed * 100;
  found.strict_known = up + broken > 0;
  found.strict_percent = found.strict_known ? (double) up / (double) (up + broken) * 100 : 0;
  found.coverage = observed == there ? 1 : (double) observed / (double) there;
  found.verdict = judge (found.coverage, found.percent >= UK_PERCENT);
  if (length (window) < 365 * DAY_S - CLOCKS_S)
    found.verdict = TW_UPTIME_NOT_COVERED;
  return found;
}

static int
by_start (gconstpointer a, gconstpointer b)
{
  const TwSpan *left = a, *right = b;

  return (left->start_s > right->start_s) - (left->start_s < right->start_s);
}

/* Sorted spans to such that do not touch; how many. */
static gsize
unite (TwSpan *spans, gsize n)
{
  gsize last = 0;

  for (gsize i = 1; i < n; i++)
    if (spans[i].start_s <= spans[last].end_s)
      spans[last].end_s = MAX (spans[last].end_s, spans[i].end_s);
    else
      spans[++last] = spans[i];
  return n > 0 ? last + 1 : 0;
}

TwUptimePayment
tw_uptime_payment (const TwSpan *const *means, const gsize *n_spans, gsize n_means, const TwSpan *observed,
                   gsize n_observed)
{
  TwUptimePayment found = { .refusal = look_at_spans (observed, n_observed) };
  g_autoptr (GArray) able = g_array_new (FALSE, FALSE, sizeof (TwSpan));
  gint64 all = 0, sum = 0;
  gsize next = 0, n_able;

  for (gsize i = 0; i < n_means && found.refusal == TW_REFUSAL_NONE; i++)
    {
      found.refusal = look_at_spans (means[i], n_spans[i]);
      if (n_spans[i] > 100000000 - able->len)
        found.refusal = TW_REFUSAL_TOO_LARGE;
      else if (n_spans[i] > 0)
        g_array_append_vals (able, means[i], (guint) n_spans[i]);
    }
  if (found.refusal != TW_REFUSAL_NONE)
    return found;
  g_array_sort (able, by_start);
  n_able = able->len > 0 ? unite (&g_array_index (able, TwSpan, 0), able->len) : 0;
  for (gsize i = 0; i < n_observed; i++)
    {
      all += length (observed[i]);
      sum += length_within (observed[i], (const TwSpan *) (gconstpointer) able->data, n_able, &next);
    }
  if (all == 0)
    {
      found.refusal = TW_REFUSAL_EMPTY;
      return found;
    }
  found.observed_s = all;
  found.able_s = sum;
  found.observed_h = (double) all / 3600;
  found.percent = (double) sum / (double) all * 100;
  return found;
}
