/* SPDX-License-Identifier: Apache-2.0 */
#include "hw/port/port.h"

#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "app/base/error.h"

/* Documentation/admin-guide/devices.txt of the kernel: Unix98 PTY slaves. */
#define PTY_MAJOR_FIRST 136
#define PTY_MAJOR_LAST  143

/* isatty(3) needs an open port: sysfs knows as well. */
static gboolean
is_tty (const struct stat *is)
{
  guint device_major = major (is->st_rdev);
  g_autofree char *link_path = g_strdup_printf ("/sys/dev/char/%u:%u/subsystem", device_major, minor (is->st_rdev));
  g_autofree char *subsystem = g_file_read_link (link_path, NULL);

  if (device_major >= PTY_MAJOR_FIRST && device_major <= PTY_MAJOR_LAST)
    return TRUE;

  return subsystem != NULL && g_str_has_suffix (subsystem, "/tty");
}

gboolean
tw_port_may_be_at (const char *path,
                   GError    **error)
{
  struct stat is;

  if (stat (path, &is) != 0 || (S_ISCHR (is.st_mode) && is_tty (&is)))
    return TRUE;

  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s is not a serial port (not a tty): check the configured path",
               path);
  return FALSE;
}
