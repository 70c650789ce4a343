/* SPDX-License-Identifier: Apache-2.0 */
/* What it costs here, and the way in. */
#include "ui/panels/panel.h"

#include "app/base/words.h"
#include "ui/amounts.h"
#include "ui/widgets/button.h"
#include "ui/widgets/prices.h"
#include "ui/widgets/text.h"

typedef struct
{
  TwPanel          panel;
  const TwContext *context;
  guint            connector;
  GtkWidget       *prices, *example, *steps, *step[3], *start;
} TwFreePanel;

static void
on_start (TwFreePanel *self)
{
  self->context->deeds->choose (self->connector, "", self->context->user_data);
}

static void
set_steps (TwFreePanel  *self,
           const TwView *view,
           guint         i,
           const char   *language)
{
  const char *car = view->connectors[i].car;
  gboolean is_plugged = g_strcmp0 (car, "connected") == 0 || g_strcmp0 (car, "drawing") == 0;
  gboolean roomy = !view->form.small && !(view->form.large_text && view->n_connectors > 1);
  gint64 minor = view->connectors[i].offer_hold_minor;
  g_autofree char *hold = tw_amount (minor, view->connectors[i].currency, language);

  /* Where there is room: an example, and what comes next; else the offer says it all. */
  tw_text_take (self->example, roomy ? tw_prices_example (&view->connectors[i], language) : NULL);
  gtk_widget_set_visible (self->steps, roomy && view->connectors[i].n_later_prices == 0);
  tw_text_set (self->step[0], tw_word (language, "Press Start"));
  tw_text_take (self->step[1], minor > 0
                ? g_strdup_printf (tw_word (language, "Pay by card or phone: %s is held until you finish"), hold)
                : g_strdup (tw_word (language, "Pay by card or phone")));
  tw_text_set (self->step[2], is_plugged ? tw_word (language, "Charging starts by itself")
                                         : tw_word (language, "Plug in: charging starts by itself"));
}

static void
update (TwPanel      *panel,
        const TwView *view,
        guint         i)
{
  TwFreePanel *self = (TwFreePanel *) panel;
  const char *language = tw_view_bay_language (view, i);

  tw_panel_turn (panel, view);
  tw_prices_set (self->prices, &view->connectors[i], language, view->form.small ? 1 : 2);
  set_steps (self, view, i, language);
  tw_button_set_words (self->start, tw_word (language, "Start"));
  /* Out of order as a whole: the price stays, the way in does not. */
  gtk_widget_set_visible (self->start, tw_view_screen (view) == TW_SCREEN_HOME);
}

static GtkWidget *
step_new (TwFreePanel *self,
          guint        i,
          TwIcon       icon)
{
  self->step[i] = tw_text_new ("");
  return tw_row_new ("gap-3", tw_icon_new (icon, "good"), self->step[i], NULL);
}

TwPanel *
tw_free_panel_new (const TwContext *context,
                   guint            connector)
{
  TwFreePanel *self = g_new0 (TwFreePanel, 1);
  g_autofree char *name = g_strdup_printf ("start-%u", connector);
  GtkWidget *price, *act;

  self->context = context;
  self->connector = connector;
  self->prices = tw_prices_new ("hero");
  self->steps = tw_column_new ("gap-3", step_new (self, 0, TW_ICON_BOLT), step_new (self, 1, TW_ICON_CARD),
                               step_new (self, 2, TW_ICON_PLUG), NULL);
  self->start = tw_button_new (name, "action", TW_ICON_NONE, G_CALLBACK (on_start), self);
  self->example = tw_text_new ("soft");
  price = tw_column_new ("gap-2", self->prices, self->example, NULL);
  act = tw_column_new ("gap-4", self->steps, self->start, NULL);
  gtk_widget_set_valign (act, GTK_ALIGN_END);
  gtk_widget_set_hexpand (price, TRUE);
  gtk_widget_set_hexpand (act, TRUE);
  gtk_widget_set_vexpand (price, TRUE);
  self->panel.root = tw_column_new ("gap-3", price, act, NULL);
  self->panel.main = self->start;
  self->panel.update = update;
  return tw_panel_bind (&self->panel);
}
