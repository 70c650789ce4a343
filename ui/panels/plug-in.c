/* SPDX-License-Identifier: Apache-2.0 */
/* Paid; the car is next. */
#include "ui/panels/panel.h"

#include "app/base/words.h"
#include "ui/amounts.h"
#include "ui/format.h"
#include "ui/widgets/button.h"
#include "ui/widgets/stop.h"
#include "ui/widgets/text.h"

typedef struct
{
  TwPanel    panel;
  GtkWidget *headline, *left, *why, *stop, *language;
} TwPlugInPanel;

static void
update (TwPanel      *panel,
        const TwView *view,
        guint         i)
{
  TwPlugInPanel *self = (TwPlugInPanel *) panel;
  const TwBusConnector *bay = &view->connectors[i];
  const char *language = tw_view_bay_language (view, i);
  gint64 seconds = tw_view_seconds_left (view, bay->deadline_boot_us);
  g_autofree char *hold = tw_amount (bay->hold_minor, bay->currency, language);
  g_autofree char *clock = tw_format_countdown (seconds, language);

  tw_text_set (self->headline, tw_word (language, "Plug in your car"));
  tw_text_take (self->left, seconds > 0 ? g_strdup_printf (tw_word (language, "%s left"), clock) : NULL);
  tw_text_take (self->why, bay->hold_minor <= 0 ? NULL
                : g_strdup_printf (tw_word (language, "Charging starts by itself. Without a car, %s is released."),
                                   hold));
  tw_stop_set_words (self->stop, language, TRUE);
  tw_panel_language_set (self->language, language, view->form.small);
}

static gboolean
escape (TwPanel *panel)
{
  return tw_stop_withdraw (((TwPlugInPanel *) panel)->stop);
}

TwPanel *
tw_plug_in_panel_new (const TwContext *context,
                      guint            connector)
{
  TwPlugInPanel *self = g_new0 (TwPlugInPanel, 1);
  GtkWidget *words, *row;

  self->headline = tw_text_new ("headline");
  self->left = tw_text_new ("title");
  self->why = tw_text_new ("soft");
  self->language = tw_panel_language_new (context, connector);
  self->stop = tw_stop_new (context, connector, self->language);
  words = tw_column_new ("gap-2", self->headline, self->left, NULL);
  row = tw_row_new ("gap-4", tw_icon_new (TW_ICON_PLUG, "huge good"), words, NULL);
  gtk_widget_set_valign (words, GTK_ALIGN_CENTER);
  gtk_widget_set_vexpand (row, TRUE);
  self->panel.root = tw_column_new ("gap-3", row, self->why,
                                    self->stop, NULL);
  self->panel.update = update;
  self->panel.escape = escape;
  return tw_panel_bind (&self->panel);
}
