/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/reconcile/readers/source.h"

#include "app/base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHUNK = 256 * 1024, N_CHUNKS = 4, SMALL = 1024 * 1024 };

/* Of a large file: a thread that reads ahead and digests, into a ring of chunks. */
typedef struct
{
  GThread *thread;
  GMutex mutex;
  GCond changed;
  char *chunks;
  gsize sizes[N_CHUNKS];        /* 0: the end, or what went wrong */
  guint64 n_filled, n_taken;    /* under the mutex, as the rest */
  gboolean stopped;
  int failure;                  /* errno */
} Ahead;

struct _TwSource
{
  char *path;
  int fd;
  struct stat stat;
  EVP_MD_CTX *digest;           /* NULL: a part */
  guint64 n_read, n_wanted;
  Ahead *ahead;                 /* NULL: nobody reads ahead */
  gsize used;                   /* of the chunk that is being taken */
};

static gssize
read_some (int    fd,
           char  *bytes,
           gsize  n)
{
  gssize got;

  do
    got = read (fd, bytes, n);
  while (got < 0 && errno == EINTR);

  return got;
}

/* FALSE: stopped. */
static gboolean
wait_for_room (Ahead *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  while (self->n_filled - self->n_taken == N_CHUNKS && !self->stopped)
    g_cond_wait (&self->changed, &self->mutex);

  return !self->stopped;
}

static gpointer
read_ahead (gpointer data)
{
  TwSource *self = data;
  Ahead *ahead = self->ahead;
  gssize got = 1;

  while (got > 0 && wait_for_room (ahead))
    {
      const guint chunk = ahead->n_filled % N_CHUNKS;
      char *bytes = ahead->chunks + (gsize) chunk * CHUNK;

      got = read_some (self->fd, bytes, CHUNK);
      if (got > 0)
        EVP_DigestUpdate (self->digest, bytes, got);
      g_mutex_lock (&ahead->mutex);
      ahead->failure = got < 0 ? errno : 0;
      ahead->sizes[chunk] = MAX (got, 0);
      ahead->n_filled++;
      g_cond_signal (&ahead->changed);
      g_mutex_unlock (&ahead->mutex);
    }

  return NULL;
}

static void
begin_ahead (TwSource *self)
{
  Ahead *ahead = g_new0 (Ahead, 1);

  g_mutex_init (&ahead->mutex);
  g_cond_init (&ahead->changed);
  ahead->chunks = g_malloc ((gsize) N_CHUNKS * CHUNK);
  self->ahead = ahead;
  ahead->thread = g_thread_new ("tapwatt-ahead", read_ahead, self);
}

static void
end_ahead (Ahead *self)
{
  g_mutex_lock (&self->mutex);
  self->stopped = TRUE;
  g_cond_signal (&self->changed);
  g_mutex_unlock (&self->mutex);
  g_thread_join (self->thread);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->changed);
  g_free (self->chunks);
  g_free (self);
}

/* From the chunk at hand; the last one, which is empty, stays. */
static gssize
take_ahead (TwSource *self,
            char     *bytes,
            gsize     n)
{
  Ahead *ahead = self->ahead;
  const guint chunk = ahead->n_taken % N_CHUNKS;
  gsize size;

  g_mutex_lock (&ahead->mutex);
  while (ahead->n_filled == ahead->n_taken)
    g_cond_wait (&ahead->changed, &ahead->mutex);
  size = ahead->sizes[chunk];
  errno = ahead->failure;
  g_mutex_unlock (&ahead->mutex);
  if (size == 0)
    return errno == 0 ? 0 : -1;

  n = MIN (n, size - self->used);
  memcpy (bytes, ahead->chunks + (gsize) chunk * CHUNK + self->used, n);
  self->used += n;
  if (self->used == size)
    {
      self->used = 0;
      g_mutex_lock (&ahead->mutex);
      ahead->n_taken++;
      g_cond_signal (&ahead->changed);
      g_mutex_unlock (&ahead->mutex);
    }

  return (gssize) n;
}

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
  /* Threads of a pool may end after main() has: OpenSSL's clean-up at exit would take from under them what they free */
  OPENSSL_init_crypto (OPENSSL_INIT_NO_ATEXIT, NULL);
  self->digest = EVP_MD_CTX_new ();
  g_assert (self->digest && EVP_DigestInit_ex (self->digest, EVP_sha256 (), NULL));
  if (self->stat.st_size > SMALL && g_get_num_processors () > 1)
    begin_ahead (self);

  return self;
}

static gboolean
refuse_changed (const TwSource  *self,
                GError         **error)
{
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s: changed while it was read: wait until it is complete",
               self->path);

  return FALSE;
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
      refuse_changed (self, error);
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
  g_clear_pointer (&self->ahead, end_ahead);
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
  const gssize got = self->ahead ? take_ahead (self, bytes, most) : read_some (self->fd, bytes, most);

  if (got < 0)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_GONE, "%s: cannot be read: %s", self->path, g_strerror (errno));
      return -1;
    }
  if (self->ahead == NULL && self->digest)
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

  return refuse_changed (self, error);
}

gboolean
tw_source_seek (TwSource  *self,
                guint64    at,
                GError   **error)
{
  g_return_val_if_fail (self->digest == NULL, FALSE);

  if (at > self->n_wanted || lseek (self->fd, (off_t) at, SEEK_SET) != (off_t) at)
    return refuse_changed (self, error);
  self->n_read = at;

  return TRUE;
}

void
tw_source_stamp (const TwSource *self,
                 TwFileStamp    *stamp)
{
  struct stat now;

  *stamp = (TwFileStamp) { 0 };
  if (fstat (self->fd, &now) == 0)
    *stamp = (TwFileStamp) { now.st_dev, now.st_ino, (guint64) now.st_size,
                             now.st_mtim.tv_sec * G_GINT64_CONSTANT (1000000000) + now.st_mtim.tv_nsec };
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
