/* SPDX-License-Identifier: Apache-2.0 */
/* What the card said in one transaction: primitive data objects by tag, each once. Part of TwCardRead's locked memory,
 * hence of a fixed size and without pointers. One thread.
 */
#pragma once

#include "payment/card/tlv.h"

#define TW_CARD_OBJECTS_MOST 96
#define TW_CARD_BYTES_MOST   6144

typedef struct
{
  struct { guint32 tag; guint16 at, len; } objects[TW_CARD_OBJECTS_MOST];
  guint  n;
  guint8 bytes[TW_CARD_BYTES_MOST];
  gsize  used;
} TwCardData;

/* FALSE: the card gave it before (Book 3 section 10.2: a second one ends the transaction), or there is no room. */
gboolean      tw_card_data_add (TwCardData *self, const TwTlv *tlv);
/* Every object of a template's value; constructed ones are not looked into. FALSE: malformed, or as above. */
gboolean      tw_card_data_add_all (TwCardData *self, const TwTlv *template);
/* NULL: not given, or its length is not within these bounds. */
const guint8 *tw_card_data_get (const TwCardData *self, guint32 tag, gsize least, gsize most, gsize *len);
gboolean      tw_card_data_has (const TwCardData *self, guint32 tag);
