/* SPDX-License-Identifier: Apache-2.0 */
/* Rows that wait: appended by several writers, read back whole. They stay in memory as long as the scratch's share
 * lasts and go to one unlinked file after that, so that nothing is left behind whatever happens.
 *
 * A row is a header and a body that only its maker understands. Rows of a spool have no order that means anything.
 */
#pragma once

#include <glib.h>

typedef struct { guint32 size, number; guint64 hash; } TwRow;   /* size: with this header, a multiple of 8 */

typedef struct _TwScratch TwScratch;

/* Opened when memory_bytes are used up; directory NULL: that for temporary files. Blocks are block_bytes long. */
TwScratch *tw_scratch_new (const char *directory, gsize memory_bytes, gsize block_bytes);
void       tw_scratch_free (TwScratch *self);

/* Many writers at once; read by anyone once they are flushed. */
typedef struct
{
  TwScratch *scratch;
  GMutex     lock;
  GArray    *blocks;
  guint64    n_bytes, n_rows;
} TwSpool;

void     tw_spool_init (TwSpool *self, TwScratch *scratch);
void     tw_spool_clear (TwSpool *self);      /* gives its memory back to the scratch */

/* Where a row of a spool stands, for as long as the spool is there. */
typedef struct { guint32 block, at, size; } TwPlace;

/* One thread's. number: of the block that is being filled. */
typedef struct { TwSpool *spool; guint8 *block; gsize used, size; guint32 n_rows, number; } TwSpoolWriter;

/* Room for a row of at most bytes, header included; aligned to 8. NULL: the disk. */
TwRow   *tw_spool_writer_reserve (TwSpoolWriter *self, gsize bytes, GError **error);
TwPlace  tw_spool_writer_commit (TwSpoolWriter *self, TwRow *row);   /* its size is set */
gboolean tw_spool_writer_flush (TwSpoolWriter *self, GError **error);
gboolean tw_spool_writer_copy (TwSpoolWriter *self, const TwRow *row, GError **error);

/* All rows of a spool after each other. The buffer grows and is kept for the next. */
typedef struct { guint8 *data; gsize n, room; } TwLoad;

gboolean tw_spool_load (TwSpool *self, TwLoad *load, GError **error);
void     tw_load_clear (TwLoad *self);

#define TW_LOAD_FIRST(load) ((const TwRow *) (load)->data)
/* Nothing was loaded: nothing to add to. */
#define TW_LOAD_END(load) ((const TwRow *) ((load)->data == NULL ? NULL : (load)->data + (load)->n))
#define TW_ROW_NEXT(row) ((const TwRow *) ((const guint8 *) (row) + (row)->size))
#define TW_ROW_BODY(row) ((const guint8 *) ((row) + 1))

/* Single rows, by their place. The second one of a block brings all of it: rows that are asked for in the order in
 * which they were written cost little. */
typedef struct { TwSpool *spool; guint8 *data, *single; gsize room, single_room; guint32 block, held; } TwPage;

/* Valid until the next. */
const TwRow *tw_page_row (TwPage *self, TwSpool *spool, const TwPlace *place, GError **error);
void         tw_page_clear (TwPage *self);

/* Rows one after the other, in the order in which one writer wrote them. */
typedef struct { TwSpool *spool; guint8 *data; gsize at, n, room; guint block; } TwCursor;

/* *row NULL: the end. */
gboolean tw_cursor_next (TwCursor *self, const TwRow **row, GError **error);
void     tw_cursor_clear (TwCursor *self);

/* One spool for each of the leading values of a hash. */
#define TW_FAN_BITS 7
#define TW_FAN_SIZE (1u << TW_FAN_BITS)

typedef struct { TwSpool spools[TW_FAN_SIZE]; } TwFan;
typedef struct { TwSpoolWriter writers[TW_FAN_SIZE]; } TwFanWriter;

TwFan       *tw_fan_new (TwScratch *scratch);
void         tw_fan_free (TwFan *self);
guint64      tw_fan_n_rows (const TwFan *self);
TwFanWriter *tw_fan_writer_new (TwFan *fan);
gboolean     tw_fan_writer_flush (TwFanWriter *self, GError **error);
void         tw_fan_writer_free (TwFanWriter *self);     /* what is not flushed is lost */

static inline TwSpool *
tw_fan_spool (TwFan *self, guint64 hash)
{
  return &self->spools[hash >> (64 - TW_FAN_BITS)];
}

static inline TwSpoolWriter *
tw_fan_writer_at (TwFanWriter *self, guint64 hash)
{
  return &self->writers[hash >> (64 - TW_FAN_BITS)];
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwScratch, tw_scratch_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwFan, tw_fan_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwFanWriter, tw_fan_writer_free)
