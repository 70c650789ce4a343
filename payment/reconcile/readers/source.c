/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/reconcile/readers/source.h"

#include "app/base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

struct _TwSource
{
  char *path;
  int fd;
  struct stat stat;
  EVP_MD_CTX *digest;                   /* NULL: a part */
  guint64 n_read, n_wanted;
};

static TwSource *
open_plain (const char  *path,
            GError     **error)
{
  g_autoptr (TwSource) self = g_new0 (TwSource, 1);

  self->path = g_strdup (path);
  self->fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (self->fd < 0 || fstat (self->fd, &self->stat) != 0)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_GONE, "%s: cannot be opened: %s", path, g_strerror (errno));
      return NULL;
    }
  if (!S_ISREG (self->stat.st_mode))
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s: not a plain file", path);
      return NULL;
    }
  self->n_wanted = self->stat.st_size;

  return g_steal_pointer (&self);
}

TwSource *
tw_source_open (const char  *path,
                GError     **error)
{
  TwSource *self = open_plain (path, error);

  if (self == NULL)
    return NULL;
  self->digest = EVP_MD_CTX_new ();
  g_assert (self->digest && EVP_DigestInit_ex (self->digest, EVP_sha256 (), NULL));

  return self;
}

TwSource *
tw_source_open_part (const char  *path,
                     guint64      begin,
                     guint64      end,
                     GError     **error)
{
  g_autoptr (TwSource) self = open_plain (path, error);

  if (self == NULL)
    return NULL;
  if (end == G_MAXUINT64)
    end = self->stat.st_size;
  if (begin > end || end > (guint64) self->stat.st_size || lseek (self->fd, begin, SEEK_SET) != (off_t) begin)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s: changed while it was read: wait until it is complete",
                   path);
      return NULL;
    }
  self->n_wanted = end - begin;

  return g_steal_pointer (&self);
}

void
tw_source_free (TwSource *self)
{
  if (self == NULL)
    return;
  if (self->fd >= 0)
    close (self->fd);
  EVP_MD_CTX_free (self->digest);
  g_free (self->path);
  g_free (self);
}

gssize
tw_source_read (TwSource  *self,
                char      *bytes,
                gsize      n,
                GError   **error)
{
  const gsize most = self->digest ? n : MIN (n, self->n_wanted - self->n_read);
  gssize got;

  do
    got = read (self->fd, bytes, most);
  while (got < 0 && errno == EINTR);
  if (got < 0)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_GONE, "%s: cannot be read: %s", self->path, g_strerror (errno));
      return -1;
    }
  if (self->digest)
    EVP_DigestUpdate (self->digest, bytes, got);
  self->n_read += got;

  return got;
}

gboolean
tw_source_check_end (const TwSource  *self,
                     GError         **error)
{
  struct stat now;

  if (fstat (self->fd, &now) == 0 && now.st_size == self->stat.st_size && self->n_wanted == self->n_read)
    return TRUE;
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s: changed while it was read: wait until it is complete",
               self->path);

  return FALSE;
}

const char *
tw_source_path (const TwSource *self)
{
  return self->path;
}

guint64
tw_source_bytes_read (const TwSource *self)
{
  return self->n_read;
}

guint64
tw_source_size (const TwSource *self)
{
  return self->stat.st_size;
}

void
tw_source_digest (const TwSource *self,
                  char           *hex)
{
  EVP_MD_CTX *copy = EVP_MD_CTX_new ();
  guint8 digest[32];

  g_assert (copy && EVP_MD_CTX_copy_ex (copy, self->digest) && EVP_DigestFinal_ex (copy, digest, NULL));
  EVP_MD_CTX_free (copy);
  for (guint i = 0; i < 32; i++)
    g_snprintf (hex + 2 * i, 3, "%02x", digest[i]);
}
