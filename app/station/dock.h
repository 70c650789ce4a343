/* SPDX-License-Identifier: Apache-2.0 */
/* The bays' shell: what the controller says becomes events, and power follows. Readings and the bill are in gauge.c. */
#pragma once

#include "app/station/core.h"

/* How long energy may still flow after the decision to stop: a poll, the command, a car that takes its time (RAPI: 3
 * s). */
#define TW_STOP_TAKES_MS 8000

void       tw_dock_start (TwBay *self);
void       tw_dock_stop (TwBay *self);
void       tw_dock_look (TwBay *self);            /* levels: controller, car */
void       tw_dock_power (TwBay *self);           /* the level that goes out */
gint64     tw_dock_most_power_w (const TwBay *self);   /* what the connector can give */
gboolean   tw_dock_is_dark (TwBay *self);         /* after the station's end: nothing flows here */
void       tw_dock_hand (TwBay *self, TwSession *session, TwBatch *batch);
gboolean   tw_dock_add (TwBay *self, TwBayEvent event, const char *reason, TwBatch *batch);
void       tw_dock_event (TwBay *self, TwBayEvent event, const char *reason);
void       tw_dock_arm_deadline (TwBay *self, gint64 already_us);

void       tw_gauge_read (TwBay *self);
void       tw_gauge_bill (TwBay *self);           /* with the last mark as the final one */
void       tw_gauge_forget (TwBay *self);         /* the price change that it waits for */
