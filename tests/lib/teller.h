/* SPDX-License-Identifier: Apache-2.0 */
/* An acceptor that does exactly what the test says, step by step, with a bank's ledger behind it as witness. Requests
 * for money wait until tw_teller_answer(). Repeating a key has no second effect. One thread.
 */
#pragma once

#include "payment/acceptor/acceptor.h"

typedef struct _TwTeller TwTeller;

#define TELLER_LIFE_HOURS 72

TwTeller   *tw_teller_new (void);
void        tw_teller_free (TwTeller *self);
TwAcceptor *tw_teller_acceptor (TwTeller *self);    /* a new process's end of the same bank; at most one alive */

gboolean    tw_teller_is_taking (TwTeller *self);
gboolean    tw_teller_is_identifying (TwTeller *self);
gboolean    tw_teller_may_proceed (TwTeller *self); /* the reference is durable, says the station */
gboolean    tw_teller_was_cancelled (TwTeller *self);

/* of a take: it names its reference; else identifies */
void        tw_teller_tap (TwTeller *self, const char *fingerprint);
/* The bank decides, and the take ends with its word. */
void        tw_teller_approve (TwTeller *self);
void        tw_teller_decline (TwTeller *self);
void        tw_teller_approve_unheard (TwTeller *self);   /* the bank holds, the take ends unknown */
void        tw_teller_fail (TwTeller *self, const char *reason);
void        tw_teller_set_ready (TwTeller *self, gboolean ready);      /* FALSE: "reader-starting", and reads no card */
/* "bank-cards-off", and reads cards all the same */
void        tw_teller_switch_off (TwTeller *self);
/* Instead of a card of kind "emv", for the next tap. */
void        tw_teller_set_kind (TwTeller *self, const char *kind);

typedef enum { TELLER_ACT, TELLER_ACT_UNHEARD, TELLER_LOSE, TELLER_REFUSE } TellerMood;
void        tw_teller_set_mood (TwTeller *self, TellerMood mood);
guint       tw_teller_answer (TwTeller *self);      /* everything that waits; returns how many */

/* What is true at the bank for a session. captured -1: never. */
typedef struct
{
  gint64   held, captured, refunded;
  guint    captures, releases, refunds, requests;
  gboolean is_open;
} TellerLedger;
TellerLedger tw_teller_ledger (TwTeller *self, const char *session);
guint        tw_teller_n_open (TwTeller *self);     /* holds that nobody captured or released */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwTeller, tw_teller_free)
