/* SPDX-License-Identifier: Apache-2.0 */
/* Elements that do not always apply: the worked examples of facts/tariff.md section 5 that have them, and the instants
 * at which one element ends and another begins. Amounts by hand, from the rules.
 */
#include "tests/unit/tariff/case.h"

#include "payment/tariff/price-board.h"
#include "payment/tariff/pricer.h"

#include <string.h>

#define MINUTE ((gint64) 60000)
#define HOUR (60 * MINUTE)
#define KWH ((gint64) 1000000)

static TwTariff *
parse (const char *text,
       const char *zone_name)
{
  g_autofree char *json = g_strdelimit (g_strdup (text), "'", '"');
  g_autoptr (GBytes) bytes = g_bytes_new (json, strlen (json));
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier (zone_name);
  g_autoptr (GError) error = NULL;
  TwTariff *tariff = tw_tariff_parse_in (bytes, zone, TW_TARIFF_WALK_UP, &error);

  g_assert_nonnull (zone);
  g_assert_no_error (error);

  return tariff;
}

static gint64
utc_ms (const char *text)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (text, utc);

  return g_date_time_to_unix (time) * 1000;
}

static void
check (const TwPricer *pricer,
       const char     *net,
       const char     *gross)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TwBill) bill = tw_pricer_bill (pricer, &error);
  gint64 nets = 0, grosses = 0;

  g_assert_no_error (error);
  g_assert_cmpstr (tw_bill_exact_net (bill), ==, net);
  g_assert_cmpstr (tw_bill_exact_gross (bill), ==, gross);
  for (guint i = 0; i < tw_bill_n_lines (bill); i++)
    {
      nets += tw_bill_line (bill, i)->net_minor;
      grosses += tw_bill_line (bill, i)->gross_minor;
    }
  g_assert_cmpint (nets, ==, tw_bill_net (bill).minor);
  g_assert_cmpint (grosses, ==, tw_bill_gross (bill).minor);
}

static void
feed (TwPricer *pricer,
      TwPhase   phase,
      gint64    start_ms,
      gint64    minutes,
      gint64    energy_mwh)
{
  const TwSpan span = { phase, start_ms, minutes * MINUTE, energy_mwh };

  tw_pricer_feed (pricer, &span);
}

/* T13: price from the JSON, 1.25/h (decision 6). 2026-06-13 is a Saturday. */
static void
test_t13 (void)
{
  g_autoptr (TwTariff) tariff = parse ("{'id':'T13','currency':'EUR','elements':["
    "{'price_components':[{'type':'FLAT','price':2.5,'vat':15,'step_size':1}]},"
    "{'price_components':[{'type':'TIME','price':1,'vat':20,'step_size':900}],'restrictions':{'max_current':32}},"
    "{'price_components':[{'type':'TIME','price':2,'vat':20,'step_size':600}],'restrictions':{'min_current':32,"
    "'day_of_week':['MONDAY','TUESDAY','WEDNESDAY','THURSDAY','FRIDAY']}},"
    "{'price_components':[{'type':'TIME','price':1.25,'vat':20,'step_size':600}],'restrictions':{'min_current':32,"
    "'day_of_week':['SATURDAY','SUNDAY']}},"
    "{'price_components':[{'type':'PARKING_TIME','price':5,'vat':10,'step_size':300}],'restrictions':{"
    "'start_time':'09:00','end_time':'18:00','day_of_week':['MONDAY','TUESDAY','WEDNESDAY','THURSDAY','FRIDAY']}},"
    "{'price_components':[{'type':'PARKING_TIME','price':6,'vat':10,'step_size':300}],'restrictions':{"
    "'start_time':'10:00','end_time':'17:00','day_of_week':['SATURDAY']}}]}", "Europe/Amsterdam");
  g_autoptr (TwPricer) pricer = tw_pricer_new (tariff);
  gint64 start = utc_ms ("2026-06-13T11:30:00Z");   /* 13:30 in Amsterdam */
  TwSpan charging = {
    .phase = TW_PHASE_CHARGING, .start_ms = start, .duration_ms = 114 * MINUTE, .energy_mwh = 10 * KWH,
    .has_current = TRUE, .min_current_ma = 43000, .max_current_ma = 43000,
  };

  tw_pricer_feed (pricer, &charging);
  feed (pricer, TW_PHASE_PARKING, start + 114 * MINUTE, 71, 0);
  check (pricer, "12.375", "13.975");
}

static void
test_t15 (void)
{
  g_autoptr (TwTariff) tariff = parse ("{'id':'T15','currency':'EUR','elements':["
    "{'price_components':[{'type':'TIME','price':5,'vat':20,'step_size':60}],"
    "'restrictions':{'reservation':'RESERVATION'}},"
    "{'price_components':[{'type':'FLAT','price':0.5,'vat':20,'step_size':1},"
    "{'type':'ENERGY','price':0.25,'vat':10,'step_size':1}]}]}", "UTC");
  g_autoptr (TwPricer) pricer = tw_pricer_new (tariff);

  feed (pricer, TW_PHASE_RESERVATION, 0, 15, 0);
  feed (pricer, TW_PHASE_CHARGING, 15 * MINUTE, 60, 20 * KWH);
  check (pricer, "6.75", "7.60");
}

static void
test_t17b (void)
{
  g_autoptr (TwTariff) tariff = parse ("{'id':'T17b','currency':'EUR','min_price':{'excl_vat':99},'elements':["
    "{'price_components':[{'type':'FLAT','price':4,'vat':20,'step_size':1}],"
    "'restrictions':{'reservation':'RESERVATION_EXPIRES'}},"
    "{'price_components':[{'type':'TIME','price':2,'vat':20,'step_size':600}],"
    "'restrictions':{'reservation':'RESERVATION'}},"
    "{'price_components':[{'type':'ENERGY','price':0.25,'vat':10,'step_size':1}]}]}", "UTC");
  g_autoptr (TwPricer) expired = tw_pricer_new (tariff);

  feed (expired, TW_PHASE_RESERVATION_EXPIRED, 0, 60, 0);
  check (expired, "6.00", "7.20");
}

static void
test_s03 (void)
{
  g_autoptr (TwTariff) tariff = parse ("{'id':'S03','currency':'EUR','elements':["
    "{'price_components':[{'type':'TIME','price':1.2,'step_size':1800}],'restrictions':{'end_time':'17:00'}},"
    "{'price_components':[{'type':'TIME','price':2.4,'step_size':900}],'restrictions':{'start_time':'17:00'}},"
    "{'price_components':[{'type':'PARKING_TIME','price':1,'step_size':900}],"
    "'restrictions':{'end_time':'20:00'}}]}", "Europe/Berlin");
  g_autoptr (TwPricer) pricer = tw_pricer_new (tariff);
  gint64 start = utc_ms ("2026-01-15T18:40:00Z");

  feed (pricer, TW_PHASE_CHARGING, start, 12, KWH);
  feed (pricer, TW_PHASE_PARKING, start + 12 * MINUTE, 20, 0);
  check (pricer, "0.73", "0.73");
}

static void
test_r01 (void)
{
  g_autoptr (TwTariff) tariff = parse ("{'id':'R01','currency':'EUR','elements':["
    "{'price_components':[{'type':'ENERGY','price':0.2,'vat':20,'step_size':1}],'restrictions':{'max_power':16}},"
    "{'price_components':[{'type':'ENERGY','price':0.35,'vat':20,'step_size':1}],'restrictions':{'max_power':32}},"
    "{'price_components':[{'type':'ENERGY','price':0.5,'vat':20,'step_size':1}]}]}", "UTC");
  g_autoptr (TwPricer) pricer = tw_pricer_new (tariff);
  const struct { gint64 minutes, mwh, kw; } parts[] = { { 10, KWH, 6 }, { 50, 40 * KWH, 48 }, { 7, KWH / 2, 4 } };
  gint64 at = 0;

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      const TwSpan span = {
        .phase = TW_PHASE_CHARGING, .start_ms = at, .duration_ms = parts[i].minutes * MINUTE,
        .energy_mwh = parts[i].mwh, .has_power = TRUE, .min_power_mw = parts[i].kw * KWH,
        .max_power_mw = parts[i].kw * KWH,
      };

      tw_pricer_feed (pricer, &span);
      at += span.duration_ms;
    }
  check (pricer, "20.30", "24.36");
}

/* 22:00 to 06:00 in the night of the change is 7 hours in spring and 9 in autumn (3.7). */
static void
test_nights_of_the_change (void)
{
  const char *const text = "{'id':'N','currency':'EUR','elements':["
    "{'price_components':[{'type':'TIME','price':1,'step_size':1}],"
    "'restrictions':{'start_time':'22:00','end_time':'06:00'}},"
    "{'price_components':[{'type':'TIME','price':10,'step_size':1}]}]}";
  g_autoptr (TwTariff) tariff = parse (text, "Europe/Berlin");
  g_autoptr (TwPricer) spring = tw_pricer_new (tariff), autumn = tw_pricer_new (tariff);

  /* 21:00 local the day before, to 07:00 local: 1 + 7 + 1 and 1 + 9 + 1 hours. */
  feed (spring, TW_PHASE_CHARGING, utc_ms ("2026-03-28T20:00:00Z"), 9 * 60, KWH);
  feed (autumn, TW_PHASE_CHARGING, utc_ms ("2026-10-24T19:00:00Z"), 11 * 60, KWH);
  check (spring, "27.00", "27.00");
  check (autumn, "29.00", "29.00");
}

/* The missing hour has no 02:30; the window begins at 03:00 and is half an hour short. The doubled hour has two. */
static void
test_windows_inside_the_change (void)
{
  const char *const text = "{'id':'N','currency':'EUR','elements':["
    "{'price_components':[{'type':'TIME','price':1,'step_size':1}],"
    "'restrictions':{'start_time':'02:30','end_time':'03:30'}}]}";
  g_autoptr (TwTariff) tariff = parse (text, "Europe/Berlin");
  g_autoptr (TwPricer) spring = tw_pricer_new (tariff), autumn = tw_pricer_new (tariff);

  feed (spring, TW_PHASE_CHARGING, utc_ms ("2026-03-28T23:00:00Z"), 6 * 60, KWH);
  feed (autumn, TW_PHASE_CHARGING, utc_ms ("2026-10-24T22:00:00Z"), 7 * 60, KWH);
  check (spring, "0.50", "0.50");
  check (autumn, "1.50", "1.50");   /* 02:30-03:00 summer time, 02:30-03:30 winter time */
}

/* 10 kWh in an hour; the bound at 4 kWh is reached after 24 minutes. */
static void
test_energy_bound_is_cut_exactly (void)
{
  g_autoptr (TwTariff) tariff = parse ("{'id':'K','currency':'EUR','elements':["
    "{'price_components':[{'type':'ENERGY','price':1,'step_size':1},{'type':'TIME','price':60,'step_size':1}],"
    "'restrictions':{'max_kwh':4}},"
    "{'price_components':[{'type':'ENERGY','price':0.1,'step_size':1}]}]}", "UTC");
  g_autoptr (TwPricer) pricer = tw_pricer_new (tariff);

  feed (pricer, TW_PHASE_CHARGING, 0, 60, 10 * KWH);
  check (pricer, "28.60", "28.60");
}

/* 1 kWh in 7 minutes, the price changes after 1: 142.857 Wh are taken to be 143. */
static void
test_time_bound_is_interpolated (void)
{
  g_autoptr (TwTariff) tariff = parse ("{'id':'I','currency':'EUR','elements':["
    "{'price_components':[{'type':'ENERGY','price':1,'step_size':1}],'restrictions':{'end_time':'00:01'}},"
    "{'price_components':[{'type':'ENERGY','price':0,'step_size':1}]}]}", "UTC");
  g_autoptr (TwPricer) pricer = tw_pricer_new (tariff);
  g_autoptr (TwBill) bill = NULL;

  feed (pricer, TW_PHASE_CHARGING, 0, 7, KWH);
  check (pricer, "0.143", "0.143");
  bill = tw_pricer_bill (pricer, NULL);
  g_assert_cmpuint (tw_bill_line (bill, 0)->flags, ==, TW_FLAG_INTERPOLATED);
  g_assert_cmpstr (tw_bill_line (bill, 0)->reason, ==, "end_time 00:01");
}

static void
test_unknown_power_matches_nothing (void)
{
  g_autoptr (TwTariff) tariff = parse ("{'id':'U','currency':'EUR','elements':["
    "{'price_components':[{'type':'ENERGY','price':1,'step_size':1}],'restrictions':{'min_power':0}},"
    "{'price_components':[{'type':'ENERGY','price':0.5,'step_size':1}]}]}", "UTC");
  g_autoptr (TwPricer) pricer = tw_pricer_new (tariff);

  feed (pricer, TW_PHASE_CHARGING, 0, 7, KWH);
  check (pricer, "0.50", "0.50");
}

/* Age counts from the beginning, pauses included, reservation excluded (decision 15). */
static void
test_age (void)
{
  g_autoptr (TwTariff) tariff = parse ("{'id':'A','currency':'EUR','elements':["
    "{'price_components':[{'type':'TIME','price':60,'step_size':1},{'type':'PARKING_TIME','price':60,'step_size':1}],"
    "'restrictions':{'min_duration':3600}}]}", "UTC");
  g_autoptr (TwPricer) pricer = tw_pricer_new (tariff);

  feed (pricer, TW_PHASE_RESERVATION, 0, 100, 0);
  feed (pricer, TW_PHASE_CHARGING, 100 * MINUTE, 30, KWH);
  feed (pricer, TW_PHASE_BLOCKED, 130 * MINUTE, 20, 0);
  feed (pricer, TW_PHASE_PARKING, 150 * MINUTE, 15, 0);
  check (pricer, "5.00", "5.00");
}

static void
test_next_change (void)
{
  g_autoptr (TwTariff) tariff = parse ("{'id':'C','currency':'EUR','elements':["
    "{'price_components':[{'type':'ENERGY','price':0.3,'step_size':1}],"
    "'restrictions':{'start_time':'22:00','end_time':'06:00'}},"
    "{'price_components':[{'type':'ENERGY','price':0.6,'step_size':1}],'restrictions':{'min_kwh':20}},"
    "{'price_components':[{'type':'ENERGY','price':0.5,'step_size':1}]}]}", "Europe/Berlin");
  g_autoptr (TwPricer) pricer = tw_pricer_new (tariff);
  TwPriceChange change;
  TwPriceTag tag;

  feed (pricer, TW_PHASE_CHARGING, utc_ms ("2026-07-01T10:00:00Z"), 60, 5 * KWH);
  g_assert_cmpstr (tw_pricer_in_force (pricer, TW_PHASE_CHARGING, TW_LINE_ENERGY, &tag)->gross_price, ==, "0.50");
  g_assert_null (tw_pricer_in_force (pricer, TW_PHASE_CHARGING, TW_LINE_TIME, &tag));
  g_assert_true (tw_pricer_next_change (pricer, TW_PHASE_CHARGING, &change));
  g_assert_true (change.at_time && change.time_has && change.at_energy && change.energy_has);
  g_assert_cmpint (change.wall_ms, ==, utc_ms ("2026-07-01T20:00:00Z"));
  g_assert_cmpstr (change.time_tag.gross_price, ==, "0.30");
  g_assert_cmpint (change.energy_mwh, ==, 20 * KWH);
  g_assert_cmpstr (change.energy_tag.gross_price, ==, "0.60");
}

/* Berlin: on 29 March 02:30 does not exist, and the window begins with the hour after the gap, 01:00 UTC; on 25 October
 * it comes twice, and between the two 02:00 is no longer inside. UTC instants counted by hand. */
static void
test_next_change_on_the_nights_of_the_change (void)
{
  g_autoptr (TwTariff) tariff = parse ("{'id':'D','currency':'EUR','elements':["
    "{'price_components':[{'type':'ENERGY','price':0.3,'step_size':1}],"
    "'restrictions':{'start_time':'02:30','end_time':'05:00'}},"
    "{'price_components':[{'type':'ENERGY','price':0.5,'step_size':1}]}]}", "Europe/Berlin");
  const struct { const char *now, *then; const char *price; } rows[] = {
    { "2026-03-29T00:50:00Z", "2026-03-29T01:00:00Z", "0.30" },
    { "2026-03-29T01:10:00Z", "2026-03-29T03:00:00Z", "0.50" },
    { "2026-10-24T23:50:00Z", "2026-10-25T00:30:00Z", "0.30" },
    { "2026-10-25T00:40:00Z", "2026-10-25T01:00:00Z", "0.50" },
    { "2026-10-25T01:10:00Z", "2026-10-25T01:30:00Z", "0.30" },
    { "2026-10-25T01:40:00Z", "2026-10-25T04:00:00Z", "0.50" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (TwPricer) pricer = tw_pricer_new (tariff);
      TwPriceChange change;

      feed (pricer, TW_PHASE_CHARGING, utc_ms (rows[i].now) - MINUTE, 1, KWH);
      g_assert_true (tw_pricer_next_change (pricer, TW_PHASE_CHARGING, &change));
      g_assert_cmpint (change.wall_ms, ==, utc_ms (rows[i].then));
      g_assert_cmpstr (change.time_tag.gross_price, ==, rows[i].price);
    }
}

/* Midnights and windows that change nothing lie between, and a week is the longest that a weekday can be away. */
static void
test_next_change_days_ahead (void)
{
  g_autoptr (TwTariff) tariff = parse ("{'id':'W','currency':'EUR','elements':["
    "{'price_components':[{'type':'ENERGY','price':0.3,'step_size':1}],"
    "'restrictions':{'start_time':'10:00','end_time':'11:00','day_of_week':['WEDNESDAY']}},"
    "{'price_components':[{'type':'ENERGY','price':0.5,'step_size':1}]}]}", "Europe/Berlin");
  const char *const rows[][2] = {   /* the first of July was a Wednesday */
    { "2026-07-02T10:00:00Z", "2026-07-08T08:00:00Z" },
    { "2026-07-01T09:00:00Z", "2026-07-08T08:00:00Z" },
    { "2026-07-07T23:00:00Z", "2026-07-08T08:00:00Z" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (TwPricer) pricer = tw_pricer_new (tariff);
      TwPriceChange change;

      feed (pricer, TW_PHASE_CHARGING, utc_ms (rows[i][0]) - MINUTE, 1, KWH);
      g_assert_true (tw_pricer_next_change (pricer, TW_PHASE_CHARGING, &change));
      g_assert_cmpint (change.wall_ms, ==, utc_ms (rows[i][1]));
      g_assert_cmpstr (change.time_tag.gross_price, ==, "0.30");
    }
}

/* 20 kWh, 16 kW and half an hour each change a kind of their own; the fee is in force once it is due. */
static void
test_in_force_says_why (void)
{
  g_autoptr (TwTariff) tariff = parse ("{'id':'F','currency':'EUR','tax_included':'YES','elements':["
    "{'price_components':[{'type':'ENERGY','price':0.6,'vat':19,'step_size':1}],'restrictions':{'min_kwh':20}},"
    "{'price_components':[{'type':'ENERGY','price':0.5,'vat':19,'step_size':1}],'restrictions':{'min_power':16}},"
    "{'price_components':[{'type':'ENERGY','price':0.4,'vat':19,'step_size':1},"
    "{'type':'PARKING_TIME','price':6,'vat':19,'step_size':1},{'type':'FLAT','price':1,'vat':19,'step_size':1}]},"
    "{'price_components':[{'type':'TIME','price':3,'vat':19,'step_size':1}],'restrictions':{'min_duration':1800}}]}",
    "UTC");
  g_autoptr (TwPricer) pricer = tw_pricer_new (tariff);
  gint64 start = utc_ms ("2026-07-01T10:00:00Z");
  TwSpan span = { .phase = TW_PHASE_CHARGING, .start_ms = start };
  TwPriceInForce prices[4];

  tw_pricer_feed (pricer, &span);   /* nobody has read any power yet, nor is the fee due */
  g_assert_cmpuint (tw_pricer_list_in_force (pricer, TW_PHASE_CHARGING, prices), ==, 1);
  g_assert_cmpstr (prices[0].why.tag.price, ==, "0.4");
  g_assert_cmpint (prices[0].until_mwh, ==, 20 * KWH);
  g_assert_cmpint (prices[0].until_ms, ==, 0);

  span = (TwSpan) { .phase = TW_PHASE_CHARGING, .start_ms = start, .duration_ms = 10 * MINUTE,
                    .energy_mwh = 4 * KWH, .has_power = TRUE, .min_power_mw = 24000000, .max_power_mw = 24000000 };
  tw_pricer_feed (pricer, &span);
  g_assert_cmpuint (tw_pricer_list_in_force (pricer, TW_PHASE_CHARGING, prices), ==, 2);
  g_assert_cmpint (prices[0].why.tag.kind, ==, TW_LINE_ENERGY);
  g_assert_cmpstr (prices[0].why.tag.price, ==, "0.5");
  g_assert_cmpint (prices[0].why.min_mw, ==, 16000000);
  g_assert_cmpint (prices[1].why.tag.kind, ==, TW_LINE_FLAT);

  span.start_ms += span.duration_ms;
  span.duration_ms = 30 * MINUTE;
  span.energy_mwh = 17 * KWH;
  tw_pricer_feed (pricer, &span);
  g_assert_cmpuint (tw_pricer_list_in_force (pricer, TW_PHASE_CHARGING, prices), ==, 3);
  g_assert_cmpstr (prices[0].why.tag.price, ==, "0.6");
  g_assert_cmpint (prices[0].why.min_mwh, ==, 20 * KWH);
  g_assert_cmpint (prices[0].until_mwh, ==, 0);
  g_assert_cmpint (prices[1].why.tag.kind, ==, TW_LINE_TIME);
  g_assert_cmpint (prices[1].why.min_ms, ==, 30 * MINUTE);
  g_assert_cmpuint (tw_pricer_list_in_force (pricer, TW_PHASE_PARKING, prices), ==, 2);
  g_assert_cmpint (prices[0].why.tag.kind, ==, TW_LINE_PARKING_TIME);
}

/* From a Saturday noon in Berlin, a day long: the night price begins at 22:00 and ends at 06:00; time has no price, so
 * that nothing is said of it; parking is free at first; the fee comes last. */
static void
test_offer (void)
{
  g_autoptr (TwTariff) tariff = parse ("{'id':'O','currency':'EUR','tax_included':'YES','elements':["
    "{'price_components':[{'type':'FLAT','price':1,'vat':19,'step_size':1},"
    "{'type':'TIME','price':0,'vat':19,'step_size':1}]},"
    "{'price_components':[{'type':'PARKING_TIME','price':6,'vat':19,'step_size':60}],"
    "'restrictions':{'min_duration':14400}},"
    "{'price_components':[{'type':'ENERGY','price':0.3,'vat':19,'step_size':1}],"
    "'restrictions':{'start_time':'22:00','end_time':'06:00'}},"
    "{'price_components':[{'type':'ENERGY','price':0.5,'vat':19,'step_size':1}]}]}", "Europe/Berlin");
  gint64 noon = utc_ms ("2026-06-13T10:00:00Z");
  g_autoptr (TwPriceBoard) offer = tw_price_board_new (tariff, noon, 24 * HOUR, 11000);
  const struct { TwLineKind kind; const char *price; gint64 from_h, until_h, min_ms, max_ms; } rows[] = {
    { TW_LINE_ENERGY, "0.5", 0, 10, -1, -1 }, { TW_LINE_ENERGY, "0.3", 10, 18, -1, -1 },
    { TW_LINE_ENERGY, "0.5", 18, -1, -1, -1 }, { TW_LINE_PARKING_TIME, NULL, 0, -1, -1, 4 * HOUR },
    { TW_LINE_PARKING_TIME, "6", -1, -1, 4 * HOUR, -1 }, { TW_LINE_FLAT, "1", 0, -1, -1, -1 },
  };

  g_assert_cmpuint (offer->prices->len, ==, G_N_ELEMENTS (rows));
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const TwPostedPrice *price = &g_array_index (offer->prices, TwPostedPrice, i);

      g_assert_cmpint (price->kind, ==, rows[i].kind);
      g_assert_cmpstr (price->when.tag.price, ==, rows[i].price);
      g_assert_cmpint (price->free, ==, rows[i].price == NULL);
      g_assert_cmpint (price->now, ==, rows[i].from_h == 0);
      g_assert_cmpint (price->from_ms, ==, rows[i].from_h < 0 ? 0 : noon + rows[i].from_h * HOUR);
      g_assert_cmpint (price->until_ms, ==, rows[i].until_h < 0 ? 0 : noon + rows[i].until_h * HOUR);
      g_assert_cmpint (price->when.min_ms, ==, rows[i].min_ms);
      g_assert_cmpint (price->when.max_ms, ==, rows[i].max_ms);
      g_assert_cmpint (price->when.min_mwh, ==, -1);
      g_assert_false (price->rest || price->loose || price->unknown_power || price->unknown_current);
    }
  g_assert_cmpuint (offer->conditions->len, ==, 0);
  g_assert_true (tw_price_board_costs (offer));
  g_assert_cmpint (tw_price_board_example_minor (tariff, noon, 20000, 40 * MINUTE), ==, 1100);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/tariff/restrictions/t13-weekend-by-current", test_t13);
  g_test_add_func ("/tariff/restrictions/t15-used-reservation", test_t15);
  g_test_add_func ("/tariff/restrictions/t17b-expired-reservation", test_t17b);
  g_test_add_func ("/tariff/restrictions/s03-free-parking-from-eight", test_s03);
  g_test_add_func ("/tariff/restrictions/r01-by-power", test_r01);
  g_test_add_func ("/tariff/restrictions/nights-of-the-change-are-elapsed-time", test_nights_of_the_change);
  g_test_add_func ("/tariff/restrictions/windows-inside-the-change", test_windows_inside_the_change);
  g_test_add_func ("/tariff/restrictions/energy-bound-is-cut-exactly", test_energy_bound_is_cut_exactly);
  g_test_add_func ("/tariff/restrictions/time-bound-is-interpolated-to-a-wh", test_time_bound_is_interpolated);
  g_test_add_func ("/tariff/restrictions/unknown-power-matches-nothing", test_unknown_power_matches_nothing);
  g_test_add_func ("/tariff/restrictions/age-counts-pauses-but-no-reservation", test_age);
  g_test_add_func ("/tariff/restrictions/next-change-by-clock-and-by-energy", test_next_change);
  g_test_add_func ("/tariff/restrictions/next-change-on-the-nights-of-the-change",
                   test_next_change_on_the_nights_of_the_change);
  g_test_add_func ("/tariff/restrictions/next-change-up-to-a-week-ahead", test_next_change_days_ahead);
  g_test_add_func ("/tariff/restrictions/in-force-says-why", test_in_force_says_why);
  g_test_add_func ("/tariff/restrictions/offer-says-now-and-from-when", test_offer);

  return g_test_run ();
}
