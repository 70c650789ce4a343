/* SPDX-License-Identifier: Apache-2.0 */
/* The words are written by hand from the terms, as a driver would say them. */
#include "app/base/tariff-terms.h"

static void
test_words (void)
{
  static const struct { const char *terms, *english, *german; } rows[] = {
    { "start_time 22:00, end_time 06:00", "22:00-06:00", "22:00-06:00" },
    { "start_time 18:30", "18:30-24:00", "18:30-24:00" },
    { "end_time 07:15", "00:00-07:15", "00:00-07:15" },
    { "start_time 18:00, end_time 00:00", "18:00-24:00", "18:00-24:00" },
    { "start_time 08:00, end_time 08:00", "00:00-24:00", "00:00-24:00" },
    { "min_kwh 20.50, max_kwh 40", "from 20.5 kWh, up to 40 kWh", "ab 20,5 kWh, bis 40 kWh" },
    { "min_kwh 20.0", "from 20 kWh", "ab 20 kWh" },
    { "min_duration 3600, max_duration 5401", "after 60 min, until 5401 s", "nach 60 Min., bis 5401 s" },
    { "min_current 16, max_current 32.5", "from 16 A, below 32.5 A", "ab 16 A, unter 32,5 A" },
    { "max_power 16, min_power 3.700", "from 3.7 kW, below 16 kW", "ab 3,7 kW, unter 16 kW" },
    { "day_of_week MONDAY TUESDAY WEDNESDAY FRIDAY", "Mon-Wed, Fri", "Mo-Mi, Fr" },
    { "day_of_week SUNDAY SATURDAY", "Sat, Sun", "Sa, So" },
    { "start_date 2026-12-24, end_date 2027-01-01", "from 2026-12-24, until 2026-12-31",
      "ab 24.12.2026, bis 31.12.2026" },
    { "reservation RESERVATION, min_duration 600", "reservation, after 10 min", "Reservierung, nach 10 Min." },
    { "reservation RESERVATION_EXPIRES", "reservation that is not used", "nicht genutzte Reservierung" },
    { "start_time 22:00, end_time 06:00, day_of_week SATURDAY, min_kwh 20", "22:00-06:00, Sat, from 20 kWh",
      "22:00-06:00, Sa, ab 20 kWh" },
    { "max_moons 3", "max_moons 3", "max_moons 3" },
    { "strange", "strange ", "strange " },
    { "", "", "" },
    { "start_date tomorrow", "", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *english = tw_tariff_terms_say (rows[i].terms, "en");
      g_autofree char *german = tw_tariff_terms_say (rows[i].terms, "de-AT");

      g_assert_cmpstr (english, ==, rows[i].english);
      g_assert_cmpstr (german, ==, rows[i].german);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/tariff-terms/are-said-as-drivers-say-them", test_words);

  return g_test_run ();
}
