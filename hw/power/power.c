/* SPDX-License-Identifier: Apache-2.0 */
#include "hw/power/power.h"

struct _TwPower
{
  TwPowerFuncs funcs;
  gpointer     self;
};

TwPower *
tw_power_new (const TwPowerFuncs *funcs,
              gpointer            self)
{
  TwPower *power = g_new0 (TwPower, 1);

  power->funcs = *funcs;
  power->self = self;
  return power;
}

void
tw_power_free (TwPower *self)
{
  if (self == NULL)
    return;

  if (self->funcs.free)
    self->funcs.free (self->self);
  g_free (self);
}

void
tw_power_want (TwPower *self,
               gboolean on,
               guint    limit_ma)
{
  self->funcs.want (self->self, on, limit_ma);
}

TwPowerStatus
tw_power_status (TwPower *self)
{
  return self->funcs.status (self->self);
}

void
tw_power_watch (TwPower       *self,
                TwPowerChanged changed,
                gpointer       user_data)
{
  self->funcs.watch (self->self, changed, user_data);
}
