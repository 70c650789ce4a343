/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/ui/measure.h"

#include <math.h>
#include <string.h>

#define TEXT_CONTRAST 4.5      /* WCAG 2.1, 1.4.3 */
#define SYMBOL_CONTRAST 3.0    /* 1.4.11 */
#define SLACK 1.5              /* pixels: edges are rounded, one after another */

typedef struct
{
  GtkWidget      *widget;
  graphene_rect_t box;         /* in the window */
} Item;

typedef struct
{
  const TwTerms  *terms;
  GtkWidget      *window;
  guchar         *pixels;      /* as CAIRO_FORMAT_ARGB32: words of 0xAARRGGBB */
  int             width, height;
  graphene_rect_t seen;        /* of the glass, or of what scrolls */
  gboolean        shrunk;      /* has been said */
  GPtrArray      *found;
  GArray         *items;       /* of Item: what must not lie on each other */
} Walk;

static gboolean
is_drawn (GtkWidget *widget)
{
  return gtk_widget_get_mapped (widget) && gtk_widget_get_opacity (widget) > 0.01;
}

/* ---- pictures --------------------------------------------------------------------------------------------------- */

static void
on_painted (GdkFrameClock *clock,
            guint         *n_frames)
{
  (*n_frames)++;
}

/* A frame lays out, the next one draws what the layout changed. */
static void
wait_frames (GtkWidget *window,
             guint      n)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (window);
  guint n_frames = 0;
  gulong id = g_signal_connect (clock, "after-paint", G_CALLBACK (on_painted), &n_frames);

  for (guint i = 0; i < n; i++)
    {
      guint before = n_frames;

      gtk_widget_queue_draw (window);
      while (n_frames == before)
        g_main_context_iteration (NULL, TRUE);
    }
  g_signal_handler_disconnect (clock, id);
}

GdkTexture *
tw_measure_picture (GtkWidget *window)
{
  g_autoptr (GdkPaintable) paintable = NULL;
  g_autoptr (GskRenderNode) node = NULL;
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  int width, height;

  wait_frames (window, 2);
  width = gtk_widget_get_width (window);
  height = gtk_widget_get_height (window);
  paintable = gtk_widget_paintable_new (window);
  gdk_paintable_snapshot (paintable, snapshot, width, height);
  node = gtk_snapshot_free_to_node (snapshot);
  return gsk_renderer_render_texture (gtk_native_get_renderer (GTK_NATIVE (window)), node,
                                      &GRAPHENE_RECT_INIT (0, 0, width, height));
}

static double
linear (guint channel)
{
  double c = channel / 255.0;

  return c <= 0.04045 ? c / 12.92 : pow ((c + 0.055) / 1.055, 2.4);
}

static double
luminance (guint32 rgb)
{
  return 0.2126 * linear (rgb >> 16 & 0xff) + 0.7152 * linear (rgb >> 8 & 0xff) + 0.0722 * linear (rgb & 0xff);
}

static double
contrast (guint32 a,
          guint32 b)
{
  double x = luminance (a), y = luminance (b);

  return (MAX (x, y) + 0.05) / (MIN (x, y) + 0.05);
}

static guint32
pixel (const Walk *walk,
       int         x,
       int         y)
{
  guint32 argb;

  memcpy (&argb, walk->pixels + 4 * ((gsize) y * walk->width + x), sizeof argb);
  return argb & 0xffffff;
}

/* The commonest colour in the box is what is behind; the one that stands out most is what is written. */
static double
contrast_in (const Walk            *walk,
             const graphene_rect_t *box,
             guint32               *ground)
{
  g_autoptr (GHashTable) counts = g_hash_table_new (NULL, NULL);
  int left = MAX (0, box->origin.x), right = MIN (walk->width, box->origin.x + box->size.width);
  int top = MAX (0, box->origin.y), bottom = MIN (walk->height, box->origin.y + box->size.height);
  GHashTableIter iter;
  gpointer colour, count;
  guint most = 0;
  double best = 1;

  for (int y = top; y < bottom; y++)
    for (int x = left, end; x < right; x = end)
      {
        gpointer key = GUINT_TO_POINTER (pixel (walk, x, y));
        guint before = GPOINTER_TO_UINT (g_hash_table_lookup (counts, key));

        for (end = x + 1; end < right && pixel (walk, end, y) == pixel (walk, x, y); end++)
          ;
        g_hash_table_insert (counts, key, GUINT_TO_POINTER (before + end - x));
      }
  g_hash_table_iter_init (&iter, counts);
  while (g_hash_table_iter_next (&iter, &colour, &count))
    if (GPOINTER_TO_UINT (count) > most)
      {
        most = GPOINTER_TO_UINT (count);
        *ground = GPOINTER_TO_UINT (colour);
      }
  g_hash_table_iter_init (&iter, counts);
  while (g_hash_table_iter_next (&iter, &colour, NULL))
    best = MAX (best, contrast (GPOINTER_TO_UINT (colour), *ground));
  return best;
}

/* ---- words for complaints --------------------------------------------------------------------------------------- */

static char *
where (GtkWidget *widget)
{
  GString *path = g_string_new (NULL);

  for (GtkWidget *w = widget; w != NULL; w = gtk_widget_get_parent (w))
    {
      const char *name = gtk_widget_get_name (w), *type = G_OBJECT_TYPE_NAME (w);

      if (w == widget)
        g_string_assign (path, g_str_equal (name, type) ? type : name);
      else if (!g_str_equal (name, type))
        g_string_prepend (g_string_prepend_c (path, '/'), name);
    }
  if (GTK_IS_LABEL (widget))
    g_string_append_printf (path, " \"%s\"", gtk_label_get_text (GTK_LABEL (widget)));
  return g_string_free (path, FALSE);
}

static void G_GNUC_PRINTF (4, 5)
complain (Walk       *walk,
          const char *rule,
          GtkWidget  *widget,
          const char *format,
          ...)
{
  g_autofree char *place = where (widget), *what = NULL;
  va_list args;

  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);
  g_ptr_array_add (walk->found, g_strdup_printf ("%s: %s: %s", rule, place, what));
}

/* ---- texts ------------------------------------------------------------------------------------------------------ */

static gboolean
has_text (GtkWidget *widget)
{
  const char *text = GTK_IS_LABEL (widget) ? gtk_label_get_text (GTK_LABEL (widget)) : "";

  return text[strspn (text, " \n\t")] != '\0';
}

/* The rectangle of what is written, in the window. */
static gboolean
text_box (Walk            *walk,
          GtkWidget       *label,
          graphene_rect_t *box)
{
  PangoRectangle logical;
  graphene_point_t from, to;
  int x, y;

  pango_layout_get_pixel_extents (gtk_label_get_layout (GTK_LABEL (label)), NULL, &logical);
  gtk_label_get_layout_offsets (GTK_LABEL (label), &x, &y);
  x += logical.x;
  y += logical.y;
  if (!gtk_widget_compute_point (label, walk->window, &GRAPHENE_POINT_INIT (x, y), &from)
      || !gtk_widget_compute_point (label, walk->window,
                                    &GRAPHENE_POINT_INIT (x + logical.width, y + logical.height), &to))
    return FALSE;
  *box = GRAPHENE_RECT_INIT (from.x, from.y, to.x - from.x, to.y - from.y);
  if (box->size.width < 0.995 * logical.width && !walk->terms->may_shrink && !walk->shrunk)
    {
      walk->shrunk = TRUE;   /* and so is the rest, most likely */
      complain (walk, "shrunk", label, "to %.0f %%", 100 * box->size.width / logical.width);
    }
  return TRUE;
}

static void
check_breaks (Walk        *walk,
              GtkWidget   *label,
              PangoLayout *layout)
{
  const char *text = pango_layout_get_text (layout);
  const PangoLogAttr *attrs;
  int n_attrs;

  attrs = pango_layout_get_log_attrs_readonly (layout, &n_attrs);
  for (int i = 1; i < pango_layout_get_line_count (layout); i++)
    {
      PangoLayoutLine *line = pango_layout_get_line_readonly (layout, i);
      glong at = g_utf8_pointer_to_offset (text, text + line->start_index);

      if (at < n_attrs && !attrs[at].is_line_break)
        {
          complain (walk, "cut", label, "broken inside a word");
          return;
        }
    }
}

/* Only what is seen can lie on something, or be told from it. */
static gboolean
is_seen (Walk                  *walk,
         GtkWidget             *widget,
         const graphene_rect_t *box)
{
  Item item = { .widget = widget };

  if (!graphene_rect_intersection (box, &walk->seen, &item.box))
    return FALSE;
  g_array_append_val (walk->items, item);
  return gtk_widget_is_sensitive (widget) && graphene_rect_equal (&item.box, box);
}

static void
check_label (Walk      *walk,
             GtkWidget *label)
{
  PangoLayout *layout = gtk_label_get_layout (GTK_LABEL (label));
  int width = gtk_widget_get_width (label), height = gtk_widget_get_height (label);
  PangoRectangle logical;
  graphene_rect_t box;
  guint32 ground = 0;
  double ratio;

  pango_layout_get_pixel_extents (layout, NULL, &logical);
  if (pango_layout_is_ellipsized (layout) && !walk->terms->may_shrink)
    complain (walk, "cut", label, "ellipsized");
  if (logical.width > width + SLACK || logical.height > height + SLACK)
    complain (walk, "cut", label, "%dx%d pixels of text in %dx%d", logical.width, logical.height, width, height);
  check_breaks (walk, label, layout);
  if (!text_box (walk, label, &box) || !is_seen (walk, label, &box))
    return;
  ratio = contrast_in (walk, &box, &ground);
  if (ratio < TEXT_CONTRAST)
    complain (walk, "contrast", label, "%.2f:1 on #%06x, at least %.1f:1", ratio, ground, TEXT_CONTRAST);
}

/* ---- targets and pictures --------------------------------------------------------------------------------------- */

static gboolean
is_target (GtkWidget *widget)
{
  if (GTK_IS_BUTTON (widget) || GTK_IS_CHECK_BUTTON (widget) || GTK_IS_SWITCH (widget) || GTK_IS_DROP_DOWN (widget))
    return TRUE;

  return gtk_widget_get_focusable (widget) && !GTK_IS_WINDOW (widget) && !GTK_IS_LABEL (widget)
    && !GTK_IS_SCROLLED_WINDOW (widget) && gtk_widget_get_can_target (widget);
}

static gboolean
is_picture (GtkWidget *widget)
{
  if (GTK_IS_IMAGE (widget) || GTK_IS_PICTURE (widget) || GTK_IS_DRAWING_AREA (widget))
    return TRUE;

  return gtk_accessible_get_accessible_role (GTK_ACCESSIBLE (widget)) == GTK_ACCESSIBLE_ROLE_IMG;
}

static gboolean
has_name (GtkWidget *widget)
{
  GtkAccessible *accessible = GTK_ACCESSIBLE (widget);

  if (GTK_IS_BUTTON (widget) && gtk_button_get_label (GTK_BUTTON (widget)) != NULL)
    return gtk_button_get_label (GTK_BUTTON (widget))[0] != '\0';
  return gtk_test_accessible_has_property (accessible, GTK_ACCESSIBLE_PROPERTY_LABEL)
    || gtk_test_accessible_has_relation (accessible, GTK_ACCESSIBLE_RELATION_LABELLED_BY);
}

static void
check_target (Walk                  *walk,
              GtkWidget             *widget,
              const graphene_rect_t *box)
{
  double least = walk->terms->touch_mm * walk->terms->px_per_mm - 0.5;

  if (box->size.width < least || box->size.height < least)
    complain (walk, "target", widget, "%.1f x %.1f mm, at least %.1f", box->size.width / walk->terms->px_per_mm,
              box->size.height / walk->terms->px_per_mm, walk->terms->touch_mm);
  is_seen (walk, widget, box);
}

static void
check_picture (Walk                  *walk,
               GtkWidget             *widget,
               const graphene_rect_t *box)
{
  guint32 ground = 0;
  double ratio;

  if (!is_seen (walk, widget, box))
    return;
  ratio = contrast_in (walk, box, &ground);
  if (ratio < SYMBOL_CONTRAST)
    complain (walk, "contrast", widget, "%.2f:1 on #%06x, at least %.1f:1", ratio, ground, SYMBOL_CONTRAST);
}

/* ---- the walk --------------------------------------------------------------------------------------------------- */

/* Of its parent's edges some rounding is forgiven, since nobody sees them; of the glass' edges less. */
static gboolean
reaches_out (const graphene_rect_t *box,
             const graphene_rect_t *of,
             double                 slack)
{
  if (box->size.width <= 0 || box->size.height <= 0)
    return FALSE;

  return box->origin.x < of->origin.x - slack || box->origin.y < of->origin.y - slack
    || box->origin.x + box->size.width > of->origin.x + of->size.width + slack
    || box->origin.y + box->size.height > of->origin.y + of->size.height + slack;
}

static void
check_scroller (Walk      *walk,
                GtkWidget *widget)
{
  GtkAdjustment *both[] = { gtk_scrolled_window_get_hadjustment (GTK_SCROLLED_WINDOW (widget)),
                            gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (widget)) };

  for (guint i = 0; i < G_N_ELEMENTS (both); i++)
    {
      double hidden = gtk_adjustment_get_upper (both[i]) - gtk_adjustment_get_page_size (both[i]);

      if (hidden > SLACK && (i == 0 || !walk->terms->may_scroll))
        complain (walk, "scroll", widget, "%.0f pixels are out of sight", hidden);
    }
}

/* around: the parent's box, inside which the widget has to be; what scrolls is check_scroller()'s. */
static void
visit (Walk                  *walk,
       GtkWidget             *widget,
       const graphene_rect_t *around)
{
  gboolean scrolls = GTK_IS_VIEWPORT (gtk_widget_get_parent (widget));
  graphene_rect_t box, before = walk->seen;

  if (!is_drawn (widget) || !gtk_widget_compute_bounds (widget, walk->window, &box))
    return;
  if (!scrolls && reaches_out (&box, around, gtk_widget_get_parent (widget) == walk->window ? SLACK : 2 * SLACK))
    complain (walk, "outside", widget, "%.1f,%.1f %.1fx%.1f is not in %.1f,%.1f %.1fx%.1f", box.origin.x, box.origin.y,
              box.size.width, box.size.height, around->origin.x, around->origin.y, around->size.width,
              around->size.height);
  if (GTK_IS_SCROLLED_WINDOW (widget))
    check_scroller (walk, widget);
  if (GTK_IS_VIEWPORT (widget))
    graphene_rect_intersection (&before, &box, &walk->seen);
  if (has_text (widget))
    check_label (walk, widget);
  if (is_target (widget))
    check_target (walk, widget, &box);
  else if (is_picture (widget))
    check_picture (walk, widget, &box);
  if (gtk_widget_get_focusable (widget) && !GTK_IS_WINDOW (widget) && !has_text (widget) && !has_name (widget))
    complain (walk, "nameless", widget, "takes the focus, and has no accessible name");

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child; child = gtk_widget_get_next_sibling (child))
    if (!GTK_IS_NATIVE (child))
      visit (walk, child, GTK_IS_WINDOW (widget) ? around : &box);
  walk->seen = before;
}

static gboolean
related (GtkWidget *a,
         GtkWidget *b)
{
  return a == b || gtk_widget_is_ancestor (a, b) || gtk_widget_is_ancestor (b, a);
}

static void
check_overlaps (Walk *walk)
{
  for (guint i = 0; i < walk->items->len; i++)
    for (guint j = i + 1; j < walk->items->len; j++)
      {
        Item *a = &g_array_index (walk->items, Item, i), *b = &g_array_index (walk->items, Item, j);
        graphene_rect_t both;
        g_autofree char *other = NULL;

        if (related (a->widget, b->widget) || !graphene_rect_intersection (&a->box, &b->box, &both)
            || both.size.width <= SLACK || both.size.height <= SLACK)
          continue;
        other = where (b->widget);
        complain (walk, "overlap", a->widget, "%.0fx%.0f pixels with %s", both.size.width, both.size.height, other);
      }
}

GPtrArray *
tw_measure (GtkWidget     *window,
            GdkTexture    *picture,
            const TwTerms *terms)
{
  Walk walk = { .terms = terms, .window = window, .width = gdk_texture_get_width (picture),
                .height = gdk_texture_get_height (picture), .found = g_ptr_array_new_with_free_func (g_free),
                .items = g_array_new (FALSE, FALSE, sizeof (Item)) };
  graphene_rect_t glass = GRAPHENE_RECT_INIT (0, 0, walk.width, walk.height);

  walk.seen = glass;
  walk.pixels = g_malloc ((gsize) walk.width * walk.height * 4);
  gdk_texture_download (picture, walk.pixels, (gsize) walk.width * 4);
  if (walk.width != terms->width || walk.height != terms->height)
    complain (&walk, "size", window, "%dx%d, and the glass has %dx%d", walk.width, walk.height, terms->width,
              terms->height);
  visit (&walk, window, &glass);
  check_overlaps (&walk);
  g_array_unref (walk.items);
  g_free (walk.pixels);
  return walk.found;
}

static void
gather (GtkWidget *widget,
        GPtrArray *texts)
{
  if (!is_drawn (widget))
    return;
  if (has_text (widget))
    g_ptr_array_add (texts, g_strdup (gtk_label_get_text (GTK_LABEL (widget))));
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child; child = gtk_widget_get_next_sibling (child))
    gather (child, texts);
}

GPtrArray *
tw_measure_texts (GtkWidget *window)
{
  GPtrArray *texts = g_ptr_array_new_with_free_func (g_free);

  gather (window, texts);
  return texts;
}

GtkWidget *
tw_measure_find (GtkWidget  *widget,
                 const char *name)
{
  GtkWidget *found = NULL;

  if (!is_drawn (widget))
    return NULL;
  if (g_str_equal (gtk_widget_get_name (widget), name))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = tw_measure_find (child, name);
  return found;
}
