/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bench/coins.h"

#include <string.h>

#define MOST_MINOR (G_GINT64_CONSTANT (1000000000000))

typedef struct
{
  const char *letters;
  guint       number;
  int         digits;
} Currency;

/* ISO 4217, the ones that a charging station in this bench's part of the world may be set to, and one each with no
 * and with three digits. */
static const Currency CURRENCIES[] = {
  { "EUR", 978, 2 }, { "USD", 840, 2 }, { "GBP", 826, 2 }, { "CHF", 756, 2 }, { "SEK", 752, 2 }, { "NOK", 578, 2 },
  { "DKK", 208, 2 }, { "PLN", 985, 2 }, { "CZK", 203, 2 }, { "HUF", 348, 2 }, { "RON", 946, 2 }, { "CAD", 124, 2 },
  { "ISK", 352, 0 }, { "JPY", 392, 0 }, { "KWD", 414, 3 },
};

static const Currency *
currency_of (const char *letters)
{
  for (guint i = 0; letters != NULL && i < G_N_ELEMENTS (CURRENCIES); i++)
    if (strcmp (CURRENCIES[i].letters, letters) == 0)
      return &CURRENCIES[i];

  return NULL;
}

int
tw_coin_digits (const char *currency)
{
  const Currency *c = currency_of (currency);

  return c != NULL ? c->digits : -1;
}

guint
tw_coin_number (const char *currency)
{
  const Currency *c = currency_of (currency);

  return c != NULL ? c->number : 0;
}

gboolean
tw_coin_parse (const char *text,
               const char *currency,
               gint64     *minor)
{
  int digits = tw_coin_digits (currency);
  int behind = -1;   /* -1: before the point */
  gint64 value = 0;

  if (text == NULL || digits < 0 || !g_ascii_isdigit (text[0]))
    return FALSE;

  for (const char *p = text; *p != '\0'; p++)
    {
      if (*p == '.' && behind < 0)
        {
          behind = 0;
          continue;
        }
      if (!g_ascii_isdigit (*p))
        return FALSE;
      if (behind >= 0 && ++behind > digits)
        return FALSE;

      value = value * 10 + (*p - '0');
      if (value > MOST_MINOR)
        return FALSE;
    }

  if (behind == 0)
    return FALSE;   /* "45." */

  for (int i = MAX (behind, 0); i < digits; i++)
    value *= 10;
  if (value > MOST_MINOR)
    return FALSE;

  *minor = value;

  return TRUE;
}

char *
tw_coin_text (gint64      minor,
              const char *currency)
{
  int digits = MAX (tw_coin_digits (currency), 0);
  const char *sign = minor < 0 ? "-" : "";
  gint64 one = 1;

  minor = ABS (minor);
  for (int i = 0; i < digits; i++)
    one *= 10;

  if (digits == 0)
    return g_strdup_printf ("%s%" G_GINT64_FORMAT, sign, minor);

  return g_strdup_printf ("%s%" G_GINT64_FORMAT ".%0*" G_GINT64_FORMAT, sign, minor / one, digits, minor % one);
}
