/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/screens/screen.h"

TwScreen *
tw_screen_bind (TwScreen *self)
{
  g_object_set_data_full (G_OBJECT (self->root), "screen", self, g_free);
  return self;
}

void
tw_screen_turn (GtkWidget    *box,
                const TwView *view)
{
  gtk_box_set_homogeneous (GTK_BOX (box), !view->form.portrait);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (box), view->form.portrait ? GTK_ORIENTATION_VERTICAL
                                                                           : GTK_ORIENTATION_HORIZONTAL);
}
