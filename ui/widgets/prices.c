/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/widgets/prices.h"

#include "app/base/words.h"
#include "ui/amounts.h"
#include "ui/format.h"
#include "ui/widgets/text.h"

#include <string.h>

#define LINES      12
#define MOST_LATER 3
#define MANY_LINES 2

/* In the order of AFIR 5(4). What is not listed here comes last, as it is. */
enum { ENERGY, TIME, PARKING_TIME, FLAT, N_KINDS };
static const struct { const char *kind, *hero; } kinds[N_KINDS] = {
  [ENERGY] = { "energy", N_("per kWh") },
  [TIME] = { "time", N_("per minute while charging") },
  [PARKING_TIME] = { "parking-time", N_("per minute after charging") },
  [FLAT] = { "flat", N_("per session") },
};

typedef struct { GtkWidget *amount, *per, *lines[LINES], *tax; } TwPrices;

static guint
rank (const char *kind)
{
  guint i = 0;

  while (i < N_KINDS && g_strcmp0 (kinds[i].kind, kind) != 0)
    i++;
  return i;
}

/* FALSE: nothing is paid for the kind, so it is not a price. */
static gboolean
is_due (const TwBusPrice *price)
{
  return price->gross_price != NULL && price->gross_price[0] != '\0';
}

/* The n-th in lawful order; those of one kind stay as they came. */
static const TwBusPrice *
nth (const TwBusConnector *bay,
     guint                 n)
{
  for (guint wanted = 0; wanted <= N_KINDS; wanted++)
    for (guint i = 0; i < bay->n_prices; i++)
      if (rank (bay->prices[i].kind) == wanted && is_due (&bay->prices[i]) && n-- == 0)
        return &bay->prices[i];

  return NULL;
}

static char *
amount_of (const TwBusConnector *bay,
           const TwBusPrice     *price,
           const char           *language)
{
  return tw_amount_of_price (price->kind, is_due (price) ? price->gross_price : "0", bay->currency, language);
}

static char *
bare_line_of (const TwBusConnector *bay,
              const TwBusPrice     *price,
              const char           *language)
{
  g_autofree char *amount = amount_of (bay, price, language);

  switch (rank (price->kind))
    {
    case ENERGY:
      return g_strdup_printf (tw_word (language, "%s per kWh"), amount);
    case TIME:
      return g_strdup_printf (tw_word (language, "%s per minute while charging"), amount);
    case PARKING_TIME:
      return g_strdup_printf (tw_word (language, "%s per minute after charging"), amount);
    case FLAT:
      return g_strdup_printf (tw_word (language, "%s per session"), amount);
    default:
      return g_steal_pointer (&amount);
    }
}

static char *
line_of (const TwBusConnector *bay,
         const TwBusPrice     *price,
         const char           *language)
{
  g_autofree char *amount = amount_of (bay, price, language);

  switch (rank (price->kind))
    {
    case ENERGY:
      return g_strdup_printf (tw_word (language, "%s per kWh"), amount);
    case TIME:
      return g_strdup_printf (tw_word (language, "While charging: %s per minute"), amount);
    case PARKING_TIME:
      return g_strdup_printf (tw_word (language, "After charging: %s per minute"), amount);
    case FLAT:
      return g_strdup_printf (tw_word (language, "Per session: %s"), amount);
    default:
      return g_strdup_printf (tw_word (language, "Other: %s"), amount);
    }
}

/* "From 22:00 on: 0.39 € per kWh" */
static char *
later_line (const TwBusConnector *bay,
            const TwBusPrice     *price,
            const char           *language)
{
  g_autofree char *words = bare_line_of (bay, price, language), *when = NULL;

  if (price->from != NULL && price->from[0] != '\0')
    return g_strdup_printf (tw_word (language, "From %s on: %s"), price->from, words);
  if (price->min_ms > 0)
    {
      when = tw_format_duration (price->min_ms, language);
      return g_strdup_printf (tw_word (language, "After %s: %s"), when, words);
    }
  if (price->min_wh <= 0 && price->min_w <= 0)
    return g_strdup_printf (tw_word (language, "In other cases: %s"), words);
  when = price->min_wh > 0 ? tw_format_energy (price->min_wh, language) : tw_format_power (price->min_w, language);
  return g_strdup_printf (tw_word (language, "From %s on: %s"), when, words);
}

char *
tw_prices_line (const TwBusConnector *bay,
                guint                 i,
                const char           *language)
{
  const TwBusPrice *price = nth (bay, i);

  return price ? line_of (bay, price, language) : i == 0 ? g_strdup (tw_word (language, "Free of charge")) : NULL;
}

char *
tw_prices_example (const TwBusConnector *bay,
                   const char           *language)
{
  g_autofree char *energy = NULL, *time = NULL, *cost = NULL;

  if (bay->example_wh <= 0 || bay->example_ms <= 0)
    return NULL;
  energy = bay->example_wh % 1000 == 0 ? g_strdup_printf ("%" G_GINT64_FORMAT "\u00a0kWh", bay->example_wh / 1000)
                                       : tw_format_energy (bay->example_wh, language);
  time = tw_format_duration (bay->example_ms, language);
  cost = tw_amount (bay->example_minor, bay->currency, language);
  return g_strdup_printf (tw_word (language, "E.g. %s in %s: %s"), energy, time, cost);
}

/* One rate for all, or only that tax is in it; NULL: the tariff names none. */
static char *
tax_of (const TwBusConnector *bay,
        const char           *language)
{
  const char *percent = bay->n_prices > 0 ? bay->prices[0].tax_percent : NULL;
  gboolean is_taxed = FALSE;
  g_autofree char *digits = NULL;

  for (guint i = 0; i < bay->n_prices; i++)
    {
      is_taxed |= bay->prices[i].tax_percent != NULL && bay->prices[i].tax_percent[0] != '\0';
      if (g_strcmp0 (bay->prices[i].tax_percent, percent) != 0)
        percent = NULL;
    }
  if (!is_taxed)
    return NULL;
  if (percent == NULL)
    return g_strdup (tw_word (language, "VAT is included."));
  digits = tw_format_percent (percent, language);
  /* Translators: 19 % of value added tax. */
  return g_strdup_printf (tw_word (language, "%s%% VAT is included."), digits);
}

static char *
limit_of (const TwBusConnector *bay,
          gboolean              lowest,
          const char           *language)
{
  const char *limit = lowest ? bay->min_price : bay->max_price;
  g_autofree char *amount = NULL;

  if (limit == NULL || limit[0] == '\0')
    return NULL;
  amount = tw_amount_of_price ("flat", limit, bay->currency, language);
  return lowest ? g_strdup_printf (tw_word (language, "At least %s per session"), amount)
                : g_strdup_printf (tw_word (language, "At most %s per session"), amount);
}

static void
append (GString *all,
        char    *words)
{
  if (words != NULL)
    g_string_append_printf (all, "%s%s", all->len > 0 ? " · " : "", words);
  g_free (words);
}

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
  if (next_is_said && price->until != NULL && price->until[0] != '\0' && g_strcmp0 (price->until, bay->next.at) == 0)
    return NULL;
  if (price->until != NULL && price->until[0] != '\0')
    return g_strdup_printf (tw_word (language, "until %s"), price->until);
  if (price->max_wh > 0)
    what = tw_format_energy (price->max_wh, language);
  else if (price->max_w > 0)
    what = tw_format_power (price->max_w, language);
  return what ? g_strdup_printf (tw_word (language, "up to %s"), what) : NULL;
}

char *
tw_prices_now (const TwBusConnector *bay,
               gboolean              next_is_said,
               const char           *language)
{
  g_autoptr (GString) all = g_string_new (NULL);

  for (guint i = 0; i < bay->n_current_prices; i++)
    {
      const TwBusPrice *price = &bay->current_prices[i];
      g_autofree char *amount = amount_of (bay, price, language);
      g_autofree char *why = reason_of (bay, price, next_is_said, language);
      g_autofree char *words = NULL;

      if (rank (price->kind) == FLAT)
        continue;   /* it is in the amount already */
      words = g_strdup_printf (rank (price->kind) == ENERGY ? tw_word (language, "%s per kWh")
                               : tw_word (language, "%s per minute"), amount);
      append (all, why ? g_strdup_printf ("%s %s", words, why) : g_steal_pointer (&words));
    }
  return all->len > 0 ? g_strdup_printf (tw_word (language, "Now: %s"), all->str) : NULL;
}

char *
tw_prices_rest (const TwBusConnector *bay,
                const char           *language)
{
  g_autoptr (GString) all = g_string_new (NULL);

  for (guint i = 1; i < bay->n_prices; i++)
    append (all, tw_prices_line (bay, i, language));
  append (all, limit_of (bay, TRUE, language));
  append (all, limit_of (bay, FALSE, language));
  append (all, bay->n_prices > 0 ? tax_of (bay, language) : NULL);
  return g_strdup (all->str);
}

static guint
set_later (TwPrices             *self,
           guint                 line,
           const TwBusConnector *bay,
           const char           *language,
           guint                 most)
{
  for (guint i = 0; i < bay->n_later_prices && i < most; i++)
    {
      gboolean is_last = i + 1 == most && bay->n_later_prices > most;

      tw_text_take (self->lines[line++], is_last ? g_strdup (tw_word (language, "The price can change more often."))
                    : later_line (bay, &bay->later_prices[i], language));
    }
  return line;
}

void
tw_prices_set (GtkWidget            *prices,
               const TwBusConnector *bay,
               const char           *language,
               guint                 most_later)
{
  TwPrices *self = g_object_get_data (G_OBJECT (prices), "prices");
  const TwBusPrice *first = nth (bay, 0);
  g_autofree char *amount = first ? amount_of (bay, first, language) : g_strdup (tw_word (language, "Free of charge"));
  guint line = 0;

  tw_text_set_figure (self->amount, amount);
  tw_text_set (self->per, first == NULL ? NULL : rank (first->kind) < N_KINDS
               ? tw_word (language, kinds[rank (first->kind)].hero) : first->kind);
  for (guint i = 1; i < bay->n_prices && line < LINES - MOST_LATER - 2; i++)
    tw_text_take (self->lines[line++], tw_prices_line (bay, i, language));
  line = set_later (self, line, bay, language, MIN (most_later, MOST_LATER));
  tw_text_take (self->lines[line++], limit_of (bay, TRUE, language));
  tw_text_take (self->lines[line++], limit_of (bay, FALSE, language));
  tw_class_set (prices, "many", line > MANY_LINES);
  while (line < LINES)
    tw_text_set (self->lines[line++], NULL);
  tw_text_take (self->tax, first ? tax_of (bay, language) : NULL);
}

GtkWidget *
tw_prices_new (const char *classes)
{
  TwPrices *self = g_new0 (TwPrices, 1);
  GtkWidget *hero, *prices;

  self->amount = tw_text_new (classes);
  self->per = tw_text_new ("title");
  self->tax = tw_text_new ("caption");
  gtk_widget_set_valign (self->amount, GTK_ALIGN_BASELINE);
  gtk_widget_set_valign (self->per, GTK_ALIGN_BASELINE);
  hero = tw_row_new ("gap-2", self->amount, self->per, NULL);
  prices = tw_column_new ("", hero, NULL);
  for (guint i = 0; i < LINES; i++)
    {
      self->lines[i] = tw_text_new ("lead");
      gtk_box_append (GTK_BOX (prices), self->lines[i]);
    }
  gtk_box_append (GTK_BOX (prices), self->tax);
  g_object_set_data_full (G_OBJECT (prices), "prices", self, g_free);
  return prices;
}
