/* SPDX-License-Identifier: Apache-2.0 */
/* A small model of everything around the machines: a bank that may be slow, lose requests and lose answers, and a power
 * cut at any moment. It runs beside the real tables and the real claim functions; nothing of them is written again
 * here.
 *
 * What the model grants the payment service, because the acceptor's contract does: a release that is answered "done"
 * means that no hold exists and none will come of that request.
 */
#pragma once

#include "app/station/bay.h"
#include "app/station/counter.h"
#include "payment/journal/claim.h"

enum { N_BAYS = 2, N_OVER = 2, N_SESSIONS = 1 + N_BAYS + N_OVER, AT_COUNTER = 0, AT_BAY = 1, AT_OVER = 1 + N_BAYS };

typedef enum { BANK_NONE, BANK_FLIGHT, BANK_HELD, BANK_CAPTURED, BANK_RELEASED } Bank;
typedef enum { HEAR_NOTHING, HEAR_APPROVED, HEAR_DECLINED, HEAR_FAILED } Hear;

/* Bytes only and no padding, so that a world is its own key. */
typedef struct
{
  guint8 present;
  guint8 bank;      /* what is true at the bank */
  guint8 hear;      /* an answer on its way to us */
  guint8 hold, wish, request, doubt, named;
  guint8 keys;      /* requests with a key of their own so far */
  guint8 late;      /* an approval came after the session was given up */
} Session;

typedef struct
{
  guint8  counter;
  guint8  target;             /* the bay of the counter's session */
  guint8  take;               /* the acceptor is busy for the counter's session */
  guint8  bay[N_BAYS];
  Session session[N_SESSIONS];
} World;

/* What is under test; a mutation replaces one decision in it. */
typedef struct
{
  TwStep  (*counter)  (TwCounterState state, TwCounterEvent event);
  TwStep  (*bay)      (TwBayState state, TwBayEvent event);
  TwClaim (*wish)     (TwClaim claim, TwWish wish);
  TwClaim (*answered) (TwClaim claim, TwRequestState definite);
  TwStep  (*replay)   (TwCounterState state);
} Tables;

typedef enum
{
  RULE_ENERGY_NEEDS_HOLD,
  RULE_CAPTURE_NEEDS_POWER_OFF,
  RULE_ONE_END,
  RULE_ONE_REQUEST,
  RULE_NOTHING_LEFT_BEHIND,
  RULE_NEVER,
  RULE_ONE_PLACE,
  N_RULES,
} Rule;
const char *rule_name (Rule rule);

typedef struct
{
  guint    worlds, edges, captures, releases, refusals, orphans, named, crashes;
  gboolean counter_reached[TW_N_COUNTER_STATES], bay_reached[TW_N_BAY_STATES];
  guint    broken[N_RULES];
  char    *first[N_RULES];   /* how each rule was first broken; g_free() */
} Search;

/* Visits every world that can be reached, or stops once that rule is broken (N_RULES: never stops). */
void search_run (Search *search, const Tables *tables, Rule until);
void search_clear (Search *search);
