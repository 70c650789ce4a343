/* SPDX-License-Identifier: Apache-2.0 */
/* Cells of a sessions CSV as values, fast: files have millions of them. Pure but for the memory of the last day. This
 * folder's own.
 */
#pragma once

#include "payment/analytics/session-row.h"
#include "payment/reconcile/sale.h"

#include <string.h>

/* The day that was read last: times of a row are mostly of one. */
typedef struct { char text[10]; gint64 day; } TwLastDay;

/* RFC 3339 with its offset: "2026-03-01T12:30:59.5+01:00", or Z; a blank for the T. Years from 1. FALSE: it is none. */
gboolean tw_value_instant (TwChars cell, TwLastDay *last, gint64 *us);
/* A decimal number as a count of its 1/1000, rounded half away from zero. point: '.' or ','; group: what may stand
 * between thousands, or 0. FALSE: it is none, or 10^15 and more. */
gboolean tw_value_milli (TwChars cell, char point, char group, gint64 *milli);
/* Whole seconds; a fraction is cut off. */
gboolean tw_value_seconds (TwChars cell, gint64 *s);
/* "1:30:00", "25:00": hours, minutes, and seconds if it likes. */
gboolean tw_value_clock (TwChars cell, gint64 *s);
/* "$5.00", "5.00 €": the currency's sign says nothing that the currency does not. */
TwChars  tw_value_without_sign (TwChars cell);
/* The index in a NULL-terminated list; -1: it is not in it. */
int      tw_value_word (TwChars cell, const char *const *words);
/* Up to 16 hex digits as they are, and more of them as a hash. FALSE: it is no hex. */
gboolean tw_value_token (TwChars cell, guint64 *token);
/* Of the flags of a cell "quality" those that no gate can find again. */
guint32  tw_value_source_flags (TwChars cell);
/* The same text has the same one. Never 0. */
guint64  tw_value_hash (TwChars text);

static inline TwChars
tw_value_chars (const char *text)
{
  return (TwChars) { text ? text : "", text ? (guint32) strlen (text) : 0 };
}

static inline TwText
tw_text_of (TwChars chars)
{
  return (TwText) { chars.text, chars.n };
}
