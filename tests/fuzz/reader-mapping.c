/* SPDX-License-Identifier: Apache-2.0 */
/* needs: readers_dep */
/* A mapping and behind a line of "---" the file that it is of; both ways, as a settlement file and as a bank's. */
#include "tests/fuzz/reader.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  const uint8_t *cut = memmem (data, size, "\n---\n", 5);
  const uint8_t *file = cut ? cut + 5 : data + size;
  int fd;
  g_autofree char *mapping = fuzz_file (data, cut ? (gsize) (cut - data) : size, &fd);
  const TwProfile settled = { .format = "csv", .mapping = mapping };
  const TwProfile booked = { .format = "bank-csv", .mapping = mapping };

  fuzz_read (tw_read_settlement, &settled, file, data + size - file);
  fuzz_read (tw_read_bank, &booked, file, data + size - file);
  close (fd);

  return 0;
}
