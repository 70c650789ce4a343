/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bench/panel/sums-view.h"

#include "app/bench/panel/desk.h"

#define SOON_MS  80
#define MOST     200      /* sessions that are shown, the newest */
#define N_SUMS   4

typedef struct
{
  char      *session;     /* NULL: all of them */
  GtkWidget *row, *sums[N_SUMS], *accord;
} Line;

struct _TwSumsView
{
  TwAccounts *accounts;
  void      (*chosen) (const char *session, gpointer user_data);
  gpointer    user_data;
  GtkWidget  *widget, *list;
  GPtrArray  *lines;      /* of Line; the first is all */
  guint       soon, later;
};

static const char *const HEADS[N_SUMS] = { "Held", "Captured", "Released", "Open" };

static void
line_free (gpointer data)
{
  Line *line = data;

  g_free (line->session);
  g_free (line);
}

static GtkWidget *
sum_label (const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 1);
  gtk_widget_set_size_request (label, 68, -1);
  gtk_widget_add_css_class (label, "sum");

  return label;
}

static GtkWidget *
new_columns (const char *session,
             GtkWidget  *sums[N_SUMS],
             GtkWidget **accord)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8), *name = gtk_label_new (session);

  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_widget_set_size_request (name, 172, -1);
  gtk_label_set_max_width_chars (GTK_LABEL (name), 1);
  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_START);
  gtk_widget_add_css_class (name, "name");
  gtk_box_append (GTK_BOX (row), name);
  for (guint i = 0; i < N_SUMS; i++)
    {
      sums[i] = sum_label (HEADS[i]);
      gtk_box_append (GTK_BOX (row), sums[i]);
    }
  *accord = gtk_label_new ("Do ledger and journal agree?");
  gtk_label_set_xalign (GTK_LABEL (*accord), 0);
  gtk_label_set_ellipsize (GTK_LABEL (*accord), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (*accord, TRUE);
  gtk_widget_add_css_class (*accord, "accord");
  gtk_box_append (GTK_BOX (row), *accord);
  gtk_widget_add_css_class (row, "sums-row");

  return row;
}

static Line *
add_line (TwSumsView *self,
          const char *session,
          int         at)
{
  Line *line = g_new0 (Line, 1);
  GtkWidget *columns = new_columns (session != NULL ? session : "All sessions", line->sums, &line->accord);

  line->session = g_strdup (session);
  line->row = gtk_list_box_row_new ();
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (line->row), columns);
  g_object_set_data (G_OBJECT (line->row), "tw-line", line);
  gtk_list_box_insert (GTK_LIST_BOX (self->list), line->row, at);
  g_ptr_array_insert (self->lines, at, line);

  return line;
}

static void
set_accord (Line       *line,
            TwAccord    accord,
            const char *words)
{
  static const char *const CLASSES[] = { "agree", "waiting", "disagree" };
  static const char *const MARKS[] = { "✓", "…", "✗ DISAGREE:" };
  g_autofree char *text = g_strdup_printf ("%s %s", MARKS[accord], words);

  gtk_label_set_text (GTK_LABEL (line->accord), text);
  gtk_widget_set_tooltip_text (line->accord, words);
  for (guint i = 0; i < G_N_ELEMENTS (CLASSES); i++)
    gtk_widget_remove_css_class (line->row, CLASSES[i]);
  gtk_widget_add_css_class (line->row, CLASSES[accord]);
}

static void
set_sums (Line            *line,
          const TwAccount *account)
{
  const gint64 sums[N_SUMS] = { account->held, account->captured, account->released, tw_account_open (account) };
  g_autoptr (GString) name = g_string_new (line->session != NULL ? line->session : "All sessions");

  for (guint i = 0; i < N_SUMS; i++)
    {
      g_autofree char *text = tw_account_amount (account, sums[i]);

      gtk_label_set_text (GTK_LABEL (line->sums[i]), text);
      g_string_append_printf (name, ", %s %s", HEADS[i], text);
    }
  g_string_append_printf (name, ", %s", gtk_label_get_text (GTK_LABEL (line->accord)));
  gtk_accessible_update_property (GTK_ACCESSIBLE (line->row), GTK_ACCESSIBLE_PROPERTY_LABEL, name->str, -1);
}

static Line *
line_of (TwSumsView *self,
         const char *session)
{
  for (guint i = 1; i < self->lines->len; i++)
    if (g_str_equal (((Line *) self->lines->pdata[i])->session, session))
      return self->lines->pdata[i];

  return NULL;
}

static void
remove_line (TwSumsView *self,
             guint       i)
{
  gtk_list_box_remove (GTK_LIST_BOX (self->list), ((Line *) self->lines->pdata[i])->row);
  g_ptr_array_remove_index (self->lines, i);
}

static void
drop_lines (TwSumsView *self)
{
  for (guint i = self->lines->len; i-- > 1;)
    if (i > MOST || tw_accounts_find (self->accounts, ((Line *) self->lines->pdata[i])->session) == NULL)
      remove_line (self, i);
}

static gboolean
on_soon (gpointer user_data)
{
  TwSumsView *self = user_data;
  guint n = tw_accounts_count (self->accounts), n_bad = 0, n_waiting = 0;
  gint64 now_us = g_get_real_time ();
  TwAccount total = { 0 };
  g_autofree char *words = NULL;

  self->soon = 0;
  drop_lines (self);
  for (guint i = n > MOST ? n - MOST : 0; i < n; i++)
    {
      const TwAccount *account = tw_accounts_at (self->accounts, i);
      g_autofree char *why = NULL;
      TwAccord accord = tw_account_judge (account, now_us, &why);
      Line *line = line_of (self, account->session);

      if (line == NULL)
        line = add_line (self, account->session, 1);
      set_accord (line, accord, why);
      set_sums (line, account);
      n_bad += accord == TW_ACCORD_DISAGREE;
      n_waiting += accord == TW_ACCORD_WAITING;
      total.held += account->held;
      total.captured += account->captured;
      total.released += account->released;
      total.expired += account->expired;
      g_strlcpy (total.currency, account->currency, sizeof total.currency);
    }
  words = n_bad > 0 ? g_strdup_printf ("%u of %u sessions", n_bad, n)
          : n_waiting > 0 ? g_strdup_printf ("%u of %u sessions wait for something", n_waiting, n)
          : n > 0 ? g_strdup ("Ledger and journal agree") : g_strdup ("No session yet");
  set_accord (self->lines->pdata[0], n_bad > 0 ? TW_ACCORD_DISAGREE : n_waiting > 0 ? TW_ACCORD_WAITING
              : TW_ACCORD_AGREE, words);
  set_sums (self->lines->pdata[0], &total);

  return G_SOURCE_REMOVE;
}

static gboolean
on_later (gpointer user_data)
{
  TwSumsView *self = user_data;

  self->later = 0;

  return on_soon (self);
}

void
tw_sums_view_changed (TwSumsView *self)
{
  if (self->soon == 0)
    self->soon = g_timeout_add (SOON_MS, on_soon, self);
  g_clear_handle_id (&self->later, g_source_remove);
  self->later = g_timeout_add (TW_ACCOUNT_GRACE_US / 1000 + 2 * SOON_MS, on_later, self);
}

static void
on_row (GtkListBox    *list,
        GtkListBoxRow *row,
        gpointer       user_data)
{
  TwSumsView *self = user_data;
  const Line *line = row != NULL ? g_object_get_data (G_OBJECT (row), "tw-line") : NULL;

  self->chosen (line != NULL ? line->session : NULL, self->user_data);
}

TwSumsView *
tw_sums_view_new (TwAccounts *accounts,
                  void      (*chosen) (const char *session, gpointer user_data),
                  gpointer    user_data)
{
  TwSumsView *self = g_new0 (TwSumsView, 1);
  GtkWidget *scrolled = gtk_scrolled_window_new (), *heads, *sums[N_SUMS], *accord;

  self->accounts = accounts;
  self->chosen = chosen;
  self->user_data = user_data;
  self->lines = g_ptr_array_new_with_free_func (line_free);
  self->widget = g_object_ref_sink (gtk_box_new (GTK_ORIENTATION_VERTICAL, 0));
  gtk_widget_add_css_class (self->widget, "sums");
  heads = new_columns ("Session", sums, &accord);
  gtk_widget_add_css_class (heads, "heads");
  self->list = gtk_list_box_new ();
  tw_widget_name (self->list, "Sessions", NULL);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), self->list);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (scrolled), 84);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scrolled), 140);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scrolled), TRUE);
  gtk_box_append (GTK_BOX (self->widget), heads);
  gtk_box_append (GTK_BOX (self->widget), scrolled);
  add_line (self, NULL, 0);
  gtk_list_box_select_row (GTK_LIST_BOX (self->list), GTK_LIST_BOX_ROW (((Line *) self->lines->pdata[0])->row));
  g_signal_connect (self->list, "row-selected", G_CALLBACK (on_row), self);
  on_soon (self);

  return self;
}

void
tw_sums_view_free (TwSumsView *self)
{
  if (self == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->list, self);
  g_clear_handle_id (&self->soon, g_source_remove);
  g_clear_handle_id (&self->later, g_source_remove);
  g_object_unref (self->widget);
  g_ptr_array_unref (self->lines);
  g_free (self);
}

GtkWidget *
tw_sums_view_widget (TwSumsView *self)
{
  return self->widget;
}
