/* SPDX-License-Identifier: Apache-2.0 */
/* DE55: what the issuer's host needs to check the cryptogram, from an allow-list, so that 56, 57, 5A, 5F20, 5F24, 99,
 * 9F0B, 9F1F and 9F20 cannot slip through (cybersource-ev.md section 4). Any thread.
 */
#pragma once

#include "payment/card/candidates.h"
#include "payment/card/card-data.h"
#include "payment/card/card.h"
#include "payment/card/terminal.h"

/* FALSE: the mandatory ones alone do not fit, or one is missing; nothing is ever truncated. Conditional and optional
 * ones are added while they fit. */
gboolean tw_emv_tags_build (guint8 out[TW_EMV_TAGS_MOST], gsize *len, const TwCardData *data,
                            const TwTerminalData *terminal, const TwCandidate *application, gboolean device_cvm);
