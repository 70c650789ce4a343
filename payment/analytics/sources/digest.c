/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a file still begins as it did: pieces of it, in as many threads as there are processors. */
#include "payment/analytics/sources/sources.h"

#include "app/base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#include <xxhash.h>

#define PIECE ((gsize) 1 << 20)
#define MOST_THREADS 8

typedef struct { int fd; guint64 offset, n, next; XXH128_canonical_t *digests; gint why; } Pieces;

/* Fewer bytes than n: the file ends. */
static gboolean
read_piece (int     fd,
            guint8 *bytes,
            gsize   n,
            guint64 at)
{
  while (n > 0)
    {
      gssize got = pread (fd, bytes, n, (off_t) at);

      if (got < 0 && errno == EINTR)
        continue;
      if (got <= 0)
        return FALSE;
      bytes += got;
      n -= (gsize) got;
      at += (guint64) got;
    }
  return TRUE;
}

static gpointer
digest_pieces (gpointer data)
{
  Pieces *self = data;
  g_autofree guint8 *bytes = g_malloc (PIECE);
  guint64 i;

  while ((i = __atomic_fetch_add (&self->next, 1, __ATOMIC_RELAXED)) < self->n && !g_atomic_int_get (&self->why))
    {
      gsize n = MIN (PIECE, self->offset - i * PIECE);

      errno = 0;
      if (read_piece (self->fd, bytes, n, i * PIECE))
        XXH128_canonicalFromHash (&self->digests[i], XXH3_128bits (bytes, n));
      else
        g_atomic_int_set (&self->why, errno != 0 ? errno : ENODATA);
    }
  return NULL;
}

gboolean
tw_feed_digest (const char  *path,
                guint64      offset,
                guint8      *digest,
                GError     **error)
{
  Pieces pieces = { open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY), offset, (offset + PIECE - 1) / PIECE };
  guint n = CLAMP (MIN (g_get_num_processors (), pieces.n), 1, MOST_THREADS);
  GThread *threads[MOST_THREADS];
  XXH128_canonical_t all;

  pieces.why = pieces.fd < 0 ? errno : 0;
  if (pieces.why == 0)
    {
      pieces.digests = g_new0 (XXH128_canonical_t, pieces.n + 1);
      for (guint i = 1; i < n; i++)
        threads[i] = g_thread_new ("digest", digest_pieces, &pieces);
      digest_pieces (&pieces);
      for (guint i = 1; i < n; i++)
        g_thread_join (threads[i]);
      XXH128_canonicalFromHash (&all, XXH3_128bits (pieces.digests, pieces.n * sizeof all));
      memcpy (digest, all.digest, sizeof all.digest);
      g_free (pieces.digests);
      close (pieces.fd);
    }
  if (pieces.why == 0)
    return TRUE;
  g_set_error (error, TW_ERROR, TW_ERROR_GONE, "%s: %s", path, g_strerror (pieces.why));
  return FALSE;
}
