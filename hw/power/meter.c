/* SPDX-License-Identifier: Apache-2.0 */
#include "hw/power/meter.h"

struct _TwMeter
{
  TwMeterFuncs funcs;
  gpointer     self;
};

TwMeter *
tw_meter_new (const TwMeterFuncs *funcs,
              gpointer            self)
{
  TwMeter *meter = g_new0 (TwMeter, 1);

  meter->funcs = *funcs;
  meter->self = self;
  return meter;
}

void
tw_meter_free (TwMeter *self)
{
  if (self == NULL)
    return;

  if (self->funcs.free)
    self->funcs.free (self->self);
  g_free (self);
}

void
tw_meter_read (TwMeter    *self,
               TwMeterDone done,
               gpointer    user_data)
{
  self->funcs.read (self->self, done, user_data);
}
