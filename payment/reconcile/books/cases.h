/* SPDX-License-Identifier: Apache-2.0 */
/* The list of cases: what a reconciliation found keeps its identity (TwException.id) from run to run, closes by itself
 * when it is not found any more, and comes back when it is. Operators assign, comment and resolve. What happened to a
 * case is only ever added to. Errors as in books.h; BAD_DATA also for a case that is not there, or not in that state.
 */
#pragma once

#include "payment/reconcile/books/books.h"

#define TW_CASE_SEVERITY 2      /* what only informs is no case */

/* One run, between begin and end; all of it is recorded by end, or nothing. Between them no other run of these books
 * can begin: RETRY. So begin comes before the books are replayed; others may load meanwhile. Not while a file is
 * loaded. */
gboolean tw_cases_begin (TwBooks *self, GError **error);
/* is_resolved: an operator resolved it, and its stake is still the same. */
gboolean tw_cases_add (TwBooks *self, const TwException *exception, gboolean *is_resolved, GError **error);
/* Who resolved it, or wrote it off, and why; borrowed until the end of the run. n 0: it is not resolved. */
void     tw_cases_resolution (TwBooks *self, const char *id, TwChars *by, TwChars *why);

typedef struct { guint64 n_opened, n_closed, n_reopened, n_changed; } TwCaseChanges;

gboolean tw_cases_end (TwBooks *self, gint64 now_us, TwCaseChanges *changes, GError **error);
void     tw_cases_abandon (TwBooks *self);

/* Borrowed for the time of a call. state: "open", "closed" (by itself), "resolved" (by an operator). */
typedef struct
{
  TwChars id, class_, state, currency, assignee, session, station, evse, payment_ref, psp_ref, batch, bank_reference;
  TwChars detail, rule;
  gint64  severity, stake_minor;
  gint64  expected, found, since_us;       /* TW_NOT_STATED */
  gint64  opened_us, changed_us;           /* first opened: its age */
} TwCase;

/* what: opened, changed, closed, reopened, assigned, commented, resolved, repair_asked, repaired; matched, written_off,
 * undone (manual.h). reason: the operator's words, or of a case that was reopened by a run "seen_again" or
 * "manual_contradicted": resolved, and now with another stake. */
typedef struct { TwChars what, who, reason; gint64 at_us, stake_minor; } TwCaseEvent;

typedef gboolean (*TwCaseFunc) (gpointer self, const TwCase *case_, GError **error);
typedef gboolean (*TwCaseEventFunc) (gpointer self, const TwCaseEvent *event, GError **error);

/* Worst first, then oldest. state NULL: all; class_name NULL: all. */
gboolean tw_cases_list (TwBooks *self, const char *state, const char *class_name, TwCaseFunc func, gpointer func_self,
                        GError **error);
/* The whole id of the only case whose id begins so; NULL: error. */
char    *tw_cases_find (TwBooks *self, const char *beginning, GError **error);
gboolean tw_cases_show (TwBooks *self, const char *id, TwCaseFunc func, TwCaseEventFunc event_func, gpointer func_self,
                        GError **error);

typedef enum
{
  TW_CASE_ASSIGN, TW_CASE_COMMENT, TW_CASE_RESOLVE, TW_CASE_REOPEN,
  TW_CASE_ASK_REPAIR,     /* before it is asked for; only of an open case */
  TW_CASE_REPAIRED,       /* what came of it; the case stays as it is, until a file proves it */
} TwCaseAct;

/* text: to whom, what, or why. Resolved are only open cases, reopened only resolved ones. */
gboolean tw_cases_act (TwBooks *self, const char *id, TwCaseAct act, const char *who, const char *text, gint64 now_us,
                       GError **error);
