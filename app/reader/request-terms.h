/* SPDX-License-Identifier: Apache-2.0 */
/* What a request means to a card: the terminal's and the transaction's data. app/reader's own header. */
#pragma once

#include "app/reader/message.h"
#include "app/reader/service.h"
#include "payment/card/card.h"

/* NULL: it can be tried; otherwise the code to answer with before any field goes on. Strings are the message's and the
 * configuration's. The unpredictable number is left to each run. */
const char *tw_request_terms (const TwService *service, const TwMessage *message, TwTerminal *terminal,
                              TwTransaction *transaction);
