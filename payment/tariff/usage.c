/* SPDX-License-Identifier: Apache-2.0 */
/* Slices kept until a tariff prices them, and then not kept any more. */
#include "payment/tariff/pricer.h"

#include "payment/tariff/model.h"

struct _TwUsage
{
  gint64    energy_wh;
  gint64    duration_ms[TW_N_PHASES];
  GArray   *slices;    /* of TwSlice; NULL: they went into the pricer */
  TwPricer *pricer;
  const TwTariff *tariff;   /* the pricer's, which holds it */
  guint     reduction_bp;
};

TwUsage *
tw_usage_new (void)
{
  TwUsage *self = g_new0 (TwUsage, 1);

  self->slices = g_array_new (FALSE, FALSE, sizeof (TwSlice));

  return self;
}

TwUsage *
tw_usage_copy (const TwUsage *self)
{
  TwUsage *copy = g_memdup2 (self, sizeof *self);

  copy->slices = self->slices ? g_array_copy (self->slices) : NULL;
  copy->pricer = self->pricer ? tw_pricer_copy (self->pricer) : NULL;

  return copy;
}

void
tw_usage_free (TwUsage *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->slices, g_array_unref);
  tw_pricer_free (self->pricer);
  g_free (self);
}

/* Saturates: what is that large is refused when it is priced. */
static void
add_to (gint64 *sum,
        gint64  more)
{
  if (more > 0 && __builtin_add_overflow (*sum, more, sum))
    *sum = G_MAXINT64;
}

static gint64
thousandfold (gint64 value)
{
  gint64 product;

  return __builtin_mul_overflow (value, (gint64) 1000, &product) ? G_MAXINT64 : product;
}

static void
feed (TwPricer      *pricer,
      const TwSlice *slice)
{
  const gint64 power_mw = thousandfold (slice->power_w);
  const TwSpan span = {
    .phase = slice->phase, .start_ms = slice->start_wall_us / 1000, .duration_ms = slice->duration_ms,
    .energy_mwh = thousandfold (MAX (slice->energy_wh, 0)),
    .has_power = slice->has_power, .min_power_mw = power_mw, .max_power_mw = power_mw,
    .has_current = slice->has_current, .min_current_ma = slice->current_ma, .max_current_ma = slice->current_ma,
  };

  tw_pricer_feed (pricer, &span);
}

void
tw_usage_add (TwUsage *self,
              TwSlice  slice)
{
  g_assert (slice.phase < TW_N_PHASES);

  add_to (&self->energy_wh, slice.energy_wh);
  add_to (&self->duration_ms[slice.phase], slice.duration_ms);
  if (self->pricer != NULL)
    feed (self->pricer, &slice);
  else
    g_array_append_val (self->slices, slice);
}

static TwPricer *
replay (const TwUsage  *self,
        const TwTariff *tariff)
{
  TwPricer *pricer = tw_pricer_new (tariff);

  tw_pricer_reduce (pricer, self->reduction_bp);
  for (guint i = 0; i < self->slices->len; i++)
    feed (pricer, &g_array_index (self->slices, TwSlice, i));

  return pricer;
}

void
tw_usage_bind (TwUsage        *self,
               const TwTariff *tariff)
{
  g_return_if_fail (self->pricer == NULL || self->tariff == tariff);

  if (self->pricer != NULL)
    return;
  self->pricer = replay (self, tariff);
  self->tariff = tariff;
  g_clear_pointer (&self->slices, g_array_unref);
}

void
tw_usage_reduce (TwUsage *self,
                 guint    bp)
{
  self->reduction_bp = bp;
  if (self->pricer != NULL)
    tw_pricer_reduce (self->pricer, bp);
}

const TwPricer *
tw_usage_pricer (const TwUsage *usage)
{
  return usage->pricer;
}

gint64
tw_usage_energy_wh (const TwUsage *self)
{
  return self->energy_wh;
}

gint64
tw_usage_duration_ms (const TwUsage *self,
                      TwPhase        phase)
{
  g_assert (phase < TW_N_PHASES);

  return self->duration_ms[phase];
}

TwBill *
tw_tariff_price (const TwTariff  *self,
                 const TwUsage   *usage,
                 GError         **error)
{
  g_autoptr (TwPricer) own = NULL;

  g_assert (usage->pricer == NULL || usage->tariff == self);
  if (usage->pricer == NULL)
    own = replay (usage, self);

  return tw_pricer_bill (own ? own : usage->pricer, error);
}

gint64
tw_tariff_bound_minor (const TwTariff *self,
                       const TwUsage  *usage,
                       TwPhase         phase,
                       gint64          ms,
                       gint64          power_w)
{
  g_autoptr (TwPricer) own = NULL;

  g_assert (usage->pricer == NULL || usage->tariff == self);
  if (usage->pricer == NULL)
    own = replay (usage, self);

  return tw_pricer_bound_minor (own ? own : usage->pricer, phase, ms, power_w);
}
