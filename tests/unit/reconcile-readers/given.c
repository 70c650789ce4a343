/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/reconcile-readers/given.h"

#include "app/base/error.h"

#include <glib/gstdio.h>
#include <string.h>

char *
given_file (const char *bytes,
            gssize      n)
{
  g_autoptr (GError) error = NULL;
  char *path;
  int fd = g_file_open_tmp ("tapwatt-reader-XXXXXX", &path, &error);

  g_assert_no_error (error);
  g_assert_true (g_close (fd, &error));
  g_assert_true (g_file_set_contents (path, bytes, n, &error));
  g_assert_no_error (error);

  return path;
}

void
given_remove (char *path)
{
  g_assert_cmpint (g_remove (path), ==, 0);
  g_free (path);
}

void
assert_refused (const GError *error,
                const char   *parts)
{
  g_auto (GStrv) wanted = g_strsplit (parts, "|", -1);

  g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
  g_test_message ("%s", error->message);
  for (char **part = wanted; *part; part++)
    if (!strstr (error->message, *part))
      g_error ("\"%s\" is not in: %s", *part, error->message);
}
