/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bench/touch.h"

#include "app/base/error.h"

gboolean
tw_touch (const char        *program,
          const char *const *words,
          GError           **error)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autofree char *said = NULL;
  g_autoptr (GError) cause = NULL;
  int status = 0;

  g_ptr_array_add (argv, (char *) program);
  for (guint i = 0; words[i] != NULL; i++)
    g_ptr_array_add (argv, (char *) words[i]);
  g_ptr_array_add (argv, NULL);
  if (!g_spawn_sync (NULL, (char **) argv->pdata, NULL, G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL, &said, &status,
                     &cause))
    {
      g_set_error_literal (error, TW_ERROR, TW_ERROR_GONE, cause->message);
      return FALSE;
    }
  if (!g_spawn_check_wait_status (status, NULL))
    {
      g_set_error_literal (error, TW_ERROR, TW_ERROR_REFUSED,
                           *g_strchomp (said) != '\0' ? said : "the finger could not do it");
      return FALSE;
    }

  return TRUE;
}
