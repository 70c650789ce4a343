/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bench/panel/panel.h"

static const struct { const char *title, *text; } SECTIONS[] = {
  { "What this is",
    "A window on the virtual street around one station: the cards that are held to its reader, the cars at its plugs, "
    "the "
    "line to its bank, and what really happened. It changes nothing in the station itself." },
  { "Try it",
    "1. Touch a connector on the kiosk (or: tapwatt-bench ctl --dir DIR finger choose 1).\n"
    "2. Cards: Tap \"Visa, approved\".\n"
    "3. At the top: Plug in at connector 1. The lamp turns green when the relay closes.\n"
    "4. Tap the same card again: that stops the session. The rest of the hold is released.\n"
    "Now the same with Network: capture, loses its connection, after acting." },
  { "Cards",
    "Tap holds a card to the reader for the tap time; Hold leaves it there until \"Pull away\". With \"Tear away\" it "
    "leaves "
    "in the middle of its answers. All cards have published test numbers." },
  { "Network, faults, clear skies",
    "What you order goes wrong exactly as often as you say, before or after the bank has acted: that is the difference "
    "between a request that never came and an answer that was lost. \"Clear skies\" undoes all of it, the pulled "
    "cables "
    "too; cards, cars and money stay where they are." },
  { "What happened",
    "Each row is one thing that happened, in the column of who says so: the wire as its far end saw it, the station's "
    "journal, the acquirer's own book. Across all columns: what a hand did. ✗ marks what was refused, lost or not "
    "answered. Choose a session above to see only what belongs to it. \"Routine\" adds what wires say all the time. "
    "Card "
    "numbers never appear; at most their last four digits." },
  { "The sums",
    "Held, captured, released and open are added up here from the acquirer's lines. On the other side the journal is "
    "read "
    "as the station itself reads it. ✗ DISAGREE means that for three seconds the two have told different stories about "
    "the money, and says which." },
  { "Clock",
    "The acquirer's clock can be moved (Network). The station's is this machine's; its deadlines run in real time." },
  { "Keys",
    "F1 this sheet   Ctrl+P pause   Ctrl+C copy rows   Ctrl+S save rows   Tab and arrows move, Space presses, Escape "
    "closes." },
};

static gboolean
on_key (GtkEventControllerKey *controller,
        guint                  key,
        guint                  code,
        GdkModifierType        with,
        gpointer               user_data)
{
  if (key != GDK_KEY_Escape)
    return FALSE;
  gtk_window_close (user_data);

  return TRUE;
}

static GtkWidget *
paragraph (const char *text,
           const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 72);
  gtk_widget_add_css_class (label, css_class);

  return label;
}

void
tw_panel_help (GtkWindow *parent)
{
  GtkWidget *window = gtk_window_new (), *scrolled = gtk_scrolled_window_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  GtkEventController *keys = gtk_event_controller_key_new ();

  for (guint i = 0; i < G_N_ELEMENTS (SECTIONS); i++)
    {
      gtk_box_append (GTK_BOX (box), paragraph (SECTIONS[i].title, "heading"));
      gtk_box_append (GTK_BOX (box), paragraph (SECTIONS[i].text, "help-text"));
    }
  gtk_widget_add_css_class (box, "help");
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), box);
  gtk_widget_add_css_class (window, "panel");
  gtk_window_set_title (GTK_WINDOW (window), "Help");
  gtk_window_set_child (GTK_WINDOW (window), scrolled);
  gtk_window_set_default_size (GTK_WINDOW (window), 620, 680);
  gtk_window_set_transient_for (GTK_WINDOW (window), parent);
  gtk_window_set_modal (GTK_WINDOW (window), TRUE);
  gtk_window_set_destroy_with_parent (GTK_WINDOW (window), TRUE);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (on_key), window);
  gtk_widget_add_controller (window, keys);
  gtk_window_present (GTK_WINDOW (window));
}
