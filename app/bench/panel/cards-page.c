/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bench/panel/cards-page.h"

#include <string.h>

#include "app/bench/panel/card-groups.h"

#define TAP_S 2.5

struct _TwCardsPage
{
  TwDesk     *desk;
  GtkWidget  *widget, *groups;
  GtkWidget  *seconds, *torn, *after;
  GtkWidget  *search;
  GHashTable *titles;     /* name -> title */
  GPtrArray  *rows;       /* of GtkWidget: each card's */
  GPtrArray  *taps;       /* of GtkWidget: what only works while the reader has its cable */
};

static void
on_tap (GtkButton *button,
        gpointer   user_data)
{
  TwCardsPage *self = user_data;
  const char *name = g_object_get_data (G_OBJECT (button), "tw-card");
  int ms = (int) (gtk_spin_button_get_value (GTK_SPIN_BUTTON (self->seconds)) * 1000 + 0.5);

  if (gtk_check_button_get_active (GTK_CHECK_BUTTON (self->torn)))
    tw_desk_order (self->desk, "card tap %s %d %d", name, ms,
                   gtk_spin_button_get_value_as_int (GTK_SPIN_BUTTON (self->after)));
  else
    tw_desk_order (self->desk, "card tap %s %d", name, ms);
}

static void
on_hold (GtkButton *button,
         gpointer   user_data)
{
  TwCardsPage *self = user_data;

  const char *name = g_object_get_data (G_OBJECT (button), "tw-card");

  if (gtk_check_button_get_active (GTK_CHECK_BUTTON (self->torn)))
    tw_desk_order (self->desk, "card hold %s %d", name,
                   gtk_spin_button_get_value_as_int (GTK_SPIN_BUTTON (self->after)));
  else
    tw_desk_order (self->desk, "card hold %s", name);
}

static GtkWidget *
card_button (TwCardsPage *self,
             const char  *label,
             const char  *card,
             const char  *title,
             const char  *tip,
             GCallback    clicked)
{
  GtkWidget *button = gtk_button_new_with_label (label);
  g_autofree char *name = g_strdup_printf ("%s %s", label, title);

  g_object_set_data_full (G_OBJECT (button), "tw-card", g_strdup (card), g_free);
  g_signal_connect (button, "clicked", clicked, self);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  tw_widget_name (button, name, tip);
  g_ptr_array_add (self->taps, button);

  return button;
}

static GtkWidget *
card_row (TwCardsPage  *self,
          const TwJson *profile)
{
  const char *name = tw_state_text (profile, "name");
  const char *title = tw_state_text (profile, "title");
  const char *what = tw_state_text (profile, "what");
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *label = gtk_label_new (title);
  g_autofree char *key = g_utf8_casefold (title, -1);

  gtk_widget_add_css_class (row, "card-row");
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, "card-title");
  gtk_box_append (GTK_BOX (words), label);
  gtk_box_append (GTK_BOX (words), tw_note (what));
  gtk_widget_set_hexpand (words, TRUE);
  gtk_widget_set_valign (words, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (row), words);
  gtk_box_append (GTK_BOX (row), card_button (self, "Tap", name, title,
                                              "Hold it to the reader for the tap time, then take it away",
                                              G_CALLBACK (on_tap)));
  gtk_box_append (GTK_BOX (row), card_button (self, "Hold", name, title,
                                              "Hold it to the reader until \"Pull away\"", G_CALLBACK (on_hold)));
  g_object_set_data_full (G_OBJECT (row), "tw-key", g_strdup_printf ("%s %s", key, name), g_free);
  g_ptr_array_add (self->rows, row);

  return row;
}

static int
by_rank (gconstpointer a,
         gconstpointer b)
{
  return (int) tw_card_rank (tw_state_text (*(TwJson *const *) a, "name"))
         - (int) tw_card_rank (tw_state_text (*(TwJson *const *) b, "name"));
}

static void
fill_group (TwCardsPage *self,
            GPtrArray   *profiles,
            TwCardGroup  group)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  guint n = 0;

  gtk_widget_add_css_class (box, "group");
  gtk_box_append (GTK_BOX (box), tw_heading (tw_card_group_title (group)));
  for (guint i = 0; i < profiles->len; i++)
    {
      const TwJson *profile = profiles->pdata[i];

      if (tw_card_group (tw_state_text (profile, "name")) != group)
        continue;
      gtk_box_append (GTK_BOX (box), card_row (self, profile));
      n++;
    }
  if (n > 0)
    gtk_box_append (GTK_BOX (self->groups), box);
  else
    g_object_unref (g_object_ref_sink (box));
}

static void
on_cards (const char   *order,
          const TwJson *answer,
          const char   *why,
          gpointer      user_data)
{
  TwCardsPage *self = user_data;
  const TwJson *profiles = tw_json_member (answer, "profiles");
  g_autoptr (GPtrArray) sorted = g_ptr_array_new ();
  GtkWidget *child;

  if (profiles == NULL)
    return;
  g_ptr_array_set_size (self->taps, 0);
  g_ptr_array_set_size (self->rows, 0);
  g_hash_table_remove_all (self->titles);
  while ((child = gtk_widget_get_first_child (self->groups)) != NULL)
    gtk_box_remove (GTK_BOX (self->groups), child);
  for (guint i = 0; i < tw_json_length (profiles); i++)
    {
      const TwJson *profile = tw_json_element (profiles, i);

      g_ptr_array_add (sorted, (gpointer) profile);
      g_hash_table_insert (self->titles, g_strdup (tw_state_text (profile, "name")),
                           g_strdup (tw_state_text (profile, "title")));
    }
  g_ptr_array_sort (sorted, by_rank);
  for (guint group = 0; group < TW_N_GROUPS; group++)
    fill_group (self, sorted, group);
}

void
tw_cards_page_fill (TwCardsPage *self)
{
  tw_desk_ask (self->desk, "card list", on_cards, self);
}

static void
on_search (GtkSearchEntry *entry,
           gpointer        user_data)
{
  TwCardsPage *self = user_data;
  g_autofree char *wanted = g_utf8_casefold (gtk_editable_get_text (GTK_EDITABLE (entry)), -1);

  for (guint i = 0; i < self->rows->len; i++)
    gtk_widget_set_visible (self->rows->pdata[i],
                            strstr (g_object_get_data (G_OBJECT (self->rows->pdata[i]), "tw-key"), wanted) != NULL);
}

static void
on_torn (GtkCheckButton *button,
         gpointer        user_data)
{
  TwCardsPage *self = user_data;

  tw_widget_allow (self->after, gtk_check_button_get_active (button), "Only when the card is torn away");
}

TwCardsPage *
tw_cards_page_new (TwDesk *desk)
{
  TwCardsPage *self = g_new0 (TwCardsPage, 1);
  GtkWidget *box;

  self->desk = desk;
  self->titles = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->rows = g_ptr_array_new ();
  self->taps = g_ptr_array_new ();
  self->widget = g_object_ref_sink (tw_page (&box));
  self->seconds = tw_number ("Tap time in seconds", "How long a tapped card stays at the reader", 0.1, 60, 0.5, TAP_S,
                             1);
  self->torn = gtk_check_button_new_with_label ("Tear away after");
  tw_widget_name (self->torn, NULL, "Pull the card away in the middle: it answers so many commands, and leaves during "
                                    "the next one");
  self->after = tw_number ("Commands before it is torn away", "Commands (APDUs) that the card still answers", 0, 100, 1,
                           2, 0);
  self->search = gtk_search_entry_new ();
  tw_widget_name (self->search, "Find a card", "Only cards with this in their name");
  g_object_set (self->search, "placeholder-text", "Find a card", NULL);
  g_signal_connect (self->search, "search-changed", G_CALLBACK (on_search), self);
  g_signal_connect (self->torn, "toggled", G_CALLBACK (on_torn), self);
  tw_widget_allow (self->after, FALSE, "Only when the card is torn away");

  gtk_box_append (GTK_BOX (box), self->search);
  gtk_box_append (GTK_BOX (box), tw_line (gtk_label_new ("Tap for"), self->seconds, gtk_label_new ("s"), NULL));
  gtk_box_append (GTK_BOX (box), tw_line (self->torn, self->after, gtk_label_new ("commands"), NULL));
  self->groups = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  gtk_box_append (GTK_BOX (box), self->groups);

  return self;
}

void
tw_cards_page_free (TwCardsPage *self)
{
  if (self == NULL)
    return;
  g_object_unref (self->widget);
  g_hash_table_unref (self->titles);
  g_ptr_array_unref (self->rows);
  g_ptr_array_unref (self->taps);
  g_free (self);
}

GtkWidget *
tw_cards_page_widget (TwCardsPage *self)
{
  return self->widget;
}

void
tw_cards_page_update (TwCardsPage  *self,
                      const TwJson *state)
{
  gboolean plugged = tw_state_is (tw_json_member (state, "reader"), "plugged");

  for (guint i = 0; i < self->taps->len; i++)
    tw_widget_allow (self->taps->pdata[i], plugged, "The reader's cable is pulled: put it back first (Faults)");
}

const char *
tw_cards_page_title (TwCardsPage *self,
                     const char  *name)
{
  const char *title = g_hash_table_lookup (self->titles, name);

  return title != NULL ? title : name;
}
