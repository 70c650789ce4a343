/* SPDX-License-Identifier: Apache-2.0 */
#include "hw/port/speed.h"

static const struct
{
  guint   bits_per_second;
  speed_t code;
} speeds[] = {
  { 2400, B2400 },     { 4800, B4800 },     { 9600, B9600 },     { 19200, B19200 },   { 38400, B38400 },
  { 57600, B57600 },   { 115200, B115200 }, { 230400, B230400 }, { 460800, B460800 }, { 921600, B921600 },
};

speed_t
tw_speed_code (guint bits_per_second)
{
  for (gsize i = 0; i < G_N_ELEMENTS (speeds); i++)
    if (speeds[i].bits_per_second == bits_per_second)
      return speeds[i].code;

  return B0;
}

gboolean
tw_speed_is_accepted (guint bits_per_second)
{
  return tw_speed_code (bits_per_second) != B0;
}
