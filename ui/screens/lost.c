/* SPDX-License-Identifier: Apache-2.0 */
/* This screen and the station have lost each other. Comes back by itself. */
#include "ui/screens/screen.h"

#include "app/base/words.h"
#include "ui/screens/message.h"
#include "ui/widgets/motion.h"
#include "ui/widgets/text.h"

typedef struct { TwScreen screen; TwMessage message; } TwLostScreen;

static void
update (TwScreen     *screen,
        const TwView *view)
{
  TwLostScreen *self = (TwLostScreen *) screen;
  const char *language = tw_view_language (view);
  const char *helpline = tw_view_helpline (view);

  tw_message_turn (&self->message, view->form.portrait);
  tw_text_set (self->message.headline, tw_word (language, "One moment please"));
  tw_text_set (self->message.advice, tw_word (language, "This screen cannot reach the charging station and tries "
                                                        "again every second. What was paid for is recorded in the "
                                                        "station and is not lost."));
  tw_text_take (self->message.extra, helpline ? g_strdup_printf (tw_word (language, "Help: %s"), helpline) : NULL);
}

TwScreen *
tw_lost_screen_new (const TwContext *context)
{
  TwLostScreen *self = g_new0 (TwLostScreen, 1);
  GtkWidget *dots = tw_waiting_dots_new ();

  gtk_widget_set_halign (dots, GTK_ALIGN_START);
  self->message = tw_message_new (TW_ICON_LINK, TW_TONE_CAUTION, dots);
  self->screen.root = tw_column_new ("page card", self->message.root, NULL);
  self->screen.update = update;
  return tw_screen_bind (&self->screen);
}
