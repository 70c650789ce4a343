/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/price-print.h"
#include "app/cli/tariff-file.h"

#define MOST_WH 1000000000
#define MOST_MINUTES 1000000

static struct
{
  char    *tariff, *cdr, *time_zone, *start;
  gint64   energy_wh, minutes, parking_minutes;
  gboolean json, explain;
} options = { .energy_wh = -1, .minutes = -1, .parking_minutes = -1 };

static const GOptionEntry OPTIONS[] = {
  { "tariff", 0, 0, G_OPTION_ARG_FILENAME, &options.tariff, "the OCPI tariff", "FILE" },
  { "cdr", 0, 0, G_OPTION_ARG_FILENAME, &options.cdr, "the OCPI charge detail record to price", "FILE" },
  { "energy-wh", 0, 0, G_OPTION_ARG_INT64, &options.energy_wh, "what if: energy in Wh", "N" },
  { "minutes", 0, 0, G_OPTION_ARG_INT64, &options.minutes, "what if: minutes of charging; without it none", "N" },
  { "parking-minutes", 0, 0, G_OPTION_ARG_INT64, &options.parking_minutes, "what if: minutes plugged in after it",
    "N" },
  { "start", 0, 0, G_OPTION_ARG_STRING, &options.start, "what if: when it begins; without it now", "TIME" },
  { "time-zone", 0, 0, G_OPTION_ARG_STRING, &options.time_zone, "of the location; without it the record's, else UTC",
    "ZONE" },
  { "explain", 0, 0, G_OPTION_ARG_NONE, &options.explain, "say why, line by line and piece by piece", NULL },
  { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, "print OCPI's names; amounts as decimals", NULL },
  { NULL }
};

static const char TEXT[] =
  "Prices the charging periods of a charge detail record, or a session that you make up. The record's own totals\n"
  "are not looked at. Exact to the end, rounded once; an amount that cannot be known, because the tariff leaves a\n"
  "tax rate out, is null.\n"
  "\n"
  "  tapwatt price --tariff tariff.json --cdr cdr.json --json\n"
  "  tapwatt price --tariff tariff.json --cdr cdr.json --time-zone Europe/Berlin --explain\n"
  "  tapwatt price --tariff tariff.json --energy-wh 20000 --minutes 40 --start 2026-11-22T21:30\n"
  "\n"
  "Exit status: 0 priced; 2 the tariff or the record cannot be used, and where.\n";

static gboolean
check_options (const TwVerb *self)
{
  if (options.tariff == NULL)
    tw_verb_complain (self, "which tariff? --tariff FILE (tapwatt price --help tells more)");
  else if (options.cdr != NULL && (options.energy_wh >= 0 || options.minutes >= 0 || options.parking_minutes >= 0
                                    || options.start != NULL))
    tw_verb_complain (self, "--cdr says all of --energy-wh, --minutes, --parking-minutes and --start: expected one or "
                      "the others");
  else if (options.cdr == NULL && options.energy_wh < 0)
    tw_verb_complain (self, "price what? --cdr FILE, or --energy-wh N --minutes N");
  else if (options.energy_wh > MOST_WH || options.minutes > MOST_MINUTES || options.parking_minutes > MOST_MINUTES
           || options.parking_minutes < -1 || (options.cdr == NULL && options.minutes < -1))
    tw_verb_complain (self, "expected --energy-wh from 0 to %d, minutes from 0 to %d", MOST_WH, MOST_MINUTES);
  else
    return TRUE;

  return FALSE;
}

static void
keep_piece (const TwPiece *piece,
            gpointer       user_data)
{
  g_array_append_val ((GArray *) user_data, *piece);
}

/* A session of even power. */
static void
feed_wish (TwPricer *pricer,
           gint64    start_ms,
           TwPriced *priced)
{
  gint64 ms = MAX (options.minutes, 0) * 60000, mwh = options.energy_wh * 1000;
  gint64 power_mw = ms > 0 ? (gint64) ((__int128) mwh * 3600000 / ms) : 0;
  const TwSpan charging = {
    .phase = TW_PHASE_CHARGING, .start_ms = start_ms, .duration_ms = ms, .energy_mwh = mwh,
    .has_power = ms > 0, .min_power_mw = power_mw, .max_power_mw = power_mw,
  };
  const TwSpan parking = {
    .phase = TW_PHASE_PARKING, .start_ms = start_ms + ms, .duration_ms = MAX (options.parking_minutes, 0) * 60000,
  };

  tw_pricer_feed (pricer, &charging);
  tw_pricer_feed (pricer, &parking);
  priced->energy_mwh = mwh;
  priced->is_timeless = mwh > 0 && ms == 0;
  priced->is_without_energy = mwh == 0;
  priced->parking_ms = parking.duration_ms;
  priced->session_ms = ms + parking.duration_ms;
}

static void
feed_record (TwPricer    *pricer,
             const TwCdr *cdr,
             TwPriced    *priced)
{
  tw_cdr_feed (cdr, pricer);
  priced->cdr_id = tw_cdr_id (cdr);
  priced->energy_mwh = tw_cdr_energy_mwh (cdr);
  priced->is_without_energy = tw_cdr_states_energy (cdr) && priced->energy_mwh == 0;
  priced->parking_ms = tw_cdr_duration_ms (cdr, TW_PHASE_PARKING);
  priced->session_ms = priced->parking_ms + tw_cdr_duration_ms (cdr, TW_PHASE_CHARGING);
  priced->reservation_ms = tw_cdr_duration_ms (cdr, TW_PHASE_RESERVATION)
    + tw_cdr_duration_ms (cdr, TW_PHASE_RESERVATION_EXPIRED);
}

static TwExit
print (const TwVerb   *self,
       const TwPriced *priced)
{
  g_autoptr (GString) text = NULL;
  TwJsonOut *out;

  if (options.json)
    {
      out = tw_json_out_new ();
      tw_json_out_begin_object (out, NULL);
      tw_priced_write (priced, out);
      return tw_verb_print_json (self, out) ? TW_EXIT_WELL : TW_EXIT_UNKNOWN;
    }
  text = g_string_new (NULL);
  tw_priced_describe (priced, options.explain, text);

  return tw_verb_print (self, text->str) ? TW_EXIT_WELL : TW_EXIT_UNKNOWN;
}

static TwExit
price (const TwVerb   *self,
       const TwTariff *tariff,
       const TwCdr    *cdr,
       const char     *zone_name,
       gint64          start_ms)
{
  g_autoptr (TwPricer) pricer = tw_pricer_new (tariff);
  g_autoptr (GArray) pieces = g_array_new (FALSE, FALSE, sizeof (TwPiece));
  g_autoptr (TwBill) bill = NULL;
  g_autoptr (GError) error = NULL;
  TwPriced priced = { .tariff = tariff, .time_zone = zone_name ? zone_name : "UTC" };

  if (options.explain)
    {
      tw_pricer_watch (pricer, keep_piece, pieces);
      priced.pieces = pieces;
    }
  if (cdr != NULL)
    feed_record (pricer, cdr, &priced);
  else
    feed_wish (pricer, start_ms, &priced);
  bill = tw_pricer_bill (pricer, &error);
  if (bill == NULL)
    return tw_verb_complain_of (self, error);
  priced.bill = bill;

  return print (self, &priced);
}

static TwExit
run (const TwVerb  *self,
     char         **arguments)
{
  g_autoptr (TwCdr) cdr = NULL;
  g_autoptr (TwTariff) tariff = NULL;
  g_autoptr (GTimeZone) zone = NULL;
  const char *zone_name = options.time_zone;
  gint64 start_ms = 0;

  if (!check_options (self))
    return TW_EXIT_USAGE;
  if (options.cdr != NULL && (cdr = tw_cdr_file_read (self, options.cdr)) == NULL)
    return TW_EXIT_USAGE;
  if (zone_name == NULL && cdr != NULL)
    zone_name = tw_cdr_time_zone (cdr);
  zone = tw_zone_choose (self, zone_name);
  if (zone == NULL || !tw_time_choose (self, "--start", options.start, zone, &start_ms))
    return TW_EXIT_USAGE;
  tariff = tw_tariff_file_read (self, options.tariff, zone, TW_TARIFF_ANY);
  if (tariff == NULL)
    return TW_EXIT_USAGE;
  if (cdr != NULL && tw_cdr_currency (cdr) != NULL
      && !g_str_equal (tw_cdr_currency (cdr), tw_tariff_currency (tariff)))
    {
      tw_verb_complain (self, "%s: $.currency: is %s, but the tariff is in %s", options.cdr, tw_cdr_currency (cdr),
                        tw_tariff_currency (tariff));
      return TW_EXIT_USAGE;
    }

  return price (self, tariff, cdr, zone_name, start_ms);
}

const TwVerb TW_VERB_PRICE = {
  .name = "price",
  .arguments = "",
  .summary = "what a session costs by a tariff, and why",
  .text = TEXT,
  .options = OPTIONS,
  .run = run,
};
