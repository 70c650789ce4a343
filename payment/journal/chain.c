/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/journal/chain.h"

#include <string.h>

char *
tw_chain_follow (TwChain       *self,
                 const TwEntry *entry)
{
  guint8 hash[32];

  if (entry->seq != self->seq + 1)
    return g_strdup_printf ("entry %" G_GUINT64_FORMAT " is not there, in its place stands %" G_GINT64_FORMAT,
                            self->seq + 1, (gint64) entry->seq);

  tw_entry_hash (entry, self->hash, hash);
  if (memcmp (hash, entry->hash, sizeof hash) != 0)
    return g_strdup_printf ("entry %" G_GUINT64_FORMAT " does not fit its hash: it, or its place, was changed",
                            entry->seq);

  self->seq = entry->seq;
  memcpy (self->hash, hash, sizeof hash);

  return NULL;
}

void
tw_chain_append (TwChain *self,
                 TwEntry *entry)
{
  entry->seq = self->seq + 1;
  tw_entry_hash (entry, self->hash, entry->hash);
  self->seq = entry->seq;
  memcpy (self->hash, entry->hash, sizeof self->hash);
}
