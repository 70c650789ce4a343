/* SPDX-License-Identifier: Apache-2.0 */
/* Following the chain of hashes, entry by entry. Private to payment/journal. */
#pragma once

#include "payment/journal/entry.h"

typedef struct
{
  guint64 seq;          /* of the last entry that fitted; 0 and zeros: none yet */
  guint8  hash[32];
} TwChain;

/* NULL, and the chain is one longer; or why the entry does not follow, g_free(). */
char *tw_chain_follow (TwChain *self, const TwEntry *entry);

/* Numbers and hashes a draft as the chain's next entry. */
void  tw_chain_append (TwChain *self, TwEntry *entry);
