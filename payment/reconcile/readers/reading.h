/* SPDX-License-Identifier: Apache-2.0 */
/* One file on its way into an intake: counts its rows, keeps its times, and tells how far it is. One thread. This
 * folder's own.
 */
#pragma once

#include "payment/reconcile/readers/readers.h"
#include "payment/reconcile/readers/table.h"

typedef struct
{
  const char     *path;
  guint32         index;
  const TwIntake *intake;
  TwImport       *import;
  GString        *key;            /* room for a row's natural key */
  gboolean        again;          /* single rows, of a file that was read before */
} TwReading;

void     tw_reading_init (TwReading *self, const char *path, guint32 index, const TwIntake *intake, TwImport *import);
void     tw_reading_clear (TwReading *self);
/* done, size: bytes. */
gboolean tw_reading_line (TwReading *self, const TwSettled *line, guint64 done, guint64 size, GError **error);
gboolean tw_reading_credit (TwReading *self, const TwCredit *credit, guint64 done, guint64 size, GError **error);
gboolean tw_reading_total (TwReading *self, const TwTotal *total, guint64 done, guint64 size, GError **error);
gboolean tw_reading_sale (TwReading *self, const TwSale *sale, guint64 done, guint64 size, GError **error);
gboolean tw_reading_energy (TwReading *self, const TwEnergy *energy, guint64 done, guint64 size, GError **error);
void     tw_reading_note (TwReading *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* Every row of a table, until one is refused. format: what read_row() takes. */
typedef gboolean (*TwReadRow) (gpointer format, GError **error);
gboolean tw_reading_rows (TwTable *table, TwReadRow read_row, gpointer format, GError **error);
/* The table's digest and notices. */
void     tw_reading_end (TwReading *self, const TwTable *table, const char *format);

/* A format of which a single row can be read again. What open() makes begins with its TwTable *; NULL: error. It may
 * note things in the import; end(): behind the last row, or NULL. */
typedef struct
{
  const char *name;
  gpointer  (*open) (TwReading *reading, const TwProfile *profile, GError **error);
  TwReadRow   read_row;
  void      (*end)  (gpointer format);
  void      (*free) (gpointer format);
} TwTableFormat;

TwTable *tw_reading_open (const TwReading *self, const char *const *header_has, GError **error);
gboolean tw_reading_all (const TwTableFormat *format, const char *path, guint32 index, const TwProfile *profile,
                         const TwIntake *intake, TwImport *import, GError **error);

extern const TwTableFormat TW_FORMAT_ADYEN, TW_FORMAT_SALES_CSV;

/* The natural key: parts that never run into each other. */
void     tw_reading_key_begin (TwReading *self);
void     tw_reading_key_text (TwReading *self, TwChars text);
void     tw_reading_key_number (TwReading *self, gint64 number);
TwChars  tw_reading_key (const TwReading *self);

/* A column that a format knows, by each of its spellings. */
typedef struct { gboolean required; const char *names[5]; } TwColumn;

/* at: n indexes. BAD_DATA: all that are missing, at once. */
gboolean tw_columns_find (const TwTable *table, const char *path, const TwColumn *columns, guint n, int *at,
                          GError **error);
/* Three letters that money knows, in either case. */
gboolean tw_table_currency (const TwTable *table, int column, char *currency, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TwReading, tw_reading_clear)
