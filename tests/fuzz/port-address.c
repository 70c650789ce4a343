/* SPDX-License-Identifier: Apache-2.0 */
/* needs: port_dep */
/* The address of a device out of the configuration: a path and a speed, or an error. */
#include "hw/port/port.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (TwPortAddress) address = tw_port_address_parse (text, "rapi", &error);

  g_assert_true ((address == NULL) == (error != NULL));
  if (address == NULL)
    return 0;

  g_assert_cmpstr (address->driver, ==, "rapi");
  g_assert_true (address->path[0] == '/');
  g_assert_nonnull (strstr (text, address->path));
  return 0;
}
