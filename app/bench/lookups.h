/* SPDX-License-Identifier: Apache-2.0 */
/* The transaction search service: details by id, searches by field, both possibly behind the truth (cybersource-ev.md
 * section 9). Main thread only.
 */
#pragma once

#include "app/bench/answers.h"

typedef struct _TwLookups TwLookups;

TwLookups *tw_lookups_new (TwPayments *payments, const char *merchant_id);
void       tw_lookups_free (TwLookups *self);

/* How long after its coming a transaction is found; both 0 at first. */
void       tw_lookups_set_lag (TwLookups *self, gint64 search_ms, gint64 details_ms);

/* READ, SEARCH and SEARCH_AGAIN. */
TwAnswer   tw_lookups_answer (TwLookups *self, const TwWish *wish, gint64 now_us);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwLookups, tw_lookups_free)
