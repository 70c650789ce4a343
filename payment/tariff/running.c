/* SPDX-License-Identifier: Apache-2.0 */
/* A running price comes and goes. */
#include "payment/tariff/running.h"

#include <string.h>

TwPricer *
tw_pricer_new (const TwTariff *tariff)
{
  guint n = tariff->components->len;
  TwPricer *self = g_malloc0 (sizeof *self + n * (sizeof (TwTally) + sizeof (guint16)));

  self->tariff = tw_tariff_ref ((TwTariff *) tariff);
  self->touched = (guint16 *) &self->tallies[n];
  self->run = self->last_sharer = self->last_energy = self->last_reservation = -1;
  self->flat = self->reservation_flat = self->last_time = -1;

  return self;
}

static gsize
size_of (const TwPricer *self)
{
  return sizeof *self + self->tariff->components->len * (sizeof (TwTally) + sizeof (guint16));
}

TwPricer *
tw_pricer_copy (const TwPricer *self)
{
  TwPricer *copy = g_memdup2 (self, size_of (self));

  tw_tariff_ref (copy->tariff);
  copy->touched = (guint16 *) &copy->tallies[copy->tariff->components->len];

  return copy;
}

void
tw_pricer_free (TwPricer *self)
{
  if (self == NULL)
    return;

  tw_tariff_unref (self->tariff);
  g_free (self);
}

void
tw_pricer_reset (TwPricer *self)
{
  TwTariff *tariff = self->tariff;

  memset (self, 0, size_of (self));
  self->tariff = tariff;
  self->touched = (guint16 *) &self->tallies[tariff->components->len];
  self->run = self->last_sharer = self->last_energy = self->last_reservation = -1;
  self->flat = self->reservation_flat = self->last_time = -1;
}

void
tw_pricer_charge_without_energy (TwPricer *self)
{
  self->without_energy = TRUE;
}

void
tw_pricer_reduce (TwPricer *self,
                  guint     bp)
{
  self->reduction_bp = bp;
}

void
tw_pricer_watch (TwPricer    *self,
                 TwPieceFunc  func,
                 gpointer     user_data)
{
  self->watch = func;
  self->watch_data = user_data;
}

gint64
tw_pricer_energy_mwh (const TwPricer *self)
{
  return self->energy_mwh;
}

gint64
tw_pricer_grace_ms (const TwPricer *self)
{
  return self->grace_ms;
}

gint64
tw_pricer_elapsed_ms (const TwPricer *self)
{
  return self->elapsed_ms;
}
