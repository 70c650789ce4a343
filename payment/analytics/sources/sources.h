/* SPDX-License-Identifier: Apache-2.0 */
/* Where sessions come from: files of sessions, ports and events in our own formats or by a mapping; journals; books.
 * Each reads one source to its end, streaming, in bounded memory, and hands its rows to an intake. A line that cannot
 * be read is told to the intake (TwRowIntakeClass.refused) and the next one is read; a file that is no such file is
 * refused as a whole. Blocking; any thread, and several sources at once with intakes of their own.
 */
#pragma once

#include "payment/analytics/quality.h"
#include "payment/analytics/session-row.h"

#include <gio/gio.h>

/* The beginning of a row in a file, which is that line. */
typedef struct { guint64 offset, line; } TwFeedPlace;

/* What a file does not say of itself and the operator must. Strings may be NULL. */
typedef struct
{
  const char *mapping;      /* path of a mapping file: the file's columns are somebody else's */
  const char *time_zone;    /* IANA: of rows that state none; rows are flagged ZONE_ASSUMED */
  TwFeedPlace from, until;  /* of a file of sessions only what is between; offset 0: its begin, its end */
} TwFeedTerms;

/* What a source turned out to be. Notices are sentences for the operator. */
typedef struct
{
  char      *format;              /* "sessions", "ports", "events", "journal", "books" */
  guint64    n_rows, n_refused;
  gint64     first_us, last_us;   /* of what began; TW_UNKNOWN: nothing did */
  gboolean   windows;             /* it is not UTF-8 */
  guint64    refused_line;        /* the first one, and why */
  char      *refusal;
  GPtrArray *kept;                /* of char *: columns that are not ours, as an export names them */
  GPtrArray *notices;             /* of char * */
} TwFeedReport;

void     tw_feed_report_init (TwFeedReport *self);
void     tw_feed_report_clear (TwFeedReport *self);

/* intakes: one for each thread that may read, of one file; a small file takes the first one only. Of a file that is
 * read in pieces, the report goes from one to the next, and only the last one judges it. GONE: cannot be read.
 * BAD_DATA: it is not a file of sessions, with what it is instead; or none of its lines is one. */
gboolean tw_feed_sessions (const char *path, const TwFeedTerms *terms, const TwRowIntake *intakes, guint n_intakes,
                           TwFeedReport *report, GError **error);

/* Reading may go on later: the end of the last row that has one; offset 0: there is none, or it is far from the end.
 * from: where such a row ended before; offset 0: count all. GONE: cannot be read. */
gboolean tw_feed_last_place (const char *path, TwFeedPlace from, TwFeedPlace *last, GError **error);
/* Of the file's bytes before that offset, 16 bytes; finds accidents, and not forgeries. GONE: there are not as many. */
gboolean tw_feed_digest (const char *path, guint64 offset, guint8 *digest, GError **error);

/* ports.csv and events.csv, which go with a file of sessions. */
gboolean tw_feed_ports  (const char *path, const TwRowIntake *intake, TwFeedReport *report, GError **error);
gboolean tw_feed_events (const char *path, const TwRowIntake *intake, TwFeedReport *report, GError **error);

/* A journal: its directory, its database, or an export of it. Sessions, visits of the funnel, states of its connectors
 * as events, and its connectors as ports that are there since its first entry. The chain is followed. A session's line
 * is its last entry's number; its site is the station. BAD_DATA: the chain is broken, or an entry is not understood. */
gboolean tw_feed_journal (const char *path, const TwFeedTerms *terms, const TwRowIntake *intake, TwFeedReport *report,
                          GError **error);

/* The fleet's books (payment/reconcile/books), "postgresql://..." or "sqlite:PATH": sales of all stations, and what the
 * payment service and the bank said of them. Sessions are only those that are sales, without visits and customers; they
 * are in terms->time_zone. RETRY: out of reach. */
gboolean tw_feed_books (const char *url, const TwFeedTerms *terms, const TwRowIntake *intake, TwFeedReport *report,
                        GError **error);

/* What would be read, and what of it used: a run without a report. quality: of the gate, owned by the caller. newest_us
 * as for tw_gate_new(). */
gboolean tw_feed_check_sessions (const char *path, const TwFeedTerms *terms, gint64 newest_us, TwFeedReport *report,
                                 TwQuality **quality, GError **error);

/* Writes the sessions CSV: what an intake gets, in the order in which it comes, with the flags of its gate; left out is
 * nothing. Reading what was written gives the same bytes again. One thread. gate, out: borrowed. */
typedef struct _TwSessionsWriter TwSessionsWriter;

TwSessionsWriter *tw_sessions_writer_new (GOutputStream *out, TwGate *gate);
void              tw_sessions_writer_free (TwSessionsWriter *self);
TwRowIntake       tw_sessions_writer_intake (TwSessionsWriter *self);
/* A file of sessions with all of its columns. */
gboolean          tw_sessions_writer_add_file (TwSessionsWriter *self, const char *path, const TwFeedTerms *terms,
                                               TwFeedReport *report, GError **error);
gboolean          tw_sessions_writer_end (TwSessionsWriter *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwSessionsWriter, tw_sessions_writer_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TwFeedReport, tw_feed_report_clear)
