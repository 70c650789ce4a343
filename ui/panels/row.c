/* SPDX-License-Identifier: Apache-2.0 */
/* A whole connector in one line: for stations with more than two. The receipt's code is behind "explain". */
#include "ui/panels/panel.h"

#include "app/base/words.h"
#include "ui/amounts.h"
#include "ui/codes.h"
#include "ui/format.h"
#include "ui/widgets/button.h"
#include "ui/widgets/prices.h"
#include "ui/widgets/stop.h"
#include "ui/widgets/text.h"

typedef struct
{
  TwPanel          panel;
  const TwContext *context;
  guint            connector;
  TwPanelKind      kind;
  GtkWidget       *first, *second, *start, *explain, *done, *stop;
} TwRowPanel;

static void
on_start (TwRowPanel *self)
{
  self->context->deeds->choose (self->connector, "", self->context->user_data);
}

static void
on_explain (TwRowPanel *self)
{
  self->context->explain (self->connector, self->context->explainer);
}

static void
on_done (TwRowPanel *self)
{
  self->context->deeds->dismiss (self->connector, self->context->user_data);
}

static char *
usage (const TwBusConnector *bay,
       const char           *language)
{
  g_autofree char *energy = tw_format_energy_exact (bay->energy_wh, language);
  g_autofree char *cost = tw_amount (bay->price_minor, bay->currency, language);

  return g_strdup_printf ("%s · %s", energy, cost);
}

static void
set_words (TwRowPanel   *self,
           const TwView *view,
           guint         i,
           const char   *language)
{
  const TwBusConnector *bay = &view->connectors[i];
  const TwCode *fault = tw_code_at (bay);
  g_autofree char *clock = tw_format_countdown (tw_view_seconds_left (view, bay->deadline_boot_us), language);
  g_autofree char *time = tw_format_duration (bay->charging_ms, language);

  switch (self->kind)
    {
    case TW_PANEL_FREE:
      tw_text_take (self->first, tw_prices_line (bay, 0, language));
      tw_text_take (self->second, tw_prices_rest (bay, language));
      return;
    case TW_PANEL_PLUG_IN:
      tw_text_set (self->first, tw_word (language, "Plug in your car"));
      tw_text_take (self->second, g_strdup_printf (tw_word (language, "%s left"), clock));
      return;
    case TW_PANEL_CHARGING:
    case TW_PANEL_PAUSED:
    case TW_PANEL_FINISHING:
      tw_text_take (self->first, usage (bay, language));
      tw_text_set (self->second, time);
      return;
    case TW_PANEL_RECEIPT:
      tw_text_set (self->first, tw_word (language, "Your receipt"));
      tw_text_set (self->second, NULL);
      return;
    case TW_PANEL_FAULT:
      tw_text_set (self->first, tw_word (language, fault->headline));
      tw_text_set (self->second, tw_word (language, fault->advice));
      return;
    }
  g_assert_not_reached ();
}

static void
update (TwPanel      *panel,
        const TwView *view,
        guint         i)
{
  TwRowPanel *self = (TwRowPanel *) panel;
  const char *language = tw_view_bay_language (view, i);

  set_words (self, view, i, language);
  if (tw_view_is_cramped (view) && self->kind != TW_PANEL_FREE && self->kind != TW_PANEL_FAULT)
    tw_text_set (self->second, tw_panel_words (view, i));
  tw_button_set_words (self->start, tw_word (language, "Start"));
  tw_button_set_words (self->explain, tw_word (language, "Show"));
  tw_button_set_words (self->done, tw_word (language, "Done"));
  tw_stop_set_words (self->stop, language, self->kind == TW_PANEL_PLUG_IN);
  gtk_widget_set_visible (self->start, self->kind == TW_PANEL_FREE && tw_view_screen (view) == TW_SCREEN_HOME);
}

static gboolean
escape (TwPanel *panel)
{
  return tw_stop_withdraw (((TwRowPanel *) panel)->stop);
}

static GtkWidget *
button (TwRowPanel *self,
        const char *what,
        const char *classes,
        GCallback   on_clicked)
{
  g_autofree char *name = g_strdup_printf ("%s-%u", what, self->connector);
  GtkWidget *made = tw_button_new (name, classes, TW_ICON_NONE, on_clicked, self);

  gtk_widget_set_valign (made, GTK_ALIGN_CENTER);
  gtk_widget_set_visible (made, self->kind == TW_PANEL_RECEIPT);
  return made;
}

TwPanel *
tw_row_panel_new (const TwContext *context,
                  guint            connector,
                  TwPanelKind      kind)
{
  TwRowPanel *self = g_new0 (TwRowPanel, 1);
  GtkWidget *words;

  self->context = context;
  self->connector = connector;
  self->kind = kind;
  self->first = tw_text_new ("title");
  self->second = tw_text_new ("soft fine");
  self->start = button (self, "start", "action medium", G_CALLBACK (on_start));
  self->explain = button (self, "explain", "action beside medium", G_CALLBACK (on_explain));
  self->done = button (self, "done", "", G_CALLBACK (on_done));
  self->stop = tw_stop_new (context, connector, NULL);
  gtk_widget_set_visible (self->stop, kind == TW_PANEL_PLUG_IN || kind == TW_PANEL_CHARGING
                          || kind == TW_PANEL_PAUSED);
  gtk_widget_set_hexpand (self->stop, FALSE);
  gtk_widget_set_valign (self->stop, GTK_ALIGN_CENTER);
  words = tw_column_new ("", self->first, self->second, NULL);
  gtk_widget_set_hexpand (words, TRUE);
  gtk_widget_set_valign (words, GTK_ALIGN_CENTER);
  self->panel.root = tw_row_new ("gap-3", words, self->start, self->explain, self->done, self->stop, NULL);
  self->panel.main = kind == TW_PANEL_FREE ? self->start : kind == TW_PANEL_RECEIPT ? self->explain : NULL;
  self->panel.update = update;
  self->panel.escape = escape;
  return tw_panel_bind (&self->panel);
}
