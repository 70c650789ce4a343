/* SPDX-License-Identifier: Apache-2.0 */
/* What it costs and what is held, before any card is asked for. */
#include "ui/screens/screen.h"

#include "app/base/words.h"
#include "ui/format.h"
#include "ui/widgets/button.h"
#include "ui/widgets/goal.h"
#include "ui/widgets/motion.h"
#include "ui/widgets/terms.h"
#include "ui/widgets/text.h"

typedef struct
{
  TwScreen         screen;
  const TwContext *context;
  GtkWidget       *halves, *terms, *picture, *headline, *wait, *left, *goal, *pay, *cancel;
} TwOfferScreen;

static void
on_pay (TwOfferScreen *self)
{
  self->context->deeds->accept (self->context->user_data);
}

static void
on_cancel (TwOfferScreen *self)
{
  self->context->deeds->cancel (self->context->user_data);
}

static void
update (TwScreen     *screen,
        const TwView *view)
{
  TwOfferScreen *self = (TwOfferScreen *) screen;
  const char *language = tw_view_language (view);
  gint64 seconds = tw_view_seconds_left (view, view->counter.deadline_boot_us);
  g_autofree char *clock = tw_format_countdown (seconds, language);

  tw_screen_turn (self->halves, view);
  tw_terms_set (self->terms, view);
  gtk_widget_set_visible (self->picture, !tw_view_is_cramped (view) && !(view->form.small && view->form.portrait));
  tw_text_set (self->headline, view->auto_accept ? tw_word (language, "The reader is getting ready")
                                                 : tw_word (language, "Pay by card or phone"));
  gtk_widget_set_visible (self->wait, view->auto_accept);
  tw_text_take (self->left, seconds <= 0 ? NULL : view->form.small ? g_strdup (clock)
                : g_strdup_printf (tw_word (language, "%s left"), clock));
  gtk_widget_set_visible (self->pay, !view->auto_accept);
  tw_button_set_words (self->pay, tw_word (language, "Pay"));
  tw_goal_button_set (self->goal, view);
  tw_button_set_words (self->cancel, tw_word (language, "Cancel"));
}

static GtkWidget *
main_action (TwScreen *screen)
{
  TwOfferScreen *self = (TwOfferScreen *) screen;

  return gtk_widget_get_visible (self->pay) ? self->pay : self->cancel;
}

TwScreen *
tw_offer_screen_new (const TwContext *context)
{
  TwOfferScreen *self = g_new0 (TwOfferScreen, 1);
  GtkWidget *middle, *act;

  self->context = context;
  self->terms = tw_terms_new ();
  self->picture = tw_icon_new (TW_ICON_CARD, "huge good");
  self->headline = tw_text_new ("headline");
  self->wait = tw_waiting_dots_new ();
  self->left = tw_text_new ("title");
  self->pay = tw_button_new ("pay", "action", TW_ICON_CARD, G_CALLBACK (on_pay), self);
  self->cancel = tw_button_new ("cancel", "", TW_ICON_NONE, G_CALLBACK (on_cancel), self);
  gtk_label_set_justify (GTK_LABEL (self->headline), GTK_JUSTIFY_CENTER);
  gtk_label_set_xalign (GTK_LABEL (self->headline), 0.5);
  self->goal = tw_goal_button_new (context);
  gtk_widget_set_hexpand (self->cancel, TRUE);
  middle = tw_column_new ("gap-3", self->picture, self->headline, self->wait, NULL);
  gtk_widget_set_vexpand (middle, TRUE);
  gtk_widget_set_valign (middle, GTK_ALIGN_CENTER);
  act = tw_column_new ("card gap-3", middle, self->pay,
                       tw_row_new ("gap-3", self->left, self->goal, self->cancel, NULL), NULL);
  self->halves = tw_row_new ("page", self->terms, act, NULL);
  gtk_widget_set_hexpand (act, TRUE);
  self->screen.root = self->halves;
  self->screen.update = update;
  self->screen.main = main_action;
  return tw_screen_bind (&self->screen);
}
