/* SPDX-License-Identifier: Apache-2.0 */
/* The station on the bus: its views out, the callers' verbs in. Main thread only. */
#pragma once

#include "app/bus/bus.h"
#include "app/daemon/parts.h"

typedef struct _TwPublisher TwPublisher;

/* parts outlive it. told: see tw_bus_own_name(). */
TwPublisher *tw_publisher_new (TwParts *parts, GError **error);
void         tw_publisher_open (TwPublisher *self, void (*told) (gboolean owned, gpointer user_data),
                                gpointer user_data);
void         tw_publisher_free (TwPublisher *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwPublisher, tw_publisher_free)
