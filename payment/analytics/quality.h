/* SPDX-License-Identifier: Apache-2.0 */
/* The gate: what is wrong with a row, by name, and what is done about it (analytics.md section 12). A row is used,
 * used with a part cut off, or left out; each rule counts its rows and keeps its first lines, and the sums add up: read
 * = used + left out. Pure. One thread; merged after.
 */
#pragma once

#include "payment/analytics/session-row.h"

typedef enum
{
  TW_FLAG_EXACT_DUPLICATE,      /* the whole row again: left out */
  TW_FLAG_ID_REUSED,            /* another row with the same id: used */
  TW_FLAG_NO_START,             /* left out */
  TW_FLAG_ENDS_BEFORE_START,    /* left out */
  TW_FLAG_YEAR_IMPOSSIBLE,      /* before 2009 or after the run's day: left out */
  TW_FLAG_DURATION_DIFFERS,     /* the source's own duration differs by more than 2 minutes: instants count */
  TW_FLAG_CHARGED_LONGER,       /* than it was plugged in: cut to the occupied time */
  TW_FLAG_CHARGE_END_UNKNOWN,   /* idle time is unknown, not 0 */
  TW_FLAG_OPEN,                 /* no end yet: counted until the report's instant, censored */
  TW_FLAG_CUSTOMER_UNKNOWN,
  TW_FLAG_ENERGY_TINY,          /* under 0.5 kWh */
  TW_FLAG_ENERGY_ZERO,          /* kept for the success rate, out of kWh a session */
  TW_FLAG_ENERGY_HUGE,          /* over 250 kWh: used, told */
  TW_FLAG_ENERGY_NEGATIVE,      /* left out */
  TW_FLAG_VERY_SHORT,           /* under 1 minute */
  TW_FLAG_VERY_LONG,            /* plugged for more than 2880 minutes, or charging for more than 1440 */
  TW_FLAG_POWER_TOO_HIGH,       /* mean above 110 % of the rating: likely an error of units */
  TW_FLAG_OVERLAP,              /* with the session before on its port: the later start wins for occupancy */
  TW_FLAG_ZONE_ASSUMED,         /* a local time without a zone, or one that comes twice in autumn */
  TW_FLAG_CENTURY_REPAIRED,     /* by the profile's rule */
  TW_FLAG_OVER_EDGE,            /* of the window: only the part inside counts */
  TW_FLAG_OUTSIDE,              /* of the window: not counted there */
  TW_FLAG_NO_MONEY,             /* no amount: out of the figures of money */
  TW_FLAG_REFUSED,              /* the line could not be read: left out, with what was wrong */
  TW_N_FLAGS
} TwFlag;

#define TW_QUALITY_LINES 20     /* kept of each rule */

typedef struct { char *source; guint64 line; char *text; } TwQualityLine;

typedef struct
{
  guint64    n_read, n_used, n_left_out;
  guint64    n[TW_N_FLAGS];
  GPtrArray *lines[TW_N_FLAGS];   /* of TwQualityLine, the first ones by source and line */
} TwQuality;

const char *tw_flag_name (TwFlag flag);            /* "exact_duplicate" */
const char *tw_flag_meaning (TwFlag flag);         /* a sentence */
gboolean    tw_flag_leaves_out (TwFlag flag);
