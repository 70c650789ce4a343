/* SPDX-License-Identifier: Apache-2.0 */
/* The card was read; the bank is being asked. */
#include "ui/screens/screen.h"

#include "app/base/words.h"
#include "ui/codes.h"
#include "ui/amounts.h"
#include "ui/offers.h"
#include "ui/screens/message.h"
#include "ui/widgets/button.h"
#include "ui/widgets/motion.h"
#include "ui/widgets/text.h"

typedef struct
{
  TwScreen         screen;
  const TwContext *context;
  TwMessage        message;
  GtkWidget       *cancel;
} TwAuthorizingScreen;

static void
on_cancel (TwAuthorizingScreen *self)
{
  self->context->deeds->cancel (self->context->user_data);
}

/* The hold, and above it what the card gets cheaper. */
static char *
held_words (const TwView *view,
            const char   *hold,
            const char   *language)
{
  g_autofree char *offer = tw_offer_granted (&view->counter.granted, language);
  gboolean alone = hold == NULL || (offer != NULL && tw_view_is_cramped (view));
  g_autofree char *held = alone ? NULL : g_strdup_printf (tw_word (language, "To be held: %s"), hold);

  return offer != NULL && held != NULL ? g_strjoin ("\n", offer, held, NULL) : g_strdup (offer ? offer : held);
}

static void
update (TwScreen     *screen,
        const TwView *view)
{
  TwAuthorizingScreen *self = (TwAuthorizingScreen *) screen;
  const TwBusCounter *counter = &view->counter;
  const char *language = tw_view_language (view);
  gboolean is_held = counter->hold_minor > 0 && counter->currency != NULL;
  g_autofree char *hold = is_held ? tw_amount (counter->hold_minor, counter->currency, language) : NULL;
  gboolean on_phone = g_strcmp0 (counter->prompt, "see-phone") == 0;
  const TwCode *code = tw_code_of_prompt (on_phone ? counter->prompt : "authorizing");

  tw_message_turn (&self->message, view->form.portrait);
  tw_message_set (&self->message, code, language);
  tw_text_take (self->message.advice, on_phone ? g_strdup (tw_word (language, code->advice))
                : g_strdup_printf ("%s %s", tw_word (language, "You can take it away."),
                                   tw_word (language, "We are asking your bank; this takes a few seconds.")));
  tw_text_take (self->message.extra, held_words (view, hold, language));
  tw_button_set_words (self->cancel, tw_word (language, "Cancel"));
}

static GtkWidget *
main_action (TwScreen *screen)
{
  return ((TwAuthorizingScreen *) screen)->cancel;
}

TwScreen *
tw_authorizing_screen_new (const TwContext *context)
{
  TwAuthorizingScreen *self = g_new0 (TwAuthorizingScreen, 1);
  GtkWidget *dots = tw_waiting_dots_new ();

  self->context = context;
  self->cancel = tw_button_new ("cancel", "wide", TW_ICON_NONE, G_CALLBACK (on_cancel), self);
  gtk_widget_set_halign (dots, GTK_ALIGN_START);
  gtk_widget_set_halign (self->cancel, GTK_ALIGN_START);
  self->message = tw_message_new (TW_ICON_CHECK, TW_TONE_GOOD, tw_column_new ("gap-3", dots, self->cancel, NULL));
  self->screen.root = tw_column_new ("page card", self->message.root, NULL);
  self->screen.update = update;
  self->screen.main = main_action;
  return tw_screen_bind (&self->screen);
}
