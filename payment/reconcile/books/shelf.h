/* SPDX-License-Identifier: Apache-2.0 */
/* Private to payment/reconcile/books: the tables, and what the books and the cases both do with them. */
#pragma once

#include "payment/reconcile/books/books.h"
#include "payment/reconcile/books/columns.h"

#define TW_SCHEMA_VERSION 4
/* Of tapwatt_import i: the same bytes were not read again in another way. */
#define TW_STILL_COUNTS "NOT EXISTS (SELECT 1 FROM tapwatt_import newer WHERE newer.replaces = i.id)"

#define TW_COPY_CASES TW_N_ROWS     /* the copy beside those of the kinds of rows */

G_STATIC_ASSERT (TW_COPY_CASES < TW_N_COPIES);

struct _TwBooks
{
  TwEngine *engine;
  TwBooksProgress progress;
  gpointer  progress_self;
  char     *role, *path;             /* of the file that is loaded; NULL: none */
  gboolean  begun[TW_N_ROWS];
  guint64   n_aside[TW_N_ROWS];      /* rows that were put aside */
  gint64    newest_us;               /* of what it tells of sales */
  GHashTable *resolved;              /* of a run: id -> gint64 *, the stake; NULL: no run */
  gboolean    finding;               /* a run that has found something: the temporary table is there */
};

/* In SQL, numbers of the enumerations are what they are in C: they are only ever added to. */
gboolean tw_shelf_set_up (TwEngine *engine, gboolean may_make, GError **error);

gboolean tw_shelf_run (TwBooks *self, const char *sql, guint64 *affected, GError **error);
void     tw_shelf_roll_back (TwBooks *self);
/* The first number of the first row of the answer; 0: there is none, or it is NULL. */
gboolean tw_shelf_number (TwBooks *self, const char *sql, const TwValue *values, guint n, gint64 *number,
                          GError **error);
/* Of a case, with its stake; in a transaction that nobody else writes in. */
gboolean tw_shelf_write_event (TwBooks *self, const char *case_id, const char *what, const char *who, const char *text,
                               gint64 now_us, GError **error);
/* A temporary table, empty. */
gboolean tw_shelf_make_copy (TwBooks *self, guint copy, const char *table, const char *definitions, const char *columns,
                             guint n, GError **error);
/* Text that both engines take: UTF-8 without a NUL. */
gboolean tw_shelf_check_texts (const TwValue *values, guint n, const char *what, guint64 line, GError **error);
/* name BIGINT, or name TEXT NOT NULL, ... */
void     tw_shelf_define (GString *sql, TwEngine *engine, TwRowKind kind);
