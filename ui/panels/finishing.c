/* SPDX-License-Identifier: Apache-2.0 */
/* The energy is off; the last reading and the amount are on their way. */
#include "ui/panels/panel.h"

#include "app/base/words.h"
#include "ui/amounts.h"
#include "ui/format.h"
#include "ui/widgets/figure.h"
#include "ui/widgets/motion.h"
#include "ui/widgets/text.h"

typedef struct
{
  TwPanel    panel;
  GtkWidget *headline, *what, *energy, *cost;
} TwFinishingPanel;

static void
update (TwPanel      *panel,
        const TwView *view,
        guint         i)
{
  TwFinishingPanel *self = (TwFinishingPanel *) panel;
  const TwBusConnector *bay = &view->connectors[i];
  const char *language = tw_view_bay_language (view, i);
  gboolean settling = g_strcmp0 (bay->state, "settling") == 0;

  tw_text_set (self->headline, tw_word (language, "One moment please"));
  tw_text_set (self->what, settling ? tw_word (language, "Your receipt comes next. You can unplug now.")
                                    : tw_word (language, "Charging has ended. We are reading the meter."));
  tw_figure_take (self->energy, tw_word (language, "Energy"), tw_format_energy_exact (bay->energy_wh, language));
  tw_figure_take (self->cost, tw_word (language, "Cost"),
                  tw_amount (bay->price_minor, bay->currency, language));
}

TwPanel *
tw_finishing_panel_new (const TwContext *context,
                        guint            connector)
{
  TwFinishingPanel *self = g_new0 (TwFinishingPanel, 1);
  GtkWidget *figures, *words;

  self->headline = tw_text_new ("title");
  self->what = tw_text_new ("");
  self->energy = tw_figure_new ("figure");
  self->cost = tw_figure_new ("figure");
  figures = tw_row_new ("gap-3", self->energy, self->cost, NULL);
  gtk_box_set_homogeneous (GTK_BOX (figures), TRUE);
  words = tw_column_new ("gap-2", self->headline, self->what, NULL);
  gtk_widget_set_valign (words, GTK_ALIGN_CENTER);
  words = tw_row_new ("gap-4", tw_waiting_dots_new (), words, NULL);
  gtk_widget_set_vexpand (words, TRUE);
  self->panel.root = tw_column_new ("gap-4", words, figures, NULL);
  self->panel.update = update;
  return tw_panel_bind (&self->panel);
}
