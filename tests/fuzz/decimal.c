/* SPDX-License-Identifier: Apache-2.0 */
/* needs: money_dep */
/* A value or an error, and what a value prints is read as the same value. */
#include "payment/money/decimal.h"
#include "payment/money/money.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void
check_decimal (const char *text,
               guint       max_scale)
{
  g_autofree char *printed = NULL;
  TwDecimal decimal, again;

  if (!tw_decimal_parse (text, max_scale, &decimal, NULL))
    return;
  printed = tw_decimal_to_text (decimal);
  g_assert_cmpuint (decimal.scale, <=, max_scale);
  g_assert_true (tw_decimal_parse (printed, max_scale, &again, NULL));
  g_assert_cmpint (again.units, ==, decimal.units);
  g_assert_cmpuint (again.scale, ==, decimal.scale);
}

static void
check_money (const char *text,
             const char *currency)
{
  g_autofree char *printed = NULL;
  TwMoney money, again;

  if (!tw_money_parse (text, currency, &money, NULL))
    return;
  printed = tw_money_to_decimal (money);
  g_assert_true (tw_money_parse (printed, currency, &again, NULL));
  g_assert_cmpint (again.minor, ==, money.minor);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  const char *const currencies[] = { "EUR", "JPY", "KWD" };
  g_autofree char *text = NULL;

  if (size == 0)
    return 0;
  text = g_strndup ((const char *) data + 1, size - 1);
  check_decimal (text, data[0] % (TW_DECIMAL_MAX_SCALE + 1));
  check_money (text, currencies[data[0] % G_N_ELEMENTS (currencies)]);

  return 0;
}
