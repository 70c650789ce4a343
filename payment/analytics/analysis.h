/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions in, sums out. Rows come through the intakes of parts, one part a thread; what a part cannot use the gate
 * names and counts, and nothing disappears. Closing merges the parts and sweeps each site for overlaps and for hours in
 * which all was taken. The same rows in any order and in any number of parts give the same sums. Not here: any figure
 * (measures/), any file (sources/). One thread but for the parts.
 */
#pragma once

#include "payment/analytics/accumulator.h"
#include "payment/analytics/cells.h"
#include "payment/analytics/quality.h"

typedef struct
{
  const char *time_zone;           /* IANA: of rows that state none, and of the report */
  gint32      from_day, to_day;    /* the window, local days of each site: from <= day < to; all there is:
                                      G_MININT32, G_MAXINT32 */
  gint64      as_of_us;            /* what is open is open until then; TW_UNKNOWN: the last instant of the data */
  gboolean    by_site, by_station, by_connector, by_tariff;   /* how figures are broken down; none: by station */
  guint       offer_discount_bp;   /* hundredths of a percent that offers would take off; 0: nobody has chosen it */
  guint       k;                   /* no group of customers is smaller: 10, at least 5 */
  gsize       memory_bytes;        /* 0: 1024 MiB; beyond it a run is refused with what to do */
} TwAnalysisTerms;

/* A card's visits, without the card: see analytics.md section 7. */
typedef struct
{
  guint64 customer;
  gint32  epoch, first_day, last_day;
  guint32 n, n_within;             /* sessions until the window's end; those within it */
  guint64 months;                  /* bit i: active in the month of first_day + i */
  char    currency[4];             /* of most of its sessions */
  gint64  captured_minor;          /* in that currency, until the window's end */
} TwCustomer;

/* Visits to the screen that are alike. Tries of one card at one site that are not 10 minutes apart are one visit. */
typedef struct
{
  guint32  site, reason;           /* indices of names; why the last try ended */
  gint32   day;
  guint32  stages, first_stages;   /* of all tries together; of the first one */
  gboolean all_busy;
  char     currency[4];
  gint64   n, amount_minor;
  gint64   n_tries;                /* of these visits, all together */
} TwVisitCell;

/* What became of a hold. */
typedef struct
{
  guint32 site;
  gint32  day;                     /* of the approval, local */
  char    currency[4];
  gint64  held_minor, captured_minor, held_from, held_until;   /* held_until TW_UNKNOWN: it is still open */
  gint64  answer_us;               /* from tap to result; TW_UNKNOWN */
  gint64  release_us;              /* from the session's end to the release; TW_UNKNOWN: none, or captured */
} TwHoldRow;

typedef struct _TwAnalysis TwAnalysis;

void         tw_analysis_terms_init (TwAnalysisTerms *terms);
TwAnalysis  *tw_analysis_new (const TwAnalysisTerms *terms, GError **error);       /* BAD_DATA: no such zone */
void         tw_analysis_free (TwAnalysis *self);
/* Before there are parts, at most once; outlives the analysis' close. class_ NULL: there is none. */
void         tw_analysis_accumulate (TwAnalysis *self, TwAccumulator accumulator);
/* For one thread, until close. Borrowed. source: "PATH", for what the gate says. */
TwRowIntake  tw_analysis_part (TwAnalysis *self, const char *source);
gboolean     tw_analysis_close (TwAnalysis *self, GError **error);

/* After close; borrowed, sorted by their first members. Names are numbered in alphabetical order; "" is one that is not
 * known. */
const TwAnalysisTerms *tw_analysis_terms (const TwAnalysis *self);
gint32             tw_analysis_first_day (const TwAnalysis *self);                 /* of the data within the window */
gint32             tw_analysis_end_day (const TwAnalysis *self);                   /* the day after the last */
gint64             tw_analysis_as_of (const TwAnalysis *self);
const TwPort      *tw_analysis_ports (const TwAnalysis *self, guint *n);
const char        *tw_analysis_site (const TwAnalysis *self, guint32 site);
const char        *tw_analysis_site_zone (const TwAnalysis *self, guint32 site);
/* In which most of its sessions were paid; "": none was. */
const char        *tw_analysis_site_currency (const TwAnalysis *self, guint32 site);
guint              tw_analysis_n_sites (const TwAnalysis *self);
guint              tw_analysis_n_tariffs (const TwAnalysis *self);
const char        *tw_analysis_currency (const TwAnalysis *self, guint32 currency);
const char        *tw_analysis_tariff (const TwAnalysis *self, guint32 tariff);
const char        *tw_analysis_reason (const TwAnalysis *self, guint32 reason);
const TwDayCell   *tw_analysis_days (const TwAnalysis *self, gsize *n);            /* by port, tariff, currency, day */
const TwHourCell  *tw_analysis_hours (const TwAnalysis *self, gsize *n);           /* by site, hour */
const TwShortRow  *tw_analysis_rows (const TwAnalysis *self, gsize *n);            /* by port, start */
const TwCustomer  *tw_analysis_customers (const TwAnalysis *self, gsize *n);
const TwVisitCell *tw_analysis_visits (const TwAnalysis *self, gsize *n);
const TwHoldRow   *tw_analysis_holds (const TwAnalysis *self, gsize *n);
const TwEventRow  *tw_analysis_events (const TwAnalysis *self, gsize *n);          /* by evse, at */
const TwQuality   *tw_analysis_quality (const TwAnalysis *self);
/* Elapsed seconds in which a port was open on a local day: commissioned, and within opening hours. Without ports.csv
 * from the first to the last session of the port, and *estimated is set. */
gint64             tw_analysis_open_s (const TwAnalysis *self, guint32 port, gint32 day, gboolean *estimated);
/* The same of from <= day < to. */
gint64             tw_analysis_open_between_s (const TwAnalysis *self, guint32 port, gint32 from, gint32 to,
                                               gboolean *estimated);
/* Of it, those in which no event says that its EVSE was inoperative or out of order. */
gint64             tw_analysis_working_between_s (const TwAnalysis *self, guint32 port, gint32 from, gint32 to);
/* Seconds of a local hour of a site: 3600; 0 in the one left out in spring, 7200 in the one that comes twice */
gint64             tw_analysis_hour_s (const TwAnalysis *self, guint32 site, gint32 hour);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwAnalysis, tw_analysis_free)
