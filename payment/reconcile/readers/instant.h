/* SPDX-License-Identifier: Apache-2.0 */
/* Times as files write them, as instants. A time without an offset is what a clock on a wall said: its zone makes it an
 * instant. In the hour that comes twice it is the second one, in the hour that is left out what comes after it. One
 * thread. This folder's own.
 */
#pragma once

#include "payment/reconcile/sale.h"

typedef struct _TwZone TwZone;
typedef struct _TwZones TwZones;

/* fallback: of times whose zone is not told, or not known; NULL: they are refused. BAD_DATA: that one is not known. */
TwZones *tw_zones_new (const char *fallback, GError **error);
void     tw_zones_free (TwZones *self);
/* An IANA name, or an abbreviation of Europe's: CET is the civil time of central Europe, CEST is UTC+2. Empty, unknown:
 * the fallback; NULL if there is none. Borrowed. */
TwZone  *tw_zones_find (TwZones *self, TwChars name);

/* "2026-03-01 12:30:59", with T, fraction, Z or +01:00 if it likes. FALSE: not a time, or none without a zone. */
gboolean tw_instant_parse (TwChars text, TwZone *zone, gint64 *us);
/* Takes ".5" or ".123456" off p, or nothing; what is finer than a microsecond is cut off. Returns what follows. */
const char *tw_instant_fraction (const char *p, const char *end, gint64 *us);
/* "2026-03-01" as days since 1970. */
gboolean tw_day_parse (TwChars text, gint32 *day);
gboolean tw_day_from_parts (gint64 year, gint64 month, gint64 day, gint32 *days);
gint64   tw_zone_to_us (TwZone *self, gint64 local_s);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwZones, tw_zones_free)
