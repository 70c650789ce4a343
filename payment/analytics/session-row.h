/* SPDX-License-Identifier: Apache-2.0 */
/* A charging session, as the analytics see it: one car at one connector, what it took, what it paid. Facts:
 * analytics.md section 13. A value; texts are borrowed for the time of a call: who keeps one, copies it. Instants are
 * microseconds since 1970 in UTC, energy is Wh, money minor units of its currency. TW_UNKNOWN is not 0. Any thread.
 */
#pragma once

#include <glib.h>

#define TW_UNKNOWN G_MININT64

/* UTF-8, not NUL-terminated, trimmed; n 0: unknown. */
typedef struct { const char *text; guint32 n; } TwText;

typedef enum { TW_MEANS_UNKNOWN, TW_MEANS_CARD, TW_MEANS_PHONE, TW_MEANS_RFID, TW_MEANS_APP, TW_MEANS_PNC,
               TW_MEANS_FREE, TW_N_MEANS } TwMeans;
typedef enum { TW_ENDED_UNKNOWN, TW_ENDED_DRIVER, TW_ENDED_FULL, TW_ENDED_LIMIT, TW_ENDED_FAULT, TW_ENDED_POWER_LOSS,
               TW_ENDED_REMOTE, TW_N_ENDINGS } TwEnding;
/* How far its money has come. A chart of money says which; "captured" unless the books know more. */
typedef enum { TW_STATE_UNKNOWN_MONEY, TW_STATE_PRICED, TW_STATE_CAPTURED, TW_STATE_SETTLED, TW_STATE_BANKED,
               TW_N_MONEY_STATES } TwMoneyState;

typedef struct
{
  guint64  line;                    /* of its file, from 1; of a journal, the entry that ended it */
  TwText   session, site, evse, connector, tariff;
  TwText   zone;                    /* IANA, of the site */
  gint64   plug_in, plug_out;       /* plug_in is known; plug_out unknown: still open */
  gint64   charge_start, charge_end;
  gint64   occupied_s, charging_s;  /* the source's own, kept for checks */
  gint64   energy_wh;               /* as delivered */
  gint64   max_power_w, rated_power_w;
  gboolean direct_current;
  TwMeans  means;
  TwEnding ending;
  guint64  customer;                /* of the keyed card fingerprint, 64 bits of its digest; 0: unknown */
  gint32   epoch;                   /* of its key; customers of two epochs are never compared */
  char     currency[4];             /* "": no money */
  gint64   price_minor, tax_minor, captured_minor, refunded_minor, fee_minor, chargeback_minor;
  gint64   held_minor, held_from, held_until;   /* held_until unknown: it still is */
  gint64   tap_at, answered_at;     /* of the authorization */
  TwMoneyState money_state;
  const struct _TwUsage *usage;     /* payment/tariff: what the meter said, reading by reading; NULL: not known */
  TwText   tariff_file;             /* that it was sold by, as OCPI; n 0: not known */
  guint32  flags;                   /* of quality: bits of TwFlag, set by the gate; of its source ZONE_ASSUMED and
                                       CENTURY_REPAIRED */
} TwSessionRow;

/* A visit to the screen that came to nothing, or to a session: the funnel's rows. Stages are those of analytics.md
 * section 6, as a bit set: a visit has been at each whose bit is set. */
typedef enum { TW_STAGE_SEEN, TW_STAGE_OFFER, TW_STAGE_CHOSEN, TW_STAGE_TAP, TW_STAGE_APPROVED, TW_STAGE_PLUGGED,
               TW_STAGE_ENERGY, TW_STAGE_ENDED_WELL, TW_STAGE_CAPTURED, TW_STAGE_RECEIPT, TW_N_STAGES } TwStage;

typedef struct
{
  TwText   site, evse, zone, session;
  gint64   at;
  guint32  stages;
  TwText   drop_reason;             /* "timeout", "cancelled", "declined", a decline's code, ...; n 0: none */
  guint64  customer;
  gint64   amount_minor;            /* that was asked for; TW_UNKNOWN: none was */
  char     currency[4];
  gboolean all_busy;                /* no connector was free when the screen was touched */
} TwVisitRow;

/* A connector of ports.csv, and a state of events.csv. */
typedef struct
{
  TwText site, evse, connector, zone, opening_hours;
  gint64 rated_power_w, commissioned, decommissioned;
} TwPortRow;

typedef enum { TW_PORT_UNKNOWN, TW_PORT_AVAILABLE, TW_PORT_CHARGING, TW_PORT_RESERVED, TW_PORT_BLOCKED,
               TW_PORT_INOPERATIVE, TW_PORT_OUT_OF_ORDER, TW_N_PORT_STATES } TwPortState;

/* Whether anybody new could pay; SAME: the source does not tell, and what was told before holds. */
typedef enum { TW_PAYMENT_SAME, TW_PAYMENT_UNKNOWN, TW_PAYMENT_OPEN, TW_PAYMENT_CLOSED } TwPayment;

typedef struct
{
  TwText      site, evse, reason;
  gint64      at;
  gint64      until;                /* its source knows of no more; 0: until the next one */
  TwPortState state;
  TwPayment   payment;
  gboolean    excluded;             /* from an outage, with its reason */
} TwEventRow;

/* What a source hands its rows to. One thread for one intake; a source that reads with several threads gets an intake
 * for each. FALSE stops it with this error. NULL: such rows are not wanted. */
typedef struct
{
  gboolean (*session)  (gpointer self, const TwSessionRow *row, GError **error);
  gboolean (*visit)    (gpointer self, const TwVisitRow *row, GError **error);
  gboolean (*port)     (gpointer self, const TwPortRow *row, GError **error);
  gboolean (*event)    (gpointer self, const TwEventRow *row, GError **error);
  gboolean (*progress) (gpointer self, guint64 done, guint64 size);
  /* A line that is no row, with what is wrong: the next one is read nevertheless. */
  gboolean (*refused)  (gpointer self, guint64 line, const char *what, GError **error);
} TwRowIntakeClass;

typedef struct { const TwRowIntakeClass *class_; gpointer self; } TwRowIntake;
