/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/analytics/kept.h"

#include "app/base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

/* Counted up whenever a section, or what is in one, means something else. */
#define FORMAT 1u
#define PAGE 4096u
#define PIECE ((gsize) 4 << 20)
#define MOST_THREADS 8

static const char MAGIC[8] = "TWREPORT";

static const guint32 RECORD_SIZES[TW_N_KEPT] = {
  [TW_KEPT_TERMS] = 1, [TW_KEPT_TEXTS] = 1, [TW_KEPT_SOURCES] = sizeof (TwKeptSource),
  [TW_KEPT_SITES] = sizeof (TwKeptSite), [TW_KEPT_PORTS] = sizeof (TwKeptPort),
  [TW_KEPT_TARIFFS] = sizeof (TwKeptText), [TW_KEPT_CURRENCIES] = sizeof (TwKeptText),
  [TW_KEPT_SUMS] = sizeof (TwKeptSums), [TW_KEPT_LINES] = sizeof (TwKeptLine), [TW_KEPT_STARTS] = sizeof (guint64),
  [TW_KEPT_SPANS] = sizeof (TwStretch), [TW_KEPT_PAID] = sizeof (TwKeptPaid), [TW_KEPT_ROWS] = sizeof (TwShortRow),
  [TW_KEPT_ALONE] = sizeof (guint64), [TW_KEPT_OPEN] = sizeof (TwShortRow), [TW_KEPT_DAYS] = sizeof (TwDayCell),
  [TW_KEPT_HOURS] = sizeof (TwHourCell), [TW_KEPT_CUSTOMERS] = sizeof (TwCustomerSum),
  [TW_KEPT_HOLDS] = sizeof (TwHoldRow), [TW_KEPT_COPIES] = sizeof (guint32), [TW_KEPT_SLOTS] = 1,
};

/* size: of a record; tells other machines' records from ours, as far as sizes can. */
typedef struct { guint64 offset, n, size; } Section;
typedef struct
{
  char    magic[8];
  guint32 format, byte_order;       /* 1 */
  guint64 size, digests_at, digest; /* of the file; of the digests; of those */
  Section sections[TW_N_KEPT];
  guint8  nothing[PAGE - 48 - TW_N_KEPT * sizeof (Section)];
  guint64 own_digest;               /* of the page before it */
} Header;

G_STATIC_ASSERT (sizeof (Header) == PAGE);

struct _TwKeptWriter
{
  char   *path, *part;
  int     fd, wrong;                /* wrong: errno */
  gboolean done;
  Header  header;
  guint64 at;
  guint8 *piece;
  gsize   n;                        /* of the piece */
  GArray *digests;
};

guint32
tw_kept_record_size (TwKept what)
{
  return RECORD_SIZES[what];
}

/* Who has the lock may write. A file that was renamed while we waited is not ours to write to. */
static int
open_part (const char *part)
{
  int fd = open (part, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  struct stat opened, there;
  int why;

  if (fd < 0)
    return -1;
  errno = 0;
  if (flock (fd, LOCK_EX | LOCK_NB) == 0 && fstat (fd, &opened) == 0 && stat (part, &there) == 0
      && opened.st_ino == there.st_ino && opened.st_dev == there.st_dev && ftruncate (fd, 0) == 0
      && fchmod (fd, 0600) == 0 && lseek (fd, PAGE, SEEK_SET) == PAGE)
    return fd;
  why = errno == 0 || errno == ENOENT ? EWOULDBLOCK : errno;
  close (fd);
  errno = why;
  return -1;
}

TwKeptWriter *
tw_kept_writer_new (const char *path,
                    GError    **error)
{
  g_autoptr (TwKeptWriter) self = g_new0 (TwKeptWriter, 1);

  self->path = g_strdup (path);
  self->part = g_strconcat (path, ".part", NULL);
  self->piece = g_malloc (PIECE);
  self->digests = g_array_new (FALSE, FALSE, sizeof (guint64));
  self->at = PAGE;
  memcpy (self->header.magic, MAGIC, sizeof MAGIC);
  self->header.format = FORMAT;
  self->header.byte_order = 1;
  self->fd = open_part (self->part);
  if (self->fd >= 0)
    return g_steal_pointer (&self);
  g_set_error (error, TW_ERROR, errno == EWOULDBLOCK ? TW_ERROR_RETRY : TW_ERROR_GONE, "%s: %s", self->part,
               errno == EWOULDBLOCK ? "another run is writing it" : g_strerror (errno));
  return NULL;
}

static void
write_all (TwKeptWriter *self,
           const guint8 *bytes,
           gsize         n)
{
  while (n > 0 && self->wrong == 0)
    {
      gssize done = write (self->fd, bytes, n);

      if (done > 0)
        {
          bytes += done;
          n -= (gsize) done;
        }
      else if (errno != EINTR)
        self->wrong = done == 0 ? ENOSPC : errno;
    }
}

static void
end_piece (TwKeptWriter *self)
{
  guint64 digest = XXH3_64bits (self->piece, self->n);

  if (self->n == 0)
    return;
  g_array_append_val (self->digests, digest);
  write_all (self, self->piece, self->n);
  self->n = 0;
}

static void
put (TwKeptWriter *self,
     const guint8 *bytes,
     gsize         n)
{
  self->at += n;
  while (n > 0)
    {
      gsize now = MIN (n, PIECE - self->n);

      memcpy (self->piece + self->n, bytes, now);
      self->n += now;
      bytes += now;
      n -= now;
      if (self->n == PIECE)
        end_piece (self);
    }
}

static void
pad (TwKeptWriter *self)
{
  static const guint8 nothing[PAGE];

  if (self->at % PAGE != 0)
    put (self, nothing, PAGE - self->at % PAGE);
}

void
tw_kept_writer_add (TwKeptWriter *self,
                    TwKept        what,
                    gconstpointer records,
                    gsize         n)
{
  Section *section = &self->header.sections[what];

  if (section->offset == 0)
    {
      pad (self);
      *section = (Section) { self->at, 0, RECORD_SIZES[what] };
    }
  section->n += n;
  put (self, records, n * RECORD_SIZES[what]);
}

/* On disk before it has its name; and its name, too, is on disk. */
static gboolean
commit (TwKeptWriter *self)
{
  g_autofree char *folder = g_path_get_dirname (self->path);
  int fd;

  if (self->wrong == 0 && pwrite (self->fd, &self->header, PAGE, 0) != PAGE)
    self->wrong = errno != 0 ? errno : EIO;
  if (self->wrong == 0 && (fsync (self->fd) != 0 || rename (self->part, self->path) != 0))
    self->wrong = errno;
  fd = self->wrong == 0 ? open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
  if (fd >= 0)
    {
      fsync (fd);
      close (fd);
    }
  return self->wrong == 0;
}

gboolean
tw_kept_writer_end (TwKeptWriter *self,
                    GError      **error)
{
  Header *header = &self->header;
  gsize n;

  pad (self);
  end_piece (self);
  n = self->digests->len * sizeof (guint64);
  header->digests_at = self->at;
  header->digest = XXH3_64bits (self->digests->data, n);
  header->size = self->at + n;
  header->own_digest = XXH3_64bits (header, G_STRUCT_OFFSET (Header, own_digest));
  write_all (self, (const guint8 *) self->digests->data, n);
  self->done = commit (self);
  if (self->done)
    return TRUE;
  g_set_error (error, TW_ERROR, TW_ERROR_GONE, "%s: cannot be written: %s", self->path, g_strerror (self->wrong));
  return FALSE;
}

void
tw_kept_writer_free (TwKeptWriter *self)
{
  if (self == NULL)
    return;
  if (self->fd >= 0 && !self->done)
    unlink (self->part);
  if (self->fd >= 0)
    close (self->fd);
  g_array_unref (self->digests);
  g_free (self->piece);
  g_free (self->part);
  g_free (self->path);
  g_free (self);
}

/* What threads share that check pieces. */
typedef struct { const guint8 *map; const guint64 *digests; gsize end, n; gsize next; gboolean wrong; } Check;

static gpointer
check_pieces (gpointer data)
{
  Check *self = data;
  gsize i;

  while ((i = __atomic_fetch_add (&self->next, 1, __ATOMIC_RELAXED)) < self->n)
    {
      gsize at = PAGE + i * PIECE, n = MIN (PIECE, self->end - at);

#ifdef MADV_POPULATE_READ
      madvise ((gpointer) (self->map + at), n, MADV_POPULATE_READ);
#endif
      if (XXH3_64bits (self->map + at, n) != self->digests[i])
        __atomic_store_n (&self->wrong, TRUE, __ATOMIC_RELAXED);
    }
  return NULL;
}

static gboolean
is_whole (const TwKeptFile *self,
          const Header     *header)
{
  Check check = { self->map, (const guint64 *) (const void *) (self->map + header->digests_at), header->digests_at,
                  (header->digests_at - PAGE + PIECE - 1) / PIECE, 0, FALSE };
  guint n = CLAMP (MIN (g_get_num_processors (), check.n), 1, MOST_THREADS);
  GThread *threads[MOST_THREADS];

  if (check.n * sizeof (guint64) != self->size - header->digests_at
      || XXH3_64bits (check.digests, check.n * sizeof (guint64)) != header->digest)
    return FALSE;
  for (guint i = 1; i < n; i++)
    threads[i] = g_thread_new ("digest", check_pieces, &check);
  check_pieces (&check);
  for (guint i = 1; i < n; i++)
    g_thread_join (threads[i]);
  return !check.wrong;
}

static gboolean
find_sections (TwKeptFile   *self,
               const Header *header)
{
  guint64 at = PAGE;

  for (guint i = 0; i < TW_N_KEPT; i++)
    {
      const Section *section = &header->sections[i];

      if (section->size != RECORD_SIZES[i] || section->offset % PAGE != 0 || section->offset < at
          || section->offset > header->digests_at
          || section->n > (header->digests_at - section->offset) / section->size)
        return FALSE;
      self->at[i] = self->map + section->offset;
      self->n[i] = section->n;
      at = section->offset + section->n * section->size;
    }
  return TRUE;
}

/* NULL: well. */
static const char *
look_at (TwKeptFile *self)
{
  const Header *header = (const Header *) (const void *) self->map;

  if (header->format != FORMAT || header->byte_order != 1)
    return "was made by another version";
  if (header->own_digest != XXH3_64bits (header, G_STRUCT_OFFSET (Header, own_digest)) || header->size != self->size
      || header->digests_at % PAGE != 0 || header->digests_at < PAGE || header->digests_at > self->size
      || !find_sections (self, header) || !is_whole (self, header))
    return "is damaged";
  return NULL;
}

/* Or empty, as a fresh temporary file is. Anything else is somebody's: it is never written over. */
static gboolean
is_ours (int    fd,
         gint64 size)
{
  char begin[sizeof MAGIC] = { 0 };

  return size == 0 || (pread (fd, begin, sizeof begin, 0) == (gssize) sizeof begin
                       && memcmp (begin, MAGIC, sizeof MAGIC) == 0);
}

gboolean
tw_kept_file_open (TwKeptFile *self,
                   const char *path,
                   GError    **error)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY), why = errno;
  struct stat stat;
  const char *wrong = NULL;
  gboolean foreign = FALSE;

  *self = (TwKeptFile) { 0 };
  if (fd < 0)
    {
      g_set_error (error, TW_ERROR, why == ENOENT ? TW_ERROR_GONE : TW_ERROR_BAD_DATA, "%s: %s", path,
                   g_strerror (why));
      return FALSE;
    }
  if (fstat (fd, &stat) != 0 || !S_ISREG (stat.st_mode) || !is_ours (fd, stat.st_size))
    {
      wrong = "is no report's state";
      foreign = TRUE;
    }
  else if (stat.st_size < PAGE)
    wrong = "is damaged";
  else
    {
      gpointer map = mmap (NULL, (gsize) stat.st_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_NORESERVE, fd, 0);

      self->map = map != MAP_FAILED ? map : NULL;
      self->size = (gsize) stat.st_size;
      wrong = self->map ? look_at (self) : "cannot be mapped";
    }
  close (fd);
  if (wrong == NULL)
    return TRUE;
  tw_kept_file_close (self);
  g_set_error (error, TW_ERROR, foreign ? TW_ERROR_REFUSED : TW_ERROR_BAD_DATA, "%s %s", path, wrong);
  return FALSE;
}

void
tw_kept_file_close (TwKeptFile *self)
{
  if (self->map)
    munmap (self->map, self->size);
  *self = (TwKeptFile) { 0 };
}
