/* SPDX-License-Identifier: Apache-2.0 */
/* What the host reads out of a card's data: the EMV tags of pointOfSaleInformation.emv.tags and the tracks. Written for
 * the bench from cybersource-ev.md section 4 and emv-contactless.md section 10 alone. Pure.
 */
#pragma once

#include <glib.h>

#define TW_TAGS_MAX_CHARACTERS 252   /* String(252) on Visa Platform Connect */

typedef struct _TwTags TwTags;

/* hex: BER-TLV of primitive tags, one after the other. NULL: *why is a static text ("not hex", "tag 57 is
 * forbidden" ...). */
TwTags       *tw_tags_parse (const char *hex, const char **why);
void          tw_tags_free (TwTags *self);
/* The value; NULL: not there. */
const guint8 *tw_tags_get (const TwTags *self, guint tag, gsize *n);
/* The first mandatory tag that is missing for this brand ("9F26"); NULL: none. */
const char   *tw_tags_missing (const TwTags *self, gboolean mastercard);

/* A track 2 with its sentinels, alone or after a track 1. */
typedef struct
{
  char pan[20];          /* SENSITIVE: wipe */
  char expiry[5];        /* YYMM */
  char service_code[4];
} TwTrack;

/* NULL: understood; else what is wrong, a static text. */
const char   *tw_track_parse (const char *text, TwTrack *track);
/* "001", "002"; NULL: neither Visa nor Mastercard (ISO/IEC 7812 ranges 4, 51-55, 2221-2720). */
const char   *tw_track_card_type (const TwTrack *track);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwTags, tw_tags_free)
