/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/offer/offer.h"

#include "app/base/error.h"
#include "payment/money/decimal.h"

const TwOfferRule TW_OFFER_PROPOSALS[] = {
  { .id = (char *) "second-of-month", .condition = { .charges_in_month = 2 } },
  { .id = (char *) "third-of-month", .condition = { .charges_in_month = 3 } },
  { .id = (char *) "fifth-of-month", .condition = { .charges_in_month = 5 } },
  { .id = (char *) "after-30-days", .condition = { .days_since_last = 30 } },
  { .id = (char *) "after-60-days", .condition = { .days_since_last = 60 } },
  { .id = (char *) "after-90-days", .condition = { .days_since_last = 90 } },
  { NULL },
};

gboolean
tw_offer_holds (const TwOfferCondition *condition,
                const TwOfferHistory   *history)
{
  if (condition->charges_in_month != 0 && condition->charges_in_month != history->charges_in_month)
    return FALSE;
  return condition->days_since_last == 0 || history->days_since_last >= condition->days_since_last;
}

gboolean
tw_offer_parse_percent (const char  *text,
                        guint       *discount_bp,
                        GError     **error)
{
  TwDecimal percent;
  gint64 bp;

  if (!tw_decimal_parse (text, 2, &percent, error))
    return FALSE;
  bp = percent.units;
  for (guint scale = percent.scale; scale < 2 && bp <= TW_OFFER_WHOLE_BP; scale++)
    bp *= 10;
  if (bp > 0 && bp <= TW_OFFER_WHOLE_BP)
    {
      *discount_bp = (guint) bp;
      return TRUE;
    }
  return tw_bad_data (error, "%.20s is no discount: expected percent above 0 and at most 100", text);
}

char *
tw_offer_percent_text (guint discount_bp)
{
  if (discount_bp % 100 == 0)
    return g_strdup_printf ("%u", discount_bp / 100);
  return discount_bp % 10 == 0 ? g_strdup_printf ("%u.%u", discount_bp / 100, discount_bp / 10 % 10)
                               : g_strdup_printf ("%u.%02u", discount_bp / 100, discount_bp % 100);
}

void
tw_offer_put_condition (TwJsonOut              *out,
                        const TwOfferCondition *condition)
{
  tw_json_out_begin_object (out, "condition");
  if (condition->charges_in_month != 0)
    tw_json_out_int64 (out, "charges_in_month", condition->charges_in_month);
  if (condition->days_since_last != 0)
    tw_json_out_int64 (out, "days_since_last", condition->days_since_last);
  tw_json_out_end (out);
}
