/* SPDX-License-Identifier: Apache-2.0 */
/* A contactless reader, seen from tapwatt-reader: find one card, talk to it, let it go. Blocking with bounded calls,
 * because it lives in a process of its own; check between calls whether to go on. One thread.
 */
#pragma once

#include <glib.h>

typedef struct _TwNfc TwNfc;

typedef struct
{
  guint8   uid[10];
  gsize    uid_len;
  guint8   atqa[2];
  guint8   sak;
  gboolean iso_dep;          /* speaks ISO 14443-4: a payment card may be inside */
  gboolean random_uid;       /* changes with each tap: never an identity */
} TwTarget;

/* address: "pn532:/dev/ttyS2[?speed=115200]". Takes the port for itself (flock on the tty and TIOCEXCL). BAD_DATA: not
 * such an address, or not a tty. BAD_STATE: another process has it. GONE: no such port, or no PN532 answers; the
 * message says which. Call it before there are threads: it changes the environment for libnfc. */
TwNfc      *tw_nfc_open (const char *address, GError **error);
void        tw_nfc_close (TwNfc *self);
const char *tw_nfc_name (TwNfc *self);

/* One finite look (well below 300 ms): TRUE and the target; FALSE without error: no card. GONE: the reader is lost, and
 * this process should end. */
gboolean    tw_nfc_find (TwNfc *self, TwTarget *target, GError **error);
gboolean    tw_nfc_present (TwNfc *self);
void        tw_nfc_release (TwNfc *self);        /* deselect */
void        tw_nfc_field (TwNfc *self, gboolean on);

/* One APDU. command at most 261 bytes (refused above); answer has room for 264. RETRY: the card left or could not be
 * understood, find it again; GONE: the reader is lost. */
gboolean    tw_nfc_exchange (TwNfc *self, const guint8 *command, gsize command_len, guint8 answer[264],
                             gsize *answer_len, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwNfc, tw_nfc_close)
