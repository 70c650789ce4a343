/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bench/panel/panel.h"

#include "app/bench/panel/accounts.h"
#include "app/bench/panel/diary.h"
#include "app/bench/panel/hands.h"
#include "app/bench/panel/network-page.h"
#include "app/bench/panel/record-view.h"
#include "app/bench/panel/sums-view.h"

#define HANDS_PX  384
#define NARROW_PX 1000     /* below it hands and record share one place */

typedef struct
{
  GtkWindow     *window;
  TwStream      *stream;
  TwDiary       *diary;
  TwDesk        *desk;
  TwChronicle   *chronicle;
  TwAccounts    *accounts;
  TwRecordView  *record;
  TwSumsView    *sums;
  TwHands       *street;
  GtkWidget     *hands, *view, *sides, *show_hands, *show_view, *skies;
  GtkWidget     *street_says, *journal_says, *told, *bar;
  gboolean       filling, narrow;
} Panel;

static void
tell (Panel      *self,
      const char *text,
      gboolean    bad)
{
  gtk_label_set_text (GTK_LABEL (self->told), text);
  gtk_widget_set_visible (self->bar, *text != '\0');
  if (bad)
    gtk_widget_add_css_class (self->bar, "bad");
  else
    gtk_widget_remove_css_class (self->bar, "bad");
}

static void
on_refused (const char *order,
            const char *why,
            gpointer    user_data)
{
  g_autofree char *text = g_strdup_printf ("Refused: %s\n%s", order, why);

  tell (user_data, text, TRUE);
}

static void
on_told (const char *what,
         gpointer    user_data)
{
  tell (user_data, what, g_str_has_prefix (what, "Not "));
}

static void
on_dismiss (GtkButton *button,
            gpointer   user_data)
{
  tell (user_data, "", FALSE);
}

static void
set_mark (GtkWidget  *label,
          const char *text,
          gboolean    well)
{
  gtk_label_set_text (GTK_LABEL (label), text);
  gtk_widget_set_tooltip_text (label, text);
  if (well)
    gtk_widget_remove_css_class (label, "bad");
  else
    gtk_widget_add_css_class (label, "bad");
}

/* ---- what the street says ------------------------------------------------------------------------------------- */

static void
end_filling (Panel *self)
{
  if (self->filling)
    tw_record_view_hold (self->record, FALSE);
  self->filling = FALSE;
}

static void
on_found (gboolean fresh,
          gpointer user_data)
{
  Panel *self = user_data;

  set_mark (self->street_says, "street: connected", TRUE);
  gtk_widget_set_sensitive (self->hands, TRUE);
  tw_widget_allow (self->skies, TRUE, NULL);
  if (!self->filling)
    tw_record_view_hold (self->record, TRUE);
  self->filling = TRUE;
  if (!fresh)
    return;
  tw_chronicle_forget (self->chronicle, 1u << TW_LANE_HAND | 1u << TW_LANE_WIRE | 1u << TW_LANE_LEDGER);
  tw_accounts_clear_ledger (self->accounts);
  tw_sums_view_changed (self->sums);
  tw_hands_fill (self->street);
}

static void
on_lost (const char *why,
         gpointer    user_data)
{
  Panel *self = user_data;
  g_autofree char *text = g_strdup_printf ("street: not there (%s); looking for it", why);

  end_filling (self);
  set_mark (self->street_says, text, FALSE);
  gtk_widget_set_sensitive (self->hands, FALSE);
  tw_widget_allow (self->skies, FALSE, "No street is there: start tapwatt-bench run --dir DIR");
}

static void
on_state (Panel        *self,
          const TwJson *state)
{
  g_autofree char *weather = tw_weather_words (tw_json_member (state, "acquirer"));

  end_filling (self);
  tw_hands_update (self->street, state);
  if (weather != NULL)
    gtk_widget_add_css_class (self->skies, "suggested-action");
  else
    gtk_widget_remove_css_class (self->skies, "suggested-action");
}

static void
on_line (const TwJson *json,
         const char   *text,
         gpointer      user_data)
{
  Panel *self = user_data;
  const TwJson *state = tw_json_member (json, "state");

  if (state != NULL)
    {
      on_state (self, state);
      return;
    }
  if (g_str_equal (tw_state_text (json, "kind"), "lost"))
    tell (self, "The panel was too slow: lines of the stream are missing here.", TRUE);
  if (g_str_equal (tw_state_text (json, "kind"), "ledger"))
    {
      tw_accounts_add_line (self->accounts, json);
      tw_sums_view_changed (self->sums);
    }
  tw_chronicle_add (self->chronicle, tw_row_from_line (json, text));
}

/* ---- what the journal says ------------------------------------------------------------------------------------ */

static void
on_entry (const TwEntry *entry,
          gpointer       user_data)
{
  Panel *self = user_data;

  tw_chronicle_add_entry (self->chronicle, entry);
  tw_accounts_add_entry (self->accounts, entry);
  tw_sums_view_changed (self->sums);
}

static void
on_anew (gpointer user_data)
{
  Panel *self = user_data;

  tw_chronicle_forget (self->chronicle, 1u << TW_LANE_JOURNAL);
  tw_accounts_clear_journal (self->accounts);
  tw_sums_view_changed (self->sums);
}

static void
on_journal (const char *why,
            gpointer    user_data)
{
  Panel *self = user_data;
  g_autofree char *text = g_strdup_printf ("journal: %s", why != NULL ? why : "read");

  set_mark (self->journal_says, text, why == NULL);
}

/* ---- the window ------------------------------------------------------------------------------------------------ */

static void
on_all (gboolean all,
        gpointer user_data)
{
  tw_stream_set_all (((Panel *) user_data)->stream, all);
}

static void
on_chosen (const char *session,
           gpointer    user_data)
{
  Panel *self = user_data;

  if (self->record != NULL)
    tw_record_view_set_session (self->record, session);
}

static void
make_view (Panel      *self,
           const char *dir)
{
  const TwRecordViewFuncs funcs = { on_all, on_told };
  GtkWidget *foot = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  self->view = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_set_hexpand (self->view, TRUE);
  self->sums = tw_sums_view_new (self->accounts, on_chosen, self);
  self->record = tw_record_view_new (self->chronicle, dir, &funcs, self);
  self->street_says = tw_note ("street: …");
  self->journal_says = tw_note ("journal: …");
  gtk_label_set_ellipsize (GTK_LABEL (self->street_says), PANGO_ELLIPSIZE_END);
  gtk_label_set_ellipsize (GTK_LABEL (self->journal_says), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_wrap (GTK_LABEL (self->street_says), FALSE);
  gtk_label_set_wrap (GTK_LABEL (self->journal_says), FALSE);
  gtk_widget_add_css_class (foot, "foot");
  gtk_box_append (GTK_BOX (foot), self->street_says);
  gtk_box_append (GTK_BOX (foot), self->journal_says);
  gtk_widget_set_vexpand (tw_record_view_widget (self->record), TRUE);
  gtk_box_append (GTK_BOX (self->view), tw_sums_view_widget (self->sums));
  gtk_box_append (GTK_BOX (self->view), tw_record_view_widget (self->record));
  gtk_box_append (GTK_BOX (self->view), foot);
}

static void
show_sides (Panel *self)
{
  gboolean hands = gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->show_hands));

  gtk_widget_set_visible (self->sides, self->narrow);
  gtk_widget_set_visible (self->hands, !self->narrow || hands);
  gtk_widget_set_visible (self->view, !self->narrow || !hands);
  gtk_widget_set_hexpand (self->hands, self->narrow);
}

static void
on_side (GtkToggleButton *button,
         gpointer         user_data)
{
  show_sides (user_data);
}

static void
on_layout (GdkSurface *surface,
           int         width,
           int         height,
           gpointer    user_data)
{
  Panel *self = user_data;
  gboolean narrow = width < NARROW_PX;

  if (narrow == self->narrow)
    return;
  self->narrow = narrow;
  show_sides (self);
}

static void
on_realize (GtkWidget *window,
            gpointer   user_data)
{
  g_signal_connect (gtk_native_get_surface (GTK_NATIVE (window)), "layout", G_CALLBACK (on_layout), user_data);
}

static void
on_help (GtkButton *button,
         gpointer   user_data)
{
  tw_panel_help (((Panel *) user_data)->window);
}

static GtkWidget *
make_header (Panel      *self,
             const char *dir)
{
  GtkWidget *header = gtk_header_bar_new (), *help = gtk_button_new_with_label ("?");

  self->sides = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_add_css_class (self->sides, "linked");
  self->show_hands = gtk_toggle_button_new_with_label ("Street");
  self->show_view = gtk_toggle_button_new_with_label ("What happened");
  gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (self->show_view), GTK_TOGGLE_BUTTON (self->show_hands));
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->show_hands), TRUE);
  g_signal_connect (self->show_hands, "toggled", G_CALLBACK (on_side), self);
  gtk_box_append (GTK_BOX (self->sides), self->show_hands);
  gtk_box_append (GTK_BOX (self->sides), self->show_view);
  gtk_widget_set_visible (self->sides, FALSE);
  self->skies = tw_desk_button (self->desk, "Clear skies", "Undoes every fault, rule and pulled cable. Cards, cars and "
                                "money stay where they are", "clear-skies");
  tw_widget_name (help, "Help", "What all of this is (F1)");
  g_signal_connect (help, "clicked", G_CALLBACK (on_help), self);
  gtk_header_bar_set_title_widget (GTK_HEADER_BAR (header), tw_title ("Bench panel", dir));
  gtk_header_bar_pack_start (GTK_HEADER_BAR (header), self->skies);
  gtk_header_bar_pack_start (GTK_HEADER_BAR (header), self->sides);
  gtk_header_bar_pack_end (GTK_HEADER_BAR (header), help);

  return header;
}

static GtkWidget *
make_bar (Panel *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8), *close = gtk_button_new_with_label ("Dismiss");

  self->told = gtk_label_new ("");
  gtk_label_set_xalign (GTK_LABEL (self->told), 0);
  gtk_label_set_wrap (GTK_LABEL (self->told), TRUE);
  gtk_label_set_selectable (GTK_LABEL (self->told), TRUE);
  gtk_widget_set_hexpand (self->told, TRUE);
  gtk_widget_set_valign (close, GTK_ALIGN_CENTER);
  g_signal_connect (close, "clicked", G_CALLBACK (on_dismiss), self);
  gtk_box_append (GTK_BOX (box), self->told);
  gtk_box_append (GTK_BOX (box), close);
  gtk_widget_add_css_class (box, "told");
  gtk_widget_set_visible (box, FALSE);
  self->bar = box;

  return box;
}

static gboolean
on_shortcut (GtkWidget *widget,
             GVariant  *arguments,
             gpointer   user_data)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (widget));
  Panel *self = g_object_get_data (G_OBJECT (widget), "tw-panel");
  guint key = GPOINTER_TO_UINT (user_data);

  if (key == GDK_KEY_F1)
    tw_panel_help (self->window);
  else if (key == GDK_KEY_p)
    tw_record_view_toggle_pause (self->record);
  else if (key == GDK_KEY_s)
    tw_record_view_save (self->record);
  else if (key == GDK_KEY_c && !GTK_IS_TEXT (focus) && !GTK_IS_LABEL (focus))
    tw_record_view_copy (self->record);
  else
    return FALSE;

  return TRUE;
}

static void
add_shortcuts (Panel *self)
{
  static const struct { guint key; GdkModifierType with; } KEYS[] = {
    { GDK_KEY_F1, 0 }, { GDK_KEY_p, GDK_CONTROL_MASK }, { GDK_KEY_s, GDK_CONTROL_MASK },
    { GDK_KEY_c, GDK_CONTROL_MASK },
  };
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_shortcut_controller_set_scope (GTK_SHORTCUT_CONTROLLER (controller), GTK_SHORTCUT_SCOPE_GLOBAL);
  for (guint i = 0; i < G_N_ELEMENTS (KEYS); i++)
    gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (controller),
      gtk_shortcut_new (gtk_keyval_trigger_new (KEYS[i].key, KEYS[i].with),
                        gtk_callback_action_new (on_shortcut, GUINT_TO_POINTER (KEYS[i].key), NULL)));
  gtk_widget_add_controller (GTK_WIDGET (self->window), controller);
}

static void
panel_free (gpointer data)
{
  Panel *self = data;

  tw_stream_free (self->stream);
  tw_diary_free (self->diary);
  tw_record_view_free (self->record);
  tw_sums_view_free (self->sums);
  tw_hands_free (self->street);
  tw_desk_free (self->desk);
  tw_accounts_free (self->accounts);
  g_object_unref (self->chronicle);
  g_free (self);
}

static void
fill_window (Panel                *self,
             const TwPanelOptions *options)
{
  GtkWidget *all = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *middle = gtk_paned_new (GTK_ORIENTATION_HORIZONTAL);

  self->street = tw_hands_new (self->desk, options->connectors);
  self->hands = tw_hands_widget (self->street);
  make_view (self, options->dir);
  gtk_widget_set_vexpand (middle, TRUE);
  gtk_paned_set_start_child (GTK_PANED (middle), self->hands);
  gtk_paned_set_end_child (GTK_PANED (middle), self->view);
  gtk_paned_set_resize_start_child (GTK_PANED (middle), FALSE);
  gtk_paned_set_shrink_start_child (GTK_PANED (middle), FALSE);
  gtk_paned_set_shrink_end_child (GTK_PANED (middle), FALSE);
  gtk_paned_set_position (GTK_PANED (middle), HANDS_PX);
  gtk_box_append (GTK_BOX (all), make_bar (self));
  gtk_box_append (GTK_BOX (all), middle);
  gtk_window_set_titlebar (self->window, make_header (self, options->dir));
  gtk_window_set_child (self->window, all);
}

GtkWindow *
tw_panel_new (GtkApplication       *app,
              const TwPanelOptions *options)
{
  static const TwStreamFuncs stream = { on_found, on_lost, on_line };
  static const TwDiaryFuncs diary = { on_entry, on_anew, on_journal };
  Panel *self = g_new0 (Panel, 1);
  g_autofree char *socket = g_build_filename (options->dir, "ctl.sock", NULL);

  self->window = GTK_WINDOW (gtk_application_window_new (app));
  gtk_window_set_title (self->window, "Tapwatt bench panel");
  gtk_window_set_default_size (self->window, options->width, options->height);
  gtk_widget_add_css_class (GTK_WIDGET (self->window), "panel");
  self->chronicle = tw_chronicle_new ();
  self->accounts = tw_accounts_new ();
  self->stream = tw_stream_new (socket, &stream, self);
  self->desk = tw_desk_new (self->stream, on_refused, self);
  fill_window (self, options);
  self->narrow = options->width < NARROW_PX;
  show_sides (self);
  gtk_widget_set_sensitive (self->hands, FALSE);
  self->diary = tw_diary_new (options->journal, &diary, self);
  add_shortcuts (self);
  g_signal_connect (self->window, "realize", G_CALLBACK (on_realize), self);
  g_object_set_data_full (G_OBJECT (self->window), "tw-panel", self, panel_free);

  return self->window;
}
