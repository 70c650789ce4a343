/* SPDX-License-Identifier: Apache-2.0 */
/* The panel's way to the street: follows its stream over the control socket, comes back by itself when the street does,
 * and gives orders one after the other. Never blocks. Main thread only.
 */
#pragma once

#include <gio/gio.h>

#include "app/base/json.h"

typedef struct _TwStream TwStream;

typedef struct
{
  /* The street is there: fresh, another one than before (or the first), and all it knows follows. */
  void (*found) (gboolean fresh, gpointer user_data);
  void (*lost)  (const char *why, gpointer user_data);
  /* A line of it; json is the caller's. */
  void (*line)  (const TwJson *json, const char *text, gpointer user_data);
} TwStreamFuncs;

/* socket: path. */
TwStream *tw_stream_new (const char *socket, const TwStreamFuncs *funcs, gpointer user_data);
void      tw_stream_free (TwStream *self);     /* nothing is called any more */
/* Routine too; connects anew, and the street is then told as a fresh one. */
void      tw_stream_set_all (TwStream *self, gboolean all);

/* answer NULL: it was refused or could not be given; why says so in the street's own words. */
typedef void (*TwAnswered) (const char *order, const TwJson *answer, const char *why, gpointer user_data);
/* order: as on the command line, "acquirer fault drop op=capture"; no word has spaces. answered may be NULL. */
void      tw_stream_order (TwStream *self, const char *order, TwAnswered answered, gpointer user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwStream, tw_stream_free)
