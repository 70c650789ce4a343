/* SPDX-License-Identifier: Apache-2.0 */
/* What a record comes to: is it over, and where is its money. */
#include "payment/journal/record.h"

gboolean
tw_record_closed (const TwRecord *self)
{
  return self->place == TW_PLACE_OVER && tw_claim_closed (self->claim) && tw_repairs_open (self->repairs) == NULL;
}

const char *
tw_record_money (const TwRecord *self)
{
  const TwRepair *end = tw_repairs_end_of_hold (self->repairs);

  if (end != NULL)
    return g_str_equal (end->operation, "capture") ? "captured" : "released";
  if (self->claim.wish == TW_WISH_NONE)
    return self->claim.hold == TW_HOLD_LIVE ? "held" : self->claim.hold == TW_HOLD_ASKED ? "asked" : "no-hold";
  if (self->claim.request == TW_REQUEST_REFUSED)
    return "refused";
  if (self->claim.request == TW_REQUEST_DONE)
    return self->claim.wish == TW_WISH_CAPTURE ? "captured" : "released";
  if (self->claim.request == TW_REQUEST_NONE && self->claim.hold == TW_HOLD_NONE)
    return "no-hold";
  return self->claim.wish == TW_WISH_CAPTURE ? "capture-pending" : "release-pending";
}

gint64
tw_record_captured_minor (const TwRecord *self)
{
  const TwRepair *end = tw_repairs_end_of_hold (self->repairs);

  if (end != NULL)
    return g_str_equal (end->operation, "capture") ? end->amount_minor : 0;
  if (self->claim.wish == TW_WISH_CAPTURE && self->claim.request == TW_REQUEST_DONE)
    return self->request_amount_minor;
  return 0;
}

gint64
tw_record_grace_left_ms (const TwRecord  *self,
                         const TwInstant *at)
{
  if (self->n_marks > 0 && self->last.phase == TW_PHASE_PARKING)
    return 0;
  if (self->n_marks == 0 || self->last.phase != TW_PHASE_GRACE)
    return self->idle_grace_ms;
  return MAX (self->idle_grace_ms - tw_instant_elapsed_us (&self->grace_since, at) / 1000, 0);
}
