/* SPDX-License-Identifier: Apache-2.0 */
/* What is to go wrong at the acquirer, on order: a queue of faults, each for one kind of request and so many times. */
#pragma once

#include "app/base/json.h"
#include "app/bench/ask.h"

typedef enum
{
  TW_FAULT_NONE,
  TW_FAULT_DELAY,         /* ms later; after: it has acted, only the answer is late */
  TW_FAULT_HOLD,          /* like delay, until tw_acquirer is told to go on */
  TW_FAULT_SILENT,        /* the connection stays open and nothing ever comes */
  TW_FAULT_DROP,          /* the connection ends without an answer */
  TW_FAULT_FAIL,          /* 502 with reason; after: although it has acted */
  TW_FAULT_UNAUTHORIZED,  /* 401 */
  TW_FAULT_TOO_MANY,      /* 429 */
  TW_FAULT_REFUSE,        /* 400 with reason, not acted on */
  TW_FAULT_TRUNCATE,      /* acts; half the JSON in a whole HTTP answer */
  TW_FAULT_CUT,           /* acts; half the announced body, then the connection ends */
  TW_FAULT_WRONG_TYPE,    /* acts; an HTML page, status 200 */
  TW_FAULT_TWICE,         /* acts; the answer is sent two times */
  TW_FAULT_DEEP,          /* acts; the answers of spoil.h, this and the two below */
  TW_FAULT_TOO_DEEP,
  TW_FAULT_TWICE_NAMED,
  TW_FAULT_DUPLICATE,     /* delivered two times: acts on the same bytes again and gives the second answer */
  TW_N_FAULTS,
} TwFaultKind;

typedef struct
{
  TwFaultKind kind;
  TwAct       act;        /* TW_N_ACTS: any */
  gboolean    after;      /* when there is a choice: after acting rather than before */
  gint64      ms;
  const char *reason;     /* interned; NULL */
  gint64      count;      /* how many requests more; -1: until cleared */
} TwFault;

typedef struct _TwFaults TwFaults;

TwFaults   *tw_faults_new (void);
void        tw_faults_free (TwFaults *self);
void        tw_faults_add (TwFaults *self, const TwFault *fault);
void        tw_faults_clear (TwFaults *self);
guint       tw_faults_n_pending (TwFaults *self);

/* The array "faults": {kind, op, when, count}. */
void        tw_faults_write (TwFaults *self, TwJsonOut *out);

/* The first in the queue that fits, which it uses up by one. */
TwFault     tw_faults_take (TwFaults *self, TwAct act);

/* "delay", "drop" ...; TW_N_FAULTS: no such name. */
TwFaultKind tw_fault_kind_from_name (const char *name);
/* All names, joined with ", ". */
char       *tw_fault_names (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwFaults, tw_faults_free)
