/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/widgets/prices.h"

#include "app/base/words.h"
#include "ui/amounts.h"
#include "ui/format.h"
#include "ui/widgets/button.h"
#include "ui/widgets/price-words.h"
#include "ui/widgets/text.h"

#define LINES      12
#define MOST_LATER 3
#define MANY_LINES 2

/* later: the lines of all that can follow, of which a page of n_here begins at slot. turner NULL: an overview, in which
 * nobody can turn pages and no steps are told; where the driver decides, both are. */
typedef struct
{
  GtkWidget  *amount, *per, *lines[LINES], *turner, *tax;
  GPtrArray  *later;
  const char *language;
  guint       slot, n_here, page;
} TwPrices;

char *
tw_prices_line (const TwBusConnector *bay,
                guint                 i,
                const char           *language)
{
  const TwBusPrice *price = tw_prices_now (bay, i);

  if (price != NULL)
    return tw_price_line (bay, price, FALSE, language);
  return i == 0 && !tw_prices_cost (bay) ? g_strdup (tw_word (language, "Free of charge")) : NULL;
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

static void
append (GString *all,
        char    *words)
{
  if (words != NULL)
    g_string_append_printf (all, "%s%s", all->len > 0 ? " · " : "", words);
  g_free (words);
}

char *
tw_prices_rest (const TwBusConnector *bay,
                const char           *language)
{
  g_autoptr (GString) all = g_string_new (NULL);

  for (guint i = 1; i < bay->n_prices; i++)
    append (all, tw_prices_line (bay, i, language));
  if (tw_prices_n_later (bay) > 0)
    append (all, g_strdup (tw_word (language, "Other prices are possible")));
  append (all, tw_prices_limit (bay, TRUE, language));
  append (all, tw_prices_limit (bay, FALSE, language));
  append (all, tw_prices_tax (bay, language));
  return g_strdup (all->str);
}

static guint
n_pages (const TwPrices *self)
{
  return self->n_here > 0 ? (self->later->len + self->n_here - 1) / self->n_here : 1;
}

static void
show_page (TwPrices *self)
{
  for (guint i = 0; i < self->n_here; i++)
    {
      guint n = self->page * self->n_here + i;

      tw_text_set (self->lines[self->slot + i], n < self->later->len ? self->later->pdata[n] : NULL);
    }
  if (self->turner == NULL)
    return;
  gtk_widget_set_visible (self->turner, n_pages (self) > 1);
  if (n_pages (self) > 1)
    {
      /* Translators: which page of how many. */
      g_autofree char *words = g_strdup_printf (tw_word (self->language, "More prices (%1$u of %2$u)"), self->page + 1,
                                                n_pages (self));

      tw_button_set_words (self->turner, words);
    }
}

static void
on_turn (TwPrices *self)
{
  self->page = (self->page + 1) % n_pages (self);
  show_page (self);
}

/* Who comes next begins at the beginning. */
static void
on_unmap (TwPrices *self)
{
  self->page = 0;
  if (self->language != NULL)
    show_page (self);
}

/* What fits, or a page of it and a way to turn to the next: whoever asks is told every price before paying. */
static guint
set_later (TwPrices             *self,
           guint                 line,
           const TwBusConnector *bay,
           guint                 most)
{
  guint n = tw_prices_n_later (bay);

  g_ptr_array_set_size (self->later, 0);
  for (guint i = 0; i < n; i++)
    g_ptr_array_add (self->later, tw_prices_later_line (bay, i, self->turner != NULL, self->language));
  self->slot = line;
  self->n_here = n <= most ? n : MAX (most, 2) - 1;
  if (self->turner == NULL || self->page >= n_pages (self))
    self->page = 0;
  show_page (self);
  line += self->n_here;
  if (n_pages (self) > 1 && self->turner == NULL)
    tw_text_set (self->lines[line++], tw_word (self->language, "Other prices are possible"));
  return line;
}

void
tw_prices_set (GtkWidget            *prices,
               const TwBusConnector *bay,
               const char           *language,
               guint                 most_later)
{
  TwPrices *self = g_object_get_data (G_OBJECT (prices), "prices");
  const TwBusPrice *first = tw_prices_now (bay, 0), *price;
  gboolean is_free = !tw_prices_cost (bay);
  g_autofree char *amount = first ? tw_price_amount (bay, first, language)
                                  : is_free ? g_strdup (tw_word (language, "Free of charge")) : NULL;
  guint line = 0;

  self->language = g_intern_string (language);
  tw_text_set_figure (self->amount, amount);
  tw_text_set (self->per, first ? tw_price_per (first, language) : NULL);
  if (first != NULL && self->turner != NULL)
    tw_text_take (self->lines[line++], tw_price_step (first, language));
  for (guint i = 1; line < LINES - MOST_LATER - 2 && (price = tw_prices_now (bay, i)) != NULL; i++)
    tw_text_take (self->lines[line++], tw_price_line (bay, price, self->turner != NULL, language));
  line = set_later (self, line, bay, MIN (most_later, MOST_LATER));
  tw_text_take (self->lines[line++], tw_prices_limit (bay, TRUE, language));
  tw_text_take (self->lines[line++], tw_prices_limit (bay, FALSE, language));
  tw_class_set (prices, "many", line > MANY_LINES);
  while (line < LINES)
    tw_text_set (self->lines[line++], NULL);
  tw_text_take (self->tax, first ? tw_prices_tax (bay, language) : NULL);
}

static void
prices_free (gpointer data)
{
  TwPrices *self = data;

  g_ptr_array_unref (self->later);
  g_free (self);
}

GtkWidget *
tw_prices_new (const char *classes)
{
  TwPrices *self = g_new0 (TwPrices, 1);
  GtkWidget *hero, *prices;

  self->later = g_ptr_array_new_with_free_func (g_free);
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
  g_object_set_data_full (G_OBJECT (prices), "prices", self, prices_free);
  return prices;
}

GtkWidget *
tw_prices_new_with_pages (const char *classes)
{
  GtkWidget *prices = tw_prices_new (classes);
  TwPrices *self = g_object_get_data (G_OBJECT (prices), "prices");

  self->turner = tw_button_new ("more-prices", "", TW_ICON_NONE, G_CALLBACK (on_turn), self);
  gtk_widget_set_visible (self->turner, FALSE);
  g_object_ref (self->tax);
  gtk_box_remove (GTK_BOX (prices), self->tax);
  gtk_box_append (GTK_BOX (prices), tw_row_new ("gap-2", self->turner, self->tax, NULL));
  g_object_unref (self->tax);
  g_signal_connect_swapped (prices, "unmap", G_CALLBACK (on_unmap), self);
  return prices;
}
