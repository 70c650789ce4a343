/* SPDX-License-Identifier: Apache-2.0 */
/* One line of the journal: something that happened, never to be changed. The closed list of kinds with their
 * payloads is in payment/journal/README.md. Any thread; values own their bytes.
 */
#pragma once

#include "app/base/clock.h"

typedef struct
{
  guint64   seq;          /* 1, 2, 3 ... without a gap; 0 in a draft */
  TwInstant at;
  char     *session;      /* NULL: about the station */
  char     *kind;
  GBytes   *payload;      /* the exact UTF-8 JSON bytes that are hashed */
  guint8    hash[32];     /* of this entry and, through the previous hash, of all before it */
} TwEntry;

/* Takes over payload. session may be NULL. */
TwEntry *tw_entry_new (TwInstant at, const char *session, const char *kind, GBytes *payload);
void     tw_entry_free (TwEntry *self);

/* SHA-256 (previous || seq || wall_us || boot_us || boot_id || synced || session || kind || payload): integers as
 * 8 bytes big-endian, synced as one byte, each text as its length in 8 bytes big-endian and then its bytes;
 * a NULL session as the length 2^64-1 and nothing. previous: 32 bytes, zeros before the first entry. */
void     tw_entry_hash (const TwEntry *self, const guint8 previous[32], guint8 hash[32]);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwEntry, tw_entry_free)
