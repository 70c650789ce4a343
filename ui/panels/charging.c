/* SPDX-License-Identifier: Apache-2.0 */
/* Energy and cost so far; also while the car takes a break. */
#include "ui/panels/panel.h"

#include "app/base/words.h"
#include "ui/amounts.h"
#include "ui/format.h"
#include "ui/goals.h"
#include "ui/offers.h"
#include "ui/widgets/button.h"
#include "ui/widgets/price-words.h"
#include "ui/widgets/stop.h"
#include "ui/widgets/text.h"

typedef struct
{
  TwPanel          panel;
  const TwContext *context;
  guint            connector;
  GtkWidget *figures, *bar, *energy, *cost, *cost_word, *pace, *now, *explain;
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

static void
on_explain (TwChargingPanel *self)
{
  self->context->explain (self->connector, self->context->explainer);
}

/* Far away it says nothing to anybody who charges now. */
#define WORTH_SAYING_US (12 * 3600 * (gint64) G_USEC_PER_SEC)

/* "From 14:35: 0.10 € per minute for staying plugged in"; before the car is full: "When full: 5 min free, then ..." */
static char *
idle_price (const TwBusConnector *bay,
            gboolean              brief,
            const char           *language)
{
  const TwBusNextPrice *idle = &bay->idle;
  g_autofree char *amount = NULL, *grace = NULL, *price = NULL;

  if (idle->kind == NULL || idle->kind[0] == '\0')
    return NULL;
  amount = tw_amount_of_price (idle->kind, idle->gross_price, bay->currency, language);
  price = price_words (idle, bay, language);
  if (idle->at_boot_us > 0 && idle->at != NULL && idle->at[0] != '\0' && brief)
    return g_strdup_printf (tw_word (language, "From %s: %s"), idle->at, price);
  if (idle->at_boot_us > 0 && idle->at != NULL && idle->at[0] != '\0')
    return g_strdup_printf (tw_word (language, "From %s: %s per minute for staying plugged in"), idle->at, amount);
  if (idle->grace_ms <= 0)
    return g_strdup_printf (tw_word (language, "When full: %s per minute"), amount);
  grace = tw_format_duration (idle->grace_ms, language);
  return g_strdup_printf (tw_word (language, "When full: %s free, then %s per minute"), grace, amount);
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
  if (next->at_boot_us - view->now_boot_us > WORTH_SAYING_US)
    return NULL;
  price = price_words (next, bay, language);
  if (next->after_charging)
    return g_strdup_printf (tw_word (language, "When full: %s"), price);
  if (next->at_wh > 0)
    {
      when = tw_format_energy (next->at_wh, language);
      return g_strdup_printf (tw_word (language, "From %s on: %s"), when, price);
    }
  if (next->at != NULL && next->at[0] != '\0')
    return g_strdup_printf (tw_word (language, "From %s: %s"), next->at, price);
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
             gboolean              brief,
             const char           *language)
{
  g_autofree char *energy = tw_format_energy_exact (bay->energy_wh, language);
  g_autofree char *cost = tw_amount (bay->price_minor, bay->currency, language);

  tw_text_set_figure (self->energy, energy);
  tw_text_set_figure (self->cost, cost);
  tw_text_take (self->cost_word, tw_offer_so_far (&bay->granted, brief, language));
}

/* The price of this moment, and one line of what is to come, the nearest: the fee for standing as soon as it is known
 * when it begins. Where there is little room one of both: the fee, else this moment's. */
static void
set_prices (TwChargingPanel      *self,
            const TwView         *view,
            const TwBusConnector *bay,
            const char           *language)
{
  gboolean none = view->form.small && tw_view_banner (view) != NULL;
  gboolean tight = tw_view_is_tight (view) || view->form.large_text;
  g_autofree char *idle = none ? NULL : idle_price (bay, tw_view_is_cramped (view), language);
  gboolean begins = idle != NULL && bay->idle.at_boot_us > 0;
  g_autofree char *next = none || begins || (idle != NULL && bay->next.after_charging)
    ? NULL : next_price (view, bay, &bay->next, language);
  g_autofree char *now = none || (tight && begins) ? NULL
    : tw_prices_running (bay, next != NULL && !tight, language);
  gboolean alone = tight && now != NULL;

  tw_text_set (self->now, now);
  tw_text_set (self->next, alone ? NULL : next);
  tw_text_set (self->idle, alone || next != NULL ? NULL : idle);
  tw_class_set (self->idle, "strong", begins);
}

static void
update (TwPanel      *panel,
        const TwView *view,
        guint         i)
{
  TwChargingPanel *self = (TwChargingPanel *) panel;
  const TwBusConnector *bay = &view->connectors[i];
  const char *language = tw_view_bay_language (view, i);
  gboolean paused = tw_view_panel (view, i) == TW_PANEL_PAUSED, crowded;

  tw_panel_turn (panel, view);
  set_figures (self, bay, view->form.large_text || view->form.small, language);
  gtk_widget_set_visible (self->bar, bay->hold_minor > 0 && !tw_view_is_tight (view));
  gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (self->bar), tw_goal_progress (bay));
  tw_text_take (self->pace, pace (view, bay, paused, language));
  set_prices (self, view, bay, language);
  /* Large text has room for one of them. */
  crowded = view->form.large_text && (gtk_widget_get_visible (self->now) || gtk_widget_get_visible (self->idle));
  tw_text_take (self->hold, bay->hold_minor <= 0 || tw_view_is_tight (view) || crowded ? NULL
                : tw_goal_end (bay, language));
  tw_stop_set_words (self->stop, language, FALSE);
  tw_panel_language_set (self->language, language, view->form.small);
  tw_button_set_name (self->explain, tw_word (language, "Explain amount"));
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
  g_autofree char *explain = g_strdup_printf ("explain-%u", connector);
  GtkWidget *act, *words;

  self->context = context;
  self->connector = connector;

  self->pace = tw_text_new ("title");
  self->now = tw_text_new ("");
  self->explain = tw_button_new (explain, "tool", TW_ICON_INFO, G_CALLBACK (on_explain), self);
  gtk_widget_set_valign (self->explain, GTK_ALIGN_CENTER);
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
  words = tw_column_new ("", self->energy, tw_row_new ("gap-2", self->cost, self->cost_word, NULL), self->pace, NULL);
  gtk_widget_set_hexpand (words, TRUE);
  self->figures = tw_row_new ("gap-2", words, self->explain, NULL);
  gtk_widget_set_vexpand (self->figures, TRUE);
  gtk_widget_set_valign (self->figures, GTK_ALIGN_CENTER);
  /* How much there is of what was chosen, or of the hold; the words below say it too. */
  self->bar = g_object_new (GTK_TYPE_PROGRESS_BAR, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  act = tw_column_new ("gap-2", self->bar, self->now, self->next, self->idle, self->hold,
                       self->stop, NULL);
  gtk_widget_set_valign (act, GTK_ALIGN_END);
  self->panel.root = tw_column_new ("gap-3", self->figures, act, NULL);
  self->panel.update = update;
  self->panel.escape = escape;
  return tw_panel_bind (&self->panel);
}
