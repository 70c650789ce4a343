/* SPDX-License-Identifier: Apache-2.0 */
/* Private to payment/reconcile/books: how each kind of row is kept. The tables, the loading and the reading back all go
 * by these lists, so that they cannot disagree. */
#pragma once

#include "payment/reconcile/books/engine.h"
#include "payment/reconcile/witness.h"

typedef enum { TW_ROW_SALE, TW_ROW_SETTLED, TW_ROW_CREDIT, TW_ROW_ENERGY, TW_ROW_TOTAL, TW_N_ROWS } TwRowKind;

typedef enum
{
  TW_FIELD_TEXT, TW_FIELD_CURRENCY,
  TW_FIELD_NUMBER,      /* gint64; TW_NOT_STATED: NULL */
  TW_FIELD_DAY,         /* gint32; G_MININT32: NULL */
  TW_FIELD_COUNT,       /* guint64 */
  TW_FIELD_INT,         /* gboolean, an enumeration, gint32 */
} TwFieldKind;

typedef struct { const char *name; TwFieldKind kind; gsize offset; } TwField;

typedef struct
{
  const char    *table;
  const TwField *fields;
  guint          n_fields;
  gsize          size, origin;   /* of the value, and where its TwOrigin is */
} TwRowClass;

#define TW_MOST_FIELDS 48
extern const TwRowClass TW_ROWS[TW_N_ROWS];

/* What tells the row from all others but its equals in the same file. Any bytes. */
GString *tw_row_key (TwRowKind kind, gconstpointer row);
/* Texts are borrowed from the row. Returns how many of them say something. */
guint tw_row_to_values (TwRowKind kind, gconstpointer row, TwValue *values);
/* FALSE: not what was written: BAD_DATA. Texts are borrowed from the values. */
gboolean tw_row_from_values (TwRowKind kind, const TwValue *values, gpointer row, GError **error);
/* "session,station,...". */
char *tw_row_columns (TwRowKind kind);
