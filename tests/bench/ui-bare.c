/* SPDX-License-Identifier: Apache-2.0 */
/* The least that a kiosk could be: a window with a button, in GTK's own looks. What ours is compared with.
 *
 *   ui-bare WIDTHxHEIGHT      prints "first frame" when it is there
 */
#include <gtk/gtk.h>
#include <stdio.h>
#include <stdlib.h>

static void
on_painted (GdkFrameClock *clock,
            gpointer       user_data)
{
  static gboolean told;

  if (!told)
    puts ("first frame");
  told = TRUE;
  fflush (stdout);
}

static void
on_realize (GtkWidget *window,
            gpointer   user_data)
{
  g_signal_connect (gtk_widget_get_frame_clock (window), "after-paint", G_CALLBACK (on_painted), NULL);
}

int
main (int    argc,
      char **argv)
{
  int width = 1280, height = 800;
  GtkWidget *window, *button;

  if (argc > 1 && sscanf (argv[1], "%dx%d", &width, &height) != 2)
    return 2;
  gtk_init ();
  window = gtk_window_new ();
  button = gtk_button_new_with_label ("Start");
  gtk_widget_set_margin_start (button, 40);
  gtk_widget_set_margin_end (button, width - 400);
  gtk_widget_set_margin_top (button, 40);
  gtk_widget_set_margin_bottom (button, height - 160);
  gtk_window_set_decorated (GTK_WINDOW (window), FALSE);
  gtk_window_set_default_size (GTK_WINDOW (window), width, height);
  gtk_window_set_child (GTK_WINDOW (window), button);
  g_signal_connect (window, "realize", G_CALLBACK (on_realize), NULL);
  gtk_window_present (GTK_WINDOW (window));
  while (g_list_model_get_n_items (gtk_window_get_toplevels ()) > 0)
    g_main_context_iteration (NULL, TRUE);
  return 0;
}
