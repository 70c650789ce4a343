/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bench/panel/hands.h"

#include "app/bench/panel/bay.h"
#include "app/bench/panel/cards-page.h"
#include "app/bench/panel/faults-page.h"
#include "app/bench/panel/network-page.h"

struct _TwHands
{
  TwDesk        *desk;
  TwCardsPage   *cards;
  TwNetworkPage *network;
  TwFaultsPage  *faults;
  GPtrArray     *bays;          /* of TwBay */
  GtkWidget     *widget, *card, *card_lamp, *pull;
};

static GtkWidget *
make_reader_strip (TwHands *self)
{
  GtkWidget *strip = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8), *badge = gtk_label_new ("R");

  gtk_widget_add_css_class (strip, "strip");
  gtk_widget_add_css_class (badge, "badge");
  gtk_widget_set_tooltip_text (badge, "The card reader");
  self->card_lamp = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_add_css_class (self->card_lamp, "lamp");
  gtk_widget_set_valign (self->card_lamp, GTK_ALIGN_CENTER);
  self->card = gtk_label_new ("no card");
  gtk_label_set_xalign (GTK_LABEL (self->card), 0);
  gtk_label_set_ellipsize (GTK_LABEL (self->card), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (self->card, TRUE);
  self->pull = tw_desk_button (self->desk, "Pull away", "The card at the reader is taken away", "card remove");
  tw_widget_allow (self->pull, FALSE, "No card is at the reader");
  gtk_box_append (GTK_BOX (strip), badge);
  gtk_box_append (GTK_BOX (strip), self->card_lamp);
  gtk_box_append (GTK_BOX (strip), self->card);
  gtk_box_append (GTK_BOX (strip), self->pull);

  return strip;
}

TwHands *
tw_hands_new (TwDesk *desk,
              guint   connectors)
{
  TwHands *self = g_new0 (TwHands, 1);
  GtkWidget *stack = gtk_stack_new (), *switcher = gtk_stack_switcher_new (), *cars, *box;
  GtkWidget *pavement = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  self->desk = desk;
  self->bays = g_ptr_array_new_with_free_func ((GDestroyNotify) tw_bay_free);
  self->widget = g_object_ref_sink (gtk_box_new (GTK_ORIENTATION_VERTICAL, 0));
  gtk_widget_add_css_class (self->widget, "hands");
  gtk_widget_set_size_request (self->widget, 344, -1);
  gtk_widget_add_css_class (pavement, "pavement");
  gtk_box_append (GTK_BOX (pavement), make_reader_strip (self));
  self->cards = tw_cards_page_new (self->desk);
  self->network = tw_network_page_new (self->desk);
  self->faults = tw_faults_page_new (self->desk);
  cars = tw_page (&box);
  for (guint i = 1; i <= connectors; i++)
    {
      TwBay *bay = tw_bay_new (self->desk, i);

      g_ptr_array_add (self->bays, bay);
      gtk_box_append (GTK_BOX (pavement), tw_bay_strip (bay));
      gtk_box_append (GTK_BOX (box), tw_bay_car (bay));
      tw_faults_page_append (self->faults, tw_bay_faults (bay));
    }
  gtk_stack_add_titled (GTK_STACK (stack), tw_cards_page_widget (self->cards), "cards", "Cards");
  gtk_stack_add_titled (GTK_STACK (stack), cars, "cars", "Cars");
  gtk_stack_add_titled (GTK_STACK (stack), tw_network_page_widget (self->network), "network", "Network");
  gtk_stack_add_titled (GTK_STACK (stack), tw_faults_page_widget (self->faults), "faults", "Faults");
  gtk_stack_set_hhomogeneous (GTK_STACK (stack), TRUE);
  gtk_stack_switcher_set_stack (GTK_STACK_SWITCHER (switcher), GTK_STACK (stack));
  gtk_widget_add_css_class (switcher, "pages");
  gtk_box_append (GTK_BOX (self->widget), pavement);
  gtk_box_append (GTK_BOX (self->widget), switcher);
  gtk_box_append (GTK_BOX (self->widget), stack);

  return self;
}

void
tw_hands_free (TwHands *self)
{
  if (self == NULL)
    return;
  tw_cards_page_free (self->cards);
  tw_network_page_free (self->network);
  tw_faults_page_free (self->faults);
  g_ptr_array_unref (self->bays);
  g_object_unref (self->widget);
  g_free (self);
}

GtkWidget *
tw_hands_widget (TwHands *self)
{
  return self->widget;
}

void
tw_hands_fill (TwHands *self)
{
  tw_cards_page_fill (self->cards);
}

static void
update_card (TwHands      *self,
             const TwJson *state)
{
  const char *held = tw_state_text (tw_json_member (state, "card"), "held");
  gboolean plugged = tw_state_is (tw_json_member (state, "reader"), "plugged");
  gboolean there = *held != '\0';

  gtk_label_set_text (GTK_LABEL (self->card), there ? tw_cards_page_title (self->cards, held)
                      : plugged ? "no card" : "no card, cable pulled");
  tw_widget_allow (self->pull, there, "No card is at the reader");
  gtk_widget_remove_css_class (self->card_lamp, "on");
  if (there)
    gtk_widget_add_css_class (self->card_lamp, "on");
}

void
tw_hands_update (TwHands      *self,
                 const TwJson *state)
{
  const TwJson *controllers = tw_json_member (state, "controller");

  update_card (self, state);
  tw_cards_page_update (self->cards, state);
  tw_network_page_update (self->network, tw_json_member (state, "acquirer"));
  tw_faults_page_update (self->faults, tw_json_member (state, "reader"));
  for (guint i = 0; i < self->bays->len; i++)
    {
      char key[8];

      g_snprintf (key, sizeof key, "%u", i + 1);
      if (tw_json_member (controllers, key) != NULL)
        tw_bay_update (self->bays->pdata[i], tw_json_member (controllers, key));
    }
}
