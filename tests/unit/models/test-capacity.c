/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "payment/analytics/models/capacity.h"
#include "payment/analytics/models/erlang.h"
#include "tests/unit/models/chance.h"

#define PORTS 4u

typedef struct { double starts, turned, occupied_h; } Seen;

/* A site with as many ports: who finds all taken drives away. service: how long one stays, of mean 1. */
static Seen
run_site (TwDraw *draw, double arrivals_per_h, double service_h, guint ports, double hours,
          double (*service) (TwDraw *))
{
  double until[16] = { 0 };
  Seen seen = { 0 };

  for (double now = draw_exponential (draw, 1 / arrivals_per_h); now < hours;
       now += draw_exponential (draw, 1 / arrivals_per_h))
    {
      guint port = 0;

      while (port < ports && until[port] > now)
        port++;
      if (port == ports)
        {
          seen.turned++;
          continue;
        }
      until[port] = now + service_h * service (draw);
      seen.starts++;
      seen.occupied_h += until[port] - now;
    }
  return seen;
}

static double
exponential (TwDraw *draw)
{
  return draw_exponential (draw, 1);
}

static double
constant (TwDraw *draw)
{
  return 1;
}

/* Of Erlang B, a (1 - B) is carried: so what is found must be a again. From nearly nothing to nearly full. */
static void
what_was_carried_tells_what_was_offered (void)
{
  const guint ports[] = { 1, 2, 7, 40, 1000 };

  for (guint i = 0; i < G_N_ELEMENTS (ports); i++)
    for (double load = 1e-9 * ports[i]; load < 20.0 * ports[i]; load *= 1.3)
      {
        double blocked = 0, offered = 0, carried;

        g_assert_cmpint (tw_erlang_b (load, ports[i], &blocked), ==, TW_REFUSAL_NONE);
        carried = load * (1 - blocked);
        if (carried > 0.98 * ports[i])
          break;
        g_assert_cmpint (tw_erlang_offered (carried, ports[i], &offered), ==, TW_REFUSAL_NONE);
        g_assert_cmpfloat_with_epsilon (offered / load, 1, 1e-10);
      }
}

static void
blocking_of_a_simulated_site_is_erlang_b (void)
{
  double loads[] = { 0.5, 1.7, 3, 6 }, (*services[]) (TwDraw *) = { exponential, constant };
  TwDraw draw = { 21 };

  for (guint i = 0; i < G_N_ELEMENTS (loads); i++)
    for (guint k = 0; k < G_N_ELEMENTS (services); k++)
      {
        Seen seen = run_site (&draw, loads[i] / 0.5, 0.5, PORTS, 100000, services[k]);
        double blocked = 0, share = seen.turned / (seen.starts + seen.turned), offered = 0;

        g_assert_cmpint (tw_erlang_b (loads[i], PORTS, &blocked), ==, TW_REFUSAL_NONE);
        g_test_message ("a = %g: simulated %.4f, Erlang B %.4f", loads[i], share, blocked);
        g_assert_cmpfloat_with_epsilon (share, blocked, 0.001 + 0.02 * blocked);
        /* Without those who drove away, from what was carried alone. */
        g_assert_cmpint (tw_erlang_offered (seen.occupied_h / 100000, PORTS, &offered), ==, TW_REFUSAL_NONE);
        g_assert_cmpfloat_with_epsilon (offered / loads[i], 1, 0.05);
        g_assert_cmpfloat (tw_erlang_misfit (blocked, share), <, TW_ERLANG_POOR);
      }
}

/* Those who wait are served in order by whichever port is free first. */
static void
waiting_of_a_simulated_site_is_erlang_c (void)
{
  double (*services[]) (TwDraw *) = { exponential, constant };
  double cvs[] = { 1, 0 };
  TwDraw draw = { 22 };

  for (guint k = 0; k < G_N_ELEMENTS (services); k++)
    {
      double until[PORTS] = { 0 }, now = 0, waited = 0, n_waited = 0, n_long = 0;
      TwQueue queue = tw_queue (6, 0.5, cvs[k], PORTS);
      enum { CARS = 400000 };

      for (guint car = 0; car < CARS; car++)
        {
          guint port = 0;
          double start;

          now += draw_exponential (&draw, 1 / 6.0);
          for (guint i = 1; i < PORTS; i++)
            port = until[i] < until[port] ? i : port;
          start = MAX (now, until[port]);
          until[port] = start + 0.5 * services[k] (&draw);
          waited += start - now;
          n_waited += start > now;
          n_long += start - now > 0.25;
        }
      g_test_message ("mean wait %.4f h, simulated %.4f; waits %.4f, %.4f", queue.mean_wait_h, waited / CARS,
                      queue.waits, n_waited / CARS);
      /* The correction for service that is not exponential is an approximation; 10 % is what it is known for. */
      g_assert_cmpfloat_with_epsilon (waited / CARS / queue.mean_wait_h, 1, k == 0 ? 0.04 : 0.1);
      if (k > 0)
        continue;
      g_assert_cmpfloat_with_epsilon (n_waited / CARS, queue.waits, 0.01);
      g_assert_cmpfloat_with_epsilon (n_long / CARS, tw_queue_longer (&queue, 0.25), 0.01);
    }
}

static TwHourLoad
week_of (TwDraw *draw, double arrivals_per_h, double hours, gboolean turned_known)
{
  Seen seen = run_site (draw, arrivals_per_h, 0.5, PORTS, hours, exponential);

  return (TwHourLoad) { hours, seen.starts, turned_known ? seen.turned : 0, seen.occupied_h };
}

/* A busy and a quiet class, 26 weeks: what is lost and what one port more brings lies in its interval as often as it
 * says, whether those who drove away were counted or not. */
static void
planted_losses_lie_in_their_intervals (void)
{
  enum { WORLDS = 200, WEEKS = 26 };
  double rates[] = { 6, 2 }, hours[] = { 60, 100 }, lost = 0, gained = 0;
  TwDraw draw = { 23 };

  for (guint i = 0; i < 2; i++)
    {
      double blocked, more;

      tw_erlang_b (rates[i] * 0.5, PORTS, &blocked);
      tw_erlang_b (rates[i] * 0.5, PORTS + 1, &more);
      lost += rates[i] * hours[i] * WEEKS * blocked;
      gained += rates[i] * hours[i] * WEEKS * (blocked - more);
    }
  for (guint turned_known = 0; turned_known < 2; turned_known++)
    {
      guint held_lost = 0, held_gained = 0;

      for (guint world = 0; world < WORLDS; world++)
        {
          TwHourLoad loads[WEEKS * 2];
          TwCapacityCase site = { loads, WEEKS, 2, PORTS, turned_known };
          TwCapacity found;

          for (guint i = 0; i < G_N_ELEMENTS (loads); i++)
            loads[i] = week_of (&draw, rates[i % 2], hours[i % 2], turned_known);
          found = tw_capacity (&site, &(TwBootstrap) { world, 300, 1 }, NULL);
          g_assert_cmpint (found.refusal, ==, TW_REFUSAL_NONE);
          held_lost += found.lost.low <= lost && lost <= found.lost.high;
          held_gained += found.gained.low <= gained && gained <= found.gained.high;
        }
      assert_share ("lost", held_lost, WORLDS, 0.95);
      assert_share ("gained", held_gained, WORLDS, 0.95);
    }
}

/* Arrivals of a day with a peak in the morning, and cars that stay for hours: those of the peak still stand when it is
 * over, so that each hour's own arrivals tell little of how many ports are taken in it. */
static void
cars_that_stay_long_fill_later_hours (void)
{
  enum { WEEKS = 104, HOURS = WEEKS * 168 };
  g_autofree TwHourLoad *loads = g_new0 (TwHourLoad, WEEKS * 24);
  double until[PORTS] = { 0 }, now = 0, lost = 0;
  TwCapacityCase site = { loads, WEEKS, 24, PORTS };
  TwDraw draw = { 25 };
  TwCapacity found;

  for (guint i = 0; i < WEEKS * 24; i++)
    loads[i].hours = 7;
  while ((now += draw_exponential (&draw, 1 / 2.0)) < HOURS)
    {
      guint hour = (guint) now, port = 0;
      double stays = draw_exponential (&draw, 3);

      if (tw_draw_unit (&draw) > (hour % 24 >= 7 && hour % 24 < 10 ? 1 : 0.2))
        continue;
      while (port < PORTS && until[port] > now)
        port++;
      if (port == PORTS)
        {
          lost++;
          continue;
        }
      until[port] = now + stays;
      loads[hour / 168 * 24 + hour % 24].starts++;
      for (double end, from = now; from < until[port] && from < HOURS; from = end)
        {
          guint in = (guint) from;

          end = MIN (in + 1, until[port]);
          loads[in / 168 * 24 + in % 24].occupied_h += end - from;
        }
    }
  found = tw_capacity (&site, &(TwBootstrap) { 1, 100, 1 }, NULL);
  g_test_message ("turned away %.0f, found %.0f", lost, found.lost.value);
  g_assert_cmpint (found.refusal, ==, TW_REFUSAL_NONE);
  g_assert_cmpfloat_with_epsilon (found.lost.value / lost, 1, 0.15);
}

/* As many as full of them charge at full power, more share it. */
static Seen
run_shared (TwDraw *draw, double arrivals_per_h, double full, guint ports, double hours)
{
  Seen seen = { 0 };
  guint busy = 0;

  for (double now = 0; now < hours;)
    {
      double ends_per_h = MIN (busy, full) / 0.5, wait = draw_exponential (draw, 1 / (arrivals_per_h + ends_per_h));

      seen.occupied_h += busy * MIN (wait, hours - now);
      now += wait;
      if (now >= hours)
        break;
      if (tw_draw_unit (draw) * (arrivals_per_h + ends_per_h) < ends_per_h)
        busy--;
      else if (busy == ports)
        seen.turned++;
      else
        {
          busy++;
          seen.starts++;
        }
    }
  return seen;
}

/* Two of four at full power: what a fifth port brings is what a simulated fifth port brings. */
static void
a_shared_supply_is_found_in_what_was_taken (void)
{
  enum { WEEKS = 52 };
  TwDraw draw = { 24 };
  TwHourLoad loads[WEEKS];
  Seen more = run_shared (&draw, 4, 2, PORTS + 1, 200000);
  double share_more = more.turned / (more.starts + more.turned);

  for (guint turned_known = 0; turned_known < 2; turned_known++)
    {
      TwCapacityCase site = { loads, WEEKS, 1, PORTS, turned_known, 100, 50 };
      TwCapacityClass class_;
      TwCapacity found;
      double starts = 0, turned = 0, hours = 0;

      for (guint i = 0; i < WEEKS; i++)
        {
          Seen seen = run_shared (&draw, 4, 2, PORTS, 1000);

          loads[i] = (TwHourLoad) { 1000, seen.starts, turned_known ? seen.turned : 0, seen.occupied_h };
          starts += seen.starts;
          turned += seen.turned;
          hours += 1000;
        }
      found = tw_capacity (&site, &(TwBootstrap) { 1, 300, 1 }, &class_);
      g_assert_cmpint (found.refusal, ==, TW_REFUSAL_NONE);
      g_test_message ("load %.3f, planted 2; turned away %.4f, simulated %.4f; with a fifth %.4f, simulated %.4f",
                      class_.load, class_.blocked, turned / (starts + turned), class_.blocked_more, share_more);
      g_assert_cmpfloat_with_epsilon (class_.load, 2, 0.06);
      g_assert_cmpfloat_with_epsilon (class_.arrivals_per_h, (starts + turned) / hours, 0.06);
      g_assert_cmpfloat_with_epsilon (class_.blocked, turned / (starts + turned), 0.01);
      g_assert_cmpfloat_with_epsilon (class_.blocked_more, share_more, 0.01);
      g_assert_cmpfloat (found.gained.low, <=, 4 * hours * (0.2222 - 0.1818));
      g_assert_cmpfloat (found.gained.high, >=, 4 * hours * (0.2222 - 0.1818));
    }
}

/* One class that always sees the same: figures by hand from B. */
static TwCapacity
even_site (TwCapacityCase site, double occupied_h, TwCapacityClass *class_)
{
  TwHourLoad loads[6];

  for (guint i = 0; i < G_N_ELEMENTS (loads); i++)
    loads[i] = (TwHourLoad) { 10, 20, 5, occupied_h };
  site.loads = loads;
  site.n_weeks = G_N_ELEMENTS (loads);
  site.n_classes = 1;
  return tw_capacity (&site, &(TwBootstrap) { 1, 100, 1 }, class_);
}

static void
a_supply_that_is_enough_changes_nothing (void)
{
  TwCapacityClass class_;
  TwCapacity free_of_it = even_site ((TwCapacityCase) { .ports = 2, .turned_known = TRUE }, 12, &class_);
  TwCapacity loose = even_site ((TwCapacityCase) { .ports = 2, .turned_known = TRUE, .supply_kw = 1000,
                                                   .session_kw = 50 }, 12, NULL);
  double blocked, more;

  /* 1.2 of two taken: a = 2 has B = 2 / (1 + 2 + 2) = 0.4 and keeps 2 × 0.6. A third: (4 / 3) / (5 + 4 / 3). */
  g_assert_cmpfloat_with_epsilon (class_.load, 2, 1e-9);
  blocked = 0.4;
  more = 4 / 19.0;
  g_assert_cmpfloat_with_epsilon (free_of_it.lost.value, 2.5 * 60 * blocked, 1e-9);
  g_assert_cmpfloat_with_epsilon (free_of_it.gained.value, 2.5 * 60 * (blocked - more), 1e-9);
  g_assert_cmpfloat_with_epsilon (free_of_it.gained.low, free_of_it.gained.high, 1e-9);
  g_assert_cmpfloat_with_epsilon (loose.gained.value, free_of_it.gained.value, 1e-9);
}

static void
a_site_that_is_always_full_says_so (void)
{
  TwCapacity full = even_site ((TwCapacityCase) { .ports = 2 }, 20, NULL);

  g_assert_cmpint (full.refusal, ==, TW_REFUSAL_NONE);
  g_assert_cmpuint (full.n_saturated, ==, 1);
  g_assert_cmpfloat (full.lost.value, >, 0);
}

static void
hostile_numbers_are_refused (void)
{
  double bad[] = { NAN, INFINITY, -INFINITY, -1, -1e308, 1e308 };
  double x;

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      TwQueue queues[] = { tw_queue (bad[i], 1, 1, 2), tw_queue (1, bad[i], 1, 2), tw_queue (1, 1, bad[i], 2) };
      TwHourLoad loads[4] = { { 1, 1, 0, 1 }, { 1, bad[i], 0, 1 } };
      TwCapacityCase site = { loads, 4, 1, 2 };

      for (guint k = 0; k < G_N_ELEMENTS (queues); k++)
        {
          g_assert_cmpint (queues[k].refusal, !=, TW_REFUSAL_NONE);
          g_assert_cmpfloat (queues[k].mean_wait_h, ==, 0);
          g_assert_cmpfloat (tw_queue_longer (&queues[k], 1), ==, 0);
        }
      g_assert_cmpint (tw_erlang_b (bad[i], 2, &x), !=, TW_REFUSAL_NONE);
      g_assert_cmpfloat (x, ==, 0);
      g_assert_cmpint (tw_erlang_offered (bad[i], 2, &x), !=, TW_REFUSAL_NONE);
      g_assert_cmpfloat (x, ==, 0);
      g_assert_cmpint (tw_capacity (&site, &(TwBootstrap) { 1, 100, 1 }, NULL).refusal, ==, TW_REFUSAL_BAD_INPUT);
      g_assert_true (isfinite (tw_erlang_misfit (bad[i], 0.1)));
    }
  g_assert_cmpint (tw_erlang_offered (1.97, 2, &x), ==, TW_REFUSAL_UNSTABLE);
  g_assert_cmpfloat (x, ==, 0);
  g_assert_cmpint (tw_erlang_shared (1, 2, 0, &x), ==, TW_REFUSAL_BAD_INPUT);
  g_assert_cmpint (tw_erlang_shared_offered (1, 2, NAN, &x), ==, TW_REFUSAL_BAD_INPUT);
  g_assert_cmpint (tw_queue (1, 1, 1, 0).refusal, ==, TW_REFUSAL_EMPTY);
  g_assert_cmpint (tw_queue (1, 1, 1, G_MAXUINT).refusal, ==, TW_REFUSAL_TOO_LARGE);
  g_assert_cmpint (tw_queue (2, 1, 1, 2).refusal, ==, TW_REFUSAL_UNSTABLE);
  g_assert_cmpint (tw_queue (0, 1, 1, 2).refusal, ==, TW_REFUSAL_NONE);
  g_assert_cmpfloat (tw_erlang_misfit (0, 0), ==, 1);
  g_assert_cmpfloat (tw_erlang_misfit (0.1, 0), ==, G_MAXDOUBLE);
  g_assert_cmpfloat_with_epsilon (tw_erlang_misfit (0.1, 0.3), 3, 1e-12);
}

static void
few_weeks_are_refused_and_empty_classes_are_not (void)
{
  TwHourLoad loads[8] = { { 10, 5, 0, 3 }, { 0 }, { 10, 5, 0, 3 }, { 0 }, { 10, 5, 0, 3 }, { 0 }, { 10, 5, 0, 3 } };
  TwCapacityCase site = { loads, 4, 2, 2 };
  TwBootstrap boot = { 1, 100, 1 };

  g_assert_cmpint (tw_capacity (&site, &boot, NULL).refusal, ==, TW_REFUSAL_NONE);
  site.n_weeks = 3;
  g_assert_cmpint (tw_capacity (&site, &boot, NULL).refusal, ==, TW_REFUSAL_FEW_DAYS);
  g_assert_cmpfloat (tw_capacity (&site, &boot, NULL).lost.value, ==, 0);
  site.n_classes = 0;
  g_assert_cmpint (tw_capacity (&site, &boot, NULL).refusal, ==, TW_REFUSAL_EMPTY);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/models/capacity/what-was-carried-tells-what-was-offered", what_was_carried_tells_what_was_offered);
  g_test_add_func ("/models/capacity/blocking-of-a-simulated-site-is-erlang-b",
                   blocking_of_a_simulated_site_is_erlang_b);
  g_test_add_func ("/models/capacity/waiting-of-a-simulated-site-is-erlang-c", waiting_of_a_simulated_site_is_erlang_c);
  g_test_add_func ("/models/capacity/planted-losses-lie-in-their-intervals", planted_losses_lie_in_their_intervals);
  g_test_add_func ("/models/capacity/cars-that-stay-long-fill-later-hours", cars_that_stay_long_fill_later_hours);
  g_test_add_func ("/models/capacity/a-shared-supply-is-found-in-what-was-taken",
                   a_shared_supply_is_found_in_what_was_taken);
  g_test_add_func ("/models/capacity/a-supply-that-is-enough-changes-nothing", a_supply_that_is_enough_changes_nothing);
  g_test_add_func ("/models/capacity/a-site-that-is-always-full-says-so", a_site_that_is_always_full_says_so);
  g_test_add_func ("/models/capacity/hostile-numbers-are-refused", hostile_numbers_are_refused);
  g_test_add_func ("/models/capacity/few-weeks-are-refused-and-empty-classes-are-not",
                   few_weeks_are_refused_and_empty_classes_are_not);
  return g_test_run ();
}
