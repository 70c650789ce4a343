/* SPDX-License-Identifier: Apache-2.0 */
/* Nobody new can be served, and why. Whoever charges goes on, sees it, and can stop. */
#include "ui/screens/screen.h"

#include "app/base/words.h"
#include "ui/codes.h"
#include "ui/panels/bays.h"
#include "ui/screens/message.h"
#include "ui/widgets/text.h"

typedef struct
{
  TwScreen   screen;
  TwMessage  message;
  GtkWidget *box, *halves;
  TwBays    *bays;
} TwClosedScreen;

static gboolean
has_running (const TwView *view)
{
  for (guint i = 0; i < view->n_connectors; i++)
    if (tw_view_runs (view, i) || tw_view_panel (view, i) == TW_PANEL_RECEIPT)
      return TRUE;

  return FALSE;
}

static void
update (TwScreen     *screen,
        const TwView *view)
{
  TwClosedScreen *self = (TwClosedScreen *) screen;
  const char *language = tw_view_language (view);
  const char *helpline = tw_view_helpline (view);
  const TwCode *code = tw_code_of_closed (view->counter.closed_why);

  tw_screen_turn (self->halves, view);
  tw_icon_set (self->message.icon, code->icon);
  tw_text_set (self->message.headline, tw_word (language, code->headline));
  tw_text_set (self->message.advice, tw_word (language, code->advice));
  tw_text_take (self->message.extra, helpline ? g_strdup_printf (tw_word (language, "Help: %s"), helpline) : NULL);
  tw_bays_update (self->bays, view);
  gtk_widget_set_visible (tw_bays_root (self->bays), has_running (view));
}

static GtkWidget *
main_action (TwScreen *screen)
{
  return tw_bays_main (((TwClosedScreen *) screen)->bays);
}

static gboolean
escape (TwScreen *screen)
{
  return tw_bays_escape (((TwClosedScreen *) screen)->bays);
}

TwScreen *
tw_closed_screen_new (const TwContext *context)
{
  TwClosedScreen *self = g_new0 (TwClosedScreen, 1);

  self->message = tw_message_new (TW_ICON_WARNING, "caution");
  self->bays = tw_bays_new (context, TRUE);
  self->box = tw_column_new ("card whole", self->message.root, NULL);
  self->halves = tw_row_new ("page", self->box, tw_bays_root (self->bays), NULL);
  gtk_box_set_homogeneous (GTK_BOX (self->halves), TRUE);
  self->screen.root = self->halves;
  self->screen.update = update;
  self->screen.main = main_action;
  self->screen.escape = escape;
  return tw_screen_bind (&self->screen);
}
