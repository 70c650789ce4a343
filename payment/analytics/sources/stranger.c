/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/analytics/sources/stranger.h"

#include "app/base/error.h"

#include <string.h>

static const struct { const char *begins, *what; } strangers[] = {
  { "version https://git-lfs", "a Git LFS pointer, and not the data: fetch the data itself (git lfs pull)" },
  { "/annex/objects/", "a git-annex pointer, and not the data: fetch the data itself (git annex get)" },
  { "<!DOCTYPE", "a web page: the download was answered by one, as when one must log in first" },
  { "<html", "a web page: the download was answered by one, as when one must log in first" },
  { "<?xml", "XML, and no CSV" },
  { "{", "JSON, and no CSV" },
  { "[{", "JSON, and no CSV" },
  { "PK\003\004", "a ZIP archive or a spreadsheet: unpack it, or save it as CSV" },
  { "\037\213", "compressed by gzip: unpack it first" },
  { "%PDF", "a PDF" },
  { "PAR1", "a Parquet file: write it out as CSV" },
  { "SQLite format 3", "an SQLite database, and no CSV" },
};

gboolean
tw_stranger_refuse (TwChars      bytes,
                    const char  *path,
                    GError     **error)
{
  TwChars rest = bytes;

  while (rest.n > 0 && g_ascii_isspace (*rest.text))
    rest = (TwChars) { rest.text + 1, rest.n - 1 };
  if (rest.n == 0)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s is empty", path);
      return FALSE;
    }
  for (guint i = 0; i < G_N_ELEMENTS (strangers); i++)
    {
      gsize n = strlen (strangers[i].begins);

      if (rest.n >= n && g_ascii_strncasecmp (rest.text, strangers[i].begins, n) == 0)
        {
          g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s is %s", path, strangers[i].what);
          return FALSE;
        }
    }
  return TRUE;
}
