/* SPDX-License-Identifier: Apache-2.0 */
/* Receipts to render. The amounts in them are calculated by hand, see sample.c. */
#pragma once

#include "payment/receipt/receipt.h"

TwReceipt *sample_blank (const char *currency);   /* who and where; nothing happened */
TwReceipt *sample_paid (void);                    /* energy and parking, captured, rest released */
TwReceipt *sample_two_rates (void);               /* two rates, a maximum, more than the hold; all pending */
TwReceipt *sample_declined (void);
TwReceipt *sample_no_energy (void);               /* hold released */
TwReceipt *sample_stuck (void);                   /* as no_energy, and the release was refused */
TwReceipt *sample_unknown (void);                 /* the payment service did not answer */
TwReceipt *sample_failed (void);                  /* capture refused; time in ms; price without a known tax */

typedef struct { const char *name; TwReceipt *(*make) (void); } Sample;
extern const Sample samples[];
extern const guint n_samples;

/* Prices a session by a tariff whose text has single quotes for double ones. */
void       sample_price (TwReceipt *receipt, const char *tariff, gint64 wh, gint64 charging_ms, gint64 parking_ms);
