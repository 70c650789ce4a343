/* SPDX-License-Identifier: Apache-2.0 */
/* Reading JSON: our tree, with its places, limits and checks, against yajl's own tree of the same text. */
#include "app/base/json.h"

#include <string.h>
#include <yajl/yajl_tree.h>

enum { N_ROUNDS = 5, N_MEMBERS = 3000 };

static char *
make_document (void)
{
  GString *text = g_string_new ("[");

  for (int i = 0; i < N_MEMBERS; i++)
    g_string_append_printf (text, "%s{\"id\":\"S-%06d\",\"price\":0.%04d,\"tax\":[19.0,true,null],"
                            "\"name\":\"gr\\u00fc\\u00df\"}",
                            i > 0 ? "," : "", i, i);
  g_string_append_c (text, ']');

  return g_string_free (text, FALSE);
}

static gint64
measure_ours (const char *text)
{
  gint64 begin = g_get_monotonic_time ();
  g_autoptr (GError) error = NULL;
  g_autoptr (TwJson) root = tw_json_parse (text, strlen (text), &TW_JSON_LARGE, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (tw_json_length (root), ==, N_MEMBERS);
  g_clear_pointer (&root, tw_json_free);
  return g_get_monotonic_time () - begin;
}

static gint64
measure_yajls (const char *text)
{
  gint64 begin = g_get_monotonic_time ();
  yajl_val root = yajl_tree_parse (text, NULL, 0);

  g_assert_cmpuint (YAJL_GET_ARRAY (root)->len, ==, N_MEMBERS);
  yajl_tree_free (root);
  return g_get_monotonic_time () - begin;
}

static void
test_ratio (void)
{
  g_autofree char *text = make_document ();
  gint64 ours_us = G_MAXINT64, yajls_us = G_MAXINT64;

  for (int i = 0; i < N_ROUNDS; i++) /* in turns: a busy moment hits both */
    {
      ours_us = MIN (ours_us, measure_ours (text));
      yajls_us = MIN (yajls_us, measure_yajls (text));
    }

  g_test_message ("%" G_GSIZE_FORMAT " bytes: tw_json_parse %" G_GINT64_FORMAT " us, yajl_tree_parse %" G_GINT64_FORMAT
                  " us", strlen (text), ours_us, yajls_us);
  g_assert_cmpint (ours_us, <, 8 * yajls_us);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/bench/json/the-checked-tree-costs-little", test_ratio);

  return g_test_run ();
}
