/* SPDX-License-Identifier: Apache-2.0 */
/* needs: readers_dep */
/* A sales CSV: rows or an error; a row that is written and read again is written as the same. */
#include "payment/reconcile/readers/sales-csv.h"
#include "payment/reconcile/readers/sales-journal.h"

#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static gboolean
on_sale (gpointer       self,
         const TwSale  *sale,
         GError       **error)
{
  g_assert_cmpuint (sale->session.n, >, 0);
  g_assert_cmpint (sale->state, <=, TW_SALE_OPEN);
  tw_sale_csv_line (self, sale);

  return TRUE;
}

/* NULL: it was refused. */
static char *
read_and_write (const void *data,
                size_t      size)
{
  static const TwIntakeClass CLASS = { .sale = on_sale };
  static const TwProfile PROFILE;
  g_autoptr (GString) text = g_string_new (NULL);
  const TwIntake intake = { &CLASS, text };
  g_autoptr (GError) error = NULL;
  g_auto (TwImport) import;
  int fd = memfd_create ("sales", MFD_CLOEXEC);
  g_autofree char *path = g_strdup_printf ("/proc/self/fd/%d", fd);
  gboolean well;

  g_assert_true (write (fd, data, size) == (ssize_t) size);
  tw_import_init (&import);
  tw_sale_csv_header (text);
  well = tw_read_sales_csv (path, 0, &PROFILE, &intake, &import, &error);
  g_assert_true (well == (error == NULL));
  close (fd);

  return well ? g_string_free (g_steal_pointer (&text), FALSE) : NULL;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree char *text = read_and_write (data, size), *again = NULL;

  if (text == NULL)
    return 0;
  again = read_and_write (text, strlen (text));
  g_assert_cmpstr (again, ==, text);

  return 0;
}
