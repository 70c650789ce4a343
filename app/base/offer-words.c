/* SPDX-License-Identifier: Apache-2.0 */
#include "app/base/offer-words.h"

#include "app/base/words.h"

static const char *const granted_nth[] = {
  NULL,
  NC_("offer", "Your first charge this month"),
  NC_("offer", "Your second charge this month"),
  NC_("offer", "Your third charge this month"),
  NC_("offer", "Your fourth charge this month"),
  NC_("offer", "Your fifth charge this month"),
};

static const char *const open_nth[] = {
  NULL,
  NC_("offer", "The first charge in a month with the same card"),
  NC_("offer", "The second charge in a month with the same card"),
  NC_("offer", "The third charge in a month with the same card"),
  NC_("offer", "The fourth charge in a month with the same card"),
  NC_("offer", "The fifth charge in a month with the same card"),
};

static char *
nth (const char *const *words,
     guint              n_words,
     const char        *other,
     guint              n,
     const char        *language)
{
  g_autofree char *number = g_strdup_printf ("%u", n);
  g_auto (GStrv) parts = NULL;

  if (n < n_words)
    return g_strdup (tw_word_in (language, "offer", words[n]));
  parts = g_strsplit (tw_word_in (language, "offer", other), "%s", 2);
  return g_strjoinv (number, parts);
}

static char *
after (const char *words,
       guint       days,
       const char *language)
{
  g_autofree char *number = g_strdup_printf ("%u", days);
  g_auto (GStrv) parts = g_strsplit (tw_word_in (language, "offer", words), "%s", 2);

  return g_strjoinv (number, parts);
}

/* Takes both; one of them may be NULL. */
static char *
join (char *first,
      char *second)
{
  g_autofree char *one = first, *other = second;

  if (one == NULL || other == NULL)
    return g_strdup (one ? one : other);
  return g_strjoin (", ", one, other, NULL);
}

char *
tw_offer_say_granted (guint       charges_in_month,
                      guint       days_since_last,
                      const char *language)
{
  /* Translators: %s is a number */
  const char *other = NC_("offer", "Your charge no. %s this month"), *away = NC_("offer", "Back after %s days or more");

  return join (charges_in_month == 0 ? NULL
               : nth (granted_nth, G_N_ELEMENTS (granted_nth), other, charges_in_month, language),
               days_since_last == 0 ? NULL : after (away, days_since_last, language));
}

char *
tw_offer_say_open (guint       charges_in_month,
                   guint       days_since_last,
                   const char *language)
{
  /* Translators: %s is a number */
  const char *other = NC_("offer", "Charge no. %s in a month with the same card");
  const char *away = NC_("offer", "Back with the same card after %s days or more");

  return join (charges_in_month == 0 ? NULL
               : nth (open_nth, G_N_ELEMENTS (open_nth), other, charges_in_month, language),
               days_since_last == 0 ? NULL : after (away, days_since_last, language));
}

char *
tw_offer_say_percent (guint       discount_bp,
                      const char *language)
{
  const char *sign = tw_word_in (language, "decimal sign", ".");
  g_autofree char *figure = NULL;

  if (discount_bp % 100 == 0)
    figure = g_strdup_printf ("%u", discount_bp / 100);
  else if (discount_bp % 10 == 0)
    figure = g_strdup_printf ("%u%s%u", discount_bp / 100, sign, discount_bp / 10 % 10);
  else
    figure = g_strdup_printf ("%u%s%02u", discount_bp / 100, sign, discount_bp % 100);
  return g_strdup_printf (tw_word_in (language, "offer", "%s%%"), figure);
}

char *
tw_offer_say_off (char       *what,
                  guint       discount_bp,
                  const char *language)
{
  g_autofree char *offer = what, *percent = tw_offer_say_percent (discount_bp, language);

  /* Translators: what an offer is for, and the percentage. */
  return g_strdup_printf (tw_word_in (language, "offer", "%s: %s off"), offer, percent);
}
