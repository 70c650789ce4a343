/* SPDX-License-Identifier: Apache-2.0 */
/* The ruler itself: a good window is left alone, and each bad thing that is planted in it is found. */
#include "tests/ui/measure.h"

#include <string.h>

static const TwTerms TERMS = { .width = 800, .height = 480, .px_per_mm = 5, .touch_mm = 12 };

static const char CSS[] =
  "window { background: #ffffff; color: #101010; font: 20px sans-serif; } "
  ".touch { min-width: 80px; min-height: 60px; background: #dddddd; color: #101010; } "
  ".pale { color: #999999; } .faint { color: #dddddd; } .hasty { min-height: 20px; padding: 0; } "
  ".wide { min-width: 2000px; }";

typedef struct
{
  GtkWidget *window, *fixed;   /* what is planted stands where it is put */
} House;

static House
build (void)
{
  House house = { gtk_window_new (), gtk_fixed_new () };
  GtkWidget *button = gtk_button_new_with_label ("Start");

  gtk_window_set_decorated (GTK_WINDOW (house.window), FALSE);
  gtk_window_set_default_size (GTK_WINDOW (house.window), TERMS.width, TERMS.height);
  gtk_widget_add_css_class (button, "touch");
  gtk_widget_set_overflow (house.fixed, GTK_OVERFLOW_HIDDEN);
  gtk_fixed_put (GTK_FIXED (house.fixed), gtk_label_new ("An honest label"), 20, 20);
  gtk_fixed_put (GTK_FIXED (house.fixed), button, 20, 100);
  gtk_window_set_child (GTK_WINDOW (house.window), house.fixed);
  return house;
}

/* Nothing (rule NULL), or exactly one complaint, that begins with the rule and has the word in it. */
static void
expect_under (House          house,
              const char    *rule,
              const char    *word,
              const TwTerms *terms)
{
  g_autoptr (GdkTexture) picture = NULL;
  g_autoptr (GPtrArray) found = NULL;

  gtk_window_present (GTK_WINDOW (house.window));
  picture = tw_measure_picture (house.window);
  found = tw_measure (house.window, picture, terms);
  for (guint i = 0; i < found->len; i++)
    g_test_message ("%s", (char *) found->pdata[i]);
  g_assert_cmpuint (found->len, ==, rule ? 1 : 0);
  if (rule != NULL)
    {
      g_assert_true (g_str_has_prefix (found->pdata[0], rule));
      g_assert_nonnull (strstr (found->pdata[0], word));
    }
  gtk_window_destroy (GTK_WINDOW (house.window));
}

static void
expect (House       house,
        const char *rule,
        const char *word)
{
  expect_under (house, rule, word, &TERMS);
}

static GtkWidget *
plant (House       house,
       GtkWidget  *widget,
       const char *classes,
       int         x,
       int         y)
{
  g_auto (GStrv) all = g_strsplit (classes, " ", -1);

  for (guint i = 0; all[i] != NULL; i++)
    gtk_widget_add_css_class (widget, all[i]);
  gtk_fixed_put (GTK_FIXED (house.fixed), widget, x, y);
  return widget;
}

static void
test_good (void)
{
  expect (build (), NULL, NULL);
}

static void
test_size (void)
{
  House house = build ();

  gtk_window_set_default_size (GTK_WINDOW (house.window), TERMS.width, TERMS.height + 20);
  expect (house, "size", "800x500");
}

static void
test_outside (void)
{
  House house = build ();

  plant (house, gtk_label_new ("Half of me"), "label", -20, 300);
  expect (house, "outside", "Half of me");
}

static void
test_ellipsis (void)
{
  House house = build ();
  GtkWidget *label = plant (house, gtk_label_new ("Too long for its place"), "label", 20, 200);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_size_request (label, 100, -1);
  expect (house, "cut", "ellipsized");
}

static void
test_broken_word (void)
{
  House house = build ();
  GtkWidget *label = plant (house, gtk_label_new ("Donaudampfschiff"), "label", 20, 200);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_CHAR);
  gtk_label_set_width_chars (GTK_LABEL (label), 5);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 5);
  expect (house, "cut", "broken inside a word");
}

static void
test_overlap (void)
{
  House house = build ();

  plant (house, gtk_label_new ("On the other"), "label", 60, 25);
  expect (house, "overlap", "On the other");
}

static void
test_overlap_of_targets (void)
{
  House house = build ();

  plant (house, gtk_button_new_with_label (" "), "touch", 20, 150);
  expect (house, "overlap", "GtkButton");
}

static void
test_target (void)
{
  House house = build ();

  plant (house, gtk_button_new_with_label ("Tiny"), "hasty", 20, 300);
  expect (house, "target", "at least 12.0");
}

static void
test_contrast (void)
{
  House house = build ();

  plant (house, gtk_label_new ("Pale"), "pale", 20, 300);
  expect (house, "contrast", "Pale");
}

static void
draw_line (GtkDrawingArea *area,
           cairo_t        *cr,
           int             width,
           int             height,
           gpointer        user_data)
{
  cairo_set_source_rgb (cr, 0.8, 0.8, 0.8);
  cairo_rectangle (cr, 0, 0, width / 4.0, height);
  cairo_fill (cr);
}

static void
test_picture_contrast (void)
{
  House house = build ();
  GtkWidget *area = plant (house, gtk_drawing_area_new (), "area", 20, 300);

  gtk_drawing_area_set_content_width (GTK_DRAWING_AREA (area), 50);
  gtk_drawing_area_set_content_height (GTK_DRAWING_AREA (area), 50);
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (area), draw_line, NULL, NULL);
  expect (house, "contrast", "at least 3.0");
}

static void
test_nameless (void)
{
  House house = build ();
  GtkWidget *button = plant (house, gtk_button_new (), "touch", 20, 300);

  gtk_button_set_child (GTK_BUTTON (button), gtk_label_new ("Seen, not heard"));
  expect (house, "nameless", "accessible name");
}

/* A window with one thing in it that is too large for its place, as a part of the whole. */
static GtkWidget *
scroller (GtkWidget *content)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), content);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_EXTERNAL);
  gtk_widget_set_size_request (scrolled, 300, 100);
  gtk_widget_set_size_request (content, -1, 400);
  gtk_widget_set_focusable (scrolled, FALSE);
  return scrolled;
}

static void
test_scroll (void)
{
  House house = build ();

  plant (house, scroller (gtk_label_new ("Look for me")), "box", 20, 300);
  expect (house, "scroll", "out of sight");
}

static void
test_scroll_allowed (void)
{
  TwTerms terms = TERMS;
  House house = build ();

  terms.may_scroll = TRUE;
  plant (house, scroller (gtk_label_new ("Look for me")), "box", 20, 300);
  expect_under (house, NULL, NULL, &terms);
}

static void
test_shrunk (void)
{
  House house = build ();
  GtkWidget *label = plant (house, gtk_label_new ("As small as it gets"), "label", 20, 200);
  GskTransform *smaller = gsk_transform_translate (NULL, &GRAPHENE_POINT_INIT (20, 300));

  smaller = gsk_transform_scale (smaller, 0.8, 0.8);
  gtk_fixed_set_child_transform (GTK_FIXED (house.fixed), label, smaller);
  gsk_transform_unref (smaller);
  expect (house, "shrunk", "80 %");
}

static void
test_hidden (void)
{
  House house = build ();

  gtk_widget_set_visible (plant (house, gtk_label_new ("Nobody sees me"), "faint", 20, 22), FALSE);
  gtk_widget_set_opacity (plant (house, gtk_label_new ("Nor me"), "faint", 20, 22), 0);
  expect (house, NULL, NULL);
}

int
main (int    argc,
      char **argv)
{
  GtkCssProvider *css;

  g_test_init (&argc, &argv, NULL);
  gtk_init ();
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  css = gtk_css_provider_new ();
  gtk_css_provider_load_from_data (css, CSS, -1);
  gtk_style_context_add_provider_for_display (gdk_display_get_default (), GTK_STYLE_PROVIDER (css),
                                              GTK_STYLE_PROVIDER_PRIORITY_USER);
  g_object_unref (css);

  g_test_add_func ("/ui/measure/a-good-window-is-left-alone", test_good);
  g_test_add_func ("/ui/measure/what-nobody-sees-is-left-alone", test_hidden);
  g_test_add_func ("/ui/measure/a-window-larger-than-the-glass-is-found", test_size);
  g_test_add_func ("/ui/measure/what-reaches-out-is-found", test_outside);
  g_test_add_func ("/ui/measure/an-ellipsis-is-found", test_ellipsis);
  g_test_add_func ("/ui/measure/a-broken-word-is-found", test_broken_word);
  g_test_add_func ("/ui/measure/texts-on-each-other-are-found", test_overlap);
  g_test_add_func ("/ui/measure/targets-on-each-other-are-found", test_overlap_of_targets);
  g_test_add_func ("/ui/measure/a-target-too-small-is-found", test_target);
  g_test_add_func ("/ui/measure/a-pale-text-is-found", test_contrast);
  g_test_add_func ("/ui/measure/a-pale-picture-is-found", test_picture_contrast);
  g_test_add_func ("/ui/measure/a-target-without-name-is-found", test_nameless);
  g_test_add_func ("/ui/measure/what-must-be-scrolled-is-found", test_scroll);
  g_test_add_func ("/ui/measure/what-may-be-scrolled-is-left-alone", test_scroll_allowed);
  g_test_add_func ("/ui/measure/a-shrunk-text-is-found", test_shrunk);
  return g_test_run ();
}
