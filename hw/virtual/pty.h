/* SPDX-License-Identifier: Apache-2.0 */
/* The far end of a serial cable: a pseudo-terminal whose near end a program under test opens like any /dev/tty.
 *
 * Bytes only; it knows no protocol. It lives in the thread-default main context of the thread that made it, and all
 * calls come from there. Nothing blocks: what the near end does not read waits in a bounded queue.
 */
#pragma once

#include <glib.h>

typedef struct _TwPty TwPty;

/* Bytes came from the near end. May write, hang up or return, but not free. */
typedef void (*TwPtyFunc) (const guint8 *bytes, gsize n, gpointer user_data);

/* link: a path that is made to point at the pseudo-terminal for as long as it is there (NULL: none), and replaced if
 * it is a symbolic link already. REFUSED: link is something else; GONE: the system has no pseudo-terminal to give. */
TwPty      *tw_pty_new (const char *link, TwPtyFunc on_bytes, gpointer user_data, GError **error);
void        tw_pty_free (TwPty *self);

/* What to open: the link, else the device. The device changes with each return. */
const char *tw_pty_path (TwPty *self);

/* Queues n bytes. Beyond 64 KiB unread they are lost, as on a wire. */
void        tw_pty_write (TwPty *self, const guint8 *bytes, gsize n);
void        tw_pty_drop_output (TwPty *self);
/* One byte each so many ms, beginning with what is queued next; 0: as fast as it goes. */
void        tw_pty_set_dribble (TwPty *self, guint ms_per_byte);

/* The cable is pulled: the near end reads end-of-file. The link is removed. */
void        tw_pty_hang_up (TwPty *self);
/* The cable is back, with a new device behind the same link. TRUE when it never was away. */
gboolean    tw_pty_return (TwPty *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwPty, tw_pty_free)
