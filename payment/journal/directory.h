/* SPDX-License-Identifier: Apache-2.0 */
/* The directory in which a journal lives: who may reach it, who has it, and the room kept free in it.
 * Private to payment/journal.
 */
#pragma once

#include <glib.h>

/* Made with 0700 if absent. BAD_STATE: others could change what is in it. */
gboolean tw_directory_prepare (const char *dir, GError **error);

/* Takes PATH for as long as the descriptor is open; the kernel lets go when the process ends, however it ends.
 * -1 and BAD_STATE: another has it. */
int      tw_directory_lock (const char *path, GError **error);
/* Whether somebody has PATH; never waits, takes nothing. */
gboolean tw_directory_is_locked (const char *path);

/* An empty file for the owner only, durable in its directory; one that is there already is left as it is. */
gboolean tw_directory_make_file (const char *path, GError **error);

/* Makes PATH a file of kib KiB that are really allocated; with 0 only tries whether there is room at all. */
gboolean tw_directory_reserve (const char *path, guint kib, GError **error);
/* There is less than SQLite needs for anything at all. path: a file or directory on it. */
gboolean tw_directory_is_full (const char *path);
/* FALSE: there was nothing to give up. */
gboolean tw_directory_give_up (const char *path);
