/* SPDX-License-Identifier: Apache-2.0 */
/* A clock that stands still until a test moves it. It starts on 2026-11-22T10:15:30.000Z, synchronised, 1,000 s
 * after a boot. Deadlines fire inside tw_virtual_clock_advance(), in the order in which they fall due, with the
 * clock showing each one's time; what they ask for in turn is fired in the same call if it falls due in it.
 * One thread.
 */
#pragma once

#include "app/base/clock.h"

typedef struct _TwVirtualClock TwVirtualClock;

TwVirtualClock *tw_virtual_clock_new (void);
void            tw_virtual_clock_free (TwVirtualClock *self);

/* What constructors take. Owned by self. */
TwClock        *tw_virtual_clock_clock (TwVirtualClock *self);

/* Wall and boot time both go on by ms. */
void            tw_virtual_clock_advance (TwVirtualClock *self, gint64 ms);

/* Somebody sets the wall clock; boot time and deadlines do not notice. */
void            tw_virtual_clock_step_wall (TwVirtualClock *self, gint64 us);
void            tw_virtual_clock_set_synced (TwVirtualClock *self, gboolean synced);

/* A new boot id, boot time 0, the wall gap_ms further. Deadlines of before are forgotten, as processes are. */
void            tw_virtual_clock_reboot (TwVirtualClock *self, gint64 gap_ms);

guint           tw_virtual_clock_pending (TwVirtualClock *self);
gint64          tw_virtual_clock_next_ms (TwVirtualClock *self); /* until the next deadline; -1: none */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwVirtualClock, tw_virtual_clock_free)
