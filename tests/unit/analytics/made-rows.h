/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions that are made up, and an analysis of them. */
#pragma once

#include "payment/analytics/analysis.h"

/* Owns its texts. */
typedef struct { GArray *rows; GStringChunk *texts; } Made;

Made        *made_new  (void);
void         made_free (Made *self);
TwText       made_text (Made *self, const char *text);
/* At a port of a site, in seconds; end 0: still open; charged from and to, after the start: -1: unknown. Its id is its
 * number. */
TwSessionRow *made_add (Made *self, const char *site, const char *zone, const char *evse, gint64 start_s, gint64 end_s,
                        gint64 charge_from, gint64 charge_to, gint64 energy_wh);
/* n sessions of 8 ports in 4 zones within two days of this instant, with everything that a session may lack. */
Made        *made_fleet (guint32 seed, gint64 around_s, guint n);
/* In this order, by as many parts; terms NULL: as they are initialised. */
TwAnalysis  *made_analysis (const Made *self, const TwAnalysisTerms *terms, guint n_parts, gboolean backwards);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Made, made_free)
