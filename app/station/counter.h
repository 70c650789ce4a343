/* SPDX-License-Identifier: Apache-2.0 */
/* The person at the screen, from the first touch to the outcome; neutral as to the means of payment. A session is the
 * counter's while it is offered, asked for or being authorized; then a bay's, or over. Pure. Any thread.
 */
#pragma once

#include "app/station/machine.h"

typedef enum
{
  TW_COUNTER_WELCOME,     /* nobody is being served; a tap only identifies */
  TW_COUNTER_OFFER,       /* price and hold of one connector are on the screen */
  TW_COUNTER_ASKING,      /* the acceptor waits for the person: card, phone */
  TW_COUNTER_AUTHORIZING, /* a request for a hold may be out; the answer may never come */
  TW_COUNTER_OUTCOME,     /* how it ended is on the screen; the session is no longer here */
  TW_COUNTER_CLOSED,      /* out of service for new customers */
} TwCounterState;
#define TW_N_COUNTER_STATES (TW_COUNTER_CLOSED + 1)

typedef enum
{
  TW_COUNTER_CHOSEN,      /* finger, plug or identifying tap named a connector that can be sold */
  TW_COUNTER_ACCEPTED,    /* the offer stands and the acceptor is free: ask for the money */
  TW_COUNTER_REFERENCED,  /* the acceptor names what it is about to do; it waits until that is durable */
  TW_COUNTER_APPROVED,    /* a hold for this session */
  TW_COUNTER_DECLINED,    /* asked, answered: no hold */
  TW_COUNTER_FAILED,      /* never asked: no hold can exist */
  TW_COUNTER_UNKNOWN,     /* asked, not answered */
  TW_COUNTER_CANCEL,
  TW_COUNTER_TIMEOUT,
  TW_COUNTER_CLOSE,       /* something that a sale needs is missing */
  TW_COUNTER_OPEN,        /* all of it is there again */
} TwCounterEvent;
#define TW_N_COUNTER_EVENTS (TW_COUNTER_OPEN + 1)

TwStep         tw_counter_step (TwCounterState state, TwCounterEvent event);
/* The state after a restart that found this one in the journal, and what to do with the session that it held (RELEASE
 * or nothing). A sealed authorization lives in memory only: unanswered, it is only ever reversed. */
TwStep         tw_counter_replay (TwCounterState state);
/* A session belongs to the counter in this state. */
gboolean       tw_counter_serves (TwCounterState state);
const char    *tw_counter_state_name (TwCounterState state);
const char    *tw_counter_event_name (TwCounterEvent event);
