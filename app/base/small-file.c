/* SPDX-License-Identifier: Apache-2.0 */
#include "app/base/small-file.h"

#include "app/base/bytes.h"
#include "app/base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct
{
  gsize  n;
  guint8 bytes[];
} Buffer;

static void
buffer_free (gpointer data)
{
  Buffer *buffer = data;

  tw_wipe (buffer->bytes, buffer->n);
  g_free (buffer);
}

static GBytes *
read_all (int   fd,
          gsize n)
{
  Buffer *buffer = g_malloc (sizeof (Buffer) + n);
  gssize got = 0;

  buffer->n = n;
  for (gsize at = 0; at < n; at += got)
    {
      got = read (fd, buffer->bytes + at, n - at);
      if (got > 0)
        continue;
      if (got == 0)
        errno = EIO;   /* it became shorter meanwhile */
      buffer_free (buffer);
      return NULL;
    }

  return g_bytes_new_with_free_func (buffer->bytes, n, buffer_free, buffer);
}

GBytes *
tw_small_file_read (const char  *path,
                    gsize        max_bytes,
                    GError     **error)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  GBytes *bytes = NULL;
  struct stat is;

  if (fd < 0 || fstat (fd, &is) != 0)
    g_set_error (error, TW_ERROR, TW_ERROR_GONE, "%s", g_strerror (errno));
  else if (!S_ISREG (is.st_mode) || is.st_size > (goffset) max_bytes)
    g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "a plain file of at most %" G_GSIZE_FORMAT " bytes is expected",
                 max_bytes);
  else if ((bytes = read_all (fd, is.st_size)) == NULL)
    g_set_error (error, TW_ERROR, TW_ERROR_GONE, "%s", g_strerror (errno));

  if (fd >= 0)
    g_close (fd, NULL);

  return bytes;
}
