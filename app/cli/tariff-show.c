/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/price-print.h"
#include "app/cli/tariff-file.h"
#include "app/cli/tariff-sentences.h"

#include "app/base/words.h"

#define LOOK_MS ((gint64) 24 * 3600 * 1000)

static struct
{
  char    *language, *time_zone, *at;
  int      power_w;
  gboolean json;
} options;

static const GOptionEntry OPTIONS[] = {
  { "language", 0, 0, G_OPTION_ARG_STRING, &options.language, "of the sentences; without it en", "LANGUAGE" },
  { "time-zone", 0, 0, G_OPTION_ARG_STRING, &options.time_zone, "of the location; without it UTC", "ZONE" },
  { "at", 0, 0, G_OPTION_ARG_STRING, &options.at, "when somebody begins; without it now", "TIME" },
  { "power-w", 0, 0, G_OPTION_ARG_INT, &options.power_w, "what the connector gives, for prices by power", "N" },
  { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, "print {tariff_id, tariff_hash, prices, sentences}", NULL },
  { NULL }
};

static const char TEXT[] =
  "Says what a driver is told of a tariff: per kWh, per minute, per session, then everything else, with tax; what it\n"
  "is now and from when it is another within a day; and an example.\n"
  "\n"
  "  tapwatt tariff show tariff.json\n"
  "  tapwatt tariff show tariff.json --language de --time-zone Europe/Berlin --at 2026-11-22T21:30\n"
  "\n"
  "Exit status: 0 shown; 2 the tariff cannot be used, and where.\n";

static gboolean
check_language (const TwVerb *self)
{
  g_autofree char *known = NULL;

  if (options.language == NULL || g_strv_contains (tw_words_languages (), options.language))
    return TRUE;
  known = g_strjoinv (", ", (char **) tw_words_languages ());
  tw_verb_complain (self, "--language \"%.20s\": expected one of %s", options.language, known);

  return FALSE;
}

static void
write_bound (TwJsonOut  *out,
             const char *name,
             gint64      value,
             guint       decimals)
{
  g_autofree char *text = value >= 0 ? tw_scaled_text (value, decimals) : NULL;

  if (text != NULL)
    tw_json_out_string (out, name, text);
}

/* Under OCPI's names; absent: no bound. */
static void
write_bounds (TwJsonOut          *out,
              const TwPostedPrice *price)
{
  const TwPostedCondition *when = &price->when;

  tw_json_out_int64 (out, "step_size", when->tag.step_size);
  tw_json_out_bool (out, "in_all_other_cases", price->rest);
  tw_json_out_bool (out, "in_some_cases", price->loose);
  write_bound (out, "min_kwh", when->min_mwh, 6);
  write_bound (out, "max_kwh", when->max_mwh, 6);
  write_bound (out, "min_duration", when->min_ms, 3);
  write_bound (out, "max_duration", when->max_ms, 3);
  write_bound (out, "min_current", when->min_ma, 3);
  write_bound (out, "max_current", when->max_ma, 3);
  write_bound (out, "min_power", when->min_mw, 6);
  write_bound (out, "max_power", when->max_mw, 6);
  if (price->unknown_power || price->unknown_current)
    tw_json_out_string (out, "unknown", price->unknown_power ? "power" : "current");
}

static void
write_prices (TwJsonOut      *out,
              const TwPriceBoard  *offer,
              const TwTariff *tariff)
{
  tw_json_out_begin_array (out, "prices");
  for (guint i = 0; i < offer->prices->len; i++)
    {
      const TwPostedPrice *price = &g_array_index (offer->prices, TwPostedPrice, i);
      g_autofree char *from = tw_priced_time (tariff, price->from_ms, "%Y-%m-%dT%H:%M:%S%:z");
      g_autofree char *until = tw_priced_time (tariff, price->until_ms, "%Y-%m-%dT%H:%M:%S%:z");

      tw_json_out_begin_object (out, NULL);
      tw_json_out_string (out, "type", tw_line_kind_name (price->kind));
      tw_json_out_bool (out, "now", price->now);
      tw_json_out_string (out, "price", price->free ? "0" : price->when.tag.price);
      tw_json_out_string (out, "price_incl_vat", price->free ? "0" : price->when.tag.gross_price);
      tw_json_out_string (out, "vat", price->free ? NULL : price->when.tag.tax_percent);
      tw_json_out_string (out, "from", price->from_ms != 0 ? from : NULL);
      tw_json_out_string (out, "until", price->until_ms != 0 ? until : NULL);
      write_bounds (out, price);
      tw_json_out_end (out);
    }
  tw_json_out_end (out);
}

static gboolean
print_json (const TwVerb   *self,
            const TwTariff *tariff,
            const TwPriceBoard  *offer,
            const char     *sentences)
{
  g_auto (GStrv) lines = g_strsplit (sentences, "\n", -1);
  TwJsonOut *out = tw_json_out_new ();

  tw_json_out_begin_object (out, NULL);
  tw_json_out_string (out, "tariff_id", tw_tariff_id (tariff));
  tw_json_out_string (out, "tariff_hash", tw_tariff_hash (tariff));
  tw_json_out_string (out, "currency", tw_tariff_currency (tariff));
  write_prices (out, offer, tariff);
  tw_json_out_begin_array (out, "sentences");
  for (guint i = 0; lines[i] != NULL && lines[i][0] != '\0'; i++)
    tw_json_out_string (out, NULL, lines[i]);

  return tw_verb_print_json (self, out);
}

static TwExit
run (const TwVerb  *self,
     char         **arguments)
{
  g_autoptr (GTimeZone) zone = NULL;
  g_autoptr (TwTariff) tariff = NULL;
  g_autoptr (TwPriceBoard) offer = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  gint64 wall_ms;

  if (!check_language (self))
    return TW_EXIT_USAGE;
  zone = tw_zone_choose (self, options.time_zone);
  if (zone == NULL || !tw_time_choose (self, "--at", options.at, zone, &wall_ms))
    return TW_EXIT_USAGE;
  tariff = tw_tariff_file_read (self, arguments[0], zone, TW_TARIFF_ANY);
  if (tariff == NULL)
    return TW_EXIT_USAGE;

  offer = tw_price_board_new (tariff, wall_ms, LOOK_MS, MAX (options.power_w, 0));
  tw_price_board_describe (offer, tariff, wall_ms, options.language ? options.language : "en", text);

  return (options.json ? print_json (self, tariff, offer, text->str) : tw_verb_print (self, text->str))
    ? TW_EXIT_WELL : TW_EXIT_UNKNOWN;
}

const TwVerb TW_VERB_TARIFF_SHOW = {
  .name = "tariff show",
  .arguments = "FILE",
  .summary = "what a driver is told of a tariff",
  .text = TEXT,
  .options = OPTIONS,
  .n_min = 1,
  .n_max = 1,
  .run = run,
};
