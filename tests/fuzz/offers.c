/* SPDX-License-Identifier: Apache-2.0 */
/* needs: offer_dep */
/* A file of rules is understood or refused with a reason; what is understood grants by its bounds. */
#include "payment/offer/offer.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (TwOffers) offers = tw_offers_parse (bytes, &error);

  g_assert ((offers == NULL) == (error != NULL));
  for (guint i = 0; offers != NULL && i < tw_offers_n (offers); i++)
    {
      const TwOfferRule *rule = tw_offers_nth (offers, i), *found;
      const TwOfferHistory history = { rule->condition.charges_in_month, rule->condition.days_since_last };

      g_assert (rule->discount_bp <= TW_OFFER_WHOLE_BP && tw_offer_holds (&rule->condition, &history));
      found = tw_offers_choose (offers, &history);
      g_assert (rule->discount_bp == 0 || (found != NULL && found->discount_bp >= rule->discount_bp));
    }
  return 0;
}
