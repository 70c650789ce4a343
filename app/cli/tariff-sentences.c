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
figure_of (const Speech *speech,
           const char   *decimal)
{
  g_auto (GStrv) parts = g_strsplit (decimal, ".", 2);

  return g_strjoinv (tw_word_in (speech->language, "decimal sign", "."), parts);
}

static char *
money_of (const Speech *speech,
          const char   *decimal)
{
  g_autofree char *amount = figure_of (speech, decimal);

  return g_strdup_printf ("%s %s", amount, tw_tariff_currency (speech->tariff));
}

/* The %s of a sentence that was chosen elsewhere. */
static char *
fill_in (const char *sentence,
         const char *what)
{
  g_auto (GStrv) parts = g_strsplit (sentence, "%s", 2);

  return g_strjoinv (what, parts);
}

/* Regulation 11 of The Public Charge Point Regulations 2023: in pence per kWh. */
static char *
money_of_kwh (const Speech *speech,
              const char   *decimal)
{
  g_autofree char *pence = NULL, *figure = NULL;
  TwDecimal pounds;

  if (!g_str_equal (tw_tariff_currency (speech->tariff), "GBP")
      || !tw_decimal_parse (decimal, TW_DECIMAL_MAX_SCALE, &pounds, NULL))
    return money_of (speech, decimal);
  pence = tw_fraction_to_text (tw_fraction_multiply (tw_fraction_from_decimal (pounds), tw_fraction (100, 1)), 0,
                               TW_DECIMAL_MAX_SCALE, NULL);
  figure = figure_of (speech, pence ? pence : "");

  return fill_in (tw_word_in (speech->language, "pence", "%sp"), figure);
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

static char *
bare_price_of (const Speech     *speech,
               const TwPriceTag *tag,
               gboolean          reservation)
{
  const char *language = speech->language, *price = tag->gross_price ? tag->gross_price : tag->price;
  g_autofree char *amount = tag->kind == TW_LINE_ENERGY ? money_of_kwh (speech, price) : money_of (speech, price);
  gboolean started = tag->step_size == 60;

  switch (tag->kind)
    {
    case TW_LINE_ENERGY:
      return g_strdup_printf (tw_word (language, "%s per kWh"), amount);
    case TW_LINE_TIME:
      if (reservation)
        return timed (speech, tag, started ? tw_word (language, "%s per started minute")
                                           : tw_word_in (language, "price", "%s per minute"),
                      tw_word_in (language, "price", "%s per hour"));
      return timed (speech, tag, started ? tw_word (language, "While charging: %s per started minute")
                                         : tw_word (language, "While charging: %s per minute"),
                    tw_word (language, "While charging: %s per hour"));
    case TW_LINE_PARKING_TIME:
      return timed (speech, tag, started ? tw_word (language, "After charging: %s per started minute")
                                         : tw_word (language, "After charging: %s per minute"),
                    tw_word (language, "After charging: %s per hour"));
    case TW_LINE_FLAT:
      return g_strdup_printf (tw_word_in (language, "price", "%s per session"), amount);
    case TW_LINE_ADJUSTMENT:
    case TW_LINE_REDUCTION:
      break;
    }
  g_assert_not_reached ();
}

/* "5 kWh", "hour": what is begun is paid. NULL: nobody would notice, or the price is one per started minute. */
static char *
step_of (const Speech     *speech,
         const TwPriceTag *tag)
{
  const gint64 step = tag->step_size;
  g_autofree char *number = NULL, *figure = NULL;
  g_autofree char *minute = per_minute (speech, tag->gross_price ? tag->gross_price : tag->price);

  if (tag->kind == TW_LINE_FLAT || step <= 1)
    return NULL;
  if (tag->kind == TW_LINE_ENERGY)
    {
      number = tw_scaled_text (step, 3);
      figure = figure_of (speech, number);
      return step == 1000 ? g_strdup ("kWh") : g_strdup_printf ("%s kWh", figure);
    }
  if (step == 3600)
    return g_strdup (tw_word_in (speech->language, "started", "hour"));
  if (step == 60)
    return minute != NULL ? NULL : g_strdup (tw_word_in (speech->language, "started", "minute"));
  if (step % 3600 == 0)
    return g_strdup_printf ("%" G_GINT64_FORMAT " h", step / 3600);
  if (step % 60 == 0)
    return g_strdup_printf (tw_word_in (speech->language, "duration", "%d min"), (int) (step / 60));

  return g_strdup_printf ("%" G_GINT64_FORMAT " s", step);
}

/* "0.49 EUR per kWh, per started 5 kWh" */
static char *
price_of (const Speech     *speech,
          const TwPriceTag *tag,
          gboolean          reservation)
{
  g_autofree char *bare = bare_price_of (speech, tag, reservation), *step = step_of (speech, tag);

  /* Translators: 1 is a price, 2 is "5 kWh", "hour", "15 min". */
  return step ? g_strdup_printf (tw_word (speech->language, "%1$s, per started %2$s"), bare, step)
              : g_steal_pointer (&bare);
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

/* "22:00"; with the day, if that is another one. */
static char *
time_of (const Speech *speech,
         gint64        ms)
{
  g_autofree char *today = tw_priced_time (speech->tariff, speech->wall_ms, "%F");
  g_autofree char *day = tw_priced_time (speech->tariff, ms, "%F");
  const char *format = g_str_equal (today, day) ? tw_word_in (speech->language, "time of day", "%H:%M")
                                                : tw_word_in (speech->language, "date and time", "%Y-%m-%d %H:%M");

  return tw_priced_time (speech->tariff, ms, format);
}

/* "from 22:00 until 06:00"; 0: open at that side. */
static void
add_window (const Speech *speech,
            GPtrArray    *bounds,
            gint64        from_ms,
            gint64        until_ms)
{
  g_autofree char *begin = from_ms != 0 ? time_of (speech, from_ms) : NULL;
  g_autofree char *end = until_ms != 0 ? time_of (speech, until_ms) : NULL;
  g_autofree char *from = begin ? fill_in (tw_word (speech->language, "from %s"), begin) : NULL;
  g_autofree char *until = end ? fill_in (tw_word (speech->language, "until %s"), end) : NULL;

  if (from != NULL || until != NULL)
    g_ptr_array_add (bounds, g_strconcat (from ? from : "", from && until ? " " : "", until ? until : "", NULL));
}

static void
add_word (const Speech *speech,
          GPtrArray    *bounds,
          gboolean      is_so,
          const char   *word)
{
  if (is_so)
    g_ptr_array_add (bounds, g_strdup (tw_word (speech->language, word)));
}

static void
add_bound (const Speech *speech,
           GPtrArray    *bounds,
           const char   *format,
           gint64        value,
           guint         decimals)
{
  g_autofree char *text = value >= 0 ? tw_scaled_text (value, decimals) : NULL;
  g_autofree char *figure = text ? figure_of (speech, text) : NULL;

  if (figure != NULL)
    g_ptr_array_add (bounds, fill_in (format, figure));
}

/* Minutes where they are whole, as nobody counts seconds otherwise. */
static void
add_age (const Speech *speech,
         GPtrArray    *bounds,
         const char   *minutes,
         const char   *seconds,
         gint64        ms)
{
  if (ms >= 0 && ms % 60000 == 0)
    add_bound (speech, bounds, minutes, ms / 60000, 0);
  else
    add_bound (speech, bounds, seconds, ms, 3);
}

static void
add_bounds (const Speech           *speech,
            GPtrArray              *bounds,
            const TwPostedCondition *when)
{
  const char *language = speech->language;

  add_word (speech, bounds, when->expired, N_("reservation that is not used"));
  add_word (speech, bounds, when->reservation, N_("reservation"));
  add_bound (speech, bounds, tw_word (language, "from %s kWh"), when->min_mwh, 6);
  add_bound (speech, bounds, tw_word (language, "up to %s kWh"), when->max_mwh, 6);
  add_age (speech, bounds, tw_word (language, "from %s min after the start"),
           tw_word (language, "from %s s after the start"), when->min_ms);
  add_age (speech, bounds, tw_word (language, "until %s min after the start"),
           tw_word (language, "until %s s after the start"), when->max_ms);
  add_bound (speech, bounds, tw_word (language, "from %s A"), when->min_ma, 3);
  add_bound (speech, bounds, tw_word (language, "below %s A"), when->max_ma, 3);
  add_bound (speech, bounds, tw_word (language, "from %s kW"), when->min_mw, 6);
  add_bound (speech, bounds, tw_word (language, "below %s kW"), when->max_mw, 6);
}

/* "what (bounds)" */
static void
say (const Speech *speech,
     const char   *what,
     GPtrArray    *bounds)
{
  g_autofree char *all = NULL;

  g_ptr_array_add (bounds, NULL);
  all = g_strjoinv (", ", (char **) bounds->pdata);
  g_string_append_printf (speech->text, all[0] != '\0' ? "%s (%s)\n" : "%s\n", what, all);
}

static void
say_price (const Speech       *speech,
           const TwPostedPrice *price,
           gboolean            alone)
{
  g_autoptr (GPtrArray) bounds = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *what = price->free ? g_strdup (free_words (speech, price->kind))
                                      : price_of (speech, &price->when.tag, FALSE);

  add_word (speech, bounds, price->now && !alone, N_("now"));
  add_word (speech, bounds, price->rest, N_("in all other cases"));
  add_word (speech, bounds, price->loose, N_("in some cases"));
  add_window (speech, bounds, price->now ? 0 : price->from_ms, price->until_ms);
  add_bounds (speech, bounds, &price->when);
  add_word (speech, bounds, price->unknown_current, N_("while the current is not known"));
  add_word (speech, bounds, price->unknown_power, N_("while the power is not known"));
  say (speech, what, bounds);
}

static void
say_prices (const Speech  *speech,
            const TwPriceBoard *offer,
            TwLineKind     kind)
{
  guint n = 0;

  for (guint i = 0; i < offer->prices->len; i++)
    n += g_array_index (offer->prices, TwPostedPrice, i).kind == kind;
  for (guint i = 0; i < offer->prices->len; i++)
    if (g_array_index (offer->prices, TwPostedPrice, i).kind == kind)
      say_price (speech, &g_array_index (offer->prices, TwPostedPrice, i), n == 1);
}

static void
say_reservations (const Speech  *speech,
                  const TwPriceBoard *offer)
{
  for (guint i = 0; i < offer->conditions->len; i++)
    {
      const TwPostedCondition *condition = &g_array_index (offer->conditions, TwPostedCondition, i);
      g_autoptr (GPtrArray) bounds = g_ptr_array_new_with_free_func (g_free);
      g_autofree char *what = price_of (speech, &condition->tag, TRUE);

      add_bounds (speech, bounds, condition);
      say (speech, what, bounds);
    }
}

/* One rate for all, or only that tax is in it. */
static void
say_tax (const Speech  *speech,
         const TwPriceBoard *offer)
{
  const char *percent = NULL;
  gboolean taxed = FALSE, mixed = FALSE, unknown = FALSE, first = TRUE;
  g_autofree char *figure = NULL;

  for (guint i = 0; i < offer->prices->len + offer->conditions->len; i++)
    {
      const TwPriceTag *tag = i < offer->prices->len
        ? &g_array_index (offer->prices, TwPostedPrice, i).when.tag
        : &g_array_index (offer->conditions, TwPostedCondition, i - offer->prices->len).tag;

      if (tag->price == NULL)
        continue;   /* free */
      mixed |= !first && g_strcmp0 (percent, tag->tax_percent) != 0;
      percent = tag->tax_percent;
      taxed |= percent != NULL;
      unknown |= tag->gross_price == NULL;
      first = FALSE;
    }
  figure = percent ? figure_of (speech, percent) : NULL;
  if (unknown)
    g_string_append (speech->text, tw_word (speech->language, "VAT is not included."));
  else if (taxed && mixed)
    g_string_append (speech->text, tw_word (speech->language, "VAT is included."));
  else if (taxed)
    g_string_append_printf (speech->text, tw_word (speech->language, "%s%% VAT is included."), figure);
  if (unknown || taxed)
    g_string_append_c (speech->text, '\n');
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
  gint64 minor = tw_price_board_example_minor (speech->tariff, speech->wall_ms, EXAMPLE_WH, EXAMPLE_MINUTES * 60000);
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
tw_price_board_describe (const TwPriceBoard  *self,
                   const TwTariff *tariff,
                   gint64          wall_ms,
                   const char     *language,
                   GString        *text)
{
  const Speech speech = { tariff, language, wall_ms, text };
  const char *alt = tw_tariff_alt_text (tariff, language);

  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    say_prices (&speech, self, order[i]);
  say_reservations (&speech, self);   /* "other" */
  say_limit (&speech, tw_word (language, "At least %s per session"), tw_tariff_min_gross (tariff));
  say_limit (&speech, tw_word (language, "At most %s per session"), tw_tariff_max_gross (tariff));
  if (!tw_price_board_costs (self))
    g_string_append_printf (text, "%s\n", tw_word (language, "Free of charge"));
  say_tax (&speech, self);
  say_example (&speech);
  if (alt != NULL)
    g_string_append_printf (text, "%s\n", alt);
}
