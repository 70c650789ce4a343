/* SPDX-License-Identifier: Apache-2.0 */
/* BER-TLV as EMV uses it (EMV Book 3 annex B, ISO/IEC 8825-1): tags of one to three bytes, lengths of one to three.
 * Refused: indefinite length (80), longer lengths (83 and up), a tag or value that runs over its end. Zero bytes
 * between objects are skipped, as annex B1 allows. Nothing is copied, nothing allocated. Any thread.
 */
#pragma once

#include <glib.h>

typedef struct { guint32 tag; const guint8 *value; gsize len; } TwTlv;
typedef struct { const guint8 *at; gsize left; } TwTlvReader;
typedef enum { TW_TLV_ONE, TW_TLV_NONE, TW_TLV_MALFORMED } TwTlvResult;

void        tw_tlv_reader_init (TwTlvReader *self, const guint8 *bytes, gsize n);
TwTlvResult tw_tlv_next (TwTlvReader *self, TwTlv *tlv);
gboolean    tw_tlv_is_constructed (guint32 tag);

/* A tag from the start of bytes; its length in bytes, 0: malformed. DOLs have tags without values. */
gsize       tw_tlv_read_tag (const guint8 *bytes, gsize n, guint32 *tag);

/* The one object with this tag on this level. MALFORMED: anything on the level is, or the tag is there twice. */
TwTlvResult tw_tlv_find (const guint8 *bytes, gsize n, guint32 tag, TwTlv *found);

/* TRUE: bytes are exactly one object with this tag, nothing behind it. */
gboolean    tw_tlv_whole (const guint8 *bytes, gsize n, guint32 tag, TwTlv *found);

/* Writes into the caller's memory. What does not fit whole is not written, and FALSE comes back. */
typedef struct { guint8 *bytes; gsize size, used; } TwTlvWriter;
gboolean    tw_tlv_write (TwTlvWriter *self, guint32 tag, const guint8 *value, gsize len);
