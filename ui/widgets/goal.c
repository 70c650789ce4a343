/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/widgets/goal.h"

#include "app/base/words.h"
#include "ui/goals.h"
#include "ui/widgets/button.h"

static void
on_choose (const TwContext *context)
{
  context->choose_goal (TRUE, context->explainer);
}

GtkWidget *
tw_goal_button_new (const TwContext *context)
{
  GtkWidget *button = tw_button_new ("goal", "", TW_ICON_NONE, G_CALLBACK (on_choose), (gpointer) context);

  gtk_widget_set_hexpand (button, TRUE);
  return button;
}

void
tw_goal_button_set (GtkWidget    *button,
                    const TwView *view)
{
  const char *language = tw_view_language (view);
  g_autofree char *words = tw_goal_words (&view->counter.goal, view->counter.currency, language);
  g_autofree char *name = g_strdup_printf (tw_word (language, "How much to charge: %s"), words);

  gtk_widget_set_visible (button, view->counter.n_goals > 0);
  tw_button_set_words (button, words);
  tw_button_set_name (button, name);
}
