/* SPDX-License-Identifier: Apache-2.0 */
/* What an analysis and its parts are made of, for this folder only. */
#pragma once

#include "payment/analytics/analysis.h"
#include "payment/analytics/names.h"
#include "payment/analytics/table.h"

#define SECOND_US ((gint64) G_USEC_PER_SEC)
#define DAY_S 86400
#define HOUR_S 3600

/* Rows are from 2009 to 2099 (the gate sees to it), so seconds fit 32 bits. */
#define TW_OPEN_CHARGING (G_MAXUINT32 - 1)   /* charging_s of one still open that was charging when last heard of */

#define TW_LATEST_US (G_GINT64_CONSTANT (4102444800) * G_USEC_PER_SEC)   /* 2100-01-01 */

/* What is summed up by row. Each begins with its key. */
typedef struct
{
  guint64 customer;
  gint32  epoch;
  char    currency[4];
  gint32  first_day, last_day;
  guint32 n, n_within;
  guint64 months;
  gint64  captured_minor;
} TwCustomerSum;

typedef struct
{
  guint32  site, reason;
  guint64  customer;
  gint64   at;
  gint64   amount_minor;
  gint32   day;
  guint32  stages;
  char     currency[4];
  gboolean all_busy;
} TwVisit;

#define TW_VISIT_KEY (G_STRUCT_OFFSET (TwVisitCell, currency) + 4)

/* Of a port's rows: from the first start to the last end; from > until: it has none. */
typedef struct { gint64 from_s, until_s; } TwPortSpan;

/* rows: TwShortRow, days: TwDayCell, customers: TwCustomerSum, visits: TwVisit, holds: TwHoldRow. */
typedef struct { TwTable rows, days, customers, visits, holds; gint64 first_s, last_s; } TwSums;

typedef struct
{
  TwAnalysis *analysis;
  TwNames     names;
  TwSums      sums;
  TwGate     *gate;
  GArray     *ports, *events;       /* of TwPortRow, TwEventRow: texts are in names.texts */
  gboolean    too_many;             /* a sum went over its bits */
} TwPart;

struct _TwAnalysis
{
  TwAnalysisTerms terms;
  TwBudget   budget;
  guint64    seed;
  TwCopies  *copies;
  GMutex     lock;                  /* of parts */
  GPtrArray *parts;
  gboolean   closed;

  /* Since the parts were merged: by rank. */
  TwNames    names;
  TwSums     sums;
  TwTable    hours, customers, visits;    /* of TwHourCell, TwCustomer, TwVisitCell */
  GArray    *sites, *places, *ports;      /* of TwSite, TwPlace, TwPort */
  GPtrArray *tariffs, *reasons, *currencies;    /* of const char *, of names */
  GArray    *events;                      /* of TwEventRow */
  guint8    *site_currencies;
  TwPortSpan *spans;                      /* of each port */
  gint32     first_day, end_day;
  gint64     as_of_s;
  TwQuality *quality;
};

void     tw_sums_init  (TwSums *self, guint64 seed, TwBudget *budget);
void     tw_sums_clear (TwSums *self);
TwPart  *tw_part_new   (TwAnalysis *analysis, const char *source);
void     tw_part_free  (TwPart *self);
gboolean tw_analysis_is_small (TwAnalysis *self, GError **error);
gboolean tw_part_is_well (TwPart *self, GError **error);
extern const TwRowIntakeClass tw_part_class;
void     tw_customer_sum_add (TwCustomerSum *self, const TwCustomerSum *more);

/* Closing, in this order. */
gboolean tw_analysis_merge (TwAnalysis *self, GError **error);
gboolean tw_analysis_cut   (TwAnalysis *self, GError **error);
void     tw_analysis_gather (TwAnalysis *self);

static inline void
tw_add32 (guint32 *sum, gint64 more, gboolean *too_many)
{
  *too_many |= __builtin_add_overflow (*sum, more, sum);
}

static inline TwZone *
tw_analysis_zone_of (const TwAnalysis *self, guint32 site)
{
  return g_array_index (self->sites, TwSite, site).zone;
}
