/* SPDX-License-Identifier: Apache-2.0 */
/* Somebody came to the screen, and how far it went: one entry of the journal for each such visit, at its end, and
 * nothing personal in it. A visit ends with a session that came to a connector, or when nobody has touched anything for
 * config->visit_ms (0: no visits are told). So a child that plays with the screen is one visit, however long it plays.
 * A visit that a restart interrupts is not told. The station's own.
 */
#pragma once

#include <glib.h>

typedef struct _TwStation TwStation;
typedef struct _TwBatch TwBatch;

typedef enum { TW_VISIT_SEEN, TW_VISIT_OFFERED, TW_VISIT_ASKED, TW_VISIT_TAPPED, TW_VISIT_APPROVED } TwVisitStep;

typedef struct
{
  gboolean    here;        /* somebody is */
  gboolean    told;        /* it ended with a session; whoever still looks on is the same person */
  const char *by;          /* "touch", "plug", "card": the first sign; once told, the last one */
  char       *closed_why;  /* of the counter when it began; NULL: it was open */
  gint64      begun_us, latest_us;   /* boot time */
  guint       n_free, offers, timer;
  gboolean    all_busy, own;
  TwVisitStep reached;
} TwVisit;

const char *tw_visit_step_name (TwVisitStep step);
/* A sign of somebody. */
void        tw_visit_sign (TwStation *self, const char *by);
/* Who is there has got so far. */
void        tw_visit_reach (TwStation *self, TwVisitStep step);
/* Who is there has come for a session that was there before: to stop it, to see its receipt. */
void        tw_visit_own (TwStation *self);
/* Its session goes to a connector: it is told in the same commit. */
void        tw_visit_end (TwStation *self, TwBatch *batch);
void        tw_visit_clear (TwStation *self);
