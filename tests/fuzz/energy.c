/* SPDX-License-Identifier: Apache-2.0 */
/* needs: readers_dep */
/* A meter's file of any kind: rows that make sense, or an error. The first byte chooses the kind, or has it recognised.
 */
#include "payment/reconcile/readers/readers.h"

#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static gboolean
on_energy (gpointer         self,
           const TwEnergy  *row,
           GError         **error)
{
  guint *n = self;

  ++*n;
  g_assert_true (row->kind == TW_METER_SIGNED || row->energy_wh >= 0);
  g_assert_true (row->kind == TW_METER_SIGNED || row->begin_us <= row->end_us);
  g_assert_true (row->kind != TW_METER_SIGNED || row->verdict.n > 0);
  g_assert_true (!row->good || row->digest.n == 64);
  g_assert_true (g_utf8_validate (row->session.text, row->session.n, NULL) || row->session.n == 0);

  return TRUE;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  static const TwIntakeClass CLASS = { .energy = on_energy };
  static const char *const FORMATS[] = { NULL, "ocmf", "meter-csv", "cdr" };
  guint n = 0;
  const TwIntake intake = { &CLASS, &n };
  const TwProfile profile = { .format = size > 0 ? FORMATS[data[0] % 4] : NULL, .time_zone = "Europe/Berlin" };
  g_autoptr (GError) error = NULL;
  g_auto (TwImport) import;
  int fd = memfd_create ("energy", MFD_CLOEXEC);
  g_autofree char *path = g_strdup_printf ("/proc/self/fd/%d", fd);
  gboolean well;

  tw_import_init (&import);
  if (size > 1)
    g_assert_true (write (fd, data + 1, size - 1) == (ssize_t) (size - 1));
  well = tw_read_energy (path, 0, &profile, &intake, &import, &error);
  g_assert_true (well == (error == NULL));
  g_assert_true (!well || import.n_rows == n);
  close (fd);

  return 0;
}
