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
  gboolean running = has_running (view);

  tw_screen_turn (self->halves, view);
  tw_message_turn (&self->message, view->form.portrait || running);
  tw_message_set (&self->message, code, language);
  tw_class_set (self->message.root, "narrow", running);
  tw_text_take (self->message.extra, helpline == NULL || tw_view_is_cramped (view) ? NULL
                : g_strdup_printf (tw_word (language, "Help: %s"), helpline));
  tw_bays_update (self->bays, view);
  gtk_widget_set_visible (tw_bays_root (self->bays), running);
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

  self->message = tw_message_new (TW_ICON_WARNING, TW_TONE_CAUTION, NULL);
  self->bays = tw_bays_new (context, TRUE);
  self->box = tw_column_new ("card", self->message.root, NULL);
  self->halves = tw_row_new ("page", self->box, tw_bays_root (self->bays), NULL);
  gtk_box_set_homogeneous (GTK_BOX (self->halves), TRUE);
  self->screen.root = self->halves;
  self->screen.update = update;
  self->screen.main = main_action;
  self->screen.escape = escape;
  return tw_screen_bind (&self->screen);
}
