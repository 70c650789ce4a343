/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/widgets/figure.h"

#include "ui/widgets/text.h"

GtkWidget *
tw_figure_new (const char *class)
{
  GtkWidget *figure = tw_column_new ("", tw_text_new ("caption"), tw_text_new (class), NULL);

  gtk_widget_set_hexpand (figure, TRUE);
  return figure;
}

void
tw_figure_take (GtkWidget  *figure,
                const char *what,
                char       *number)
{
  gboolean is_there = number != NULL && number[0] != '\0';

  tw_text_set (gtk_widget_get_first_child (figure), what);
  tw_text_set_figure (gtk_widget_get_last_child (figure), number);
  gtk_widget_set_visible (figure, is_there);
  g_free (number);
}
