/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/panels/bays.h"

#include "ui/widgets/text.h"

struct _TwBays
{
  const TwContext *context;
  gboolean         running_only;
  GtkWidget       *root;
  TwBayPanel      *bays[TW_MAX_CONNECTORS];
  guint            numbers[TW_MAX_CONNECTORS];
};

/* The station may come back with other connectors. */
static TwBayPanel *
bay_of (TwBays *self,
        guint   i,
        guint   number)
{
  if (self->bays[i] != NULL && self->numbers[i] != number)
    {
      gtk_box_remove (GTK_BOX (self->root), tw_bay_root (self->bays[i]));
      self->bays[i] = NULL;
    }
  if (self->bays[i] == NULL)
    {
      self->bays[i] = tw_bay_new (self->context, number);
      self->numbers[i] = number;
      gtk_box_append (GTK_BOX (self->root), tw_bay_root (self->bays[i]));
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

void
tw_bays_update (TwBays       *self,
                const TwView *view)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->root),
                                  view->form.portrait || self->running_only ? GTK_ORIENTATION_VERTICAL
                                                                            : GTK_ORIENTATION_HORIZONTAL);
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
  self->root = tw_row_new ("gap-3", NULL, NULL);
  gtk_box_set_homogeneous (GTK_BOX (self->root), TRUE);
  gtk_widget_set_vexpand (self->root, TRUE);
  gtk_widget_set_hexpand (self->root, TRUE);
  g_object_set_data_full (G_OBJECT (self->root), "bays", self, g_free);
  return self;
}
