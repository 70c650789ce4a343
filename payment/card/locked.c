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

  /* A station whose limit forbids locking still keeps the pages out of dumps and wipes them; with encrypted or no
   * swap nothing is lost by going on, and tapwatt-reader reports whether all its memory is locked. */
  (void) mlock (memory, n);
  (void) madvise (memory, n, MADV_DONTDUMP);
  (void) madvise (memory, n, MADV_WIPEONFORK);
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
