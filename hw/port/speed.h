/* SPDX-License-Identifier: Apache-2.0 */
/* The speeds a port is opened with; only those that every UART of a pedestal has. Any thread. */
#pragma once

#include <glib.h>
#include <termios.h>

#define TW_SPEEDS "2400, 4800, 9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600"

gboolean tw_speed_is_accepted (guint bits_per_second);

/* The termios code; B0 (hang up) for what is not accepted. */
speed_t  tw_speed_code (guint bits_per_second);
