/* SPDX-License-Identifier: Apache-2.0 */
/* BER-TLV as a card writes it, and the tag lists of its profile. Pure; any thread. */
#pragma once

#include <glib.h>

/* tag: its bytes as a number, 0x5A or 0x9F26, at most three of them. */
void     tw_ber_put_tag (GByteArray *out, guint32 tag);
void     tw_ber_put_length (GByteArray *out, gsize len);
void     tw_ber_put (GByteArray *out, guint32 tag, const guint8 *value, gsize len);
/* Makes what is in out the value of tag. */
void     tw_ber_wrap (GByteArray *out, guint32 tag);

/* One tag in hex, well formed: "5A", "9F26". */
gboolean tw_ber_read_tag (const char *text, guint32 *tag);
