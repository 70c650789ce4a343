/* SPDX-License-Identifier: Apache-2.0 */
/* Private to payment/ocmf: what a record's readings are together, and what begin and end make of each other. */
#pragma once

#include "payment/ocmf/transaction.h"

typedef enum
{
  TW_OCMF_SHAPE_NONE,     /* no events: fiscal */
  TW_OCMF_SHAPE_MIDDLE,
  TW_OCMF_SHAPE_BEGIN,
  TW_OCMF_SHAPE_END,
  TW_OCMF_SHAPE_WHOLE,    /* begin and end */
  TW_OCMF_SHAPE_BROKEN,   /* two begins, an end before its begin, ... */
} TwOcmfShapeKind;

/* Readings of one event, one for each register. */
typedef struct { const TwOcmfReading *first; guint n; } TwOcmfEvent;

typedef struct { TwOcmfShapeKind kind; TwOcmfEvent begin, end; gboolean times_grow; } TwOcmfShape;

void tw_ocmf_shape_of (const TwOcmfRecord *record, TwOcmfShape *shape);
/* Adds what is wrong with the record alone, and its begin and end. */
void tw_ocmf_shape_check (TwOcmfCase *self, const TwOcmfShape *shape);
/* The same case twice where one record has both. Findings and energy go to the end. */
void tw_ocmf_sale_check (TwOcmfCase *begin, const TwOcmfShape *begin_shape, TwOcmfCase *end,
                         const TwOcmfShape *end_shape, const TwOcmfRules *rules);
