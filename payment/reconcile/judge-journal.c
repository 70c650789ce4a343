/* SPDX-License-Identifier: Apache-2.0 */
/* What the journal alone tells (facts: reconciliation.md section 6, rows 9 to 13, 18 to 21, 31 and 35). */
#include "payment/reconcile/judge-private.h"

#define DAY_US (G_GINT64_CONSTANT (86400) * G_USEC_PER_SEC)

static const TwChars none;

static gboolean
is_over (const TwCase *self)
{
  return self->sale->state != TW_SALE_OPEN;
}

static gboolean
capture_is_unknown (const TwCase *self)
{
  return self->sale->state == TW_SALE_UNKNOWN && self->captured == 0 &&
         tw_chars_are (self->sale->unknown_operation, "capture");
}

static void
duplicate_capture (const TwCase *self)
{
  TwFinding *finding;

  if (self->second <= 0)
    return;
  finding = tw_case_add (self, TW_CLASS_DUPLICATE_CAPTURE, -self->second, "one-capture", none);
  finding->exception.expected = self->captured;
  finding->exception.found = self->captured + self->second;
  tw_case_give_back (self, finding, FALSE);
}

static void
over_captured (const TwCase *self)
{
  const TwSale *sale = self->sale;
  gint64 allowed = G_MAXINT64;
  TwFinding *finding;

  if (sale->held_minor != TW_NOT_STATED)
    allowed = sale->held_minor;
  if (sale->price_minor != TW_NOT_STATED)
    allowed = MIN (allowed, sale->price_minor);
  if (self->captured <= 0 || self->captured <= allowed)
    return;
  finding = tw_case_add (self, TW_CLASS_OVER_CAPTURED, allowed - self->captured,
                         allowed == sale->price_minor ? "within-price" : "within-hold", none);
  finding->exception.expected = allowed;
  finding->exception.found = self->captured;
  tw_case_give_back (self, finding, TRUE);
}

static void
under_captured (const TwCase *self)
{
  gint64 price = tw_stated (self->sale->price_minor);
  TwFinding *finding;

  if (self->captured <= 0 || self->captured >= price)
    return;
  finding = tw_case_add (self, TW_CLASS_UNDER_CAPTURED, price - self->captured, "whole-price", none);
  finding->exception.expected = price;
  finding->exception.found = self->captured;
}

/* What the tariff asks for without a single kWh: a start fee, time. */
static gint64
billable_fee (const TwSale *sale)
{
  if (sale->repriced_minor != TW_NOT_STATED)
    return sale->repriced_minor;
  return tw_stated (sale->price_minor) - tw_stated (sale->energy_part_minor);
}

static void
captured_not_delivered (const TwCase *self)
{
  TwFinding *finding;

  if (self->captured <= 0 || self->sale->energy_wh != 0 || billable_fee (self->sale) > 0)
    return;
  finding = tw_case_add (self, TW_CLASS_CAPTURED_NOT_DELIVERED, -self->captured, "energy-for-money", none);
  finding->exception.expected = 0;
  finding->exception.found = self->captured;
  tw_case_give_back (self, finding, TRUE);
}

static void
delivered_not_captured (const TwCase *self)
{
  const TwSale *sale = self->sale;
  gint64 price = sale->price_minor != TW_NOT_STATED ? sale->price_minor : tw_stated (sale->repriced_minor);
  TwFinding *finding;

  if (!is_over (self) || self->captured > 0 || tw_stated (sale->energy_wh) <= 0 || sale->tariff_free || price <= 0 ||
      capture_is_unknown (self))
    return;
  finding = tw_case_add (self, TW_CLASS_DELIVERED_NOT_CAPTURED, price, "money-for-energy", none);
  finding->exception.expected = price;
  finding->exception.found = 0;
}

static void
tariff_mismatch (const TwCase *self)
{
  const TwSale *sale = self->sale;
  TwFinding *finding;

  if (sale->price_minor == TW_NOT_STATED || sale->repriced_minor == TW_NOT_STATED ||
      sale->price_minor == sale->repriced_minor)
    return;
  finding = tw_case_add (self, TW_CLASS_TARIFF_MISMATCH, sale->price_minor - sale->repriced_minor, "priced-again",
                         none);
  finding->exception.expected = sale->repriced_minor;
  finding->exception.found = sale->price_minor;
  if (sale->price_minor > sale->repriced_minor)
    tw_case_give_back (self, finding, TRUE);
}

static void
price_display_mismatch (const TwCase *self)
{
  const TwSale *sale = self->sale;
  gint64 charged = tw_stated (sale->price_minor);
  gint64 shown = sale->shown_minor != TW_NOT_STATED ? sale->shown_minor : charged;
  TwFinding *finding;

  if (sale->tariff_shown.n == 0 || sale->tariff_priced.n == 0 ||
      tw_chars_equal (sale->tariff_shown, sale->tariff_priced))
    return;
  finding = tw_case_add (self, TW_CLASS_PRICE_DISPLAY_MISMATCH, charged - shown, "shown-is-charged", none);
  finding->exception.expected = sale->shown_minor;
  finding->exception.found = charged;
  finding->exception.detail = sale->tariff_priced;
  if (charged > shown)
    tw_case_give_back (self, finding, TRUE);
}

static void
auth_never_released (const TwCase *self)
{
  const TwSale *sale = self->sale;
  TwFinding *finding;

  if (sale->state != TW_SALE_HELD || self->captured > 0)
    return;
  finding = tw_case_add (self, TW_CLASS_AUTH_NEVER_RELEASED, tw_stated (sale->held_minor), "hold-ends", none);
  if (tw_sale_instant (sale) != TW_NOT_STATED &&
      self->judge->terms->as_of_us - tw_sale_instant (sale) > DAY_US)
    finding->exception.severity = 4;
}

/* A refund's line is certainty too. */
static void
outcome_unknown (const TwCase *self)
{
  const TwSale *sale = self->sale;
  TwFinding *finding;

  if (sale->state != TW_SALE_UNKNOWN)
    return;
  if (tw_chars_are (sale->unknown_operation, "capture") && self->captured > 0)
    return;
  if (tw_chars_are (sale->unknown_operation, "refund") && self->refunds > 0 && self->refunds == sale->refunded_minor)
    return;
  finding = tw_case_add (self, TW_CLASS_OUTCOME_UNKNOWN, tw_stated (sale->unknown_minor), "certain-answer", none);
  finding->exception.detail = sale->unknown_operation;
}

static void
advice_mismatch (const TwCase *self)
{
  const TwSale *sale = self->sale;
  TwFinding *finding;

  if (sale->advised_minor == TW_NOT_STATED || sale->advised_minor == self->captured)
    return;
  finding = tw_case_add (self, TW_CLASS_ADVICE_MISMATCH, self->captured - sale->advised_minor, "advised-is-captured",
                         none);
  finding->exception.expected = self->captured;
  finding->exception.found = sale->advised_minor;
}

/* Captured too late, or not at all and the hold is gone. A hold that nothing was billed on may well run out. */
static void
hold_expired (const TwCase *self)
{
  const TwSale *sale = self->sale;
  gint64 price = tw_stated (sale->price_minor);
  gint64 captured_us = self->captured > 0 && sale->captured_us != TW_NOT_STATED ? sale->captured_us
                       : self->captured > 0                                     ? G_MININT64
                                                                                : self->judge->terms->as_of_us;
  TwFinding *finding;

  if (sale->hold_until_us == TW_NOT_STATED || !is_over (self) || price <= 0 || captured_us <= sale->hold_until_us ||
      sale->state == TW_SALE_RELEASED || sale->state == TW_SALE_NO_HOLD)
    return;
  finding = tw_case_add (self, TW_CLASS_HOLD_EXPIRED, price, "capture-in-time", none);
  finding->exception.due_us = sale->hold_until_us;
}

const TwCheck tw_journal_checks[] = {
  duplicate_capture, over_captured, under_captured, captured_not_delivered, delivered_not_captured, tariff_mismatch,
  price_display_mismatch, auth_never_released, outcome_unknown, advice_mismatch, hold_expired, NULL,
};
