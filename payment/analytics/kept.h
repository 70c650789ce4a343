/* SPDX-License-Identifier: Apache-2.0 */
/* A snapshot's file: sections of records of one size each, and digests of all of it. Which sections there are is here,
 * what is in them is snapshot.c's and keep.c's. This folder's own.
 *
 *   header, one page: magic, format, where each section is ── digests of the pieces ── its own digest
 *   sections, each from the beginning of a page
 *   digests: XXH3 of each piece of 4 MiB of the sections
 */
#pragma once

#include "payment/analytics/part.h"
#include "payment/analytics/snapshot.h"
#include "payment/analytics/stretches.h"

typedef enum
{
  TW_KEPT_TERMS,            /* char */
  TW_KEPT_TEXTS,            /* char: all names, none ends */
  TW_KEPT_SOURCES,          /* TwKeptSource */
  TW_KEPT_SITES,            /* TwKeptSite, by rank */
  TW_KEPT_PORTS,            /* TwKeptPort, by rank */
  TW_KEPT_TARIFFS,          /* TwKeptText, by rank */
  TW_KEPT_CURRENCIES,       /* TwKeptText, by rank */
  TW_KEPT_SUMS,             /* TwKeptSums, one */
  TW_KEPT_LINES,            /* TwKeptLine */
  TW_KEPT_STARTS,           /* guint64: where the rows of each port begin, and the end */
  TW_KEPT_SPANS,            /* TwStretch, of each port */
  TW_KEPT_PAID,             /* TwKeptPaid, by site and currency */
  TW_KEPT_ROWS,             /* TwShortRow, by port and start: those that have ended */
  TW_KEPT_ALONE,            /* guint64: a bit of each row: all before it at its port had left when it came */
  TW_KEPT_OPEN,             /* TwShortRow: those that have not ended */
  TW_KEPT_DAYS,             /* TwDayCell, of those that have ended */
  TW_KEPT_HOURS,            /* TwHourCell, of the same; all ports worked from their first to their last row */
  TW_KEPT_CUSTOMERS,        /* TwCustomerSum, by its key */
  TW_KEPT_HOLDS,            /* TwHoldRow */
  TW_KEPT_COPIES,           /* guint32: rows of each table */
  TW_KEPT_SLOTS,            /* those tables */
  TW_N_KEPT
} TwKept;

typedef struct { guint32 at, n; } TwKeptText;         /* at G_MAXUINT32: NULL */
typedef struct
{
  TwKeptText path;
  guint64    offset, line, n_rows, n_refused;
  guint8     digest[TW_SNAPSHOT_DIGEST];
} TwKeptSource;
typedef struct { TwKeptText name, zone; guint64 rules; } TwKeptSite;         /* rules: tw_zone_rules() */
typedef struct { guint32 site, dc; TwKeptText evse, connector; gint64 seen_power_w; } TwKeptPort;
typedef struct { guint64 flag, line; TwKeptText source, text; } TwKeptLine;
typedef struct { guint32 site, currency; guint64 n; } TwKeptPaid;            /* rows with a captured amount */
typedef struct
{
  gint64  first_s, last_s;
  gint32  first_day, end_day;
  guint64 n_read, n_used, n_left_out, n_of[TW_N_FLAGS];
} TwKeptSums;

guint32     tw_kept_record_size (TwKept what);

typedef struct _TwKeptWriter TwKeptWriter;

TwKeptWriter *tw_kept_writer_new  (const char *path, GError **error);
/* Each section, in their order; of one as often as it takes. Errors are told at the end. */
void          tw_kept_writer_add  (TwKeptWriter *self, TwKept what, gconstpointer records, gsize n);
gboolean      tw_kept_writer_end  (TwKeptWriter *self, GError **error);
void          tw_kept_writer_free (TwKeptWriter *self);

/* A file in memory, for writing, too, which the file does not see. */
typedef struct { guint8 *map; gsize size; gpointer at[TW_N_KEPT]; gsize n[TW_N_KEPT]; } TwKeptFile;

gboolean      tw_kept_file_open   (TwKeptFile *self, const char *path, GError **error);
void          tw_kept_file_close  (TwKeptFile *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwKeptWriter, tw_kept_writer_free)
