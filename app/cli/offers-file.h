/* SPDX-License-Identifier: Apache-2.0 */
/* What the verbs about offers share: the file, and rules in words. */
#pragma once

#include "app/cli/verb.h"
#include "app/bus/client.h"
#include "payment/offer/offer.h"

/* The file's text, checked as the station checks it; NULL, and a complaint. */
char *tw_offers_file_read (const TwVerb *verb, const char *path, TwOffers **offers);
/* "third-of-month: The third charge in a month with the same card: 10% off" */
char *tw_offer_line (const char *id, const TwOfferRule *rule);
/* At the running station. path NULL: they are withdrawn. */
TwExit tw_offers_order (const TwVerb *verb, const char *path, const TwBusOffersOrder *what);
