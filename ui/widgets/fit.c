/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/widgets/fit.h"

#define LEAST_PERCENT 40
#define STEP_PERCENT  4

struct _TwFit
{
  GtkWidget  parent;
  GtkWidget *child;
  void     (*resized) (int width, int height, gpointer user_data);
  gpointer   user_data;
  int        width, height;
  guint      percent, telling;
};

G_DEFINE_FINAL_TYPE (TwFit, tw_fit, GTK_TYPE_WIDGET)

static void
measure (GtkWidget      *widget,
         GtkOrientation  orientation,
         int             for_size,
         int            *minimum,
         int            *natural,
         int            *minimum_baseline,
         int            *natural_baseline)
{
  *minimum = 1;
  *natural = 1;
}

static gboolean
tell (gpointer user_data)
{
  TwFit *self = user_data;

  self->telling = 0;
  self->resized (self->width, self->height, self->user_data);
  return G_SOURCE_REMOVE;
}

static gboolean
fits (TwFit *self,
      guint  percent)
{
  int width = self->width * 100 / (int) percent, height = self->height * 100 / (int) percent;
  int least;

  gtk_widget_measure (self->child, GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
  if (least > width)
    return FALSE;
  gtk_widget_measure (self->child, GTK_ORIENTATION_VERTICAL, width, &least, NULL, NULL, NULL);
  return least <= height;
}

static void
size_allocate (GtkWidget *widget,
               int        width,
               int        height,
               int        baseline)
{
  TwFit *self = TW_FIT (widget);
  GskTransform *smaller = NULL;
  int least_width, least_height;

  if ((width != self->width || height != self->height) && self->telling == 0)
    self->telling = g_idle_add_full (G_PRIORITY_HIGH_IDLE, tell, self, NULL);
  self->width = width;
  self->height = height;
  self->percent = 100;
  while (self->percent > LEAST_PERCENT && !fits (self, self->percent))
    self->percent -= STEP_PERCENT;

  if (self->percent < 100)
    smaller = gsk_transform_scale (NULL, self->percent / 100.f, self->percent / 100.f);
  width = width * 100 / (int) self->percent;
  height = height * 100 / (int) self->percent;
  gtk_widget_measure (self->child, GTK_ORIENTATION_HORIZONTAL, -1, &least_width, NULL, NULL, NULL);
  width = MAX (width, least_width);
  gtk_widget_measure (self->child, GTK_ORIENTATION_VERTICAL, width, &least_height, NULL, NULL, NULL);
  gtk_widget_allocate (self->child, width, MAX (height, least_height), -1, smaller);
}

static void
dispose (GObject *object)
{
  TwFit *self = TW_FIT (object);

  g_clear_handle_id (&self->telling, g_source_remove);
  g_clear_pointer (&self->child, gtk_widget_unparent);
  G_OBJECT_CLASS (tw_fit_parent_class)->dispose (object);
}

static void
tw_fit_class_init (TwFitClass *class)
{
  GTK_WIDGET_CLASS (class)->measure = measure;
  GTK_WIDGET_CLASS (class)->size_allocate = size_allocate;
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (class), GTK_ACCESSIBLE_ROLE_GROUP);
  G_OBJECT_CLASS (class)->dispose = dispose;
}

static void
tw_fit_init (TwFit *self)
{
  self->percent = 100;
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}

GtkWidget *
tw_fit_new (GtkWidget *child,
            void     (*resized) (int width, int height, gpointer user_data),
            gpointer   user_data)
{
  TwFit *self = g_object_new (TW_TYPE_FIT, NULL);

  self->child = child;
  self->resized = resized;
  self->user_data = user_data;
  gtk_widget_set_parent (child, GTK_WIDGET (self));
  return GTK_WIDGET (self);
}

guint
tw_fit_percent (TwFit *self)
{
  return self->percent;
}
