/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/bill-line.h"

#include "app/base/offer-words.h"
#include "app/base/tariff-terms.h"
#include "app/base/whole.h"
#include "app/base/words.h"
#include "ui/amounts.h"
#include "ui/format.h"

#include <string.h>

static gint64
number_of (const TwJson *object,
           const char   *name)
{
  gint64 value = 0;

  tw_json_get_int64 (object, name, &value, NULL);

  return value;
}

static const char *
text_of (const TwJson *object,
         const char   *name)
{
  const char *text = tw_json_string (tw_json_member (object, name));

  return text ? text : "";
}

const char *
tw_bill_line_name (const TwJson *item,
                   const char   *language)
{
  static const struct { const char *kind, *words; } kinds[] = {
    { "energy", N_("Energy") }, { "time", N_("Charging time") },
    { "parking_time", N_("Time plugged in after charging") },
    { "flat", N_("Fee per session") }, { "rounding", N_("Rounding") }, { "reduction", N_("Reduction") },
  };
  const char *kind = text_of (item, "kind");

  if (tw_json_is_true (tw_json_member (item, "reservation")))
    return tw_word_in (language, "receipt", g_str_equal (kind, "time") ? NC_("receipt", "Reservation")
                                                                       : NC_("receipt", "Reservation fee"));
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (kinds[i].kind, kind))
      return tw_word (language, kinds[i].words);

  return number_of (item, "amount_minor") < 0 ? tw_word (language, "Down to the highest price per session")
                                              : tw_word (language, "Up to the lowest price per session");
}

static char *
localize (char       *figures,
          const char *language)
{
  return g_strdelimit (figures, ".", tw_word_in (language, "decimal sign", ".")[0]);
}

/* Of kWh, all the digits; of seconds "62.250", minutes too: whoever checks it with a calculator must come to the same
 * cent. NULL: no figure. */
static char *
quantity_of (const char *text,
             gboolean    timed,
             const char *language)
{
  g_auto (GStrv) parts = g_strsplit (text, ".", 2);
  gint64 s;

  if (parts[0] == NULL || !tw_whole_parse (parts[0], 0, G_MAXINT64 / 1000, &s))
    return NULL;
  if (!timed)
    return localize (g_strconcat (text, "\302\240kWh", NULL), language);
  if (parts[1] != NULL && strspn (parts[1], "0") != strlen (parts[1]))
    {
      g_autofree char *seconds = g_strdup_printf ("%02d.%s", (int) (s % 60), parts[1]);

      return g_strdup_printf (tw_word (language, "%d min %s s"), (int) (s / 60), localize (seconds, language));
    }

  return s % 60 == 0 ? tw_format_duration (s * 1000, language)
                     : g_strdup_printf (tw_word (language, "%d min %02d s"), (int) (s / 60), (int) (s % 60));
}

/* "12.345 kWh × €0.49 per kWh" */
static char *
product_of (const TwJson *item,
            const char   *currency,
            const char   *language)
{
  const char *per = text_of (item, "price_per"), *unit_price = text_of (item, "unit_price");
  gboolean timed = g_str_equal (per, "h");
  g_autofree char *quantity = quantity_of (text_of (item, "quantity"), timed, language);
  g_autofree char *price = NULL;

  if (unit_price[0] == '\0' || g_str_equal (per, "session") || quantity == NULL)
    return NULL;
  price = tw_amount_of_price (timed ? "flat" : "energy", unit_price, currency, language);

  return timed ? g_strdup_printf (tw_word (language, "%s × %s per hour"), quantity, price)
               : g_strdup_printf (tw_word (language, "%s × %s per kWh"), quantity, price);
}

/* Local already, with its offset: NULL where it is neither. */
static GDateTime *
local_of (const TwJson *object,
          const char   *name)
{
  return g_date_time_new_from_iso8601 (text_of (tw_json_member (object, name), "local"), NULL);
}

static char *
period_of (const TwJson *item,
           const char   *language)
{
  g_autoptr (GDateTime) begin = local_of (item, "begin"), end = local_of (item, "end");
  /* xgettext:no-c-format */
  const char *format = tw_word_in (language, "day and time", "%m-%d %H:%M:%S");
  g_autofree char *from = NULL, *to = NULL, *parts = NULL;

  if (begin == NULL || end == NULL)
    return NULL;
  if (g_date_time_get_day_of_year (begin) == g_date_time_get_day_of_year (end))
    format = "%H:%M:%S";
  from = g_date_time_format (begin, format);
  to = g_date_time_format (end, format);
  if (g_date_time_equal (begin, end))
    return g_steal_pointer (&from);
  if (number_of (item, "periods") > 1)
    parts = g_strdup_printf (tw_word_in (language, "receipt", ", in %u parts"), (guint) number_of (item, "periods"));

  return g_strdup_printf ("%s – %s%s", from, to, parts ? parts : "");
}

static char *
terms_of (const TwJson *item,
          const char   *language)
{
  const char *reason = text_of (item, "reason");
  g_autofree char *terms = reason[0] != '\0' ? tw_tariff_terms_say (reason, language) : NULL;

  return terms ? g_strdup_printf (tw_word_in (language, "receipt", "Price: %s"), terms) : NULL;
}

static char *
step_of (const TwJson *item,
         const char   *language)
{
  gboolean timed = g_str_equal (text_of (item, "price_per"), "h");
  const char *added = text_of (item, "added_by_step");
  gint64 size = number_of (item, "step_size");
  g_autofree char *size_text = timed ? g_strdup_printf ("%" G_GINT64_FORMAT, size)
                                     : g_strdup_printf ("%" G_GINT64_FORMAT ".%03d", size / 1000, (int) (size % 1000));
  g_autofree char *more = quantity_of (added, timed, language), *step = quantity_of (size_text, timed, language);

  if (size <= 1 || more == NULL || step == NULL || strspn (added, "0.") == strlen (added))
    return NULL;

  return g_strdup_printf (tw_word_in (language, "receipt", "incl. %s, billed in steps of %s"), more, step);
}

/* "€28.00 instead of €31.99" */
static char *
limit_of (const TwJson *item,
          const TwJson *receipt,
          const char   *language)
{
  const char *currency = text_of (receipt, "currency");
  const TwJson *offer = tw_json_member (receipt, "offer");
  gint64 total = offer ? number_of (offer, "before_minor")
                       : number_of (tw_json_member (receipt, "total"), "gross_minor");
  g_autofree char *limit = tw_amount (total, currency, language);
  g_autofree char *before = tw_amount (total - number_of (item, "amount_minor"), currency, language);

  if (!g_str_equal (text_of (item, "kind"), "adjustment"))
    return NULL;

  return g_strdup_printf (tw_word (language, "%s instead of %s"), limit, before);
}

/* There is one for each tax rate. */
static gboolean
is_first_reduction (const TwJson *item,
                    const TwJson *receipt)
{
  const TwJson *items = tw_json_member (receipt, "items");

  for (guint i = 0; i < tw_json_length (items); i++)
    if (g_str_equal (text_of (tw_json_element (items, i), "kind"), "reduction"))
      return tw_json_element (items, i) == item;
  return FALSE;
}

/* "Your third charge this month", "10% of €12.34" */
static char *
offer_of (const TwJson *item,
          const TwJson *receipt,
          const char   *language)
{
  const TwJson *offer = tw_json_member (receipt, "offer"), *condition = tw_json_member (offer, "condition");
  guint charges = (guint) CLAMP (number_of (condition, "charges_in_month"), 0, 1000);
  guint days = (guint) CLAMP (number_of (condition, "days_since_last"), 0, 1000);
  g_autofree char *what = NULL, *percent = NULL, *before = NULL, *of = NULL;

  if (offer == NULL || !is_first_reduction (item, receipt))
    return NULL;
  what = charges + days > 0 ? tw_offer_say_granted (charges, days, language) : NULL;
  percent = tw_offer_say_percent ((guint) CLAMP (number_of (offer, "discount_bp"), 0, 10000), language);
  before = tw_amount (number_of (offer, "before_minor"), text_of (receipt, "currency"), language);
  /* Translators: a percentage, and the amount that it is of. */
  of = g_strdup_printf (tw_word (language, "%s of %s"), percent, before);
  return what ? g_strjoin ("\n", what, of, NULL) : g_steal_pointer (&of);
}

static const char *
flag_words (const TwJson *flag)
{
  static const struct { const char *flag, *words; } flags[] = {
    { "interpolated", NC_("receipt", "Meter at the price change: computed.") },
    { "unknown_current", NC_("receipt", "Current not known: priced without it.") },
    { "unknown_power", NC_("receipt", "Power not known: priced without it.") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (flags); i++)
    if (g_strcmp0 (tw_json_string (flag), flags[i].flag) == 0)
      return flags[i].words;

  return NULL;
}

char *
tw_bill_line_details (const TwJson *item,
                      const TwJson *receipt,
                      const char   *language)
{
  char *const sentences[] = {
    product_of (item, text_of (receipt, "currency"), language), period_of (item, language), terms_of (item, language),
    step_of (item, language), limit_of (item, receipt, language), offer_of (item, receipt, language),
  };
  const TwJson *flags = tw_json_member (item, "flags");
  GString *all = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (sentences); i++)
    {
      if (sentences[i] != NULL)
        g_string_append_printf (all, "%s%s", all->len > 0 ? "\n" : "", sentences[i]);
      g_free (sentences[i]);
    }
  for (guint i = 0; i < tw_json_length (flags); i++)
    {
      const char *words = flag_words (tw_json_element (flags, i));

      if (words != NULL)
        g_string_append_printf (all, "%s%s", all->len > 0 ? "\n" : "", tw_word_in (language, "receipt", words));
    }
  if (g_str_equal (text_of (item, "kind"), "rounding"))
    g_string_append (all, tw_word_in (language, "receipt", "Only the total is rounded, from exact amounts. This is the "
                                                           "difference."));

  return g_string_free (all, all->len == 0);
}
