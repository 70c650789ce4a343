/* SPDX-License-Identifier: Apache-2.0 */
/* One connector, from the live hold to the last cent. Power is no effect here but a level: it may be on while
 * tw_bay_allows_power() and the step that led there is durable. Pure. Any thread.
 */
#pragma once

#include "app/station/machine.h"

typedef enum
{
  TW_BAY_FREE,
  TW_BAY_ARMED,      /* the hold is live; waiting for the car */
  TW_BAY_CHARGING,   /* begin reading taken; energy may flow */
  TW_BAY_PAUSED,     /* the car does not draw; energy may flow again at any time */
  TW_BAY_FINISHING,  /* power off; waiting for the final reading */
  TW_BAY_SETTLING,   /* the amount stands; its capture or release is on its way */
  TW_BAY_FAULT,      /* cannot be sold until cleared */
} TwBayState;
#define TW_N_BAY_STATES (TW_BAY_FAULT + 1)

typedef enum
{
  TW_BAY_HANDED,      /* a session with a live hold comes from the counter */
  TW_BAY_CONNECTED,   /* a car is plugged in, and the begin reading is taken */
  TW_BAY_DRAWING,
  TW_BAY_IDLE,        /* connected, but takes no energy */
  TW_BAY_UNPLUGGED,
  TW_BAY_STOP,        /* the driver, the operator, or a journal that cannot be written */
  TW_BAY_LIMIT,       /* going on could cost more than the hold; what was chosen is reached */
  TW_BAY_LOST,        /* the controller does not answer */
  TW_BAY_CHANGED,     /* after a restart: not the car or the register that was there before */
  TW_BAY_BILLED,      /* final amount known, above zero */
  TW_BAY_NOTHING_DUE, /* final amount known, zero */
  TW_BAY_SETTLED,     /* capture or release has a definite answer */
  TW_BAY_TIMEOUT,
  TW_BAY_FAULTED,     /* the controller reports a fault, or is lost while free */
  TW_BAY_CLEARED,
} TwBayEvent;
#define TW_N_BAY_EVENTS (TW_BAY_CLEARED + 1)

TwStep      tw_bay_step (TwBayState state, TwBayEvent event);
gboolean    tw_bay_allows_power (TwBayState state);
/* A session belongs to the bay in this state. */
gboolean    tw_bay_serves (TwBayState state);
const char *tw_bay_state_name (TwBayState state);
const char *tw_bay_event_name (TwBayEvent event);
