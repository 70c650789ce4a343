/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/reconcile/readers/readers.h"

#include "app/base/error.h"
#include "payment/reconcile/readers/recognise.h"
#include "payment/reconcile/readers/sales-csv.h"
#include "payment/reconcile/readers/sales-journal.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

typedef enum { SALES_NOTHING, SALES_JOURNAL, SALES_CSV } Sales;

#define HEAD 16384

/* What stands in the first bytes; NUL-terminated. */
static gsize
look (const char *path,
      char       *head)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  gssize n = fd >= 0 ? read (fd, head, HEAD) : 0;

  if (fd >= 0)
    g_close (fd, NULL);
  n = MAX (n, 0);
  head[n] = '\0';

  return (gsize) n;
}

/* The first line of an export is a blob or an entry. */
static gboolean
is_export (const char *head)
{
  return g_str_has_prefix (head, "{\"blob\"") || g_str_has_prefix (head, "{\"seq\"");
}

static Sales
recognise (const char *path)
{
  g_autofree char *head = g_malloc (HEAD + 1);
  gsize n;

  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    return SALES_JOURNAL;
  n = look (path, head);
  if (memmem (head, n, "SQLite format 3", 16) == head || is_export (head))
    return SALES_JOURNAL;
  for (guint i = 0; TW_SALES_CSV_HAS[i] != NULL; i++)
    if (g_strstr_len (head, (gssize) n, TW_SALES_CSV_HAS[i]) != NULL)
      return SALES_CSV;

  return SALES_NOTHING;
}

static gboolean
read_journal (const char       *path,
              guint32           index,
              const TwIntake   *intake,
              TwImport         *import,
              GError          **error)
{
  g_autoptr (TwJournal) journal = tw_journal_open_readonly (path, error);

  if (journal == NULL)
    return FALSE;
  if (tw_sales_of_journal (journal, index, intake, import, error))
    return TRUE;
  g_prefix_error (error, "%s: ", path);

  return FALSE;
}

static gboolean
refuse (const char  *path,
        GError     **error)
{
  TwFileKind kind;
  const char *what;

  if (!tw_recognise (path, &kind, &what, error))
    return FALSE;
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s is %s, not a journal, its export, or the CSV of its sales "
               "(tapwatt journal export --sales)", path, what);

  return FALSE;
}

gboolean
tw_read_sales (const char       *path,
               guint32           index,
               const TwProfile  *profile,
               const TwIntake   *intake,
               TwImport         *import,
               GError          **error)
{
  switch (recognise (path))
    {
    case SALES_JOURNAL:
      return read_journal (path, index, intake, import, error);
    case SALES_CSV:
      return tw_read_sales_csv (path, index, profile, intake, import, error);
    case SALES_NOTHING:
      return refuse (path, error);
    }
  g_assert_not_reached ();
}
