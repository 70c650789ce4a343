/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bench/panel/desk.h"

#include "app/base/whole.h"

struct _TwDesk
{
  TwStream *stream;
  void    (*refused) (const char *order, const char *why, gpointer user_data);
  gpointer  user_data;
};

TwDesk *
tw_desk_new (TwStream *stream,
             void    (*refused) (const char *order, const char *why, gpointer user_data),
             gpointer  user_data)
{
  TwDesk *self = g_new0 (TwDesk, 1);

  self->stream = stream;
  self->refused = refused;
  self->user_data = user_data;

  return self;
}

void
tw_desk_free (TwDesk *self)
{
  g_free (self);
}

static void
on_answered (const char   *order,
             const TwJson *answer,
             const char   *why,
             gpointer      user_data)
{
  TwDesk *self = user_data;

  if (answer == NULL)
    self->refused (order, why != NULL ? why : "refused", self->user_data);
}

void
tw_desk_order (TwDesk     *self,
               const char *format,
               ...)
{
  g_autofree char *order = NULL;
  va_list args;

  va_start (args, format);
  order = g_strdup_vprintf (format, args);
  va_end (args);
  tw_stream_order (self->stream, order, on_answered, self);
}

void
tw_desk_ask (TwDesk     *self,
             const char *order,
             TwAnswered  answered,
             gpointer    user_data)
{
  tw_stream_order (self->stream, order, answered, user_data);
}

static void
on_button (GtkButton *button,
           gpointer   user_data)
{
  tw_desk_order (user_data, "%s", (const char *) g_object_get_data (G_OBJECT (button), "tw-order"));
}

GtkWidget *
tw_desk_button (TwDesk     *self,
                const char *label,
                const char *tip,
                const char *order)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  g_object_set_data_full (G_OBJECT (button), "tw-order", g_strdup (order), g_free);
  g_signal_connect (button, "clicked", G_CALLBACK (on_button), self);
  tw_widget_name (button, NULL, tip);

  return button;
}

void
tw_widget_name (GtkWidget  *widget,
                const char *name,
                const char *tip)
{
  if (name != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_widget_set_tooltip_text (widget, tip);
  if (tip != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, tip, -1);
  g_object_set_data_full (G_OBJECT (widget), "tw-tip", g_strdup (tip), g_free);
}

void
tw_widget_allow (GtkWidget  *widget,
                 gboolean    allowed,
                 const char *reason)
{
  const char *tip = allowed ? g_object_get_data (G_OBJECT (widget), "tw-tip") : reason;

  if (gtk_widget_get_sensitive (widget) == allowed && g_strcmp0 (gtk_widget_get_tooltip_text (widget), tip) == 0)
    return;
  gtk_widget_set_sensitive (widget, allowed);
  gtk_widget_set_tooltip_text (widget, tip);
  if (tip != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, tip, -1);
}

GtkWidget *
tw_heading (const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "heading");

  return label;
}

GtkWidget *
tw_title (const char *text,
          const char *below)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *title = gtk_label_new (text);
  GtkWidget *where = gtk_label_new (below);

  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (title, "title");
  gtk_widget_add_css_class (where, "subtitle");
  gtk_label_set_ellipsize (GTK_LABEL (where), PANGO_ELLIPSIZE_START);
  gtk_box_append (GTK_BOX (box), title);
  gtk_box_append (GTK_BOX (box), where);

  return box;
}

GtkWidget *
tw_note (const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_natural_wrap_mode (GTK_LABEL (label), GTK_NATURAL_WRAP_NONE);
  gtk_widget_add_css_class (label, "note");

  return label;
}

GtkWidget *
tw_line (GtkWidget *first,
         ...)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  va_list args;

  va_start (args, first);
  for (GtkWidget *child = first; child != NULL; child = va_arg (args, GtkWidget *))
    gtk_box_append (GTK_BOX (box), child);
  va_end (args);

  return box;
}

static void
on_choice_setup (GtkListItemFactory *factory,
                 GtkListItem        *item,
                 gpointer            user_data)
{
  GtkWidget *label = gtk_label_new ("");

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  if (user_data != NULL)
    {
      gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
      gtk_label_set_width_chars (GTK_LABEL (label), 8);
    }
  gtk_list_item_set_child (item, label);
}

static void
on_choice_bind (GtkListItemFactory *factory,
                GtkListItem        *item,
                gpointer            user_data)
{
  gtk_label_set_text (GTK_LABEL (gtk_list_item_get_child (item)),
                      gtk_string_object_get_string (gtk_list_item_get_item (item)));
}

/* narrow: what does not fit is left out, so that a choice is not as wide as its longest word. */
static GtkListItemFactory *
choice_factory (gboolean narrow)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (on_choice_setup), GINT_TO_POINTER (narrow));
  g_signal_connect (factory, "bind", G_CALLBACK (on_choice_bind), NULL);

  return factory;
}

GtkWidget *
tw_choice (const char        *name,
           const char        *tip,
           const char *const *labels)
{
  GtkWidget *choice = gtk_drop_down_new_from_strings (labels);

  g_autoptr (GtkListItemFactory) button = choice_factory (TRUE);
  g_autoptr (GtkListItemFactory) list = choice_factory (FALSE);

  gtk_drop_down_set_factory (GTK_DROP_DOWN (choice), button);
  gtk_drop_down_set_list_factory (GTK_DROP_DOWN (choice), list);
  gtk_widget_set_hexpand (choice, TRUE);
  tw_widget_name (choice, name, tip);

  return choice;
}

GtkWidget *
tw_number (const char *name,
           const char *tip,
           double      least,
           double      most,
           double      step,
           double      value,
           guint       digits)
{
  GtkWidget *number = gtk_spin_button_new_with_range (least, most, step);

  gtk_spin_button_set_digits (GTK_SPIN_BUTTON (number), digits);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (number), value);
  gtk_editable_set_width_chars (GTK_EDITABLE (number), 4);
  gtk_editable_set_max_width_chars (GTK_EDITABLE (number), 5);
  tw_widget_name (number, name, tip);

  return number;
}

GtkWidget *
tw_page (GtkWidget **box)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  gtk_widget_add_css_class (*box, "page");
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), *box);
  gtk_widget_set_vexpand (scrolled, TRUE);

  return scrolled;
}

gboolean
tw_state_is (const TwJson *state,
             const char   *name)
{
  return tw_json_is_true (tw_json_member (state, name));
}

gint64
tw_state_number (const TwJson *state,
                 const char   *name)
{
  const char *text = tw_json_number_text (tw_json_member (state, name));
  gint64 value = 0;

  if (text != NULL)
    tw_whole_parse (text, G_MININT64, G_MAXINT64, &value);

  return value;
}

const char *
tw_state_text (const TwJson *state,
               const char   *name)
{
  const char *text = tw_json_string (tw_json_member (state, name));

  return text != NULL ? text : "";
}
