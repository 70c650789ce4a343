/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/journal/entry.h"

#include <string.h>

#define NO_SESSION G_MAXUINT64   /* the length of an absent text: no real one is that long */

TwEntry *
tw_entry_new (TwInstant   at,
              const char *session,
              const char *kind,
              GBytes     *payload)
{
  TwEntry *self;

  g_return_val_if_fail (kind != NULL && payload != NULL, NULL);

  self = g_new0 (TwEntry, 1);
  self->at = at;
  self->session = g_strdup (session);
  self->kind = g_strdup (kind);
  self->payload = payload;

  return self;
}

void
tw_entry_free (TwEntry *self)
{
  if (self == NULL)
    return;

  g_free (self->session);
  g_free (self->kind);
  g_bytes_unref (self->payload);
  g_free (self);
}

static void
hash_uint64 (GChecksum *sha,
             guint64    value)
{
  guint64 wire = GUINT64_TO_BE (value);

  g_checksum_update (sha, (const guchar *) &wire, sizeof wire);
}

static void
hash_bytes (GChecksum  *sha,
            const void *bytes,
            gsize       n)
{
  hash_uint64 (sha, n);
  if (n > 0)
    g_checksum_update (sha, bytes, n);
}

static void
hash_text (GChecksum  *sha,
           const char *text)
{
  if (text == NULL)
    hash_uint64 (sha, NO_SESSION);
  else
    hash_bytes (sha, text, strlen (text));
}

void
tw_entry_hash (const TwEntry *self,
               const guint8   previous[32],
               guint8         hash[32])
{
  g_autoptr (GChecksum) sha = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 synced = self->at.synced ? 1 : 0;
  gsize n = 32;
  gsize payload_n;
  gconstpointer payload = g_bytes_get_data (self->payload, &payload_n);

  g_checksum_update (sha, previous, 32);
  hash_uint64 (sha, self->seq);
  hash_uint64 (sha, (guint64) self->at.wall_us);
  hash_uint64 (sha, (guint64) self->at.boot_us);
  g_checksum_update (sha, self->at.boot_id, sizeof self->at.boot_id);
  g_checksum_update (sha, &synced, 1);
  hash_text (sha, self->session);
  hash_text (sha, self->kind);
  hash_bytes (sha, payload, payload_n);
  g_checksum_get_digest (sha, hash, &n);
}
