/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/panels/bays.h"

#include "ui/widgets/text.h"

struct _TwBays
{
  const TwContext *context;
  gboolean         running_only, in_rows;
  GtkWidget       *root, *plain, *scroll, *list;   /* the bays are in plain, or rows of the list */
  TwBayPanel      *bays[TW_MAX_CONNECTORS];
  guint            numbers[TW_MAX_CONNECTORS];
};

static void
drop (TwBays *self,
      guint   i)
{
  GtkWidget *root = self->bays[i] ? tw_bay_root (self->bays[i]) : NULL;

  if (root != NULL)
    gtk_box_remove (GTK_BOX (gtk_widget_get_parent (root)), root);
  self->bays[i] = NULL;
}

/* The station may come back with other connectors. */
static TwBayPanel *
bay_of (TwBays *self,
        guint   i,
        guint   number)
{
  if (self->numbers[i] != number)
    drop (self, i);
  if (self->bays[i] == NULL)
    {
      self->bays[i] = tw_bay_new (self->context, number, self->in_rows);
      self->numbers[i] = number;
      gtk_box_append (GTK_BOX (self->in_rows ? self->list : self->plain), tw_bay_root (self->bays[i]));
    }
  return self->bays[i];
}

static gboolean
is_shown (TwBays       *self,
          const TwView *view,
          guint         i)
{
  if (i >= view->n_connectors)
    return FALSE;
  return !self->running_only || tw_view_runs (view, i) || tw_view_panel (view, i) == TW_PANEL_RECEIPT;
}

static void
set_form (TwBays       *self,
          const TwView *view)
{
  gboolean stacked = view->form.portrait || self->running_only;
  guint n_shown = 0;

  for (guint i = 0; i < view->n_connectors; i++)
    n_shown += is_shown (self, view, i);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->plain), stacked ? GTK_ORIENTATION_VERTICAL
                                                                        : GTK_ORIENTATION_HORIZONTAL);
  if (self->in_rows == (n_shown > (self->running_only ? 1 : 2)))
    return;
  self->in_rows = !self->in_rows;
  for (guint i = 0; i < TW_MAX_CONNECTORS; i++)
    drop (self, i);
  gtk_widget_set_visible (self->plain, !self->in_rows);
  gtk_widget_set_visible (self->scroll, self->in_rows);
}

void
tw_bays_update (TwBays       *self,
                const TwView *view)
{
  set_form (self, view);
  for (guint i = 0; i < TW_MAX_CONNECTORS; i++)
    {
      gboolean shown = is_shown (self, view, i);

      if (!shown && self->bays[i] == NULL)
        continue;
      if (shown)
        tw_bay_update (bay_of (self, i, view->connectors[i].number), view, i);
      gtk_widget_set_visible (tw_bay_root (self->bays[i]), shown);
    }
}

GtkWidget *
tw_bays_root (TwBays *self)
{
  return self->root;
}

GtkWidget *
tw_bays_main (TwBays *self)
{
  for (guint i = 0; i < TW_MAX_CONNECTORS; i++)
    {
      GtkWidget *main = self->bays[i] && gtk_widget_get_visible (tw_bay_root (self->bays[i]))
        ? tw_bay_main (self->bays[i]) : NULL;

      if (main != NULL && gtk_widget_get_visible (main))
        return main;
    }
  return NULL;
}

gboolean
tw_bays_escape (TwBays *self)
{
  gboolean done = FALSE;

  for (guint i = 0; i < TW_MAX_CONNECTORS; i++)
    done |= self->bays[i] != NULL && tw_bay_escape (self->bays[i]);
  return done;
}

TwBays *
tw_bays_new (const TwContext *context,
             gboolean         running_only)
{
  TwBays *self = g_new0 (TwBays, 1);

  self->context = context;
  self->running_only = running_only;
  self->plain = tw_row_new ("gap-3", NULL, NULL);
  self->list = tw_column_new ("gap-3", NULL, NULL);
  self->scroll = gtk_scrolled_window_new ();
  self->root = tw_column_new ("", self->plain, self->scroll, NULL);
  gtk_box_set_homogeneous (GTK_BOX (self->plain), TRUE);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scroll), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scroll), self->list);
  gtk_scrollable_set_vscroll_policy (GTK_SCROLLABLE (gtk_widget_get_parent (self->list)), GTK_SCROLL_NATURAL);
  gtk_scrolled_window_set_overlay_scrolling (GTK_SCROLLED_WINDOW (self->scroll), FALSE);
  gtk_widget_set_focusable (self->scroll, FALSE);   /* what has the focus in it is brought into sight */
  gtk_widget_set_visible (self->scroll, FALSE);
  gtk_widget_set_vexpand (self->plain, TRUE);
  gtk_widget_set_vexpand (self->scroll, TRUE);
  gtk_widget_set_hexpand (self->root, TRUE);
  g_object_set_data_full (G_OBJECT (self->root), "bays", self, g_free);
  return self;
}
