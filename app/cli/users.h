/* SPDX-License-Identifier: Apache-2.0 */
/* Who has a device open, without opening it: opening a serial port moves its control lines, and some boards take that
 * for a reset.
 */
#pragma once

#include <glib.h>

/* A process that locked the file (/proc/locks, for everybody to read) or has it open (/proc/PID/fd, of processes that
 * we may look at); 0: none that can be seen. name: its command, g_free(). */
guint tw_users_find (const char *path, char **name);
