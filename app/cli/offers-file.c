/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/offers-file.h"

#include "app/base/error.h"
#include "app/base/offer-words.h"
#include "app/cli/tariff-file.h"

char *
tw_offers_file_read (const TwVerb  *verb,
                     const char    *path,
                     TwOffers     **offers)
{
  g_autoptr (GBytes) bytes = tw_input_read (verb, path, TW_OFFERS_MAX_BYTES);
  g_autoptr (GError) error = NULL;
  gsize n;

  *offers = bytes ? tw_offers_parse (bytes, &error) : NULL;
  if (error != NULL)
    tw_verb_complain (verb, "%s: %s", path, error->message);
  return *offers ? g_strndup (g_bytes_get_data (bytes, &n), g_bytes_get_size (bytes)) : NULL;
}

char *
tw_offer_line (const char        *id,
               const TwOfferRule *rule)
{
  g_autofree char *what = tw_offer_say_open (rule->condition.charges_in_month, rule->condition.days_since_last, "en");
  g_autofree char *offer = NULL;

  if (rule->discount_bp == 0)
    return g_strdup_printf ("%s: %s: no discount is chosen", id, what);
  offer = tw_offer_say_off (g_steal_pointer (&what), rule->discount_bp, "en");
  return g_strdup_printf ("%s: %s", id, offer);
}

TwExit
tw_offers_order (const TwVerb           *self,
                 const char             *path,
                 const TwBusOffersOrder *what)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TwBusClient) client = tw_bus_client_new (NULL, &error);

  if (client != NULL && tw_bus_client_offers (client, what, &error))
    return tw_verb_print (self, what->offers ? "activated; tapwatt offers show shows what is in force\n"
                                             : "withdrawn\n") ? TW_EXIT_WELL : TW_EXIT_UNKNOWN;
  if (!g_error_matches (error, TW_ERROR, TW_ERROR_REFUSED) && !g_error_matches (error, TW_ERROR, TW_ERROR_BAD_DATA))
    return tw_verb_complain_of (self, error);
  tw_verb_complain (self, "%s%snot %s: %s", path ? path : "", path ? ": " : "", path ? "activated" : "withdrawn",
                    error->message);
  return g_error_matches (error, TW_ERROR, TW_ERROR_REFUSED) ? TW_EXIT_FOUND : TW_EXIT_USAGE;
}
