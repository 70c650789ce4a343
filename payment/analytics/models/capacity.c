/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "payment/analytics/models/capacity.h"
#include "payment/analytics/models/erlang.h"

#define MOST 1e9
#define FULL 0.9 /* from here on a little more taken means any load */

static gboolean
is_number (double x)
{
  return isfinite (x) && x >= 0 && x <= MOST;
}

static TwRefusal
look_at (const TwCapacityCase *self)
{
  gsize n = (gsize) self->n_weeks * self->n_classes;

  if (n == 0 || self->ports == 0)
    return TW_REFUSAL_EMPTY;
  if (self->ports >= TW_ERLANG_PORTS || n > 10000000)
    return TW_REFUSAL_TOO_LARGE;
  if (!is_number (self->supply_kw) || !is_number (self->session_kw))
    return TW_REFUSAL_BAD_INPUT;
  for (gsize i = 0; i < n; i++)
    {
      const TwHourLoad *load = &self->loads[i];

      if (!is_number (load->hours) || !is_number (load->starts) || !is_number (load->turned) ||
          !is_number (load->occupied_h) || (load->hours <= 0 && load->starts + load->turned > 0))
        return TW_REFUSAL_BAD_INPUT;
    }
  return TW_REFUSAL_NONE;
}

/* How many sessions the supply serves at full power. */
static double
full_sessions (const TwCapacityCase *self)
{
  double none = self->ports + 1.0;

  if (self->supply_kw <= 0 || self->session_kw <= 0)
    return none;
  return CLAMP (self->supply_kw / self->session_kw, 1e-9, none);
}

static gboolean
solve (const TwCapacityCase *self, const TwHourLoad *sum, TwCapacityClass *class_)
{
  double busy, full = full_sessions (self);

  *class_ = (TwCapacityClass) { .hours = sum->hours };
  if (sum->hours <= 0 || sum->starts <= 0)
    return TRUE;
  busy = sum->occupied_h / sum->hours;
  class_->saturated = busy > FULL * self->ports;
  busy = MIN (busy, FULL * self->ports);
  if (tw_erlang_shared_offered (busy, self->ports, full, &class_->load) != TW_REFUSAL_NONE)
    return FALSE;
  if (tw_erlang_shared (class_->load, self->ports, full, &class_->blocked) != TW_REFUSAL_NONE ||
      tw_erlang_shared (class_->load, self->ports + 1, full, &class_->blocked_more) != TW_REFUSAL_NONE)
    return FALSE;
  class_->arrivals_per_h = sum->starts / sum->hours;
  if (self->turned_known)
    class_->arrivals_per_h += sum->turned / sum->hours;
  else
    class_->arrivals_per_h /= 1 - class_->blocked;
  return TRUE;
}

static TwHourLoad
sum_of (const TwCapacityCase *self, const guint32 *weeks, guint class_)
{
  TwHourLoad sum = { 0 };

  for (guint i = 0; i < self->n_weeks; i++)
    {
      const TwHourLoad *load = &self->loads[(gsize) weeks[i] * self->n_classes + class_];

      sum.hours += load->hours;
      sum.starts += load->starts;
      sum.turned += load->turned;
      sum.occupied_h += load->occupied_h;
    }
  return sum;
}

typedef struct { const TwCapacityCase *self; TwCapacityClass *classes; } Work;

/* values: lost, gained. */
static gboolean
of_weeks (gpointer data, const guint32 *weeks, double *values)
{
  Work *work = data;

  values[0] = values[1] = 0;
  for (guint i = 0; i < work->self->n_classes; i++)
    {
      TwHourLoad sum = sum_of (work->self, weeks, i);
      TwCapacityClass class_;

      if (!solve (work->self, &sum, &class_))
        return FALSE;
      values[0] += class_.arrivals_per_h * class_.hours * class_.blocked;
      values[1] += class_.arrivals_per_h * class_.hours * (class_.blocked - class_.blocked_more);
      if (work->classes != NULL)
        work->classes[i] = class_;
    }
  return TRUE;
}

TwCapacity
tw_capacity (const TwCapacityCase *self, const TwBootstrap *boot, TwCapacityClass *classes)
{
  TwCapacity found = { .refusal = look_at (self) };
  g_autofree TwCapacityClass *own = NULL;
  g_autofree guint32 *as_is = NULL;
  TwEstimate estimates[2];
  double values[2];

  if (found.refusal != TW_REFUSAL_NONE)
    return found;
  if (classes == NULL)
    classes = own = g_new (TwCapacityClass, self->n_classes);
  as_is = g_new (guint32, self->n_weeks);
  for (guint i = 0; i < self->n_weeks; i++)
    as_is[i] = i;
  if (!of_weeks (&(Work) { self, classes }, as_is, values))
    found.refusal = TW_REFUSAL_TOO_LARGE;
  else
    found.refusal = tw_bootstrap (boot, &self->n_weeks, 1, of_weeks, &(Work) { self, NULL }, 2, estimates);
  if (found.refusal != TW_REFUSAL_NONE)
    return found;
  for (guint i = 0; i < self->n_classes; i++)
    found.n_saturated += classes[i].saturated;
  found.lost = estimates[0];
  found.gained = estimates[1];
  return found;
}
