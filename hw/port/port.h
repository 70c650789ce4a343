/* SPDX-License-Identifier: Apache-2.0 */
/* A serial port that one process has for itself: raw bytes, 8 data bits, no parity, 1 stop bit, no flow control.
 * Not a protocol: the drivers bring their own frames (line.h for RAPI).
 *
 * Main thread only. Nothing here blocks: reading and writing happen from the default main context.
 */
#pragma once

#include "hw/port/line.h"

typedef struct _TwPort TwPort;

typedef struct
{
  /* Some bytes came, as the line cut them. */
  void (*received) (const guint8 *bytes, gsize n, gpointer user_data);
  /* Hung up (cable, adapter or far end is gone), once, and nothing after it: close, and open the path again. */
  void (*lost)     (const GError *error, gpointer user_data);
} TwPortEvents;

/* Where a device is: "rapi:/dev/ttyS1" or "rapi:/dev/ttyS1?speed=57600". */
typedef struct
{
  char *driver;
  char *path;
  guint speed;   /* bits per second; 0: the driver's own */
} TwPortAddress;

/* BAD_DATA: not of that form, another driver than the one asked for, an option that is not known, a speed that is
 * not accepted; the message names what is. */
TwPortAddress *tw_port_address_parse (const char *text, const char *driver, GError **error);
void           tw_port_address_free (TwPortAddress *self);

/* FALSE, BAD_DATA: there is something at path, and it is not a tty. Does not open it, because that moves control lines
 * that some boards take for a reset. */
gboolean       tw_port_may_be_at (const char *path, GError **error);

/* Opens without waiting for a carrier, takes the port exclusively (flock(2), and TIOCEXCL where the kernel drops it
 * with the last close), throws away what was received before.
 * GONE: no such port (yet). BAD_DATA: not a tty, or a speed that is not accepted. BAD_STATE: another process has it.
 * REFUSED: no permission. path is copied and opened through its symlinks; both callbacks may close the port. */
TwPort        *tw_port_open (const char *path, guint speed, const TwPortEvents *events, gpointer user_data,
                             GError **error);
void           tw_port_close (TwPort *self);

/* Queues all n bytes or none; what the line does not take now goes out from the main loop.
 * RETRY: more than 4 KiB wait already, the far end does not take them. GONE: the port is lost. */
gboolean       tw_port_write (TwPort *self, const guint8 *bytes, gsize n, GError **error);
const char    *tw_port_path (TwPort *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwPort, tw_port_close)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwPortAddress, tw_port_address_free)
