/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/widgets/stop.h"

#include "app/base/words.h"
#include "ui/widgets/button.h"
#include "ui/widgets/text.h"

#define ASK_FOR_S 10

typedef struct
{
  const TwContext *context;
  guint            connector, timer;
  GtkWidget       *stack, *stop, *ways, *answers, *question, *confirm, *keep;
} TwStop;

static TwStop *
stop_of (GtkWidget *widget)
{
  return g_object_get_data (G_OBJECT (widget), "stop");
}

static void
forget (GtkWidget *widget)
{
  TwStop *self = stop_of (widget);

  g_clear_handle_id (&self->timer, g_source_remove);
  tw_stack_show (self->stack, self->ways);
}

gboolean
tw_stop_withdraw (GtkWidget *widget)
{
  TwStop *self = stop_of (widget);
  gboolean was_asking = self->timer != 0;
  gboolean was_focused = was_asking && gtk_widget_get_focus_child (self->stack) != NULL;

  forget (widget);
  if (was_focused)
    gtk_widget_grab_focus (self->stop);
  return was_asking;
}

static gboolean
on_nobody_answered (gpointer user_data)
{
  TwStop *self = user_data;

  tw_stop_withdraw (self->stack);   /* removes this timer */
  return G_SOURCE_CONTINUE;
}

static void
on_stop (TwStop *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  self->timer = g_timeout_add_seconds (ASK_FOR_S, on_nobody_answered, self);
  tw_stack_show (self->stack, self->answers);
  gtk_widget_grab_focus (self->keep);
}

static void
on_confirm (TwStop *self)
{
  tw_stop_withdraw (self->stack);
  self->context->deeds->stop (self->connector, self->context->user_data);
}

static void
on_keep (TwStop *self)
{
  tw_stop_withdraw (self->stack);
}

static void
stop_free (gpointer data)
{
  TwStop *self = data;

  g_clear_handle_id (&self->timer, g_source_remove);
  g_free (self);
}

static GtkWidget *
named (const char *what,
       guint       connector,
       const char *classes,
       TwIcon      icon,
       GCallback   on_clicked,
       TwStop     *self)
{
  g_autofree char *name = g_strdup_printf ("%s-%u", what, connector);

  return tw_button_new (name, classes, icon, on_clicked, self);
}

GtkWidget *
tw_stop_new (const TwContext *context,
             guint            connector,
             GtkWidget       *beside)
{
  TwStop *self = g_new0 (TwStop, 1);

  self->context = context;
  self->connector = connector;
  self->stack = gtk_stack_new ();
  self->stop = named ("stop", connector, "", TW_ICON_STOP, G_CALLBACK (on_stop), self);
  self->confirm = named ("stop-confirm", connector, "danger", TW_ICON_NONE, G_CALLBACK (on_confirm), self);
  self->keep = named ("stop-keep", connector, "", TW_ICON_NONE, G_CALLBACK (on_keep), self);
  self->question = tw_text_new ("strong");
  gtk_widget_set_hexpand (self->question, TRUE);
  self->answers = tw_row_new ("gap-2", self->question, self->keep, self->confirm, NULL);
  gtk_stack_set_hhomogeneous (GTK_STACK (self->stack), FALSE);
  gtk_stack_set_vhomogeneous (GTK_STACK (self->stack), FALSE);
  self->ways = tw_row_new ("gap-2", self->stop, beside, NULL);
  gtk_widget_set_hexpand (self->stop, TRUE);
  gtk_stack_add_child (GTK_STACK (self->stack), self->ways);
  gtk_stack_add_child (GTK_STACK (self->stack), self->answers);
  tw_stack_show (self->stack, self->ways);
  gtk_widget_set_hexpand (self->stack, TRUE);
  g_object_set_data_full (G_OBJECT (self->stack), "stop", self, stop_free);
  g_signal_connect (self->stack, "unmap", G_CALLBACK (forget), NULL);
  return self->stack;
}

void
tw_stop_set_words (GtkWidget  *stop,
                   const char *language,
                   gboolean    cancels)
{
  TwStop *self = stop_of (stop);

  tw_button_set_words (self->stop, cancels ? tw_word (language, "Cancel") : tw_word (language, "Stop"));
  tw_button_set_icon (self->stop, cancels ? TW_ICON_CROSS : TW_ICON_STOP);
  tw_text_set (self->question, cancels ? tw_word (language, "Really cancel?") : tw_word (language, "Really stop?"));
  tw_button_set_words (self->confirm, tw_word (language, "Yes"));
  tw_button_set_words (self->keep, tw_word (language, "No"));
}
