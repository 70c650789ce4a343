/* SPDX-License-Identifier: Apache-2.0 */
/* Money that a person moved for a case of the books, after the session and its claim were closed: journalled as a
 * request with the case's name and its answer, like the claim's own, and folded beside it, so that what the machines
 * decided stays what it was. Part of record.h. Pure. One thread at a time.
 */
#pragma once

#include "app/base/json.h"
#include "payment/journal/claim.h"
#include "payment/journal/entry.h"

typedef struct
{
  guint          n;                /* of the request, among all of the session */
  char          *operation, *key;  /* "refund", "release", "capture" */
  char          *case_, *by;       /* for which case, who confirmed it */
  char          *detail;           /* of the answer; NULL: none */
  gint64         amount_minor;
  TwRequestState state;
  gboolean       in_doubt;         /* OPEN, and asked without a definite answer */
  TwInstant      asked_at, answered_at;
} TwRepair;

typedef struct _TwRepairs TwRepairs;

TwRepairs      *tw_repairs_new (void);
void            tw_repairs_free (TwRepairs *self);
/* BAD_DATA: not understood. */
gboolean        tw_repairs_request (TwRepairs *self, const TwEntry *entry, const TwJson *payload, GError **error);
/* FALSE: n is none of these. */
gboolean        tw_repairs_answer (TwRepairs *self, guint n, const TwEntry *entry, const TwJson *payload);

guint           tw_repairs_n (const TwRepairs *self);
const TwRepair *tw_repairs_nth (const TwRepairs *self, guint i);    /* in their order */
/* The one whose answer is still owed; there is at most one. NULL: none. */
const TwRepair *tw_repairs_open (const TwRepairs *self);
/* The newest of that case; NULL: none. */
const TwRepair *tw_repairs_of_case (const TwRepairs *self, const char *case_);
/* The one that ended the hold in the claim's stead: a capture or release that was done. NULL: none. */
const TwRepair *tw_repairs_end_of_hold (const TwRepairs *self);
/* What was given back; with what is still asked for, too: all that was not refused. */
gint64          tw_repairs_refunded_minor (const TwRepairs *self, gboolean with_open);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwRepairs, tw_repairs_free)
