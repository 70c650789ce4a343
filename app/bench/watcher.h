/* SPDX-License-Identifier: Apache-2.0 */
/* One who follows what happens over a connection of the control socket: first {"ok":true,"street":N}, then a line for
 * each. Nobody waits for him: who reads too slowly loses lines, and is told how many. Main thread only.
 */
#pragma once

#include <gio/gio.h>

#include "app/bench/happenings.h"

typedef struct _TwWatchers TwWatchers;

/* happenings: borrowed, outlives it. changed: when the first one comes. */
TwWatchers *tw_watchers_new (TwHappenings *happenings, void (*came) (gpointer user_data), gpointer user_data);
/* Ends every connection. */
void        tw_watchers_free (TwWatchers *self);

/* A TwCtlWatchFunc but for its first argument. Words: "all" for routine too; options: since=N, the number after which
 * to begin. BAD_DATA otherwise. */
gboolean    tw_watchers_add (TwWatchers *self, GSocketConnection *connection, const char *const *words,
                             const TwJson *options, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwWatchers, tw_watchers_free)
