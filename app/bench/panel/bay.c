/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bench/panel/bay.h"

#include <string.h>

struct _TwBay
{
  TwDesk    *desk;
  guint      number;
  GtkWidget *strip, *lamp, *says, *plug, *unplug;
  GtkWidget *car, *car_says, *draw, *set_draw, *pause, *resume, *full, *empty, *stubborn;
  GtkWidget *faults, *faults_say, *fault, *set_fault, *clear, *misbehave, *count, *set_misbehave, *behave;
  GtkWidget *pull, *back, *energy;
  gboolean   updating;    /* what changes now was not done by a hand */
};

static const char *const FAULTS[] = {
  "ventilation", "diode", "gfci", "no-ground", "stuck-relay", "gfci-self-test", "over-temperature", "over-current",
  "relay-closure", NULL,
};
static const char *const FAULT_NAMES[] = {
  "ventilation required", "diode check failed", "ground fault", "no ground", "relay stuck",
  "ground-fault self-test failed",
  "too hot", "too much current", "relay does not close", NULL,
};
static const char *const MISBEHAVIOURS[] = {
  "silent", "garbage", "noise", "dribble", "glued", "bad-check", "late", "wrong-sequence", NULL,
};
static const char *const MISBEHAVIOUR_NAMES[] = {
  "says nothing", "garbage instead", "noise around it", "byte by byte", "two answers glued", "wrong checks",
  "1.5 s late", "another's answers", NULL,
};

static GtkWidget *
order_button (TwBay      *self,
              const char *label,
              const char *name,
              const char *tip,
              const char *format)
{
  g_auto (GStrv) parts = g_strsplit (format, "#", 2);
  g_autofree char *order = g_strdup_printf ("%s%u%s", parts[0], self->number, parts[1]);
  g_autofree char *full_name = g_strdup_printf ("%s, connector %u", name != NULL ? name : label, self->number);
  g_autofree char *full_tip = g_strdup_printf ("%s\ntapwatt-bench ctl … %s", tip, order);
  GtkWidget *button = tw_desk_button (self->desk, label, full_tip, order);

  tw_widget_name (button, full_name, full_tip);

  return button;
}

static void
make_strip (TwBay *self)
{
  g_autofree char *number = g_strdup_printf ("%u", self->number);
  GtkWidget *badge = gtk_label_new (number);

  self->strip = g_object_ref_sink (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8));
  gtk_widget_add_css_class (self->strip, "strip");
  gtk_widget_add_css_class (badge, "badge");
  self->lamp = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_add_css_class (self->lamp, "lamp");
  gtk_widget_set_valign (self->lamp, GTK_ALIGN_CENTER);
  self->says = gtk_label_new ("");
  gtk_label_set_xalign (GTK_LABEL (self->says), 0);
  gtk_label_set_ellipsize (GTK_LABEL (self->says), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (self->says, TRUE);
  self->plug = order_button (self, "Plug in", NULL, "A car comes and plugs in", "car # plug");
  self->unplug = order_button (self, "Unplug", NULL, "The car pulls its plug and leaves", "car # unplug");
  gtk_box_append (GTK_BOX (self->strip), badge);
  gtk_box_append (GTK_BOX (self->strip), self->lamp);
  gtk_box_append (GTK_BOX (self->strip), self->says);
  gtk_box_append (GTK_BOX (self->strip), self->plug);
  gtk_box_append (GTK_BOX (self->strip), self->unplug);
}

static void
on_draw (GtkButton *button,
         gpointer   user_data)
{
  TwBay *self = user_data;

  tw_desk_order (self->desk, "car %u draw %d", self->number,
                 gtk_spin_button_get_value_as_int (GTK_SPIN_BUTTON (self->draw)) * 1000);
}

static void
on_stubborn (GtkCheckButton *button,
             gpointer        user_data)
{
  TwBay *self = user_data;

  if (!self->updating)
    tw_desk_order (self->desk, "car %u %s", self->number,
                   gtk_check_button_get_active (button) ? "stubborn" : "obedient");
}

static GtkWidget *
titled (TwBay      *self,
        const char *what,
        GtkWidget **says)
{
  g_autofree char *title = g_strdup_printf ("%s %u", what, self->number);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  gtk_widget_add_css_class (box, "group");
  *says = tw_note ("");
  gtk_box_append (GTK_BOX (box), tw_heading (title));
  gtk_box_append (GTK_BOX (box), *says);

  return box;
}

static void
make_car (TwBay *self)
{
  g_autofree char *name = g_strdup_printf ("Current, connector %u", self->number);
  g_autofree char *set_name = g_strdup_printf ("Set current, connector %u", self->number);

  self->car = g_object_ref_sink (titled (self, "Car at connector", &self->car_says));
  self->resume = order_button (self, "Draw", "Start drawing", "The car asks for energy (again)", "car # resume");
  self->pause = order_button (self, "Pause", "Stop drawing", "The car asks for nothing, and stays", "car # pause");
  self->full = order_button (self, "Full", NULL, "Its battery is full: it stops by itself", "car # battery 0");
  self->empty = order_button (self, "Empty", NULL, "Its battery never gets full", "car # battery -1");
  self->draw = tw_number (name, "What the car wants, per phase; it takes no more than is offered", 0, 80, 1, 80, 0);
  self->set_draw = gtk_button_new_with_label ("Set");
  tw_widget_name (self->set_draw, set_name, "From now on the car wants this current");
  g_signal_connect (self->set_draw, "clicked", G_CALLBACK (on_draw), self);
  self->stubborn = gtk_check_button_new_with_label ("Goes on drawing when told to stop");
  tw_widget_name (self->stubborn, NULL, "A car that does not obey the pilot: only the relay stops it");
  g_signal_connect (self->stubborn, "toggled", G_CALLBACK (on_stubborn), self);
  gtk_box_append (GTK_BOX (self->car), tw_line (self->resume, self->pause, self->full, self->empty, NULL));
  gtk_box_append (GTK_BOX (self->car), tw_line (gtk_label_new ("Wants"), self->draw, gtk_label_new ("A a phase"),
                                                self->set_draw, NULL));
  gtk_box_append (GTK_BOX (self->car), self->stubborn);
}

static void
on_fault (GtkButton *button,
          gpointer   user_data)
{
  TwBay *self = user_data;

  tw_desk_order (self->desk, "controller %u fault %s", self->number,
                 FAULTS[gtk_drop_down_get_selected (GTK_DROP_DOWN (self->fault))]);
}

static void
on_misbehave (GtkButton *button,
              gpointer   user_data)
{
  TwBay *self = user_data;

  tw_desk_order (self->desk, "controller %u misbehave %s %d", self->number,
                 MISBEHAVIOURS[gtk_drop_down_get_selected (GTK_DROP_DOWN (self->misbehave))],
                 gtk_spin_button_get_value_as_int (GTK_SPIN_BUTTON (self->count)));
}

static GtkWidget *
set_button (TwBay      *self,
            const char *name,
            const char *tip,
            GCallback   clicked)
{
  g_autofree char *full = g_strdup_printf ("%s, connector %u", name, self->number);
  GtkWidget *button = gtk_button_new_with_label ("Set");

  tw_widget_name (button, full, tip);
  g_signal_connect (button, "clicked", clicked, self);

  return button;
}

static void
make_faults (TwBay *self)
{
  g_autofree char *fault_name = g_strdup_printf ("Fault, connector %u", self->number);
  g_autofree char *wire_name = g_strdup_printf ("Misbehaviour, connector %u", self->number);
  g_autofree char *count_name = g_strdup_printf ("For so many lines, connector %u", self->number);

  self->faults = g_object_ref_sink (titled (self, "Controller", &self->faults_say));
  self->fault = tw_choice (fault_name, "What the controller finds wrong with itself or the car", FAULT_NAMES);
  self->set_fault = set_button (self, "Set fault", "The controller reports this fault until it is cleared",
                                G_CALLBACK (on_fault));
  self->clear = order_button (self, "Clear", "Clear fault", "The controller finds nothing wrong any more",
                              "controller # clear");
  self->misbehave = tw_choice (wire_name, "How its answers on the line are spoilt", MISBEHAVIOUR_NAMES);
  self->count = tw_number (count_name, "So many lines; 0: until it is told otherwise", 0, 1000, 1, 0, 0);
  self->set_misbehave = set_button (self, "Set misbehaviour", "Spoils its answers from now on",
                                    G_CALLBACK (on_misbehave));
  self->behave = order_button (self, "Behave", NULL, "Its answers are right again", "controller # misbehave none");
  self->pull = order_button (self, "Pull cable", NULL, "Its serial cable is pulled", "controller # cable pull");
  self->back = order_button (self, "Cable back", NULL, "Its serial cable is put back", "controller # cable back");
  self->energy = order_button (self, "+1 kWh", "Counter jumps",
                               "A broken counter: its register jumps by 1 kWh that nobody drew",
                               "controller # energy 1000");

  gtk_box_append (GTK_BOX (self->faults), tw_line (self->fault, self->set_fault, self->clear, NULL));
  gtk_box_append (GTK_BOX (self->faults), tw_line (self->misbehave, self->set_misbehave, self->behave, NULL));
  gtk_box_append (GTK_BOX (self->faults),
                  tw_line (gtk_label_new ("for so many lines (0: for ever)"), self->count, NULL));
  gtk_box_append (GTK_BOX (self->faults),
                  tw_line (self->pull, self->back,
                           order_button (self, "Restart", NULL, "It restarts, and forgets its session's energy",
                                         "controller # reboot"),
                           NULL));
  gtk_box_append (GTK_BOX (self->faults),
                  tw_line (order_button (self, "Press button", "Press its button",
                                         "Somebody presses the button on its board: it sleeps, or wakes",
                                         "controller # button"), self->energy, NULL));
}

TwBay *
tw_bay_new (TwDesk *desk,
            guint   number)
{
  TwBay *self = g_new0 (TwBay, 1);

  self->desk = desk;
  self->number = number;
  make_strip (self);
  make_car (self);
  make_faults (self);

  return self;
}

void
tw_bay_free (TwBay *self)
{
  if (self == NULL)
    return;
  g_object_unref (self->strip);
  g_object_unref (self->car);
  g_object_unref (self->faults);
  g_free (self);
}

GtkWidget *
tw_bay_strip (TwBay *self)
{
  return self->strip;
}

GtkWidget *
tw_bay_car (TwBay *self)
{
  return self->car;
}

GtkWidget *
tw_bay_faults (TwBay *self)
{
  return self->faults;
}

/* What the bench's park has: three phases of 230 V (stand.h). */
static char *
car_words (const TwJson *state,
           gboolean      plugged,
           gboolean      relay)
{
  gint64 ma = tw_state_number (state, "current_ma");
  gint64 tenths = ma * 690 / 100000;

  if (!plugged)
    return g_strdup ("no car");
  if (relay && ma > 0)
    return g_strdup_printf ("charging %d.%d kW, %d Wh", (int) (tenths / 10), (int) (tenths % 10),
                            (int) tw_state_number (state, "delivered_wh"));

  return g_strdup_printf ("plugged in, %s, %d Wh",
                          tw_state_is (state, "full") ? "full" : tw_state_is (state, "paused") ? "pausing"
                          : relay ? "draws nothing" : "no power", (int) tw_state_number (state, "delivered_wh"));
}

static void
update_faults (TwBay        *self,
               const TwJson *state,
               gboolean      cable)
{
  const char *fault = tw_state_text (state, "fault");
  const char *how = tw_state_text (state, "misbehaves");
  gboolean spoilt = *how != '\0' && strcmp (how, "none") != 0;
  g_autoptr (GString) text = g_string_new (NULL);

  if (*fault != '\0')
    g_string_append_printf (text, "fault: %s. ", fault);
  if (spoilt)
    g_string_append_printf (text, "answers: %s. ", how);
  if (!cable)
    g_string_append (text, "its cable is pulled. ");
  if (tw_state_is (state, "booting"))
    g_string_append (text, "it restarts. ");
  gtk_label_set_text (GTK_LABEL (self->faults_say), text->len > 0 ? text->str : "Nothing is wrong with it.");
  tw_widget_allow (self->clear, *fault != '\0', "It has no fault");
  tw_widget_allow (self->behave, spoilt, "Its answers are right");
  tw_widget_allow (self->pull, cable, "Its cable is pulled already");
  tw_widget_allow (self->back, !cable, "Its cable is in place");
}

void
tw_bay_update (TwBay        *self,
               const TwJson *state)
{
  gboolean plugged = tw_state_is (state, "plugged"), relay = tw_state_is (state, "relay");
  gboolean paused = tw_state_is (state, "paused"), full = tw_state_is (state, "full");
  gboolean cable = tw_state_is (state, "cable");
  g_autofree char *words = car_words (state, plugged, relay);
  const char *nobody = "No car is plugged in";
  g_autofree char *says = g_strdup_printf ("%s%s%s", words, *tw_state_text (state, "fault") != '\0' ? ", fault" : "",
                                           cable ? "" : ", cable pulled");
  g_autofree char *wants = g_strdup_printf ("%s. It wants %d A and is offered %d A.", words,
                                            (int) (tw_state_number (state, "draw_ma") / 1000),
                                            (int) tw_state_number (state, "offered_a"));

  self->updating = TRUE;
  gtk_label_set_text (GTK_LABEL (self->says), says);
  gtk_label_set_text (GTK_LABEL (self->car_says), wants);
  gtk_widget_set_visible (self->plug, !plugged);
  gtk_widget_set_visible (self->unplug, plugged);
  gtk_widget_remove_css_class (self->lamp, "on");
  gtk_widget_remove_css_class (self->lamp, "there");
  if (plugged)
    gtk_widget_add_css_class (self->lamp, relay ? "on" : "there");
  tw_widget_allow (self->pause, plugged && !paused, plugged ? "It pauses already" : nobody);
  tw_widget_allow (self->resume, plugged && paused, plugged ? "It is not pausing" : nobody);
  tw_widget_allow (self->full, plugged && !full, plugged ? "It is full already" : nobody);
  tw_widget_allow (self->empty, full, "Its battery is not full");
  gtk_check_button_set_active (GTK_CHECK_BUTTON (self->stubborn), tw_state_is (state, "stubborn"));
  update_faults (self, state, cable);
  self->updating = FALSE;
}
