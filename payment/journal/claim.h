/* SPDX-License-Identifier: Apache-2.0 */
/* What one session knows about its hold, what it wants to become of it, and what to ask next. The promise rests here:
 * a hold ends in exactly one capture, one release, or one named item on the operator's list. Pure values; the running
 * station, its replay after a crash, the tools and the exhaustive search all use these same functions. Any thread.
 */
#pragma once

#include <glib.h>

typedef enum
{
  TW_HOLD_NONE,      /* none can exist */
  TW_HOLD_ASKED,     /* a request may be out: it may exist */
  TW_HOLD_LIVE,      /* it exists, or has existed */
} TwHold;

typedef enum { TW_WISH_NONE, TW_WISH_CAPTURE, TW_WISH_RELEASE } TwWish;

typedef enum
{
  TW_REQUEST_NONE,
  TW_REQUEST_OPEN,    /* intended in the journal; asked perhaps, answered not */
  TW_REQUEST_DONE,
  TW_REQUEST_REFUSED, /* a definite no */
} TwRequestState;

typedef struct
{
  TwHold         hold;
  TwWish         wish;
  TwRequestState request;   /* of the wish */
  gboolean       doubt;     /* an approval was heard while a release was out: that release may have come too early */
  gboolean       named;     /* is an item on the operator's list */
} TwClaim;

typedef enum
{
  TW_NEXT_NOTHING,
  TW_NEXT_REQUEST,    /* journal a new request with a key of its own, then send it */
  TW_NEXT_REPEAT,     /* send the open one again: same key, same bytes */
  TW_NEXT_NAME,       /* put it on the operator's list */
} TwNext;

TwClaim  tw_claim_referenced (TwClaim self);                  /* a request for a hold is about to go out */
TwClaim  tw_claim_approved (TwClaim self);                    /* also late, for a session that is over */
TwClaim  tw_claim_no_hold (TwClaim self);                     /* declined, or proven never sent */
TwClaim  tw_claim_wish (TwClaim self, TwWish wish);           /* the first one stands */
TwClaim  tw_claim_requested (TwClaim self);
TwClaim  tw_claim_answered (TwClaim self, TwRequestState definite);
TwClaim  tw_claim_name (TwClaim self);

TwNext   tw_claim_next (TwClaim self);
/* Nothing more will ever have to be asked, and every hold has its end. */
gboolean tw_claim_closed (TwClaim self);
