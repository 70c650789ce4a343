/* SPDX-License-Identifier: Apache-2.0 */
/* Records of one size, found by their first bytes: all in one block, with an open-addressing index beside it. Records
 * keep the order in which they came. Nothing is allocated for a record but when the block grows, and nothing is
 * removed. One thread.
 */
#pragma once

#include "payment/analytics/budget.h"

#define TW_TABLE_RECORD 256       /* bytes at most */

/* number: of the record, from 1; 0: free. tag: more of the hash, so that other records need not be looked at. */
typedef struct { guint32 number, tag; } TwTableSlot;

typedef struct
{
  guint8      *records;
  TwTableSlot *index;
  gsize        n, room;
  guint32      mask, record_size, key_size;
  guint64      seed;
  TwBudget    *budget;
} TwTable;

/* key_size 0: records are not looked for, but added. */
void     tw_table_init  (TwTable *self, gsize record_size, gsize key_size, guint64 seed, TwBudget *budget);
void     tw_table_clear (TwTable *self);
/* Without records, but with the room for as many. */
void     tw_table_reset (TwTable *self);
/* Gives the memory of these records back; they are not looked at any more. Threads may forget different ones. */
void     tw_table_forget (TwTable *self, gsize from, gsize until);
/* Takes all of another table, which is empty then. */
void     tw_table_append (TwTable *self, TwTable *more);
/* The record with this key; a new one is all 0 but its key. Borrowed until the next one is taken. */
gpointer tw_table_take  (TwTable *self, const void *key);
/* A new record, not looked for, all 0. */
gpointer tw_table_add   (TwTable *self);
/* Room for n records, and n of them, without their values; records are not found any more. */
void     tw_table_resize (TwTable *self, gsize n);
/* Gives back what is above n, which may have been lowered; records are not found any more. */
void     tw_table_shrink (TwTable *self);

/* By their first 32 bits, which are below n_groups, and by compare within (NULL: in any order); in place. Records are
 * not found any more. Returns where each group begins, and the end: n_groups + 1 numbers, g_free(). */
gsize   *tw_table_sort (TwTable *self, guint32 n_groups, GCompareFunc compare);

static inline gpointer
tw_table_at (const TwTable *self, gsize i)
{
  return self->records ? self->records + i * self->record_size : NULL;
}
