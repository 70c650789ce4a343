/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/screens/message.h"

#include "app/base/words.h"
#include "ui/widgets/text.h"

static void
set_tone (TwMessage *self,
          TwTone     tone)
{
  for (TwTone each = TW_TONE_GOOD; each <= TW_TONE_DANGER; each++)
    if (tw_tone_class (each)[0] != '\0')
      tw_class_set (self->icon, tw_tone_class (each), each == tone);
}

TwMessage
tw_message_new (TwIcon     icon,
                TwTone     tone,
                GtkWidget *below)
{
  TwMessage self = { 0 };

  self.icon = tw_icon_new (icon, "huge disc");
  self.headline = tw_text_new ("headline");
  self.advice = tw_text_new ("lead");
  self.extra = tw_text_new ("lead strong");
  self.words = tw_column_new ("gap-3", self.headline, self.advice, self.extra, below, NULL);
  self.root = g_object_new (GTK_TYPE_BOX, "name", "message", "accessible-role", GTK_ACCESSIBLE_ROLE_ALERT,
                            "vexpand", TRUE, "hexpand", TRUE, "valign", GTK_ALIGN_CENTER, NULL);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (self.root), GTK_ACCESSIBLE_RELATION_LABELLED_BY, self.headline, NULL,
                                  -1);
  tw_classes_add (self.root, "gap-6");
  gtk_widget_set_halign (self.icon, GTK_ALIGN_START);
  gtk_widget_set_valign (self.icon, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (self.words, GTK_ALIGN_CENTER);
  gtk_widget_set_hexpand (self.words, TRUE);
  gtk_box_append (GTK_BOX (self.root), self.icon);
  gtk_box_append (GTK_BOX (self.root), self.words);
  set_tone (&self, tone);
  return self;
}

void
tw_message_turn (TwMessage *self,
                 gboolean   stacked)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->root), stacked ? GTK_ORIENTATION_VERTICAL
                                                                       : GTK_ORIENTATION_HORIZONTAL);
}

void
tw_message_set (TwMessage    *self,
                const TwCode *code,
                const char   *language)
{
  tw_icon_set (self->icon, code->icon);
  set_tone (self, code->tone);
  tw_text_set (self->headline, tw_word (language, code->headline));
  tw_text_set (self->advice, code->advice[0] ? tw_word (language, code->advice) : NULL);
}
