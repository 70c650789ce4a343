/* SPDX-License-Identifier: Apache-2.0 */
/* The sums that every pattern and every trend is made of: of a port by local day and tariff, of a site by local hour.
 * A window is a set of days, so its figures are sums of cells, exactly, and so are those of the period before and of
 * the year before. A session's time is cut at each local hour of its site (analytics.md section 4); its energy is
 * spread evenly over its charging time; what can happen only once (starting, ending, paying) is of the day it happened.
 */
#pragma once

#include "payment/analytics/session-row.h"

/* Names, kept once: index from 0 in order of appearance. */
typedef struct { guint32 site; guint32 zone; char *name, *evse, *connector; gint64 rated_power_w; gboolean dc; } TwPort;

/* All sums are int64. Of money: only rows of the cell's currency; without an amount a row is not in n_priced. */
typedef struct
{
  guint32 port, tariff;             /* indices */
  gint32  day;                      /* days since 1970, local to the site */
  char    currency[4];              /* "": sessions without money */

  /* of what falls into the day */
  gint64 occupied_s, charging_s, idle_s, energy_mwh;      /* mWh, so that spreading loses nothing that shows */
  /* of sessions that began in it */
  gint64 n_started;
  /* of sessions that ended in it, whole */
  gint64 n_ended, n_paid, n_priced, n_captured, n_empty, n_failed, n_idle_unknown, whole_energy_wh, billed_energy_wh;
  gint64 priced_minor, tax_minor, captured_minor, refunded_minor, fee_minor, chargeback_minor, n_fee;
  gint64 unpaid_minor;              /* priced and not captured */
  gint64 reconciled_minor;          /* captured, and settled or banked */
  gint64 whole_occupied_s;
} TwDayCell;

typedef struct
{
  guint32 site;
  gint32  hour;                     /* local: days since 1970 * 24 + hour of the day */
  gint64  occupied_s, charging_s, energy_mwh;
  gint64  all_busy_s;               /* all working ports were taken; from the sweep */
  gint64  n_started, started_energy_wh, started_captured_minor, n_started_captured, started_occupied_s;
  double  started_occupied_s2;      /* sum of squares, for the spread of service times */
} TwHourCell;

/* One session, as short as it can be: for medians, survival, and sweeps. */
typedef struct
{
  guint32 port;
  gint32  day;                      /* local day it ended; of one still open: the last one of the data */
  gint64  start_s;                  /* since 1970 */
  guint32 occupied_s, charging_s;   /* G_MAXUINT32: unknown */
  guint32 idle_s;                   /* likewise */
  guint32 energy_wh;
  guint8  open, means, ending, flags;
} TwShortRow;
