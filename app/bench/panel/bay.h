/* SPDX-License-Identifier: Apache-2.0 */
/* One connector of the street: the line on the pavement that is always in sight, its car's controls, its controller's
 * faults. Main thread only.
 */
#pragma once

#include "app/bench/panel/desk.h"

typedef struct _TwBay TwBay;

TwBay     *tw_bay_new (TwDesk *desk, guint number);
void       tw_bay_free (TwBay *self);
GtkWidget *tw_bay_strip (TwBay *self);
GtkWidget *tw_bay_car (TwBay *self);
GtkWidget *tw_bay_faults (TwBay *self);
/* state: of its controller. */
void       tw_bay_update (TwBay *self, const TwJson *state);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwBay, tw_bay_free)
