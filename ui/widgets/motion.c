/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/widgets/motion.h"

#define GRID    100
#define STEP_MS 450
#define N_STEPS 4       /* three lights and a rest: far below three flashes a second */

/* What CSS gives to a symbolic picture (-gtk-icon-palette). */
enum { INK, SOFT, PAPER, ACTION, N_COLORS };

typedef enum { READER, DOTS } Subject;

typedef struct { GObject parent; Subject subject; TwReaderPlace place; guint step; } TwMotion;
typedef struct { GObjectClass parent; } TwMotionClass;

static void
box (cairo_t *cairo,
     double   x,
     double   y,
     double   width,
     double   height,
     double   radius)
{
  cairo_new_sub_path (cairo);
  cairo_arc (cairo, x + width - radius, y + radius, radius, -G_PI_2, 0);
  cairo_arc (cairo, x + width - radius, y + height - radius, radius, 0, G_PI_2);
  cairo_arc (cairo, x + radius, y + height - radius, radius, G_PI_2, G_PI);
  cairo_arc (cairo, x + radius, y + radius, radius, G_PI, 3 * G_PI_2);
  cairo_close_path (cairo);
}

/* This very screen, as its user sees it. */
static void
draw_screen (cairo_t       *cairo,
             double         x,
             double         y,
             double         width,
             double         height,
             const GdkRGBA *colors)
{
  gdk_cairo_set_source_rgba (cairo, &colors[INK]);
  cairo_set_line_width (cairo, 2.5);
  box (cairo, x - width / 2, y - height / 2, width, height, 4);
  cairo_stroke (cairo);
  gdk_cairo_set_source_rgba (cairo, &colors[SOFT]);
  for (int line = 0; line < 3; line++)
    {
      double long_line = width * (line == 0 ? 0.4 : 0.68);

      cairo_move_to (cairo, x - width * 0.34, y - height * 0.22 + line * height * 0.22);
      cairo_rel_line_to (cairo, long_line, 0);
    }
  cairo_stroke (cairo);
}

/* A card before our own four waves. */
static void
draw_reader (cairo_t       *cairo,
             double         x,
             double         y,
             double         width,
             double         height,
             const GdkRGBA *colors)
{
  gdk_cairo_set_source_rgba (cairo, &colors[ACTION]);
  box (cairo, x - width / 2, y - height / 2, width, height, 4);
  cairo_fill (cairo);
  gdk_cairo_set_source_rgba (cairo, &colors[PAPER]);
  cairo_set_line_width (cairo, 2);
  box (cairo, x - 12, y - 6, 11, 12, 1.5);
  cairo_stroke (cairo);
  for (int wave = 0; wave < 3; wave++)
    {
      cairo_new_sub_path (cairo);
      cairo_arc (cairo, x - 2, y, 5 + wave * 4, -0.62, 0.62);
    }
  cairo_stroke (cairo);
}

static void
draw_chevrons (cairo_t       *cairo,
               double         dx,
               double         dy,
               guint          step,
               const GdkRGBA *colors)
{
  cairo_set_line_width (cairo, 3.5);
  for (int i = 0; i < 3; i++)
    {
      double x = 50 + dx * (3.5 + (i - 1) * 6.5), y = 50 + dy * (6 + (i - 1) * 6.5);
      gboolean lit = step == (guint) i || step == N_STEPS - 1;

      gdk_cairo_set_source_rgba (cairo, &colors[lit ? ACTION : SOFT]);
      cairo_move_to (cairo, x - dx * 2 - dy * 6, y - dy * 2 - dx * 6);
      cairo_line_to (cairo, x + dx * 2, y + dy * 2);
      cairo_line_to (cairo, x - dx * 2 + dy * 6, y - dy * 2 + dx * 6);
      cairo_stroke (cairo);
    }
}

static void
draw_place (TwMotion      *self,
            cairo_t       *cairo,
            const GdkRGBA *colors)
{
  gboolean across = self->place == TW_READER_LEFT || self->place == TW_READER_RIGHT;
  double toward = self->place == TW_READER_ABOVE || self->place == TW_READER_LEFT ? -1 : 1;
  double dx = across ? toward : 0, dy = across ? 0 : toward;

  if (across)
    {
      draw_screen (cairo, 50 - dx * 29, 50, 38, 54, colors);
      draw_reader (cairo, 50 + dx * 34, 50, 31, 44, colors);
    }
  else
    {
      draw_screen (cairo, 50, 50 - dy * 29, 68, 39, colors);
      draw_reader (cairo, 50, 50 + dy * 35, 48, 28, colors);
    }
  draw_chevrons (cairo, dx, dy, self->step, colors);
}

static void
draw_dots (TwMotion      *self,
           cairo_t       *cairo,
           const GdkRGBA *colors)
{
  for (guint i = 0; i < 3; i++)
    {
      gboolean lit = self->step == i || self->step == N_STEPS - 1;

      gdk_cairo_set_source_rgba (cairo, &colors[lit ? ACTION : SOFT]);
      cairo_arc (cairo, 18 + 32 * i, 50, lit ? 11 : 8, 0, 2 * G_PI);
      cairo_fill (cairo);
    }
}

static void
snapshot_symbolic (GtkSymbolicPaintable *paintable,
                   GdkSnapshot          *snapshot,
                   double                width,
                   double                height,
                   const GdkRGBA        *colors,
                   gsize                 n_colors)
{
  TwMotion *self = (TwMotion *) paintable;
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height);
  cairo_t *cairo;

  if (n_colors < N_COLORS)
    return;
  cairo = gtk_snapshot_append_cairo (snapshot, &bounds);
  cairo_scale (cairo, width / GRID, height / GRID);
  cairo_set_line_cap (cairo, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join (cairo, CAIRO_LINE_JOIN_ROUND);
  if (self->subject == READER)
    draw_place (self, cairo, colors);
  else
    draw_dots (self, cairo, colors);
  cairo_destroy (cairo);
}

static void
snapshot_plain (GdkPaintable *paintable,
                GdkSnapshot  *snapshot,
                double        width,
                double        height)
{
  const GdkRGBA colors[N_COLORS] = { { 0, 0, 0, 1 }, { .5, .5, .5, 1 }, { 1, 1, 1, 1 }, { 0, 0, 0, 1 } };

  snapshot_symbolic (GTK_SYMBOLIC_PAINTABLE (paintable), snapshot, width, height, colors, N_COLORS);
}

static int
intrinsic_size (GdkPaintable *paintable)
{
  return GRID;
}

static void
init_paintable (GdkPaintableInterface *interface)
{
  interface->snapshot = snapshot_plain;
  interface->get_intrinsic_width = intrinsic_size;
  interface->get_intrinsic_height = intrinsic_size;
}

static void
init_symbolic (GtkSymbolicPaintableInterface *interface)
{
  interface->snapshot_symbolic = snapshot_symbolic;
}

static GType tw_motion_get_type (void);
G_DEFINE_TYPE_WITH_CODE (TwMotion, tw_motion, G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (GDK_TYPE_PAINTABLE, init_paintable)
                         G_IMPLEMENT_INTERFACE (GTK_TYPE_SYMBOLIC_PAINTABLE, init_symbolic))

static void
tw_motion_class_init (TwMotionClass *class)
{
}

static void
tw_motion_init (TwMotion *self)
{
  self->step = N_STEPS - 1;
}

static TwMotion *
motion_of (GtkWidget *image)
{
  return (TwMotion *) gtk_image_get_paintable (GTK_IMAGE (image));
}

static gboolean
on_step (gpointer user_data)
{
  TwMotion *self = motion_of (user_data);

  self->step = (self->step + 1) % N_STEPS;
  gdk_paintable_invalidate_contents (GDK_PAINTABLE (self));
  return G_SOURCE_CONTINUE;
}

static void
stop (GtkWidget *image)
{
  guint timer = GPOINTER_TO_UINT (g_object_steal_data (G_OBJECT (image), "timer"));

  if (timer != 0)
    g_source_remove (timer);
  motion_of (image)->step = N_STEPS - 1;
}

static void
on_map (GtkWidget *image)
{
  gboolean animated;

  g_object_get (gtk_widget_get_settings (image), "gtk-enable-animations", &animated, NULL);
  if (animated)
    g_object_set_data (G_OBJECT (image), "timer", GUINT_TO_POINTER (g_timeout_add (STEP_MS, on_step, image)));
}

static GtkWidget *
motion_new (Subject     subject,
            const char *class)
{
  GtkWidget *image = g_object_new (GTK_TYPE_IMAGE, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  TwMotion *self = g_object_new (tw_motion_get_type (), NULL);

  self->subject = subject;
  gtk_image_set_from_paintable (GTK_IMAGE (image), GDK_PAINTABLE (self));
  g_object_unref (self);
  gtk_widget_add_css_class (image, class);
  g_signal_connect (image, "map", G_CALLBACK (on_map), NULL);
  g_signal_connect (image, "unmap", G_CALLBACK (stop), NULL);
  return image;
}

GtkWidget *
tw_reader_picture_new (void)
{
  return motion_new (READER, "reader-picture");
}

void
tw_reader_picture_set (GtkWidget     *picture,
                       TwReaderPlace  place)
{
  TwMotion *self = motion_of (picture);

  if (self->place == place)
    return;
  self->place = place;
  gdk_paintable_invalidate_contents (GDK_PAINTABLE (self));
}

GtkWidget *
tw_waiting_dots_new (void)
{
  return motion_new (DOTS, "waiting-dots");
}
