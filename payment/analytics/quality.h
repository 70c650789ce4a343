/* SPDX-License-Identifier: Apache-2.0 */
/* The gate: what is wrong with a row, by name, and what is done about it (analytics.md section 12). A row is used,
 * used with a part cut off, or left out; each rule counts its rows and keeps its first lines, and the sums add up: read
 * = used + left out. A gate only tells: who sums up, cuts. Of copies and of ids that come again the first row is used
 * and the later ones are told, in whatever order and through whatever gate they come. Pure. A gate is for one thread;
 * those of several parts share their copies, and are merged after.
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
#define TW_QUALITY_SOURCES 31   /* of copies in more sources, who was first is not known from where they stand */

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

TwQuality  *tw_quality_new (void);
void        tw_quality_free (TwQuality *self);
void        tw_quality_merge (TwQuality *self, const TwQuality *other);

/* What rows have been seen, by hashes of their ids and contents: some 18 bytes a row. Any thread. */
typedef struct _TwCopies TwCopies;

TwCopies   *tw_copies_new (void);
void        tw_copies_free (TwCopies *self);
gsize       tw_copies_bytes (const TwCopies *self);

typedef struct _TwGate TwGate;

/* copies: of all gates of a run; outlives them. newest_us: nothing is later than this, the end of the run's day;
 * TW_UNKNOWN: it may be. source: what lines are of; copied. */
TwGate     *tw_gate_new (TwCopies *copies, const char *source, gint64 newest_us);
void        tw_gate_free (TwGate *self);
/* Counts the row and sets its flags besides those that its source set. FALSE: it is left out. */
gboolean    tw_gate_session (TwGate *self, TwSessionRow *row);
/* A line that could not be read: TwRowIntakeClass.refused. */
void        tw_gate_refuse (TwGate *self, guint64 line, const char *what);
/* What only who sums up can see: OVERLAP, OVER_EDGE, OUTSIDE. The row is counted already. text: may be NULL. */
void        tw_gate_note (TwGate *self, TwFlag flag, guint64 line, const char *text);
const TwQuality *tw_gate_quality (const TwGate *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwQuality, tw_quality_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwCopies, tw_copies_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwGate, tw_gate_free)
