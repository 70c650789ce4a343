/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/format.h"

#include "app/base/words.h"
#include "payment/money/fraction.h"
#include "payment/money/money.h"

#include <string.h>

#define SPACE "\xc2\xa0"      /* U+00A0 */
#define MINUS "\xe2\x88\x92"  /* U+2212 */
#define ABOUT "\xe2\x89\x88 " /* U+2248 */
#define PRICE_DIGITS 4

/* Signs that mean one currency to everybody who would pay with it; "$" and "¥" are what they are at home. */
static const struct { char currency[4]; const char *sign; } signs[] = {
  { "EUR", "€" }, { "GBP", "£" }, { "JPY", "¥" }, { "USD", "$" },
};

/* Takes text; its spaces become unbreakable. */
static char *
bind (char *text)
{
  g_autofree char *taken = text;
  g_auto (GStrv) parts = g_strsplit (taken, " ", -1);

  return g_strjoinv (SPACE, parts);
}

/* "1234.5" with the language's signs: "1,234.5", "1.234,5". No minus. */
static char *
localize (const char *figures,
          const char *language)
{
  gsize n_whole = strcspn (figures, ".");
  GString *text = g_string_new (NULL);

  for (gsize i = 0; i < n_whole; i++)
    {
      if (i > 0 && (n_whole - i) % 3 == 0)
        g_string_append (text, tw_word_in (language, "sign between thousands", ","));
      g_string_append_c (text, figures[i]);
    }
  if (figures[n_whole] == '.')
    {
      g_string_append (text, tw_word_in (language, "decimal sign", "."));
      g_string_append (text, figures + n_whole + 1);
    }

  return g_string_free (text, FALSE);
}

static const char *
find_sign (const char *currency)
{
  for (guint i = 0; i < G_N_ELEMENTS (signs); i++)
    if (strcmp (signs[i].currency, currency) == 0)
      return signs[i].sign;

  return NULL;
}

/* figures may be negative. */
static char *
put_currency (const char *figures,
              const char *currency,
              const char *language)
{
  const char *sign = find_sign (currency);
  gboolean negative = figures[0] == '-';
  g_autofree char *localized = localize (figures + negative, language);
  g_autofree char *text = NULL;

  if (sign)
    /* Translators: 1 is the currency's sign, 2 the amount. */
    text = g_strdup_printf (tw_word_in (language, "amount with a sign", "%1$s%2$s"), sign, localized);
  else
    /* Translators: 1 is the currency's letters, 2 the amount. */
    text = g_strdup_printf (tw_word_in (language, "amount with letters", "%1$s %2$s"), currency, localized);

  return bind (g_strconcat (negative ? MINUS : "", text, NULL));
}

char *
tw_format_money (gint64      minor,
                 const char *currency,
                 const char *language)
{
  g_autofree char *figures = tw_money_to_decimal (tw_money (minor, currency));

  return put_currency (figures, currency, language);
}

static guint
digits_of (const char *currency)
{
  return MAX (tw_currency_digits (currency), 0);
}

static gboolean
parse (const char *decimal,
       TwFraction *price)
{
  TwDecimal parsed;

  if (!tw_decimal_parse (decimal, TW_DECIMAL_MAX_SCALE, &parsed, NULL))
    return FALSE;
  *price = tw_fraction_from_decimal (parsed);

  return TRUE;
}

char *
tw_format_price (const char *decimal,
                 const char *currency,
                 const char *language)
{
  g_autofree char *figures = NULL;
  TwFraction price;

  if (!parse (decimal, &price))
    return g_strdup (decimal);
  figures = tw_fraction_to_text (price, digits_of (currency), TW_DECIMAL_MAX_SCALE, NULL);

  return put_currency (figures, currency, language);
}

char *
tw_format_pence (const char *pounds,
                 const char *language)
{
  g_autofree char *figures = NULL, *localized = NULL;
  TwFraction price;

  if (!parse (pounds, &price))
    return g_strdup (pounds);
  figures = tw_fraction_to_text (tw_fraction_multiply (price, tw_fraction (100, 1)), 0, TW_DECIMAL_MAX_SCALE, NULL);
  localized = figures ? localize (figures, language) : g_strdup (pounds);

  return bind (g_strdup_printf (tw_word_in (language, "pence", "%sp"), localized));
}

/* The price of a minute if that is exact with a few digits, else NULL. */
static char *
exact_minute (TwFraction  per_hour,
              const char *currency)
{
  TwFraction price = tw_fraction_divide (per_hour, tw_fraction (60, 1));
  guint most = MAX (PRICE_DIGITS, digits_of (currency) + 1);
  gboolean cut;
  g_autofree char *figures = tw_fraction_to_text (price, digits_of (currency), most, &cut);

  return figures && !cut ? g_steal_pointer (&figures) : NULL;
}

static char *
rounded_minute (TwFraction  per_hour,
                const char *currency)
{
  guint scale = MAX (PRICE_DIGITS, digits_of (currency) + 1);
  TwFraction scaled = tw_fraction_divide (per_hour, tw_fraction (60, 1));
  gint64 units;

  for (guint i = 0; i < scale; i++)
    scaled = tw_fraction_multiply (scaled, tw_fraction (10, 1));
  if (!tw_fraction_round_half_up (scaled, &units))
    return NULL;

  return tw_decimal_to_text ((TwDecimal) { units, scale });
}

char *
tw_format_price_per_minute (const char *per_hour,
                            const char *currency,
                            const char *language)
{
  TwFraction price;
  g_autofree char *figures = NULL;
  g_autofree char *text = NULL;

  if (!parse (per_hour, &price))
    return g_strdup (per_hour);
  figures = exact_minute (price, currency);
  if (figures)
    return put_currency (figures, currency, language);
  figures = rounded_minute (price, currency);
  if (figures == NULL)
    return g_strdup (per_hour);
  text = put_currency (figures, currency, language);

  return bind (g_strconcat (ABOUT, text, NULL));
}

static char *
price_of_time (const char *per_hour,
               const char *currency,
               const char *language)
{
  g_autofree char *minute = NULL;
  g_autofree char *text = NULL;
  TwFraction price;

  if (parse (per_hour, &price))
    minute = exact_minute (price, currency);
  if (minute == NULL)
    {
      text = tw_format_price (per_hour, currency, language);
      return g_strdup_printf (tw_word_in (language, "price", "%s per hour"), text);
    }
  text = put_currency (minute, currency, language);

  return g_strdup_printf (tw_word_in (language, "price", "%s per minute"), text);
}

char *
tw_format_price_for (const char *kind,
                     const char *decimal,
                     const char *currency,
                     const char *language)
{
  g_autofree char *price = tw_format_price (decimal, currency, language);

  if (strcmp (kind, "energy") == 0)
    return bind (g_strdup_printf (tw_word_in (language, "price", "%s per kWh"), price));
  if (strcmp (kind, "time") == 0 || strcmp (kind, "parking-time") == 0)
    return bind (price_of_time (decimal, currency, language));

  return bind (g_strdup_printf (tw_word_in (language, "price", "%s per session"), price));
}

/* value / 10^digits with its unit. */
static char *
measure (gint64      value,
         guint       digits,
         const char *unit,
         const char *language)
{
  g_autofree char *figures = tw_decimal_to_text ((TwDecimal) { MAX (value, 0), digits });
  g_autofree char *localized = localize (figures, language);

  return g_strconcat (localized, SPACE, unit, NULL);
}

char *
tw_format_percent (const char *decimal,
                   const char *language)
{
  const char *point = strchr (decimal, '.');
  gsize len = strlen (decimal);
  g_auto (GStrv) parts = NULL;
  g_autofree char *trimmed = NULL;

  while (point != NULL && len > 0 && (decimal[len - 1] == '0' || decimal[len - 1] == '.'))
    if (decimal[--len] == '.')
      break;
  trimmed = g_strndup (decimal, len);
  parts = g_strsplit (trimmed, ".", 2);
  return g_strjoinv (tw_word_in (language, "decimal sign", "."), parts);
}

char *
tw_format_energy (gint64      wh,
                  const char *language)
{
  return measure (wh / 10, 2, "kWh", language);
}

char *
tw_format_energy_exact (gint64      wh,
                        const char *language)
{
  return measure (wh, 3, "kWh", language);
}

char *
tw_format_power (gint64      w,
                 const char *language)
{
  gint64 rounded = w / 100 + (w % 100 >= 50);

  return rounded >= 1000 ? measure (w / 1000 + (w % 1000 >= 500), 0, "kW", language)
                         : measure (rounded, 1, "kW", language);
}

char *
tw_format_duration (gint64      ms,
                    const char *language)
{
  gint64 minutes = MAX (ms, 0) / (60 * 1000);

  if (ms > 0 && minutes == 0)
    return bind (g_strdup (tw_word_in (language, "duration", "under 1 min")));
  if (minutes < 60)
    return bind (g_strdup_printf (tw_word_in (language, "duration", "%d min"), (int) minutes));

  return bind (g_strdup_printf (tw_word_in (language, "duration", "%ld h %02d min"), (long) (minutes / 60),
                                (int) (minutes % 60)));
}

char *
tw_format_countdown (gint64      seconds,
                     const char *language)
{
  long rest = MAX (seconds, 0);

  if (rest < 3600)
    return g_strdup_printf (tw_word_in (language, "minutes and seconds", "%d:%02d"), (int) (rest / 60),
                            (int) (rest % 60));

  return g_strdup_printf (tw_word_in (language, "hours, minutes and seconds", "%ld:%02d:%02d"), rest / 3600,
                          (int) (rest / 60 % 60), (int) (rest % 60));
}

static char *
local (gint64      wall_us,
       const char *time_zone,
       const char *format)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier (time_zone);
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (wall_us / G_USEC_PER_SEC);
  g_autoptr (GDateTime) there = zone && utc ? g_date_time_to_timezone (utc, zone) : NULL;

  return there ? bind (g_date_time_format (there, format)) : NULL;
}

char *
tw_format_time (gint64      wall_us,
                const char *time_zone,
                const char *language)
{
  return local (wall_us, time_zone, tw_word_in (language, "time of day", "%H:%M"));
}

char *
tw_format_date_time (gint64      wall_us,
                     const char *time_zone,
                     const char *language)
{
  /* xgettext:no-c-format */
  return local (wall_us, time_zone, tw_word_in (language, "date and time", "%Y-%m-%d %H:%M"));
}
