/* SPDX-License-Identifier: Apache-2.0 */
/* What an analysis is made of, for this folder only. */
#pragma once

#include "payment/analytics/part.h"
#include "payment/analytics/stretches.h"

#define TW_VISIT_KEY (G_STRUCT_OFFSET (TwVisitCell, currency) + 4)

/* When a port was open, and the part of it in which it worked: of TwStretch. */
typedef struct { GArray *open, *working; } TwOpening;

typedef struct _TwResumed TwResumed;

struct _TwAnalysis
{
  TwAnalysisTerms terms;
  TwBudget   budget;
  guint64    seed;
  TwCopies  *copies;
  TwAccumulator accumulator;
  GMutex     lock;                  /* of parts */
  GPtrArray *parts;
  gboolean   closed, keeping;       /* keeping: only what does not depend on what is still to come */
  TwResumed *resumed;               /* NULL: there was nothing before */

  /* Since the parts were merged: by rank. */
  TwNames    names;
  TwSums     sums;
  TwTable    days, hours, customers, visits;    /* of TwDayCell, TwHourCell, TwCustomer, TwVisitCell */
  GArray    *sites, *places, *ports;      /* of TwSite, TwPlace, TwPort */
  GPtrArray *tariffs, *reasons, *currencies;    /* of const char *, of names */
  GArray    *events;                      /* of TwEventRow */
  guint8    *site_currencies;
  TwStretch *spans;                       /* of each port's rows: from > until: it has none */
  TwOpening *openings;                    /* of each port */
  TwTable    open;                  /* of TwShortRow, while keeping: those that have not ended */
  gint32     first_day, end_day;
  gint64     as_of_s, states_end_s;       /* of sessions; of states, which may be told after the last session */
  TwQuality *quality;
};

gboolean tw_analysis_is_small (TwAnalysis *self, GError **error);

/* Closing, in this order; ports are opened in the middle of cutting, when the rows are sorted. */
gboolean tw_analysis_merge (TwAnalysis *self, GError **error);
void     tw_analysis_gather (TwAnalysis *self);
gboolean tw_analysis_cut   (TwAnalysis *self, GError **error);
void     tw_analysis_open_ports (TwAnalysis *self);
void     tw_analysis_close_ports (TwAnalysis *self);

/* From closed rows to cells by way of the snapshot that is resumed: rows by port and start, money by port. */
gboolean tw_analysis_weave (TwAnalysis *self, const gsize *starts, const gsize *money_starts, GError **error);
/* The first port of the site, or of one after it. */
guint32  tw_analysis_first_port (const TwAnalysis *self, guint32 site);
/* The first site that is not of the first i shares: all have about as many rows. */
guint32  tw_analysis_site_at   (const TwAnalysis *self, const gsize *starts, guint i, guint n_shares);
void     tw_analysis_clip_days (TwAnalysis *self);
int      tw_rows_by_start (gconstpointer a, gconstpointer b);
int      tw_day_cells_by_key (const TwDayCell *a, const TwDayCell *b);

static inline TwZone *
tw_analysis_zone_of (const TwAnalysis *self, guint32 site)
{
  return g_array_index (self->sites, TwSite, site).zone;
}
