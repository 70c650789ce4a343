/* SPDX-License-Identifier: Apache-2.0 */
/* needs: readers_dep */
/* Any table: rows of UTF-8, or an error. A table without quotes has the same cells when its rows stand at other places
 * of the reader's blocks. */
#include "payment/reconcile/readers/table.h"
#include "tests/fuzz/reader.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* All cells, or NULL: it was refused. */
static char *
read_cells (const void *data,
            gsize       n)
{
  const char *const names[] = { "A", "id", NULL };
  g_autoptr (GString) cells = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (TwTable) table = NULL;
  int fd;
  g_autofree char *path = fuzz_file (data, n, &fd);

  table = tw_table_open (path, names, &error);
  g_assert_true ((table == NULL) == (error != NULL));
  while (table && tw_table_next (table, &error))
    for (guint i = 0; i < tw_table_n_columns (table); i++)
      {
        const TwChars cell = tw_table_cell (table, i);
        gint64 ignored;

        fuzz_check_text (cell);
        g_string_append_len (cells, cell.text, cell.n);
        g_string_append_c (cells, '\x1f');
        tw_table_money (table, i, "EUR", FALSE, &ignored, NULL);
        tw_table_integer (table, i, &ignored, NULL);
      }
  close (fd);

  return error ? NULL : g_string_free (g_steal_pointer (&cells), FALSE);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree char *cells = read_cells (data, size);
  g_autoptr (GString) padded = g_string_new (NULL);
  g_autofree char *again = NULL;
  guint n_feeds = 0;

  if (cells == NULL || memchr (data, '"', size))
    return 0;
  for (size_t i = 0; i < size; i++)
    {
      g_string_append_c (padded, data[i]);
      n_feeds += data[i] == '\n';
      /* The header is searched for among the first lines, which must not become more. */
      if (data[i] == '\n' && n_feeds >= 20)
        g_string_append (padded, "\n\r\n\n");
    }
  again = read_cells (padded->str, padded->len);
  g_assert_cmpstr (again, ==, cells);

  return 0;
}
