/* SPDX-License-Identifier: Apache-2.0 */
/* The kiosk: what the bus says and what the configuration prefers become a view, the window shows it, and what a finger
 * wishes goes back to the bus. Decides nothing; keeps nothing that a restart would miss. Main thread only.
 */
#pragma once

#include "app/base/config.h"

typedef struct _TwApplication TwApplication;

typedef struct
{
  int         width, height;   /* 0: all of the screen, or a tablet's worth in a window */
  const char *bus;             /* an address; NULL: the system bus */
  gint64      started_us;      /* monotonic; the first frame is told against it */
  gboolean    frame;           /* to move and close it by */
} TwApplicationOptions;

/* GTK is initialised; config outlives it. */
TwApplication *tw_application_new (const TwConfig *config, const TwApplicationOptions *options);
void           tw_application_free (TwApplication *self);
/* Until the window is closed, or tw_application_quit(). */
void           tw_application_run (TwApplication *self);
void           tw_application_quit (TwApplication *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwApplication, tw_application_free)
