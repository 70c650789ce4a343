/* SPDX-License-Identifier: Apache-2.0 */
#include "app/reader/country.h"

#include <string.h>

/* Europe, and where else public charging is common. The test compares with the system's iso-codes where they are. */
static const struct { char letters[3]; guint number; } countries[] = {
  { "AD", 20 }, { "AE", 784 }, { "AL", 8 }, { "AM", 51 }, { "AR", 32 }, { "AT", 40 },
  { "AU", 36 }, { "AZ", 31 }, { "BA", 70 }, { "BE", 56 }, { "BG", 100 }, { "BR", 76 },
  { "BY", 112 }, { "CA", 124 }, { "CH", 756 }, { "CL", 152 }, { "CN", 156 }, { "CO", 170 },
  { "CY", 196 }, { "CZ", 203 }, { "DE", 276 }, { "DK", 208 }, { "EE", 233 }, { "ES", 724 },
  { "FI", 246 }, { "FO", 234 }, { "FR", 250 }, { "GB", 826 }, { "GE", 268 }, { "GG", 831 },
  { "GI", 292 }, { "GL", 304 }, { "GR", 300 }, { "HK", 344 }, { "HR", 191 }, { "HU", 348 },
  { "IE", 372 }, { "IL", 376 }, { "IM", 833 }, { "IN", 356 }, { "IS", 352 }, { "IT", 380 },
  { "JE", 832 }, { "JO", 400 }, { "JP", 392 }, { "KR", 410 }, { "KW", 414 }, { "KZ", 398 },
  { "LI", 438 }, { "LT", 440 }, { "LU", 442 }, { "LV", 428 }, { "MA", 504 }, { "MC", 492 },
  { "MD", 498 }, { "ME", 499 }, { "MK", 807 }, { "MT", 470 }, { "MX", 484 }, { "MY", 458 },
  { "NL", 528 }, { "NO", 578 }, { "NZ", 554 }, { "PH", 608 }, { "PL", 616 }, { "PT", 620 },
  { "QA", 634 }, { "RO", 642 }, { "RS", 688 }, { "SA", 682 }, { "SE", 752 }, { "SG", 702 },
  { "SI", 705 }, { "SK", 703 }, { "SM", 674 }, { "TH", 764 }, { "TN", 788 }, { "TR", 792 },
  { "TW", 158 }, { "UA", 804 }, { "US", 840 }, { "VA", 336 }, { "VN", 704 }, { "ZA", 710 },
};

guint
tw_country_number (const char *alpha2)
{
  for (guint i = 0; i < G_N_ELEMENTS (countries); i++)
    if (strcmp (countries[i].letters, alpha2) == 0)
      return countries[i].number;
  return 0;
}
