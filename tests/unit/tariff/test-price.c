/* SPDX-License-Identifier: Apache-2.0 */
/* Amounts. The vectors with a T come from the worked examples of OCPI's mod_tariffs (facts on tariffs, section 5); the
 * others are calculated by hand, and each comment says how. */
#include "tests/unit/tariff/case.h"

#include "app/base/error.h"

#include <string.h>

#define MINUTE (60 * 1000)
#define ENERGY "{'type':'ENERGY','price':0.25,'vat':10.0,'step_size':1}"
#define START "{'type':'FLAT','price':0.50,'vat':20.0,'step_size':1},"

typedef struct
{
  const char *name, *currency, *members, *components;
  gint64      energy_wh, charging_ms, parking_ms;
  gint64      net_minor, gross_minor;
  const char *exact_net, *exact_gross;   /* NULL: not asked */
} Vector;

static const Vector vectors[] = {
  { "T01", "EUR", "", ENERGY, 20000, 0, 0, 500, 550, "5.00", "5.50" },
  { "T02", "EUR", "", START ENERGY, 20000, 0, 0, 550, 610, "5.50", "6.10" },
  { "T04", "EUR", "'min_price':{'excl_vat':0.50,'incl_vat':0.55},", ENERGY, 1200, 0, 0, 50, 55, "0.50", "0.55" },
  { "T05", "EUR", "", START ENERGY ",{'type':'PARKING_TIME','price':2.00,'vat':20.0,'step_size':900}",
    20000, 120 * MINUTE, 40 * MINUTE, 700, 790, "7.00", "7.90" },
  { "T06", "EUR", "'max_price':{'excl_vat':10.00,'incl_vat':11.00},", START ENERGY, 50000, 0, 0, 1000, 1100, "10.00",
    "11.00" },
  { "T09", "EUR", "", "{'type':'TIME','price':3.00,'vat':10.0,'step_size':60},"
    "{'type':'PARKING_TIME','price':5.00,'vat':20.0,'step_size':300}", 1, 150 * MINUTE, 42 * MINUTE, 1125, 1275,
    "11.25", "12.75" },
  { "T11", "EUR", "", START "{'type':'ENERGY','price':0.25,'vat':10.0,'step_size':100}",
    20450, 0, 0, 563, 624, "5.625", "6.2375" },
  /* S03 without its clock: 12 min charging are not rounded, because parking follows; parking is, to 15 min. */
  { "S03, 8 minutes parked", "EUR", "", "{'type':'TIME','price':2.40,'step_size':900},"
    "{'type':'PARKING_TIME','price':1.00,'step_size':900}", 1, 12 * MINUTE, 8 * MINUTE, 73, 73, "0.73", "0.73" },
  /* 12 min x 2.40/60 + 30 min x 1.00/60 */
  { "S03, 20 minutes parked", "EUR", "", "{'type':'TIME','price':2.40,'step_size':900},"
    "{'type':'PARKING_TIME','price':1.00,'step_size':900}", 1, 12 * MINUTE, 20 * MINUTE, 98, 98, "0.98", "0.98" },
  /* 15 min x 2.40/60: without parking the charging time is last, and takes the step. */
  { "S03, not parked", "EUR", "", "{'type':'TIME','price':2.40,'step_size':900},"
    "{'type':'PARKING_TIME','price':1.00,'step_size':900}", 1, 12 * MINUTE, 0, 60, 60, NULL, NULL },
  /* Parking costs nothing here and so is no last period: the charging time still takes its step, 15 min. */
  { "unpriced parking is not last", "EUR", "", "{'type':'TIME','price':2.40,'step_size':900}",
    1, 12 * MINUTE, 20 * MINUTE, 60, 60, NULL, NULL },
  /* No currency below 1 yen: 0.5 rounds up, 0.499 down. 25 yen x 0.02 kWh; 25 x 0.01996 */
  { "JPY half up", "JPY", "", "{'type':'ENERGY','price':25,'step_size':1}", 20, 0, 0, 1, 1, "0.5", "0.5" },
  { "JPY below half", "JPY", "", "{'type':'ENERGY','price':24.95,'step_size':1}", 20, 0, 0, 0, 0, "0.499", "0.499" },
  /* 0.1235 dinar x 1.001 kWh = 0.1236235, + 5 % = 0.129804675 */
  { "KWD has three digits", "KWD", "", "{'type':'ENERGY','price':0.1235,'vat':5,'step_size':1}",
    1001, 0, 0, 124, 130, "0.1236235", "0.129804675" },
  /* 0.000001 x 5000 kWh = 0.005: the sixth decimal decides a cent. */
  { "six decimals", "EUR", "", "{'type':'ENERGY','price':0.000001,'step_size':1}", 5000000, 0, 0, 1, 1, "0.005",
    "0.005" },
  { "six decimals, just below", "EUR", "", "{'type':'ENERGY','price':0.000001,'step_size':1}",
    4999999, 0, 0, 0, 0, "0.004999999", "0.004999999" },
  /* 0.01 x 0.5 kWh = 0.005 net up; gross 0.00595 */
  { "half up of each total", "EUR", "", "{'type':'ENERGY','price':0.01,'vat':19,'step_size':1}", 500, 0, 0, 1, 1,
    NULL, NULL },
  /* Included tax: 0.49 x 20.45 = 10.0205; / 1.19 = 8.42058823... */
  { "tax included", "EUR", "'tax_included':'YES',", "{'type':'ENERGY','price':0.49,'vat':19,'step_size':1}",
    20450, 0, 0, 842, 1002, "8.420588235294", "10.0205" },
  /* The same with two rates: 10.0205 + 1.07; 8.42058823... + 1.00 */
  { "tax included at two rates", "EUR", "'tax_included':'YES',",
    "{'type':'ENERGY','price':0.49,'vat':19,'step_size':1},{'type':'FLAT','price':1.07,'vat':7,'step_size':1}",
    20450, 0, 0, 942, 1109, "9.420588235294", "11.0905" },
  { "tax not included", "USD", "'tax_included':'NO',", "{'type':'ENERGY','price':0.40,'vat':8.875,'step_size':1}",
    10000, 0, 0, 400, 436, "4.00", "4.355" },
  { "no tax", "EUR", "'tax_included':'N/A',", "{'type':'ENERGY','price':0.40,'step_size':1}", 10000, 0, 0, 400, 400,
    NULL, NULL },
  /* Decision 9, one side of a limit: 0.30 net is raised to 0.50, and gross follows in the ratio 1.1. */
  { "minimum before tax only", "EUR", "'min_price':{'before_taxes':0.50},", ENERGY, 1200, 0, 0, 50, 55, "0.50",
    "0.55" },
  { "maximum after tax only", "EUR", "'max_price':{'after_taxes':11.00},", ENERGY, 80000, 0, 0, 1000, 1100, NULL,
    NULL },
  /* 50 kWh: 13.00 / 14.35. Net to 10.00, gross in the ratio 14.35 / 13.00 = 11.0384... */
  { "maximum before tax of two rates", "EUR", "'max_price':{'excl_vat':10.00},", START ENERGY,
    50000, 0, 0, 1000, 1104, "10.00", "11.038461538461" },
  /* Nothing but a free kWh: the minimum takes the rate of the energy. */
  { "minimum of a free session", "EUR", "'min_price':{'excl_vat':1.00},",
    "{'type':'FLAT','price':0,'vat':20,'step_size':1},{'type':'ENERGY','price':0,'vat':10,'step_size':1}",
    1000, 0, 0, 100, 110, NULL, NULL },
  { "minimum of free time", "EUR", "'min_price':{'excl_vat':1.00},",
    "{'type':'FLAT','price':0,'vat':20,'step_size':1},{'type':'TIME','price':0,'vat':10,'step_size':1}",
    1000, MINUTE, 0, 100, 120, NULL, NULL },
  /* Only one side beyond its limit: 12.00 / 13.20 against 12.50 / 13.00. */
  { "limits are independent", "EUR", "'max_price':{'excl_vat':12.50,'incl_vat':13.00},", ENERGY, 48000, 0, 0, 1200,
    1300, NULL, NULL },
  { "no energy", "EUR", "'min_price':{'excl_vat':1.00},", START ENERGY ",{'type':'TIME','price':3.00,'step_size':60}",
    0, 60 * MINUTE, 60 * MINUTE, 0, 0, "0.00", "0.00" },
  /* Milliseconds count where no step says otherwise: 3.60/h x 1.5 s = 0.0015 */
  { "milliseconds", "EUR", "", "{'type':'TIME','price':3.60,'step_size':0}", 1, 1500, 0, 0, 0, "0.0015", "0.0015" },
  { "started second", "EUR", "", "{'type':'TIME','price':3.60,'step_size':1}", 1, 1001, 0, 0, 0, "0.002", "0.002" },
};

static void
test_vector (gconstpointer data)
{
  const Vector *v = data;
  g_autoptr (TwTariff) tariff = case_tariff (v->currency, v->members, v->components);
  g_autoptr (TwBill) bill = case_bill (tariff, v->energy_wh, v->charging_ms, v->parking_ms);

  g_assert_cmpint (tw_bill_net (bill).minor, ==, v->net_minor);
  g_assert_cmpint (tw_bill_gross (bill).minor, ==, v->gross_minor);
  g_assert_cmpstr (tw_bill_gross (bill).currency, ==, v->currency);
  if (v->exact_net)
    g_assert_cmpstr (tw_bill_exact_net (bill), ==, v->exact_net);
  if (v->exact_gross)
    g_assert_cmpstr (tw_bill_exact_gross (bill), ==, v->exact_gross);
}

static void
test_lines (void)
{
  g_autoptr (TwTariff) tariff = case_tariff ("EUR", "'max_price':{'excl_vat':6.00,'incl_vat':6.80},",
                                             START ENERGY ",{'type':'TIME','price':1,'step_size':0},"
                                             "{'type':'PARKING_TIME','price':2.00,'vat':20.0,'step_size':900}");
  g_autoptr (TwBill) bill = case_bill (tariff, 20000, 90500, 40 * MINUTE);
  const TwLineKind kinds[] = { TW_LINE_FLAT, TW_LINE_ENERGY, TW_LINE_TIME, TW_LINE_PARKING_TIME, TW_LINE_ADJUSTMENT };
  const gint64 quantities[] = { 1, 20000, 90, 2700, 1 }, durations[] = { 0, 0, 90500, 2700000, 0 };
  /* 0.50, 5.00, 0.025138.., 1.50; net 7.03, gross 7.93 before the limits: what exceeds them is taken back. */
  const gint64 nets[] = { 50, 500, 3, 150, -103 }, grosses[] = { 60, 550, 3, 180, -113 };
  const char *const prices[] = { "0.50", "0.25", "1", "2.00", NULL };
  const char *const gross_prices[] = { "0.60", "0.275", "1.00", "2.40", NULL };
  const char *const taxes[] = { "20.0", "10.0", NULL, "20.0", NULL };

  g_assert_cmpuint (tw_bill_n_lines (bill), ==, G_N_ELEMENTS (kinds));
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      const TwLine *line = tw_bill_line (bill, i);

      g_assert_cmpint (line->kind, ==, kinds[i]);
      g_assert_cmpint (line->quantity, ==, quantities[i]);
      g_assert_cmpint (line->duration_ms, ==, durations[i]);
      g_assert_cmpint (line->net_minor, ==, nets[i]);
      g_assert_cmpint (line->gross_minor, ==, grosses[i]);
      g_assert_cmpstr (line->unit_price, ==, prices[i]);
      g_assert_cmpstr (line->gross_price, ==, gross_prices[i]);
      g_assert_cmpstr (line->tax_percent, ==, taxes[i]);
      g_assert_false (line->tax_unknown);
    }
  g_assert_cmpint (tw_bill_net (bill).minor, ==, 600);
  g_assert_cmpint (tw_bill_gross (bill).minor, ==, 680);
}

/* 0.004 + 0.004 + 0.003 = 0.011: one cent for three lines, and the first of the largest rests has it. */
static void
test_largest_remainder (void)
{
  g_autoptr (TwTariff) tariff = case_tariff ("EUR", "", "{'type':'ENERGY','price':0.003,'step_size':1},"
                                             "{'type':'TIME','price':0.004,'step_size':1},"
                                             "{'type':'PARKING_TIME','price':0.004,'step_size':1}");
  g_autoptr (TwBill) bill = case_bill (tariff, 1000, 60 * MINUTE, 60 * MINUTE);
  const gint64 grosses[] = { 0, 1, 0 };

  g_assert_cmpstr (tw_bill_exact_gross (bill), ==, "0.011");
  g_assert_cmpint (tw_bill_gross (bill).minor, ==, 1);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpint (tw_bill_line (bill, i)->gross_minor, ==, grosses[i]);
}

static void
test_unknown_net (void)
{
  g_autoptr (TwTariff) tariff = case_tariff ("USD", "'tax_included':'YES',"
                                             "'min_price':{'before_taxes':9,'after_taxes':9.5},",
                                             "{'type':'ENERGY','price':0.50,'step_size':1}");
  g_autoptr (TwBill) bill = case_bill (tariff, 10000, MINUTE, 0);
  g_autoptr (TwBill) more = case_bill (tariff, 20000, MINUTE, 0);

  g_assert_false (tw_bill_net_known (bill));
  g_assert_true (tw_bill_line (bill, 0)->tax_unknown);
  g_assert_null (tw_bill_line (bill, 0)->tax_percent);
  g_assert_cmpint (tw_bill_gross (bill).minor, ==, 950);
  g_assert_cmpint (tw_bill_gross (more).minor, ==, 1000);
}

static void
test_exact_is_cut (void)
{
  g_autoptr (TwTariff) tariff = case_tariff ("EUR", "'tax_included':'YES',",
                                             "{'type':'ENERGY','price':0.49,'vat':19,'step_size':1}");
  g_autoptr (TwBill) cut = case_bill (tariff, 20450, MINUTE, 0);
  g_autoptr (TwBill) whole = case_bill (tariff, 119000, MINUTE, 0);

  g_assert_true (tw_bill_exact_is_cut (cut));
  g_assert_false (tw_bill_exact_is_cut (whole));
  g_assert_cmpstr (tw_bill_exact_net (whole), ==, "49.00");
}

static void
test_first_element_wins (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TwTariff) tariff = case_parse ("{'id':'T','currency':'EUR','elements':["
    "{'price_components':[{'type':'FLAT','price':1,'step_size':1}],'restrictions':{}},"
    "{'price_components':[{'type':'FLAT','price':9,'step_size':1},{'type':'ENERGY','price':0.5,'step_size':1}]},"
    "{'price_components':[{'type':'ENERGY','price':9,'step_size':1}],'restrictions':null}]}", &error);
  g_autoptr (TwBill) bill = NULL;

  g_assert_no_error (error);
  bill = case_bill (tariff, 2000, MINUTE, 0);
  g_assert_cmpint (tw_bill_gross (bill).minor, ==, 200);
}

static void
test_blocked_time_is_free (void)
{
  g_autoptr (TwTariff) tariff = case_tariff ("EUR", "", "{'type':'TIME','price':6,'step_size':60},"
                                             "{'type':'PARKING_TIME','price':6,'step_size':60}");
  g_autoptr (TwUsage) usage = case_usage (1000, 30 * MINUTE, 0);
  g_autoptr (TwBill) bill = NULL;

  tw_usage_add (usage, (TwSlice) { TW_PHASE_BLOCKED, 0, 600 * MINUTE, 0 });
  bill = tw_tariff_price (tariff, usage, NULL);
  g_assert_cmpint (tw_bill_gross (bill).minor, ==, 300);
}

/* Charging, parking, charging again: the charging time is one total and takes the step, parking is exact. */
static void
test_last_period_takes_the_step (void)
{
  g_autoptr (TwTariff) tariff = case_tariff ("EUR", "", "{'type':'TIME','price':60,'step_size':600},"
                                             "{'type':'PARKING_TIME','price':6,'step_size':600}");
  g_autoptr (TwUsage) usage = case_usage (1000, 4 * MINUTE, MINUTE);
  g_autoptr (TwBill) bill = NULL;

  tw_usage_add (usage, (TwSlice) { TW_PHASE_CHARGING, 0, 7 * MINUTE, 0 });
  tw_usage_add (usage, (TwSlice) { TW_PHASE_BLOCKED, 0, MINUTE, 0 });
  bill = tw_tariff_price (tariff, usage, NULL);
  g_assert_cmpint (tw_bill_gross (bill).minor, ==, 2000 + 10);
}

static void
test_negative_usage_is_nothing (void)
{
  g_autoptr (TwUsage) usage = case_usage (1000, MINUTE, 0);
  g_autoptr (TwUsage) copy = NULL;

  tw_usage_add (usage, (TwSlice) { TW_PHASE_CHARGING, 0, -5, -5 });
  tw_usage_add (usage, (TwSlice) { TW_PHASE_PARKING, 0, G_MININT64, G_MININT64 });
  copy = tw_usage_copy (usage);
  g_assert_cmpint (tw_usage_energy_wh (copy), ==, 1000);
  g_assert_cmpint (tw_usage_duration_ms (copy, TW_PHASE_CHARGING), ==, MINUTE);
  g_assert_cmpint (tw_usage_duration_ms (copy, TW_PHASE_PARKING), ==, 0);
}

static void
test_overflow (void)
{
  const char *const tariffs[] = {
    "{'type':'TIME','price':1,'step_size':3600}", "{'type':'ENERGY','price':90000000,'vat':19.9999,'step_size':1}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (tariffs); i++)
    {
      g_autoptr (TwTariff) tariff = case_tariff ("EUR", "", tariffs[i]);
      g_autoptr (TwUsage) usage = case_usage (G_MAXINT64, G_MAXINT64, 0);
      g_autoptr (GError) error = NULL;

      tw_usage_add (usage, (TwSlice) { TW_PHASE_CHARGING, 0, G_MAXINT64, G_MAXINT64 });
      g_assert_null (tw_tariff_price (tariff, usage, &error));
      g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
      g_assert_cmpint (tw_tariff_bound_minor (tariff, usage, TW_PHASE_CHARGING, 0, 0), ==, G_MAXINT64);
    }
}

static void
test_bound (void)
{
  g_autoptr (TwTariff) tariff = case_tariff ("EUR", "", START ENERGY ",{'type':'TIME','price':6.00,'step_size':600},"
                                             "{'type':'PARKING_TIME','price':0.60,'step_size':60}");
  g_autoptr (TwUsage) none = tw_usage_new ();
  g_autoptr (TwUsage) usage = case_usage (4000, 12 * MINUTE, 0);

  /* Now: 0.60 + 1.10 + 20 min at 0.10. */
  g_assert_cmpint (tw_tariff_bound_minor (tariff, usage, TW_PHASE_CHARGING, 0, 11000), ==, 370);
  /* 8 min more are still in the started step: only 1,467 Wh of energy are added, 0.403425. */
  g_assert_cmpint (tw_tariff_bound_minor (tariff, usage, TW_PHASE_CHARGING, 8 * MINUTE, 11000), ==, 410);
  g_assert_cmpint (tw_tariff_bound_minor (tariff, usage, TW_PHASE_CHARGING, 8 * MINUTE + 1, 11000), ==, 510);
  /* Parking takes the charging step back (1.20 for 2.00), so that now is the highest for a long time. */
  g_assert_cmpint (tw_tariff_bound_minor (tariff, usage, TW_PHASE_PARKING, 10 * MINUTE, 0), ==, 370);
  g_assert_cmpint (tw_tariff_bound_minor (tariff, usage, TW_PHASE_PARKING, 100 * MINUTE, 0), ==, 390);
  g_assert_cmpint (tw_tariff_bound_minor (tariff, usage, TW_PHASE_BLOCKED, 100 * MINUTE, 0), ==, 370);
  /* Nothing was delivered and nothing will be: nothing can be due. With power, the start fee at least. */
  g_assert_cmpint (tw_tariff_bound_minor (tariff, none, TW_PHASE_PARKING, 100 * MINUTE, 0), ==, 0);
  g_assert_cmpint (tw_tariff_bound_minor (tariff, none, TW_PHASE_CHARGING, 0, 11000), ==, 0);
  g_assert_cmpint (tw_tariff_bound_minor (tariff, none, TW_PHASE_CHARGING, 1, 1), ==, 160);
  g_assert_cmpint (tw_tariff_bound_minor (tariff, none, TW_PHASE_CHARGING, G_MAXINT64, G_MAXINT64), ==, G_MAXINT64);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_autofree char *path = g_strconcat ("/tariff/vector/", vectors[i].name, NULL);

      g_test_add_data_func (path, &vectors[i], test_vector);
    }
  g_test_add_func ("/tariff/lines-say-what-was-billed", test_lines);
  g_test_add_func ("/tariff/the-largest-remainder-gets-the-cent", test_largest_remainder);
  g_test_add_func ("/tariff/unknown-tax-is-not-zero", test_unknown_net);
  g_test_add_func ("/tariff/exact-amounts-say-when-they-are-cut", test_exact_is_cut);
  g_test_add_func ("/tariff/the-first-element-of-a-dimension-wins", test_first_element_wins);
  g_test_add_func ("/tariff/blocked-time-is-free", test_blocked_time_is_free);
  g_test_add_func ("/tariff/only-the-last-kind-of-time-takes-its-step", test_last_period_takes_the_step);
  g_test_add_func ("/tariff/negative-usage-is-nothing", test_negative_usage_is_nothing);
  g_test_add_func ("/tariff/overflow-is-an-error-and-saturates-the-bound", test_overflow);
  g_test_add_func ("/tariff/bound-covers-started-steps-and-what-may-come", test_bound);

  return g_test_run ();
}
