/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bench/stand-options.h"

#include "app/base/error.h"
#include "app/base/whole.h"

gboolean
tw_stand_number (const char *const *words,
                 guint              i,
                 gint64             least,
                 gint64             most,
                 gint64            *value,
                 GError           **error)
{
  if (g_strv_length ((char **) words) > i && tw_whole_parse (words[i], least, most, value))
    return TRUE;
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA,
               "a number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT " is expected", least, most);
  return FALSE;
}

gboolean
tw_stand_usage (const char *device,
                const char *help,
                GError    **error)
{
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s takes: %s", device, help);
  return FALSE;
}
