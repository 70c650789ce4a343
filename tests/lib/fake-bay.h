/* SPDX-License-Identifier: Apache-2.0 */
/* A connector's switch and meter that do what the test says: power.h and meter.h over three numbers. Answers come from
 * tw_fake_bay_answer(), never from inside the call. One thread.
 */
#pragma once

#include "hw/power/meter.h"
#include "hw/power/power.h"

typedef struct _TwFakeBay TwFakeBay;

TwFakeBay *tw_fake_bay_new (TwClock *clock);
void       tw_fake_bay_free (TwFakeBay *self);    /* after the station that has its two ends */
TwPower   *tw_fake_bay_power (TwFakeBay *self);
TwMeter   *tw_fake_bay_meter (TwFakeBay *self);

void       tw_fake_bay_plug (TwFakeBay *self);          /* a car that draws as soon as it may */
void       tw_fake_bay_unplug (TwFakeBay *self);
void       tw_fake_bay_full (TwFakeBay *self);          /* stays connected, draws no more */
void       tw_fake_bay_hungry (TwFakeBay *self);        /* draws again */
void       tw_fake_bay_energy (TwFakeBay *self, gint64 wh);
void       tw_fake_bay_current (TwFakeBay *self, gint64 sum_ma); /* while it draws, all phases (48 A); -1: no ammeter */
void       tw_fake_bay_fault (TwFakeBay *self, guint code, const char *name);
void       tw_fake_bay_stick (TwFakeBay *self, gboolean sticks);    /* a contactor that does not open when it must */
void       tw_fake_bay_cable (TwFakeBay *self, gboolean there);   /* to the controller */
void       tw_fake_bay_blind (TwFakeBay *self, gboolean blind);   /* the switch goes on, but no reading is believed */
void       tw_fake_bay_reboot (TwFakeBay *self);   /* the controller's: what was counted since the plug is lost */
/* Gives the readings that were asked for; TRUE if there were any. */
gboolean   tw_fake_bay_answer (TwFakeBay *self);

gboolean   tw_fake_bay_is_on (TwFakeBay *self);         /* what the station wanted last */
gboolean   tw_fake_bay_was_asked (TwFakeBay *self);     /* wanted anything at all since it was made */
gboolean   tw_fake_bay_draws (TwFakeBay *self);
gint64     tw_fake_bay_register_wh (TwFakeBay *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwFakeBay, tw_fake_bay_free)
