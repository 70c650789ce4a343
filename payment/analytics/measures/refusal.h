/* SPDX-License-Identifier: Apache-2.0 */
/* Why a model did not answer, in words. This folder's own. */
#pragma once

#include "payment/analytics/models/models.h"

/* A sentence; NULL: it answered. */
const char *tw_refusal_words (TwRefusal refusal);
