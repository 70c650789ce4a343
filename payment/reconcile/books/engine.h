/* SPDX-License-Identifier: Apache-2.0 */
/* Private to payment/reconcile/books: what a database must be able to do, so that the books know no database. SQL is
 * the part that both speak; parameters are $1, $2, ... One thread.
 */
#pragma once

#include "payment/reconcile/sale.h"

typedef enum { TW_VALUE_NULL, TW_VALUE_NUMBER, TW_VALUE_TEXT } TwValueKind;

typedef struct { TwValueKind kind; gint64 number; TwChars text; } TwValue;

#define TW_VALUE_OF_TEXT(text_) ((TwValue) { .kind = TW_VALUE_TEXT, .text = { (text_), (guint32) strlen (text_) } })
#define TW_VALUE_OF_NUMBER(number_) ((TwValue) { .kind = TW_VALUE_NUMBER, .number = (number_) })

#define TW_VALUE_OF_NULL ((TwValue) { .kind = TW_VALUE_NULL })
#define TW_VALUE_OF_CHARS(chars_) ((TwValue) { .kind = TW_VALUE_TEXT, .text = (chars_) })

/* TW_NOT_STATED is NULL there. */
static inline TwValue
tw_value_stated (gint64 number)
{
  return number == TW_NOT_STATED ? TW_VALUE_OF_NULL : TW_VALUE_OF_NUMBER (number);
}

static inline gint64
tw_value_number (const TwValue *value)
{
  return value->kind == TW_VALUE_NUMBER ? value->number : TW_NOT_STATED;
}

/* "" for what is no text. */
static inline char *
tw_value_dup (const TwValue *value)
{
  return value->kind == TW_VALUE_TEXT && value->text.n > 0 ? g_strndup (value->text.text, value->text.n)
    : g_strdup ("");
}

/* FALSE stops with the error. Texts live as long as the call. */
typedef gboolean (*TwRowFunc) (gpointer self, const TwValue *values, guint n, GError **error);

typedef struct _TwEngine TwEngine;

#define TW_N_COPIES 8

typedef struct
{
  const char *number_type;    /* of a column of 64 bits */
  const char *has_column;     /* asks how many columns $2 a table $1 has */
  const char *begin_schema;   /* begins a transaction in which nobody else makes or changes the schema */
  const char *begin_write;    /* begins one in which nobody else writes */
  const char *begin_read;     /* begins one that sees one moment */
  /* Statements that keep the table's rows from being changed or taken away. */
  void     (*guard) (GString *sql, const char *table);
  /* Statements without parameters or answers; affected may be NULL: rows of the last one. */
  gboolean (*run)   (TwEngine *self, const char *sql, guint64 *affected, GError **error);
  /* One statement; row NULL: its answers are of no interest. */
  gboolean (*ask)   (TwEngine *self, const char *sql, const TwValue *values, guint n, TwRowFunc row, gpointer row_self,
                     GError **error);
  /* Many rows into temporary tables, several at a time: copy is a number below TW_N_COPIES. */
  gboolean (*begin_copy) (TwEngine *self, guint copy, const char *table, const char *columns, guint n, GError **error);
  gboolean (*copy)       (TwEngine *self, guint copy, const TwValue *values, guint n, GError **error);
  gboolean (*end_copies) (TwEngine *self, GError **error);
  void     (*drop_copies) (TwEngine *self);   /* what is not there yet need not come */
  /* One of all connections to the books has the lock, until it gives it back or ends, however that comes. */
  gboolean (*lock)   (TwEngine *self, gboolean *taken, GError **error);
  void     (*unlock) (TwEngine *self);
  void     (*free)  (TwEngine *self);
} TwEngineClass;

/* What every engine calls by these names. */
#define TW_ENGINE_FUNCTIONS \
  .guard = guard, .run = run, .ask = ask, .begin_copy = begin_copy, .copy = copy_row, .end_copies = end_copies, \
  .drop_copies = drop_copies, .lock = lock, .unlock = unlock

struct _TwEngine { const TwEngineClass *class_; };

/* path: of the file, which is made if it is not there and may be. RETRY: out of reach. BAD_DATA: not a database. */
TwEngine *tw_engine_open_sqlite (const char *path, gboolean may_make, GError **error);
/* url: as libpq takes it. */
TwEngine *tw_engine_open_postgres (const char *url, GError **error);
