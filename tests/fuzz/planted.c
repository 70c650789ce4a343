/* SPDX-License-Identifier: Apache-2.0 */
/* needs: glib */
/* Breaks when its corpus, "{}" for want of one, grows at its end: the drivers must find that. */
#include <glib.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  if (size > 2 && data[0] == '{' && data[1] == '}')
    g_error ("found");

  return 0;
}
