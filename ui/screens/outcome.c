/* SPDX-License-Identifier: Apache-2.0 */
/* How it ended, in plain words, and what to do now. Goes away by itself. */
#include "ui/screens/screen.h"

#include "app/base/words.h"
#include "ui/codes.h"
#include "ui/format.h"
#include "ui/offers.h"
#include "ui/screens/message.h"
#include "ui/widgets/button.h"
#include "ui/widgets/text.h"

typedef struct
{
  TwScreen         screen;
  const TwContext *context;
  TwMessage        message;
  guint            connector;
  GtkWidget       *again, *back;
} TwOutcomeScreen;

static void
on_again (TwOutcomeScreen *self)
{
  self->context->deeds->choose (self->connector, "", self->context->user_data);
}

static void
on_back (TwOutcomeScreen *self)
{
  self->context->deeds->cancel (self->context->user_data);
}

/* What happens at the car now is more than "approved". */
static const char *
advice (const TwView *view,
        const TwCode *code)
{
  for (guint i = 0; i < view->n_connectors && code->tone == TW_TONE_GOOD; i++)
    if (view->connectors[i].number == view->counter.connector && tw_view_panel (view, i) == TW_PANEL_CHARGING)
      return N_("Charging has begun.");

  return code->advice;
}

static void
update (TwScreen     *screen,
        const TwView *view)
{
  TwOutcomeScreen *self = (TwOutcomeScreen *) screen;
  const char *language = tw_view_language (view);
  const char *helpline = tw_view_helpline (view);
  const TwCode *code = tw_code_of_outcome (view->counter.outcome);
  gboolean again = code->again && tw_view_offered (view) != NULL;

  self->connector = view->counter.connector;
  tw_message_turn (&self->message, view->form.portrait);
  tw_message_set (&self->message, code, language);
  tw_text_set (self->message.advice, tw_word (language, advice (view, code)));
  tw_text_take (self->message.extra, code->tone == TW_TONE_GOOD ? tw_offer_granted (&view->counter.granted, language)
                : helpline == NULL || tw_view_is_cramped (view) ? NULL
                : g_strdup_printf (tw_word (language, "Help: %s"), helpline));
  gtk_widget_set_visible (self->again, again);
  tw_button_set_words (self->again, tw_word (language, "Try again"));
  tw_button_set_words (self->back, again ? tw_word (language, "Back to the start") : tw_word (language, "OK"));
}

static GtkWidget *
main_action (TwScreen *screen)
{
  TwOutcomeScreen *self = (TwOutcomeScreen *) screen;

  return gtk_widget_get_visible (self->again) ? self->again : self->back;
}

TwScreen *
tw_outcome_screen_new (const TwContext *context)
{
  TwOutcomeScreen *self = g_new0 (TwOutcomeScreen, 1);

  self->context = context;
  self->again = tw_button_new ("again", "action beside wide", TW_ICON_NONE, G_CALLBACK (on_again), self);
  self->back = tw_button_new ("cancel", "wide", TW_ICON_NONE, G_CALLBACK (on_back), self);
  self->message = tw_message_new (TW_ICON_INFO, TW_TONE_PLAIN,
                                  tw_row_new ("gap-3 above", self->again, self->back, NULL));
  self->screen.root = tw_column_new ("page card", self->message.root, NULL);
  self->screen.update = update;
  self->screen.main = main_action;
  return tw_screen_bind (&self->screen);
}
