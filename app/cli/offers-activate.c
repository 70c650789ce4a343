/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/offers-file.h"

static struct { char *valid_from, *valid_until; } options;

static const GOptionEntry OPTIONS[] = {
  { "valid-from", 0, 0, G_OPTION_ARG_STRING, &options.valid_from,
    "when they begin, such as 2026-12-01T00:00:00+01:00; without a zone it is UTC; without it now", "TIME" },
  { "valid-until", 0, 0, G_OPTION_ARG_STRING, &options.valid_until,
    "when they end; needed, because nobody means an offer without an end", "TIME" },
  { NULL }
};

static const char TEXT[] =
  "Puts a file of offers (offers.json of tapwatt report, payment/offer/README.md) in force at the running station,\n"
  "instead of the one before. Whoever presents a card that meets a rule is told so and pays so much less; it is in\n"
  "the journal before the card is asked for money. Cards are told apart by the journal's keyed fingerprints alone. A\n"
  "file that cannot be used is refused, and everything stays as it is. tapwatt offers lint tells more.\n"
  "\n"
  "  tapwatt offers activate offers.json --valid-until 2027-01-01T00:00:00+01:00\n"
  "\n"
  "Exit status: 0 it is durable; 1 the station cannot take it now; 2 no offers that can be granted, and where; 3 no\n"
  "station answers, and nobody knows: look with tapwatt offers show.\n";

static gboolean
is_time (const TwVerb *self,
         const char   *option,
         const char   *text)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (GDateTime) time = text ? g_date_time_new_from_iso8601 (text, utc) : NULL;

  if (time == NULL)
    tw_verb_complain (self, "%s \"%.64s\": expected a time such as 2027-01-01T00:00:00Z", option, text ? text : "");
  return time != NULL;
}

static TwExit
activate (const TwVerb  *self,
          char         **arguments)
{
  g_autoptr (TwOffers) offers = NULL;
  g_autofree char *text = NULL;
  TwBusOffersOrder what = { .valid_from = options.valid_from ? options.valid_from : "",
                            .valid_until = options.valid_until };

  if ((options.valid_from != NULL && !is_time (self, "--valid-from", options.valid_from))
      || !is_time (self, "--valid-until", options.valid_until))
    return TW_EXIT_USAGE;
  text = tw_offers_file_read (self, arguments[0], &offers);
  if (text == NULL)
    return TW_EXIT_USAGE;
  what.offers = text;
  return tw_offers_order (self, arguments[0], &what);
}

const TwVerb TW_VERB_OFFERS_ACTIVATE = {
  .name = "offers activate",
  .arguments = "FILE",
  .summary = "make offers to people who come back, at the running station",
  .text = TEXT,
  .options = OPTIONS,
  .n_min = 1,
  .n_max = 1,
  .run = activate,
};
