/* SPDX-License-Identifier: Apache-2.0 */
/* ISO 4217, list one: the currencies that people pay with. Left out: funds (CHE, CLF, USN ...), metals, units of
 * account and test codes, none of which a card can be charged in. Digits are list one's "minor unit" column.
 */
#include "payment/money/money.h"

#include <stdlib.h>
#include <string.h>

/* per_euro: tenths of a unit that a euro buys, as roughly known at the end of 2025. Wrong by a factor of two it does no
 * harm: it tells slips of a hundred, and nothing that anybody pays. */
typedef struct { char letters[4]; guint16 number; gint8 digits; gint32 per_euro; } Currency;

/* In order of the letters: bsearch(3) relies on it, and a test checks it. */
static const Currency currencies[] = {
  { "AED", 784, 2, 42 }, { "AFN", 971, 2, 800 }, { "ALL", 8, 2, 1000 }, { "AMD", 51, 2, 4400 },
  { "AOA", 973, 2, 10000 }, { "ARS", 32, 2, 15000 }, { "AUD", 36, 2, 18 }, { "AWG", 533, 2, 20 },
  { "AZN", 944, 2, 19 }, { "BAM", 977, 2, 20 }, { "BBD", 52, 2, 22 }, { "BDT", 50, 2, 1400 },
  { "BGN", 975, 2, 20 }, { "BHD", 48, 3, 4 }, { "BIF", 108, 0, 34000 }, { "BMD", 60, 2, 11 },
  { "BND", 96, 2, 15 }, { "BOB", 68, 2, 80 }, { "BRL", 986, 2, 62 }, { "BSD", 44, 2, 11 },
  { "BTN", 64, 2, 1000 }, { "BWP", 72, 2, 155 }, { "BYN", 933, 2, 36 }, { "BZD", 84, 2, 22 },
  { "CAD", 124, 2, 16 }, { "CDF", 976, 2, 27000 }, { "CHF", 756, 2, 9 }, { "CLP", 152, 0, 11000 },
  { "CNY", 156, 2, 82 }, { "COP", 170, 2, 46000 }, { "CRC", 188, 2, 5800 }, { "CUP", 192, 2, 280 },
  { "CVE", 132, 2, 1100 }, { "CZK", 203, 2, 250 }, { "DJF", 262, 0, 2000 }, { "DKK", 208, 2, 75 },
  { "DOP", 214, 2, 720 }, { "DZD", 12, 2, 1500 }, { "EGP", 818, 2, 560 }, { "ERN", 232, 2, 170 },
  { "ETB", 230, 2, 1700 }, { "EUR", 978, 2, 10 }, { "FJD", 242, 2, 26 }, { "FKP", 238, 2, 9 },
  { "GBP", 826, 2, 9 }, { "GEL", 981, 2, 31 }, { "GHS", 936, 2, 130 }, { "GIP", 292, 2, 9 },
  { "GMD", 270, 2, 830 }, { "GNF", 324, 0, 100000 }, { "GTQ", 320, 2, 88 }, { "GYD", 328, 2, 2400 },
  { "HKD", 344, 2, 90 }, { "HNL", 340, 2, 300 }, { "HTG", 332, 2, 1500 }, { "HUF", 348, 2, 4000 },
  { "IDR", 360, 2, 190000 }, { "ILS", 376, 2, 39 }, { "INR", 356, 2, 1000 }, { "IQD", 368, 3, 15000 },
  { "IRR", 364, 2, 10000000 }, { "ISK", 352, 0, 1450 }, { "JMD", 388, 2, 1850 }, { "JOD", 400, 3, 8 },
  { "JPY", 392, 0, 1750 }, { "KES", 404, 2, 1500 }, { "KGS", 417, 2, 1000 }, { "KHR", 116, 2, 46000 },
  { "KMF", 174, 0, 4900 }, { "KPW", 408, 2, 1500 }, { "KRW", 410, 0, 16500 }, { "KWD", 414, 3, 4 },
  { "KYD", 136, 2, 10 }, { "KZT", 398, 2, 6000 }, { "LAK", 418, 2, 250000 }, { "LBP", 422, 2, 1000000 },
  { "LKR", 144, 2, 3500 }, { "LRD", 430, 2, 2100 }, { "LSL", 426, 2, 200 }, { "LYD", 434, 3, 63 },
  { "MAD", 504, 2, 106 }, { "MDL", 498, 2, 195 }, { "MGA", 969, 2, 52000 }, { "MKD", 807, 2, 620 },
  { "MMK", 104, 2, 24000 }, { "MNT", 496, 2, 41000 }, { "MOP", 446, 2, 93 }, { "MRU", 929, 2, 460 },
  { "MUR", 480, 2, 530 }, { "MVR", 462, 2, 180 }, { "MWK", 454, 2, 20000 }, { "MXN", 484, 2, 215 },
  { "MYR", 458, 2, 48 }, { "MZN", 943, 2, 740 }, { "NAD", 516, 2, 200 }, { "NGN", 566, 2, 17000 },
  { "NIO", 558, 2, 420 }, { "NOK", 578, 2, 117 }, { "NPR", 524, 2, 1650 }, { "NZD", 554, 2, 20 },
  { "OMR", 512, 3, 4 }, { "PAB", 590, 2, 11 }, { "PEN", 604, 2, 40 }, { "PGK", 598, 2, 49 },
  { "PHP", 608, 2, 670 }, { "PKR", 586, 2, 3300 }, { "PLN", 985, 2, 43 }, { "PYG", 600, 0, 82000 },
  { "QAR", 634, 2, 42 }, { "RON", 946, 2, 51 }, { "RSD", 941, 2, 1170 }, { "RUB", 643, 2, 950 },
  { "RWF", 646, 0, 17000 }, { "SAR", 682, 2, 44 }, { "SBD", 90, 2, 96 }, { "SCR", 690, 2, 165 },
  { "SDG", 938, 2, 7000 }, { "SEK", 752, 2, 110 }, { "SGD", 702, 2, 15 }, { "SHP", 654, 2, 9 },
  { "SLE", 925, 2, 260 }, { "SOS", 706, 2, 6600 }, { "SRD", 968, 2, 440 }, { "SSP", 728, 2, 50000 },
  { "STN", 930, 2, 245 }, { "SVC", 222, 2, 100 }, { "SYP", 760, 2, 130000 }, { "SZL", 748, 2, 200 },
  { "THB", 764, 2, 380 }, { "TJS", 972, 2, 110 }, { "TMT", 934, 2, 41 }, { "TND", 788, 3, 34 },
  { "TOP", 776, 2, 28 }, { "TRY", 949, 2, 480 }, { "TTD", 780, 2, 79 }, { "TWD", 901, 2, 360 },
  { "TZS", 834, 2, 29000 }, { "UAH", 980, 2, 490 }, { "UGX", 800, 0, 41000 }, { "USD", 840, 2, 11 },
  { "UYU", 858, 2, 460 }, { "UZS", 860, 2, 145000 }, { "VED", 926, 2, 3000 }, { "VES", 928, 2, 3000 },
  { "VND", 704, 0, 300000 }, { "VUV", 548, 0, 1400 }, { "WST", 882, 2, 32 }, { "XAF", 950, 0, 6560 },
  { "XCD", 951, 2, 31 }, { "XCG", 532, 2, 21 }, { "XOF", 952, 0, 6560 }, { "XPF", 953, 0, 1190 },
  { "YER", 886, 2, 5000 }, { "ZAR", 710, 2, 205 }, { "ZMW", 967, 2, 270 }, { "ZWG", 924, 2, 310 },
};

static int
compare_letters (const void *key,
                 const void *currency)
{
  return strcmp (key, ((const Currency *) currency)->letters);
}

static const Currency *
find (const char *letters)
{
  if (letters == NULL)
    return NULL;

  return bsearch (letters, currencies, G_N_ELEMENTS (currencies), sizeof currencies[0], compare_letters);
}

int
tw_currency_digits (const char *currency)
{
  const Currency *found = find (currency);

  return found ? found->digits : -1;
}

guint
tw_currency_number (const char *currency)
{
  const Currency *found = find (currency);

  return found ? found->number : 0;
}

gint64
tw_currency_tenths_per_euro (const char *currency)
{
  const Currency *found = find (currency);

  return found ? found->per_euro : 0;
}
