/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/money/fraction.h"

/* Seven bits below the type's own limit, so that the sums and the ten-folds in here need no check. */
#define LIMIT ((TwWide) 1 << 120)

static const TwFraction too_large = { 0, 0 };

static TwWide
wide_abs (TwWide a)
{
  return a < 0 ? -a : a;
}

static TwWide
greatest_common_divisor (TwWide a,
                         TwWide b)
{
  a = wide_abs (a);
  while (b != 0)
    {
      TwWide rest = a % b;

      a = b;
      b = rest;
    }

  return a;
}

/* By division and not by __builtin_mul_overflow(): for 128 bits clang 14 calls a function that libgcc lacks. */
static gboolean
wide_multiply (TwWide  a,
               TwWide  b,
               TwWide *product)
{
  if (a != 0 && wide_abs (b) > LIMIT / wide_abs (a))
    return FALSE;
  *product = a * b;

  return TRUE;
}

static TwFraction
reduce (TwWide over,
        TwWide under)
{
  TwWide divisor = greatest_common_divisor (over, under);
  TwFraction self = { over / divisor, under / divisor };

  if (wide_abs (self.over) > LIMIT || self.under > LIMIT)
    return too_large;

  return self;
}

TwFraction
tw_fraction (gint64 over,
             gint64 under)
{
  g_assert (under > 0);

  return reduce (over, under);
}

TwFraction
tw_fraction_from_decimal (TwDecimal decimal)
{
  gint64 under = 1;

  g_assert (decimal.scale <= TW_DECIMAL_MAX_SCALE);
  for (guint i = 0; i < decimal.scale; i++)
    under *= 10;

  return tw_fraction (decimal.units, under);
}

gboolean
tw_fraction_fits (TwFraction self)
{
  return self.under != 0;
}

TwFraction
tw_fraction_add (TwFraction a,
                 TwFraction b)
{
  TwWide common, left, right, under;

  if (!tw_fraction_fits (a) || !tw_fraction_fits (b))
    return too_large;

  common = greatest_common_divisor (a.under, b.under);
  if (!wide_multiply (a.over, b.under / common, &left)
      || !wide_multiply (b.over, a.under / common, &right)
      || !wide_multiply (a.under, b.under / common, &under))
    return too_large;

  return reduce (left + right, under);
}

TwFraction
tw_fraction_subtract (TwFraction a,
                      TwFraction b)
{
  b.over = -b.over;

  return tw_fraction_add (a, b);
}

TwFraction
tw_fraction_multiply (TwFraction a,
                      TwFraction b)
{
  TwWide first, second;
  TwFraction product;

  if (!tw_fraction_fits (a) || !tw_fraction_fits (b))
    return too_large;

  /* Across first: it keeps the products as small as the result. */
  first = greatest_common_divisor (a.over, b.under);
  second = greatest_common_divisor (b.over, a.under);
  if (!wide_multiply (a.over / first, b.over / second, &product.over)
      || !wide_multiply (a.under / second, b.under / first, &product.under))
    return too_large;

  return product;
}

TwFraction
tw_fraction_divide (TwFraction a,
                    TwFraction b)
{
  TwFraction inverse = { b.over < 0 ? -b.under : b.under, wide_abs (b.over) };

  return tw_fraction_multiply (a, inverse);
}

/* Rounds towards minus infinity. */
static TwWide
wide_floor (TwWide over,
            TwWide under)
{
  TwWide whole = over / under;

  return over % under < 0 ? whole - 1 : whole;
}

/* Whole parts first, then the reciprocals of what is left: no product, so nothing can overflow. */
int
tw_fraction_compare (TwFraction a,
                     TwFraction b)
{
  int sign = 1;

  g_assert (tw_fraction_fits (a) && tw_fraction_fits (b));
  if (a.under == b.under)
    return a.over < b.over ? -1 : a.over > b.over;
  for (;;)
    {
      TwWide a_whole = wide_floor (a.over, a.under), b_whole = wide_floor (b.over, b.under);
      TwWide a_rest = a.over - a_whole * a.under, b_rest = b.over - b_whole * b.under;

      if (a_whole != b_whole)
        return a_whole < b_whole ? -sign : sign;
      if (a_rest == 0 || b_rest == 0)
        return a_rest == b_rest ? 0 : a_rest == 0 ? -sign : sign;
      a = (TwFraction) { a.under, a_rest };
      b = (TwFraction) { b.under, b_rest };
      sign = -sign;
    }
}

static gboolean
wide_to_int64 (TwWide  wide,
               gint64 *whole)
{
  if (wide < G_MININT64 || wide > G_MAXINT64)
    return FALSE;
  *whole = (gint64) wide;

  return TRUE;
}

gboolean
tw_fraction_floor (TwFraction  self,
                   gint64     *whole)
{
  return tw_fraction_fits (self) && wide_to_int64 (wide_floor (self.over, self.under), whole);
}

gboolean
tw_fraction_round_half_up (TwFraction  self,
                           gint64     *whole)
{
  TwWide magnitude;

  if (!tw_fraction_fits (self))
    return FALSE;
  magnitude = (2 * wide_abs (self.over) + self.under) / (2 * self.under);

  return wide_to_int64 (self.over < 0 ? -magnitude : magnitude, whole);
}

static void
append_whole (GString *text,
              TwWide   whole)
{
  char digits[40];
  guint n = 0;

  do
    digits[n++] = '0' + (int) (whole % 10);
  while ((whole /= 10) != 0);
  while (n > 0)
    g_string_append_c (text, digits[--n]);
}

char *
tw_fraction_to_text (TwFraction  self,
                     guint       min_digits,
                     guint       max_digits,
                     gboolean   *cut)
{
  g_autoptr (GString) text = g_string_new (NULL);
  TwWide rest;

  if (!tw_fraction_fits (self))
    return NULL;
  if (self.over < 0)
    g_string_append_c (text, '-');
  append_whole (text, wide_abs (self.over) / self.under);
  rest = wide_abs (self.over) % self.under;
  for (guint i = 0; i < max_digits && (rest != 0 || i < min_digits); i++)
    {
      if (i == 0)
        g_string_append_c (text, '.');
      rest *= 10;
      g_string_append_c (text, '0' + (int) (rest / self.under));
      rest %= self.under;
    }
  if (cut)
    *cut = rest != 0;

  return g_string_free (g_steal_pointer (&text), FALSE);
}
