/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/journal/claim.h"

TwClaim
tw_claim_referenced (TwClaim self)
{
  self.hold = TW_HOLD_ASKED;
  return self;
}

TwClaim
tw_claim_approved (TwClaim self)
{
  self.hold = TW_HOLD_LIVE;
  if (self.wish != TW_WISH_RELEASE)
    return self;

  /* Late: the session was already being undone. A release that was answered "nothing there" did not undo this; one
   * that is still out may have overtaken the authorization. Either way one more is needed; a payment service
   * answers "already reversed" to a needless one. */
  if (self.request == TW_REQUEST_OPEN)
    self.doubt = TRUE;
  else
    self.request = TW_REQUEST_NONE;
  return self;
}

TwClaim
tw_claim_no_hold (TwClaim self)
{
  if (self.hold == TW_HOLD_ASKED)
    self.hold = TW_HOLD_NONE;
  return self;
}

TwClaim
tw_claim_wish (TwClaim self,
               TwWish  wish)
{
  if (self.wish == TW_WISH_NONE)
    self.wish = wish;
  return self;
}

TwClaim
tw_claim_requested (TwClaim self)
{
  self.request = TW_REQUEST_OPEN;
  return self;
}

TwClaim
tw_claim_answered (TwClaim        self,
                   TwRequestState definite)
{
  if (self.request != TW_REQUEST_OPEN)
    return self;

  self.request = self.doubt ? TW_REQUEST_NONE : definite;
  self.doubt = FALSE;
  return self;
}

TwClaim
tw_claim_name (TwClaim self)
{
  self.named = TRUE;
  return self;
}

TwNext
tw_claim_next (TwClaim self)
{
  if (self.wish == TW_WISH_NONE)
    return TW_NEXT_NOTHING;

  switch (self.request)
    {
    case TW_REQUEST_OPEN:
      return TW_NEXT_REPEAT;
    case TW_REQUEST_DONE:
      return TW_NEXT_NOTHING;
    case TW_REQUEST_REFUSED:
      return self.named ? TW_NEXT_NOTHING : TW_NEXT_NAME;
    case TW_REQUEST_NONE:
      return self.hold == TW_HOLD_NONE ? TW_NEXT_NOTHING : TW_NEXT_REQUEST;
    }
  g_assert_not_reached ();
}

gboolean
tw_claim_closed (TwClaim self)
{
  if (self.hold == TW_HOLD_NONE && self.request != TW_REQUEST_OPEN)
    return TRUE;

  return self.wish != TW_WISH_NONE && tw_claim_next (self) == TW_NEXT_NOTHING;
}
