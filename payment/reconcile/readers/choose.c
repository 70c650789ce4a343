/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/reconcile/readers/choose.h"

#include "app/base/error.h"

static gboolean
check_name (const TwFormat  *formats,
            guint            n,
            const char      *wanted,
            GError         **error)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    {
      if (g_str_equal (formats[i].format, wanted))
        return TRUE;
      if (i == 0 || !g_str_equal (formats[i].format, formats[i - 1].format))
        g_string_append_printf (names, "%s%s", names->len ? ", " : "", formats[i].format);
    }
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "\"%s\" is no format of such a file: accepted are %s", wanted,
               names->str);

  return FALSE;
}

TwReadFile
tw_choose (const TwFormat   *formats,
           guint             n,
           const char       *mapped,
           const char       *what,
           const char       *path,
           const TwProfile  *profile,
           GError          **error)
{
  const char *wanted = profile->format, *found;
  TwFileKind kind;

  if (wanted && !check_name (formats, n, wanted, error))
    return NULL;
  if (!tw_recognise (path, &kind, &found, error))
    return NULL;
  if (wanted == NULL && profile->mapping != NULL && kind == TW_FILE_UNKNOWN)
    wanted = mapped;
  for (guint i = 0; i < n; i++)
    {
      const gboolean by_mapping = formats[i].kind == TW_FILE_UNKNOWN;

      if (wanted ? g_str_equal (wanted, formats[i].format) && (by_mapping || formats[i].kind == kind)
                 : !by_mapping && formats[i].kind == kind)
        return formats[i].read;
    }
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s is %s, not %s", path, found, wanted ? wanted : what);

  return NULL;
}
