/* SPDX-License-Identifier: Apache-2.0 */
#include "app/station/counter.h"

#define GO(to, fx) { TW_GO, TW_COUNTER_##to, fx }
#define STAY(fx)   { TW_STAY, 0, fx }
#define IGNORE     { TW_IGNORE, 0, 0 }
#define NEVER      { TW_NEVER, 0, 0 }

/* Answers reach the counter only for the session that it serves; answers to others are orphans and never come here. */
static const TwStep table[TW_N_COUNTER_STATES][TW_N_COUNTER_EVENTS] = {
  [TW_COUNTER_WELCOME] = {
    [TW_COUNTER_CHOSEN]     = GO (OFFER, 0),
    [TW_COUNTER_ACCEPTED]   = IGNORE, /* a finger on a screen that is gone */
    [TW_COUNTER_REFERENCED] = NEVER,
    [TW_COUNTER_APPROVED]   = NEVER,
    [TW_COUNTER_DECLINED]   = NEVER,
    [TW_COUNTER_FAILED]     = NEVER,
    [TW_COUNTER_UNKNOWN]    = NEVER,
    [TW_COUNTER_CANCEL]     = IGNORE,
    [TW_COUNTER_TIMEOUT]    = NEVER,
    [TW_COUNTER_CLOSE]      = GO (CLOSED, 0),
    [TW_COUNTER_OPEN]       = IGNORE,
  },
  [TW_COUNTER_OFFER] = {
    [TW_COUNTER_CHOSEN]     = GO (OFFER, 0), /* another connector: another session */
    [TW_COUNTER_ACCEPTED]   = GO (ASKING, TW_EFFECT_TAKE),
    [TW_COUNTER_REFERENCED] = NEVER,
    [TW_COUNTER_APPROVED]   = NEVER,
    [TW_COUNTER_DECLINED]   = NEVER,
    [TW_COUNTER_FAILED]     = NEVER,
    [TW_COUNTER_UNKNOWN]    = NEVER,
    [TW_COUNTER_CANCEL]     = GO (WELCOME, 0),
    [TW_COUNTER_TIMEOUT]    = GO (WELCOME, 0),
    [TW_COUNTER_CLOSE]      = GO (CLOSED, 0),
    [TW_COUNTER_OPEN]       = IGNORE,
  },
  [TW_COUNTER_ASKING] = {
    [TW_COUNTER_CHOSEN]     = GO (OFFER, TW_EFFECT_CANCEL_TAKE),
    [TW_COUNTER_ACCEPTED]   = IGNORE,
    [TW_COUNTER_REFERENCED] = GO (AUTHORIZING, TW_EFFECT_PROCEED),
    [TW_COUNTER_APPROVED]   = NEVER, /* nothing was asked yet */
    [TW_COUNTER_DECLINED]   = NEVER,
    [TW_COUNTER_FAILED]     = GO (OUTCOME, 0),
    [TW_COUNTER_UNKNOWN]    = NEVER,
    [TW_COUNTER_CANCEL]     = GO (WELCOME, TW_EFFECT_CANCEL_TAKE),
    [TW_COUNTER_TIMEOUT]    = GO (WELCOME, TW_EFFECT_CANCEL_TAKE),
    [TW_COUNTER_CLOSE]      = GO (CLOSED, TW_EFFECT_CANCEL_TAKE),
    [TW_COUNTER_OPEN]       = IGNORE,
  },
  [TW_COUNTER_AUTHORIZING] = {
    [TW_COUNTER_CHOSEN]     = IGNORE,
    [TW_COUNTER_ACCEPTED]   = IGNORE,
    [TW_COUNTER_REFERENCED] = STAY (TW_EFFECT_PROCEED), /* a means with several steps names each */
    [TW_COUNTER_APPROVED]   = GO (OUTCOME, TW_EFFECT_HAND_OVER),
    [TW_COUNTER_DECLINED]   = GO (OUTCOME, 0),
    [TW_COUNTER_FAILED]     = GO (OUTCOME, 0),
    [TW_COUNTER_UNKNOWN]    = GO (OUTCOME, TW_EFFECT_RELEASE),
    /* whatever the answer: nobody wants it */
    [TW_COUNTER_CANCEL]     = GO (OUTCOME, TW_EFFECT_CANCEL_TAKE | TW_EFFECT_RELEASE),
    [TW_COUNTER_TIMEOUT]    = GO (OUTCOME, TW_EFFECT_CANCEL_TAKE | TW_EFFECT_RELEASE),
    [TW_COUNTER_CLOSE]      = IGNORE, /* a level: looked at again in the next state */
    [TW_COUNTER_OPEN]       = IGNORE,
  },
  [TW_COUNTER_OUTCOME] = {
    [TW_COUNTER_CHOSEN]     = GO (OFFER, 0),
    [TW_COUNTER_ACCEPTED]   = IGNORE,
    [TW_COUNTER_REFERENCED] = NEVER,
    [TW_COUNTER_APPROVED]   = NEVER,
    [TW_COUNTER_DECLINED]   = NEVER,
    [TW_COUNTER_FAILED]     = NEVER,
    [TW_COUNTER_UNKNOWN]    = NEVER,
    [TW_COUNTER_CANCEL]     = GO (WELCOME, 0),
    [TW_COUNTER_TIMEOUT]    = GO (WELCOME, 0),
    [TW_COUNTER_CLOSE]      = GO (CLOSED, 0),
    [TW_COUNTER_OPEN]       = IGNORE,
  },
  [TW_COUNTER_CLOSED] = {
    [TW_COUNTER_CHOSEN]     = IGNORE,
    [TW_COUNTER_ACCEPTED]   = IGNORE,
    [TW_COUNTER_REFERENCED] = NEVER,
    [TW_COUNTER_APPROVED]   = NEVER,
    [TW_COUNTER_DECLINED]   = NEVER,
    [TW_COUNTER_FAILED]     = NEVER,
    [TW_COUNTER_UNKNOWN]    = NEVER,
    [TW_COUNTER_CANCEL]     = IGNORE,
    [TW_COUNTER_TIMEOUT]    = NEVER,
    [TW_COUNTER_CLOSE]      = IGNORE,
    [TW_COUNTER_OPEN]       = GO (WELCOME, 0),
  },
};

TwStep
tw_counter_step (TwCounterState state,
                 TwCounterEvent event)
{
  TwStep step;

  g_assert (state < TW_N_COUNTER_STATES);
  g_assert (event < TW_N_COUNTER_EVENTS);

  step = table[state][event];
  if (step.verdict != TW_GO)
    step.next = state;

  return step;
}

TwStep
tw_counter_replay (TwCounterState state)
{
  if (state == TW_COUNTER_AUTHORIZING)
    return (TwStep) GO (WELCOME, TW_EFFECT_RELEASE);

  return (TwStep) GO (WELCOME, 0);
}

gboolean
tw_counter_serves (TwCounterState state)
{
  return state == TW_COUNTER_OFFER || state == TW_COUNTER_ASKING || state == TW_COUNTER_AUTHORIZING;
}

const char *
tw_counter_state_name (TwCounterState state)
{
  static const char *const names[] = { "welcome", "offer", "asking", "authorizing", "outcome", "closed" };

  G_STATIC_ASSERT (G_N_ELEMENTS (names) == TW_N_COUNTER_STATES);
  return names[state];
}

const char *
tw_counter_event_name (TwCounterEvent event)
{
  static const char *const names[] = { "chosen", "accepted", "referenced", "approved", "declined", "failed", "unknown",
                                       "cancel", "timeout", "close", "open" };

  G_STATIC_ASSERT (G_N_ELEMENTS (names) == TW_N_COUNTER_EVENTS);
  return names[event];
}
