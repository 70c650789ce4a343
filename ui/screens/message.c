/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/screens/message.h"

#include "ui/widgets/text.h"

TwMessage
tw_message_new (TwIcon      icon,
                const char *icon_class)
{
  TwMessage self = { 0 };
  g_autofree char *classes = g_strconcat ("huge ", icon_class, NULL);

  self.icon = tw_icon_new (icon, classes);
  self.headline = tw_text_new ("headline");
  self.advice = tw_text_new ("message");
  self.extra = tw_text_new ("strong message");
  self.root = g_object_new (GTK_TYPE_BOX, "name", "message", "orientation", GTK_ORIENTATION_VERTICAL,
                            "accessible-role", GTK_ACCESSIBLE_ROLE_ALERT, "vexpand", TRUE, "hexpand", TRUE,
                            "valign", GTK_ALIGN_CENTER, NULL);
  tw_classes_add (self.root, "gap-4");
  gtk_widget_set_halign (self.icon, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (self.root), self.icon);
  gtk_box_append (GTK_BOX (self.root), self.headline);
  gtk_box_append (GTK_BOX (self.root), self.advice);
  gtk_box_append (GTK_BOX (self.root), self.extra);
  return self;
}
