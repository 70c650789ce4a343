/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/widgets/icon.h"

#include "ui/widgets/text.h"

#include <math.h>

#define GRID   24
#define STROKE 2

/* M L: to x, y. C: Bézier. A: arc of centre x, y, radius, from and to in degrees. R: rounded box x, y, width, height,
 * radius. D: filled dot of centre x, y, radius. Z: closes. */
typedef struct { char what; float at[6]; } Stroke;
#define END { 0 }

static const Stroke plug[] = {
  { 'M', { 9, 3 } }, { 'L', { 9, 8 } }, { 'M', { 15, 3 } }, { 'L', { 15, 8 } },
  { 'M', { 6, 8 } }, { 'L', { 18, 8 } }, { 'L', { 18, 11 } }, { 'A', { 12, 11, 6, 0, 180 } }, { 'Z' },
  { 'M', { 12, 17 } }, { 'L', { 12, 21 } }, END };
static const Stroke card[] = { { 'R', { 2, 5, 20, 14, 2.5 } }, { 'M', { 2, 10 } }, { 'L', { 22, 10 } },
                               { 'M', { 6, 15 } }, { 'L', { 10, 15 } }, END };
static const Stroke check[] = { { 'A', { 12, 12, 9.5, 0, 360 } }, { 'M', { 7.5, 12.5 } }, { 'L', { 10.8, 15.8 } },
                                { 'L', { 16.8, 9 } }, END };
static const Stroke warning[] = { { 'M', { 12, 3 } }, { 'L', { 22, 20.5 } }, { 'L', { 2, 20.5 } }, { 'Z' },
                                  { 'M', { 12, 10 } }, { 'L', { 12, 14 } }, { 'D', { 12, 17.3, 1.2 } }, END };
static const Stroke cross[] = { { 'M', { 5, 5 } }, { 'L', { 19, 19 } }, { 'M', { 19, 5 } }, { 'L', { 5, 19 } }, END };
static const Stroke clock_[] = { { 'A', { 12, 12, 9.5, 0, 360 } }, { 'M', { 12, 6.5 } }, { 'L', { 12, 12 } },
                                 { 'L', { 16, 14 } }, END };
static const Stroke bolt[] = { { 'M', { 13.5, 2.5 } }, { 'L', { 5, 13.5 } }, { 'L', { 11.5, 13.5 } },
                               { 'L', { 10.5, 21.5 } }, { 'L', { 19, 10.5 } }, { 'L', { 12.5, 10.5 } }, { 'Z' }, END };
static const Stroke phone[] = {
  { 'M', { 8.5, 3 } }, { 'L', { 4.5, 3 } }, { 'C', { 3.5, 3, 3, 3.8, 3, 4.7 } },
  { 'C', { 3.5, 13.5, 10.5, 20.5, 19.3, 21 } },
  { 'C', { 20.2, 21, 21, 20.5, 21, 19.5 } }, { 'L', { 21, 15.5 } }, { 'L', { 15.8, 14 } }, { 'L', { 13.8, 16.2 } },
  { 'C', { 11.2, 14.8, 9.2, 12.8, 7.8, 10.2 } }, { 'L', { 10, 8.2 } }, { 'Z' }, END };
static const Stroke language[] = {
  { 'A', { 12, 12, 9.5, 0, 360 } }, { 'M', { 2.5, 12 } }, { 'L', { 21.5, 12 } },
  { 'M', { 12, 2.5 } }, { 'C', { 6.7, 7.5, 6.7, 16.5, 12, 21.5 } },
  { 'M', { 12, 2.5 } }, { 'C', { 17.3, 7.5, 17.3, 16.5, 12, 21.5 } }, END };
static const Stroke larger[] = { { 'M', { 2, 19 } }, { 'L', { 8.5, 4 } }, { 'L', { 15, 19 } }, { 'M', { 4.5, 14 } },
                                 { 'L', { 12.5, 14 } }, { 'M', { 19, 6 } }, { 'L', { 19, 14 } }, { 'M', { 15, 10 } },
                                 { 'L', { 23, 10 } }, END };
static const Stroke smaller[] = { { 'M', { 3.5, 19 } }, { 'L', { 8.5, 8 } }, { 'L', { 13.5, 19 } },
                                  { 'M', { 5.5, 15.3 } }, { 'L', { 11.5, 15.3 } }, { 'M', { 15, 10 } },
                                  { 'L', { 22, 10 } }, END };
static const Stroke sun[] = {
  { 'A', { 12, 12, 4.5, 0, 360 } }, { 'M', { 12, 1.5 } }, { 'L', { 12, 3.5 } }, { 'M', { 12, 20.5 } },
  { 'L', { 12, 22.5 } },
  { 'M', { 1.5, 12 } }, { 'L', { 3.5, 12 } }, { 'M', { 20.5, 12 } }, { 'L', { 22.5, 12 } },
  { 'M', { 4.6, 4.6 } }, { 'L', { 6, 6 } }, { 'M', { 18, 18 } }, { 'L', { 19.4, 19.4 } },
  { 'M', { 4.6, 19.4 } }, { 'L', { 6, 18 } }, { 'M', { 18, 6 } }, { 'L', { 19.4, 4.6 } }, END };
static const Stroke moon[] = { { 'M', { 20.5, 14.2 } }, { 'C', { 13.5, 17, 7, 10.5, 9.8, 3.5 } },
                               { 'C', { 1.5, 6, 0.8, 16, 7.5, 20 } }, { 'C', { 12.5, 23, 18.8, 20.2, 20.5, 14.2 } },
                               { 'Z' }, END };
static const Stroke info[] = { { 'A', { 12, 12, 9.5, 0, 360 } }, { 'M', { 12, 11 } }, { 'L', { 12, 16.5 } },
                               { 'D', { 12, 7.5, 1.2 } }, END };
static const Stroke car[] = {
  { 'M', { 3, 17 } }, { 'L', { 3, 12.5 } }, { 'L', { 5.5, 6.5 } }, { 'L', { 18.5, 6.5 } }, { 'L', { 21, 12.5 } },
  { 'L', { 21, 17 } }, { 'Z' }, { 'M', { 3, 12.5 } }, { 'L', { 21, 12.5 } }, { 'M', { 5.5, 17 } },
  { 'L', { 5.5, 19.5 } },
  { 'M', { 18.5, 17 } }, { 'L', { 18.5, 19.5 } }, END };
static const Stroke stop[] = { { 'R', { 4.5, 4.5, 15, 15, 2.5 } }, END };
static const Stroke pause_[] = { { 'M', { 8, 5 } }, { 'L', { 8, 19 } }, { 'M', { 16, 5 } }, { 'L', { 16, 19 } }, END };
static const Stroke receipt[] = {
  { 'M', { 5, 2.5 } }, { 'L', { 19, 2.5 } }, { 'L', { 19, 21.5 } }, { 'L', { 15.5, 19.5 } }, { 'L', { 12, 21.5 } },
  { 'L', { 8.5, 19.5 } }, { 'L', { 5, 21.5 } }, { 'Z' }, { 'M', { 9, 8 } }, { 'L', { 15, 8 } }, { 'M', { 9, 13 } },
  { 'L', { 15, 13 } }, END };
static const Stroke back[] = { { 'M', { 10.5, 5 } }, { 'L', { 3.5, 12 } }, { 'L', { 10.5, 19 } }, { 'M', { 3.5, 12 } },
                               { 'L', { 20.5, 12 } }, END };
static const Stroke link_[] = { { 'M', { 3, 12 } }, { 'L', { 7.5, 12 } }, { 'M', { 16.5, 12 } }, { 'L', { 21, 12 } },
                                { 'M', { 7.5, 8 } }, { 'L', { 7.5, 16 } }, { 'M', { 16.5, 8 } }, { 'L', { 16.5, 16 } },
                                { 'M', { 10.5, 4 } }, { 'L', { 13.5, 20 } }, END };
static const Stroke device[] = { { 'R', { 6, 2, 12, 20, 2.5 } }, { 'M', { 10.5, 18 } }, { 'L', { 13.5, 18 } }, END };

static const Stroke *const strokes[TW_N_ICONS] = {
  [TW_ICON_PLUG] = plug, [TW_ICON_CARD] = card, [TW_ICON_CHECK] = check, [TW_ICON_WARNING] = warning,
  [TW_ICON_CROSS] = cross, [TW_ICON_CLOCK] = clock_, [TW_ICON_BOLT] = bolt, [TW_ICON_PHONE] = phone,
  [TW_ICON_LANGUAGE] = language, [TW_ICON_LARGER] = larger, [TW_ICON_SMALLER] = smaller, [TW_ICON_SUN] = sun,
  [TW_ICON_MOON] = moon, [TW_ICON_INFO] = info, [TW_ICON_CAR] = car, [TW_ICON_STOP] = stop, [TW_ICON_PAUSE] = pause_,
  [TW_ICON_RECEIPT] = receipt, [TW_ICON_BACK] = back, [TW_ICON_LINK] = link_, [TW_ICON_DEVICE] = device,
};

/* GtkImage asks a symbolic paintable to draw itself in the colours of its CSS. */
typedef struct { GObject parent; TwIcon icon; } TwIconPaintable;
typedef struct { GObjectClass parent; } TwIconPaintableClass;

static void
round_box (cairo_t     *cairo,
           const float *at)
{
  double x = at[0], y = at[1], width = at[2], height = at[3], radius = at[4];

  cairo_new_sub_path (cairo);
  cairo_arc (cairo, x + width - radius, y + radius, radius, -G_PI_2, 0);
  cairo_arc (cairo, x + width - radius, y + height - radius, radius, 0, G_PI_2);
  cairo_arc (cairo, x + radius, y + height - radius, radius, G_PI_2, G_PI);
  cairo_arc (cairo, x + radius, y + radius, radius, G_PI, 3 * G_PI_2);
  cairo_close_path (cairo);
}

static void
trace (cairo_t      *cairo,
       const Stroke *stroke)
{
  const float *at = stroke->at;

  switch (stroke->what)
    {
    case 'M':
      cairo_move_to (cairo, at[0], at[1]);
      break;
    case 'L':
      cairo_line_to (cairo, at[0], at[1]);
      break;
    case 'C':
      cairo_curve_to (cairo, at[0], at[1], at[2], at[3], at[4], at[5]);
      break;
    case 'A':
      if (at[4] - at[3] >= 360)
        cairo_new_sub_path (cairo);
      cairo_arc (cairo, at[0], at[1], at[2], at[3] * G_PI / 180, at[4] * G_PI / 180);
      break;
    case 'R':
      round_box (cairo, at);
      break;
    case 'D':
      cairo_stroke (cairo);
      cairo_arc (cairo, at[0], at[1], at[2], 0, 2 * G_PI);
      cairo_fill (cairo);
      break;
    case 'Z':
      cairo_close_path (cairo);
      break;
    default:
      g_assert_not_reached ();
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
  TwIconPaintable *self = (TwIconPaintable *) paintable;
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height);
  cairo_t *cairo;

  if (strokes[self->icon] == NULL || n_colors == 0)
    return;
  cairo = gtk_snapshot_append_cairo (snapshot, &bounds);
  cairo_scale (cairo, width / GRID, height / GRID);
  cairo_set_line_width (cairo, STROKE);
  cairo_set_line_cap (cairo, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join (cairo, CAIRO_LINE_JOIN_ROUND);
  gdk_cairo_set_source_rgba (cairo, &colors[0]);
  for (const Stroke *stroke = strokes[self->icon]; stroke->what != 0; stroke++)
    trace (cairo, stroke);
  cairo_stroke (cairo);
  cairo_destroy (cairo);
}

static void
snapshot_plain (GdkPaintable *paintable,
                GdkSnapshot  *snapshot,
                double        width,
                double        height)
{
  const GdkRGBA black = { 0, 0, 0, 1 };

  snapshot_symbolic (GTK_SYMBOLIC_PAINTABLE (paintable), snapshot, width, height, &black, 1);
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

static GType tw_icon_paintable_get_type (void);
G_DEFINE_TYPE_WITH_CODE (TwIconPaintable, tw_icon_paintable, G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (GDK_TYPE_PAINTABLE, init_paintable)
                         G_IMPLEMENT_INTERFACE (GTK_TYPE_SYMBOLIC_PAINTABLE, init_symbolic))

static void
tw_icon_paintable_class_init (TwIconPaintableClass *class)
{
}

static void
tw_icon_paintable_init (TwIconPaintable *self)
{
}

GtkWidget *
tw_icon_new (TwIcon      icon,
             const char *classes)
{
  /* For those who hear the screen the words beside it are enough. */
  GtkWidget *image = g_object_new (GTK_TYPE_IMAGE, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);

  gtk_widget_add_css_class (image, "icon");
  tw_classes_add (image, classes);
  tw_icon_set (image, icon);
  return image;
}

void
tw_icon_set (GtkWidget *widget,
             TwIcon     icon)
{
  TwIconPaintable *shown = (TwIconPaintable *) gtk_image_get_paintable (GTK_IMAGE (widget));
  TwIconPaintable *paintable;

  gtk_widget_set_visible (widget, icon != TW_ICON_NONE);
  if (shown != NULL && shown->icon == icon)
    return;
  paintable = g_object_new (tw_icon_paintable_get_type (), NULL);
  paintable->icon = icon;
  gtk_image_set_from_paintable (GTK_IMAGE (widget), GDK_PAINTABLE (paintable));
  g_object_unref (paintable);
}
