/* SPDX-License-Identifier: Apache-2.0 */
/* The charging periods of an OCPI charge detail record (2.2.1 and 2.3.0, mod_cdrs), to be priced again. Its totals are
 * not read. Pure; any thread, read-only.
 */
#pragma once

#include "payment/tariff/pricer.h"

#define TW_CDR_MAX_BYTES (4 * 1024 * 1024)

typedef struct _TwCdr TwCdr;

/* BAD_DATA names the JSON path, what is wrong and what is accepted. A period's length comes from the timestamps; where
 * it has several kinds of time, their volumes split it: reservation, charging, parking. Volumes that are more than a
 * second off are scaled to the timestamps and flagged; what is finer than a mWh or a ms is rounded and flagged. */
TwCdr        *tw_cdr_parse (GBytes *bytes, GError **error);
void          tw_cdr_free (TwCdr *self);

const char   *tw_cdr_id (const TwCdr *self);          /* NULL: not given */
const char   *tw_cdr_currency (const TwCdr *self);    /* NULL: not given */
const char   *tw_cdr_time_zone (const TwCdr *self);   /* of cdr_location or location; NULL: not given */
guint         tw_cdr_n_spans (const TwCdr *self);
const TwSpan *tw_cdr_span (const TwCdr *self, guint i);
gboolean      tw_cdr_states_energy (const TwCdr *self);   /* FALSE: no period says how much, be it nothing */
gint64        tw_cdr_energy_mwh (const TwCdr *self);
gint64        tw_cdr_duration_ms (const TwCdr *self, TwPhase phase);

/* All of it, into a pricer that is new. */
void          tw_cdr_feed (const TwCdr *self, TwPricer *pricer);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwCdr, tw_cdr_free)
