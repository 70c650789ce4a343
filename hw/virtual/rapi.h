/* SPDX-License-Identifier: Apache-2.0 */
/* A RAPI controller with a car, at the far end of a real serial wire (a pty behind a stable path). The controller
 * itself is evse.h; this is its cable, its clock, and everything that can go wrong on the way. Main thread only.
 */
#pragma once

#include "app/base/clock.h"
#include "hw/virtual/evse.h"

typedef struct _TwVirtualRapi TwVirtualRapi;

typedef struct
{
  TwEvseOptions evse;
  const char   *link;      /* path that the station is configured with; NULL: only the pty's own */
  TwClock      *clock;     /* borrowed, outlives the twin; NULL: one of its own */
  guint         speed;     /* the controller's seconds in one of ours; 0: 1. Above 1 a real driver disbelieves it */
} TwVirtualRapiOptions;

/* Each line of the wire, without CR: from the station, or from the controller as it was sent, spoiled or not. */
typedef void (*TwVirtualRapiTrace) (gboolean from_station, const char *line, gpointer user_data);

/* BAD_DATA: no such firmware; otherwise as tw_pty_new(). */
TwVirtualRapi *tw_virtual_rapi_new (const TwVirtualRapiOptions *options, GError **error);
void           tw_virtual_rapi_free (TwVirtualRapi *self);
const char    *tw_virtual_rapi_path (TwVirtualRapi *self);
void           tw_virtual_rapi_trace (TwVirtualRapi *self, TwVirtualRapiTrace trace, gpointer user_data);

void           tw_virtual_rapi_plug (TwVirtualRapi *self);
void           tw_virtual_rapi_unplug (TwVirtualRapi *self);
void           tw_virtual_rapi_set_draw (TwVirtualRapi *self, guint draw_ma);
void           tw_virtual_rapi_set_battery (TwVirtualRapi *self, gint64 left_wh);     /* -1: never full */
void           tw_virtual_rapi_set_paused (TwVirtualRapi *self, gboolean paused);
void           tw_virtual_rapi_set_stubborn (TwVirtualRapi *self, gboolean stubborn);
/* name as for tw_evse_fault(), NULL: clear. */
gboolean       tw_virtual_rapi_fault (TwVirtualRapi *self, const char *name);
/* FALSE: no such; else it reboots. */
gboolean       tw_virtual_rapi_set_firmware (TwVirtualRapi *self, const char *name);
void           tw_virtual_rapi_reboot (TwVirtualRapi *self);
void           tw_virtual_rapi_press_button (TwVirtualRapi *self);
void           tw_virtual_rapi_add_energy (TwVirtualRapi *self, gint64 wh);           /* a broken counter */

/* The cable. Returning keeps the path; TRUE if it never was away. */
void           tw_virtual_rapi_hang_up (TwVirtualRapi *self);
gboolean       tw_virtual_rapi_return (TwVirtualRapi *self, GError **error);

/* How the next count frames (0: until told otherwise) are spoiled: "none", "silent" (nothing comes), "garbage" (noise
 * instead), "noise" (noise around), "dribble" (a byte every 2 ms), "glued" (kept until the next, then sent as one),
 * "bad-check", "late" (1.5 s), "wrong-sequence". FALSE: no such. */
gboolean       tw_virtual_rapi_misbehave (TwVirtualRapi *self, const char *how, guint count);

TwEvseStatus   tw_virtual_rapi_status (TwVirtualRapi *self);
/* {"firmware":"8.2.1","state":"03","relay":true,...}; free with g_free(). */
char          *tw_virtual_rapi_status_json (TwVirtualRapi *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwVirtualRapi, tw_virtual_rapi_free)
