/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "payment/analytics/models/erlang.h"

#define MOST_STEPS 128
#define CLOSE 1e-15

/* busy and square: means of the number of taken ports and of its square. */
typedef struct { double blocked, busy, square; } Shares;

/* Port by port; load / served stays in range, as both are bounded. */
static Shares
shares_of (double load, guint ports, double full)
{
  Shares shares = { 1, 0, 0 };

  for (guint j = 1; j <= ports; j++)
    {
      double taken = load / MIN (j, full) * shares.blocked;

      shares.blocked = taken / (1 + taken);
      shares.busy += (j - shares.busy) * shares.blocked;
      shares.square += ((double) j * j - shares.square) * shares.blocked;
    }
  return shares;
}

static double
blocked_share (double load, guint ports)
{
  return shares_of (load, ports, ports).blocked;
}

static TwRefusal
look_at (double load, guint ports)
{
  if (!isfinite (load) || load < 0)
    return TW_REFUSAL_BAD_INPUT;
  return load > TW_ERLANG_LOAD || ports > TW_ERLANG_PORTS ? TW_REFUSAL_TOO_LARGE : TW_REFUSAL_NONE;
}

TwRefusal
tw_erlang_b (double load, guint ports, double *blocked)
{
  TwRefusal refusal = look_at (load, ports);

  *blocked = refusal == TW_REFUSAL_NONE ? blocked_share (load, ports) : 0;
  return refusal;
}

TwQueue
tw_queue (double arrivals_per_h, double service_h, double cv, guint ports)
{
  double load = arrivals_per_h * service_h;
  TwQueue self = { .refusal = look_at (load, ports) };

  if (!isfinite (arrivals_per_h) || arrivals_per_h < 0 || !isfinite (service_h) || service_h <= 0 ||
      service_h > TW_ERLANG_LOAD || !isfinite (cv) || cv < 0 || cv > 1e6)
    self.refusal = TW_REFUSAL_BAD_INPUT;
  else if (ports == 0)
    self.refusal = TW_REFUSAL_EMPTY;
  if (self.refusal != TW_REFUSAL_NONE)
    return self;
  self.use = load / ports;
  self.blocked = blocked_share (load, ports);
  self.service_h = service_h;
  self.spare = ports - load;
  if (self.use >= 1)
    {
      self.refusal = TW_REFUSAL_UNSTABLE;
      return self;
    }
  self.waits = self.blocked / (1 - self.use * (1 - self.blocked));
  self.mean_wait_h = self.waits * service_h / self.spare * (1 + cv * cv) / 2;
  return self;
}

double
tw_queue_longer (const TwQueue *self, double t_h)
{
  if (self->refusal != TW_REFUSAL_NONE || isnan (t_h))
    return 0;
  return t_h <= 0 ? self->waits : self->waits * exp (-self->spare * t_h / self->service_h);
}

TwRefusal
tw_erlang_shared (double load, guint ports, double full, double *blocked)
{
  TwRefusal refusal = full >= 1e-9 ? look_at (load, ports) : TW_REFUSAL_BAD_INPUT;

  *blocked = refusal == TW_REFUSAL_NONE ? shares_of (load, ports, full).blocked : 0;
  return refusal;
}

/* What is busy grows with what is offered, by its variance / load: the shares of the states go with the load's powers.
 * So Newton's steps find it, and where one leads out of what is left, halving. Without sharing 50 m keep more than 98 %
 * busy; with it all the more. */
static double
offered (double busy, guint ports, double full)
{
  double low = 0, high = 50.0 * ports + 50, load = MIN (busy, high);

  for (guint i = 0; i < MOST_STEPS; i++)
    {
      Shares shares = shares_of (load, ports, full);
      double next, lack = busy - shares.busy, spread = shares.square - shares.busy * shares.busy;

      if (lack > 0)
        low = load;
      else
        high = load;
      next = load + lack * load / spread;
      if (!(next >= low && next <= high))
        next = (low + high) / 2;
      if (fabs (next - load) <= CLOSE * load)
        return next;
      load = next;
    }
  return load;
}

TwRefusal
tw_erlang_shared_offered (double busy, guint ports, double full, double *load)
{
  TwRefusal refusal = full >= 1e-9 ? look_at (busy, ports) : TW_REFUSAL_BAD_INPUT;

  *load = 0;
  if (refusal != TW_REFUSAL_NONE || busy <= 0)
    return refusal;
  if (busy > 0.98 * ports)
    return TW_REFUSAL_UNSTABLE;
  *load = offered (busy, ports, full);
  return TW_REFUSAL_NONE;
}

TwRefusal
tw_erlang_offered (double carried, guint ports, double *load)
{
  return tw_erlang_shared_offered (carried, ports, ports + 1.0, load);
}

double
tw_erlang_misfit (double predicted, double measured)
{
  double more = MAX (predicted, measured), less = MIN (predicted, measured);

  if (!isfinite (predicted) || !isfinite (measured) || less < 0)
    return G_MAXDOUBLE;
  if (more <= 0)
    return 1;
  return less * 1e300 > more ? more / less : G_MAXDOUBLE;
}
