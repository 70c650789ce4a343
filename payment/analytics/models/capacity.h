/* SPDX-License-Identifier: Apache-2.0 */
/* What a site's connectors turn away, and what one more would bring (facts/analytics.md, section 9): each hour class on
 * its own as Erlang B, with the supply shared (tw_erlang_shared) if it is, and 95 % intervals by drawing weeks.
 *
 * The load of a class is what Erlang B needs to keep so many connectors taken as were. Over steady hours that is L S;
 * where cars stay for longer than an hour class, those of the hours before are in it too (modified offered load,
 * Jagerman 1975), which L S of the hour itself knows nothing of.
 *
 *   lost   = sum over classes of L h B(m)                 model estimate, sessions in the weeks given
 *   gained = sum over classes of L h (B(m) - B(m + 1))
 *
 * Revenue is either of them times the mean net sale, which is the caller's.
 */
#pragma once

#include "payment/analytics/models/bootstrap.h"

/* One hour class (weekday-hour, or coarser) in one week. */
typedef struct
{
  double hours;      /* elapsed and open; 0 if the week has none of them */
  double starts;     /* sessions that began in it */
  double turned;     /* arrivals known to have found all ports taken; only with turned_known */
  double occupied_h; /* connector-hours taken in it, by whichever sessions */
} TwHourLoad;

typedef struct
{
  const TwHourLoad *loads; /* n_weeks rows of n_classes */
  guint n_weeks, n_classes;
  guint ports;
  gboolean turned_known;   /* else the arrivals are what Erlang B needs for the sessions that began */
  double supply_kw;        /* shared limit of the site; 0: none */
  double session_kw;       /* what a session draws when nothing limits it; matters only with supply_kw */
} TwCapacityCase;

/* A class over all weeks. */
typedef struct
{
  double hours, arrivals_per_h;
  double load;                   /* offered, of service at full power */
  double blocked, blocked_more;  /* B(m), B(m + 1) */
  gboolean saturated;            /* 90 % taken or more: the load is a lower bound */
} TwCapacityClass;

typedef struct
{
  TwRefusal refusal;         /* FEW_DAYS: fewer than 4 weeks */
  TwEstimate lost, gained;   /* sessions over all weeks */
  guint n_saturated;
} TwCapacity;

/* classes: NULL, or n_classes of them to fill in. boot->block is in weeks: 1. */
TwCapacity tw_capacity (const TwCapacityCase *self, const TwBootstrap *boot, TwCapacityClass *classes);
