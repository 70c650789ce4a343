/* SPDX-License-Identifier: Apache-2.0 */
/* What tapwatt-reader gives up before it serves: other people's rights, dumps, swap, and every system call that it does
 * not need. None of it can be taken back. Before any second thread.
 */
#pragma once

#include <glib.h>

/* If we are root and the user exists: becomes that user, with its groups. *who: what came of it, for the log; free. */
gboolean tw_sandbox_become (const char *user, char **who, GError **error);

/* No core dumps, not even for a debugger of our own user; all memory locked, now and in future. FALSE without harm: the
 * limit does not allow to lock everything, and only card data, which has pages of its own, is locked. */
gboolean tw_sandbox_hold_memory (void);

/* From here on a system call that is not on the list, such as open, socket, connect, execve or fork, kills the
 * process with SIGSYS. Files, sockets and shared objects that will be needed must be open. BAD_STATE: the kernel has
 * no filters. */
gboolean tw_sandbox_enter (GError **error);
