/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/card/locked.h"

#include <sys/mman.h>

#include "app/base/bytes.h"

gpointer
tw_locked_new (gsize n)
{
  void *memory = mmap (NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

  if (memory == MAP_FAILED)
    g_error ("no memory for card data");

  if (mlock (memory, n) != 0)
    g_error ("cannot lock card data into memory; raise LimitMEMLOCK (ulimit -l)");
  if (madvise (memory, n, MADV_DONTDUMP) != 0 || madvise (memory, n, MADV_WIPEONFORK) != 0)
    g_error ("cannot keep card data out of core dumps and of child processes");
  return memory;
}

void
tw_locked_free (gpointer memory,
                gsize    n)
{
  if (memory == NULL)
    return;

  tw_wipe (memory, n);
  munmap (memory, n);
}
