/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "app/base/error.h"
#include "payment/reconcile/scratch.h"

#define ROW_MAX (4u << 20)      /* no reader hands over more text than this in one row */

struct _TwScratch
{
  char   *directory;
  gsize   memory_bytes, block_bytes;
  GMutex  lock;
  gsize   in_memory;            /* under lock, as the rest */
  int     fd;
  guint64 end;
};

/* In memory or at an offset of the file. */
typedef struct { guint8 *memory; guint64 offset; gsize n; } Block;

TwScratch *
tw_scratch_new (const char *directory, gsize memory_bytes, gsize block_bytes)
{
  TwScratch *self = g_new0 (TwScratch, 1);

  self->directory = g_strdup (directory != NULL ? directory : g_get_tmp_dir ());
  self->memory_bytes = memory_bytes;
  self->block_bytes = block_bytes;
  self->fd = -1;
  g_mutex_init (&self->lock);
  return self;
}

void
tw_scratch_free (TwScratch *self)
{
  if (self == NULL)
    return;
  if (self->fd >= 0)
    close (self->fd);
  g_mutex_clear (&self->lock);
  g_free (self->directory);
  g_free (self);
}

static gboolean
fail (TwScratch *self, const char *what, GError **error)
{
  g_set_error (error, TW_ERROR, TW_ERROR_RETRY,
               "the working file in %s could not be %s: %s; free some space there, or name another directory",
               self->directory, what, g_strerror (errno));
  return FALSE;
}

/* O_TMPFILE is not on every file system. Under lock. */
static gboolean
open_file (TwScratch *self, GError **error)
{
  g_autofree char *path = NULL;

  if (self->fd >= 0)
    return TRUE;
  self->fd = open (self->directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (self->fd >= 0)
    return TRUE;
  path = g_build_filename (self->directory, "tapwatt-XXXXXX", NULL);
  self->fd = g_mkstemp_full (path, O_RDWR | O_CLOEXEC, 0600);
  if (self->fd < 0)
    return fail (self, "made", error);
  unlink (path);
  return TRUE;
}

static gboolean
claim_room (TwScratch *self, gsize n, Block *block, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (self->in_memory + n <= self->memory_bytes)
    {
      self->in_memory += n;
      block->memory = GINT_TO_POINTER (1);   /* the caller's block stays */
      return TRUE;
    }
  if (!open_file (self, error))
    return FALSE;
  block->offset = self->end;
  self->end += n;
  return TRUE;
}

static void
give_back (TwScratch *self, gsize n)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->in_memory -= n;
}

static gboolean
write_all (TwScratch *self, const guint8 *data, gsize n, guint64 offset, GError **error)
{
  while (n > 0)
    {
      gssize done = pwrite (self->fd, data, n, (off_t) offset);

      if (done < 0 && errno == EINTR)
        continue;
      if (done < 0)
        return fail (self, "written", error);
      data += done;
      n -= (gsize) done;
      offset += (guint64) done;
    }
  return TRUE;
}

static gboolean
read_all (TwScratch *self, guint8 *data, gsize n, guint64 offset, GError **error)
{
  while (n > 0)
    {
      gssize done = pread (self->fd, data, n, (off_t) offset);

      if (done < 0 && errno == EINTR)
        continue;
      if (done == 0)
        errno = EIO;
      if (done <= 0)
        return fail (self, "read back", error);
      data += done;
      n -= (gsize) done;
      offset += (guint64) done;
    }
  return TRUE;
}

void
tw_spool_init (TwSpool *self, TwScratch *scratch)
{
  *self = (TwSpool) { .scratch = scratch };
  g_mutex_init (&self->lock);
}

void
tw_spool_clear (TwSpool *self)
{
  for (guint i = 0; self->blocks != NULL && i < self->blocks->len; i++)
    {
      Block *block = &g_array_index (self->blocks, Block, i);

      if (block->memory == NULL)
        continue;
      give_back (self->scratch, block->n);
      g_free (block->memory);
    }
  g_clear_pointer (&self->blocks, g_array_unref);
  g_mutex_clear (&self->lock);
  *self = (TwSpool) { .scratch = self->scratch };
}

gboolean
tw_spool_writer_flush (TwSpoolWriter *self, GError **error)
{
  TwSpool *spool = self->spool;
  Block block = { .n = self->used };

  if (self->used == 0)
    return TRUE;
  if (!claim_room (spool->scratch, self->used, &block, error))
    return FALSE;
  if (block.memory != NULL)
    block.memory = g_realloc (g_steal_pointer (&self->block), self->used);
  else if (!write_all (spool->scratch, self->block, self->used, block.offset, error))
    return FALSE;
  g_mutex_lock (&spool->lock);
  g_array_index (spool->blocks, Block, self->number) = block;
  spool->n_bytes += block.n;
  spool->n_rows += self->n_rows;
  g_mutex_unlock (&spool->lock);
  self->used = 0;
  self->n_rows = 0;
  if (self->block == NULL)
    self->size = 0;
  return TRUE;
}

/* Its number is given before it is full, so that its rows have a place. */
static guint32
number_block (TwSpool *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (self->blocks == NULL)
    self->blocks = g_array_new (FALSE, TRUE, sizeof (Block));
  g_array_set_size (self->blocks, self->blocks->len + 1);
  return self->blocks->len - 1;
}

TwRow *
tw_spool_writer_reserve (TwSpoolWriter *self, gsize bytes, GError **error)
{
  gsize n = (bytes + 7) & ~(gsize) 7;

  if (n > ROW_MAX)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "a row of %" G_GSIZE_FORMAT " bytes is no row of a book", n);
      return NULL;
    }
  if (self->used > 0 && self->size - self->used >= n)
    return (TwRow *) (self->block + self->used);
  if (!tw_spool_writer_flush (self, error))
    return NULL;
  if (self->size < n || self->size > self->spool->scratch->block_bytes)
    {
      g_free (self->block);
      self->size = MAX (self->spool->scratch->block_bytes, n);
      self->block = g_malloc (self->size);
    }
  self->number = number_block (self->spool);
  return (TwRow *) self->block;
}

TwPlace
tw_spool_writer_commit (TwSpoolWriter *self, TwRow *row)
{
  gsize n = (row->size + 7u) & ~7u;
  TwPlace place = { self->number, (guint32) self->used, (guint32) n };

  for (guint8 *at = (guint8 *) row + row->size, *end = (guint8 *) row + n; at < end; at++)
    *at = 0;
  row->size = (guint32) n;
  self->used += n;
  self->n_rows++;
  return place;
}

gboolean
tw_spool_writer_copy (TwSpoolWriter *self, const TwRow *row, GError **error)
{
  TwRow *copy = tw_spool_writer_reserve (self, row->size, error);

  if (copy == NULL)
    return FALSE;
  memcpy (copy, row, row->size);
  tw_spool_writer_commit (self, copy);
  return TRUE;
}

gboolean
tw_spool_load (TwSpool *self, TwLoad *load, GError **error)
{
  load->n = 0;
  if (load->room < self->n_bytes)
    {
      g_free (load->data);
      load->room = self->n_bytes + self->n_bytes / 8;
      load->data = g_malloc (load->room);
    }
  for (guint i = 0; self->blocks != NULL && i < self->blocks->len; i++)
    {
      const Block *block = &g_array_index (self->blocks, Block, i);

      if (block->memory != NULL)
        memcpy (load->data + load->n, block->memory, block->n);
      else if (!read_all (self->scratch, load->data + load->n, block->n, block->offset, error))
        return FALSE;
      load->n += block->n;
    }
  return TRUE;
}

void
tw_load_clear (TwLoad *self)
{
  g_free (self->data);
  *self = (TwLoad) { 0 };
}

static void
make_room (guint8 **data, gsize *room, gsize n)
{
  if (*room >= n)
    return;
  g_free (*data);
  *data = g_malloc (n);
  *room = n;
}

const TwRow *
tw_page_row (TwPage *self, TwSpool *spool, const TwPlace *place, GError **error)
{
  const Block *block = &g_array_index (spool->blocks, Block, place->block);
  gboolean again = self->spool == spool && self->block == place->block;

  if (block->memory != NULL)
    return (const TwRow *) (block->memory + place->at);
  if (again && self->held == block->n)
    return (const TwRow *) (self->data + place->at);
  self->spool = spool;
  self->block = place->block;
  self->held = 0;
  if (!again)
    {
      make_room (&self->single, &self->single_room, place->size);
      return read_all (spool->scratch, self->single, place->size, block->offset + place->at, error)
               ? (const TwRow *) self->single : NULL;
    }
  make_room (&self->data, &self->room, block->n);
  if (!read_all (spool->scratch, self->data, block->n, block->offset, error))
    return NULL;
  self->held = (guint32) block->n;
  return (const TwRow *) (self->data + place->at);
}

void
tw_page_clear (TwPage *self)
{
  g_free (self->data);
  g_free (self->single);
  *self = (TwPage) { 0 };
}

gboolean
tw_cursor_next (TwCursor *self, const TwRow **row, GError **error)
{
  GArray *blocks = self->spool->blocks;
  const Block *block;

  *row = NULL;
  while (self->at == self->n)
    {
      if (blocks == NULL || self->block == blocks->len)
        return TRUE;
      block = &g_array_index (blocks, Block, self->block);
      self->block++;
      make_room (&self->data, &self->room, block->n);
      if (block->memory != NULL)
        memcpy (self->data, block->memory, block->n);
      else if (!read_all (self->spool->scratch, self->data, block->n, block->offset, error))
        return FALSE;
      self->at = 0;
      self->n = block->n;
    }
  *row = (const TwRow *) (self->data + self->at);
  self->at += (*row)->size;
  return TRUE;
}

void
tw_cursor_clear (TwCursor *self)
{
  g_free (self->data);
  *self = (TwCursor) { 0 };
}

TwFan *
tw_fan_new (TwScratch *scratch)
{
  TwFan *self = g_new0 (TwFan, 1);

  for (guint i = 0; i < TW_FAN_SIZE; i++)
    tw_spool_init (&self->spools[i], scratch);
  return self;
}

void
tw_fan_free (TwFan *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < TW_FAN_SIZE; i++)
    tw_spool_clear (&self->spools[i]);
  g_free (self);
}

guint64
tw_fan_n_rows (const TwFan *self)
{
  guint64 n = 0;

  for (guint i = 0; i < TW_FAN_SIZE; i++)
    n += self->spools[i].n_rows;
  return n;
}

TwFanWriter *
tw_fan_writer_new (TwFan *fan)
{
  TwFanWriter *self = g_new0 (TwFanWriter, 1);

  for (guint i = 0; i < TW_FAN_SIZE; i++)
    self->writers[i].spool = &fan->spools[i];
  return self;
}

gboolean
tw_fan_writer_flush (TwFanWriter *self, GError **error)
{
  for (guint i = 0; i < TW_FAN_SIZE; i++)
    if (!tw_spool_writer_flush (&self->writers[i], error))
      return FALSE;
  return TRUE;
}

void
tw_fan_writer_free (TwFanWriter *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < TW_FAN_SIZE; i++)
    g_free (self->writers[i].block);
  g_free (self);
}
