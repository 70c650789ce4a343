/* SPDX-License-Identifier: Apache-2.0 */
/* The station as a screen sees it: a picture that follows tapwattd over its restarts and never waits for it. Asks
 * nothing twice, decides nothing. For programs with a main loop (the kiosk, the bench's panel); client.h is for tools.
 * Main thread only.
 */
#pragma once

#include "app/bus/bus.h"

typedef struct _TwBusWatch TwBusWatch;

/* address: of a bus; NULL: the system bus. changed comes from the main loop, once after any number of changes at the
 * same time, and also when the station is lost or found. A bus that is not there, or that goes, is looked for again
 * every second. */
TwBusWatch *tw_bus_watch_new  (const char *address, void (*changed) (gpointer user_data), gpointer user_data);
void        tw_bus_watch_free (TwBusWatch *self);     /* told is not called any more */

/* There is a station, and all of its state is here. The getters below give empty values (state "") without one; their
 * strings live until the next change is told. */
gboolean       tw_bus_watch_present     (TwBusWatch *self);
TwBusStation   tw_bus_watch_station     (TwBusWatch *self);
TwBusCounter   tw_bus_watch_counter     (TwBusWatch *self);
TwBusConnector tw_bus_watch_connector   (TwBusWatch *self, guint i);   /* i: 0 .. n_connectors - 1 */

/* The driver's verbs. told (NULL: well): REFUSED with the station's code as its message, TIMEOUT after 10 s, GONE.
 * told may be NULL; user_data lives until it is called or the watch is freed. */
typedef void (*TwBusTold) (const GError *error, gpointer user_data);
void tw_bus_watch_choose       (TwBusWatch *self, guint connector, const char *language, TwBusTold told,
                                gpointer user_data);
void tw_bus_watch_set_goal     (TwBusWatch *self, const char *kind, gint64 value, TwBusTold told,
                                gpointer user_data);
void tw_bus_watch_accept       (TwBusWatch *self, TwBusTold told, gpointer user_data);
void tw_bus_watch_touched      (TwBusWatch *self, TwBusTold told, gpointer user_data);
void tw_bus_watch_cancel       (TwBusWatch *self, TwBusTold told, gpointer user_data);
void tw_bus_watch_stop         (TwBusWatch *self, guint connector, TwBusTold told, gpointer user_data);
void tw_bus_watch_dismiss      (TwBusWatch *self, guint connector, TwBusTold told, gpointer user_data);
/* connector 0: the counter. */
void tw_bus_watch_set_language (TwBusWatch *self, guint connector, const char *language, TwBusTold told,
                                gpointer user_data);
/* format: text, json, qr. receipt is NULL with an error. */
typedef void (*TwBusGotReceipt) (const char *receipt, const GError *error, gpointer user_data);
void tw_bus_watch_receipt      (TwBusWatch *self, const char *session, const char *format, const char *language,
                                TwBusGotReceipt got, gpointer user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwBusWatch, tw_bus_watch_free)
