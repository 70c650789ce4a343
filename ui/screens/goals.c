/* SPDX-License-Identifier: Apache-2.0 */
/* How much to charge: what the station proposes, each with what is held for it, and until full. One touch chooses and
 * leads back to the offer. Not a state of the station: the offer goes on underneath. */
#include "ui/screens/screen.h"

#include "app/base/words.h"
#include "ui/amounts.h"
#include "ui/goals.h"
#include "ui/widgets/button.h"
#include "ui/widgets/text.h"

#define PER_ROW 3

typedef struct _TwGoalsScreen TwGoalsScreen;

typedef struct
{
  TwGoalsScreen *screen;
  const char    *kind;       /* static */
  gint64         value;
  GtkWidget     *button;
} Choice;

static const char *const KINDS[] = { "amount", "energy", "time" };

struct _TwGoalsScreen
{
  TwScreen         screen;
  const TwContext *context;
  GtkWidget       *title, *back, *rows[G_N_ELEMENTS (KINDS)];
  Choice           full, choices[G_N_ELEMENTS (KINDS)][PER_ROW];
};

static void
on_back (TwGoalsScreen *self)
{
  self->context->choose_goal (FALSE, self->context->explainer);
}

static void
on_choice (Choice *choice)
{
  const TwContext *context = choice->screen->context;

  context->deeds->set_goal (choice->kind, choice->value, context->user_data);
  context->choose_goal (FALSE, context->explainer);
}

static gboolean
is_chosen (const Choice       *choice,
           const TwBusCounter *counter)
{
  gboolean none = counter->goal.kind == NULL || counter->goal.kind[0] == '\0';

  return none ? choice->value == 0 : choice->value == counter->goal.value
                                     && g_str_equal (choice->kind, counter->goal.kind);
}

/* The one that is chosen now is green, and has a tick. name: for who hears it. */
static void
say (Choice             *choice,
     const TwBusCounter *counter,
     const char         *words,
     const char         *name)
{
  gboolean chosen = is_chosen (choice, counter);
  g_autofree char *ticked = chosen ? g_strconcat ("\u2713 ", words, NULL) : g_strdup (words);

  tw_class_set (choice->button, "action", chosen);
  tw_button_set_words (choice->button, ticked);
  tw_button_set_name (choice->button, name);
  gtk_accessible_update_state (GTK_ACCESSIBLE (choice->button), GTK_ACCESSIBLE_STATE_PRESSED,
                               chosen ? GTK_ACCESSIBLE_TRISTATE_TRUE : GTK_ACCESSIBLE_TRISTATE_FALSE, -1);
}

/* "20 kWh" and, below, the most that it can cost: what is held. */
static void
set_choice (Choice          *choice,
            const TwBusGoal *goal,
            const TwView    *view,
            const char      *language)
{
  const TwBusCounter *counter = &view->counter;
  gboolean brief = tw_view_is_cramped (view) && view->form.portrait;
  g_autofree char *figure = tw_goal_figure (goal, counter->currency, language);
  g_autofree char *hold = tw_amount (goal->hold_minor, counter->currency, language);
  g_autofree char *most = g_strdup_printf (tw_word (language, "max. %s"), hold);
  g_autofree char *words = g_str_equal (choice->kind, "amount")
    ? g_strdup (figure) : g_strconcat (figure, "\n", brief ? hold : most, NULL);
  g_autofree char *name = g_strconcat (figure, ", ", most, NULL);

  choice->value = goal->value;
  say (choice, counter, words, name);
}

static void
set_row (TwGoalsScreen *self,
         guint          row,
         const TwView  *view,
         const char    *language)
{
  const TwBusCounter *counter = &view->counter;
  guint n = 0;

  for (guint i = 0; i < counter->n_goals && n < PER_ROW; i++)
    if (g_str_equal (counter->goals[i].kind, KINDS[row]))
      set_choice (&self->choices[row][n++], &counter->goals[i], view, language);
  gtk_widget_set_visible (self->rows[row], n > 0);
  for (guint i = 0; i < PER_ROW; i++)
    gtk_widget_set_visible (self->choices[row][i].button, i < n);
}

static void
update (TwScreen     *screen,
        const TwView *view)
{
  TwGoalsScreen *self = (TwGoalsScreen *) screen;
  const char *language = tw_view_language (view), *full = tw_word (language, "Until full");

  tw_text_set (self->title, view->form.small && (view->form.large_text || !view->form.portrait) ? NULL
               : tw_word (language, "How much would you like to charge?"));
  say (&self->full, &view->counter, full, full);
  tw_button_set_words (self->back, tw_word (language, "Back"));
  for (guint row = 0; row < G_N_ELEMENTS (KINDS); row++)
    set_row (self, row, view, language);
}

static GtkWidget *
main_action (TwScreen *screen)
{
  return ((TwGoalsScreen *) screen)->back;
}

static gboolean
escape (TwScreen *screen)
{
  on_back ((TwGoalsScreen *) screen);
  return TRUE;
}

static GtkWidget *
make_row (TwGoalsScreen *self,
          guint          row)
{
  GtkWidget *box = tw_row_new ("gap-3", NULL, NULL);

  gtk_box_set_homogeneous (GTK_BOX (box), TRUE);
  for (guint i = 0; i < PER_ROW; i++)
    {
      Choice *choice = &self->choices[row][i];
      g_autofree char *name = g_strdup_printf ("goal-%s-%u", KINDS[row], i + 1);

      *choice = (Choice) { self, KINDS[row], 0, NULL };
      choice->button = tw_button_new (name, "beside", TW_ICON_NONE, G_CALLBACK (on_choice), choice);
      gtk_box_append (GTK_BOX (box), choice->button);
    }
  return box;
}

TwScreen *
tw_goals_screen_new (const TwContext *context)
{
  TwGoalsScreen *self = g_new0 (TwGoalsScreen, 1);
  GtkWidget *first;

  self->context = context;
  self->title = tw_text_new ("headline");
  self->full = (Choice) { self, "full", 0, NULL };
  self->full.button = tw_button_new ("goal-full", "beside", TW_ICON_NONE, G_CALLBACK (on_choice), &self->full);
  self->back = tw_button_new ("goal-back", "", TW_ICON_BACK, G_CALLBACK (on_back), self);
  first = tw_row_new ("gap-3", self->full.button, self->back, NULL);
  gtk_widget_set_hexpand (self->full.button, TRUE);
  for (guint row = 0; row < G_N_ELEMENTS (KINDS); row++)
    self->rows[row] = make_row (self, row);
  self->screen.root = tw_column_new ("page card gap-3", self->title, self->rows[0], self->rows[1], self->rows[2], first,
                                     NULL);
  gtk_widget_set_name (self->screen.root, "goals");
  self->screen.update = update;
  self->screen.main = main_action;
  self->screen.escape = escape;
  return tw_screen_bind (&self->screen);
}
