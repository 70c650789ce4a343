/* SPDX-License-Identifier: Apache-2.0 */
/* Rules about the place where a tariff is sold, as far as somebody said what the place is like. */
#include "payment/tariff/ask.h"

#include <string.h>

/* A text of spaces explains nothing. */
static gboolean
has_text_in (const TwTariff *tariff,
             const char     *language)
{
  for (guint i = 0; i < tariff->alt_texts->len; i++)
    {
      const TwAltText *text = &g_array_index (tariff->alt_texts, TwAltText, i);

      if (g_str_equal (text->language, language) && text->text[strspn (text->text, " \t\r\n")] != '\0')
        return TRUE;
    }

  return FALSE;
}

/* One component for which it has to be there; G_MAXUINT: none. */
static guint
find_priced (const TwAsk *ask,
             gboolean     is_time)
{
  for (guint i = 0; i < ask->tariff->components->len; i++)
    {
      const TwComponent *component = tw_tariff_component (ask->tariff, i);
      gboolean timed = component->kind == TW_LINE_TIME || component->kind == TW_LINE_PARKING_TIME;
      gboolean asked = is_time ? timed && !component->reservation : component->kind != TW_LINE_ENERGY;

      if (asked && component->price_micro > 0 && (ask->survey->reached[i] || !ask->survey->complete))
        return i;
    }

  return G_MAXUINT;
}

/* NO: it is kept. UNKNOWN: *needs is what one would have to know. */
static TwFact
is_untranslated (const TwAsk  *ask,
                 const char  **needs)
{
  if (ask->tariff->alt_texts->len == 0
      || (ask->rule->look_for == TW_IF_UNEXPLAINED_IN && find_priced (ask, FALSE) == G_MAXUINT))
    return TW_FACT_NO;
  *needs = "the languages of the screen";
  if (ask->site->languages == NULL)
    return TW_FACT_UNKNOWN;
  for (const char *const *language = ask->site->languages; *language != NULL; language++)
    if (!has_text_in (ask->tariff, *language))
      return TW_FACT_YES;

  return TW_FACT_NO;
}

static TwFact
is_without_card (const TwAsk  *ask,
                 const char  **needs)
{
  gint64 power_w = ask->site->power_w, from_w = ask->rule->limit;

  if (ask->site->contactless == TW_FACT_YES || (power_w > 0 && power_w < from_w))
    return TW_FACT_NO;
  *needs = ask->site->contactless == TW_FACT_UNKNOWN ? "the means of payment of the charging point"
                                                     : "the power of the connector";
  if (ask->site->contactless == TW_FACT_UNKNOWN || (power_w == 0 && from_w > 0))
    return TW_FACT_UNKNOWN;

  return TW_FACT_YES;
}

static TwFact
is_time_unsigned (const TwAsk  *ask,
                  const char  **needs)
{
  if (find_priced (ask, TRUE) == G_MAXUINT || ask->site->signs_time == TW_FACT_YES)
    return TW_FACT_NO;
  *needs = ask->site->country == NULL ? "the country of the site" : "whether the meter signs its time";
  if (ask->site->country == NULL)
    return TW_FACT_UNKNOWN;
  if (!g_str_equal (ask->site->country, ask->rule->text))
    return TW_FACT_NO;

  return ask->site->signs_time == TW_FACT_UNKNOWN ? TW_FACT_UNKNOWN : TW_FACT_YES;
}

static TwFact
has_power (const TwAsk  *ask,
           const char  **needs)
{
  gboolean below = ask->site->power_w < ask->rule->limit;

  *needs = "the power of the connector";
  if (ask->site->power_w == 0)
    return TW_FACT_UNKNOWN;

  return below == (ask->rule->look_for == TW_IF_POWER_BELOW) ? TW_FACT_YES : TW_FACT_NO;
}

static TwFact
lacks (TwFact       fact,
       const char  *what,
       const char **needs)
{
  *needs = what;

  return fact == TW_FACT_UNKNOWN ? TW_FACT_UNKNOWN : fact == TW_FACT_YES ? TW_FACT_NO : TW_FACT_YES;
}

TwFact
tw_ask_site_breaks (const TwAsk  *ask,
                    const char  **needs)
{
  switch (ask->rule->look_for)
    {
    case TW_IF_UNEXPLAINED_IN: case TW_IF_UNTRANSLATED:
      return is_untranslated (ask, needs);
    case TW_IF_NO_CARD_FROM:
      return is_without_card (ask, needs);
    case TW_IF_POWER_BELOW: case TW_IF_POWER_FROM:
      return has_power (ask, needs);
    case TW_IF_NO_HELPLINE:
      return lacks (ask->site->helpline, "the helpline of the site", needs);
    case TW_IF_TARIFF_HIDDEN:
      return lacks (ask->site->shows_tariff, "what the screen shows", needs);
    case TW_IF_TIME_UNSIGNED:
      return is_time_unsigned (ask, needs);
    case TW_IF_LOW_HOLD:
      *needs = "the hold of the connector";
      return ask->tariff->preauthorize_minor > 0 || ask->site->hold_minor > 0 ? TW_FACT_NO : TW_FACT_UNKNOWN;
    case TW_IF_NOT_PRICED: case TW_IF_UNREACHABLE: case TW_IF_PRICE_MAY_CHANGE:
      *needs = "a tariff with fewer elements, to look at every case";
      return ask->survey->complete ? TW_FACT_NO : TW_FACT_UNKNOWN;
    case TW_IF_GROSS_UNKNOWN: case TW_IF_NO_FALLBACK: case TW_IF_PRICED:
    case TW_IF_PRICED_FROM_START: case TW_IF_PRICED_LATER: case TW_IF_MIN_PRICE: case TW_IF_STEP_ABOVE:
    case TW_IF_DEAR_MINIMUM: case TW_IF_WRAP_AND_WEEKDAY: case TW_IF_EQUAL_TIMES: case TW_IF_CHEAP:
    case TW_IF_DEAR: case TW_IF_CURRENCY_IS_NOT: case TW_IF_UNEXPLAINED:
      return TW_FACT_NO;
    }
  g_assert_not_reached ();
}

/* Where it is to be put right: a component, the texts, or a key of the configuration. */
static char *
site_path (const TwAsk *ask)
{
  if (ask->rule->look_for == TW_IF_TIME_UNSIGNED)
    return tw_component_path (tw_tariff_component (ask->tariff, find_priced (ask, TRUE)), ".price");

  return g_strdup (ask->rule->text ? ask->rule->text : "$.tariff_alt_text");
}

void
tw_ask_site (const TwAsk *ask)
{
  const char *needs;

  for (guint i = 0; i < ask->complaints->len; i++)   /* the stricter row of a rule comes first, and says it all */
    if (g_str_equal (((const TwComplaint *) ask->complaints->pdata[i])->id, ask->rule->id)
        && ask->rule->look_for == TW_IF_NO_CARD_FROM)
      return;
  if (tw_ask_site_breaks (ask, &needs) == TW_FACT_YES)
    tw_ask_complain (ask, site_path (ask), NULL);
}
