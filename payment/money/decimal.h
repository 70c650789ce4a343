/* SPDX-License-Identifier: Apache-2.0 */
/* Decimals as people write them: units / 10^scale, exactly. Comes from a number's source text, never from a
 * double. By value; any thread.
 */
#pragma once

#include <glib.h>

#define TW_DECIMAL_MAX_SCALE 12

typedef struct { gint64 units; guint scale; } TwDecimal;   /* 0.250: { 250, 3 } */

/* text: a JSON number (RFC 8259 section 6), exponent allowed. max_scale: decimals that may be needed to hold it,
 * at most TW_DECIMAL_MAX_SCALE; zeros at the end do not count. BAD_DATA: not a number, more decimals, or more
 * than an int64 of units. */
gboolean  tw_decimal_parse (const char *text, guint max_scale, TwDecimal *decimal, GError **error);

/* text x factor, rounded half away from zero; *rounded: there was something to round. factor: 1 to 2^23. For quantities
 * that others wrote with more digits than they measured. BAD_DATA: not a number, or too large. */
gboolean  tw_decimal_parse_multiple (const char *text, gint64 factor, gint64 *value, gboolean *rounded, GError **error);

/* Plain digits with scale decimals: "0.250". Free with g_free(). */
char     *tw_decimal_to_text (TwDecimal self);
