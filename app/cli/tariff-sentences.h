/* SPDX-License-Identifier: Apache-2.0 */
/* A tariff's prices in the words of a language, one sentence a line, in the order that the law asks for. */
#pragma once

#include "payment/tariff/price-board.h"

/* wall_ms: when somebody begins. The limits and an example come last. */
void tw_price_board_describe (const TwPriceBoard *self, const TwTariff *tariff, gint64 wall_ms, const char *language,
                        GString *text);
