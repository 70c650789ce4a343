/* SPDX-License-Identifier: Apache-2.0 */
/* How much it can become: what the hold is sized by, and what stops the charge before the hold is used up. Every
 * component that could come to apply counts as if the dearest of them did, all the time.
 */
#include "payment/tariff/reduction.h"
#include "payment/tariff/running.h"

/* Beyond, any window of local time is taken to be possible. */
#define MAX_LOOKS 64
/* What a reading of power may have that is not there: the mains may give a tenth more (EN 50160), and a register of
 * whole Wh errs by 720 W over 5 s; nobody asks it over less. */
#define LEAST_MEAN_MS 5000
#define ERROR_MW(mw) ((mw) / 10 + 720 * 1000)
#define MOST_MS ((gint64) 31 * 24 * 3600 * 1000)

static gint64
round_gross (const TwTariff *self,
             TwFraction      gross)
{
  gint64 minor;

  if (!tw_fraction_round_half_up (tw_fraction_multiply (gross, tw_fraction (tw_tariff_minor_units (self), 1)), &minor))
    return G_MAXINT64;

  return minor;
}

/* Rounded up: n Wh of a real flow can move a register of whole Wh by that much and no more. */
static TwWide
most_energy_mwh (gint64 ms,
                 gint64 power_w)
{
  TwWide watt_ms = (TwWide) MAX (ms, 0) * MAX (power_w, 0);

  return (watt_ms + 3600 * 1000 - 1) / (3600 * 1000) * 1000;
}

/* --- who could come to apply --- */

/* What lies ahead: ranks from where we are to where we could be, and the local times on the way. */
typedef struct
{
  const TwPricer *pricer;
  TwPhase   phase;
  TwPurpose purpose;
  gint64    ms, energy_mwh, power_mw;   /* what is pending included; power_mw: as it may be read */
  int       low[TW_N_AXES], high[TW_N_AXES];
  TwLocal   looks[MAX_LOOKS];
  guint     n_looks;
  gboolean  all_seen;
} TwAhead;

static void
look_ahead (TwAhead *ahead)
{
  const TwPricer *pricer = ahead->pricer;
  const TwTariff *tariff = pricer->tariff;
  TwOffset offset = pricer->offset;
  gint64 wall_ms = pricer->wall_ms;

  for (guint axis = TW_AXIS_ENERGY; axis <= TW_AXIS_DURATION; axis++)
    {
      gint64 now = axis == TW_AXIS_ENERGY ? pricer->energy_mwh : pricer->elapsed_ms;
      gint64 more = ahead->purpose != TW_FOR_SESSION ? 0 : axis == TW_AXIS_ENERGY ? ahead->energy_mwh : ahead->ms;

      ahead->low[axis] = tw_cuts_rank (&tariff->cuts[axis], now);
      ahead->high[axis] = tw_cuts_rank (&tariff->cuts[axis], now + more);
    }
  ahead->all_seen = TRUE;
  if (tariff->n_day_cuts == 0)
    return;
  for (; wall_ms <= pricer->wall_ms + ahead->ms; wall_ms = tw_local_next_cut (tariff, &offset, wall_ms))
    {
      if (ahead->n_looks == MAX_LOOKS)
        {
          ahead->all_seen = FALSE;
          return;
        }
      ahead->looks[ahead->n_looks++] = tw_local_at (tariff, &offset, wall_ms);
    }
}

typedef struct { gboolean possible, certain; } TwChance;

static TwChance
chance_of (const TwElement *element,
           const TwAhead   *ahead)
{
  const TwRestrictions *r = &element->restrictions;
  TwChance chance = { TRUE, TRUE };

  for (guint axis = TW_AXIS_ENERGY; axis <= TW_AXIS_DURATION; axis++)
    {
      if (ahead->high[axis] < r->min_rank[axis] || ahead->low[axis] >= r->max_rank[axis])
        chance.possible = FALSE;
      if (ahead->low[axis] < r->min_rank[axis] || ahead->high[axis] >= r->max_rank[axis])
        chance.certain = FALSE;
    }
  if (r->has_axis[TW_AXIS_CURRENT] || r->has_axis[TW_AXIS_POWER])
    chance.certain = FALSE;
  if (r->min[TW_AXIS_POWER] > ahead->power_mw)
    chance.possible = FALSE;
  if (r->is_local && chance.possible)
    {
      gboolean some = !ahead->all_seen, all = ahead->all_seen;

      for (guint i = 0; i < ahead->n_looks; i++)
        {
          gboolean holds = tw_restrictions_hold_locally (r, &ahead->looks[i]);

          some |= holds;
          all &= holds;
        }
      chance.possible = some;
      chance.certain &= all;
    }

  return chance;
}

/* Of one dimension: the dearest, the largest quantity that a step of theirs makes, and whether one surely applies. */
typedef struct { const TwComponent *dearest; gint64 quantity; guint n; gboolean certain, too_large; } TwWorst;

static gboolean
is_dearer (const TwTariff    *tariff,
           const TwComponent *a,
           const TwComponent *b)
{
  TwWide left = a->price_micro, right = b->price_micro;

  if (tariff->tax_form != TW_TAX_YES)
    {
      left *= tariff->factors[a->rate];
      right *= tariff->factors[b->rate];
    }

  return left > right;
}

static void
consider (TwWorst        *worst,
          const TwTariff *tariff,
          int             index,
          gint64          sum,
          gint64          more)
{
  const TwComponent *component = tw_tariff_component (tariff, index);
  gint64 quantity = sum + more;

  if (!tw_round_up (&quantity, component->step_size * 1000))
    worst->too_large = TRUE;
  worst->quantity = MAX (worst->quantity, quantity - sum);
  if (worst->dearest == NULL || is_dearer (tariff, component, worst->dearest))
    worst->dearest = component;
  worst->n++;
}

static TwWorst
worst_of (const TwAhead *ahead,
          TwLineKind     kind,
          gint64         sum,
          gint64         more)
{
  const TwTariff *tariff = ahead->pricer->tariff;
  const TwPurpose passes[] = { ahead->purpose, TW_FOR_RESERVATION };
  guint n_passes = ahead->purpose == TW_FOR_EXPIRY ? 2 : 1;
  TwWorst worst = { NULL };

  for (guint pass = 0; pass < n_passes; pass++)
    for (guint i = 0; i < tariff->elements->len && !worst.certain; i++)
      {
        const TwElement *element = &g_array_index (tariff->elements, TwElement, i);
        TwChance chance;

        if (element->restrictions.purpose != passes[pass] || element->component[kind] < 0)
          continue;
        chance = chance_of (element, ahead);
        if (!chance.possible)
          continue;
        consider (&worst, tariff, element->component[kind], sum, more);
        worst.certain = chance.certain;
      }

  return worst;
}

/* --- what it would add --- */

static TwFraction
gross_of (const TwTariff *tariff,
          const TwWorst  *worst)
{
  TwFraction gross, tax;

  if (worst->dearest == NULL)
    return tw_fraction (0, 1);
  if (worst->too_large || !tw_component_shares (tariff, worst->dearest, worst->quantity, &gross, &tax))
    return (TwFraction) { 0, 0 };

  return gross;
}

static TwFraction
add_energy (const TwAhead *ahead,
            guint          dimensions)
{
  const TwPricer *pricer = ahead->pricer;
  TwWorst worst = { NULL };

  if (dimensions & 1u << TW_LINE_ENERGY)
    worst = worst_of (ahead, TW_LINE_ENERGY, pricer->energy_mwh, ahead->energy_mwh);
  /* While the car charges, what applies now was active last. Elsewhere only if energy really flows. */
  if ((!worst.certain || ahead->phase != TW_PHASE_CHARGING) && pricer->last_energy >= 0)
    consider (&worst, pricer->tariff, pricer->last_energy, pricer->energy_mwh, ahead->energy_mwh);
  if (worst.n > 1 && pricer->energy_mwh % 1000 != 0)
    worst.quantity += 500;   /* what the rounding to a Wh may yet move to a dearer one */

  return gross_of (pricer->tariff, &worst);
}

/* What the started step costs now may still be due, if nothing that comes is priced. A grace has no time to price, but
 * the parking that was before it comes last again, and with it its step. */
static TwFraction
add_time (const TwAhead *ahead,
          guint          dimensions,
          gboolean       session)
{
  const TwPricer *pricer = ahead->pricer;
  const gboolean grace = ahead->phase == TW_PHASE_GRACE;
  const TwLineKind kind = grace || dimensions & 1u << TW_LINE_PARKING_TIME ? TW_LINE_PARKING_TIME : TW_LINE_TIME;
  int last = session ? pricer->last_time : pricer->last_reservation;
  gboolean grows = session == (ahead->purpose == TW_FOR_SESSION)
    && (grace || dimensions & (1u << TW_LINE_PARKING_TIME | 1u << TW_LINE_TIME));
  TwWorst coming = { NULL }, started = { NULL };
  TwFraction a, b;

  if (grows)
    coming = worst_of (ahead, kind, session ? pricer->priced_ms[kind] : pricer->reservation_ms,
                       grace ? 0 : ahead->ms);
  if (!coming.certain && last >= 0)
    consider (&started, pricer->tariff, last,
              session ? pricer->priced_ms[tw_tariff_component (pricer->tariff, last)->kind] : pricer->reservation_ms,
              0);
  a = gross_of (pricer->tariff, &coming);
  b = gross_of (pricer->tariff, &started);
  if (!tw_fraction_fits (a) || !tw_fraction_fits (b))
    return (TwFraction) { 0, 0 };

  return tw_fraction_compare (a, b) >= 0 ? a : b;
}

static TwFraction
add_flat (const TwAhead *ahead,
          guint          dimensions)
{
  int due = ahead->purpose == TW_FOR_SESSION ? ahead->pricer->flat : ahead->pricer->reservation_flat;
  TwWorst worst = { NULL };

  if (due >= 0 || !(dimensions & 1u << TW_LINE_FLAT))
    return tw_fraction (0, 1);
  worst = worst_of (ahead, TW_LINE_FLAT, 0, 1);
  worst.quantity = 1;

  return gross_of (ahead->pricer->tariff, &worst);
}

static TwFraction
highest_of_limit (const TwTariff *self,
                  const TwLimit  *limit)
{
  return limit->has_gross ? limit->at.gross
                          : tw_fraction_multiply (limit->at.net, tw_tariff_highest_tax_factor (self));
}

/* A limit that is given before taxes only takes its tax from the mix of the session (decision 9), and the mix changes
 * on the way: the highest rate is what bounds it. */
static TwFraction
limited (const TwTariff *self,
         TwFraction      gross,
         gboolean        counts)
{
  const TwLimit *low = &self->minimum, *high = &self->maximum;
  TwFraction limit;

  if (counts && (low->has_net || low->has_gross))
    {
      limit = highest_of_limit (self, low);
      gross = tw_fraction_compare (limit, gross) > 0 ? limit : gross;
    }
  if (high->has_net || high->has_gross)
    {
      limit = highest_of_limit (self, high);
      gross = tw_fraction_compare (limit, gross) < 0 ? limit : gross;
    }

  return gross;
}

static gint64
mean_power_mw (const TwPending *pending)
{
  TwWide mw = (TwWide) pending->energy_mwh * 3600 * 1000 / MAX (pending->ms, LEAST_MEAN_MS);

  return (gint64) MIN (mw, (TwWide) 1 << 52);
}

static gint64
bound_ahead (const TwPricer *self,
             TwAhead        *ahead,
             gboolean        counts,
             gint64          now_minor)
{
  guint dimensions = tw_phase_dimensions (ahead->phase, ahead->energy_mwh > 0);
  const TwHow bare = { .as_if_energy = TRUE };
  TwPricing base;
  TwFraction gross;

  look_ahead (ahead);
  if (!tw_pricer_evaluate (self, counts ? bare : (TwHow) { 0 }, &base))
    return G_MAXINT64;
  gross = tw_fraction_add (base.unlimited.gross, add_flat (ahead, dimensions));
  gross = tw_fraction_add (gross, add_time (ahead, dimensions, FALSE));
  if (counts)
    {
      gross = tw_fraction_add (gross, add_energy (ahead, dimensions));
      gross = tw_fraction_add (gross, add_time (ahead, dimensions, TRUE));
    }
  if (!tw_fraction_fits (gross))
    return G_MAXINT64;

  /* Not always the later one: parking that begins takes back the step rounding of the charging before it. */
  return MAX (now_minor, round_gross (self->tariff, limited (self->tariff, gross, counts)));
}

static gint64
bound_unreduced (const TwPricer  *self,
                 TwPhase          phase,
                 const TwPending *pending,
                 gint64           ms,
                 gint64           power_w)
{
  const TwHow as_now = { .with_steps = TRUE, .with_minimum = TRUE };
  const TwPending known = { MAX (pending->ms, 0), MAX (pending->energy_mwh, 0) };
  TwWide energy_mwh = known.energy_mwh + most_energy_mwh (ms, power_w);
  gint64 whole_ms, power_mw = MAX (MIN (power_w, (gint64) 1 << 42) * 1000, mean_power_mw (&known));
  TwAhead ahead = { .pricer = self, .phase = phase, .purpose = tw_phase_purpose (phase) };
  gboolean session = ahead.purpose == TW_FOR_SESSION, counts;
  TwPricing now;

  if (!tw_pricer_evaluate (self, as_now, &now) || __builtin_add_overflow (known.ms, MAX (ms, 0), &whole_ms))
    return G_MAXINT64;
  counts = now.counts || self->without_energy || (session && energy_mwh > 0);
  if ((whole_ms == 0 && energy_mwh == 0) || (session && !counts))
    return round_gross (self->tariff, now.total.gross);
  if (whole_ms > (gint64) 1 << 52 || energy_mwh > (TwWide) 1 << 52 || power_w > G_MAXINT64 / 1000)
    return G_MAXINT64;

  ahead.ms = whole_ms;
  ahead.energy_mwh = session ? (gint64) energy_mwh : 0;
  ahead.power_mw = power_mw + ERROR_MW (power_mw);
  return bound_ahead (self, &ahead, counts, round_gross (self->tariff, now.total.gross));
}

/* A reduction never makes the dearer of two amounts the cheaper one, so a bound stays one. */
gint64
tw_pricer_bound_pending_minor (const TwPricer  *self,
                               TwPhase          phase,
                               const TwPending *pending,
                               gint64           ms,
                               gint64           power_w)
{
  return tw_reduced_minor (bound_unreduced (self, phase, pending, ms, power_w), self->reduction_bp);
}

gint64
tw_pricer_bound_minor (const TwPricer *self,
                       TwPhase         phase,
                       gint64          ms,
                       gint64          power_w)
{
  return tw_pricer_bound_pending_minor (self, phase, &(TwPending) { 0 }, ms, power_w);
}

gint64
tw_pricer_allowed_ms (const TwPricer *self,
                      TwPhase         phase,
                      gint64          power_w,
                      gint64          hold_minor)
{
  gint64 inside = 0, outside = MOST_MS + 1;

  if (tw_pricer_bound_minor (self, phase, 0, power_w) > hold_minor)
    return 0;
  while (outside - inside > 1)
    {
      gint64 middle = inside + (outside - inside) / 2;

      if (tw_pricer_bound_minor (self, phase, middle, power_w) <= hold_minor)
        inside = middle;
      else
        outside = middle;
    }

  return inside;
}
