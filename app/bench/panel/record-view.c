/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bench/panel/record-view.h"

#include "app/bench/panel/desk.h"
#include "app/bench/panel/row-widget.h"

struct _TwRecordView
{
  TwChronicle        *chronicle;
  char               *dir;
  TwRecordViewFuncs   funcs;
  gpointer            user_data;
  char               *session;       /* NULL: all */
  GtkCustomFilter    *filter;
  GtkFilterListModel *shown;
  GtkMultiSelection  *selection;
  GtkWidget          *widget, *list, *count, *pause, *lanes[TW_N_LANES], *routine, *save, *path;
  guint               held, tail, counting;
  guint               missed;        /* while paused */
  gboolean            follows, moving;
  double              last_value;
};

static gboolean
is_wanted (gpointer item,
           gpointer user_data)
{
  TwRecordView *self = user_data;
  const TwRow *row = item;

  if (!gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->lanes[row->lane])))
    return FALSE;

  return self->session == NULL || g_strcmp0 (self->session, row->session) == 0;
}

static void
refilter (TwRecordView *self)
{
  gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
}

static gboolean
is_paused (TwRecordView *self)
{
  return gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->pause));
}

static gboolean
on_count (gpointer user_data)
{
  TwRecordView *self = user_data;
  guint all = g_list_model_get_n_items (G_LIST_MODEL (self->chronicle));
  guint shown = g_list_model_get_n_items (G_LIST_MODEL (self->selection));
  g_autofree char *text = is_paused (self) ? g_strdup_printf ("paused, %u new", self->missed)
                                           : g_strdup_printf ("%u of %u rows", shown, all);

  self->counting = 0;
  gtk_label_set_text (GTK_LABEL (self->count), text);

  return G_SOURCE_REMOVE;
}

static void
count_soon (TwRecordView *self)
{
  if (self->counting == 0)
    self->counting = g_timeout_add (100, on_count, self);
}

static GtkAdjustment *
adjustment_of (TwRecordView *self)
{
  return gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->list));
}

static double
end_of (GtkAdjustment *at)
{
  return MAX (gtk_adjustment_get_upper (at) - gtk_adjustment_get_page_size (at), 0);
}

static gboolean
on_tail (gpointer user_data)
{
  TwRecordView *self = user_data;
  GtkAdjustment *at = adjustment_of (self);

  self->tail = 0;
  self->moving = TRUE;
  gtk_adjustment_set_value (at, end_of (at));
  self->moving = FALSE;

  return G_SOURCE_REMOVE;
}

static void
tail_soon (TwRecordView *self)
{
  if (self->follows && self->held == 0 && self->tail == 0)
    self->tail = g_timeout_add (30, on_tail, self);
}

/* The list learns the heights of its rows only when it shows them, and its end moves with that. */
static void
on_extent (GtkAdjustment *at,
           gpointer       user_data)
{
  if (gtk_adjustment_get_value (at) < end_of (at) - 1)
    tail_soon (user_data);
}

/* Whoever looks at the end goes on looking at the end; whoever scrolls up is left there. */
static void
on_scrolled (GtkAdjustment *at,
             gpointer       user_data)
{
  TwRecordView *self = user_data;
  double value = gtk_adjustment_get_value (at);

  if (value >= end_of (at) - 40)
    self->follows = TRUE;
  else if (!self->moving && value < self->last_value - 1)
    self->follows = FALSE;
  self->last_value = value;
}

static void
on_items (GListModel *list,
          guint       at,
          guint       removed,
          guint       added,
          gpointer    user_data)
{
  TwRecordView *self = user_data;

  if (is_paused (self))
    self->missed += added;
  else
    tail_soon (self);
  count_soon (self);
}

static void
on_lane (GtkToggleButton *button,
         gpointer         user_data)
{
  refilter (user_data);
  count_soon (user_data);
}

static void
on_turned (TwChronicle *chronicle,
           gpointer     user_data)
{
  TwRecordView *self = user_data;

  if (self->session != NULL)
    refilter (self);
}

/* While paused a copy is shown, which nothing changes. */
static void
on_pause (GtkToggleButton *button,
          gpointer         user_data)
{
  TwRecordView *self = user_data;
  g_autoptr (GListStore) copy = g_list_store_new (TW_TYPE_ROW);

  self->missed = 0;
  if (!is_paused (self))
    {
      gtk_filter_list_model_set_model (self->shown, G_LIST_MODEL (self->chronicle));
      self->follows = TRUE;
      tail_soon (self);
      count_soon (self);
      return;
    }
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->chronicle)); i++)
    {
      g_autoptr (TwRow) row = g_list_model_get_item (G_LIST_MODEL (self->chronicle), i);

      g_list_store_append (copy, row);
    }
  gtk_filter_list_model_set_model (self->shown, G_LIST_MODEL (copy));
  count_soon (self);
}

static void
on_routine (GtkCheckButton *button,
            gpointer        user_data)
{
  TwRecordView *self = user_data;

  self->funcs.all (gtk_check_button_get_active (button), self->user_data);
}

/* The selected rows, or all that are shown if none is. */
static char *
text_of_rows (TwRecordView *self,
              gboolean      json,
              guint        *n)
{
  g_autoptr (GtkBitset) chosen = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  gboolean all = json || gtk_bitset_is_empty (chosen);
  GString *text = g_string_new (NULL);

  *n = 0;
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->selection)); i++)
    {
      g_autoptr (TwRow) row = g_list_model_get_item (G_LIST_MODEL (self->selection), i);
      g_autofree char *clock = tw_row_clock (row);

      if (!all && !gtk_bitset_contains (chosen, i))
        continue;
      if (json)
        g_string_append_printf (text, "%s\n", row->json);
      else
        g_string_append_printf (text, "%s\t%s\t%s%s\t%s\n", clock, row->source, tw_row_arrow (row), row->text,
                                row->session != NULL ? row->session : "");
      ++*n;
    }

  return g_string_free (text, FALSE);
}

void
tw_record_view_copy (TwRecordView *self)
{
  guint n;
  g_autofree char *text = text_of_rows (self, FALSE, &n);
  g_autofree char *told = g_strdup_printf ("%u rows are in the clipboard.", n);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (self->widget), text);
  self->funcs.told (told, self->user_data);
}

static void
on_copy (GtkButton *button,
         gpointer   user_data)
{
  tw_record_view_copy (user_data);
}

void
tw_record_view_toggle_pause (TwRecordView *self)
{
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->pause), !is_paused (self));
}

static void
on_save (GtkWidget *widget,
         gpointer   user_data)
{
  TwRecordView *self = user_data;
  const char *path = gtk_editable_get_text (GTK_EDITABLE (self->path));
  guint n;
  g_autofree char *text = text_of_rows (self, TRUE, &n);
  g_autoptr (GError) error = NULL;
  g_autofree char *told = NULL;

  if (g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &error))
    told = g_strdup_printf ("%u lines were saved in %s", n, path);
  else
    told = g_strdup_printf ("Not saved: %s", error->message);
  gtk_menu_button_popdown (GTK_MENU_BUTTON (self->save));
  self->funcs.told (told, self->user_data);
}

static void
propose_path (GtkWidget *popover,
              gpointer   user_data)
{
  TwRecordView *self = user_data;
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *stamp = g_date_time_format (now, "happened-%Y%m%d-%H%M%S.jsonl");
  g_autofree char *path = g_build_filename (self->dir, stamp, NULL);

  gtk_editable_set_text (GTK_EDITABLE (self->path), path);
}

void
tw_record_view_save (TwRecordView *self)
{
  gtk_menu_button_popup (GTK_MENU_BUTTON (self->save));
}

static GtkWidget *
make_save (TwRecordView *self)
{
  GtkWidget *popover = gtk_popover_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  GtkWidget *button = gtk_button_new_with_label ("Save what is shown");

  self->path = gtk_entry_new ();
  gtk_editable_set_width_chars (GTK_EDITABLE (self->path), 44);
  tw_widget_name (self->path, "File to save in", "JSON lines, one for each row that is shown");
  gtk_widget_add_css_class (button, "suggested-action");
  g_signal_connect (button, "clicked", G_CALLBACK (on_save), self);
  g_signal_connect (self->path, "activate", G_CALLBACK (on_save), self);
  gtk_box_append (GTK_BOX (box), tw_note ("JSON lines, one for each row that is shown now"));
  gtk_box_append (GTK_BOX (box), self->path);
  gtk_box_append (GTK_BOX (box), button);
  gtk_popover_set_child (GTK_POPOVER (popover), box);
  g_signal_connect (popover, "show", G_CALLBACK (propose_path), self);

  self->save = gtk_menu_button_new ();
  gtk_menu_button_set_label (GTK_MENU_BUTTON (self->save), "Save");
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (self->save), popover);
  tw_widget_name (self->save, "Save", "Write what is shown to a file, as JSON lines (Ctrl+S)");

  return self->save;
}

static GtkWidget *
make_tools (TwRecordView *self)
{
  static const char *const TIPS[TW_N_LANES] = {
    "What a hand did: orders to the street", "Reader, controllers and requests, as their far end saw them",
    "The station's journal, as entries come", "The acquirer's own book",
  };
  static const char *const CLASSES[TW_N_LANES] = { "hand", "wire", "journal", "ledger" };
  GtkWidget *tools = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6), *copy = gtk_button_new_with_label ("Copy");
  GtkWidget *lanes = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  gtk_widget_add_css_class (lanes, "linked");
  for (guint i = 0; i < TW_N_LANES; i++)
    {
      self->lanes[i] = gtk_toggle_button_new_with_label (tw_lane_name (i));
      gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->lanes[i]), TRUE);
      tw_widget_name (self->lanes[i], NULL, TIPS[i]);
      gtk_widget_add_css_class (self->lanes[i], "lane");
      gtk_widget_add_css_class (self->lanes[i], CLASSES[i]);
      g_signal_connect (self->lanes[i], "toggled", G_CALLBACK (on_lane), self);
      gtk_box_append (GTK_BOX (lanes), self->lanes[i]);
    }
  self->routine = gtk_check_button_new_with_label ("Routine");
  tw_widget_name (self->routine, NULL, "Also what a wire says all the time while nothing happens: polls, "
                                       "acknowledgements");
  g_signal_connect (self->routine, "toggled", G_CALLBACK (on_routine), self);
  self->count = tw_note ("");
  gtk_label_set_wrap (GTK_LABEL (self->count), FALSE);
  gtk_label_set_ellipsize (GTK_LABEL (self->count), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (self->count), 1);
  gtk_widget_set_hexpand (self->count, TRUE);
  self->pause = gtk_toggle_button_new_with_label ("Pause");
  tw_widget_name (self->pause, NULL, "Nothing moves until you go on; what happens meanwhile is kept (Ctrl+P)");
  g_signal_connect (self->pause, "toggled", G_CALLBACK (on_pause), self);
  tw_widget_name (copy, NULL, "Selected rows, or all that are shown, to the clipboard (Ctrl+C)");
  g_signal_connect (copy, "clicked", G_CALLBACK (on_copy), self);

  gtk_widget_add_css_class (tools, "tools");
  gtk_box_append (GTK_BOX (tools), lanes);
  gtk_box_append (GTK_BOX (tools), self->routine);
  gtk_box_append (GTK_BOX (tools), self->count);
  gtk_box_append (GTK_BOX (tools), self->pause);
  gtk_box_append (GTK_BOX (tools), copy);
  gtk_box_append (GTK_BOX (tools), make_save (self));

  return tools;
}

TwRecordView *
tw_record_view_new (TwChronicle             *chronicle,
                    const char              *dir,
                    const TwRecordViewFuncs *funcs,
                    gpointer                 user_data)
{
  TwRecordView *self = g_new0 (TwRecordView, 1);
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  self->chronicle = g_object_ref (chronicle);
  self->dir = g_canonicalize_filename (dir, NULL);
  self->funcs = *funcs;
  self->user_data = user_data;
  self->widget = g_object_ref_sink (gtk_box_new (GTK_ORIENTATION_VERTICAL, 0));
  gtk_widget_add_css_class (self->widget, "record");
  gtk_box_append (GTK_BOX (self->widget), make_tools (self));
  gtk_box_append (GTK_BOX (self->widget), tw_row_widget_heads ());

  self->filter = gtk_custom_filter_new (is_wanted, self, NULL);
  self->shown = gtk_filter_list_model_new (G_LIST_MODEL (g_object_ref (chronicle)), GTK_FILTER (self->filter));
  self->selection = gtk_multi_selection_new (G_LIST_MODEL (self->shown));
  self->list = gtk_list_view_new (GTK_SELECTION_MODEL (self->selection), tw_row_widget_factory ());
  tw_widget_name (self->list, "What happened", NULL);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), self->list);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_widget_set_vexpand (scrolled, TRUE);
  gtk_box_append (GTK_BOX (self->widget), scrolled);
  self->follows = TRUE;
  g_signal_connect (adjustment_of (self), "changed", G_CALLBACK (on_extent), self);
  g_signal_connect (adjustment_of (self), "value-changed", G_CALLBACK (on_scrolled), self);
  g_signal_connect (chronicle, "items-changed", G_CALLBACK (on_items), self);
  g_signal_connect (chronicle, "turned", G_CALLBACK (on_turned), self);
  count_soon (self);

  return self;
}

void
tw_record_view_free (TwRecordView *self)
{
  if (self == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->chronicle, self);
  g_signal_handlers_disconnect_by_data (adjustment_of (self), self);
  g_clear_handle_id (&self->tail, g_source_remove);
  g_clear_handle_id (&self->counting, g_source_remove);
  gtk_custom_filter_set_filter_func (self->filter, NULL, NULL, NULL);
  g_object_unref (self->chronicle);
  g_object_unref (self->widget);
  g_free (self->session);
  g_free (self->dir);
  g_free (self);
}

GtkWidget *
tw_record_view_widget (TwRecordView *self)
{
  return self->widget;
}

void
tw_record_view_set_session (TwRecordView *self,
                            const char   *session)
{
  if (g_strcmp0 (self->session, session) == 0)
    return;
  g_free (self->session);
  self->session = g_strdup (session);
  refilter (self);
  self->follows = TRUE;
  tail_soon (self);
  count_soon (self);
}

void
tw_record_view_hold (TwRecordView *self,
                     gboolean      hold)
{
  if (hold && self->held++ == 0 && !is_paused (self))
    gtk_filter_list_model_set_model (self->shown, NULL);
  if (!hold && self->held > 0 && --self->held == 0 && !is_paused (self))
    {
      gtk_filter_list_model_set_model (self->shown, G_LIST_MODEL (self->chronicle));
      self->follows = TRUE;
      tail_soon (self);
    }
}
