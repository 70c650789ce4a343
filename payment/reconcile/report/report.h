/* SPDX-License-Identifier: Apache-2.0 */
/* The results of a reconciliation in their forms: JSON for programs, CSV for spreadsheets, a summary for the terminal,
 * a page for people. Each form is an outlet; results stream through all of them at once, so that memory does not grow
 * with the number of sales. One thread.
 */
#pragma once

#include "payment/reconcile/reconcile.h"

#include <stdio.h>

/* A file of this run, by TwOrigin.file. role: "journal", "psp", ... */
typedef struct { const char *role; const char *path; TwImport import; } TwReportFile;

/* Who can tell what each witness says of a session; self NULL: nobody. number: of the session's part of the page, from
 * 1; 0: it has none. put: all parts; they are details whose id is "session-NUMBER". */
typedef struct
{
  gpointer self;
  guint    (*number) (gpointer self, TwChars session);
  gboolean (*put)    (gpointer self, GString *text, GError **error);
} TwReportWitnesses;

/* What stands above the results. Borrowed; must outlive the outlets. */
typedef struct
{
  gint64              as_of_us;
  const char         *time_zone;    /* of the site: how instants are told to people */
  const TwReportFile *files;
  guint               n_files;
  gboolean            without_matched;   /* no matched.csv */
  TwReportWitnesses   witnesses;    /* for the page */
} TwReportHead;

typedef struct _TwOutlet TwOutlet;

/* file: borrowed, flushed by close. */
TwOutlet *tw_outlet_new_json (FILE *file, const TwReportHead *head, GError **error);
TwOutlet *tw_outlet_new_text (FILE *file, const TwReportHead *head, gboolean colour);
/* One page, written by close. */
TwOutlet *tw_outlet_new_html (FILE *file, const TwReportHead *head);
/* The exceptions alone, one object a line, with the members that exceptions.csv has as columns. */
TwOutlet *tw_outlet_new_jsonl (FILE *file, const TwReportHead *head);
/* The two as report.html and exceptions.jsonl in directory, in place whole or not at all. */
TwOutlet *tw_outlet_new_page (const char *directory, const TwReportHead *head, GError **error);
TwOutlet *tw_outlet_new_lines (const char *directory, const TwReportHead *head, GError **error);
/* exceptions.csv, matched.csv, payouts.csv and totals.csv in directory, each in place whole or not at all. A table that
 * is not wanted is not left there from an earlier run. */
TwOutlet *tw_outlet_new_csv (const char *directory, const TwReportHead *head, GError **error);
/* After the last result. RETRY: it cannot be written. */
gboolean  tw_outlet_close (TwOutlet *self, GError **error);
void      tw_outlet_free (TwOutlet *self);

/* What an operator wants to know when it is over: severity 2 and above, and whether the books are closed. */
typedef struct { guint64 n_exceptions, n_info; } TwReportCount;

typedef struct { TwOutlet **outlets; guint n_outlets; TwReportCount count; } TwReport;

extern const TwResultClass TW_REPORT;   /* self: a TwReport; hands everything to each of its outlets */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwOutlet, tw_outlet_free)
