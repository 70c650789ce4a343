/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/model/world.h"

#include <string.h>

typedef struct
{
  Search       *search;
  const Tables *tables;
  GHashTable   *seen;     /* World -> World, owned */
  GQueue        queue;    /* of World, borrowed from seen */
} Run;

const char *
rule_name (Rule rule)
{
  static const char *const names[] = { "no energy without a hold", "no capture while power is on",
                                       "one capture or release a hold",
                                       "one request for each end", "nothing left behind", "NEVER is never",
                                         "a session is in one place" };

  return names[rule];
}

static guint
world_hash (gconstpointer key)
{
  const guint8 *bytes = key;
  guint hash = 2166136261u;

  for (gsize i = 0; i < sizeof (World); i++)
    hash = (hash ^ bytes[i]) * 16777619u;
  return hash;
}

static gboolean
world_equal (gconstpointer a,
             gconstpointer b)
{
  return memcmp (a, b, sizeof (World)) == 0;
}

static void
break_rule (Run         *run,
            Rule         rule,
            const World *world,
            const char  *how)
{
  Search *search = run->search;

  if (search->broken[rule]++ == 0)
    search->first[rule] = g_strdup_printf ("%s: counter %s, bays %s and %s: %s", rule_name (rule),
                                           tw_counter_state_name (world->counter), tw_bay_state_name (world->bay[0]),
                                           tw_bay_state_name (world->bay[1]), how);
}

static TwClaim
claim_of (const Session *session)
{
  return (TwClaim) { session->hold, session->wish, session->request, session->doubt, session->named };
}

static void
set_claim (Session *session,
           TwClaim  claim)
{
  session->hold = claim.hold;
  session->wish = claim.wish;
  session->request = claim.request;
  session->doubt = claim.doubt;
  session->named = claim.named;
}

static void
start_request (Session *session)
{
  set_claim (session, tw_claim_requested (claim_of (session)));
  session->keys = MIN (session->keys + 1, 3);
}

/* What the shell journals together with a step that captures or releases. */
static void
intend (const Tables *tables,
        Session      *session,
        TwWish        wish)
{
  set_claim (session, tables->wish (claim_of (session), wish));
  if (tw_claim_next (claim_of (session)) == TW_NEXT_REQUEST)
    start_request (session);
}

/* The session leaves the machines. Room for it was checked before the event was let in. */
static void
retire (World *world,
        guint  from)
{
  for (guint i = AT_OVER; i < N_SESSIONS; i++)
    if (!world->session[i].present)
      {
        world->session[i] = world->session[from];
        memset (&world->session[from], 0, sizeof (Session));
        return;
      }
  g_assert_not_reached ();
}

static gboolean
has_room (const World *world)
{
  for (guint i = AT_OVER; i < N_SESSIONS; i++)
    if (!world->session[i].present)
      return TRUE;
  return FALSE;
}

/* A session that is over and closed is forgotten: the moment to look whether anything was left behind. */
static void
forget (Run   *run,
        World *world)
{
  for (guint i = AT_OVER; i < N_SESSIONS; i++)
    {
      Session *session = &world->session[i];

      if (!session->present || !tw_claim_closed (claim_of (session)) || session->hear != HEAR_NOTHING)
        continue;
      if (!session->named && (session->bank == BANK_FLIGHT || session->bank == BANK_HELD))
        break_rule (run, RULE_NOTHING_LEFT_BEHIND, world, "a closed session still has a hold at the bank");
      memset (session, 0, sizeof *session);
    }

  if (memcmp (&world->session[AT_OVER], &world->session[AT_OVER + 1], sizeof (Session)) < 0)
    {
      Session swap = world->session[AT_OVER];

      world->session[AT_OVER] = world->session[AT_OVER + 1];
      world->session[AT_OVER + 1] = swap;
    }
}

static void
check (Run         *run,
       const World *world)
{
  for (guint b = 0; b < N_BAYS; b++)
    {
      const Session *session = &world->session[AT_BAY + b];

      if (tw_bay_allows_power (world->bay[b]) && (!session->present || session->bank != BANK_HELD))
        break_rule (run, RULE_ENERGY_NEEDS_HOLD, world, "power may be on");
      if (session->present != tw_bay_serves (world->bay[b]))
        break_rule (run, RULE_ONE_PLACE, world, "a bay without its session, or the other way round");
      if (session->present && world->bay[b] == TW_BAY_SETTLING && session->wish == TW_WISH_NONE)
        break_rule (run, RULE_NOTHING_LEFT_BEHIND, world, "settling towards nothing");
    }
  for (guint i = 0; i < N_SESSIONS; i++)
    if (world->session[i].keys > 1 + world->session[i].late)
      break_rule (run, RULE_ONE_REQUEST, world, "asked again under a new key without need");
  if (world->session[AT_COUNTER].present != tw_counter_serves (world->counter))
    break_rule (run, RULE_ONE_PLACE, world, "a counter without its session, or the other way round");

  for (guint i = AT_OVER; i < N_SESSIONS; i++)
    {
      const Session *session = &world->session[i];
      TwClaim claim = claim_of (session);

      if (session->present && tw_claim_next (claim) == TW_NEXT_NOTHING && !session->named
          && (session->bank == BANK_HELD || session->bank == BANK_FLIGHT) && session->hear == HEAR_NOTHING)
        break_rule (run, RULE_NOTHING_LEFT_BEHIND, world, "nobody will ever ask about this hold");
    }
}

static void
visit (Run   *run,
       World  world)
{
  World *kept;

  run->search->edges++;
  check (run, &world);
  forget (run, &world);
  if (g_hash_table_contains (run->seen, &world))
    return;

  kept = g_memdup2 (&world, sizeof world);
  g_hash_table_add (run->seen, kept);
  g_queue_push_tail (&run->queue, kept);
  run->search->counter_reached[world.counter] = TRUE;
  for (guint b = 0; b < N_BAYS; b++)
    run->search->bay_reached[world.bay[b]] = TRUE;
}

/* What a restart makes of the journal: answers under way are lost, the counter starts afresh, the bays go on. */
static World
crashed (const Tables *tables,
         World         world)
{
  TwStep step = tables->replay (world.counter);

  for (guint i = 0; i < N_SESSIONS; i++)
    world.session[i].hear = HEAR_NOTHING;
  if (world.session[AT_COUNTER].present)
    {
      if (step.effects & TW_EFFECT_RELEASE)
        intend (tables, &world.session[AT_COUNTER], TW_WISH_RELEASE);
      retire (&world, AT_COUNTER);
    }
  world.counter = step.next;
  world.take = FALSE;
  world.target = 0;
  return world;
}

static void
visit_crash (Run         *run,
             const World *world)
{
  if (world->session[AT_COUNTER].present && !has_room (world))
    return;
  run->search->crashes++;
  visit (run, crashed (run->tables, *world));
}

static World step_bay (Run *run, World world, guint b, TwBayEvent event);

static World
step_counter (Run           *run,
              World          world,
              TwCounterEvent event)
{
  TwStep step = run->tables->counter (world.counter, event);
  Session *session = &world.session[AT_COUNTER];
  gboolean restarts = event == TW_COUNTER_CHOSEN && step.verdict == TW_GO;
  World before_effects;

  if (step.verdict == TW_NEVER)
    {
      break_rule (run, RULE_NEVER, &world, tw_counter_event_name (event));
      return world;
    }
  if (step.verdict == TW_IGNORE)
    return world;

  if (event == TW_COUNTER_REFERENCED)
    set_claim (session, tw_claim_referenced (claim_of (session)));
  if (event == TW_COUNTER_APPROVED)
    set_claim (session, tw_claim_approved (claim_of (session)));
  if (event == TW_COUNTER_DECLINED || event == TW_COUNTER_FAILED)
    set_claim (session, tw_claim_no_hold (claim_of (session)));
  if (step.effects & TW_EFFECT_RELEASE && session->present)
    intend (run->tables, session, TW_WISH_RELEASE);

  world.counter = step.next;
  if (step.effects & TW_EFFECT_HAND_OVER && session->present)
    {
      guint b = world.target;

      if (world.session[AT_BAY + b].present)
        break_rule (run, RULE_ONE_PLACE, &world, "handed to a bay that has a session");
      world.session[AT_BAY + b] = *session;
      memset (session, 0, sizeof *session);
      world = step_bay (run, world, b, TW_BAY_HANDED);
    }
  else if (session->present && (restarts || !tw_counter_serves (step.next)))
    retire (&world, AT_COUNTER);
  session = &world.session[AT_COUNTER];
  if (restarts)
    session->present = TRUE;
  if (!tw_counter_serves (step.next))
    world.target = 0;

  before_effects = world;   /* durable, but nothing done yet */
  visit_crash (run, &before_effects);

  if (step.effects & TW_EFFECT_CANCEL_TAKE && world.counter != TW_COUNTER_AUTHORIZING)
    world.take = FALSE;
  if (step.effects & TW_EFFECT_TAKE)
    world.take = TRUE;
  if (step.effects & TW_EFFECT_PROCEED && session->bank == BANK_NONE)
    session->bank = BANK_FLIGHT;
  if (event == TW_COUNTER_APPROVED || event == TW_COUNTER_DECLINED || event == TW_COUNTER_FAILED
      || event == TW_COUNTER_UNKNOWN)
    world.take = FALSE;
  return world;
}

static World
step_bay (Run       *run,
          World      world,
          guint      b,
          TwBayEvent event)
{
  TwStep step = run->tables->bay (world.bay[b], event);
  Session *session = &world.session[AT_BAY + b];

  if (step.verdict == TW_NEVER)
    {
      break_rule (run, RULE_NEVER, &world, tw_bay_event_name (event));
      return world;
    }
  if (step.verdict == TW_IGNORE)
    return world;

  if (step.effects & TW_EFFECT_CAPTURE)
    intend (run->tables, session, TW_WISH_CAPTURE);
  if (step.effects & TW_EFFECT_RELEASE)
    intend (run->tables, session, TW_WISH_RELEASE);
  world.bay[b] = step.next;
  if (session->present && !tw_bay_serves (step.next))
    retire (&world, AT_BAY + b);
  return world;
}

/* Which events the world can really bring about in this moment. */
static gboolean
counter_can (const World   *world,
             TwCounterEvent event)
{
  const Session *session = &world->session[AT_COUNTER];

  if (session->present && !has_room (world))
    return FALSE;
  switch (event)
    {
    case TW_COUNTER_CHOSEN:
      return FALSE; /* for one bay at a time, below */
    case TW_COUNTER_ACCEPTED:
      return !world->take;
    case TW_COUNTER_REFERENCED:
      return world->take && session->bank == BANK_NONE && session->hear == HEAR_NOTHING;
    case TW_COUNTER_APPROVED:
      return session->hear == HEAR_APPROVED;
    case TW_COUNTER_DECLINED:
      return session->hear == HEAR_DECLINED;
    case TW_COUNTER_FAILED:
      return session->hear == HEAR_FAILED || (world->take && world->counter == TW_COUNTER_ASKING);
    case TW_COUNTER_UNKNOWN:
      return world->take && world->counter == TW_COUNTER_AUTHORIZING;
    case TW_COUNTER_TIMEOUT:
      return tw_counter_serves (world->counter) || world->counter == TW_COUNTER_OUTCOME;
    case TW_COUNTER_CANCEL:
    case TW_COUNTER_CLOSE:
    case TW_COUNTER_OPEN:
      return TRUE;
    }
  g_assert_not_reached ();
}

static gboolean
bay_can (const World *world,
         guint        b,
         TwBayEvent   event)
{
  const Session *session = &world->session[AT_BAY + b];
  TwBayState state = world->bay[b];

  if (session->present && !has_room (world))
    return FALSE;
  switch (event)
    {
    case TW_BAY_HANDED:
      return FALSE; /* only as part of the counter's step */
    case TW_BAY_LIMIT:
    case TW_BAY_CHANGED:
      return tw_bay_allows_power (state);
    case TW_BAY_BILLED:
    case TW_BAY_NOTHING_DUE:
      return state == TW_BAY_FINISHING;
    case TW_BAY_SETTLED:
      return state == TW_BAY_SETTLING && tw_claim_closed (claim_of (session));
    case TW_BAY_TIMEOUT:
      return tw_bay_serves (state);
    case TW_BAY_CONNECTED:
    case TW_BAY_DRAWING:
    case TW_BAY_IDLE:
    case TW_BAY_UNPLUGGED:
    case TW_BAY_STOP:
    case TW_BAY_LOST:
    case TW_BAY_FAULTED:
    case TW_BAY_CLEARED:
      return TRUE;
    }
  g_assert_not_reached ();
}

/* The open request of one session goes out once more: it may get lost, its answer may get lost, it may be refused. */
static void
visit_till (Run         *run,
            const World *world,
            guint        at)
{
  World w = *world;
  Session *session = &w.session[at];
  TwClaim claim = claim_of (session);

  if (claim.wish == TW_WISH_CAPTURE)
    {
      if (at >= AT_BAY && at < AT_OVER && tw_bay_allows_power (w.bay[at - AT_BAY]))
        break_rule (run, RULE_CAPTURE_NEEDS_POWER_OFF, &w, "capture goes out");
      if (session->bank != BANK_HELD && session->bank != BANK_CAPTURED)
        break_rule (run, RULE_ONE_END, &w, "capture of something that is not held");
      set_claim (session, run->tables->answered (claim, TW_REQUEST_REFUSED));
      visit (run, w);   /* the bank says no; the hold runs out by itself */
      w = *world;
      run->search->captures += session->bank == BANK_HELD;
      session->bank = BANK_CAPTURED;
    }
  else
    {
      if (session->bank == BANK_CAPTURED)
        break_rule (run, RULE_ONE_END, &w, "release of what was captured");
      set_claim (session, run->tables->answered (claim, TW_REQUEST_REFUSED));
      run->search->refusals++;
      visit (run, w);   /* the bank says no; an approval may still be on its way */
      w = *world;
      run->search->releases += session->bank == BANK_HELD;
      session->bank = BANK_RELEASED;   /* also of one that was still in flight: the bank remembers */
    }

  visit (run, w);   /* done, but we do not hear of it */
  set_claim (session, run->tables->answered (claim, TW_REQUEST_DONE));
  visit (run, w);
}

static void
visit_session (Run         *run,
               const World *world,
               guint        at)
{
  World w = *world;
  Session *session = &w.session[at];

  switch (tw_claim_next (claim_of (session)))
    {
    case TW_NEXT_REQUEST:
      start_request (session);
      visit (run, w);
      break;
    case TW_NEXT_REPEAT:
      visit_till (run, world, at);
      break;
    case TW_NEXT_NAME:
      set_claim (session, tw_claim_name (claim_of (session)));
      run->search->named++;
      visit (run, w);
      break;
    case TW_NEXT_NOTHING:
      break;
    }

  w = *world;
  if (session->bank == BANK_FLIGHT)
    for (Hear hear = HEAR_APPROVED; hear <= HEAR_FAILED; hear++)
      {
        session->bank = hear == HEAR_APPROVED ? BANK_HELD : BANK_NONE;
        session->hear = hear;
        visit (run, w);
        session->hear = HEAR_NOTHING;   /* the answer gets lost */
        visit (run, w);
      }

  /* An answer for a session that the counter no longer serves: an orphan. */
  w = *world;
  if (at != AT_COUNTER && session->hear != HEAR_NOTHING)
    {
      run->search->orphans += session->hear == HEAR_APPROVED;
      session->late |= session->hear == HEAR_APPROVED && session->wish == TW_WISH_RELEASE;
      set_claim (session, session->hear == HEAR_APPROVED ? tw_claim_approved (claim_of (session))
                                                         : tw_claim_no_hold (claim_of (session)));
      session->hear = HEAR_NOTHING;
      visit (run, w);
    }
}

static void
visit_all (Run         *run,
           const World *world)
{
  for (guint b = 0; b < N_BAYS; b++)
    if (world->bay[b] == TW_BAY_FREE && (!world->session[AT_COUNTER].present || has_room (world)))
      {
        World w = step_counter (run, *world, TW_COUNTER_CHOSEN);

        if (w.session[AT_COUNTER].present && w.counter == TW_COUNTER_OFFER)
          w.target = b;
        visit (run, w);
      }
  for (TwCounterEvent event = 0; event < TW_N_COUNTER_EVENTS; event++)
    if (counter_can (world, event))
      {
        World w = step_counter (run, *world, event);

        if (event >= TW_COUNTER_APPROVED && event <= TW_COUNTER_FAILED && !w.session[AT_COUNTER].present)
          for (guint i = AT_BAY; i < N_SESSIONS; i++)   /* it was heard */
            if (memcmp (&world->session[i], &w.session[i], sizeof (Session)) != 0)
              w.session[i].hear = HEAR_NOTHING;
        visit (run, w);
      }
  for (guint b = 0; b < N_BAYS; b++)
    for (TwBayEvent event = 0; event < TW_N_BAY_EVENTS; event++)
      if (bay_can (world, b, event))
        visit (run, step_bay (run, *world, b, event));
  for (guint at = 0; at < N_SESSIONS; at++)
    if (world->session[at].present)
      visit_session (run, world, at);
  visit_crash (run, world);
}

void
search_run (Search       *search,
            const Tables *tables,
            Rule          until)
{
  Run run = { .search = search, .tables = tables, .queue = G_QUEUE_INIT };

  memset (search, 0, sizeof *search);
  run.seen = g_hash_table_new_full (world_hash, world_equal, g_free, NULL);
  visit (&run, (World) { .counter = TW_COUNTER_WELCOME });
  while (!g_queue_is_empty (&run.queue))
    {
      World *world = g_queue_pop_head (&run.queue);

      visit_all (&run, world);
      if (until < N_RULES && search->broken[until] > 0)
        break;
    }
  search->worlds = g_hash_table_size (run.seen);
  g_queue_clear (&run.queue);
  g_hash_table_unref (run.seen);
}

void
search_clear (Search *search)
{
  for (Rule rule = 0; rule < N_RULES; rule++)
    g_clear_pointer (&search->first[rule], g_free);
}
