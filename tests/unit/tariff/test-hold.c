/* SPDX-License-Identifier: Apache-2.0 */
/* No session costs more than was foretold, whatever the tariff asks about, and a charge that is stopped when it is told
 * to never passes its hold. Random tariffs and sessions; another run: --seed.
 */
#include "tests/unit/tariff/case.h"

#include "payment/tariff/hold.h"
#include "payment/tariff/pricer.h"

#include <string.h>

enum { N_TARIFFS = 400, N_STEPS = 30 };
#define MINUTE ((gint64) 60000)

static int
below (int n)
{
  return g_test_rand_int_range (0, n);
}

static void
append_bound (GString    *text,
              const char *name,
              int         most,
              int         chance)
{
  if (below (100) < chance)
    g_string_append_printf (text, "%s'min_%s':%d", text->len ? "," : "", name, below (most));
  if (below (100) < chance)
    g_string_append_printf (text, "%s'max_%s':%d", text->len ? "," : "", name, below (most));
}

static char *
random_restrictions (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const char *const windows[] = {
    "'start_time':'22:00','end_time':'06:00'", "'start_time':'11:30'", "'end_time':'13:15'",
    "'day_of_week':['SUNDAY','MONDAY']", "'start_time':'12:00','end_time':'12:01'",
  };

  append_bound (text, "kwh", 20, 20);
  append_bound (text, "duration", 9000, 20);
  append_bound (text, "power", 30, 15);
  if (below (2))
    g_string_append_printf (text, "%s%s", text->len ? "," : "", windows[below (G_N_ELEMENTS (windows))]);

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
random_element (void)
{
  const char *const types[] = { "ENERGY", "TIME", "PARKING_TIME", "FLAT" };
  const int steps[] = { 0, 1, 1, 60, 100, 900, 3600 };
  g_autoptr (GString) text = g_string_new ("{'price_components':[");
  g_autofree char *restrictions = random_restrictions ();
  int first = below (4), n = 1 + below (4);

  for (int i = 0; i < n; i++)
    g_string_append_printf (text, "%s{'type':'%s','price':%d.%03d,'vat':%d,'step_size':%d}", i ? "," : "",
                            types[(first + i) % 4], below (3), below (1000), below (3) * 10,
                            steps[below (G_N_ELEMENTS (steps))]);
  g_string_append_printf (text, "],'restrictions':{%s}}", restrictions);

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static TwTariff *
random_tariff (char **text)
{
  const char *const limits[] = {
    "", "", "", "'min_price':{'excl_vat':2,'incl_vat':2.2},", "'max_price':{'incl_vat':9},",
    "'min_price':{'excl_vat':1.5},'max_price':{'excl_vat':8},",
  };
  const char *const forms[] = { "", "'tax_included':'YES',", "'tax_included':'NO'," };
  g_autoptr (GString) elements = g_string_new (NULL);
  int n = 1 + below (6);

  for (int i = 0; i < n; i++)
    {
      g_autofree char *element = random_element ();

      g_string_append_printf (elements, "%s%s", i ? "," : "", element);
    }
  *text = g_strdup_printf ("{'id':'T','currency':'EUR',%s%s'elements':[%s]}", limits[below (G_N_ELEMENTS (limits))],
                           forms[below (G_N_ELEMENTS (forms))], elements->str);

  return case_parse (*text, NULL);
}

static gint64
price_of (const TwPricer *pricer)
{
  gint64 so_far, if_stopped;

  g_assert_true (tw_pricer_cost_minor (pricer, &so_far, &if_stopped));

  return if_stopped;
}

/* A stretch of even power, at most power_w; registers of whole Wh. */
static TwSpan
random_span (TwPhase phase,
             gint64  start_ms,
             gint64  ms,
             gint64  power_w,
             gint64 *rest)
{
  gint64 power = power_w > 0 && phase == TW_PHASE_CHARGING ? below ((int) power_w + 1) : 0;
  gint64 watt_ms = power * ms + *rest, wh = watt_ms / (3600 * 1000);

  *rest = watt_ms % (3600 * 1000);

  return (TwSpan) {
    .phase = phase, .start_ms = start_ms, .duration_ms = ms, .energy_mwh = wh * 1000, .has_power = below (4) > 0,
    .min_power_mw = power * 1000, .max_power_mw = power * 1000,
  };
}

static TwPhase
random_phase (void)
{
  const TwPhase phases[] = {
    TW_PHASE_CHARGING, TW_PHASE_CHARGING, TW_PHASE_CHARGING, TW_PHASE_PARKING, TW_PHASE_GRACE, TW_PHASE_BLOCKED,
  };

  return phases[below (G_N_ELEMENTS (phases))];
}

static void
test_bound (void)
{
  guint n = 0;

  for (int i = 0; i < N_TARIFFS; i++)
    {
      g_autofree char *text = NULL;
      g_autoptr (TwTariff) tariff = random_tariff (&text);
      g_autoptr (TwPricer) pricer = tariff ? tw_pricer_new (tariff) : NULL;
      gint64 at = 1780000000000 + (gint64) below (86400) * 1000, rest = 0;

      for (int step = 0; tariff != NULL && step < 5; step++)
        {
          TwPhase phase = random_phase ();
          gint64 power_w = below (40000), ms = 1 + below (20 * (int) MINUTE), bound;
          const TwSpan now = { .phase = phase, .start_ms = at };

          rest = 0;
          tw_pricer_feed (pricer, &now);
          bound = tw_pricer_bound_minor (pricer, phase, N_STEPS * ms, power_w);
          g_assert_cmpint (tw_pricer_bound_minor (pricer, phase, 0, power_w), ==, price_of (pricer));
          for (int j = 0; j < N_STEPS; j++)
            {
              TwSpan span = random_span (phase, at, ms, power_w, &rest);

              tw_pricer_feed (pricer, &span);
              at += ms;
              if (price_of (pricer) > bound)
                g_test_fail_printf ("%" G_GINT64_FORMAT " > %" G_GINT64_FORMAT ": %s", price_of (pricer), bound, text);
            }
          n++;
        }
    }
  g_assert_cmpuint (n, >, N_TARIFFS);
}

/* The station's way: after each reading it asks how long it may go on, and stops when that is no longer than a poll and
 * what stopping takes. */
static void
test_hold (void)
{
  const gint64 poll_ms = 2000, stop_ms = 8000;
  guint n_stopped = 0, n_full = 0;

  for (int i = 0; i < N_TARIFFS / 4; i++)
    {
      g_autofree char *text = NULL;
      g_autoptr (TwTariff) tariff = random_tariff (&text);
      g_autoptr (TwPricer) pricer = tariff ? tw_pricer_new (tariff) : NULL;
      const TwHoldTerms terms = {
        .wall_ms = 1780000000000 + (gint64) below (86400) * 1000, .power_w = 22000, .full_wh = 60000,
        .stop_ms = stop_ms + poll_ms,
      };
      const TwGoal goal = { .kind = TW_GOAL_AMOUNT, .amount_minor = 100 + below (2000) };
      gint64 hold = tariff ? tw_tariff_hold_minor (tariff, &goal, &terms) : 0, at = terms.wall_ms, rest = 0;
      gboolean going = TRUE;

      for (int step = 0; hold > 0 && going && step < 400; step++)
        {
          gint64 allowed = tw_pricer_bound_minor (pricer, TW_PHASE_CHARGING, poll_ms + stop_ms, 22000) <= hold;
          TwSpan span;

          going = allowed;
          span = random_span (TW_PHASE_CHARGING, at, going ? poll_ms : stop_ms, 22000, &rest);
          if (step == 0 && !going)
            break;
          tw_pricer_feed (pricer, &span);
          at += span.duration_ms;
          if (price_of (pricer) > hold)
            g_test_fail_printf ("%" G_GINT64_FORMAT " > hold %" G_GINT64_FORMAT ": %s", price_of (pricer), hold, text);
        }
      n_stopped += !going;
      n_full += hold > 0 && going;
    }
  g_assert_cmpuint (n_stopped, >, 0);
  g_assert_cmpuint (n_full, >, 0);
}

static void
test_allowed_time (void)
{
  for (int i = 0; i < N_TARIFFS / 8; i++)
    {
      g_autofree char *text = NULL;
      g_autoptr (TwTariff) tariff = random_tariff (&text);
      g_autoptr (TwPricer) pricer = tariff ? tw_pricer_new (tariff) : NULL;
      const TwSpan span = {
        .phase = TW_PHASE_CHARGING, .start_ms = 1780000000000, .duration_ms = 5 * MINUTE, .energy_mwh = 900000,
      };
      gint64 hold = below (3000), allowed;

      if (tariff == NULL)
        continue;
      tw_pricer_feed (pricer, &span);
      allowed = tw_pricer_allowed_ms (pricer, TW_PHASE_CHARGING, 11000, hold);
      if (allowed > 0)
        g_assert_cmpint (tw_pricer_bound_minor (pricer, TW_PHASE_CHARGING, allowed, 11000), <=, hold);
      else
        g_assert_cmpint (tw_pricer_bound_minor (pricer, TW_PHASE_CHARGING, 1, 11000), >, hold);
    }
}

/* Whatever came before, and whatever the readings of the time that was allowed say: at no power, at any, and that they
 * do not know it. */
static void
test_allowed_time_is_never_too_long (void)
{
  guint n = 0;

  for (int i = 0; i < N_TARIFFS; i++)
    {
      g_autofree char *text = NULL;
      g_autoptr (TwTariff) tariff = random_tariff (&text);
      g_autoptr (TwPricer) pricer = tariff ? tw_pricer_new (tariff) : NULL;
      gint64 at = 1780000000000 + (gint64) below (86400) * 1000, rest = 0, hold = 1 + below (3000), ms;
      TwSpan span = { .phase = random_phase (), .start_ms = at };
      TwPhase phase = random_phase ();

      if (tariff == NULL)
        continue;
      if (below (3) > 0)   /* or nothing is known at all yet */
        span = random_span (span.phase, at, 1 + below (20 * (int) MINUTE), 22000, &rest);
      tw_pricer_feed (pricer, &span);
      at += span.duration_ms;
      ms = MIN (tw_pricer_allowed_ms (pricer, phase, 22000, hold), 24 * 60 * MINUTE);
      for (rest = 0; ms > 0; ms -= span.duration_ms, at += span.duration_ms)
        {
          gint64 some_ms = 1 + below (60 * (int) MINUTE);

          span = random_span (phase, at, MIN (ms, some_ms), 22000, &rest);
          tw_pricer_feed (pricer, &span);
          n++;
          if (price_of (pricer) > hold)
            g_test_fail_printf ("%" G_GINT64_FORMAT " > %" G_GINT64_FORMAT ": %s", price_of (pricer), hold, text);
        }
    }
  g_assert_cmpuint (n, >, N_TARIFFS);
}

/* --- readings that say afterwards what power there was --- */

/* A session as a journal has it: polls each 2 s, some of which are kept and say which power there was since the one
 * before, or that nobody knows. */
typedef struct
{
  TwPricer *pricer;
  TwPhase   phase;
  gint64    at, power_w, rest;
  TwPending pending;
} Session;

static void
go_on (Session *session,
       gint64   ms)
{
  gint64 watt_ms;

  if (below (8) == 0)
    session->power_w = below (22001);
  watt_ms = (session->phase == TW_PHASE_CHARGING ? session->power_w : 0) * ms + session->rest;
  session->rest = watt_ms % (3600 * 1000);
  session->pending.ms += ms;
  session->pending.energy_mwh += watt_ms / (3600 * 1000) * 1000;
}

static void
keep (Session *session)
{
  gint64 ms = session->pending.ms;
  gint64 power_mw = ms > 0 ? session->pending.energy_mwh * 3600 * 1000 / ms : 0;
  const TwSpan span = {
    .phase = session->phase, .start_ms = session->at, .duration_ms = ms, .energy_mwh = session->pending.energy_mwh,
    .has_power = ms >= 5000 && below (8) > 0, .min_power_mw = power_mw, .max_power_mw = power_mw,
  };

  tw_pricer_feed (session->pricer, &span);
  session->at += ms;
  session->pending = (TwPending) { 0 };
}

/* A phase begins only if the hold can pay its first steps. */
static void
turn (Session *session,
      gint64   ms,
      gint64   hold)
{
  TwPhase phase = random_phase ();

  if (tw_pricer_bound_minor (session->pricer, phase, ms, 22000) <= hold)
    session->phase = phase;
}

/* Returns whether the hold ended it. */
static gboolean
charge (Session *session,
        gint64   hold)
{
  const gint64 poll_ms = 2000, stop_ms = 8000;

  for (guint step = 0; step < 600; step++)
    {
      if (tw_pricer_bound_pending_minor (session->pricer, session->phase, &session->pending, poll_ms + stop_ms, 22000)
          > hold)
        {
          go_on (session, step > 0 ? stop_ms : 0);
          return TRUE;
        }
      go_on (session, poll_ms);
      if (session->pending.ms >= MINUTE || below (20) == 0)
        {
          keep (session);
          if (below (4) == 0)
            turn (session, poll_ms + stop_ms, hold);
        }
    }
  return FALSE;
}

static void
test_late_readings (void)
{
  guint n_stopped = 0, n_full = 0;

  for (int i = 0; i < N_TARIFFS; i++)
    {
      g_autofree char *text = NULL;
      g_autoptr (TwTariff) tariff = random_tariff (&text);
      g_autoptr (TwPricer) pricer = tariff ? tw_pricer_new (tariff) : NULL;
      Session session = {
        .pricer = pricer, .at = 1780000000000 + (gint64) below (86400) * 1000, .power_w = below (22001),
      };
      gint64 hold = 1 + below (1500);

      if (tariff == NULL)
        continue;
      keep (&session);
      if (charge (&session, hold))
        n_stopped++;
      else
        n_full++;
      keep (&session);
      if (price_of (pricer) > hold && session.at > 0 && tw_pricer_energy_mwh (pricer) > 0)
        g_test_fail_printf ("%" G_GINT64_FORMAT " > hold %" G_GINT64_FORMAT ": %s", price_of (pricer), hold, text);
    }
  g_assert_cmpuint (n_stopped, >, N_TARIFFS / 10);
  g_assert_cmpuint (n_full, >, N_TARIFFS / 10);
}

/* 0.10 a kWh, 1.00 from 11 kW on: 100 Wh within 30 s (12 kW) are 10 cents, or 1 if more time passes before the
 * reading: until then, 10 must be there. 8 s more at 22 kW are 49 Wh. */
static void
test_pending (void)
{
  g_autoptr (TwTariff) tariff = case_parse ("{'id':'T','currency':'EUR','elements':["
    "{'price_components':[{'type':'ENERGY','price':1,'step_size':1}],'restrictions':{'min_power':11}},"
    "{'price_components':[{'type':'ENERGY','price':0.1,'step_size':1}]}]}", NULL);
  g_autoptr (TwPricer) pricer = tw_pricer_new (tariff);
  const TwPending pending = { 30000, 100000 }, none = { 0 };

  g_assert_cmpint (tw_pricer_bound_pending_minor (pricer, TW_PHASE_CHARGING, &none, 8000, 22000), ==, 5);
  g_assert_cmpint (tw_pricer_bound_pending_minor (pricer, TW_PHASE_CHARGING, &pending, 0, 22000), ==, 10);
  g_assert_cmpint (tw_pricer_bound_pending_minor (pricer, TW_PHASE_CHARGING, &pending, 8000, 22000), ==, 15);
  /* Where no more than 6 kW can be, nor 11 kW be read. Yet what flowed already says what may be. */
  g_assert_cmpint (tw_pricer_bound_pending_minor (pricer, TW_PHASE_CHARGING, &none, 60000, 6000), ==, 1);
  g_assert_cmpint (tw_pricer_bound_pending_minor (pricer, TW_PHASE_CHARGING, &pending, 60000, 6000), ==, 20);
}

/* 0.50 start, 0.40/kWh, 19 %: 10 kWh are 0.595 + 4.76; an hour at 11 kW 0.595 + 5.236. */
static void
test_goals (void)
{
  g_autoptr (TwTariff) tariff = case_tariff ("EUR", "", "{'type':'FLAT','price':0.5,'vat':19,'step_size':1},"
                                             "{'type':'ENERGY','price':0.4,'vat':19,'step_size':1}");
  g_autoptr (TwTariff) asks = case_tariff ("EUR", "'preauthorize_amount':40,",
                                           "{'type':'FLAT','price':1,'step_size':1}");
  const TwHoldTerms terms = { .power_w = 11000, .full_wh = 50000 };
  const struct { TwGoal goal; gint64 hold; } rows[] = {
    { { TW_GOAL_ENERGY, .energy_wh = 10000 }, 536 }, { { TW_GOAL_TIME, .duration_ms = 60 * MINUTE }, 583 },
    { { TW_GOAL_FULL }, 2440 }, { { TW_GOAL_AMOUNT, .amount_minor = 1000 }, 1000 },
    { { TW_GOAL_AMOUNT, .amount_minor = 59 }, 0 }, { { TW_GOAL_AMOUNT, .amount_minor = 60 }, 60 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpint (tw_tariff_hold_minor (tariff, &rows[i].goal, &terms), ==, rows[i].hold);
  g_assert_cmpint (tw_tariff_hold_minor (asks, &rows[2].goal, &terms), ==, 4000);
}

/* 100 Wh at 1.00 with a step of 3.6 kWh, and another price after the first minute: as long as no energy flows at it,
 * the step is that of the first. Ten minutes of parking at 6.00/h come on top. */
static void
test_old_step (void)
{
  g_autoptr (TwTariff) tariff = case_parse ("{'id':'T','currency':'EUR','elements':["
    "{'price_components':[{'type':'PARKING_TIME','price':6,'step_size':1}]},"
    "{'price_components':[{'type':'ENERGY','price':1,'step_size':3600}],'restrictions':{'max_duration':60}},"
    "{'price_components':[{'type':'ENERGY','price':0,'step_size':0}]}]}", NULL);
  g_autoptr (TwPricer) pricer = tw_pricer_new (tariff);
  const TwSpan charging = { .phase = TW_PHASE_CHARGING, .duration_ms = MINUTE, .energy_mwh = 100000 };
  const TwSpan parking = { .phase = TW_PHASE_PARKING, .start_ms = MINUTE, .duration_ms = 10 * MINUTE };

  tw_pricer_feed (pricer, &charging);
  g_assert_cmpint (tw_pricer_bound_minor (pricer, TW_PHASE_PARKING, 10 * MINUTE, 11000), >=, 460);
  tw_pricer_feed (pricer, &parking);
  g_assert_cmpint (price_of (pricer), ==, 460);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/tariff/hold/nothing-costs-more-than-its-bound", test_bound);
  g_test_add_func ("/tariff/hold/a-stopped-charge-never-passes-it", test_hold);
  g_test_add_func ("/tariff/hold/allowed-time-is-the-longest", test_allowed_time);
  g_test_add_func ("/tariff/hold/allowed-time-is-never-too-long", test_allowed_time_is_never_too_long);
  g_test_add_func ("/tariff/hold/what-a-reading-says-late-is-covered", test_late_readings);
  g_test_add_func ("/tariff/hold/pending-energy-counts-at-the-dearest-power", test_pending);
  g_test_add_func ("/tariff/hold/covers-what-was-chosen", test_goals);

  g_test_add_func ("/tariff/hold/an-old-step-counts-until-energy-flows", test_old_step);

  return g_test_run ();
}
