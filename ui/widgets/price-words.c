/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/widgets/price-words.h"

#include "app/base/words.h"
#include "payment/money/fraction.h"
#include "ui/amounts.h"
#include "ui/format.h"

#include <string.h>

/* In the order of AFIR 5(4). What is not listed here comes last, as it is. */
enum { ENERGY, TIME, PARKING_TIME, FLAT, N_KINDS };
/* started: where a minute that is begun is paid in full. bare: behind a condition. */
static const struct { const char *kind, *per, *line, *bare, *started_line, *started_bare; } kinds[] = {
  [ENERGY] = { "energy", N_("per kWh"), N_("%s per kWh"), N_("%s per kWh") },
  [TIME] = { "time", N_("per minute while charging"), N_("While charging: %s per minute"),
             N_("%s per minute while charging"),
             N_("While charging: %s per started minute"), N_("%s per started minute while charging") },
  [PARKING_TIME] = { "parking-time", N_("per minute after charging"), N_("After charging: %s per minute"),
                     N_("%s per minute after charging"),
                     N_("After charging: %s per started minute"), N_("%s per started minute after charging") },
  [FLAT] = { "flat", N_("per session"), N_("Per session: %s"), N_("%s per session") },
};

static guint
rank (const char *kind)
{
  guint i = 0;

  while (i < N_KINDS && g_strcmp0 (kinds[i].kind, kind) != 0)
    i++;
  return i;
}

static gboolean
is_said (const char *text)
{
  return text != NULL && text[0] != '\0';
}

/* FALSE: nothing is paid for the kind then. */
static gboolean
is_due (const TwBusPrice *price)
{
  return is_said (price->gross_price) && strspn (price->gross_price, "0.") != strlen (price->gross_price);
}

gboolean
tw_prices_cost (const TwBusConnector *bay)
{
  for (guint i = 0; i < bay->n_prices; i++)
    if (is_due (&bay->prices[i]))
      return TRUE;
  for (guint i = 0; i < bay->n_later_prices; i++)
    if (is_due (&bay->later_prices[i]))
      return TRUE;

  return is_said (bay->min_price);
}

/* Those of one kind stay as they came. */
static const TwBusPrice *
nth (const TwBusPrice *prices,
     guint             n_prices,
     guint             n)
{
  for (guint wanted = 0; wanted <= N_KINDS; wanted++)
    for (guint i = 0; i < n_prices; i++)
      if (rank (prices[i].kind) == wanted && n-- == 0)
        return &prices[i];

  return NULL;
}

/* What costs nothing now says so only where it comes first: what it costs later is said by those that follow. */
const TwBusPrice *
tw_prices_now (const TwBusConnector *bay,
               guint                 i)
{
  const TwBusPrice *price;
  guint n_shown = 0;

  if (!tw_prices_cost (bay))
    return NULL;
  for (guint n = 0; (price = nth (bay->prices, bay->n_prices, n)) != NULL; n++)
    if ((n == 0 || is_due (price)) && n_shown++ == i)
      return price;

  return NULL;
}

guint
tw_prices_n_later (const TwBusConnector *bay)
{
  return tw_prices_cost (bay) ? bay->n_later_prices : 0;
}

char *
tw_price_amount (const TwBusConnector *bay,
                 const TwBusPrice     *price,
                 const char           *language)
{
  return tw_amount_of_price (price->kind, is_due (price) ? price->gross_price : "0", bay->currency, language);
}

static gboolean
is_by_started_minute (const TwBusPrice *price)
{
  return price->step == 60 && is_due (price) && (rank (price->kind) == TIME || rank (price->kind) == PARKING_TIME);
}

const char *
tw_price_per (const TwBusPrice *price,
              const char       *language)
{
  guint kind = rank (price->kind);

  if (kind == N_KINDS)
    return price->kind;
  return tw_word (language, kinds[kind].per);
}

/* "20.5 kWh" of 20500 */
static char *
measure (gint64      value,
         const char *unit,
         const char *language)
{
  g_autofree char *text = tw_decimal_to_text ((TwDecimal) { value, 3 }), *figure = tw_format_percent (text, language);

  return g_strdup_printf ("%s\u00a0%s", figure, unit);
}

/* Minutes as long as one reads them so: "60 min", "4 h 00 min"; what is not whole in seconds. */
static char *
span (gint64      ms,
      const char *language)
{
  if (ms % 60000 != 0)
    return measure (ms, "s", language);
  if (ms > 2 * 3600000)
    return tw_format_duration (ms, language);

  return g_strdup_printf (tw_word_in (language, "duration", "%d min"), (int) (ms / 60000));
}

/* "5 kWh", "hour"; NULL: nothing worth a word. */
static char *
step_of (const TwBusPrice *price,
         const char       *language)
{
  guint kind = rank (price->kind);

  if (price->step <= 1 || !is_due (price) || kind == FLAT || kind == N_KINDS )
    return NULL;
  if (kind == ENERGY)
    return price->step == 1000 ? g_strdup ("kWh") : measure (price->step, "kWh", language);
  if (price->step == 60)
    return g_strdup (tw_word_in (language, "started", "minute"));
  if (price->step == 3600)
    return g_strdup (tw_word_in (language, "started", "hour"));

  return span (price->step * 1000, language);
}

char *
tw_price_step (const TwBusPrice *price,
               const char       *language)
{
  g_autofree char *step = step_of (price, language);

  /* Translators: "5 kWh", "hour", "15 min". */
  return step ? g_strdup_printf (tw_word (language, "Billed per started %s"), step) : NULL;
}

/* Takes words. */
static char *
add_step (char             *words,
          const TwBusPrice *price,
          const char       *language)
{
  g_autofree char *taken = words, *step = step_of (price, language);

  /* Translators: 1 is a price, 2 is "5 kWh", "hour", "15 min". */
  return step ? g_strdup_printf (tw_word (language, "%1$s, per started %2$s"), taken, step)
              : g_steal_pointer (&taken);
}

/* The %s of a sentence that was chosen elsewhere. Takes what; NULL stays NULL. */
static char *
fill_in (const char *sentence,
         char       *what)
{
  g_autofree char *taken = what;
  g_auto (GStrv) parts = g_strsplit (sentence, "%s", 2);

  return taken ? g_strjoinv (taken, parts) : NULL;
}

/* bare: behind a condition, "€0.10 per minute after charging" */
static char *
line_of (const TwBusConnector *bay,
         const TwBusPrice     *price,
         gboolean              bare,
         gboolean              with_step,
         const char           *language)
{
  guint kind = rank (price->kind);
  gboolean started = with_step && is_by_started_minute (price);
  g_autofree char *words = NULL;
  const char *line = bare ? "%s" : N_("Other: %s");

  if (kind < N_KINDS && bare)
    line = started ? kinds[kind].started_bare : kinds[kind].bare;
  else if (kind < N_KINDS)
    line = started ? kinds[kind].started_line : kinds[kind].line;
  words = fill_in (tw_word (language, line), tw_price_amount (bay, price, language));
  return with_step && !started ? add_step (g_steal_pointer (&words), price, language) : g_steal_pointer (&words);
}

char *
tw_price_line (const TwBusConnector *bay,
               const TwBusPrice     *price,
               gboolean              with_step,
               const char           *language)
{
  return line_of (bay, price, FALSE, with_step, language);
}

/* --- when --- */

/* Takes words; NULL: there is no such bound. */
static void
add (GString    *all,
     const char *separator,
     char       *words)
{
  if (words != NULL)
    g_string_append_printf (all, "%s%s", all->len > 0 ? separator : "", words);
  g_free (words);
}

/* 0: there is no such bound. */
static void
add_bound (GString    *all,
           const char *language,
           const char *sentence,
           gint64      value,
           const char *unit)
{
  add (all, ", ", fill_in (tw_word (language, sentence), value > 0 ? measure (value, unit, language) : NULL));
}

static void
add_age (GString    *all,
         const char *language,
         const char *sentence,
         gint64      ms)
{
  add (all, ", ", fill_in (tw_word (language, sentence), ms > 0 ? span (ms, language) : NULL));
}

static char *
condition_of (const TwBusPrice *price,
              const char       *language)
{
  GString *all = g_string_new (NULL);
  gboolean begins = is_said (price->from);

  add (all, ", ", price->loose ? g_strdup (tw_word (language, "in some cases")) : NULL);
  add (all, ", ", begins ? fill_in (tw_word (language, "from %s"), g_strdup (price->from)) : NULL);
  add (all, begins ? " " : ", ",
       is_said (price->until) ? fill_in (tw_word (language, "until %s"), g_strdup (price->until)) : NULL);
  add_bound (all, language, N_("from %s"), price->min_wh, "kWh");
  add_bound (all, language, N_("up to %s"), price->max_wh, "kWh");
  add_age (all, language, N_("from %s after the start"), price->min_ms);
  add_age (all, language, N_("until %s after the start"), price->max_ms);
  add_bound (all, language, N_("from %s"), price->min_ma, "A");
  add_bound (all, language, N_("below %s"), price->max_ma, "A");
  add_bound (all, language, N_("from %s"), price->min_w, "kW");
  add_bound (all, language, N_("below %s"), price->max_w, "kW");
  add (all, ", ", price->unknown ? g_strdup (tw_word (language, "while the power is not known")) : NULL);

  return g_string_free (all, FALSE);
}

static char *
begin_large (const char *text)
{
  char first[8] = "";

  g_unichar_to_utf8 (g_unichar_toupper (g_utf8_get_char (text)), first);
  return g_strconcat (first, g_utf8_next_char (text), NULL);
}

char *
tw_prices_later_line (const TwBusConnector *bay,
                      guint                 i,
                      gboolean              with_step,
                      const char           *language)
{
  const TwBusPrice *price = nth (bay->later_prices, bay->n_later_prices, i);
  g_autofree char *words = line_of (bay, price, TRUE, with_step, language), *when = condition_of (price, language);
  g_autofree char *large = when[0] != '\0' ? begin_large (when) : NULL;

  /* Translators: "From 22:00", "€0.39 per kWh". */
  return large ? g_strdup_printf (tw_word (language, "%1$s: %2$s"), large, words) : g_steal_pointer (&words);
}

/* --- of a running session --- */

/* Why it is this price, else until when, if that is not said with the next price; NULL: it is so for everybody. */
static char *
reason_of (const TwBusConnector *bay,
           const TwBusPrice     *price,
           gboolean              next_is_said,
           const char           *language)
{
  g_autofree char *what = NULL;

  if (price->min_wh > 0)
    what = tw_format_energy (price->min_wh, language);
  else if (price->min_w > 0)
    what = tw_format_power (price->min_w, language);
  else if (price->min_ms > 0)
    what = tw_format_duration (price->min_ms, language);
  if (what != NULL)
    return g_strdup_printf (tw_word (language, "from %s on"), what);
  if (next_is_said && is_said (price->until) && g_strcmp0 (price->until, bay->next.at) == 0)
    return NULL;
  if (is_said (price->until))
    return g_strdup_printf (tw_word (language, "until %s"), price->until);
  if (price->max_wh > 0)
    what = tw_format_energy (price->max_wh, language);
  else if (price->max_w > 0)
    what = tw_format_power (price->max_w, language);
  return what ? g_strdup_printf (tw_word (language, "up to %s"), what) : NULL;
}

char *
tw_prices_running (const TwBusConnector *bay,
                   gboolean              next_is_said,
                   const char           *language)
{
  g_autoptr (GString) all = g_string_new (NULL);

  for (guint i = 0; i < bay->n_current_prices; i++)
    {
      const TwBusPrice *price = &bay->current_prices[i];
      g_autofree char *amount = tw_price_amount (bay, price, language);
      g_autofree char *why = reason_of (bay, price, next_is_said, language);
      g_autofree char *words = NULL;

      if (rank (price->kind) == FLAT)
        continue;   /* it is in the amount already */
      words = g_strdup_printf (rank (price->kind) == ENERGY ? tw_word (language, "%s per kWh")
                               : tw_word (language, "%s per minute"), amount);
      add (all, " · ", why ? g_strdup_printf ("%s %s", words, why) : g_steal_pointer (&words));
    }
  return all->len > 0 ? g_strdup_printf (tw_word (language, "Now: %s"), all->str) : NULL;
}

/* --- and the rest --- */

char *
tw_prices_tax (const TwBusConnector *bay,
               const char           *language)
{
  const char *percent = NULL;
  gboolean is_taxed = FALSE, is_mixed = FALSE, is_first = TRUE;
  g_autofree char *digits = NULL;

  for (guint i = 0; i < bay->n_prices + bay->n_later_prices; i++)
    {
      const TwBusPrice *price = i < bay->n_prices ? &bay->prices[i] : &bay->later_prices[i - bay->n_prices];

      if (!is_due (price))
        continue;
      is_taxed |= is_said (price->tax_percent);
      is_mixed |= !is_first && g_strcmp0 (price->tax_percent, percent) != 0;
      percent = price->tax_percent;
      is_first = FALSE;
    }
  if (!is_taxed)
    return NULL;
  if (is_mixed)
    return g_strdup (tw_word (language, "VAT is included."));
  digits = tw_format_percent (percent, language);
  /* Translators: 19 % of value added tax. */
  return g_strdup_printf (tw_word (language, "%s%% VAT is included."), digits);
}

char *
tw_prices_limit (const TwBusConnector *bay,
                 gboolean              lowest,
                 const char           *language)
{
  const char *limit = lowest ? bay->min_price : bay->max_price;
  g_autofree char *amount = NULL;

  if (!is_said (limit))
    return NULL;
  amount = tw_amount_of_price ("flat", limit, bay->currency, language);
  return lowest ? g_strdup_printf (tw_word (language, "At least %s per session"), amount)
                : g_strdup_printf (tw_word (language, "At most %s per session"), amount);
}
