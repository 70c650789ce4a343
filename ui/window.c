/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/window.h"

#include "app/base/words.h"
#include "ui/codes.h"
#include "ui/footer.h"
#include "ui/screens/screen.h"
#include "ui/style.h"
#include "ui/widgets/fit.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/text.h"

struct _TwWindow
{
  TwView     view;
  TwContext  context;
  TwStyle   *style;
  GtkWidget *window, *fit, *test_mode, *test_words, *notice, *notice_words, *stack;
  TwFooter  *footer;
  TwScreen  *screens[TW_N_SCREENS], *explain, *goals, *shown;
  guint      explained;      /* connector; 0: none */
  gboolean   choosing;       /* how much to charge */
  guint      showing;        /* the idle source */
};

static TwScreen *
make (TwWindow     *self,
      TwScreenKind  kind)
{
  switch (kind)
    {
    case TW_SCREEN_LOST:
      return tw_lost_screen_new (&self->context);
    case TW_SCREEN_CLOSED:
      return tw_closed_screen_new (&self->context);
    case TW_SCREEN_HOME:
      return tw_home_screen_new (&self->context);
    case TW_SCREEN_OFFER:
      return tw_offer_screen_new (&self->context);
    case TW_SCREEN_PRESENT:
      return tw_present_screen_new (&self->context);
    case TW_SCREEN_AUTHORIZING:
      return tw_authorizing_screen_new (&self->context);
    case TW_SCREEN_OUTCOME:
      return tw_outcome_screen_new (&self->context);
    }
  g_assert_not_reached ();
}

static TwScreen *
screen_of (TwWindow     *self,
           TwScreenKind  kind)
{
  if (self->screens[kind] == NULL)
    {
      self->screens[kind] = make (self, kind);
      gtk_widget_set_name (self->screens[kind]->root, tw_screen_name (kind));
      gtk_stack_add_child (GTK_STACK (self->stack), self->screens[kind]->root);
    }
  return self->screens[kind];
}

static TwScreen *
explain_screen (TwWindow *self)
{
  if (self->explain == NULL)
    {
      self->explain = tw_explain_screen_new (&self->context);
      gtk_stack_add_child (GTK_STACK (self->stack), self->explain->root);
    }
  return self->explain;
}

/* Only while there is something to explain, and nobody else wants the screen. */
static gboolean
still_explains (TwWindow *self)
{
  const TwView *view = &self->view;

  for (guint i = 0; i < view->n_connectors && self->explained != 0; i++)
    if (view->connectors[i].number == self->explained && tw_view_bill (view, i) != NULL && !tw_view_is_busy (view)
        && view->present)
      return TRUE;

  return FALSE;
}

static TwScreen *
goals_screen (TwWindow *self)
{
  if (self->goals == NULL)
    {
      self->goals = tw_goals_screen_new (&self->context);
      gtk_stack_add_child (GTK_STACK (self->stack), self->goals->root);
    }
  return self->goals;
}

/* Only while the offer stands. */
static gboolean
still_chooses (TwWindow *self)
{
  TwScreenKind screen = tw_view_screen (&self->view);

  return self->choosing && self->view.counter.n_goals > 0
         && (screen == TW_SCREEN_OFFER || screen == TW_SCREEN_PRESENT);
}

static TwScreen *
wanted_screen (TwWindow *self)
{
  if (!still_explains (self))
    self->explained = 0;
  self->view.explained = self->explained;
  self->choosing = still_chooses (self);
  if (self->explained != 0)
    return explain_screen (self);

  return self->choosing ? goals_screen (self) : screen_of (self, tw_view_screen (&self->view));
}

/* The connector's panel or row that the keyboard is in; NULL: in none. */
static GtkWidget *
focused_bay (TwWindow *self)
{
  GtkWidget *widget = gtk_window_get_focus (GTK_WINDOW (self->window));

  while (widget != NULL && !g_str_has_prefix (gtk_widget_get_name (widget), "bay-"))
    widget = gtk_widget_get_parent (widget);
  return widget;
}

/* On what one most likely wants to press next, unless somebody is somewhere already. Whoever was at one connector is
 * never brought to another: the next key would open an offer there. */
static void
set_focus (TwWindow  *self,
           gboolean   afresh,
           GtkWidget *bay)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self->window));
  GtkWidget *main = self->shown->main ? self->shown->main (self->shown) : NULL;

  if (!afresh && focus != NULL && gtk_widget_get_mapped (focus) && gtk_widget_is_sensitive (focus))
    return;
  if (!afresh && bay != NULL && (main == NULL || !gtk_widget_is_ancestor (main, bay)))
    main = NULL;
  if (main != NULL && gtk_widget_grab_focus (main))
    return;
  gtk_window_set_focus (GTK_WINDOW (self->window), NULL);
}

static void
keep_receipts (TwWindow *self)
{
  const char *sessions[TW_MAX_CONNECTORS];
  const TwView *view = &self->view;

  /* A running session's only while it is looked at. */
  for (guint i = 0; i < view->n_connectors; i++)
    sessions[i] = view->connectors[i].number == self->explained && tw_view_bill (view, i) != NULL
      ? tw_view_bill (view, i) : view->connectors[i].last_session;
  tw_receipts_keep (self->context.receipts, sessions, self->view.n_connectors);
}

/* Why a finger's wish was refused; the start screen says it itself. */
static void
set_notice (TwWindow   *self,
            const char *language)
{
  gboolean is_said = self->view.notice != NULL && (tw_view_banner (&self->view) == NULL || self->explained != 0);
  const char *words = is_said ? tw_word (language, tw_code_of_banner (self->view.notice)->headline) : NULL;

  gtk_widget_set_visible (self->notice, is_said);
  if (!is_said)
    return;
  tw_text_set (self->notice_words, words);
  tw_name_set (self->notice, words);
}

static void
show (TwWindow *self)
{
  const TwView *view = &self->view;
  const char *language = tw_view_language (view);
  TwScreen *before = self->shown;
  GtkWidget *bay = focused_bay (self);

  tw_style_set (self->style, self->window, &view->form, view->dark);
  self->shown = wanted_screen (self);
  gtk_widget_set_visible (self->test_mode, view->station.test_mode);
  tw_text_set (self->test_words, tw_word (language, "Test mode: no real money"));
  set_notice (self, language);
  self->shown->update (self->shown, view);
  tw_footer_update (self->footer, view);
  tw_stack_show (self->stack, self->shown->root);
  set_focus (self, before != self->shown, bay);
}

void
tw_window_update (TwWindow     *self,
                  const TwView *view)
{
  self->view = *view;
  keep_receipts (self);
  show (self);
}

static gboolean
show_again (gpointer data)
{
  TwWindow *self = data;

  self->showing = 0;
  show (self);
  return G_SOURCE_REMOVE;
}

/* May come in the middle of showing. */
static void
on_receipt (gpointer data)
{
  TwWindow *self = data;

  if (self->showing == 0)
    self->showing = g_idle_add_full (G_PRIORITY_HIGH_IDLE, show_again, self, NULL);
}

static void
on_explain (guint    connector,
            gpointer data)
{
  TwWindow *self = data;

  for (guint i = 0; i < self->view.n_connectors; i++)
    if (connector != 0 && self->view.connectors[i].number == connector && tw_view_bill (&self->view, i) != NULL)
      tw_receipts_renew (self->context.receipts, tw_view_bill (&self->view, i));
  self->explained = connector;
  tw_explain_screen_choose (explain_screen (self), connector);
  show (self);
}

static void
on_choose_goal (gboolean begin,
                gpointer data)
{
  TwWindow *self = data;

  self->choosing = begin;
  show (self);
}

static void
on_resized (int      width,
            int      height,
            gpointer data)
{
  TwWindow *self = data;

  self->context.deeds->resized (width, height, self->context.user_data);
}

/* Escape takes back what was pressed last: a question, an explanation, the whole offer. */
static gboolean
on_key (GtkEventControllerKey *keys,
        guint                  keyval,
        guint                  keycode,
        GdkModifierType        modifiers,
        gpointer               data)
{
  TwWindow *self = data;

  if (keyval != GDK_KEY_Escape || self->shown == NULL)
    return FALSE;
  if (tw_footer_escape (self->footer))
    return TRUE;
  if (self->shown->escape != NULL && self->shown->escape (self->shown))
    return TRUE;
  if (tw_view_is_busy (&self->view))
    self->context.deeds->cancel (self->context.user_data);
  return TRUE;
}

static void
add_escape (TwWindow *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  g_signal_connect (keys, "key-pressed", G_CALLBACK (on_key), self);
  gtk_widget_add_controller (self->window, keys);
}

static GtkWidget *
build (TwWindow *self)
{
  GtkWidget *words;

  self->test_words = tw_text_new ("");
  words = tw_row_new ("gap-2", tw_icon_new (TW_ICON_INFO, "small"), self->test_words, NULL);
  gtk_widget_set_halign (words, GTK_ALIGN_CENTER);
  gtk_widget_set_hexpand (words, TRUE);
  self->test_mode = tw_row_new ("test-mode", words, NULL);
  gtk_widget_set_name (self->test_mode, "test-mode");
  self->notice_words = tw_text_new ("strong");
  self->notice = g_object_new (GTK_TYPE_BOX, "name", "notice", "visible", FALSE, "accessible-role",
                               GTK_ACCESSIBLE_ROLE_ALERT, NULL);
  tw_classes_add (self->notice, "note caution");
  gtk_box_append (GTK_BOX (self->notice), tw_icon_new (TW_ICON_INFO, ""));
  gtk_box_append (GTK_BOX (self->notice), self->notice_words);
  self->stack = gtk_stack_new ();
  gtk_stack_set_hhomogeneous (GTK_STACK (self->stack), FALSE);
  gtk_stack_set_vhomogeneous (GTK_STACK (self->stack), FALSE);
  gtk_widget_set_vexpand (self->stack, TRUE);
  self->footer = tw_footer_new (&self->context);
  return tw_column_new ("", self->test_mode, self->notice, self->stack, tw_footer_root (self->footer), NULL);
}

/* Before any button hears of it, so that what leads nowhere counts as well. */
static gboolean
on_event (GtkEventController *controller,
          GdkEvent           *event,
          TwWindow           *self)
{
  GdkEventType type = gdk_event_get_event_type (event);

  if (type == GDK_BUTTON_PRESS || type == GDK_TOUCH_BEGIN || type == GDK_KEY_PRESS)
    self->context.deeds->touched (self->context.user_data);
  return GDK_EVENT_PROPAGATE;
}

static void
listen_for_fingers (TwWindow *self)
{
  GtkEventController *controller = gtk_event_controller_legacy_new ();

  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  g_signal_connect (controller, "event", G_CALLBACK (on_event), self);
  gtk_widget_add_controller (self->window, controller);
}

TwWindow *
tw_window_new (int            width,
               int            height,
               const TwDeeds *deeds,
               gpointer       user_data)
{
  TwWindow *self = g_new0 (TwWindow, 1);

  self->window = gtk_window_new ();
  self->style = tw_style_new (gtk_widget_get_display (self->window));
  self->context = (TwContext) { .deeds = deeds, .user_data = user_data, .explain = on_explain,
                                .choose_goal = on_choose_goal, .explainer = self };
  self->context.receipts = tw_receipts_new (deeds->receipt, user_data, on_receipt, self);
  self->fit = tw_fit_new (build (self), on_resized, self);
  gtk_widget_set_name (self->window, "kiosk");
  gtk_window_set_title (GTK_WINDOW (self->window), "Tapwatt");
  gtk_window_set_decorated (GTK_WINDOW (self->window), FALSE);   /* nothing on a pedestal can be moved or closed */
  gtk_window_set_default_size (GTK_WINDOW (self->window), width, height);
  gtk_window_set_child (GTK_WINDOW (self->window), self->fit);
  add_escape (self);
  listen_for_fingers (self);
  return self;
}

void
tw_window_free (TwWindow *self)
{
  g_clear_handle_id (&self->showing, g_source_remove);
  gtk_window_destroy (GTK_WINDOW (self->window));
  tw_receipts_free (self->context.receipts);
  tw_style_free (self->style);
  g_free (self);
}

GtkWindow *
tw_window_gtk (TwWindow *self)
{
  return GTK_WINDOW (self->window);
}

const char *
tw_window_screen (TwWindow *self)
{
  return self->shown ? gtk_widget_get_name (self->shown->root) : "";
}

guint
tw_window_fit (TwWindow *self)
{
  return tw_fit_percent (TW_FIT (self->fit));
}
