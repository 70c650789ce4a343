/* SPDX-License-Identifier: Apache-2.0 */
/* Energy and cost so far; also while the car takes a break. */
#include "ui/panels/panel.h"

#include "app/base/words.h"
#include "ui/amounts.h"
#include "ui/format.h"
#include "ui/goals.h"
#include "ui/widgets/stop.h"
#include "ui/widgets/text.h"

typedef struct
{
  TwPanel    panel;
  GtkWidget *figures, *bar, *energy, *cost, *cost_word, *pace;
  GtkWidget *next, *idle, *hold, *stop, *language;
} TwChargingPanel;

static char *
price_words (const TwBusNextPrice *next,
             const TwBusConnector *bay,
             const char           *language)
{
  g_autofree char *amount = tw_amount_of_price (next->kind, next->gross_price, bay->currency, language);

  if (g_strcmp0 (next->kind, "energy") == 0)
    return g_strdup_printf (tw_word (language, "%s per kWh"), amount);
  if (g_strcmp0 (next->kind, "time") == 0)
    return g_strdup_printf (tw_word (language, "%s per minute while charging"), amount);
  if (g_strcmp0 (next->kind, "parking-time") == 0)
    return g_strdup_printf (tw_word (language, "%s per minute"), amount);
  return g_steal_pointer (&amount);
}

/* "From 20 kWh on: 0.59 € per kWh" */
static char *
next_price (const TwView         *view,
            const TwBusConnector *bay,
            const TwBusNextPrice *next,
            const char           *language)
{
  g_autofree char *price = NULL, *when = NULL;

  if (next->kind == NULL || next->kind[0] == '\0')
    return NULL;
  price = price_words (next, bay, language);
  if (next->after_charging)
    return g_strdup_printf (tw_word (language, "When full: %s"), price);
  if (next->at_wh > 0)
    {
      when = tw_format_energy (next->at_wh, language);
      return g_strdup_printf (tw_word (language, "From %s on: %s"), when, price);
    }
  when = tw_format_duration (MAX (next->at_boot_us - view->now_boot_us, 0) / 1000, language);
  return g_strdup_printf (tw_word (language, "In %s: %s"), when, price);
}

/* "1 h 47 min · 11.0 kW". Where there is no room to say below where it ends, "Up to 20 kWh · 1 h 47 min". */
static char *
pace (const TwView         *view,
      const TwBusConnector *bay,
      gboolean              paused,
      const char           *language)
{
  g_autofree char *time = tw_format_duration (bay->charging_ms, language);
  g_autofree char *power = tw_format_power (bay->power_w, language);
  g_autofree char *figure = tw_view_is_tight (view) ? tw_goal_figure (&bay->goal, bay->currency, language) : NULL;
  g_autofree char *goal = figure ? tw_goal_words (&bay->goal, bay->currency, language) : NULL;

  if (goal != NULL)
    return g_strdup_printf ("%s · %s", goal, time);
  return paused || bay->power_w <= 0 ? g_steal_pointer (&time) : g_strdup_printf ("%s · %s", time, power);
}

static void
set_figures (TwChargingPanel      *self,
             const TwBusConnector *bay,
             const char           *language)
{
  g_autofree char *energy = tw_format_energy_exact (bay->energy_wh, language);
  g_autofree char *cost = tw_amount (bay->price_minor, bay->currency, language);

  tw_text_set_figure (self->energy, energy);
  tw_text_set_figure (self->cost, cost);
  tw_text_set (self->cost_word, tw_word (language, "so far"));
}

/* What comes next, and what standing will cost with a full car; where there is little room, the nearer of the two. */
static void
set_next (TwChargingPanel      *self,
          const TwView         *view,
          const TwBusConnector *bay,
          const char           *language)
{
  gboolean none = view->form.small && tw_view_banner (view) != NULL;
  g_autofree char *next = none ? NULL : next_price (view, bay, &bay->next, language);
  gboolean both = !none && !bay->next.after_charging && (next == NULL || !tw_view_is_tight (view));

  tw_text_set (self->next, next);
  tw_text_take (self->idle, both ? next_price (view, bay, &bay->idle, language) : NULL);
}

static void
update (TwPanel      *panel,
        const TwView *view,
        guint         i)
{
  TwChargingPanel *self = (TwChargingPanel *) panel;
  const TwBusConnector *bay = &view->connectors[i];
  const char *language = tw_view_bay_language (view, i);
  gboolean paused = tw_view_panel (view, i) == TW_PANEL_PAUSED;

  tw_panel_turn (panel, view);
  set_figures (self, bay, language);
  gtk_widget_set_visible (self->bar, bay->hold_minor > 0 && !tw_view_is_tight (view));
  gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (self->bar), tw_goal_progress (bay));
  tw_text_take (self->pace, pace (view, bay, paused, language));
  set_next (self, view, bay, language);
  tw_text_take (self->hold, bay->hold_minor <= 0 || tw_view_is_tight (view) ? NULL : tw_goal_end (bay, language));
  tw_stop_set_words (self->stop, language, FALSE);
  tw_panel_language_set (self->language, language, view->form.small);
}

static gboolean
escape (TwPanel *panel)
{
  return tw_stop_withdraw (((TwChargingPanel *) panel)->stop);
}

TwPanel *
tw_charging_panel_new (const TwContext *context,
                       guint            connector)
{
  TwChargingPanel *self = g_new0 (TwChargingPanel, 1);
  GtkWidget *act;

  self->pace = tw_text_new ("title");
  self->next = tw_text_new ("");
  self->idle = tw_text_new ("");
  self->hold = tw_text_new ("caption");
  self->language = tw_panel_language_new (context, connector);
  self->stop = tw_stop_new (context, connector, self->language);
  self->energy = tw_text_new ("count");
  self->cost = tw_text_new ("count");
  self->cost_word = tw_text_new ("soft");
  gtk_widget_set_valign (self->cost, GTK_ALIGN_BASELINE);
  gtk_widget_set_valign (self->cost_word, GTK_ALIGN_BASELINE);
  self->figures = tw_column_new ("", self->energy, tw_row_new ("gap-2", self->cost, self->cost_word, NULL), self->pace,
                                 NULL);
  gtk_widget_set_vexpand (self->figures, TRUE);
  gtk_widget_set_valign (self->figures, GTK_ALIGN_CENTER);
  /* How much there is of what was chosen, or of the hold; the words below say it too. */
  self->bar = g_object_new (GTK_TYPE_PROGRESS_BAR, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  act = tw_column_new ("gap-2", self->bar, self->next, self->idle, self->hold,
                       self->stop, NULL);
  gtk_widget_set_valign (act, GTK_ALIGN_END);
  self->panel.root = tw_column_new ("gap-3", self->figures, act, NULL);
  self->panel.update = update;
  self->panel.escape = escape;
  return tw_panel_bind (&self->panel);
}
