/* SPDX-License-Identifier: Apache-2.0 */
/* A percentage off what is due. Expected amounts are from Python's fractions: the gross total's share half up, shared
 * out by largest remainder, and each rate's net = net x reduced gross / gross, half up. */
#include "tests/unit/tariff/case.h"

#include "payment/tariff/pricer.h"

#define MINUTE (60 * 1000)
#define TWO_RATES \
  "{'type':'ENERGY','price':0.49,'vat':19,'step_size':1},{'type':'FLAT','price':1.07,'vat':7,'step_size':1}"
#define OLD \
  "{'type':'FLAT','price':0.50,'vat':20.0,'step_size':1},{'type':'ENERGY','price':0.25,'vat':10.0,'step_size':1}"

typedef struct { const char *percent; gboolean of_limit; gint64 net, gross; } Off;

static const struct
{
  const char *name, *currency, *members, *components;
  gint64      energy_wh;
  guint       bp;
  gint64      before, net, gross;
  guint       n_off;
  Off         off[3];
} vectors[] = {
  { "one rate", "EUR", "'tax_included':'YES',", "{'type':'ENERGY','price':0.49,'vat':19,'step_size':1}", 20450, 1000,
    1002, 758, 902, 1, { { "19", FALSE, -84, -100 } } },
  /* 138.625 is 139: 125.59 and 13.41 of it, so the first has the cent. */
  { "two rates", "EUR", "'tax_included':'YES',", TWO_RATES, 20450, 1250, 1109, 824, 970, 2,
    { { "7", FALSE, -12, -13 }, { "19", FALSE, -106, -126 } } },
  { "half a cent", "EUR", "'tax_included':'YES',", "{'type':'FLAT','price':1.07,'vat':7,'step_size':1}", 1, 5000,
    107, 50, 53, 1, { { "7", FALSE, -50, -54 } } },
  { "all of it", "EUR", "'tax_included':'YES',", TWO_RATES, 20450, 10000, 1109, 0, 0, 2,
    { { "7", FALSE, -100, -107 }, { "19", FALSE, -842, -1002 } } },
  { "less than half a cent", "EUR", "'tax_included':'YES',", TWO_RATES, 20450, 4, 1109, 942, 1109, 0, { { NULL } } },
  /* 12.50 + 0.50 net, 13.75 + 0.60 gross; the limit takes 3.00 and 3.31 of it, at no rate. */
  { "a limit across rates", "EUR", "'max_price':{'excl_vat':10.00},", OLD, 50000, 1000, 1104, 900, 994, 3,
    { { "20.0", FALSE, -5, -6 }, { "10.0", FALSE, -125, -137 }, { NULL, TRUE, 30, 33 } } },
  { "a limit at the only rate", "EUR", "'min_price':{'excl_vat':0.50,'incl_vat':0.55},",
    "{'type':'ENERGY','price':0.25,'vat':10.0,'step_size':1}", 1200, 1000, 55, 45, 49, 1,
    { { "10.0", FALSE, -5, -6 } } },
  { "no tax", "JPY", "", "{'type':'ENERGY','price':25,'step_size':1}", 1000, 1000, 25, 22, 22, 1,
    { { NULL, FALSE, -3, -3 } } },
  { "nothing due", "EUR", "", OLD, 0, 1000, 0, 0, 0, 0, { { NULL } } },
};

static TwBill *
reduced_bill (const TwTariff *tariff,
              gint64          energy_wh,
              guint           bp)
{
  g_autoptr (TwUsage) usage = case_usage (energy_wh, 60 * MINUTE, 0);
  g_autoptr (GError) error = NULL;
  TwBill *bill;

  tw_usage_reduce (usage, bp);
  bill = tw_tariff_price (tariff, usage, &error);
  g_assert_no_error (error);
  return bill;
}

static void
test_vectors (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_autoptr (TwTariff) tariff = case_tariff (vectors[i].currency, vectors[i].members, vectors[i].components);
      g_autoptr (TwBill) bill = reduced_bill (tariff, vectors[i].energy_wh, vectors[i].bp);
      gint64 net = 0, gross = 0;
      guint n_off = 0;

      g_test_message ("%s", vectors[i].name);
      g_assert_cmpuint (tw_bill_reduction_bp (bill), ==, vectors[i].bp);
      g_assert_cmpint (tw_bill_unreduced_gross (bill).minor, ==, vectors[i].before);
      g_assert_cmpint (tw_bill_gross (bill).minor, ==, vectors[i].gross);
      g_assert_cmpint (tw_bill_net (bill).minor, ==, vectors[i].net);
      for (guint j = 0; j < tw_bill_n_lines (bill); j++)
        {
          const TwLine *line = tw_bill_line (bill, j);

          net += line->net_minor;
          gross += line->gross_minor;
          if (line->kind != TW_LINE_REDUCTION)
            continue;
          g_assert_cmpuint (n_off, <, vectors[i].n_off);
          g_assert_cmpstr (line->tax_percent, ==, vectors[i].off[n_off].percent);
          g_assert_cmpint (line->of_limit, ==, vectors[i].off[n_off].of_limit);
          g_assert_cmpint (line->net_minor, ==, vectors[i].off[n_off].net);
          g_assert_cmpint (line->gross_minor, ==, vectors[i].off[n_off].gross);
          n_off++;
        }
      g_assert_cmpuint (n_off, ==, vectors[i].n_off);
      g_assert_cmpint (net, ==, vectors[i].net);
      g_assert_cmpint (gross, ==, vectors[i].gross);
    }
}

/* Whenever it is granted and however it is asked, it is the same amount. */
static void
test_all_ways_agree (void)
{
  g_autoptr (TwTariff) tariff = case_tariff ("EUR", "'tax_included':'YES',", TWO_RATES);

  for (guint bp = 0; bp <= 10000; bp += 625)
    {
      g_autoptr (TwUsage) late = case_usage (20450, 60 * MINUTE, 0), early = tw_usage_new ();
      g_autoptr (TwUsage) copy = NULL;
      g_autoptr (TwBill) bill = reduced_bill (tariff, 20450, bp);
      gint64 so_far, if_stopped, gross = tw_bill_gross (bill).minor;
      TwTotals totals;

      tw_usage_bind (late, tariff);
      tw_usage_reduce (late, bp);
      tw_usage_bind (early, tariff);
      tw_usage_reduce (early, bp);
      tw_usage_add (early, (TwSlice) { .duration_ms = 60 * MINUTE, .energy_wh = 20450 });
      copy = tw_usage_copy (early);
      g_assert_true (tw_pricer_cost_minor (tw_usage_pricer (late), &so_far, &if_stopped));
      g_assert_cmpint (if_stopped, ==, gross);
      g_assert_cmpint (so_far, ==, gross);
      g_assert_true (tw_pricer_totals (tw_usage_pricer (copy), &totals));
      g_assert_cmpint (totals.gross_minor, ==, gross);
      g_assert_cmpint (totals.net_minor, ==, tw_bill_net (bill).minor);
      g_assert_true (tw_pricer_cost_minor (tw_usage_pricer (copy), NULL, &if_stopped));
      g_assert_cmpint (if_stopped, ==, gross);
      g_assert_cmpint (tw_tariff_bound_minor (tariff, early, TW_PHASE_CHARGING, 0, 0), ==, gross);
    }
}

/* No amount that comes is above the bound, and a hold lasts longer for whoever pays less. */
static void
test_bound_holds (void)
{
  g_autoptr (TwTariff) tariff = case_tariff ("EUR", "'tax_included':'YES',", TWO_RATES);
  g_autoptr (TwUsage) whole = case_usage (1000, 10 * MINUTE, 0), less = case_usage (1000, 10 * MINUTE, 0);

  tw_usage_bind (whole, tariff);
  tw_usage_bind (less, tariff);
  tw_usage_reduce (less, 1250);
  g_assert_cmpint (tw_pricer_allowed_ms (tw_usage_pricer (less), TW_PHASE_CHARGING, 11000, 2000), >,
                   tw_pricer_allowed_ms (tw_usage_pricer (whole), TW_PHASE_CHARGING, 11000, 2000));
  for (guint minutes = 1; minutes < 120; minutes += 7)
    {
      gint64 wh = 11000 * (gint64) minutes / 60;
      gint64 bound = tw_tariff_bound_minor (tariff, less, TW_PHASE_CHARGING, minutes * MINUTE, 11000);
      g_autoptr (TwBill) bill = reduced_bill (tariff, 1000 + wh, 1250);

      g_assert_cmpint (tw_bill_gross (bill).minor, <=, bound);
      g_assert_cmpint (bound, <=, tw_bill_gross (bill).minor + 2);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tariff/reduction/cents-and-tax-are-exact", test_vectors);
  g_test_add_func ("/tariff/reduction/all-ways-to-the-price-agree", test_all_ways_agree);
  g_test_add_func ("/tariff/reduction/the-bound-holds", test_bound_holds);
  return g_test_run ();
}
