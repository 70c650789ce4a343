/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/analytics/sources/cuts.h"

#include "payment/analytics/sources/sources.h"

#include "app/base/error.h"
#include "payment/reconcile/readers/marks.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BLOCK = 256 * 1024, LONGEST = 2 * 1024 * 1024 };

typedef struct
{
  const char *path;
  int         fd;
  char       *block;             /* 64 bytes more than BLOCK */
  guint64     begin, n;          /* of the file, what the block holds */
  guint64     at, line;          /* what was counted: up to there, which is in that line */
  gboolean    inside;            /* between quotes */
} Count;

static gboolean
read_block (Count   *self,
            GError **error)
{
  gssize got;

  do
    got = pread (self->fd, self->block, BLOCK, (off_t) self->at);
  while (got < 0 && errno == EINTR);
  if (got < 0)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_GONE, "%s: cannot be read: %s", self->path, g_strerror (errno));
      return FALSE;
    }
  self->begin = self->at;
  self->n = (guint64) got;
  return TRUE;
}

/* Up to 64 bytes from at on. */
static void
count_64 (Count *self,
          guint  n)
{
  TwMarks marks = tw_marks (self->block + (self->at - self->begin), ',');
  guint64 there = n == 64 ? G_MAXUINT64 : (G_GUINT64_CONSTANT (1) << n) - 1;

  self->line += (guint) __builtin_popcountll (marks.feed & there);
  self->inside ^= __builtin_parityll (marks.quote & there);
  self->at += n;
}

/* Counts up to that place, or to the end of the file. */
static gboolean
count_to (Count    *self,
          guint64   to,
          GError  **error)
{
  while (self->at < to)
    {
      guint64 end;

      if (self->at == self->begin + self->n && !read_block (self, error))
        return FALSE;
      if (self->n == 0)
        return TRUE;
      for (end = MIN (to, self->begin + self->n); self->at + 64 <= end;)
        count_64 (self, 64);
      if (self->at < end)
        count_64 (self, (guint) (end - self->at));
    }
  return TRUE;
}

/* From there on to the beginning of a row. FALSE without error: there is none any more. */
static gboolean
go_to_row (Count   *self,
           GError **error)
{
  for (;; self->at++)
    {
      char byte;

      if (self->at == self->begin + self->n && !read_block (self, error))
        return FALSE;
      if (self->n == 0)
        return FALSE;
      byte = self->block[self->at - self->begin];
      self->inside ^= byte == '"';
      self->line += byte == '\n';
      if (byte == '\n' && !self->inside)
        break;
    }
  self->at++;
  return TRUE;
}

gboolean
tw_cuts_find (const char *path,
              guint       n,
              guint64     least,
              TwCut      *cuts,
              guint      *n_cuts,
              GError    **error)
{
  g_autofree char *block = g_malloc0 (BLOCK + 64);
  Count count = { .path = path, .fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY), .block = block,
                  .line = 1 };
  g_autoptr (GError) wrong = NULL;
  struct stat stat;
  guint64 size;

  *n_cuts = 0;
  /* What cannot be opened, the reader says. */
  if (count.fd < 0)
    return TRUE;
  size = fstat (count.fd, &stat) == 0 && S_ISREG (stat.st_mode) ? (guint64) stat.st_size : 0;
  n = (guint) MIN (n, MAX (1, size / least));
  for (guint i = 1; i < n && wrong == NULL; i++)
    if (size / n * i > count.at && count_to (&count, size / n * i, &wrong) && go_to_row (&count, &wrong)
        && count.at < size)
      cuts[(*n_cuts)++] = (TwCut) { count.at, count.line };
  close (count.fd);
  if (wrong == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&wrong));
  return FALSE;
}

/* Quotes are counted up to a row's length before the end; from there on each byte is looked at. */
static gboolean
find_last (Count        *count,
           guint64       size,
           TwFeedPlace  *last,
           GError      **error)
{
  if (size > LONGEST && count->at < size - LONGEST && !count_to (count, size - LONGEST, error))
    return FALSE;
  while (count->at < size)
    {
      char byte;

      if (count->at == count->begin + count->n && !read_block (count, error))
        return FALSE;
      if (count->n == 0)
        break;
      byte = count->block[count->at++ - count->begin];
      count->inside ^= byte == '"';
      count->line += byte == '\n';
      if (byte == '\n' && !count->inside)
        *last = (TwFeedPlace) { count->at, count->line };
    }
  return TRUE;
}

gboolean
tw_feed_last_place (const char   *path,
                    TwFeedPlace   from,
                    TwFeedPlace  *last,
                    GError      **error)
{
  g_autofree char *block = g_malloc0 (BLOCK + 64);
  Count count = { .path = path, .fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY), .block = block,
                  .begin = from.offset, .at = from.offset, .line = MAX (1, from.line) };
  struct stat stat;
  gboolean well = TRUE;

  *last = from;
  /* What cannot be opened, the reader says. */
  if (count.fd < 0)
    return TRUE;
  if (fstat (count.fd, &stat) == 0 && S_ISREG (stat.st_mode))
    well = find_last (&count, (guint64) stat.st_size, last, error);
  close (count.fd);
  return well;
}
