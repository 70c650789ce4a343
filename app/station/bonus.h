/* SPDX-License-Identifier: Apache-2.0 */
/* What a card has been here for, by the journal alone, and which offer it has earned. Keyed fingerprints only, which
 * end with the epoch of their key. The station's own. */
#pragma once

#include "app/station/batch.h"

void       tw_bonus_init  (TwStation *self);
void       tw_bonus_clear (TwStation *self);
/* "offers-activated" and "offers-withdrawn" of the journal; others are ignored. BAD_DATA: not understood. */
gboolean   tw_bonus_replay (TwStation *self, const TwEntry *entry, GError **error);
/* A session has been billed: once for each, in their order. */
void       tw_bonus_note  (TwStation *self, const TwRecord *record);
/* The card is about to be asked for the hold of this session: what it gets cheaper goes into the same commit. */
void       tw_bonus_grant (TwStation *self, const char *session, const TwCard *card, TwBatch *batch);
