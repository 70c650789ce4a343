/* SPDX-License-Identifier: Apache-2.0 */
/* The watch's inside, shared by its two files: watch.c follows, watch-calls.c asks. Not for other folders. */
#pragma once

#include "app/bus/picture.h"
#include "app/bus/watch.h"

#define TW_BUS_WAIT_MS 10000

struct _TwBusWatch
{
  char            *address;      /* NULL: the system bus */
  void           (*changed) (gpointer user_data);
  gpointer         user_data;
  GCancellable    *life;         /* until the watch is freed */
  GDBusConnection *connection;   /* NULL: no bus */
  gulong           closed;
  guint            name, signals, retry, announce;
  char            *owner;        /* unique name of the station; NULL: none */
  GCancellable    *loading;      /* until this owner, or this attempt, is over */
  GHashTable      *station;      /* NULL: not told yet */
  GPtrArray       *connectors;   /* of properties; NULL: not told yet */
  char           **paths;        /* theirs */
  gboolean         present;      /* all is here */
  TwPicture       *picture;      /* what was told last */
  gboolean         shown;        /* present, at that time */
};
