/* SPDX-License-Identifier: Apache-2.0 */
/* Private to payment/ocmf: meter values, exactly, as digits. More than an int64 holds: devices may write more. */
#pragma once

#include <glib.h>

enum { TW_OCMF_MAX_DIGITS = 40, TW_OCMF_MAX_KILO = 3 };
enum { TW_OCMF_WHOLE = TW_OCMF_MAX_DIGITS + TW_OCMF_MAX_KILO, TW_OCMF_PLACES = TW_OCMF_WHOLE + TW_OCMF_MAX_DIGITS };

typedef struct
{
  guint8   digits[TW_OCMF_PLACES];   /* the first TW_OCMF_WHOLE are before the point */
  gboolean is_negative;              /* never of zero */
  guint    decimals;                 /* that were written */
} TwOcmfQuantity;

/* text: a JSON number. FALSE: negative zero, or written out it has more than TW_OCMF_MAX_DIGITS digits. */
gboolean tw_ocmf_quantity_parse (const char *text, TwOcmfQuantity *quantity);
void     tw_ocmf_quantity_kilo (TwOcmfQuantity *self);     /* times 1000; once */
/* -1, 0, 1 */
int      tw_ocmf_quantity_compare (const TwOcmfQuantity *a, const TwOcmfQuantity *b);
/* a - b, neither of them negative and b not larger; with the decimals of the one that has more. */
void     tw_ocmf_quantity_subtract (const TwOcmfQuantity *a, const TwOcmfQuantity *b, TwOcmfQuantity *difference);
/* "9523.4", without zeros at the end of its decimals. Free with g_free(). */
char    *tw_ocmf_quantity_to_text (const TwOcmfQuantity *self);
