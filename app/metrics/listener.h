/* SPDX-License-Identifier: Apache-2.0 */
/* A small HTTP server for one page, on libmicrohttpd, turned by the default main context with the lowest priority: it
 * answers when nothing else is to be done, and whoever floods it delays nobody but itself. At most eight connections at
 * a time, one request each, 16 KiB of memory and ten seconds for all of it, however slowly it drips; the rest waits in
 * the kernel's queue. Main thread only.
 */
#pragma once

#include "app/metrics/exposition.h"

typedef struct _TwListener TwListener;

/* The page's text, made anew for each request. */
typedef GBytes *(*TwPageFunc) (TwDialect dialect, gpointer user_data);

/* address: as [metrics] listen says it. GONE: nobody can listen there now; the message says why. */
TwListener *tw_listener_new (const char *address, TwPageFunc page, gpointer user_data, GError **error);
void        tw_listener_free (TwListener *self);
guint       tw_listener_port (TwListener *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwListener, tw_listener_free)
