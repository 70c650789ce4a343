/* SPDX-License-Identifier: Apache-2.0 */
/* The cable of a virtual controller: frames onto the pty, whole or spoiled in a named way. Main thread only. */
#pragma once

#include "hw/virtual/pty.h"

typedef struct _TwRapiWire TwRapiWire;

typedef void (*TwRapiWireTrace) (gboolean from_station, const char *line, gpointer user_data);

/* link, on_bytes, errors: as tw_pty_new(). */
TwRapiWire *tw_rapi_wire_new (const char *link, TwPtyFunc on_bytes, gpointer user_data, GError **error);
void        tw_rapi_wire_free (TwRapiWire *self);
TwPty      *tw_rapi_wire_pty (TwRapiWire *self);
void        tw_rapi_wire_trace (TwRapiWire *self, TwRapiWireTrace trace, gpointer user_data);
/* For the trace: bytes that came from the station. */
void        tw_rapi_wire_heard (TwRapiWire *self, guint8 byte);

void        tw_rapi_wire_send (TwRapiWire *self, const char *frame, gint64 now_ms);
/* Sends what was held back until now. */
void        tw_rapi_wire_advance (TwRapiWire *self, gint64 now_ms);

/* See tw_virtual_rapi_misbehave(). */
gboolean    tw_rapi_wire_misbehave (TwRapiWire *self, const char *how, guint count);
const char *tw_rapi_wire_how (TwRapiWire *self);
void        tw_rapi_wire_hang_up (TwRapiWire *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwRapiWire, tw_rapi_wire_free)
