/* SPDX-License-Identifier: Apache-2.0 */
/* What a card that was read is answered with: here, and only here, card data turns into something that leaves the
 * process. app/reader's own header.
 */
#pragma once

#include "app/reader/serving.h"
#include "payment/card/card.h"

/* "card". FALSE: the socket is gone. */
gboolean    tw_answer_card (TwServing *serving, const TwMessage *request, TwCardRead *read, GError **error);

/* "card" and "sealed": the body with the card's fields, encrypted to the gateway's key. Otherwise nothing is sent,
 * and the code to fail with comes back; NULL with error set: the socket is gone. */
const char *tw_answer_sealed (TwServing *serving, const TwMessage *request, TwCardRead *read, guint in_field_ms,
                              GError **error);
