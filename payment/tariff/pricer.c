/* SPDX-License-Identifier: Apache-2.0 */
/* Walks along what the meter says and stops wherever another component may have to be chosen: where local time, the
 * session's age or the register reaches a bound, and where current or power change their rank.
 */
#include "payment/tariff/running.h"

/* 1 TWh, 285 years: beyond, the readings cannot be right, and below nothing here can overflow. */
#define MOST ((gint64) 1 << 53)
#define FURTHEST_MS ((gint64) 253402300799000)   /* 9999-12-31 */

/* --- sharing energy out --- */

static TwTally *
touch (TwPricer *self,
       int       component)
{
  TwTally *tally = &self->tallies[component];

  if (!tally->touched)
    {
      tally->touched = TRUE;
      self->touched[self->n_touched++] = (guint16) component;
    }

  return tally;
}

/* The run so far gets the register up to at_mwh; what was given away before stays given away. */
static void
share_out (TwPricer *self,
           gint64    at_mwh)
{
  if (at_mwh <= self->shared_mwh)
    return;
  if (self->run >= 0)
    touch (self, self->run)->quantity += at_mwh - self->shared_mwh;
  self->last_sharer = self->run;
  self->shared_mwh = at_mwh;
}

/* interpolated: nobody read the meter here. */
static void
choose (TwPricer *self,
        gint64    wall_ms,
        gint64    at_mwh,
        gboolean  interpolated)
{
  int energy;

  self->until_ms = tw_local_next_cut (self->tariff, &self->offset, wall_ms);
  if (self->tariff->n_day_cuts > 0)
    self->place.local = tw_local_at (self->tariff, &self->offset, wall_ms);
  tw_tariff_choose (self->tariff, &self->place, self->chosen);
  self->chosen_valid = TRUE;
  energy = self->place.purpose == TW_FOR_SESSION ? self->chosen[TW_LINE_ENERGY] : self->run;
  if (energy == self->run)
    return;
  share_out (self, at_mwh);
  if (interpolated && self->run >= 0)
    touch (self, self->run)->flags |= TW_FLAG_INTERPOLATED;
  if (interpolated && energy >= 0)
    touch (self, energy)->flags |= TW_FLAG_INTERPOLATED;
  self->run = energy;
}

/* --- one span --- */

/* Where in the span we are, and where its register and its clock began. */
typedef struct
{
  const TwSpan *span;
  gint64 start_ms, duration_ms, energy_mwh;   /* made harmless */
  gint64 begin_mwh, begin_elapsed_ms;
  gint64 offset_ms, passed_mwh;               /* energy bound that was crossed last, or the beginning */
  guint  flags;
} TwWalk;

/* What the register would show at an offset, to the Wh, but on the same side of every energy bound as it really is
 * (decision 14). */
static gint64
interpolate (const TwPricer *self,
             const TwWalk   *walk,
             gint64          offset_ms)
{
  const TwCuts *cuts = &self->tariff->cuts[TW_AXIS_ENERGY];
  int rank = self->place.low[TW_AXIS_ENERGY];
  TwWide over = (TwWide) walk->begin_mwh * walk->duration_ms + (TwWide) walk->energy_mwh * offset_ms;
  TwWide under = (TwWide) walk->duration_ms * 1000;
  gint64 mwh = (gint64) ((2 * over + under) / (2 * under)) * 1000;

  if (walk->energy_mwh == 0)
    return walk->begin_mwh;   /* it stands still: there is nothing to guess */
  if (rank > 0)
    mwh = MAX (mwh, cuts->cuts[rank - 1]);
  if (rank < (int) cuts->n)
    mwh = MIN (mwh, cuts->cuts[rank]);

  return mwh;
}

static void
take_flat (TwPricer *self,
           int      *due,
           gint64    wall_ms)
{
  int flat = self->chosen[TW_LINE_FLAT];
  TwTally *tally;

  if (*due >= 0 || flat < 0)
    return;
  *due = flat;
  tally = touch (self, flat);
  tally->quantity = 1;
  tally->start_ms = tally->end_ms = wall_ms;
  tally->n_periods = 1;
}

static void
mark (TwPricer *self,
      TwWalk   *walk,
      int       component,
      gint64    ms)
{
  TwTally *tally = touch (self, component);
  gint64 from = walk->start_ms + walk->offset_ms;

  tally->flags |= walk->flags;
  if (tally->n_periods == 0)
    tally->start_ms = from;
  if (tally->n_periods == 0 || tally->end_ms != from)
    tally->n_periods++;
  tally->end_ms = from + ms;
}

static void
take_time (TwPricer *self,
           TwWalk   *walk,
           guint     kind,
           gint64    ms)
{
  int component = self->chosen[kind];

  if (component < 0 || ms == 0)
    return;
  mark (self, walk, component, ms);
  self->tallies[component].quantity += ms;
  if (self->place.purpose != TW_FOR_SESSION)
    {
      self->reservation_ms += ms;
      self->last_reservation = component;
      return;
    }
  self->priced_ms[kind] += ms;
  self->last_time = component;
}

/* Parking whose time is not counted: it takes back the step of the charging before it as parking does, so that a grace
 * never makes a session dearer. */
static void
give_away (TwPricer *self,
           gint64    ms)
{
  if (self->chosen[TW_LINE_PARKING_TIME] < 0 || ms == 0)
    return;
  self->grace_ms += ms;
  self->last_time = self->chosen[TW_LINE_PARKING_TIME];
}

static void
tell (TwPricer *self,
      TwWalk   *walk,
      guint     dimensions,
      gint64    ms,
      gint64    at_mwh)
{
  TwPiece piece = {
    .phase = walk->span->phase, .start_ms = walk->start_ms + walk->offset_ms, .duration_ms = ms,
    .energy_mwh = MAX (at_mwh - self->piece_mwh, 0), .flags = walk->flags,
  };

  for (guint kind = 0; kind < TW_N_DIMENSIONS; kind++)
    piece.elements[kind] = (dimensions >> kind & 1) && self->chosen[kind] >= 0
      ? (int) tw_tariff_component (self->tariff, self->chosen[kind])->element : -1;
  self->piece_mwh = MAX (self->piece_mwh, at_mwh);
  self->watch (&piece, self->watch_data);
}

/* Up to an offset with what is chosen now. flows: energy came in this piece although it may have taken no time. */
static void
advance (TwPricer *self,
         TwWalk   *walk,
         gint64    offset_ms,
         gint64    at_mwh,
         gboolean  flows)
{
  gint64 ms = offset_ms - walk->offset_ms;
  guint dimensions = tw_phase_dimensions (walk->span->phase, walk->energy_mwh > 0);
  gboolean session = self->place.purpose == TW_FOR_SESSION;

  if (ms == 0 && !flows)
    return;
  if (dimensions & 1u << TW_LINE_FLAT)
    take_flat (self, session ? &self->flat : &self->reservation_flat, walk->start_ms + walk->offset_ms);
  if (dimensions & 1u << TW_LINE_TIME)
    take_time (self, walk, TW_LINE_TIME, ms);
  if (dimensions & 1u << TW_LINE_PARKING_TIME)
    take_time (self, walk, TW_LINE_PARKING_TIME, ms);
  if ((dimensions & 1u << TW_LINE_ENERGY) && self->chosen[TW_LINE_ENERGY] >= 0)
    {
      self->last_energy = self->chosen[TW_LINE_ENERGY];
      mark (self, walk, self->last_energy, ms);
    }
  if (walk->span->phase == TW_PHASE_GRACE)
    give_away (self, ms);
  if (self->watch != NULL)
    tell (self, walk, dimensions, ms, at_mwh);
  walk->offset_ms = offset_ms;
}

static gint64
next_cut (const TwPricer *self,
          TwAxis          axis)
{
  const TwCuts *cuts = &self->tariff->cuts[axis];
  int rank = self->place.low[axis];

  return rank < (int) cuts->n ? cuts->cuts[rank] : TW_NEVER;
}

static void
reach (TwPricer *self,
       TwAxis    axis)
{
  self->place.low[axis]++;
  self->place.high[axis]++;
}

/* Does the register reach the bound no later than the offset? Exactly: both sides times the duration. */
static gboolean
is_crossed_by (const TwWalk *walk,
               gint64        bound_mwh,
               gint64        offset_ms)
{
  if (bound_mwh > walk->begin_mwh + walk->energy_mwh)
    return FALSE;

  return (TwWide) (bound_mwh - walk->begin_mwh) * walk->duration_ms <= (TwWide) walk->energy_mwh * offset_ms;
}

/* When, to the ms. */
static gint64
crossing_ms (const TwWalk *walk,
             gint64        bound_mwh)
{
  TwWide over = (TwWide) (bound_mwh - walk->begin_mwh) * walk->duration_ms;

  return walk->energy_mwh == 0 ? 0 : (gint64) ((2 * over + walk->energy_mwh) / (2 * (TwWide) walk->energy_mwh));
}

static void
go_along (TwPricer *self,
          TwWalk   *walk)
{
  gboolean ages = self->place.purpose == TW_FOR_SESSION;   /* a reservation is none (decision 15) */

  for (;;)
    {
      gint64 bound_mwh = next_cut (self, TW_AXIS_ENERGY), age_ms = next_cut (self, TW_AXIS_DURATION);
      gint64 by_clock = self->until_ms == TW_NEVER ? TW_NEVER : self->until_ms - walk->start_ms;
      gint64 by_age = age_ms == TW_NEVER || !ages ? TW_NEVER : age_ms - walk->begin_elapsed_ms;
      gint64 stop = MIN (MIN (by_clock, by_age), walk->duration_ms), at_mwh;

      if (ages && is_crossed_by (walk, bound_mwh, stop))
        {
          stop = crossing_ms (walk, bound_mwh);
          advance (self, walk, stop, bound_mwh, TRUE);
          walk->passed_mwh = bound_mwh;
          reach (self, TW_AXIS_ENERGY);
          choose (self, walk->start_ms + stop, bound_mwh, FALSE);
          continue;
        }
      if (stop >= walk->duration_ms)
        return;
      at_mwh = interpolate (self, walk, stop);
      advance (self, walk, stop, at_mwh, FALSE);
      if (stop == by_age)
        reach (self, TW_AXIS_DURATION);
      choose (self, walk->start_ms + stop, at_mwh, walk->energy_mwh > 0);
    }
}

/* --- the beginning and the end of a span --- */

static gboolean
rank_range (const TwPricer *self,
            TwAxis          axis,
            gboolean        known,
            gint64          low,
            gint64          high,
            gint16          ranks[2])
{
  const TwCuts *cuts = &self->tariff->cuts[axis];

  ranks[0] = known ? tw_cuts_rank (cuts, low) : -1;
  ranks[1] = known ? tw_cuts_rank (cuts, high) : -1;

  return !known && cuts->n > 0;
}

/* Returns whether anything that a restriction asks about is not what it was. */
static gboolean
settle_place (TwPricer *self,
              TwWalk   *walk)
{
  const TwSpan *span = walk->span;
  TwPurpose purpose = tw_phase_purpose (span->phase);
  gint16 current[2], power[2];
  gboolean changed = purpose != self->place.purpose;
  TwPlaceInTariff *place = &self->place;

  if (rank_range (self, TW_AXIS_CURRENT, span->has_current, span->min_current_ma, span->max_current_ma, current))
    walk->flags |= TW_FLAG_UNKNOWN_CURRENT;
  if (rank_range (self, TW_AXIS_POWER, span->has_power, span->min_power_mw, span->max_power_mw, power))
    walk->flags |= TW_FLAG_UNKNOWN_POWER;
  place->purpose = purpose;
  changed |= place->low[TW_AXIS_CURRENT] != current[0] || place->high[TW_AXIS_CURRENT] != current[1]
          || place->low[TW_AXIS_POWER] != power[0] || place->high[TW_AXIS_POWER] != power[1];
  place->low[TW_AXIS_CURRENT] = current[0];
  place->high[TW_AXIS_CURRENT] = current[1];
  place->low[TW_AXIS_POWER] = power[0];
  place->high[TW_AXIS_POWER] = power[1];
  while (purpose == TW_FOR_SESSION && next_cut (self, TW_AXIS_DURATION) <= self->elapsed_ms)
    {
      reach (self, TW_AXIS_DURATION);
      changed = TRUE;
    }

  return changed;
}

static void
add_up (TwPricer *self,
        TwWalk   *walk)
{
  self->wall_ms = walk->start_ms + walk->duration_ms;
  self->energy_mwh += walk->energy_mwh;
  if (self->place.purpose == TW_FOR_SESSION)
    self->elapsed_ms += walk->duration_ms;
  self->too_large |= self->energy_mwh > MOST || self->elapsed_ms > MOST || self->reservation_ms > MOST;
}

void
tw_pricer_feed (TwPricer     *self,
                const TwSpan *span)
{
  gboolean priced = tw_phase_purpose (span->phase) == TW_FOR_SESSION;
  TwWalk walk = {
    .span = span, .flags = span->flags,
    .start_ms = CLAMP (span->start_ms, -FURTHEST_MS, FURTHEST_MS),
    .duration_ms = MAX (span->duration_ms, 0),
    .energy_mwh = priced ? MAX (span->energy_mwh, 0) : 0,
    .begin_mwh = self->energy_mwh, .passed_mwh = self->energy_mwh, .begin_elapsed_ms = self->elapsed_ms,
  };

  g_return_if_fail (span->phase < TW_N_PHASES);
  if (walk.duration_ms > MOST || walk.energy_mwh > MOST)
    self->too_large = TRUE;
  if (self->too_large)
    return;
  if (walk.duration_ms == 0 && walk.energy_mwh == 0)
    {
      self->wall_ms = walk.start_ms;   /* nothing happened, but we know what time it is */
      return;
    }

  if (settle_place (self, &walk) || !self->chosen_valid || walk.start_ms >= self->until_ms
      || walk.start_ms < self->wall_ms)
    choose (self, walk.start_ms, walk.begin_mwh, FALSE);
  go_along (self, &walk);
  advance (self, &walk, walk.duration_ms, walk.begin_mwh + walk.energy_mwh,
           walk.begin_mwh + walk.energy_mwh > walk.passed_mwh && walk.energy_mwh > 0);
  add_up (self, &walk);
}
