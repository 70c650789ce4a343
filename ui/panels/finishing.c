/* SPDX-License-Identifier: Apache-2.0 */
/* The energy is off; the last reading and the amount are on their way. */
#include "ui/panels/panel.h"

#include "app/base/words.h"
#include "ui/amounts.h"
#include "ui/format.h"
#include "ui/widgets/motion.h"
#include "ui/widgets/text.h"

typedef struct
{
  TwPanel    panel;
  GtkWidget *headline, *what, *figures;
} TwFinishingPanel;

static void
update (TwPanel      *panel,
        const TwView *view,
        guint         i)
{
  TwFinishingPanel *self = (TwFinishingPanel *) panel;
  const TwBusConnector *bay = &view->connectors[i];
  const char *language = tw_view_bay_language (view, i);
  g_autofree char *energy = tw_format_energy_exact (bay->energy_wh, language);
  g_autofree char *cost = tw_amount (bay->price_minor, bay->currency, language);
  gboolean settling = g_strcmp0 (bay->state, "settling") == 0;

  tw_text_set (self->headline, tw_word (language, "One moment please"));
  tw_text_set (self->what, settling ? tw_word (language, "Your receipt comes next. You can unplug now.")
                                    : tw_word (language, "Charging has ended. We are reading the meter."));
  tw_text_take (self->figures, g_strdup_printf ("%s · %s", energy, cost));
}

TwPanel *
tw_finishing_panel_new (const TwContext *context,
                        guint            connector)
{
  TwFinishingPanel *self = g_new0 (TwFinishingPanel, 1);
  GtkWidget *words;

  self->headline = tw_text_new ("title");
  self->what = tw_text_new ("");
  self->figures = tw_text_new ("title");
  words = tw_column_new ("gap-2", self->headline, self->what, NULL);
  gtk_widget_set_valign (words, GTK_ALIGN_CENTER);
  words = tw_row_new ("gap-4", tw_waiting_dots_new (), words, NULL);
  gtk_widget_set_vexpand (words, TRUE);
  self->panel.root = tw_column_new ("gap-4", words, self->figures, NULL);
  self->panel.update = update;
  return tw_panel_bind (&self->panel);
}
