/* SPDX-License-Identifier: Apache-2.0 */
/* SQLite's way to the disk, with one operation that goes wrong: the default VFS, its writes, syncs and truncations of
 * databases and logs counted. From one thread at a time.
 */
#pragma once

#include <glib.h>

typedef enum
{
  FAULT_NONE,
  FAULT_IO,         /* SQLITE_IOERR of the operation's kind; nothing is done */
  FAULT_IO_LATE,    /* the same answer, after it was done: a sync that failed leaves the data where a crash finds it */
  FAULT_FULL,       /* of a write; half of it is done */
  FAULT_KILL,       /* SIGKILL to this process instead */
} Fault;

/* Becomes the default VFS of this process. */
void  fault_install (void);
/* The nth operation from now (1: the next) goes wrong, once. */
void  fault_at (Fault fault, guint nth);
/* The next sync of a write-ahead log goes wrong, once. */
void  fault_next_log_sync (Fault fault);
/* Whether it has happened; and forgets it if not. */
gboolean fault_take (void);
