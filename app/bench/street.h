/* SPDX-License-Identifier: Apache-2.0 */
/* Everything outside the station, in one place: the acquirer, the twins, the control socket, and the files that tell
 * the station where to find them. Main thread only.
 */
#pragma once

#include <glib.h>

typedef struct _TwStreet TwStreet;

typedef struct
{
  const char *dir;          /* where street.json, tapwatt.conf, ctl.sock and the keys go; made if missing */
  const char *keys;         /* folder of the keys; NULL: DIR/keys. Sharing one makes starting quick */
  const char *ledger;       /* NULL: DIR/ledger.jsonl */
  const char *cards;        /* folder of card profiles */
  const char *tariff;       /* OCPI file of every connector */
  guint       port;         /* of the acquirer; 0: any */
  guint       n_connectors;
} TwStreetOptions;

/* Starts all of it and writes the files; street.json comes last, so that its presence means "ready". */
TwStreet *tw_street_new (const TwStreetOptions *options, GError **error);
/* Ends all of it; removes socket and street.json. */
void      tw_street_free (TwStreet *self);
/* Calls quit (user_data) when the control socket is told "quit". */
void      tw_street_on_quit (TwStreet *self, GSourceFunc quit, gpointer user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwStreet, tw_street_free)
