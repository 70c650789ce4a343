/* SPDX-License-Identifier: Apache-2.0 */
/* Nothing can be done at this connector, and why. */
#include "ui/panels/panel.h"

#include "app/base/words.h"
#include "ui/codes.h"
#include "ui/widgets/text.h"

typedef struct
{
  TwPanel    panel;
  GtkWidget *icon, *headline, *advice, *helpline;
} TwFaultPanel;

static void
update (TwPanel      *panel,
        const TwView *view,
        guint         i)
{
  TwFaultPanel *self = (TwFaultPanel *) panel;
  const char *language = tw_view_bay_language (view, i);
  const char *helpline = tw_view_helpline (view);
  const TwCode *code = tw_code_at (&view->connectors[i]);

  tw_icon_set (self->icon, code->icon);
  tw_class_set (self->icon, "danger", code->tone == TW_TONE_DANGER);
  tw_class_set (self->icon, "caution", code->tone != TW_TONE_DANGER);
  tw_text_set (self->headline, tw_word (language, code->headline));
  tw_text_set (self->advice, tw_word (language, code->advice));
  tw_text_take (self->helpline, helpline == NULL || tw_view_is_tight (view) ? NULL
                : g_strdup_printf (tw_word (language, "Help: %s"), helpline));
}

TwPanel *
tw_fault_panel_new (const TwContext *context,
                    guint            connector)
{
  TwFaultPanel *self = g_new0 (TwFaultPanel, 1);
  GtkWidget *words;

  self->icon = tw_icon_new (TW_ICON_WARNING, "large");
  self->headline = tw_text_new ("headline");
  self->advice = tw_text_new ("");
  self->helpline = tw_text_new ("strong");
  words = tw_column_new ("gap-3", self->headline, self->advice, self->helpline, NULL);
  self->panel.root = tw_row_new ("gap-4", self->icon, words, NULL);
  gtk_widget_set_valign (self->panel.root, GTK_ALIGN_CENTER);
  gtk_widget_set_vexpand (self->panel.root, TRUE);
  self->panel.update = update;
  return tw_panel_bind (&self->panel);
}
