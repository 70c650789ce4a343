/* SPDX-License-Identifier: Apache-2.0 */
/* An empty store for each test: a SQLite file, or, if TAPWATT_TEST_STORE holds the URL of a PostgreSQL server, a schema
 * of its own there. */
#pragma once

#include "payment/reconcile/books/books.h"
#include "tests/unit/reconcile/ledger.h"

typedef struct { char *directory, *url, *schema; TwBooks *books; } Store;

Store   *store_new (void);               /* open */
void     store_free (Store *self);
/* As after the death of its process: what was not committed is gone. */
void     store_reopen (Store *self);
/* Another's eyes, and hands: SQL as the store's owner could write it. FALSE: it was refused. */
gboolean store_meddle (Store *self, const char *sql);
char    *store_ask (Store *self, const char *sql);   /* rows as lines, cells with "|" */

/* Rows of one file; digest NULL: one that nobody else has; "DIGEST READING": read in that way. Returns n_new. */
guint64  store_load (Store *self, const char *role, const char *digest, gint64 last_us, const Ledger *rows);
/* All that there is, as a ledger whose texts live as long as the process. */
Ledger  *store_replay (Store *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Store, store_free)
