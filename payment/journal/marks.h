/* SPDX-License-Identifier: Apache-2.0 */
/* From readings to what was used between them. This folder's own. */
#pragma once

#include "payment/journal/record.h"

void tw_record_add_mark (TwRecord *self, const TwMark *mark);
