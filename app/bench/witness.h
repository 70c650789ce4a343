/* SPDX-License-Identifier: Apache-2.0 */
/* What a scenario asks of a running street: its answers, and whether something is so in its status or in the acquirer's
 * ledger. words: "ledger", "lines" or "status", then conditions (conditions.h), then for ledger and lines perhaps
 * "count=N". Blocks.
 */
#pragma once

#include "app/base/json.h"

typedef struct _TwWitness TwWitness;

/* dir: of the street. */
TwWitness *tw_witness_new (const char *dir);
void       tw_witness_free (TwWitness *self);

/* The answer to an order; free with tw_json_free(). REFUSED: the street said no, with its words. */
TwJson    *tw_witness_ask (TwWitness *self, const char *const *words, GError **error);
/* REFUSED: not so, with what is so instead. BAD_DATA: words cannot be understood. */
gboolean   tw_witness_holds (TwWitness *self, const char *const *words, GError **error);
/* The last payment or line that is so; it lives as long as the answer that is returned. Errors as above. */
TwJson    *tw_witness_find (TwWitness *self, const char *const *words, const TwJson **found, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwWitness, tw_witness_free)
