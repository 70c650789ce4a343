/* SPDX-License-Identifier: Apache-2.0 */
/* What the running price is, in figures and in words: the cost so far, the price in force, and when it changes. */
#include "payment/tariff/reduction.h"
#include "payment/tariff/running.h"

#define HORIZON_MS ((gint64) 8 * 24 * 3600 * 1000)   /* a week and a day: every weekday comes by */

static const TwLineKind order[] = { TW_LINE_ENERGY, TW_LINE_TIME, TW_LINE_PARKING_TIME };

static gboolean
round_due (const TwPricer  *self,
           const TwPricing *pricing,
           gint64          *minor)
{
  TwFraction amount = pricing->gross_known ? pricing->total.gross : pricing->total.net;
  gint64 per_unit = tw_tariff_minor_units (self->tariff);

  if (amount.over < (TwWide) 1 << 110)
    return tw_fraction_round_half_up ((TwFraction) { amount.over * per_unit, amount.under }, minor);

  return tw_fraction_round_half_up (tw_fraction_multiply (amount, tw_fraction (per_unit, 1)), minor);
}

static gboolean
round_amount (const TwPricer  *self,
              const TwPricing *pricing,
              gint64          *minor)
{
  if (!round_due (self, pricing, minor))
    return FALSE;
  *minor = tw_reduced_minor (*minor, self->reduction_bp);
  return TRUE;
}

gboolean
tw_pricer_cost_minor (const TwPricer *self,
                      gint64         *so_far,
                      gint64         *if_stopped)
{
  const TwHow bare = { .with_steps = FALSE }, whole = { .with_steps = TRUE, .with_minimum = TRUE };
  TwPricing pricing;

  if (so_far != NULL && (!tw_pricer_evaluate (self, bare, &pricing) || !round_amount (self, &pricing, so_far)))
    return FALSE;

  return if_stopped == NULL
      || (tw_pricer_evaluate (self, whole, &pricing) && round_amount (self, &pricing, if_stopped));
}

/* Where we stand, and which component each dimension would have there. */
static void
choose_at (const TwPricer *self,
           TwPhase         phase,
           gint64          wall_ms,
           TwOffset       *offset,
           gint64          elapsed_ms,
           int             energy_rank,
           int             chosen[TW_N_DIMENSIONS])
{
  TwPlaceInTariff place = self->place;
  int age = tw_cuts_rank (&self->tariff->cuts[TW_AXIS_DURATION], elapsed_ms);

  for (guint axis = TW_AXIS_CURRENT; axis <= TW_AXIS_POWER && !self->chosen_valid; axis++)
    place.low[axis] = place.high[axis] = -1;   /* nothing was read yet: nothing is known (decision 16) */
  place.purpose = tw_phase_purpose (phase);
  place.low[TW_AXIS_DURATION] = place.high[TW_AXIS_DURATION] = (gint16) age;
  place.low[TW_AXIS_ENERGY] = place.high[TW_AXIS_ENERGY] = (gint16) energy_rank;
  if (self->tariff->n_day_cuts > 0)
    place.local = tw_local_at (self->tariff, offset, wall_ms);
  tw_tariff_choose (self->tariff, &place, chosen);
}

int
tw_pricer_in_force_component (TwPricer   *self,
                              TwPhase     phase,
                              TwLineKind  kind)
{
  int chosen[TW_N_DIMENSIONS];

  choose_at (self, phase, self->wall_ms, &self->offset, self->elapsed_ms,
             tw_cuts_rank (&self->tariff->cuts[TW_AXIS_ENERGY], self->energy_mwh), chosen);

  return tw_phase_dimensions (phase, TRUE) >> kind & 1 ? chosen[kind] : -1;
}

gboolean
tw_pricer_tells_currents_apart (const TwPricer *self,
                                gint64          a_ma,
                                gint64          b_ma)
{
  const TwCuts *cuts = &self->tariff->cuts[TW_AXIS_CURRENT];

  return cuts->n > 0 && ((a_ma < 0) != (b_ma < 0) || tw_cuts_rank (cuts, a_ma) != tw_cuts_rank (cuts, b_ma));
}

const TwPriceTag *
tw_pricer_in_force (TwPricer   *self,
                    TwPhase     phase,
                    TwLineKind  kind,
                    TwPriceTag *tag)
{
  int component;

  g_return_val_if_fail (kind < TW_N_DIMENSIONS, NULL);
  component = tw_pricer_in_force_component (self, phase, kind);
  if (component < 0)
    return NULL;
  tw_tariff_write_tag (tw_tariff_component (self->tariff, component), tag);

  return tag;
}

static gboolean
is_same_price (const TwTariff *tariff,
               int             a,
               int             b)
{
  const TwComponent *left, *right;

  if (a < 0 || b < 0)
    return a == b || tw_tariff_component (tariff, MAX (a, b))->price_micro == 0;   /* free, by name or by absence */
  left = tw_tariff_component (tariff, a);
  right = tw_tariff_component (tariff, b);

  return left->price_micro == right->price_micro && left->rate == right->rate;
}

/* Of these dimensions: -1: none; else the kind whose price differs, in the lawful order. */
static int
find_difference (const TwPricer *self,
                 guint           dimensions,
                 const int      *before,
                 const int      *after)
{
  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    if ((dimensions >> order[i] & 1) && !is_same_price (self->tariff, before[order[i]], after[order[i]]))
      return order[i];

  return -1;
}

static gboolean
write_change (const TwPricer *self,
              int             component,
              TwPriceTag     *tag)
{
  if (component < 0)
    return FALSE;
  tw_tariff_write_tag (tw_tariff_component (self->tariff, component), tag);

  return TRUE;
}

static gint64
next_age_ms (const TwPricer *self,
             gint64          elapsed_ms)
{
  const TwCuts *cuts = &self->tariff->cuts[TW_AXIS_DURATION];
  guint rank = tw_cuts_rank (cuts, elapsed_ms);

  return rank < cuts->n ? cuts->cuts[rank] - elapsed_ms : TW_NEVER;
}

static void
find_time (const TwPricer *self,
           TwPhase         phase,
           guint           dimensions,
           const int      *now,
           TwPriceChange  *change)
{
  TwOffset offset = self->offset;
  int rank = tw_cuts_rank (&self->tariff->cuts[TW_AXIS_ENERGY], self->energy_mwh);
  gboolean ages = tw_phase_purpose (phase) == TW_FOR_SESSION;
  gint64 passed_ms = 0;

  while (passed_ms <= HORIZON_MS)
    {
      int then[TW_N_DIMENSIONS], kind;
      gint64 by_age = ages ? next_age_ms (self, self->elapsed_ms + passed_ms) : TW_NEVER;
      gint64 cut = tw_local_next_cut (self->tariff, &offset, self->wall_ms + passed_ms);
      gint64 step = MIN (by_age, cut == TW_NEVER ? TW_NEVER : cut - self->wall_ms - passed_ms);

      if (step == TW_NEVER)
        return;
      passed_ms += step;
      choose_at (self, phase, self->wall_ms + passed_ms, &offset, self->elapsed_ms + (ages ? passed_ms : 0), rank,
                 then);
      kind = find_difference (self, dimensions, now, then);
      if (kind < 0)
        continue;
      change->at_time = TRUE;
      change->wall_ms = self->wall_ms + passed_ms;
      change->time_kind = (TwLineKind) kind;
      change->time_has = write_change (self, then[kind], &change->time_tag);
      return;
    }
}

static void
find_energy (const TwPricer *self,
             TwPhase         phase,
             guint           dimensions,
             const int      *now,
             TwPriceChange  *change)
{
  const TwCuts *cuts = &self->tariff->cuts[TW_AXIS_ENERGY];
  TwOffset offset = self->offset;

  for (guint rank = tw_cuts_rank (cuts, self->energy_mwh); rank < cuts->n; rank++)
    {
      int then[TW_N_DIMENSIONS], kind;

      choose_at (self, phase, self->wall_ms, &offset, self->elapsed_ms, (int) rank + 1, then);
      kind = find_difference (self, dimensions, now, then);
      if (kind < 0)
        continue;
      change->at_energy = TRUE;
      change->energy_mwh = cuts->cuts[rank];
      change->energy_kind = (TwLineKind) kind;
      change->energy_has = write_change (self, then[kind], &change->energy_tag);
      return;
    }
}

gboolean
tw_pricer_next_change_of (const TwPricer *self,
                          TwPhase         phase,
                          guint           dimensions,
                          TwPriceChange  *change)
{
  TwOffset offset = self->offset;
  int now[TW_N_DIMENSIONS];

  *change = (TwPriceChange) { FALSE };
  choose_at (self, phase, self->wall_ms, &offset, self->elapsed_ms,
             tw_cuts_rank (&self->tariff->cuts[TW_AXIS_ENERGY], self->energy_mwh), now);
  find_time (self, phase, dimensions, now, change);
  if (phase == TW_PHASE_CHARGING)
    find_energy (self, phase, dimensions, now, change);

  return change->at_time || change->at_energy;
}

gboolean
tw_pricer_next_change (const TwPricer *self,
                       TwPhase         phase,
                       TwPriceChange  *change)
{
  return tw_pricer_next_change_of (self, phase, tw_phase_dimensions (phase, phase == TW_PHASE_CHARGING), change);
}
