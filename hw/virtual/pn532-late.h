/* SPDX-License-Identifier: Apache-2.0 */
/* Replies that come when nobody waits for them any more. Thread-default main context of the thread that made it. */
#pragma once

#include <glib.h>

typedef struct _TwPn532Late TwPn532Late;
typedef void (*TwPn532LateFunc) (const guint8 *frame, gsize n, gpointer user_data);

TwPn532Late *tw_pn532_late_new (TwPn532LateFunc func, gpointer user_data);
void         tw_pn532_late_free (TwPn532Late *self); /* what has not come by then never comes */
void         tw_pn532_late_send (TwPn532Late *self, const GByteArray *frame, guint ms);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwPn532Late, tw_pn532_late_free)
