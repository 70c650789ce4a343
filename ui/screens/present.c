/* SPDX-License-Identifier: Apache-2.0 */
/* The reader waits for a card: where it is, what to do, how long. Price and hold stay in sight. */
#include "ui/screens/screen.h"

#include "app/base/words.h"
#include "ui/codes.h"
#include "ui/format.h"
#include "ui/widgets/button.h"
#include "ui/widgets/goal.h"
#include "ui/widgets/motion.h"
#include "ui/widgets/qr.h"
#include "ui/widgets/terms.h"
#include "ui/widgets/text.h"

typedef struct
{
  TwScreen         screen;
  const TwContext *context;
  GtkWidget       *halves, *terms, *middle, *picture, *qr, *prompt, *headline, *advice, *where, *left, *goal,
                  *cancel;
} TwPresentScreen;

static void
on_cancel (TwPresentScreen *self)
{
  self->context->deeds->cancel (self->context->user_data);
}

static const char *
where (TwReaderPlace place)
{
  static const char *const words[] = {
    [TW_READER_BELOW] = N_("The reader is below the screen."),
    [TW_READER_ABOVE] = N_("The reader is above the screen."),
    [TW_READER_LEFT] = N_("The reader is to the left of the screen."),
    [TW_READER_RIGHT] = N_("The reader is to the right of the screen."),
  };

  return words[place];
}

static void
update (TwScreen     *screen,
        const TwView *view)
{
  TwPresentScreen *self = (TwPresentScreen *) screen;
  const char *language = tw_view_language (view);
  const TwCode *code = tw_code_of_prompt (view->counter.prompt);
  gboolean has_qr = view->counter.qr != NULL && view->counter.qr[0] != '\0';
  gint64 seconds = tw_view_seconds_left (view, view->counter.deadline_boot_us);
  g_autofree char *clock = tw_format_countdown (seconds, language);

  tw_screen_turn (self->halves, view);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->middle), view->form.portrait ? GTK_ORIENTATION_HORIZONTAL
                                                                                    : GTK_ORIENTATION_VERTICAL);
  tw_terms_set (self->terms, view);
  tw_reader_picture_set (self->picture, view->reader);
  gtk_widget_set_visible (self->picture, !has_qr);
  tw_qr_set (TW_QR (self->qr), view->counter.qr, view->form.dpi);
  tw_name_set (self->qr, tw_word (language, "QR code to pay with your phone"));
  tw_text_set (self->headline, tw_word (language, code->headline));
  tw_class_set (self->headline, "caution", code->tone == TW_TONE_CAUTION);
  tw_text_set (self->advice, code->advice[0] ? tw_word (language, code->advice) : NULL);
  tw_text_set (self->where, has_qr || code->advice[0] ? NULL : tw_word (language, where (view->reader)));
  tw_text_take (self->left, seconds <= 0 ? NULL : view->form.small ? g_strdup (clock)
                : g_strdup_printf (tw_word (language, "%s left"), clock));
  tw_goal_button_set (self->goal, view);
  tw_button_set_words (self->cancel, tw_word (language, "Cancel"));
}

static GtkWidget *
main_action (TwScreen *screen)
{
  return ((TwPresentScreen *) screen)->cancel;
}

static GtkWidget *
centred (const char *classes)
{
  GtkWidget *text = tw_text_new (classes);

  gtk_label_set_justify (GTK_LABEL (text), GTK_JUSTIFY_CENTER);
  gtk_label_set_xalign (GTK_LABEL (text), 0.5);
  return text;
}

TwScreen *
tw_present_screen_new (const TwContext *context)
{
  TwPresentScreen *self = g_new0 (TwPresentScreen, 1);
  GtkWidget *act;

  self->context = context;
  self->terms = tw_terms_new ();
  self->picture = tw_reader_picture_new ();
  self->qr = tw_qr_new ("qr");
  self->headline = centred ("headline");
  self->advice = centred ("");
  self->where = centred ("");
  self->left = tw_text_new ("title");
  self->prompt = g_object_new (GTK_TYPE_BOX, "name", "prompt", "orientation", GTK_ORIENTATION_VERTICAL,
                               "accessible-role", GTK_ACCESSIBLE_ROLE_ALERT, NULL);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (self->prompt), GTK_ACCESSIBLE_RELATION_LABELLED_BY, self->headline,
                                  NULL, -1);
  tw_classes_add (self->prompt, "gap-1");
  gtk_box_append (GTK_BOX (self->prompt), self->headline);
  gtk_box_append (GTK_BOX (self->prompt), self->advice);
  gtk_box_append (GTK_BOX (self->prompt), self->where);
  self->cancel = tw_button_new ("cancel", "", TW_ICON_NONE, G_CALLBACK (on_cancel), self);
  self->middle = tw_column_new ("gap-3", self->picture, self->qr, self->prompt, NULL);
  gtk_widget_set_valign (self->prompt, GTK_ALIGN_CENTER);
  gtk_widget_set_hexpand (self->prompt, TRUE);
  self->goal = tw_goal_button_new (context);
  gtk_widget_set_hexpand (self->cancel, TRUE);
  gtk_widget_set_vexpand (self->middle, TRUE);
  gtk_widget_set_valign (self->middle, GTK_ALIGN_CENTER);
  act = tw_column_new ("card gap-3", self->middle,
                       tw_row_new ("gap-3", self->left, self->goal, self->cancel, NULL), NULL);
  self->halves = tw_row_new ("page", self->terms, act, NULL);
  gtk_widget_set_hexpand (act, TRUE);
  self->screen.root = self->halves;
  self->screen.update = update;
  self->screen.main = main_action;
  return tw_screen_bind (&self->screen);
}
