/* SPDX-License-Identifier: Apache-2.0 */
/* Every order of events, every lost message and every crash that the model can make, on the tables as they are; and
 * then on tables with one wrong cell each, to see that the search would have found it. */
#include "tests/model/world.h"

static void
test_counter_is_total (void)
{
  for (TwCounterState s = 0; s < TW_N_COUNTER_STATES; s++)
    for (TwCounterEvent e = 0; e < TW_N_COUNTER_EVENTS; e++)
      if (tw_counter_step (s, e).verdict == TW_UNDECIDED)
        g_test_fail_printf ("%s x %s is undecided", tw_counter_state_name (s), tw_counter_event_name (e));
}

static void
test_bay_is_total (void)
{
  for (TwBayState s = 0; s < TW_N_BAY_STATES; s++)
    for (TwBayEvent e = 0; e < TW_N_BAY_EVENTS; e++)
      if (tw_bay_step (s, e).verdict == TW_UNDECIDED)
        g_test_fail_printf ("%s x %s is undecided", tw_bay_state_name (s), tw_bay_event_name (e));
}

static guint
n_unreached (const Search *search)
{
  guint n = 0;

  for (TwCounterState s = 0; s < TW_N_COUNTER_STATES; s++)
    n += !search->counter_reached[s];
  for (TwBayState s = 0; s < TW_N_BAY_STATES; s++)
    n += !search->bay_reached[s];
  return n;
}

static void
test_no_order_of_events_hurts (void)
{
  const Tables tables = { tw_counter_step, tw_bay_step, tw_claim_wish, tw_claim_answered, tw_counter_replay };
  Search search;

  search_run (&search, &tables, N_RULES);
  g_test_message ("%u worlds, %u edges, %u captures, %u releases, %u refused, %u orphans, %u named, %u crashes",
                  search.worlds, search.edges, search.captures, search.releases, search.refusals, search.orphans,
                  search.named, search.crashes);
  for (Rule rule = 0; rule < N_RULES; rule++)
    if (search.broken[rule] > 0)
      g_test_fail_printf ("%s (%u times)", search.first[rule], search.broken[rule]);
  g_assert_cmpuint (n_unreached (&search), ==, 0);
  g_assert_cmpuint (search.captures, >, 0);
  g_assert_cmpuint (search.releases, >, 0);
  g_assert_cmpuint (search.refusals, >, 0);
  g_assert_cmpuint (search.crashes, >, 0);
  g_assert_cmpuint (search.orphans, >, 0);
  g_assert_cmpuint (search.named, >, 0);
  search_clear (&search);
}

typedef struct
{
  const char *name;
  Rule        rule;
  gboolean    is_bay;
  guint8      state, event;
  TwStep      wrong;
} Mutation;

static const Mutation mutations[] = {
  { "energy-without-a-hold", RULE_ENERGY_NEEDS_HOLD, FALSE, TW_COUNTER_AUTHORIZING, TW_COUNTER_UNKNOWN,
    { TW_GO, TW_COUNTER_OUTCOME, TW_EFFECT_HAND_OVER } },
  { "release-while-charging", RULE_ENERGY_NEEDS_HOLD, TRUE, TW_BAY_CHARGING, TW_BAY_STOP,
    { TW_GO, TW_BAY_CHARGING, TW_EFFECT_RELEASE } },
  { "capture-under-power", RULE_CAPTURE_NEEDS_POWER_OFF, TRUE, TW_BAY_PAUSED, TW_BAY_STOP,
    { TW_GO, TW_BAY_PAUSED, TW_EFFECT_CAPTURE } },
  { "released-and-then-captured", RULE_ONE_END, TRUE, TW_BAY_ARMED, TW_BAY_STOP,
    { TW_GO, TW_BAY_FINISHING, TW_EFFECT_RELEASE } },
  { "answer-not-remembered", RULE_ONE_REQUEST, TRUE, TW_BAY_ARMED, TW_BAY_STOP,
    { TW_GO, TW_BAY_SETTLING, TW_EFFECT_RELEASE } },
  { "unanswered-request-forgotten", RULE_NOTHING_LEFT_BEHIND, FALSE, TW_COUNTER_AUTHORIZING, TW_COUNTER_TIMEOUT,
    { TW_GO, TW_COUNTER_OUTCOME, TW_EFFECT_CANCEL_TAKE } },
  { "hold-forgotten-when-never-plugged", RULE_NOTHING_LEFT_BEHIND, TRUE, TW_BAY_ARMED, TW_BAY_TIMEOUT,
    { TW_GO, TW_BAY_FREE, 0 } },
  { "never-is-reached", RULE_NEVER, TRUE, TW_BAY_FINISHING, TW_BAY_FAULTED, { TW_NEVER, 0, 0 } },
  { "session-lost-on-the-way-to-the-bay", RULE_ONE_PLACE, FALSE, TW_COUNTER_AUTHORIZING, TW_COUNTER_APPROVED,
    { TW_GO, TW_COUNTER_AUTHORIZING, TW_EFFECT_HAND_OVER } },
};

static const Mutation *mutation;

static TwStep
mutated (TwStep right,
         guint8 state)
{
  TwStep step = mutation->wrong;

  step.next = step.verdict == TW_GO ? step.next : state;
  return step.verdict == TW_UNDECIDED ? right : step;
}

static TwStep
mutated_counter (TwCounterState state,
                 TwCounterEvent event)
{
  TwStep right = tw_counter_step (state, event);

  return !mutation->is_bay && state == mutation->state && event == mutation->event ? mutated (right, state) : right;
}

static TwStep
mutated_bay (TwBayState state,
             TwBayEvent event)
{
  TwStep right = tw_bay_step (state, event);

  return mutation->is_bay && state == mutation->state && event == mutation->event ? mutated (right, state) : right;
}

/* The first wish must stand: with this, a wrong cell can make a hold end twice. */
static TwClaim
last_wish (TwClaim claim,
           TwWish  wish)
{
  if (claim.wish != wish)
    claim.request = TW_REQUEST_NONE;
  claim.wish = wish;
  return claim;
}

static TwClaim
forgetful_answered (TwClaim        claim,
                    TwRequestState definite)
{
  claim.request = TW_REQUEST_NONE;
  return claim;
}

static void
test_wrong_cell_is_found (gconstpointer data)
{
  Tables tables = { mutated_counter, mutated_bay, tw_claim_wish, tw_claim_answered, tw_counter_replay };
  Search search;

  mutation = data;
  if (mutation->rule == RULE_ONE_END)
    tables.wish = last_wish;
  if (mutation->rule == RULE_ONE_REQUEST)
    tables.answered = forgetful_answered;
  search_run (&search, &tables, mutation->rule);
  g_test_message ("%s", search.first[mutation->rule] ? search.first[mutation->rule] : "not found");
  g_assert_cmpuint (search.broken[mutation->rule], >, 0);
  search_clear (&search);
}

static void
test_state_that_nothing_reaches_is_found (void)
{
  static const Mutation never_pauses = { NULL, N_RULES, TRUE, TW_BAY_CHARGING, TW_BAY_IDLE, { TW_IGNORE, 0, 0 } };
  const Tables tables = { mutated_counter, mutated_bay, tw_claim_wish, tw_claim_answered, tw_counter_replay };
  Search search;

  mutation = &never_pauses;
  search_run (&search, &tables, N_RULES);
  g_assert_false (search.bay_reached[TW_BAY_PAUSED]);
  g_assert_cmpuint (n_unreached (&search), ==, 1);
  search_clear (&search);
}

static TwStep
forgetful_replay (TwCounterState state)
{
  return (TwStep) { TW_GO, TW_COUNTER_WELCOME, 0 };
}

/* Every other decision is right: only a crash, with a request out, can show this one. */
static void
test_replay_that_forgets_a_request_is_found (void)
{
  const Tables tables = { tw_counter_step, tw_bay_step, tw_claim_wish, tw_claim_answered, forgetful_replay };
  Search search;

  search_run (&search, &tables, RULE_NOTHING_LEFT_BEHIND);
  g_assert_cmpuint (search.broken[RULE_NOTHING_LEFT_BEHIND], >, 0);
  search_clear (&search);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/counter-decides-every-pair", test_counter_is_total);
  g_test_add_func ("/model/bay-decides-every-pair", test_bay_is_total);
  g_test_add_func ("/model/no-order-of-events-and-crashes-hurts", test_no_order_of_events_hurts);
  for (guint i = 0; i < G_N_ELEMENTS (mutations); i++)
    {
      g_autofree char *path = g_strdup_printf ("/model/wrong-cell-is-found/%s", mutations[i].name);

      g_test_add_data_func (path, &mutations[i], test_wrong_cell_is_found);
    }
  g_test_add_func ("/model/state-that-nothing-reaches-is-found", test_state_that_nothing_reaches_is_found);
  g_test_add_func ("/model/replay-that-forgets-a-request-is-found", test_replay_that_forgets_a_request_is_found);
  return g_test_run ();
}
