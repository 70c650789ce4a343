/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/widgets/button.h"

#include "ui/widgets/text.h"

GtkWidget *
tw_button_new (const char *name,
               const char *classes,
               TwIcon      icon,
               GCallback   on_clicked,
               gpointer    user_data)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *picture = tw_icon_new (icon, "");
  GtkWidget *words = tw_text_new ("words");
  GtkWidget *row = tw_row_new ("gap-1", picture, words, NULL);

  gtk_label_set_justify (GTK_LABEL (words), GTK_JUSTIFY_CENTER);
  gtk_label_set_xalign (GTK_LABEL (words), 0.5);
  gtk_widget_set_halign (row, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (row, GTK_ALIGN_CENTER);
  gtk_button_set_child (GTK_BUTTON (button), row);
  gtk_widget_set_name (button, name);
  tw_classes_add (button, classes);
  gtk_widget_add_css_class (button, "press");
  g_signal_connect_swapped (button, "clicked", on_clicked, user_data);
  return button;
}

static GtkWidget *
find_picture (GtkWidget *button)
{
  return gtk_widget_get_first_child (gtk_button_get_child (GTK_BUTTON (button)));
}

void
tw_button_set_words (GtkWidget  *button,
                     const char *words)
{
  GtkWidget *label = gtk_widget_get_last_child (gtk_button_get_child (GTK_BUTTON (button)));

  if (g_str_equal (gtk_label_get_label (GTK_LABEL (label)), words))
    return;
  tw_text_set (label, words);
  tw_name_set (button, words);
}

void
tw_button_set_name (GtkWidget  *button,
                    const char *accessible_name)
{
  tw_name_set (button, accessible_name);
}

void
tw_button_set_icon (GtkWidget *button,
                    TwIcon     icon)
{
  tw_icon_set (find_picture (button), icon);
}
