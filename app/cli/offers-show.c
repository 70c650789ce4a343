/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/offers-file.h"

#include "app/bus/client.h"

static struct { gboolean json; } options;

static const GOptionEntry OPTIONS[] = {
  { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, "print {offers: [{state, rule, condition, discount_percent, "
    "valid_from, valid_until, offers_hash}]}", NULL },
  { NULL }
};

static const char TEXT[] =
  "Which offers the running station makes, and which are to come.\n"
  "\n"
  "  tapwatt offers show\n"
  "\n"
  "Exit status: 0 shown, also if there are none; 3 no station answers.\n";

static TwOfferRule
rule_of (const TwBusOffer *offer)
{
  return (TwOfferRule) { (char *) offer->rule, { offer->grant.charges_in_month, offer->grant.days_since_last },
                         offer->grant.discount_bp };
}

static char *
time_text (gint64 wall_us)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (wall_us / G_USEC_PER_SEC);

  return time ? g_date_time_format (time, "%Y-%m-%dT%H:%M:%SZ") : g_strdup ("?");
}

static void
put (TwJsonOut        *out,
     const TwBusOffer *offer)
{
  TwOfferRule rule = rule_of (offer);
  g_autofree char *percent = tw_offer_percent_text (rule.discount_bp);
  g_autofree char *from = time_text (offer->valid_from_us), *until = time_text (offer->valid_until_us);

  tw_json_out_begin_object (out, NULL);
  tw_json_out_string (out, "state", offer->state);
  tw_json_out_string (out, "rule", rule.id);
  tw_offer_put_condition (out, &rule.condition);
  tw_json_out_number (out, "discount_percent", percent);
  tw_json_out_string (out, "valid_from", from);
  tw_json_out_string (out, "valid_until", until);
  tw_json_out_string (out, "offers_hash", offer->hash);
  tw_json_out_end (out);
}

static gboolean
print (const TwVerb       *self,
       const TwBusStation *station)
{
  g_autoptr (GString) text = g_string_new (NULL);
  TwJsonOut *out = tw_json_out_new ();

  tw_json_out_begin_object (out, NULL);
  tw_json_out_begin_array (out, "offers");
  for (guint i = 0; i < station->n_offers; i++)
    {
      const TwBusOffer *offer = &station->offers[i];
      TwOfferRule rule = rule_of (offer);
      g_autofree char *line = tw_offer_line (rule.id, &rule);
      g_autofree char *from = time_text (offer->valid_from_us), *until = time_text (offer->valid_until_us);

      g_string_append_printf (text, "%s\n  %s, from %s until %s\n", line,
                              g_str_equal (offer->state, "in-force") ? "in force" : offer->state, from, until);
      put (out, offer);
    }
  tw_json_out_end (out);
  if (options.json)
    return tw_verb_print_json (self, out);
  tw_json_out_free (out);
  return tw_verb_print (self, text->len > 0 ? text->str : "no offers\n");
}

static TwExit
run (const TwVerb  *self,
     char         **arguments)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TwBusClient) client = tw_bus_client_new (NULL, &error);
  TwBusStation station;

  if (client == NULL || !tw_bus_client_refresh (client, &error))
    return tw_verb_complain_of (self, error);
  station = tw_bus_client_station (client);
  return print (self, &station) ? TW_EXIT_WELL : TW_EXIT_UNKNOWN;
}

const TwVerb TW_VERB_OFFERS_SHOW = {
  .name = "offers show",
  .arguments = "",
  .summary = "which offers does the running station make?",
  .text = TEXT,
  .options = OPTIONS,
  .run = run,
};
