/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/widgets/text.h"

#include <string.h>

#define UNIT_SCALE       0.62
#define SHORT_BADGE_CHARS 6
#define MOST_BADGE_CHARS  20    /* what the configuration allows; longer ones are cut */
#define LONG_FIGURE       10    /* bytes: from here on smaller, so that it still has a place */
#define VERY_LONG_FIGURE  15

void
tw_classes_add (GtkWidget  *widget,
                const char *classes)
{
  g_auto (GStrv) names = g_strsplit (classes, " ", -1);

  for (guint i = 0; names[i] != NULL; i++)
    if (names[i][0] != '\0')
      gtk_widget_add_css_class (widget, names[i]);
}

void
tw_class_set (GtkWidget  *widget,
              const char *one_class,
              gboolean    on)
{
  if (on)
    gtk_widget_add_css_class (widget, one_class);
  else
    gtk_widget_remove_css_class (widget, one_class);
}

GtkWidget *
tw_text_new (const char *classes)
{
  GtkWidget *text = gtk_label_new (NULL);

  tw_classes_add (text, classes);
  gtk_label_set_xalign (GTK_LABEL (text), 0);
  gtk_label_set_wrap (GTK_LABEL (text), TRUE);
  gtk_label_set_natural_wrap_mode (GTK_LABEL (text), GTK_NATURAL_WRAP_NONE);
  gtk_widget_set_visible (text, FALSE);
  return text;
}

GtkWidget *
tw_text_new_foreign (const char *classes)
{
  GtkWidget *text = tw_text_new (classes);

  gtk_label_set_wrap_mode (GTK_LABEL (text), PANGO_WRAP_WORD_CHAR);
  return text;
}

GtkWidget *
tw_badge_new (void)
{
  GtkWidget *badge = tw_text_new_foreign ("badge");

  gtk_label_set_lines (GTK_LABEL (badge), 2);
  gtk_label_set_xalign (GTK_LABEL (badge), 0.5);
  gtk_label_set_justify (GTK_LABEL (badge), GTK_JUSTIFY_CENTER);
  gtk_widget_set_valign (badge, GTK_ALIGN_CENTER);
  return badge;
}

gboolean
tw_badge_set (GtkWidget  *badge,
              const char *label)
{
  glong chars = label ? g_utf8_strlen (label, -1) : 0;
  gboolean is_foreign = chars > MOST_BADGE_CHARS;

  gtk_label_set_wrap (GTK_LABEL (badge), is_foreign);
  gtk_label_set_ellipsize (GTK_LABEL (badge), is_foreign ? PANGO_ELLIPSIZE_END : PANGO_ELLIPSIZE_NONE);
  tw_class_set (badge, "long", chars > SHORT_BADGE_CHARS);
  tw_text_set (badge, label);
  return chars > SHORT_BADGE_CHARS;
}

void
tw_text_set (GtkWidget  *text,
             const char *words)
{
  const char *shown = words != NULL ? words : "";

  gtk_widget_set_visible (text, shown[0] != '\0');
  if (!g_str_equal (gtk_label_get_label (GTK_LABEL (text)), shown))
    gtk_label_set_label (GTK_LABEL (text), shown);
}

void
tw_text_take (GtkWidget *text,
              char      *words)
{
  tw_text_set (text, words);
  g_free (words);
}

/* Where the unit begins: after the last space, if letters follow it. Currency signs stay large. */
static const char *
find_unit (const char *figure)
{
  const char *space = strrchr (figure, ' ');
  const char *narrow = g_strrstr (figure, "\xc2\xa0");
  const char *unit = narrow != NULL && (space == NULL || narrow > space) ? narrow + 2 : space ? space + 1 : NULL;

  return unit != NULL && g_ascii_isalpha (unit[0]) ? unit : NULL;
}

void
tw_text_set_figure (GtkWidget  *text,
                    const char *figure)
{
  const char *unit = figure ? find_unit (figure) : NULL;
  PangoAttrList *attributes;
  PangoAttribute *smaller;
  gssize len;

  if (figure != NULL && g_str_equal (gtk_label_get_label (GTK_LABEL (text)), figure))
    return;
  len = unit != NULL ? unit - figure : figure != NULL ? (gssize) strlen (figure) : 0;
  tw_class_set (text, "long", len > LONG_FIGURE && len <= VERY_LONG_FIGURE);
  tw_class_set (text, "very-long", len > VERY_LONG_FIGURE);
  gtk_label_set_wrap (GTK_LABEL (text), FALSE);
  attributes = pango_attr_list_new ();
  if (unit != NULL)
    {
      smaller = pango_attr_scale_new (UNIT_SCALE);
      smaller->start_index = (guint) (unit - figure);
      pango_attr_list_insert (attributes, smaller);
    }
  gtk_label_set_attributes (GTK_LABEL (text), attributes);
  pango_attr_list_unref (attributes);
  tw_text_set (text, figure);
}

static GtkWidget *
fill (GtkWidget *box,
      GtkWidget *first,
      va_list    rest)
{
  for (GtkWidget *child = first; child != NULL; child = va_arg (rest, GtkWidget *))
    gtk_box_append (GTK_BOX (box), child);
  return box;
}

GtkWidget *
tw_row_new (const char *classes,
            GtkWidget  *first,
            ...)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  va_list rest;

  tw_classes_add (box, classes);
  va_start (rest, first);
  fill (box, first, rest);
  va_end (rest);
  return box;
}

GtkWidget *
tw_column_new (const char *classes,
               GtkWidget  *first,
               ...)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  va_list rest;

  tw_classes_add (box, classes);
  va_start (rest, first);
  fill (box, first, rest);
  va_end (rest);
  return box;
}

GtkWidget *
tw_group_new (GtkOrientation orientation,
              const char    *classes)
{
  GtkWidget *box = g_object_new (GTK_TYPE_BOX, "orientation", orientation, "accessible-role",
                                 GTK_ACCESSIBLE_ROLE_GROUP, NULL);

  tw_classes_add (box, classes);
  return box;
}

void
tw_stack_show (GtkWidget *stack,
               GtkWidget *page)
{
  gtk_widget_set_visible (page, TRUE);
  gtk_stack_set_visible_child (GTK_STACK (stack), page);
  for (GtkWidget *child = gtk_widget_get_first_child (stack); child; child = gtk_widget_get_next_sibling (child))
    gtk_widget_set_visible (child, child == page);
}

void
tw_name_set (GtkWidget  *widget,
             const char *accessible_name)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, accessible_name, -1);
}
