/* SPDX-License-Identifier: Apache-2.0 */
/* needs: readers_dep */
/* A bank's XML. */
#include "tests/fuzz/reader.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  const TwProfile profile = { 0 };

  fuzz_read (tw_read_bank, &profile, data, size);

  return 0;
}
