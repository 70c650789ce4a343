/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bench/panel/faults-page.h"

struct _TwFaultsPage
{
  TwDesk    *desk;
  GtkWidget *widget, *box, *says, *fault, *what, *often, *clear, *pull, *back;
};

/* hw/virtual/pn532-fault.h; with an argument where one is needed. */
static const struct { const char *fault, *name, *tip; } FAULTS[] = {
  { "no-reply", "goes silent", "It acknowledges, and then says nothing" },
  { "no-ack", "does not listen", "The command is not heard" },
  { "error-frame", "says error", "An error frame instead of its reply" },
  { "bad-dcs", "wrong checksum", "Its reply has a wrong checksum" },
  { "bad-lcs", "wrong length", "Its reply has a wrong length checksum" },
  { "half-frame", "half a frame", "Half of its reply, then silence" },
  { "wrong-code", "another's reply", "The reply to another command" },
  { "wrong-tfi", "wrong direction", "A reply that says it came from the host" },
  { "nack", "rejects", "A NACK where the ACK should be, and no reply" },
  { "preamble", "zeros first", "Extra zeros first: legal, and too much for libnfc" },
  { "dribble=20", "byte by byte", "One byte each 20 ms" },
  { "late-reply=3000", "3 s late", "Its reply comes 3 s late, even if it was aborted" },
  { "asleep", "falls asleep", "Instead of hearing the command" },
  { "collision", "sees two cards", "Two cards at once: none answers cleanly" },
  { "uid-change", "new number each time", "Each look at the field finds another UID" },
  { "status=01,command=40", "loses the card", "Each exchange with a card ends in a time-out" },
  { "status=02,command=40", "corrupts the card", "Each exchange with a card ends in a checksum error" },
  { "chain=20", "answers in pieces", "A card's answer in pieces of 20 bytes" },
  { "hang-up", "cable falls out", "Its cable falls out instead of a reply" },
  { NULL, NULL, NULL },
};
static const char *const OFTEN_NAMES[] = { "once", "5 times", "until cleared", NULL };
static const char *const OFTEN[] = { ",times=1", ",times=5", "" };

static void
on_fault (GtkButton *button,
          gpointer   user_data)
{
  TwFaultsPage *self = user_data;

  tw_desk_order (self->desk, "reader fault %s%s",
                 FAULTS[gtk_drop_down_get_selected (GTK_DROP_DOWN (self->fault))].fault,
                 OFTEN[gtk_drop_down_get_selected (GTK_DROP_DOWN (self->often))]);
}

static void
on_choice (GObject    *object,
           GParamSpec *property,
           gpointer    user_data)
{
  TwFaultsPage *self = user_data;

  gtk_label_set_text (GTK_LABEL (self->what),
                      FAULTS[gtk_drop_down_get_selected (GTK_DROP_DOWN (self->fault))].tip);
}

TwFaultsPage *
tw_faults_page_new (TwDesk *desk)
{
  TwFaultsPage *self = g_new0 (TwFaultsPage, 1);
  GtkWidget *set = gtk_button_new_with_label ("Set"), *group = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  for (guint i = 0; FAULTS[i].name != NULL; i++)
    g_ptr_array_add (names, (gpointer) FAULTS[i].name);
  g_ptr_array_add (names, NULL);
  self->desk = desk;
  self->widget = g_object_ref_sink (tw_page (&self->box));
  self->says = tw_note ("");
  self->what = tw_note ("");
  self->fault = tw_choice ("Reader fault", "How the reader's board misbehaves", (const char *const *) names->pdata);
  self->often = tw_choice ("How often the reader does so", "How often", OFTEN_NAMES);
  tw_widget_name (set, "Set reader fault", "From now on");
  g_signal_connect (set, "clicked", G_CALLBACK (on_fault), self);
  g_signal_connect (self->fault, "notify::selected", G_CALLBACK (on_choice), self);
  on_choice (NULL, NULL, self);
  self->clear = tw_desk_button (desk, "Clear", "The board behaves again", "reader clear");
  self->pull = tw_desk_button (desk, "Pull cable", "The reader's cable is pulled", "reader cable pull");
  self->back = tw_desk_button (desk, "Cable back", "The reader's cable is put back", "reader cable back");
  tw_widget_name (self->clear, "Clear reader faults", "The board behaves again");
  tw_widget_name (self->pull, "Pull the reader's cable", "The station loses its reader");
  tw_widget_name (self->back, "Put the reader's cable back", "The station finds its reader again");

  gtk_widget_add_css_class (group, "group");
  gtk_box_append (GTK_BOX (group), tw_heading ("Reader"));
  gtk_box_append (GTK_BOX (group), self->says);
  gtk_box_append (GTK_BOX (group), tw_line (self->fault, self->often, NULL));
  gtk_box_append (GTK_BOX (group), self->what);
  gtk_box_append (GTK_BOX (group), tw_line (set, self->clear, NULL));
  gtk_box_append (GTK_BOX (group), tw_line (self->pull, self->back,
                                            tw_desk_button (desk, "Power cycle", "The board forgets everything and "
                                                            "sleeps until it is woken", "reader power-cycle"), NULL));
  gtk_box_append (GTK_BOX (self->box), group);

  return self;
}

void
tw_faults_page_free (TwFaultsPage *self)
{
  if (self == NULL)
    return;
  g_object_unref (self->widget);
  g_free (self);
}

GtkWidget *
tw_faults_page_widget (TwFaultsPage *self)
{
  return self->widget;
}

void
tw_faults_page_append (TwFaultsPage *self,
                       GtkWidget    *widget)
{
  gtk_box_append (GTK_BOX (self->box), widget);
}

void
tw_faults_page_update (TwFaultsPage *self,
                       const TwJson *state)
{
  const char *fault = tw_state_text (state, "fault");
  gboolean plugged = tw_state_is (state, "plugged");
  g_autofree char *says = *fault != '\0' ? g_strdup_printf ("Last ordered: %s.%s", fault,
                                                            plugged ? "" : " Its cable is pulled.")
                                         : g_strdup (plugged ? "Nothing was ordered." : "Its cable is pulled.");

  gtk_label_set_text (GTK_LABEL (self->says), says);
  tw_widget_allow (self->clear, *fault != '\0', "No fault was ordered");
  tw_widget_allow (self->pull, plugged, "Its cable is pulled already");
  tw_widget_allow (self->back, !plugged, "Its cable is in place");
}
