/* SPDX-License-Identifier: Apache-2.0 */
/* Kernel 3: Visa qVSDC, online only (Book C-3). The decisions alone: what the card gave in, what to do out. The
 * dialogue is card.c's. Any thread.
 */
#pragma once

#include "payment/card/card-data.h"
#include "payment/card/card.h"
#include "payment/card/terminal.h"

typedef enum { TW_CRYPTOGRAM_AAC, TW_CRYPTOGRAM_TC, TW_CRYPTOGRAM_ARQC, TW_CRYPTOGRAM_UNKNOWN } TwCryptogram;
typedef enum { TW_HOLDER_NOT_VERIFIED, TW_HOLDER_BY_DEVICE, TW_HOLDER_NOT_POSSIBLE } TwHolder;

/* From 9F27, or from the card verification results in 9F10 where the card leaves 9F27 out. */
TwCryptogram tw_kernel3_cryptogram (const TwCardData *data);

/* Section 5's table for a terminal without PIN pad and signature. */
TwHolder     tw_kernel3_holder (const TwCardData *data, gboolean cvm_required);

/* All of it; *holder is set for TW_CARD_ONLINE. */
TwCardEnd    tw_kernel3_decide (const TwCardData *data, const TwTerminalData *terminal, TwHolder *holder);
