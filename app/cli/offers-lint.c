/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/offers-file.h"

/* More than half off is a slip more often than a wish. */
#define LARGE_BP 5000

static struct { gboolean json; } options;

static const GOptionEntry OPTIONS[] = {
  { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, "print {offers_hash, rules, findings: [{rule, why}]}", NULL },
  { NULL }
};

static const char TEXT[] =
  "Reads a file of offers as the station does, says each rule in words, and what keeps it from being activated or\n"
  "looks like a slip: a rule without a discount, one of more than half, one that another always outdoes.\n"
  "\n"
  "  tapwatt offers lint offers.json\n"
  "\n"
  "Exit status: 0 nothing found; 1 something; 2 no file of offers, and where.\n";

/* Whatever meets the rule meets the other, too. */
static gboolean
implies (const TwOfferCondition *one,
         const TwOfferCondition *other)
{
  return (other->charges_in_month == 0 || other->charges_in_month == one->charges_in_month)
         && other->days_since_last <= one->days_since_last;
}

/* NULL: nothing. */
static char *
finding_of (const TwOffers *offers,
            guint           i)
{
  const TwOfferRule *rule = tw_offers_nth (offers, i);

  if (rule->discount_bp == 0)
    return g_strdup ("it has no discount, and cannot be activated: set discount_percent, or take the rule out");
  if (rule->discount_bp > LARGE_BP)
    return g_strdup ("it takes off more than half: is that meant?");
  for (guint j = 0; j < tw_offers_n (offers); j++)
    {
      const TwOfferRule *other = tw_offers_nth (offers, j);

      if (i != j && implies (&rule->condition, &other->condition)
          && (other->discount_bp > rule->discount_bp || (other->discount_bp == rule->discount_bp && j < i)))
        return g_strdup_printf ("it is never granted: whoever meets it gets %s", other->id);
    }
  return NULL;
}

static TwExit
print (const TwVerb   *self,
       const TwOffers *offers)
{
  g_autoptr (GString) text = g_string_new (NULL);
  TwJsonOut *out = tw_json_out_new ();
  gboolean found = FALSE, told;

  tw_json_out_begin_object (out, NULL);
  tw_json_out_string (out, "offers_hash", tw_offers_hash (offers));
  tw_json_out_int64 (out, "rules", tw_offers_n (offers));
  tw_json_out_begin_array (out, "findings");
  for (guint i = 0; i < tw_offers_n (offers); i++)
    {
      const TwOfferRule *rule = tw_offers_nth (offers, i);
      g_autofree char *line = tw_offer_line (rule->id, rule), *why = finding_of (offers, i);

      g_string_append_printf (text, "%s\n", line);
      if (why == NULL)
        continue;
      found = TRUE;
      g_string_append_printf (text, "  %s\n", why);
      tw_json_out_begin_object (out, NULL);
      tw_json_out_string (out, "rule", rule->id);
      tw_json_out_string (out, "why", why);
      tw_json_out_end (out);
    }
  tw_json_out_end (out);
  if (options.json)
    told = tw_verb_print_json (self, out);
  else
    {
      tw_json_out_free (out);
      told = tw_verb_print (self, text->str);
    }
  return !told ? TW_EXIT_UNKNOWN : found ? TW_EXIT_FOUND : TW_EXIT_WELL;
}

static TwExit
run (const TwVerb  *self,
     char         **arguments)
{
  g_autoptr (TwOffers) offers = NULL;
  g_autofree char *text = tw_offers_file_read (self, arguments[0], &offers);

  return text ? print (self, offers) : TW_EXIT_USAGE;
}

const TwVerb TW_VERB_OFFERS_LINT = {
  .name = "offers lint",
  .arguments = "FILE",
  .summary = "what is wrong with a file of offers?",
  .text = TEXT,
  .options = OPTIONS,
  .n_min = 1,
  .n_max = 1,
  .run = run,
};
