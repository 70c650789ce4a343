/* SPDX-License-Identifier: Apache-2.0 */
/* The defaults (facts: reconciliation.md sections 2 and 5), and what a tolerance and a banking day are. */
#include "payment/reconcile/terms.h"

#include <string.h>

#include "payment/money/money.h"

#define DAY_US (G_GINT64_CONSTANT (86400) * G_USEC_PER_SEC)
#define PERCENT_E6 G_GINT64_CONSTANT (1000000)

void
tw_reconcile_terms_init (TwReconcileTerms *terms)
{
  *terms = (TwReconcileTerms) {
    .time_zone = "UTC",
    .fee = { .percent_e6 = 2 * PERCENT_E6 },
    .bank_converted = { .percent_e6 = PERCENT_E6 },
    .energy_tolerance_wh = 50,
    .settlement_days = 5,
    .payout_days = 3,
    .fee_fixed_minor = TW_NOT_STATED,
    .fee_percent_e6 = TW_NOT_STATED,
  };
}

/* amount * percent, half away from zero. */
gint64
tw_percent_of (gint64 amount, gint64 percent_e6)
{
  __int128 scaled = (__int128) amount * percent_e6;
  __int128 unit = (__int128) 100 * PERCENT_E6;
  __int128 half = scaled < 0 ? -unit / 2 : unit / 2;

  return (gint64) CLAMP ((scaled + half) / unit, (__int128) -G_MAXINT64, (__int128) G_MAXINT64);
}

/* Not rounded: a difference of 1 is not within 0.6. */
gboolean
tw_within (TwTolerance tolerance, const char *currency, gint64 difference, gint64 expected)
{
  int digits = tw_currency_digits (currency);
  __int128 size = difference < 0 ? -(__int128) difference : difference;
  __int128 whole = expected < 0 ? -(__int128) expected : expected;
  __int128 size_e6 = size;

  if (size == 0)
    return TRUE;
  for (int i = MAX (digits, 0); i < 6; i++)
    size_e6 *= 10;
  /* What a currency's minor unit is worth must be known for an amount; a share is one in any. */
  return (digits >= 0 && size_e6 <= tolerance.absolute_e6) || size * 100 * PERCENT_E6 <= whole * tolerance.percent_e6;
}

gboolean
tw_fee_deviates (const TwReconcileTerms *terms, const char *currency, const char *net_currency, gint64 gross,
                 gint64 fee, gint64 *expected)
{
  gint64 fixed = terms->fee_fixed_minor, percent = terms->fee_percent_e6;

  if ((fixed == TW_NOT_STATED && percent == TW_NOT_STATED) || fee == TW_NOT_STATED || gross == TW_NOT_STATED ||
      memcmp (currency, net_currency, 4) != 0)
    return FALSE;
  *expected = (fixed == TW_NOT_STATED ? 0 : fixed) + (percent == TW_NOT_STATED ? 0 : tw_percent_of (gross, percent));
  /* One minor unit may be a matter of rounding, whatever it is worth. */
  return ABS (fee - *expected) > 1 && !tw_within (terms->fee, currency, fee - *expected, *expected);
}

static gint64
floor_days (gint64 us)
{
  return us >= 0 ? us / DAY_US : -((-us + DAY_US - 1) / DAY_US);
}

gint32
tw_local_day (GTimeZone *zone, gint64 us)
{
  int interval = g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, us / G_USEC_PER_SEC);
  gint64 offset_s = interval < 0 ? 0 : g_time_zone_get_offset (zone, interval);

  return (gint32) CLAMP (floor_days (us + offset_s * G_USEC_PER_SEC), G_MININT32 + 1, G_MAXINT32);
}

/* 0: Monday. 1 January 1970 was a Thursday. */
static guint
weekday (gint64 day)
{
  return (guint) (((day + 3) % 7 + 7) % 7);
}

gint32
tw_banking_day_after (gint32 day, guint banking_days)
{
  gint64 weeks = banking_days / 5;
  gint64 at = day;

  for (guint left = banking_days % 5; left > 0; left--)
    do
      at++;
    while (weekday (at) > 4);
  return (gint32) MIN (at + 7 * weeks, G_MAXINT32);
}

gint64
tw_banking_instant_after (GTimeZone *zone, gint64 us, guint banking_days)
{
  gint32 day = tw_local_day (zone, us);

  return us + (tw_banking_day_after (day, banking_days) - (gint64) day) * DAY_US;
}

char *
tw_amount_text (gint64 minor, const char *currency)
{
  if (minor == TW_NOT_STATED)
    return g_strdup ("no amount");
  if (tw_currency_digits (currency) < 0)
    return g_strdup_printf ("%" G_GINT64_FORMAT " %s", minor, currency);
  return tw_money_to_text (tw_money (minor, currency));
}
