/* SPDX-License-Identifier: Apache-2.0 */
/* Random tariffs and random sessions, priced by tests/lib/pricer.py, which shares nothing with the station, and by
 * the station. Then what must hold for any session. Another run: --seed.
 */
#include "tests/unit/tariff/case.h"

#include <gio/gio.h>
#include <string.h>

enum { N_CASES = 2000, N_WALKS = 300 };

typedef struct { gint64 energy_wh, charging_ms, parking_ms; gboolean charging_last; } Session;

static const char *
one_of (const char *const *choices,
        guint              n)
{
  return choices[g_test_rand_int_range (0, n)];
}

static gboolean
perhaps (void)
{
  return g_test_rand_bit ();
}

static char *
random_price (void)
{
  const char *const prices[] = {
    "0", "0.25", "0.49", "0.5", "1", "6.00", "0.333333", "12.3456", "0.000001", "25e-2", "899.99",
  };

  if (perhaps ())
    return g_strdup (one_of (prices, G_N_ELEMENTS (prices)));

  return g_strdup_printf ("%d.%06d", g_test_rand_int_range (0, 3), g_test_rand_int_range (0, 1000000));
}

static char *
random_tax (gboolean needed)
{
  const char *const rates[] = { "19", "20.0", "7", "10", "0", "8.875", "5.5", "21" };

  if (!needed && perhaps ())
    return g_strdup ("");

  return g_strdup_printf ("'vat':%s,", one_of (rates, G_N_ELEMENTS (rates)));
}

static char *
random_components (const char *form)
{
  const char *const types[] = { "FLAT", "ENERGY", "TIME", "PARKING_TIME" };
  const char *const steps[] = { "0", "1", "1", "60", "100", "900", "7" };
  g_autoptr (GString) text = g_string_new (NULL);
  guint first = g_test_rand_int_range (0, 4), n = g_test_rand_int_range (1, 5);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *price = random_price ();
      g_autofree char *tax = g_str_equal (form, "'tax_included':'N/A',") ? g_strdup ("") : random_tax (*form != '\0');

      g_string_append_printf (text, "%s{'type':'%s','price':%s,%s'step_size':%s}", i ? "," : "",
                              types[(first + i) % 4], price, tax, one_of (steps, G_N_ELEMENTS (steps)));
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* The gross side is the higher one, and the maximum is above the minimum, or the file would be refused. */
static char *
random_limits (void)
{
  const char *const lows[] = {
    "", "", "'min_price':{'excl_vat':0.50,'incl_vat':0.55},", "'min_price':{'before_taxes':1.000001},",
                               "'min_price':{'after_taxes':2.5,'before_taxes':null}," };
  const char *const highs[] = {
    "", "", "'max_price':{'before_taxes':10,'after_taxes':11.333333},", "'max_price':{'excl_vat':7.77},",
                                "'max_price':{'incl_vat':9.99}," };

  return g_strconcat (one_of (lows, G_N_ELEMENTS (lows)), one_of (highs, G_N_ELEMENTS (highs)), NULL);
}

static char *
random_tariff (void)
{
  const char *const currencies[] = { "EUR", "EUR", "JPY", "KWD" };
  const char *const forms[] = {
    "", "", "'tax_included':'YES',", "'tax_included':'YES',", "'tax_included':'NO',", "'tax_included':'N/A',",
  };
  const char *form = one_of (forms, G_N_ELEMENTS (forms));
  g_autofree char *limits = random_limits ();
  g_autofree char *first = random_components (form);
  g_autofree char *second = random_components (form);

  return g_strdup_printf ("{'id':'T','currency':'%s',%s%s'elements':["
                          "{'price_components':[%s]},{'price_components':[%s]}]}",
                          one_of (currencies, G_N_ELEMENTS (currencies)), form, limits, first, second);
}

static Session
random_session (void)
{
  Session session = {
    .energy_wh = g_test_rand_int_range (0, 20) ? g_test_rand_int_range (1, 100000) : 0,
    .charging_ms = g_test_rand_int_range (0, 5) ? g_test_rand_int_range (1, 36000000) : 0,
    .parking_ms = perhaps () ? g_test_rand_int_range (1, 36000000) : 0,
    .charging_last = g_test_rand_int_range (0, 4) == 0,
  };

  return session;
}

/* A phase that took no time does not come last. */
static const char *
last_phase (Session session)
{
  if (session.charging_last)
    return session.charging_ms ? "charging" : "parking";

  return session.parking_ms ? "parking" : "charging";
}

static TwUsage *
usage_of (Session session)
{
  TwUsage *usage = tw_usage_new ();
  const TwSlice charging = { TW_PHASE_CHARGING, 0, session.charging_ms, session.energy_wh };
  const TwSlice parking = { TW_PHASE_PARKING, 0, session.parking_ms, 0 };

  tw_usage_add (usage, session.charging_last ? parking : charging);
  tw_usage_add (usage, session.charging_last ? charging : parking);

  return usage;
}

static char **
ask_pricer (const char *questions)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) pricer = NULL;
  g_autofree char *answers = NULL;

  pricer = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error,
                             g_getenv ("TW_PYTHON"), g_getenv ("TW_PRICER"), "--batch", NULL);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (pricer, questions, NULL, &answers, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_successful (pricer));

  return g_strsplit (answers, "\n", -1);
}

static char *
price_text (const char *tariff_text,
            Session     session)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TwTariff) tariff = case_parse (tariff_text, &error);
  g_autoptr (TwUsage) usage = usage_of (session);
  g_autoptr (TwBill) bill = NULL;

  if (tariff == NULL)
    return g_strdup (strstr (error->message, "after_taxes") ? "refused" : error->message);
  bill = tw_tariff_price (tariff, usage, &error);
  g_assert_no_error (error);
  if (!tw_bill_net_known (bill))
    return g_strdup_printf ("%" G_GINT64_FORMAT " unknown", tw_bill_gross (bill).minor);

  return g_strdup_printf ("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT,
                          tw_bill_gross (bill).minor, tw_bill_net (bill).minor);
}

/* A limit before taxes and a tax that is unknown: the pricer finds out when it prices, the station when it loads. */
static gboolean
is_the_same (const char *station,
             const char *pricer)
{
  return g_str_equal (station, pricer)
      || (g_str_equal (station, "refused") && g_str_equal (pricer, "0 0"));
}

static void
test_against_pricer (void)
{
  g_autoptr (GString) questions = g_string_new (NULL);
  g_autoptr (GPtrArray) own = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  g_auto (GStrv) answers = NULL;
  guint n_priced = 0;

  for (guint i = 0; i < N_CASES; i++)
    {
      char *tariff = random_tariff ();
      Session session = random_session ();
      g_autofree char *question = g_strdup_printf (
        "{'tariff':%s,'usage':{'energy_wh':%" G_GINT64_FORMAT ",'charging_ms':%" G_GINT64_FORMAT ",'parking_ms':%"
        G_GINT64_FORMAT ",'last':'%s'}}\n", tariff, session.energy_wh, session.charging_ms, session.parking_ms,
        last_phase (session));

      g_string_append (questions, g_strdelimit (question, "'", '"'));
      g_ptr_array_add (texts, tariff);
      g_ptr_array_add (own, price_text (tariff, session));
    }
  answers = ask_pricer (questions->str);
  g_assert_cmpuint (g_strv_length (answers), ==, N_CASES + 1);
  for (guint i = 0; i < N_CASES; i++)
    {
      if (!is_the_same (own->pdata[i], answers[i]))
        g_test_fail_printf ("case %u: station \"%s\", pricer \"%s\": %s", i, (char *) own->pdata[i], answers[i],
                            (char *) texts->pdata[i]);
      n_priced += !g_str_equal (answers[i], "refused") && !g_str_has_prefix (answers[i], "0 ");
    }
  g_assert_cmpuint (n_priced, >, N_CASES / 2);   /* or the comparison says little */
}

static void
check_lines (const TwBill *bill)
{
  gint64 net = 0, gross = 0;

  for (guint i = 0; i < tw_bill_n_lines (bill); i++)
    {
      const TwLine *line = tw_bill_line (bill, i);

      net += line->net_minor;
      gross += line->gross_minor;
      if (line->kind != TW_LINE_ADJUSTMENT && line->tax_percent == NULL)
        g_assert_cmpint (line->net_minor, ==, line->gross_minor);
    }
  g_assert_cmpint (net, ==, tw_bill_net (bill).minor);
  g_assert_cmpint (gross, ==, tw_bill_gross (bill).minor);
  g_assert_cmpint (tw_bill_net (bill).minor, <=, tw_bill_gross (bill).minor);
}

static void
test_lines_add_up (void)
{
  for (guint i = 0; i < N_CASES; i++)
    {
      g_autofree char *text = random_tariff ();
      g_autoptr (TwTariff) tariff = case_parse (text, NULL);
      g_autoptr (TwUsage) usage = usage_of (random_session ());
      g_autoptr (TwBill) bill = tariff ? tw_tariff_price (tariff, usage, NULL) : NULL;

      if (bill)
        check_lines (bill);
    }
}

static gint64
gross_of (const TwTariff *tariff,
          const TwUsage  *usage)
{
  g_autoptr (TwBill) bill = tw_tariff_price (tariff, usage, NULL);

  g_assert_nonnull (bill);

  return tw_bill_gross (bill).minor;
}

/* One phase in random small steps at random power: every price on the way is at most what was said before it began
 * and, unless a limit takes its tax from the mix (has_mixed_limit), at least the one before. */
static void
walk (const TwTariff *tariff,
      TwUsage        *usage,
      gboolean        has_mixed_limit)
{
  TwPhase phase = g_test_rand_int_range (0, 4);
  gint64 power_w = g_test_rand_int_range (0, 50000), wh_ms = 0, spent_wh = 0, before, bound, now;
  guint n_steps = 20;
  gint64 step_ms = g_test_rand_int_range (1, 600000);

  g_assert_cmpint (tw_tariff_bound_minor (tariff, usage, phase, 0, power_w), ==, gross_of (tariff, usage));
  bound = tw_tariff_bound_minor (tariff, usage, phase, n_steps * step_ms, power_w);
  before = 0;
  for (guint i = 0; i < n_steps; i++)
    {
      TwSlice slice = { .phase = phase, .duration_ms = step_ms };

      wh_ms += step_ms * g_test_rand_int_range (0, power_w + 1);
      slice.energy_wh = wh_ms / 3600000 - spent_wh;
      spent_wh = wh_ms / 3600000;
      tw_usage_add (usage, slice);
      now = gross_of (tariff, usage);
      g_assert_cmpint (now, <=, bound);
      if (!has_mixed_limit)
        g_assert_cmpint (now, >=, before);
      before = now;
    }
}

static void
test_bound_and_monotony (void)
{
  guint n_walks = 0;

  for (guint i = 0; i < N_WALKS; i++)
    {
      g_autofree char *text = random_tariff ();
      g_autoptr (TwTariff) tariff = case_parse (text, NULL);
      g_autoptr (TwUsage) usage = perhaps () ? usage_of (random_session ()) : tw_usage_new ();
      gboolean mixed = strstr (text, "{'before_taxes':1.000001}") || strstr (text, "{'excl_vat':7.77}");

      if (tariff == NULL)
        continue;
      walk (tariff, usage, mixed);
      walk (tariff, usage, mixed);
      n_walks++;
    }
  g_assert_cmpuint (n_walks, >, N_WALKS / 2);
}

/* Full power for the whole time is what the bound is about: where nothing is mixed, it is met to the cent. */
static void
test_bound_is_tight (void)
{
  for (guint i = 0; i < N_WALKS; i++)
    {
      g_autofree char *components = random_components ("'tax_included':'N/A',");
      g_autoptr (TwTariff) tariff = case_tariff ("EUR", "'tax_included':'N/A',", components);
      g_autoptr (TwUsage) usage = usage_of (random_session ());
      gint64 hours = g_test_rand_int_range (1, 5), kw = g_test_rand_int_range (1, 100), now = gross_of (tariff, usage);
      gint64 bound = tw_tariff_bound_minor (tariff, usage, TW_PHASE_CHARGING, hours * 3600000, kw * 1000);

      tw_usage_add (usage, (TwSlice) { TW_PHASE_CHARGING, 0, hours * 3600000, hours * kw * 1000 });
      g_assert_cmpint (bound, ==, MAX (now, gross_of (tariff, usage)));
    }
}

/* Whatever part of the standing is given away, whatever came before and comes after, and whatever the steps are. Before
 * the limits: one that is given before taxes takes its tax from the mix of the session. */
static void
test_grace_never_makes_it_dearer (void)
{
  guint n_less = 0;

  for (guint i = 0; i < N_CASES; i++)
    {
      g_autofree char *text = random_tariff ();
      g_autoptr (TwTariff) tariff = case_parse (text, NULL);
      g_autoptr (TwUsage) with = usage_of (random_session ()), without = tw_usage_copy (with);
      gint64 parking_ms = g_test_rand_int_range (1, 7200000), grace_ms = g_test_rand_int_range (0, 7200000);
      gint64 after_ms = perhaps () ? g_test_rand_int_range (1, 3600000) : 0;
      g_autoptr (TwBill) less = NULL, more = NULL;

      if (tariff == NULL)
        continue;
      grace_ms = MIN (grace_ms, parking_ms);
      tw_usage_add (without, (TwSlice) { TW_PHASE_PARKING, 0, parking_ms, 0 });
      tw_usage_add (with, (TwSlice) { TW_PHASE_GRACE, 0, grace_ms, 0 });
      tw_usage_add (with, (TwSlice) { TW_PHASE_PARKING, 0, parking_ms - grace_ms, 0 });
      tw_usage_add (without, (TwSlice) { TW_PHASE_CHARGING, 0, after_ms, after_ms / 1000 });
      tw_usage_add (with, (TwSlice) { TW_PHASE_CHARGING, 0, after_ms, after_ms / 1000 });
      less = tw_tariff_price (tariff, with, NULL);
      more = tw_tariff_price (tariff, without, NULL);
      g_assert_true (less != NULL && more != NULL);
      g_assert_cmpint (tw_bill_unlimited_gross (less).minor, <=, tw_bill_unlimited_gross (more).minor);
      n_less += tw_bill_unlimited_gross (less).minor < tw_bill_unlimited_gross (more).minor;
    }
  g_assert_cmpuint (n_less, >, N_CASES / 20);
}

/* The command line that other tests use: 0.49 x 20.45 = 10.0205, and 1.5 s of parking is 2 s at 6.00/h, 0.00333... */
static void
test_command_line (void)
{
  g_autofree char *tariff = g_build_filename (g_getenv ("TW_ASSETS"), "tariffs", "demo.json", NULL);
  const char *const argv[] = {
    g_getenv ("TW_PYTHON"), g_getenv ("TW_PRICER"), tariff, "20450", "3600", "1.5", "--exact", NULL
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) pricer = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error);
  g_autofree char *answer = NULL;

  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (pricer, NULL, NULL, &answer, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (answer, ==, "1002 842\n60143/6000 60143/7140\n");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/tariff/an-independent-pricer-agrees", test_against_pricer);
  g_test_add_func ("/tariff/the-pricer-has-a-command-line", test_command_line);
  g_test_add_func ("/tariff/lines-add-up-to-the-totals", test_lines_add_up);
  g_test_add_func ("/tariff/price-grows-and-stays-below-its-bound", test_bound_and_monotony);
  g_test_add_func ("/tariff/bound-is-met-at-full-power", test_bound_is_tight);
  g_test_add_func ("/tariff/grace-never-makes-it-dearer", test_grace_never_makes_it_dearer);

  return g_test_run ();
}
