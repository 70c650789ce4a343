/* SPDX-License-Identifier: Apache-2.0 */
#include "app/station/bay.h"

#define GO(to, fx) { TW_GO, TW_BAY_##to, fx }
#define STAY(fx)   { TW_STAY, 0, fx }
#define IGNORE     { TW_IGNORE, 0, 0 }
#define NEVER      { TW_NEVER, 0, 0 }

/* Faults and losses are levels: the shell posts them again when the bay is free, so a session never sits in FAULT. */
static const TwStep table[TW_N_BAY_STATES][TW_N_BAY_EVENTS] = {
  [TW_BAY_FREE] = {
    [TW_BAY_HANDED]      = GO (ARMED, 0),
    [TW_BAY_CONNECTED]   = IGNORE,
    [TW_BAY_DRAWING]     = IGNORE,
    [TW_BAY_IDLE]        = IGNORE,
    [TW_BAY_UNPLUGGED]   = IGNORE,
    [TW_BAY_STOP]        = IGNORE,
    [TW_BAY_LIMIT]       = NEVER,
    [TW_BAY_LOST]        = GO (FAULT, 0),
    [TW_BAY_CHANGED]     = NEVER,
    [TW_BAY_BILLED]      = NEVER,
    [TW_BAY_NOTHING_DUE] = NEVER,
    [TW_BAY_SETTLED]     = NEVER,
    [TW_BAY_TIMEOUT]     = NEVER,
    [TW_BAY_FAULTED]     = GO (FAULT, 0),
    [TW_BAY_CLEARED]     = IGNORE,
  },
  [TW_BAY_ARMED] = {
    [TW_BAY_HANDED]      = NEVER,
    [TW_BAY_CONNECTED]   = GO (CHARGING, 0),
    [TW_BAY_DRAWING]     = IGNORE,
    [TW_BAY_IDLE]        = IGNORE,
    [TW_BAY_UNPLUGGED]   = IGNORE,
    [TW_BAY_STOP]        = GO (SETTLING, TW_EFFECT_RELEASE),
    [TW_BAY_LIMIT]       = NEVER,
    [TW_BAY_LOST]        = GO (SETTLING, TW_EFFECT_RELEASE),
    [TW_BAY_CHANGED]     = NEVER,
    [TW_BAY_BILLED]      = NEVER,
    [TW_BAY_NOTHING_DUE] = NEVER,
    [TW_BAY_SETTLED]     = NEVER,
    [TW_BAY_TIMEOUT]     = GO (SETTLING, TW_EFFECT_RELEASE),
    [TW_BAY_FAULTED]     = GO (SETTLING, TW_EFFECT_RELEASE),
    [TW_BAY_CLEARED]     = IGNORE,
  },
  [TW_BAY_CHARGING] = {
    [TW_BAY_HANDED]      = NEVER,
    [TW_BAY_CONNECTED]   = IGNORE,
    [TW_BAY_DRAWING]     = IGNORE,
    [TW_BAY_IDLE]        = GO (PAUSED, 0),
    [TW_BAY_UNPLUGGED]   = GO (FINISHING, 0),
    [TW_BAY_STOP]        = GO (FINISHING, 0),
    [TW_BAY_LIMIT]       = GO (FINISHING, 0),
    [TW_BAY_LOST]        = GO (FINISHING, 0),
    [TW_BAY_CHANGED]     = GO (FINISHING, 0),
    [TW_BAY_BILLED]      = NEVER,
    [TW_BAY_NOTHING_DUE] = NEVER,
    [TW_BAY_SETTLED]     = NEVER,
    [TW_BAY_TIMEOUT]     = GO (FINISHING, 0),
    [TW_BAY_FAULTED]     = GO (FINISHING, 0),
    [TW_BAY_CLEARED]     = IGNORE,
  },
  [TW_BAY_PAUSED] = {
    [TW_BAY_HANDED]      = NEVER,
    [TW_BAY_CONNECTED]   = IGNORE,
    [TW_BAY_DRAWING]     = GO (CHARGING, 0),
    [TW_BAY_IDLE]        = IGNORE,
    [TW_BAY_UNPLUGGED]   = GO (FINISHING, 0),
    [TW_BAY_STOP]        = GO (FINISHING, 0),
    [TW_BAY_LIMIT]       = GO (FINISHING, 0),
    [TW_BAY_LOST]        = GO (FINISHING, 0),
    [TW_BAY_CHANGED]     = GO (FINISHING, 0),
    [TW_BAY_BILLED]      = NEVER,
    [TW_BAY_NOTHING_DUE] = NEVER,
    [TW_BAY_SETTLED]     = NEVER,
    [TW_BAY_TIMEOUT]     = GO (FINISHING, 0),
    [TW_BAY_FAULTED]     = GO (FINISHING, 0),
    [TW_BAY_CLEARED]     = IGNORE,
  },
  [TW_BAY_FINISHING] = {
    [TW_BAY_HANDED]      = NEVER,
    [TW_BAY_CONNECTED]   = IGNORE,
    [TW_BAY_DRAWING]     = IGNORE,
    [TW_BAY_IDLE]        = IGNORE,
    [TW_BAY_UNPLUGGED]   = IGNORE,
    [TW_BAY_STOP]        = IGNORE,
    [TW_BAY_LIMIT]       = IGNORE,
    [TW_BAY_LOST]        = IGNORE,
    [TW_BAY_CHANGED]     = IGNORE,
    [TW_BAY_BILLED]      = GO (SETTLING, TW_EFFECT_CAPTURE),
    [TW_BAY_NOTHING_DUE] = GO (SETTLING, TW_EFFECT_RELEASE),
    [TW_BAY_SETTLED]     = NEVER,
    [TW_BAY_TIMEOUT]     = STAY (TW_EFFECT_LAST_READING),
    [TW_BAY_FAULTED]     = IGNORE,
    [TW_BAY_CLEARED]     = IGNORE,
  },
  [TW_BAY_SETTLING] = {
    [TW_BAY_HANDED]      = NEVER,
    [TW_BAY_CONNECTED]   = IGNORE,
    [TW_BAY_DRAWING]     = IGNORE,
    [TW_BAY_IDLE]        = IGNORE,
    [TW_BAY_UNPLUGGED]   = IGNORE,
    [TW_BAY_STOP]        = IGNORE,
    [TW_BAY_LIMIT]       = NEVER,
    [TW_BAY_LOST]        = IGNORE,
    [TW_BAY_CHANGED]     = NEVER,
    [TW_BAY_BILLED]      = NEVER,
    [TW_BAY_NOTHING_DUE] = NEVER,
    [TW_BAY_SETTLED]     = GO (FREE, 0),
    [TW_BAY_TIMEOUT]     = GO (FREE, 0), /* the next driver need not wait: the claim goes on by itself */
    [TW_BAY_FAULTED]     = IGNORE,
    [TW_BAY_CLEARED]     = IGNORE,
  },
  [TW_BAY_FAULT] = {
    [TW_BAY_HANDED]      = GO (SETTLING, TW_EFFECT_RELEASE), /* it broke while the card was being asked */
    [TW_BAY_CONNECTED]   = IGNORE,
    [TW_BAY_DRAWING]     = IGNORE,
    [TW_BAY_IDLE]        = IGNORE,
    [TW_BAY_UNPLUGGED]   = IGNORE,
    [TW_BAY_STOP]        = IGNORE,
    [TW_BAY_LIMIT]       = NEVER,
    [TW_BAY_LOST]        = IGNORE,
    [TW_BAY_CHANGED]     = NEVER,
    [TW_BAY_BILLED]      = NEVER,
    [TW_BAY_NOTHING_DUE] = NEVER,
    [TW_BAY_SETTLED]     = NEVER,
    [TW_BAY_TIMEOUT]     = NEVER,
    [TW_BAY_FAULTED]     = IGNORE,
    [TW_BAY_CLEARED]     = GO (FREE, 0),
  },
};

TwStep
tw_bay_step (TwBayState state,
             TwBayEvent event)
{
  TwStep step;

  g_assert (state < TW_N_BAY_STATES);
  g_assert (event < TW_N_BAY_EVENTS);

  step = table[state][event];
  if (step.verdict != TW_GO)
    step.next = state;

  return step;
}

gboolean
tw_bay_allows_power (TwBayState state)
{
  return state == TW_BAY_CHARGING || state == TW_BAY_PAUSED;
}

gboolean
tw_bay_serves (TwBayState state)
{
  return state != TW_BAY_FREE && state != TW_BAY_FAULT;
}

const char *
tw_bay_state_name (TwBayState state)
{
  static const char *const names[] = { "free", "armed", "charging", "paused", "finishing", "settling", "fault" };

  G_STATIC_ASSERT (G_N_ELEMENTS (names) == TW_N_BAY_STATES);
  return names[state];
}

const char *
tw_bay_event_name (TwBayEvent event)
{
  static const char *const names[] = { "handed", "connected", "drawing", "idle", "unplugged", "stop", "limit", "lost",
                                       "changed", "billed", "nothing-due", "settled", "timeout", "faulted", "cleared" };

  G_STATIC_ASSERT (G_N_ELEMENTS (names) == TW_N_BAY_EVENTS);
  return names[event];
}
