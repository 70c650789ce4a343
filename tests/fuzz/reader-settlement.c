/* SPDX-License-Identifier: Apache-2.0 */
/* needs: readers_dep */
/* A settlement file of whatever format it turns out to be. */
#include "tests/fuzz/reader.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  const TwProfile profile = { .time_zone = "Europe/Berlin" };

  fuzz_read (tw_read_settlement, &profile, data, size);

  return 0;
}
