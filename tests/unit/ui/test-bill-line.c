/* SPDX-License-Identifier: Apache-2.0 */
/* What the screen says of a receipt's lines; the sentences are written by hand from the JSON beside them. */
#include "ui/bill-line.h"

#include <string.h>

#define NBSP "\302\240"

static const char RECEIPT[] =
  "{'currency':'EUR','total':{'gross_minor':2800},'items':["
  "{'kind':'energy','quantity':'20.500','unit':'kWh','price_per':'kWh','unit_price':'0.49','amount_minor':1005,"
  " 'begin':{'utc':'2026-11-22T21:00:05Z','local':'2026-11-22T22:00:05+01:00'},"
  " 'end':{'utc':'2026-11-23T05:00:00Z','local':'2026-11-23T06:00:00+01:00'},'periods':2,'reservation':false,"
  " 'reason':'start_time 22:00, end_time 06:00, min_kwh 20','step_size':100,'added_by_step':'0.050',"
  " 'flags':['interpolated','step']},"
  "{'kind':'time','quantity':'3723.250','unit':'s','price_per':'h','unit_price':'6.00','amount_minor':621,"
  " 'begin':{'local':'2026-11-22T10:00:00+01:00'},'end':{'local':'2026-11-22T11:02:03+01:00'},'periods':1,"
  " 'reservation':true,'reason':null,'step_size':0,'added_by_step':'0.000','flags':[]},"
  "{'kind':'adjustment','amount_minor':-399},"
  "{'kind':'rounding','amount_minor':1},"
  "{'kind':'flat','amount_minor':1}]}";

static const struct { const char *language, *name, *details; } rows[][2] = {
  { { "en", "Energy", "20.500" NBSP "kWh × €0.49 per kWh\n11-22 22:00:05 – 11-23 06:00:00, in 2 parts\n"
      "Price: 22:00-06:00, from 20 kWh\nincl. 0.050" NBSP "kWh, billed in steps of 0.100" NBSP "kWh\n"
      "Meter at the price change: computed." },
    { "de", "Energie", "20,500" NBSP "kWh × 0,49" NBSP "€ pro kWh\n22.11. 22:00:05 – 23.11. 06:00:00, in 2 Teilen\n"
      "Preis: 22:00-06:00, ab 20 kWh\ninkl. 0,050" NBSP "kWh, Abrechnung je 0,100" NBSP "kWh\n"
      "Zähler beim Preiswechsel: berechnet." } },
  { { "en", "Reservation", "62 min 03.250 s × €6.00 per hour\n10:00:00 – 11:02:03" },
    { "de", "Reservierung", "62 Min. 03,250 s × 6,00" NBSP "€ pro Stunde\n10:00:00 – 11:02:03" } },
  { { "en", "Down to the highest price per session", "€28.00 instead of €31.99" },
    { "de", NULL, "28,00" NBSP "€ statt 31,99" NBSP "€" } },
  { { "en", "Rounding", "Only the total is rounded, from exact amounts. This is the difference." },
    { "de", "Rundung", NULL } },
  { { "en", "Fee per session", "" }, { "de", NULL, "" } },
};

static void
test_lines (void)
{
  g_autofree char *text = g_strdelimit (g_strdup (RECEIPT), "'", '"');
  g_autoptr (TwJson) receipt = tw_json_parse (text, strlen (text), &TW_JSON_SMALL, NULL);
  const TwJson *items = tw_json_member (receipt, "items");

  g_assert_cmpuint (tw_json_length (items), ==, G_N_ELEMENTS (rows));
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    for (guint j = 0; j < 2; j++)
      {
        const TwJson *item = tw_json_element (items, i);
        g_autofree char *details = tw_bill_line_details (item, receipt, rows[i][j].language);

        if (rows[i][j].name != NULL)
          g_assert_cmpstr (tw_bill_line_name (item, rows[i][j].language), ==, rows[i][j].name);
        if (rows[i][j].details != NULL)
          g_assert_cmpstr (details ? details : "", ==, rows[i][j].details);
      }
}

/* It comes over the bus: what is missing or strange is left out. */
static void
test_strange_items (void)
{
  const char *const items[] = {
    "{}", "[]", "{\"kind\":1}", "{\"kind\":\"energy\",\"quantity\":\"x\",\"unit_price\":\"1\",\"price_per\":\"kWh\"}",
    "{\"kind\":\"time\",\"quantity\":\"\",\"begin\":{\"local\":\"today\"},\"flags\":[7,\"new\"],\"reason\":\"\"}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (items); i++)
    {
      g_autoptr (TwJson) item = tw_json_parse (items[i], strlen (items[i]), &TW_JSON_SMALL, NULL);
      g_autofree char *details = tw_bill_line_details (item, item, "en");

      g_assert_nonnull (item);
      g_assert_nonnull (tw_bill_line_name (item, "en"));
      g_assert_cmpstr (details ? details : "", ==, "");
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ui/bill-line/what-it-takes-to-check-it", test_lines);
  g_test_add_func ("/ui/bill-line/strange-items-are-harmless", test_strange_items);

  return g_test_run ();
}
