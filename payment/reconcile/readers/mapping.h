/* SPDX-License-Identifier: Apache-2.0 */
/* What an operator says of a CSV that nobody has written a reader for: a file of keys (README.md). Read whole; unknown
 * groups, keys and values are refused with file, line and what is accepted. One thread. This folder's own.
 */
#pragma once

#include "payment/reconcile/readers/readers.h"
#include "payment/reconcile/readers/reading.h"

typedef struct _TwMapping TwMapping;

/* accepted: values with blanks between them; NULL: any text. */
typedef struct { const char *group, *key, *accepted; gboolean required; } TwMappingKey;

TwMapping  *tw_mapping_load (const char *path, const TwMappingKey *keys, guint n, GError **error);
void        tw_mapping_free (TwMapping *self);
const char *tw_mapping_get (const TwMapping *self, const char *group, const char *key);   /* NULL: not said */
gboolean    tw_mapping_is (const TwMapping *self, const char *group, const char *key, const char *value);
/* "PATH:7: [columns] gross: ...", BAD_DATA. Always FALSE. */
gboolean    tw_mapping_refuse (const TwMapping *self, const char *group, const char *key, GError **error,
                               const char *format, ...) G_GNUC_PRINTF (5, 6);
/* What was wrong with the file read by it names both files: adds the one that it leaves out. Always FALSE. */
gboolean    tw_mapping_name_both (const char *mapping, const char *path, GError **error);
/* The first key of the group that has the cell in its list of words, letters in either case; NULL: none. "*": any. */
const char *tw_mapping_word (const TwMapping *self, const char *group, TwChars cell);

/* The table that a mapping is of, with its ways of writing numbers and times. */
typedef struct
{
  const TwMapping *mapping;
  TwTable         *table;
  struct _TwZones *zones;
  struct _TwZone  *zone;                 /* NULL: none is stated */
  const char      *date_format, *time_format;
  char             point, group;
} TwMapped;

gboolean tw_mapped_open (TwMapped *self, const TwMapping *mapping, const char *path, const TwProfile *profile,
                         GError **error);
void     tw_mapped_clear (TwMapped *self);
/* Of [columns]; -1: not said. BAD_DATA: the file has none of that name. */
gboolean tw_mapped_column (const TwMapped *self, const char *key, int *column, GError **error);
/* An empty cell is TW_NOT_STATED. */
gboolean tw_mapped_money (const TwMapped *self, int column, const char *currency, gint64 *minor, GError **error);
/* 10^10 times it; an empty cell is 0. */
gboolean tw_mapped_rate (const TwMapped *self, int column, gint64 *rate_e10, GError **error);
gboolean tw_mapped_time (const TwMapped *self, int column, gint64 *us, GError **error);
gboolean tw_mapped_day (const TwMapped *self, int column, gint32 *day, GError **error);
/* The column, or [constants] currency. */
gboolean tw_mapped_currency (const TwMapped *self, int column, char *currency, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwMapping, tw_mapping_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TwMapped, tw_mapped_clear)
