/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/tariff-sentences.h"

#include "app/base/words.h"
#include "app/cli/price-print.h"
#include "payment/money/fraction.h"

#include <string.h>

/* Regulation (EU) 2023/1804 art. 5(4): per kWh, per minute, per session, other. */
static const TwLineKind order[] = { TW_LINE_ENERGY, TW_LINE_TIME, TW_LINE_PARKING_TIME, TW_LINE_FLAT };

#define EXAMPLE_WH 20000
#define EXAMPLE_MINUTES 40

/* What is being said, and to whom. */
typedef struct { const TwTariff *tariff; const char *language; gint64 wall_ms; GString *text; } Speech;

static char *
money_of (const Speech *speech,
          const char   *decimal)
{
  const char *sign = tw_word_in (speech->language, "decimal sign", ".");
  g_auto (GStrv) parts = g_strsplit (decimal, ".", 2);
  g_autofree char *amount = g_strjoinv (sign, parts);

  return g_strdup_printf ("%s %s", amount, tw_tariff_currency (speech->tariff));
}

/* Tariffs price time by the hour, the law wants minutes. NULL: a sixtieth has too many digits. */
static char *
per_minute (const Speech *speech,
            const char   *per_hour)
{
  TwDecimal decimal;
  g_autofree char *minute = NULL;
  gboolean cut = TRUE;
  int digits = tw_currency_digits (tw_tariff_currency (speech->tariff));

  if (!tw_decimal_parse (per_hour, TW_DECIMAL_MAX_SCALE, &decimal, NULL))
    return NULL;
  minute = tw_fraction_to_text (tw_fraction_divide (tw_fraction_from_decimal (decimal), tw_fraction (60, 1)),
                                (guint) MAX (digits, 0), 6, &cut);

  return minute == NULL || cut ? NULL : money_of (speech, minute);
}

/* The %s of a sentence that was chosen elsewhere. */
static char *
fill_in (const char *sentence,
         const char *what)
{
  g_auto (GStrv) parts = g_strsplit (sentence, "%s", 2);

  return g_strjoinv (what, parts);
}

static char *
timed (const Speech     *speech,
       const TwPriceTag *tag,
       const char       *minutely,
       const char       *hourly)
{
  const char *given = tag->gross_price ? tag->gross_price : tag->price;
  g_autofree char *minute = per_minute (speech, given);
  g_autofree char *hour = money_of (speech, given);

  return fill_in (minute ? minutely : hourly, minute ? minute : hour);
}

/* "0.49 EUR per kWh" */
static char *
price_of (const Speech     *speech,
          const TwPriceTag *tag,
          gboolean          reservation)
{
  const char *language = speech->language;
  g_autofree char *amount = money_of (speech, tag->gross_price ? tag->gross_price : tag->price);

  switch (tag->kind)
    {
    case TW_LINE_ENERGY:
      return g_strdup_printf (tw_word (language, "%s per kWh"), amount);
    case TW_LINE_TIME:
      if (reservation)
        return timed (speech, tag, tw_word_in (language, "price", "%s per minute"),
                      tw_word_in (language, "price", "%s per hour"));
      return timed (speech, tag, tw_word (language, "While charging: %s per minute"),
                    tw_word (language, "While charging: %s per hour"));
    case TW_LINE_PARKING_TIME:
      return timed (speech, tag, tw_word (language, "After charging: %s per minute"),
                    tw_word (language, "After charging: %s per hour"));
    case TW_LINE_FLAT:
      return g_strdup_printf (tw_word_in (language, "price", "%s per session"), amount);
    case TW_LINE_ADJUSTMENT:
      break;
    }
  g_assert_not_reached ();
}

static const char *
free_words (const Speech *speech,
            TwLineKind    kind)
{
  const char *const words[] = {
    [TW_LINE_FLAT] = N_("No fee per session"), [TW_LINE_ENERGY] = N_("Energy is free"),
    [TW_LINE_TIME] = N_("The time of charging is free"), [TW_LINE_PARKING_TIME] = N_("The time after charging is free"),
  };

  return tw_word (speech->language, words[kind]);
}

/* "from 22:00"; with the day, if that is another one. */
static char *
when_of (const Speech *speech,
         gint64        ms)
{
  g_autofree char *today = tw_priced_time (speech->tariff, speech->wall_ms, "%F");
  g_autofree char *day = tw_priced_time (speech->tariff, ms, "%F");
  gboolean same = g_str_equal (today, day);
  const char *format = same ? tw_word_in (speech->language, "time of day", "%H:%M")
                            : tw_word_in (speech->language, "date and time", "%Y-%m-%d %H:%M");
  g_autofree char *time = tw_priced_time (speech->tariff, ms, format);

  return g_strdup_printf (tw_word (speech->language, "from %s"), time);
}

static void
say_price (const Speech       *speech,
           const TwOfferPrice *price)
{
  gboolean changes = !price->now || price->until_ms != 0;
  g_autofree char *what = price->free ? g_strdup (free_words (speech, price->kind))
                                      : price_of (speech, &price->tag, FALSE);
  g_autofree char *when = price->now ? g_strdup (tw_word (speech->language, "now")) : when_of (speech, price->from_ms);

  if (changes)
    g_string_append_printf (speech->text, "%s (%s)\n", what, when);
  else
    g_string_append_printf (speech->text, "%s\n", what);
}

static void
add_bound (GPtrArray  *bounds,
           const char *format,
           gint64      value,
           guint       decimals)
{
  g_autofree char *text = value >= 0 ? tw_scaled_text (value, decimals) : NULL;

  if (text != NULL)
    g_ptr_array_add (bounds, fill_in (format, text));
}

/* Minutes where they are whole, as nobody counts seconds otherwise. */
static void
add_age (GPtrArray  *bounds,
         const char *minutes,
         const char *seconds,
         gint64      ms)
{
  if (ms >= 0 && ms % 60000 == 0)
    add_bound (bounds, minutes, ms / 60000, 0);
  else
    add_bound (bounds, seconds, ms, 3);
}

static void
say_condition (const Speech           *speech,
               const TwOfferCondition *condition)
{
  const char *language = speech->language;
  g_autoptr (GPtrArray) bounds = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *what = price_of (speech, &condition->tag, condition->reservation || condition->expired);
  g_autofree char *all = NULL;

  if (condition->expired)
    g_ptr_array_add (bounds, g_strdup (tw_word (language, "reservation that is not used")));
  if (condition->reservation)
    g_ptr_array_add (bounds, g_strdup (tw_word (language, "reservation")));
  add_bound (bounds, tw_word (language, "from %s kWh"), condition->min_mwh, 6);
  add_bound (bounds, tw_word (language, "up to %s kWh"), condition->max_mwh, 6);
  add_age (bounds, tw_word (language, "after %s min"), tw_word (language, "after %s s"), condition->min_ms);
  add_age (bounds, tw_word (language, "until %s min"), tw_word (language, "until %s s"), condition->max_ms);
  add_bound (bounds, tw_word (language, "from %s A"), condition->min_ma, 3);
  add_bound (bounds, tw_word (language, "below %s A"), condition->max_ma, 3);
  add_bound (bounds, tw_word (language, "from %s kW"), condition->min_mw, 6);
  add_bound (bounds, tw_word (language, "below %s kW"), condition->max_mw, 6);
  g_ptr_array_add (bounds, NULL);
  all = g_strjoinv (", ", (char **) bounds->pdata);
  g_string_append_printf (speech->text, "%s (%s)\n", what, all);
}

static void
say_conditions (const Speech  *speech,
                const TwOffer *offer,
                TwLineKind     kind,
                gboolean       reservation)
{
  for (guint i = 0; i < offer->conditions->len; i++)
    {
      const TwOfferCondition *condition = &g_array_index (offer->conditions, TwOfferCondition, i);

      if (condition->tag.kind == kind && (condition->reservation || condition->expired) == reservation)
        say_condition (speech, condition);
    }
}

static void
say_limit (const Speech *speech,
           const char   *format,
           const char   *gross)
{
  g_autofree char *amount = gross ? money_of (speech, gross) : NULL;
  g_autofree char *sentence = amount ? fill_in (format, amount) : NULL;

  if (sentence != NULL)
    g_string_append_printf (speech->text, "%s\n", sentence);
}

static void
say_example (const Speech *speech)
{
  gint64 minor = tw_offer_example_minor (speech->tariff, speech->wall_ms, EXAMPLE_WH, EXAMPLE_MINUTES * 60000);
  g_autofree char *decimal = NULL, *amount = NULL, *kwh = tw_scaled_text (EXAMPLE_WH, 3);
  g_autofree char *minutes = g_strdup_printf ("%d", EXAMPLE_MINUTES);

  if (minor < 0)
    return;
  decimal = tw_money_to_decimal (tw_money (minor, tw_tariff_currency (speech->tariff)));
  amount = money_of (speech, decimal);
  /* Translators: kWh, minutes, and what they cost. */
  g_string_append_printf (speech->text, tw_word (speech->language, "Example: %s kWh in %s min cost %s"), kwh, minutes,
                          amount);
  g_string_append_c (speech->text, '\n');
}

void
tw_offer_describe (const TwOffer  *self,
                   const TwTariff *tariff,
                   gint64          wall_ms,
                   const char     *language,
                   GString        *text)
{
  const Speech speech = { tariff, language, wall_ms, text };
  const char *alt = tw_tariff_alt_text (tariff, language);

  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    {
      for (guint j = 0; j < self->prices->len; j++)
        if (g_array_index (self->prices, TwOfferPrice, j).kind == order[i])
          say_price (&speech, &g_array_index (self->prices, TwOfferPrice, j));
      say_conditions (&speech, self, order[i], FALSE);
    }
  for (guint i = 0; i < G_N_ELEMENTS (order); i++)   /* "other" */
    say_conditions (&speech, self, order[i], TRUE);
  say_limit (&speech, tw_word (language, "At least %s per session"), tw_tariff_min_gross (tariff));
  say_limit (&speech, tw_word (language, "At most %s per session"), tw_tariff_max_gross (tariff));
  if (self->prices->len == 0 && self->conditions->len == 0)
    g_string_append_printf (text, "%s\n", tw_word (language, "Free of charge"));
  say_example (&speech);
  if (alt != NULL)
    g_string_append_printf (text, "%s\n", alt);
}
