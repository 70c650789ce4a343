/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/footer.h"

#include "app/base/words.h"
#include "ui/panels/panel.h"
#include "ui/widgets/button.h"
#include "ui/widgets/text.h"

struct _TwFooter
{
  const TwContext *context;
  TwStrips        *strips;
  GtkWidget       *root, *line, *help, *phone, *place, *helpline, *tools;
  GtkWidget       *text_size, *theme, *language;
};

static void
on_text_size (TwFooter *self)
{
  self->context->deeds->switch_text (self->context->user_data);
}

static void
on_theme (TwFooter *self)
{
  self->context->deeds->switch_theme (self->context->user_data);
}

static void
set_help (TwFooter     *self,
          const TwView *view,
          const char   *language)
{
  const char *helpline = tw_view_helpline (view);

  const char *name = view->present && !view->form.portrait ? view->station.name : NULL;

  gtk_widget_set_visible (self->phone, helpline != NULL && !view->form.portrait);
  tw_text_take (self->place, helpline == NULL ? g_strdup (name)
                : name && name[0] ? g_strdup_printf ("%s · %s", tw_word (language, "Help"), name)
                : g_strdup (tw_word (language, "Help")));
  tw_text_set (self->helpline, helpline);
}

void
tw_footer_update (TwFooter     *self,
                  const TwView *view)
{
  const char *language = tw_view_language (view);
  guint n_strips = tw_strips_update (self->strips, view);
  gboolean stacked = n_strips > 1 || (n_strips > 0 && view->form.portrait);

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->root), stacked ? GTK_ORIENTATION_VERTICAL
                                                                      : GTK_ORIENTATION_HORIZONTAL);
  gtk_widget_set_hexpand (self->line, n_strips == 0);
  gtk_widget_set_visible (self->help, n_strips == 0 || stacked);
  set_help (self, view, language);
  tw_button_set_icon (self->text_size, view->form.large_text ? TW_ICON_SMALLER : TW_ICON_LARGER);
  tw_button_set_name (self->text_size, view->form.large_text ? tw_word (language, "Smaller text")
                                                             : tw_word (language, "Larger text"));
  tw_button_set_icon (self->theme, view->dark ? TW_ICON_SUN : TW_ICON_MOON);
  tw_button_set_name (self->theme, view->dark ? tw_word (language, "Light colours")
                                              : tw_word (language, "Dark colours"));
  tw_panel_language_set (self->language, language,
                         view->form.small && (view->form.portrait || (n_strips > 0 && view->form.large_text)));
}

GtkWidget *
tw_footer_root (TwFooter *self)
{
  return self->root;
}

gboolean
tw_footer_escape (TwFooter *self)
{
  return tw_strips_escape (self->strips);
}

TwFooter *
tw_footer_new (const TwContext *context)
{
  TwFooter *self = g_new0 (TwFooter, 1);
  GtkWidget *words;

  self->context = context;
  self->strips = tw_strips_new (context);
  self->place = tw_text_new_foreign ("caption");
  gtk_label_set_ellipsize (GTK_LABEL (self->place), PANGO_ELLIPSIZE_END);
  self->helpline = tw_text_new_foreign ("strong");
  words = tw_column_new ("", self->place, self->helpline, NULL);
  self->phone = tw_icon_new (TW_ICON_PHONE, "good");
  self->help = tw_row_new ("gap-2", self->phone, words, NULL);
  gtk_widget_set_valign (words, GTK_ALIGN_CENTER);
  gtk_widget_set_hexpand (self->help, TRUE);
  gtk_widget_set_name (self->help, "helpline");
  self->text_size = tw_button_new ("text-size", "tool", TW_ICON_LARGER, G_CALLBACK (on_text_size), self);
  self->theme = tw_button_new ("theme", "tool", TW_ICON_MOON, G_CALLBACK (on_theme), self);
  self->language = tw_panel_language_new (context, 0);
  self->tools = tw_row_new ("gap-2", self->text_size, self->theme, self->language, NULL);
  self->line = tw_row_new ("gap-3", self->help, self->tools, NULL);
  gtk_widget_set_valign (self->tools, GTK_ALIGN_CENTER);
  self->root = tw_row_new ("footer gap-3", tw_strips_root (self->strips), self->line, NULL);
  g_object_set_data_full (G_OBJECT (self->root), "footer", self, g_free);
  return self;
}
