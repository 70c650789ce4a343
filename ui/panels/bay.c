/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/panels/bay.h"

#include "app/base/words.h"
#include "ui/codes.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/text.h"

struct _TwBayPanel
{
  const TwContext *context;
  guint            connector;
  gboolean         in_row;
  GtkWidget       *root, *header, *badge, *pill, *icon, *state, *stack;
  TwPanel         *panels[TW_N_PANELS], *shown;
};

static TwPanel *
make (TwBayPanel  *self,
      TwPanelKind  kind)
{
  if (self->in_row)
    return tw_row_panel_new (self->context, self->connector, kind);
  switch (kind)
    {
    case TW_PANEL_FREE:
      return tw_free_panel_new (self->context, self->connector);
    case TW_PANEL_PLUG_IN:
      return tw_plug_in_panel_new (self->context, self->connector);
    case TW_PANEL_CHARGING:
    case TW_PANEL_PAUSED:
      return tw_charging_panel_new (self->context, self->connector);
    case TW_PANEL_FINISHING:
      return tw_finishing_panel_new (self->context, self->connector);
    case TW_PANEL_RECEIPT:
      return tw_receipt_panel_new (self->context, self->connector);
    case TW_PANEL_FAULT:
      return tw_fault_panel_new (self->context, self->connector);
    }
  g_assert_not_reached ();
}

/* Made when it is needed first, then kept. */
static TwPanel *
panel_of (TwBayPanel  *self,
          TwPanelKind  kind)
{
  if (self->panels[kind] == NULL)
    {
      self->panels[kind] = make (self, kind);
      gtk_widget_set_name (self->panels[kind]->root, tw_panel_name (kind));
      gtk_stack_add_child (GTK_STACK (self->stack), self->panels[kind]->root);
    }
  return self->panels[kind];
}

static TwIcon
icon_of (TwPanelKind kind)
{
  static const TwIcon icons[TW_N_PANELS] = {
    [TW_PANEL_FREE] = TW_ICON_CHECK, [TW_PANEL_PLUG_IN] = TW_ICON_CLOCK, [TW_PANEL_CHARGING] = TW_ICON_BOLT,
    [TW_PANEL_PAUSED] = TW_ICON_PAUSE, [TW_PANEL_FINISHING] = TW_ICON_CLOCK, [TW_PANEL_RECEIPT] = TW_ICON_RECEIPT,
    [TW_PANEL_FAULT] = TW_ICON_WARNING,
  };

  return icons[kind];
}

static void
set_header (TwBayPanel   *self,
            const TwView *view,
            guint         i,
            TwPanelKind   kind)
{
  const char *language = tw_view_bay_language (view, i);
  const char *label = view->connectors[i].label;
  /* A receipt must not hide that one should keep away from the plug. */
  gboolean is_broken = kind == TW_PANEL_RECEIPT && g_strcmp0 (view->connectors[i].state, "fault") == 0;
  const char *words = is_broken ? tw_word (language, tw_code_of_fault (view->connectors[i].fault)->headline)
                                : tw_panel_words (view, i);
  g_autofree char *number = label && label[0] ? g_strdup (label) : g_strdup_printf ("%u", self->connector);
  g_autofree char *name = g_strdup_printf (tw_word (language, "Connector %s: %s"), number, words);

  tw_badge_set (self->badge, number);
  tw_icon_set (self->icon, icon_of (is_broken ? TW_PANEL_FAULT : kind));
  tw_text_set (self->state, words);
  tw_name_set (self->root, name);
  tw_class_set (self->pill, "running", kind == TW_PANEL_CHARGING || kind == TW_PANEL_PLUG_IN);
  tw_class_set (self->pill, "trouble", is_broken || kind == TW_PANEL_FAULT || kind == TW_PANEL_PAUSED);
}

void
tw_bay_update (TwBayPanel   *self,
               const TwView *view,
               guint         i)
{
  TwPanelKind kind = tw_view_panel (view, i);

  gboolean narrow = view->form.portrait || tw_view_screen (view) == TW_SCREEN_CLOSED;

  if (self->in_row)
    {
      gtk_orientable_set_orientation (GTK_ORIENTABLE (self->root), narrow ? GTK_ORIENTATION_VERTICAL
                                                                          : GTK_ORIENTATION_HORIZONTAL);
      gtk_widget_set_visible (self->pill, narrow || !tw_view_is_cramped (view));   /* the row says it, too */
      gtk_widget_set_size_request (self->header, narrow || tw_view_is_cramped (view) ? -1 : view->form.width / 4, -1);
    }
  self->shown = panel_of (self, kind);
  set_header (self, view, i, kind);
  self->shown->update (self->shown, view, i);
  tw_stack_show (self->stack, self->shown->root);
}

GtkWidget *
tw_bay_root (TwBayPanel *self)
{
  return self->root;
}

GtkWidget *
tw_bay_main (TwBayPanel *self)
{
  return self->shown ? self->shown->main : NULL;
}

gboolean
tw_bay_escape (TwBayPanel *self)
{
  return self->shown != NULL && self->shown->escape != NULL && self->shown->escape (self->shown);
}

TwBayPanel *
tw_bay_new (const TwContext *context,
            guint            connector,
            gboolean         in_row)
{
  TwBayPanel *self = g_new0 (TwBayPanel, 1);
  g_autofree char *name = g_strdup_printf ("bay-%u", connector);

  self->context = context;
  self->connector = connector;
  self->in_row = in_row;
  self->badge = tw_badge_new ();
  self->icon = tw_icon_new (TW_ICON_NONE, "small");
  self->state = tw_text_new ("strong");
  self->stack = gtk_stack_new ();
  gtk_stack_set_hhomogeneous (GTK_STACK (self->stack), FALSE);
  gtk_stack_set_vhomogeneous (GTK_STACK (self->stack), FALSE);
  gtk_widget_set_vexpand (self->stack, !in_row);
  gtk_widget_set_hexpand (self->stack, TRUE);
  self->pill = tw_row_new ("pill gap-1", self->icon, self->state, NULL);
  gtk_widget_set_valign (self->pill, GTK_ALIGN_CENTER);
  self->root = tw_group_new (GTK_ORIENTATION_VERTICAL, "card gap-3");
  self->header = tw_row_new ("gap-3", self->badge, self->pill, NULL);
  gtk_widget_set_hexpand (self->header, FALSE);
  gtk_box_append (GTK_BOX (self->root), self->header);
  gtk_box_append (GTK_BOX (self->root), self->stack);
  gtk_widget_set_name (self->root, name);
  g_object_set_data_full (G_OBJECT (self->root), "bay", self, g_free);
  return self;
}
