/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "app/base/error.h"
#include "hw/port/port.h"

static void
path_and_speed (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TwPortAddress) plain = tw_port_address_parse ("rapi:/dev/ttyS1", "rapi", &error);
  g_autoptr (TwPortAddress) fast = tw_port_address_parse ("rapi:/dev/ttyS1?speed=57600", "rapi", &error);

  g_assert_no_error (error);
  g_assert_cmpstr (plain->driver, ==, "rapi");
  g_assert_cmpstr (plain->path, ==, "/dev/ttyS1");
  g_assert_cmpuint (plain->speed, ==, 0);
  g_assert_cmpstr (fast->path, ==, "/dev/ttyS1");
  g_assert_cmpuint (fast->speed, ==, 57600);
}

static void
others_are_refused (void)
{
  static const char *const bad[] = {
    "", "rapi", ":", "rapi:", "rapi:ttyS1", "rapi:?speed=9600", "pn532:/dev/ttyS1", "rap:/dev/ttyS1",
    "rapix:/dev/ttyS1", "/dev/ttyS1", "rapi:/dev/ttyS1?", "rapi:/dev/ttyS1?speed=", "rapi:/dev/ttyS1?speed=115201",
    "rapi:/dev/ttyS1?speed=-9600", "rapi:/dev/ttyS1?speed=+9600", "rapi:/dev/ttyS1?speed=9600&unit=1",
    "rapi:/dev/ttyS1?baud=9600", "rapi:/dev/ttyS1?speed=0",
    "rapi:/dev/ttyS1?speed=99999999999999999999",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      TwPortAddress *address = tw_port_address_parse (bad[i], "rapi", &error);

      g_assert_null (address);
      g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
      g_assert_nonnull (strstr (error->message, bad[i]));
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/port/address-has-a-path-and-a-speed", path_and_speed);
  g_test_add_func ("/port/other-addresses-are-refused-by-name", others_are_refused);
  return g_test_run ();
}
