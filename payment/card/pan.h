/* SPDX-License-Identifier: Apache-2.0 */
/* The card's number and the track that carries it (ISO/IEC 7812-1, 7813; EMV Book 3 annex A). Lives in locked memory
 * that its owner wipes; there is no function that turns it into a text, on purpose. Any thread.
 */
#pragma once

#include <glib.h>

typedef struct { char digits[20]; gsize len; } TwPan;                /* 12..19 digits */
typedef struct { TwPan pan; char text[40]; } TwTrack2;               /* digits '=' YYMM service discretionary */

/* 57: packed digits, separator D, at most one F behind. FALSE: malformed, and self is wiped. */
gboolean tw_track2_from_equivalent (TwTrack2 *self, const guint8 *value, gsize len);
/* 5A: packed digits, padded with F. */
gboolean tw_pan_from_packed (TwPan *self, const guint8 *value, gsize len);

gboolean tw_pan_equal (const TwPan *a, const TwPan *b);
gboolean tw_pan_passes_luhn (const TwPan *self);

/* Stars and the last four. */
void     tw_pan_mask (const TwPan *self, char out[20]);

/* "epoch:" and the first 16 bytes of HMAC-SHA256 (key, "tapwatt-card-1" || digits) in hex. Free with g_free(). */
char    *tw_pan_fingerprint (const TwPan *self, const char *epoch, const guint8 *key, gsize key_len);
