/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bench/card-list.h"

#include <string.h>

#define SUFFIX ".card"

static int
by_name (gconstpointer a,
         gconstpointer b)
{
  return g_strcmp0 (*(char *const *) a, *(char *const *) b);
}

/* The first comment that is not the licence's. */
static char *
read_comment (const char *path)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return NULL;
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (g_str_has_prefix (lines[i], "# ") && strstr (lines[i], "SPDX") == NULL)
      return g_strdup (lines[i] + 2);

  return NULL;
}

static void
write_profile (const char *dir,
               const char *name,
               TwJsonOut  *out)
{
  g_autofree char *file = g_strconcat (name, SUFFIX, NULL);
  g_autofree char *path = g_build_filename (dir, file, NULL);
  g_autofree char *what = read_comment (path);
  g_autoptr (GKeyFile) profile = g_key_file_new ();
  g_autofree char *title = NULL;

  if (g_key_file_load_from_file (profile, path, G_KEY_FILE_NONE, NULL))
    title = g_key_file_get_string (profile, "card", "title", NULL);
  tw_json_out_begin_object (out, NULL);
  tw_json_out_string (out, "name", name);
  tw_json_out_string (out, "title", title != NULL ? title : name);
  tw_json_out_string (out, "what", what);
  tw_json_out_end (out);
}

gboolean
tw_card_list_write (const char *dir,
                    TwJsonOut  *out,
                    GError    **error)
{
  g_autoptr (GDir) folder = g_dir_open (dir, 0, error);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *file;

  if (folder == NULL)
    return FALSE;
  while ((file = g_dir_read_name (folder)) != NULL)
    if (g_str_has_suffix (file, SUFFIX))
      g_ptr_array_add (names, g_strndup (file, strlen (file) - strlen (SUFFIX)));
  g_ptr_array_sort (names, by_name);

  tw_json_out_begin_array (out, "cards");
  for (guint i = 0; i < names->len; i++)
    tw_json_out_string (out, NULL, names->pdata[i]);
  tw_json_out_end (out);
  tw_json_out_begin_array (out, "profiles");
  for (guint i = 0; i < names->len; i++)
    write_profile (dir, names->pdata[i], out);
  tw_json_out_end (out);

  return TRUE;
}
