/* SPDX-License-Identifier: Apache-2.0 */
/* What is left of a loss that a person wrote off: the finding is there still, or it has become another one that is
 * about the same money. Other findings of the sale are no loss of that money.
 */
#include "payment/reconcile/judge-private.h"
#include "payment/reconcile/manual.h"

/* That the service settles what was captured; that what was delivered is captured, and then settled; that what was
 * given back is settled. */
typedef enum { ITSELF, SETTLEMENT, CAPTURE, REFUND } About;

/* What was asked without an answer, and is answered now: a refund, if there is one. */
static About
about (const TwManual *manual, const TwSale *sale)
{
  switch ((int) manual->class_)
    {
    case TW_CLASS_MISSING_IN_SETTLEMENT:
    case TW_CLASS_AMOUNT_UNDER:
      return SETTLEMENT;
    case TW_CLASS_DELIVERED_NOT_CAPTURED:
    case TW_CLASS_UNDER_CAPTURED:
    case TW_CLASS_HOLD_EXPIRED:
      return CAPTURE;
    case TW_CLASS_OUTCOME_UNKNOWN:
      return tw_stated (sale->refunded_minor) > 0 ? REFUND : CAPTURE;
    default:
      return ITSELF;
    }
}

static gboolean
is_about_settlement (const TwException *exception)
{
  switch ((int) exception->class_)
    {
    case TW_CLASS_MISSING_IN_SETTLEMENT:
    case TW_CLASS_AMOUNT_UNDER:
    case TW_CLASS_MATCHED_WITHIN_TOLERANCE:
    case TW_CLASS_AMBIGUOUS:
    case TW_CLASS_CURRENCY_MISMATCH:
    case TW_CLASS_DELIVERED_NOT_CAPTURED:
      return TRUE;
    case TW_CLASS_EXPECTED:
      return g_strcmp0 (exception->rule, TW_RULE_SETTLEMENT_DUE) == 0;
    case TW_CLASS_OUTCOME_UNKNOWN:
      return tw_chars_are (exception->detail, "capture");
    default:
      return FALSE;
    }
}

static gboolean
is_about_refund (const TwException *exception)
{
  return exception->class_ == TW_CLASS_REFUND_UNMATCHED ||
         (exception->class_ == TW_CLASS_EXPECTED && g_strcmp0 (exception->rule, TW_RULE_REFUND_DUE) == 0);
}

static gboolean
is_about (About about, const TwException *exception)
{
  switch (about)
    {
    case ITSELF:
      return FALSE;
    case SETTLEMENT:
      return is_about_settlement (exception);
    case CAPTURE:
      return exception->class_ == TW_CLASS_UNDER_CAPTURED || is_about_settlement (exception);
    case REFUND:
      return is_about_refund (exception);
    }
  g_assert_not_reached ();
}

/* Of a line in another currency it is what it leaves open of the sale. */
static gint64
loss_in (const TwFinding *finding, const char *currency)
{
  if (tw_same_currency (finding->exception.currency, currency))
    return MAX (finding->exception.stake_minor, 0);
  if (finding->exception.class_ == TW_CLASS_CURRENCY_MISMATCH && tw_same_currency (finding->other_currency, currency))
    return MAX (finding->other_listed, 0);
  return 0;
}

gint64
tw_written_off_left (const TwManual *manual, const TwSale *sale, const TwVerdict *verdict)
{
  About what = about (manual, sale);
  gint64 left = 0;

  for (guint i = 0; i < verdict->findings->len; i++)
    {
      const TwFinding *finding = &g_array_index (verdict->findings, TwFinding, i);

      if (tw_exception_may_be (&finding->exception, manual->case_id))
        return manual->amount_minor;           /* with what stake, the case list tells */
      if (is_about (what, &finding->exception)
          && __builtin_add_overflow (left, loss_in (finding, manual->currency), &left))
        return manual->amount_minor;
    }
  return MIN (left, manual->amount_minor);
}
