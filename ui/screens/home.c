/* SPDX-License-Identifier: Apache-2.0 */
/* Nobody is being served: what each connector does, and the way in. */
#include "ui/screens/screen.h"

#include "app/base/words.h"
#include "ui/codes.h"
#include "ui/panels/bays.h"
#include "ui/widgets/text.h"

typedef struct
{
  TwScreen   screen;
  GtkWidget *heading, *banner, *icon, *words;
  TwBays    *bays;
} TwHomeScreen;

static void
set_banner (TwHomeScreen *self,
            const TwView *view,
            const char   *language)
{
  const char *banner = tw_view_banner (view);
  gboolean is_said = banner != NULL;
  const TwCode *code = tw_code_of_banner (banner);

  gtk_widget_set_visible (self->banner, is_said);
  gtk_widget_set_visible (self->heading, !is_said && !view->form.small);
  if (!is_said)
    return;
  tw_icon_set (self->icon, code->icon);
  tw_text_set (self->words, tw_word (language, code->headline));
  tw_name_set (self->banner, tw_word (language, code->headline));
  tw_class_set (self->banner, "caution", code->tone == TW_TONE_CAUTION);
}

static void
update (TwScreen     *screen,
        const TwView *view)
{
  TwHomeScreen *self = (TwHomeScreen *) screen;
  const char *language = tw_view_language (view);

  tw_text_set (self->heading, tw_word (language, view->n_connectors > 1 ? N_("Which connector is yours?")
                                                                       : N_("Charge here")));
  set_banner (self, view, language);
  tw_bays_update (self->bays, view);
}

static GtkWidget *
main_action (TwScreen *screen)
{
  return tw_bays_main (((TwHomeScreen *) screen)->bays);
}

static gboolean
escape (TwScreen *screen)
{
  return tw_bays_escape (((TwHomeScreen *) screen)->bays);
}

TwScreen *
tw_home_screen_new (const TwContext *context)
{
  TwHomeScreen *self = g_new0 (TwHomeScreen, 1);

  self->heading = tw_text_new ("headline");
  self->icon = tw_icon_new (TW_ICON_INFO, "");
  self->words = tw_text_new ("strong");
  self->banner = g_object_new (GTK_TYPE_BOX, "name", "banner", "accessible-role", GTK_ACCESSIBLE_ROLE_ALERT, NULL);
  tw_classes_add (self->banner, "note");
  gtk_box_append (GTK_BOX (self->banner), self->icon);
  gtk_box_append (GTK_BOX (self->banner), self->words);
  self->bays = tw_bays_new (context, FALSE);
  self->screen.root = tw_column_new ("page", self->heading, self->banner, tw_bays_root (self->bays), NULL);
  self->screen.update = update;
  self->screen.main = main_action;
  self->screen.escape = escape;
  return tw_screen_bind (&self->screen);
}
