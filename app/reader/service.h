/* SPDX-License-Identifier: Apache-2.0 */
/* What tapwatt-reader does once it has started: takes requests from its socket, finds a card, reads it, answers. One
 * thread, bounded steps; between any two of them a cancel is seen and a sign of life is sent. The reader hardware is a
 * table of functions, so that a test can be one.
 */
#pragma once

#include "app/base/clock.h"
#include "app/base/config.h"
#include "app/reader/keys.h"
#include "hw/reader/reader.h"
#include "payment/seal/seal.h"

/* As hw/reader/reader.h has them. */
typedef struct
{
  const char *(*name)     (gpointer nfc);
  gboolean    (*find)     (gpointer nfc, TwTarget *target, GError **error);
  gboolean    (*present)  (gpointer nfc);
  void        (*release)  (gpointer nfc);
  void        (*field)    (gpointer nfc, gboolean on);
  gboolean    (*exchange) (gpointer nfc, const guint8 *command, gsize command_len,
                           guint8 answer[264], gsize *answer_len, GError **error);
} TwReaderPort;

typedef struct
{
  int                 fd;                /* connected, SOCK_SEQPACKET; stays the caller's */
  const TwReaderPort *port;
  gpointer            nfc;
  TwClock            *clock;
  const TwConfig     *config;
  const TwSealKey    *seal_key;          /* NULL: nothing can be authorized */
  const TwEpochKeys  *epochs;
  gboolean            sandboxed, memory_locked;              /* for "ready" */
  guint               hang_s;            /* without a word to or from the daemon: SIGALRM ends the process; 0: never */
  /* Until fd is readable or ms have passed; NULL: poll(2). */
  void              (*pause) (gpointer data, int fd, guint ms);
  gpointer            pause_data;
} TwService;

/* Answers hello with ready and serves until the daemon closes the socket: TRUE. FALSE: the reader is lost (GONE), or
 * the daemon said something that is not allowed, or expects what we are not; the process should end. */
gboolean tw_service_run (const TwService *self, GError **error);

/* What the first message would be answered with; for tests and for a warm-up before the system-call filter: everything
 * that a request does with keys, once, with made-up data. */
gboolean tw_service_warm_up (const TwService *self, GError **error);
