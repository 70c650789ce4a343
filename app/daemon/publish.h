/* SPDX-License-Identifier: Apache-2.0 */
/* The station on the bus: its views out, the callers' verbs in. Main thread only. */
#pragma once

#include "app/bus/bus.h"
#include "app/daemon/parts.h"

typedef struct _TwPublisher TwPublisher;

/* parts and connection outlive it. */
TwPublisher *tw_publisher_new (TwParts *parts, GDBusConnection *connection, GError **error);
void         tw_publisher_free (TwPublisher *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwPublisher, tw_publisher_free)
