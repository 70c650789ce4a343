/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/journal/faults.h"

#include <signal.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

static struct
{
  sqlite3_vfs               *real;
  sqlite3_vfs                shim;
  const sqlite3_io_methods  *real_io;
  sqlite3_io_methods         io;       /* of the main database */
  sqlite3_io_methods         log_io;   /* of its log */
  Fault                      fault;
  guint                      countdown;
  Fault                      log_sync;
  gboolean                   happened;
} faults;

static Fault
next_fault (void)
{
  Fault fault = faults.fault;

  if (faults.countdown == 0 || --faults.countdown > 0)
    return FAULT_NONE;

  faults.happened = TRUE;
  if (fault == FAULT_KILL)
    kill (getpid (), SIGKILL);

  return fault;
}

static int
on_write (sqlite3_file  *file,
          const void    *bytes,
          int            n,
          sqlite3_int64  offset)
{
  Fault fault = next_fault ();

  if (fault == FAULT_IO)
    return SQLITE_IOERR_WRITE;
  if (fault == FAULT_FULL)
    {
      faults.real_io->xWrite (file, bytes, n / 2, offset);
      return SQLITE_FULL;
    }

  return faults.real_io->xWrite (file, bytes, n, offset) ? : (fault == FAULT_IO_LATE ? SQLITE_IOERR_WRITE : SQLITE_OK);
}

static int
on_truncate (sqlite3_file  *file,
             sqlite3_int64  size)
{
  Fault fault = next_fault ();

  if (fault == FAULT_IO || fault == FAULT_FULL)
    return SQLITE_IOERR_TRUNCATE;

  return faults.real_io->xTruncate (file, size) ? : (fault == FAULT_IO_LATE ? SQLITE_IOERR_TRUNCATE : SQLITE_OK);
}

static int
sync_with (sqlite3_file *file,
           int           flags,
           Fault         fault)
{
  if (fault == FAULT_IO || fault == FAULT_FULL)
    return SQLITE_IOERR_FSYNC;

  return faults.real_io->xSync (file, flags) ? : (fault == FAULT_IO_LATE ? SQLITE_IOERR_FSYNC : SQLITE_OK);
}

static int
on_sync (sqlite3_file *file,
         int           flags)
{
  return sync_with (file, flags, next_fault ());
}

static int
on_log_sync (sqlite3_file *file,
             int           flags)
{
  Fault fault = faults.log_sync;

  if (fault == FAULT_NONE)
    return on_sync (file, flags);

  faults.log_sync = FAULT_NONE;
  faults.happened = TRUE;

  return sync_with (file, flags, fault);
}

static sqlite3_io_methods
with_faults (const sqlite3_io_methods *real)
{
  sqlite3_io_methods io = *real;

  io.xWrite = on_write;
  io.xTruncate = on_truncate;
  io.xSync = on_sync;

  return io;
}

/* The methods are the same for all files of one VFS, so that one copy of each kind is enough. */
static int
on_open (sqlite3_vfs  *vfs,
         const char   *name,
         sqlite3_file *file,
         int           flags,
         int          *out_flags)
{
  int result = faults.real->xOpen (faults.real, name, file, flags, out_flags);

  if (result != SQLITE_OK || !(flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL)))
    return result;

  if (flags & SQLITE_OPEN_MAIN_DB)
    {
      faults.real_io = file->pMethods;
      faults.io = with_faults (file->pMethods);
      file->pMethods = &faults.io;
      return result;
    }

  faults.log_io = with_faults (file->pMethods);
  if (flags & SQLITE_OPEN_WAL)
    faults.log_io.xSync = on_log_sync;
  file->pMethods = &faults.log_io;

  return result;
}

void
fault_install (void)
{
  faults.real = sqlite3_vfs_find (NULL);
  faults.shim = *faults.real;
  faults.shim.zName = "tapwatt-faults";
  faults.shim.pNext = NULL;
  faults.shim.xOpen = on_open;
  g_assert_cmpint (sqlite3_vfs_register (&faults.shim, 1), ==, SQLITE_OK);
}

void
fault_at (Fault fault,
          guint nth)
{
  faults.fault = fault;
  faults.countdown = nth;
  faults.happened = FALSE;
}

void
fault_next_log_sync (Fault fault)
{
  faults.log_sync = fault;
  faults.happened = FALSE;
}

gboolean
fault_take (void)
{
  faults.countdown = 0;
  faults.log_sync = FAULT_NONE;

  return faults.happened;
}
