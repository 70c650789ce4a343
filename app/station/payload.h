/* SPDX-License-Identifier: Apache-2.0 */
/* The entries' payloads, as payment/journal/README.md lists them. Pure. */
#pragma once

#include "app/station/core.h"

GBytes    *tw_payload_started (const TwConfig *config);
GBytes    *tw_payload_activated (const TwActivation *activation);
/* hash NULL: they are withdrawn. */
GBytes    *tw_payload_offers (const char *hash, gint64 valid_from_us, gint64 valid_until_us);
GBytes    *tw_payload_granted (const TwOfferRule *rule, const TwOfferHistory *history, const char *hash);
GBytes    *tw_payload_offered (const TwRecord *draft);
GBytes    *tw_payload_language (const char *language);
GBytes    *tw_payload_step (const char *event, const char *from, const char *to, const char *place, guint connector,
                            const char *reason);
GBytes    *tw_payload_referenced (GBytes *reference, const TwCard *card, const char *key, const char *digest);
GBytes    *tw_payload_take_end (const TwTakeResult *result, gboolean late);
GBytes    *tw_payload_request (guint n, const char *operation, const char *key, gint64 amount_minor);
/* The same, of a repair: with the case and who confirmed it. */
GBytes    *tw_payload_repair (guint n, const TwRepairOrder *order, const char *key);
GBytes    *tw_payload_answer (guint n, const char *key, const char *outcome, const char *detail, GBytes *reference);
GBytes    *tw_payload_reading (const TwMark *mark, const char *why);
GBytes    *tw_payload_bill (const TwRecord *record, const TwBill *bill, gint64 capture_minor, guint64 receipt);
GBytes    *tw_payload_visit (const TwVisit *visit, const char *end);
GBytes    *tw_payload_receipt_fetched (const char *how);
GBytes    *tw_payload_finding (const char *class_, gint64 amount_minor, const char *text, gboolean ends_claim);
