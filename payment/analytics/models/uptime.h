/* SPDX-License-Identifier: Apache-2.0 */
/* Uptime by the rules that ask for it, and the one they miss (facts/analytics.md, section 6). Over a window of instants
 * [start_s, end_s) in seconds, of 366 days and a change of clocks at most; what is outside of it is cut off. Always
 * from sums, never a mean of shares.
 */
#pragma once

#include "payment/analytics/models/models.h"

#define TW_UPTIME_NEVI_PERCENT 97.0

/* OCPI's EVSE status. ABSENT: planned or removed, so there is no port to be up. */
typedef enum
{
  TW_UP_AVAILABLE, TW_UP_CHARGING, TW_UP_RESERVED, TW_UP_BLOCKED, TW_UP_UNKNOWN, TW_UP_INOPERATIVE,
  TW_UP_OUT_OF_ORDER, TW_UP_ABSENT,
} TwUpState;

typedef struct { gint64 start_s, end_s; } TwSpan;

typedef struct
{
  TwSpan span;
  TwUpState state;
  gboolean excluded; /* an outage for a reason that the rule accepts, with its code and evidence at hand */
} TwUpSpan;

/* Spans ascending and not over each other. Time without one was not observed: it lowers the coverage. */
typedef struct
{
  const TwUpSpan *spans;
  gsize n_spans;
  const TwSpan *open;  /* NULL: at all hours */
  gsize n_open;
} TwUpPort;

typedef enum { TW_UPTIME_PASS, TW_UPTIME_FAIL, TW_UPTIME_NOT_COVERED } TwUptimeVerdict;

typedef struct
{
  TwRefusal refusal;
  gint64 observed_s, outage_s, excluded_s;   /* of all ports */
  double outage_min, excluded_min;
  double percent;          /* (525600 n - (outage - excluded)) / 525600 n × 100, of n ports; not below 0 */
  double coverage;         /* observed share of the twelve months */
  gboolean leap;           /* the window has 366 days; the formula keeps its 525600 */
  TwUptimeVerdict verdict; /* PASS above 97 %; NOT_COVERED: not all of twelve months was observed */
} TwUptimeNevi;

/* 23 CFR 680.116 (b): of the twelve months up to end_s. Up is available, charging or reserved; all else is outage, as
 * nobody could charge. Excluded is what is marked so, and outages outside of the opening hours. */
TwUptimeNevi tw_uptime_nevi (const TwUpPort *ports, gsize n, gint64 start_s, gint64 end_s);

typedef struct
{
  TwRefusal refusal;
  gint64 open_s;           /* of all ports, without their absence */
  double open_h;
  double percent;          /* reliable / observed; unknown and blocked are reliable */
  double strict_percent;   /* available, charging, reserved / those and the broken; 0 if there was nothing to tell */
  gboolean strict_known;
  double coverage;         /* observed share of open_h */
  TwUptimeVerdict verdict; /* PASS from 99 % on */
} TwUptimeUk;

/* The Public Charge Point Regulations 2023: ports of 50 kW or more, in opening hours only. NOT_COVERED unless the
 * window is a whole year that was observed. */
TwUptimeUk tw_uptime_uk (const TwUpPort *ports, gsize n, gint64 start_s, gint64 end_s);

typedef struct
{
  TwRefusal refusal;
  gint64 observed_s, able_s;
  double observed_h;
  double percent;
} TwUptimePayment;

/* Share of the observed time in which at least one means of payment could complete a sale. means: n_means lists of when
 * each could, ascending; observed: ascending. */
TwUptimePayment tw_uptime_payment (const TwSpan *const *means,
                                   const gsize         *n_spans,
                                   gsize                n_means,
                                   const TwSpan        *observed,
                                   gsize                n_observed);
