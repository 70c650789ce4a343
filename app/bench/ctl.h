/* SPDX-License-Identifier: Apache-2.0 */
/* The bench's control socket: JSON Lines both ways. {"cmd":"acquirer","words":["fault","drop"],"op":"capture"} is
 * answered with {"ok":true,...} or {"ok":false,"error":"..."}; one answer a line, in order. On the command line the
 * same is "acquirer fault drop op=capture".
 */
#pragma once

#include <gio/gio.h>

#include "app/base/json.h"

typedef struct _TwCtl TwCtl;

/* Writes members of the answer, or sets error. */
typedef gboolean (*TwCtlFunc) (const char *command, const char *const *words, const TwJson *options, TwJsonOut *out,
                               gpointer user_data, GError **error);
/* "watch": takes the connection over for good, or sets error. */
typedef gboolean (*TwCtlWatchFunc) (GSocketConnection *connection, const char *const *words, const TwJson *options,
                                    gpointer user_data, GError **error);

/* BAD_STATE: another bench listens there. GONE: the socket cannot be made. A dead one's socket is replaced. */
TwCtl  *tw_ctl_new (const char *path, TwCtlFunc func, gpointer user_data, GError **error);
/* Without it "watch" is an order like any other. */
void    tw_ctl_on_watch (TwCtl *self, TwCtlWatchFunc func);
/* Removes the socket. */
void    tw_ctl_free (TwCtl *self);

/* The request of command line words; NULL when there is none: the first is the command; for "acquirer", "ledger"
 * and "watch" "a=b" are options. */
GBytes *tw_ctl_request (const char *const *words);
/* Blocks: for the command line and the player only. The answer's text, which says ok or not; GONE: nobody listens;
 * TIMEOUT. */
char   *tw_ctl_ask (const char *path, GBytes *request, guint timeout_s, GError **error);
/* The same, then each line that comes, the answer first, until func says FALSE or the connection ends: GONE. */
typedef gboolean (*TwCtlLineFunc) (const char *line, gpointer user_data);
gboolean tw_ctl_follow (const char *path, GBytes *request, TwCtlLineFunc func, gpointer user_data, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwCtl, tw_ctl_free)
