/* SPDX-License-Identifier: Apache-2.0 */
/* The sums that every pattern and every trend is made of: of a port by local day and tariff, of a site by local hour.
 * A window is a set of days, so its figures are sums of cells, exactly, and so are those of the period before and of
 * the year before. A session's time is cut at each local hour of its site (analytics.md section 4); its energy is
 * spread evenly over its charging time; what can happen only once (starting, ending, paying) is of the day it happened.
 */
#pragma once

#include "payment/analytics/session-row.h"

/* Names, kept once. Ports are numbered by site, EVSE and connector in alphabetical order, sites and tariffs by their
 * names: whatever the order of the rows. name: "EVSE" or "EVSE/CONNECTOR". */
typedef struct { guint32 site; char *name, *evse, *connector; gint64 rated_power_w; gboolean dc; } TwPort;

/* Sums are exact. Counts and seconds have 32 bits: more than that in one day at one connector is no fleet, but a column
 * that was taken for another, and the run is refused. Of money: only rows of the cell's currency; a row without an
 * amount is not counted in n_priced. */
typedef struct
{
  guint32 port, tariff;             /* indices */
  gint32  day;                      /* days since 1970, local to the site */
  char    currency[4];              /* "": sessions without money */

  /* of what falls into the day */
  guint32 occupied_s, charging_s, idle_s;   /* of sessions whose charging is not known: occupied only */
  gint64  energy_mwh;               /* mWh, so that spreading loses nothing that shows */
  /* of sessions that began in it */
  guint32 n_started;
  /* of sessions that ended in it, whole; unknown energy is not in n_metered, and 0 is in n_empty too */
  guint32 n_ended, n_metered, n_empty, n_failed, n_idle_unknown, whole_occupied_s;
  guint32 n_paid, n_priced, n_captured, n_fee;   /* with captured > 0; with a price, a captured amount, a fee */
  gint64  whole_energy_wh, billed_energy_wh;     /* of n_ended; of n_paid */
  gint64  priced_minor, tax_minor, captured_minor, refunded_minor, fee_minor, chargeback_minor;
  gint64  unpaid_minor;             /* priced and not captured */
  gint64  reconciled_minor;         /* captured, and settled or banked */
} TwDayCell;

typedef struct
{
  guint32 site;
  gint32  hour;                     /* local: days since 1970 * 24 + hour of the day */
  guint32 occupied_s, charging_s;
  gint64  energy_mwh;
  guint32 all_busy_s;               /* all working ports were taken; from the sweep */
  guint32 n_started, n_started_captured, started_occupied_s;
  gint64  started_energy_wh;
  gint64  started_captured_minor;   /* of the site's currency */
  guint64 started_occupied_s2;      /* sum of squares, for the spread of service times; each of 30 days at most */
} TwHourCell;

/* One session, as short as it can be: for medians, survival, and sweeps. */
typedef struct
{
  guint32 port;
  guint32 start_s;                  /* since 1970 */
  guint32 occupied_s;               /* of one still open: until as_of */
  guint32 charge_after_s, charging_s;   /* from start to charging, and its length; both G_MAXUINT32: unknown */
  guint32 energy_wh;                /* G_MAXUINT32: unknown */
  gint32  captured_minor;           /* G_MININT32: unknown */
  guint16 tariff;
  guint16 day;                      /* local day it ended; of one still open: the last one of the data */
  guint8  currency;                 /* tw_analysis_currency() */
  guint8  open, means, ending;
  guint32 customer[2];              /* of the customer and the epoch of its key; both 0: unknown */
} TwShortRow;

/* G_MAXUINT32: unknown. */
static inline guint32
tw_short_row_idle_s (const TwShortRow *row)
{
  return row->charging_s == G_MAXUINT32 ? G_MAXUINT32 : row->occupied_s - row->charging_s;
}
