/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/offers.h"

#include "app/base/offer-words.h"
#include "app/base/words.h"

/* Takes words. A line must not end between a figure and its sign. */
static char *
keep_together (char *words)
{
  g_autofree char *taken = words;
  g_auto (GStrv) parts = g_strsplit (taken, " %", -1);

  return g_strjoinv ("\302\240%", parts);
}

char *
tw_offer_granted (const TwBusGrant *grant,
                  const char       *language)
{
  return grant->discount_bp == 0 ? NULL
         : keep_together (tw_offer_say_off (tw_offer_say_granted (grant->charges_in_month, grant->days_since_last,
                                                                  language), grant->discount_bp, language));
}

char *
tw_offer_open (const TwView *view,
               guint         most,
               const char   *language)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < view->station.n_offers && lines->len < most; i++)
    {
      const TwBusOffer *offer = &view->station.offers[i];
      const TwBusGrant *grant = &offer->grant;

      if (g_strcmp0 (offer->state, "in-force") == 0)
        g_ptr_array_add (lines, tw_offer_say_off (tw_offer_say_open (grant->charges_in_month, grant->days_since_last,
                                                                     language), grant->discount_bp, language));
    }
  if (lines->len == 0)
    return NULL;
  g_ptr_array_add (lines, NULL);
  return keep_together (g_strjoinv ("\n", (char **) lines->pdata));
}

char *
tw_offer_so_far (const TwBusGrant *grant,
                 gboolean          brief,
                 const char       *language)
{
  g_autofree char *percent = NULL;

  if (grant->discount_bp == 0)
    return g_strdup (tw_word (language, "so far"));
  percent = tw_offer_say_percent (grant->discount_bp, language);
  if (brief)
    return keep_together (g_strdup_printf ("−%s", percent));
  /* Translators: beside the running cost, which has the percentage taken off already. */
  return keep_together (g_strdup_printf (tw_word (language, "so far, %s off"), percent));
}
