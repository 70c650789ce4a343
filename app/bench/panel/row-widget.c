/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bench/panel/row-widget.h"

#include <string.h>

#define N_CELLS 3

/* Wires say the longest things. */
static const int SPANS[N_CELLS] = { 4, 3, 3 };

#define SESSION_TAIL 6

/* The labels of one row. */
typedef struct
{
  GtkWidget *row, *time, *cells[N_CELLS], *hand, *session, *columns;
} Parts;

static const char *const LANE_CLASSES[TW_N_LANES] = { "hand", "wire", "journal", "ledger" };

static GtkWidget *
new_label (const char *css_class)
{
  GtkWidget *label = gtk_label_new ("");

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, css_class);

  return label;
}

static GtkWidget *
new_cell (const char *css_class)
{
  GtkWidget *label = new_label (css_class);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_lines (GTK_LABEL (label), 3);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_width_chars (GTK_LABEL (label), 8);
  gtk_widget_set_valign (label, GTK_ALIGN_START);
  gtk_widget_add_css_class (label, "cell");

  return label;
}

static GtkWidget *
new_columns (GtkWidget *cells[N_CELLS])
{
  GtkWidget *grid = gtk_grid_new ();
  int column = 0;

  gtk_grid_set_column_homogeneous (GTK_GRID (grid), TRUE);
  gtk_grid_set_column_spacing (GTK_GRID (grid), 6);
  gtk_widget_set_hexpand (grid, TRUE);
  for (guint i = 0; i < N_CELLS; i++)
    {
      gtk_widget_set_hexpand (cells[i], TRUE);
      gtk_grid_attach (GTK_GRID (grid), cells[i], column, 0, SPANS[i], 1);
      column += SPANS[i];
    }

  return grid;
}

static void
on_setup (GtkListItemFactory *factory,
          GtkListItem        *item,
          gpointer            user_data)
{
  Parts *parts = g_new0 (Parts, 1);

  parts->row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  gtk_widget_add_css_class (parts->row, "happening");
  parts->time = new_label ("time");
  gtk_widget_set_valign (parts->time, GTK_ALIGN_START);
  gtk_label_set_width_chars (GTK_LABEL (parts->time), 12);
  for (guint i = 0; i < N_CELLS; i++)
    parts->cells[i] = new_cell (LANE_CLASSES[TW_LANE_WIRE + i]);
  parts->columns = new_columns (parts->cells);
  parts->hand = new_cell ("hand");
  gtk_widget_set_hexpand (parts->hand, TRUE);
  parts->session = new_label ("session");
  gtk_widget_set_valign (parts->session, GTK_ALIGN_START);
  gtk_label_set_width_chars (GTK_LABEL (parts->session), SESSION_TAIL);
  gtk_box_append (GTK_BOX (parts->row), parts->time);
  gtk_box_append (GTK_BOX (parts->row), parts->columns);
  gtk_box_append (GTK_BOX (parts->row), parts->hand);
  gtk_box_append (GTK_BOX (parts->row), parts->session);
  g_object_set_data_full (G_OBJECT (item), "tw-parts", parts, g_free);
  gtk_list_item_set_child (item, parts->row);
}

static const char *
session_tail (const char *session)
{
  gsize n = session != NULL ? strlen (session) : 0;

  return n == 0 ? "" : session + (n > SESSION_TAIL ? n - SESSION_TAIL : 0);
}

/* Wires are several: their name stands before the text. */
static char *
words_of (const TwRow *row)
{
  if (row->lane == TW_LANE_WIRE)
    return g_strdup_printf ("%s %s%s", row->source, tw_row_arrow (row), row->text);
  if (row->lane == TW_LANE_HAND)
    return g_strdup_printf ("hand: %s", row->text);

  return g_strdup (row->text);
}

static void
mark (GtkWidget  *widget,
      const char *css_class,
      gboolean    on)
{
  if (on)
    gtk_widget_add_css_class (widget, css_class);
  else
    gtk_widget_remove_css_class (widget, css_class);
}

static void
on_bind (GtkListItemFactory *factory,
         GtkListItem        *item,
         gpointer            user_data)
{
  Parts *parts = g_object_get_data (G_OBJECT (item), "tw-parts");
  const TwRow *row = gtk_list_item_get_item (item);
  g_autofree char *clock = tw_row_clock (row);
  g_autofree char *words = words_of (row);
  g_autofree char *marked = row->bad ? g_strdup_printf ("✗ %s", words) : NULL;
  g_autofree char *name = g_strdup_printf ("%s, %s: %s%s%s", clock, tw_lane_name (row->lane), words,
                                           row->session != NULL ? ", session " : "",
                                           row->session != NULL ? row->session : "");
  gboolean hand = row->lane == TW_LANE_HAND;

  gtk_label_set_text (GTK_LABEL (parts->time), clock);
  gtk_label_set_text (GTK_LABEL (parts->session), session_tail (row->session));
  gtk_widget_set_visible (parts->hand, hand);
  gtk_widget_set_visible (parts->columns, !hand);
  for (guint i = 0; i < N_CELLS; i++)
    {
      gboolean mine = row->lane == TW_LANE_WIRE + i;

      gtk_label_set_text (GTK_LABEL (parts->cells[i]), !mine ? "" : marked != NULL ? marked : words);
      gtk_accessible_update_state (GTK_ACCESSIBLE (parts->cells[i]), GTK_ACCESSIBLE_STATE_HIDDEN, !mine, -1);
      mark (parts->cells[i], "filled", mine);
      mark (parts->cells[i], "bad", mine && row->bad);
    }
  if (hand)
    gtk_label_set_text (GTK_LABEL (parts->hand), marked != NULL ? marked : words);
  mark (parts->hand, "bad", hand && row->bad);
  mark (parts->row, "routine", row->routine);
  gtk_widget_set_tooltip_text (parts->row, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (parts->row), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

GtkListItemFactory *
tw_row_widget_factory (void)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (on_setup), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (on_bind), NULL);

  return factory;
}

GtkWidget *
tw_row_widget_heads (void)
{
  static const char *const HEADS[N_CELLS] = { "Wire", "Journal", "Acquirer's ledger" };
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *cells[N_CELLS];
  GtkWidget *time = new_label ("time"), *session = new_label ("session");

  gtk_label_set_text (GTK_LABEL (time), "Time");
  gtk_label_set_width_chars (GTK_LABEL (time), 12);
  gtk_label_set_text (GTK_LABEL (session), "Session");
  gtk_label_set_width_chars (GTK_LABEL (session), SESSION_TAIL);
  for (guint i = 0; i < N_CELLS; i++)
    {
      cells[i] = new_label ("cell");
      gtk_label_set_text (GTK_LABEL (cells[i]), HEADS[i]);
      gtk_label_set_ellipsize (GTK_LABEL (cells[i]), PANGO_ELLIPSIZE_END);
      gtk_widget_add_css_class (cells[i], LANE_CLASSES[TW_LANE_WIRE + i]);
    }
  gtk_box_append (GTK_BOX (row), time);
  gtk_box_append (GTK_BOX (row), new_columns (cells));
  gtk_box_append (GTK_BOX (row), session);
  gtk_widget_add_css_class (row, "heads");

  return row;
}
