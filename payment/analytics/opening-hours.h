/* SPDX-License-Identifier: Apache-2.0 */
/* Opening hours as a list of ports has them: "24/7", or rules with a semicolon between, of which the later one has its
 * days: "Mo-Fr 08:00-20:00; Sa,Su 10:00-14:00,15:00-18:00; We off". Without days: every day. Times that end at or
 * before their begin end on the next day; 24:00 is midnight. A part of OpenStreetMap's opening_hours, with its meaning.
 */
#pragma once

#include "payment/analytics/stretches.h"
#include "payment/analytics/zone.h"

typedef struct _TwOpeningHours TwOpeningHours;

/* BAD_DATA: something else stands there. */
TwOpeningHours *tw_opening_hours_parse (const char *text, GError **error);
void            tw_opening_hours_free  (TwOpeningHours *self);
/* When it is open within [from, until). */
GArray         *tw_opening_hours_stretches (const TwOpeningHours *self, TwZone *zone, gint64 from, gint64 until);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwOpeningHours, tw_opening_hours_free)
