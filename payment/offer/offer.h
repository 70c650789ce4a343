/* SPDX-License-Identifier: Apache-2.0 */
/* Offers to people who come back: a rule says after which history of a card its charge is how much cheaper. A station
 * judges it by its own journal alone, and the report tells by the same functions what it would have cost. A file of
 * rules is documented in README.md. Not here: who a card is, and any clock. Pure; any thread.
 */
#pragma once

#include "app/base/json.h"

#define TW_OFFERS_MAX_BYTES (16 * 1024)
#define TW_MOST_OFFERS 16
#define TW_OFFER_MOST_CHARGES 100
#define TW_OFFER_MOST_DAYS 366         /* fingerprints' keys do not live longer than 13 months */
#define TW_OFFER_WHOLE_BP 10000        /* hundredths of a percent */

/* All that are not 0 must hold. */
typedef struct
{
  guint charges_in_month;              /* it is this one of its local month, counted from 1 */
  guint days_since_last;               /* the charge before it was at least so many local days earlier */
} TwOfferCondition;

/* Of one card at one station, when it comes again. days_since_last -1: it was never here before. */
typedef struct { guint charges_in_month; gint64 days_since_last; } TwOfferHistory;

gboolean tw_offer_holds (const TwOfferCondition *condition, const TwOfferHistory *history);

/* discount_bp: hundredths of a percent of the price with tax, 1 to 10000; 0: nobody has chosen it. */
typedef struct { char *id; TwOfferCondition condition; guint discount_bp; } TwOfferRule;

/* What the report looks at; id NULL ends it. */
extern const TwOfferRule TW_OFFER_PROPOSALS[];

typedef struct _TwOffers TwOffers;

/* BAD_DATA: the place, what is wrong, what is accepted. A rule without a discount is one that nobody has chosen yet. */
TwOffers          *tw_offers_parse (GBytes *bytes, GError **error);
void               tw_offers_free  (TwOffers *self);
guint              tw_offers_n     (const TwOffers *self);
const TwOfferRule *tw_offers_nth   (const TwOffers *self, guint i);
const char        *tw_offers_hash  (const TwOffers *self);      /* lower-case hex SHA-256 of the file's bytes */
/* The largest discount of those that hold, of equal ones the first; NULL: none holds. */
const TwOfferRule *tw_offers_choose (const TwOffers *self, const TwOfferHistory *history);

/* "10", "7.5": percent with at most two decimals, above 0 and at most 100. FALSE: BAD_DATA. */
gboolean           tw_offer_parse_percent (const char *text, guint *discount_bp, GError **error);
char              *tw_offer_percent_text  (guint discount_bp);
void               tw_offer_put_condition (TwJsonOut *out, const TwOfferCondition *condition);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwOffers, tw_offers_free)
