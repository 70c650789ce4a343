/* SPDX-License-Identifier: Apache-2.0 */
/* The contrast of every pair of roles that kiosk.css puts on top of each other, by the formula of WCAG 2.1 (relative
 * luminance): 4.5:1 for text (EN 301 549), 3:1 for what is not text, such as a button's edge and the focus ring. */
#include <glib.h>
#include <math.h>
#include <string.h>

static const struct { const char *ink, *paper; double least; } pairs[] = {
  { "ink", "ground", 4.5 }, { "ink", "surface", 4.5 }, { "ink", "line", 4.5 }, { "ink", "action_tint", 4.5 },
  { "ink_soft", "ground", 4.5 }, { "ink_soft", "surface", 4.5 }, { "surface", "ink", 4.5 },
  { "on_action", "action", 4.5 }, { "on_action", "action_pressed", 4.5 }, { "action", "surface", 4.5 },
  { "action", "ground", 4.5 }, { "action", "action_tint", 4.5 }, { "caution", "caution_tint", 4.5 },
  { "caution", "surface", 4.5 }, { "danger", "surface", 4.5 }, { "danger", "danger_tint", 4.5 },
  { "on_danger", "danger", 4.5 }, { "on_danger", "danger_pressed", 4.5 },
  { "edge", "surface", 3 }, { "edge", "ground", 3 }, { "focus", "surface", 3 }, { "focus", "ground", 3 },
};

static double
channel (const char *hex)
{
  g_autofree char *two = g_strndup (hex, 2);
  double value = (double) g_ascii_strtoull (two, NULL, 16) / 255;

  return value <= 0.03928 ? value / 12.92 : pow ((value + 0.055) / 1.055, 2.4);
}

static double
luminance (const char *css,
           const char *role)
{
  g_autofree char *mark = g_strdup_printf ("@define-color %s #", role);
  const char *hex = strstr (css, mark);

  if (hex == NULL)
    g_error ("no @define-color %s", role);
  hex += strlen (mark);
  return 0.2126 * channel (hex) + 0.7152 * channel (hex + 2) + 0.0722 * channel (hex + 4);
}

static double
contrast (const char *css,
          const char *a,
          const char *b)
{
  double one = luminance (css, a), other = luminance (css, b);

  return (MAX (one, other) + 0.05) / (MIN (one, other) + 0.05);
}

static void
every_pair_can_be_read (gconstpointer theme)
{
  g_autofree char *path = g_build_filename (TW_SOURCE, "assets/style", theme, NULL), *css = NULL;

  g_assert_true (g_file_get_contents (path, &css, NULL, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      double found = contrast (css, pairs[i].ink, pairs[i].paper);

      g_test_message ("%s: %s on %s: %.1f", (const char *) theme, pairs[i].ink, pairs[i].paper, found);
      g_assert_cmpfloat (found, >=, pairs[i].least);
    }
}

/* Black on white is 21:1, and #767676 on white is the well-known least grey, 4.54:1. */
static void
the_formula_is_the_published_one (void)
{
  const char *css = "@define-color a #000000;\n@define-color b #ffffff;\n@define-color c #767676;\n";

  g_assert_cmpfloat_with_epsilon (contrast (css, "a", "b"), 21, 0.001);
  g_assert_cmpfloat_with_epsilon (contrast (css, "c", "b"), 4.54, 0.005);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/colours/the-formula-is-the-published-one", the_formula_is_the_published_one);
  g_test_add_data_func ("/ui/colours/every-pair-can-be-read-by-day", "light.css", every_pair_can_be_read);
  g_test_add_data_func ("/ui/colours/every-pair-can-be-read-by-night", "dark.css", every_pair_can_be_read);
  return g_test_run ();
}
