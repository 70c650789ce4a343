/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/panels/panel.h"

#include "app/base/words.h"
#include "ui/languages.h"
#include "ui/widgets/button.h"

typedef struct
{
  const TwContext *context;
  guint            connector;
  char            *next;      /* language */
} Speaker;

TwPanel *
tw_panel_bind (TwPanel *self)
{
  g_object_set_data_full (G_OBJECT (self->root), "panel", self, g_free);
  return self;
}

void
tw_panel_turn (TwPanel      *self,
               const TwView *view)
{
  gboolean wide = view->n_connectors == 1 && !view->form.portrait;

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->root), wide ? GTK_ORIENTATION_HORIZONTAL
                                                                    : GTK_ORIENTATION_VERTICAL);
  gtk_box_set_homogeneous (GTK_BOX (self->root), wide);
}

const char *
tw_panel_words (const TwView *view,
                guint         i)
{
  static const char *const words[TW_N_PANELS] = {
    [TW_PANEL_FREE] = N_("Free"), [TW_PANEL_PLUG_IN] = N_("Waiting for your car"),
    [TW_PANEL_CHARGING] = N_("Charging"), [TW_PANEL_PAUSED] = N_("Paused by your car"),
    [TW_PANEL_FINISHING] = N_("Ending"), [TW_PANEL_RECEIPT] = N_("Finished"), [TW_PANEL_FAULT] = N_("Out of order"),
  };
  TwPanelKind kind = tw_view_panel (view, i);
  const TwBusConnector *bay = &view->connectors[i];
  gboolean is_plugged = g_strcmp0 (bay->car, "connected") == 0 || g_strcmp0 (bay->car, "drawing") == 0;

  if (kind == TW_PANEL_FREE && is_plugged)
    return tw_word (tw_view_bay_language (view, i), "Car is plugged in");
  return tw_word (tw_view_bay_language (view, i), words[kind]);
}

static void
speaker_free (gpointer data)
{
  Speaker *self = data;

  g_free (self->next);
  g_free (self);
}

static void
on_language (Speaker *self)
{
  if (self->next != NULL)
    self->context->deeds->set_language (self->connector, self->next, self->context->user_data);
}

GtkWidget *
tw_panel_language_new (const TwContext *context,
                       guint            connector)
{
  Speaker *self = g_new0 (Speaker, 1);
  g_autofree char *name = connector == 0 ? g_strdup ("language") : g_strdup_printf ("language-%u", connector);
  GtkWidget *button = tw_button_new (name, "tool", TW_ICON_LANGUAGE, G_CALLBACK (on_language), self);

  self->context = context;
  self->connector = connector;
  g_object_set_data_full (G_OBJECT (button), "speaker", self, speaker_free);
  return button;
}

void
tw_panel_language_set (GtkWidget  *button,
                       const char *language,
                       gboolean    bare)
{
  Speaker *self = g_object_get_data (G_OBJECT (button), "speaker");
  const char *next = tw_language_next (language);

  tw_button_set_icon (button, bare ? TW_ICON_NONE : TW_ICON_LANGUAGE);
  if (g_strcmp0 (self->next, next) == 0)
    return;
  g_free (self->next);
  self->next = g_strdup (next);
  tw_button_set_words (button, tw_language_name (next));
}
