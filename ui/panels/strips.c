/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/panels/strips.h"

#include "app/base/words.h"
#include "ui/amounts.h"
#include "ui/format.h"
#include "ui/panels/panel.h"
#include "ui/widgets/stop.h"
#include "ui/widgets/text.h"

#define MOST_AT_ONCE 2
#define HEIGHT_MM    14

typedef struct { guint connector; GtkWidget *root, *badge, *state, *figures, *stop; } Strip;

struct _TwStrips
{
  const TwContext *context;
  GtkWidget       *root, *scroll, *list;
  Strip            strips[TW_MAX_CONNECTORS];
};

static void
make (TwStrips *self,
      Strip    *strip,
      guint     connector)
{
  g_autofree char *name = g_strdup_printf ("strip-%u", connector);
  GtkWidget *words;

  if (strip->root != NULL)
    gtk_box_remove (GTK_BOX (self->list), strip->root);
  strip->connector = connector;
  strip->badge = tw_badge_new ();
  strip->state = tw_text_new_foreign ("caption");
  strip->figures = tw_text_new ("strong");
  strip->stop = tw_stop_new (self->context, connector, NULL);
  words = tw_column_new ("", strip->state, strip->figures, NULL);
  gtk_widget_set_hexpand (strip->stop, FALSE);
  gtk_widget_set_hexpand (words, TRUE);
  gtk_widget_set_valign (words, GTK_ALIGN_CENTER);
  strip->root = tw_group_new (GTK_ORIENTATION_HORIZONTAL, "gap-2");
  gtk_widget_set_name (strip->root, name);
  gtk_widget_set_hexpand (strip->root, TRUE);
  gtk_box_append (GTK_BOX (strip->root), strip->badge);
  gtk_box_append (GTK_BOX (strip->root), words);
  gtk_box_append (GTK_BOX (strip->root), strip->stop);
  gtk_box_append (GTK_BOX (self->list), strip->root);
}

static void
update (Strip        *strip,
        const TwView *view,
        guint         i)
{
  const TwBusConnector *bay = &view->connectors[i];
  TwPanelKind kind = tw_view_panel (view, i);
  const char *language = tw_view_bay_language (view, i);
  g_autofree char *number = bay->label && bay->label[0] ? g_strdup (bay->label) : g_strdup_printf ("%u", bay->number);
  g_autofree char *energy = tw_format_energy_exact (bay->energy_wh, language);
  g_autofree char *cost = tw_amount (bay->price_minor, bay->currency, language);
  g_autofree char *name = g_strdup_printf (tw_word (language, "Connector %s: %s"), number,
                                           tw_panel_words (view, i));
  gboolean is_long;

  is_long = tw_badge_set (strip->badge, number);
  gtk_widget_set_visible (strip->badge, !is_long);
  if (is_long)
    tw_text_take (strip->state, g_strdup_printf ("%s · %s", number, tw_panel_words (view, i)));
  else
    tw_text_set (strip->state, tw_view_is_cramped (view) && kind != TW_PANEL_PLUG_IN ? NULL
                 : tw_panel_words (view, i));
  tw_text_take (strip->figures, kind == TW_PANEL_PLUG_IN ? NULL : g_strdup_printf ("%s · %s", energy, cost));
  tw_name_set (strip->root, name);
  tw_stop_set_words (strip->stop, language, kind == TW_PANEL_PLUG_IN);
  gtk_widget_set_visible (strip->stop, kind != TW_PANEL_FINISHING);
}

/* Many others at once are a street of cars: then the strips scroll, so that the offer keeps its place. */
static void
set_scrolling (TwStrips     *self,
               const TwView *view,
               gboolean      many)
{
  gboolean upright = view->form.portrait;

  if (many != gtk_widget_get_visible (self->scroll))
    {
      g_object_ref (self->list);
      if (many)
        gtk_box_remove (GTK_BOX (self->root), self->list);
      gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scroll), many ? self->list : NULL);
      if (!many)
        gtk_box_append (GTK_BOX (self->root), self->list);
      g_object_unref (self->list);
      gtk_widget_set_visible (self->scroll, many);
    }
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scroll), upright ? GTK_POLICY_NEVER : GTK_POLICY_AUTOMATIC,
                                  upright ? GTK_POLICY_AUTOMATIC : GTK_POLICY_NEVER);
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (self->scroll), !upright ? -1
                                              : (int) (view->form.dpi * HEIGHT_MM * MOST_AT_ONCE * 10 / 254));
}

guint
tw_strips_update (TwStrips     *self,
                  const TwView *view)
{
  guint n = 0;

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->list), view->form.portrait ? GTK_ORIENTATION_VERTICAL
                                                                                  : GTK_ORIENTATION_HORIZONTAL);
  for (guint i = 0; i < TW_MAX_CONNECTORS; i++)
    {
      Strip *strip = &self->strips[i];
      gboolean shown = i < view->n_connectors && tw_view_runs (view, i)
        && (tw_view_is_busy (view) ? view->connectors[i].number != view->counter.connector
            : view->explained != 0 && view->connectors[i].number != view->explained);

      if (shown && (strip->root == NULL || strip->connector != view->connectors[i].number))
        make (self, strip, view->connectors[i].number);
      if (strip->root != NULL)
        gtk_widget_set_visible (strip->root, shown);
      if (shown)
        update (strip, view, i);
      n += shown;
    }
  set_scrolling (self, view, n > MOST_AT_ONCE);
  gtk_widget_set_visible (self->root, n > 0);
  return n;
}

gboolean
tw_strips_escape (TwStrips *self)
{
  gboolean done = FALSE;

  for (guint i = 0; i < TW_MAX_CONNECTORS; i++)
    done |= self->strips[i].root != NULL && tw_stop_withdraw (self->strips[i].stop);
  return done;
}

GtkWidget *
tw_strips_root (TwStrips *self)
{
  return self->root;
}

TwStrips *
tw_strips_new (const TwContext *context)
{
  TwStrips *self = g_new0 (TwStrips, 1);

  self->context = context;
  self->list = tw_row_new ("gap-4", NULL, NULL);
  self->scroll = gtk_scrolled_window_new ();
  self->root = tw_row_new ("", self->scroll, self->list, NULL);
  gtk_scrolled_window_set_overlay_scrolling (GTK_SCROLLED_WINDOW (self->scroll), FALSE);
  gtk_widget_set_focusable (self->scroll, FALSE);
  gtk_widget_set_visible (self->scroll, FALSE);
  gtk_widget_set_hexpand (self->scroll, TRUE);
  gtk_widget_set_hexpand (self->root, TRUE);
  gtk_widget_set_name (self->root, "strips");
  g_object_set_data_full (G_OBJECT (self->root), "strips", self, g_free);
  return self;
}
