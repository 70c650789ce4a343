/* SPDX-License-Identifier: Apache-2.0 */
/* What rules about prices ask of the place where they are charged. Comes with payment/tariff/lint.h. By value; texts
 * belong to whoever filled them in.
 */
#pragma once

#include "app/base/config.h"

typedef enum { TW_FACT_UNKNOWN, TW_FACT_NO, TW_FACT_YES } TwFact;

/* All zero: nothing is known. */
typedef struct
{
  gint64 power_w;                 /* of the connector; 0: not known */
  gint64 hold_minor;              /* what a tap asks for where the tariff does not say; 0: not known */
  TwFact contactless;             /* takes contactless bank cards */
  TwFact helpline;                /* shows a number to call */
  TwFact shows_tariff;            /* the price in force, with tax, before the start */
  TwFact signs_time;              /* the time in its meter's signed records may be billed (OCMF time state S) */
  const char *country;            /* ISO 3166 alpha-2 */
  const char *const *languages;   /* that its screen speaks; NULL: not known */
} TwSite;

/* The connector with this number; 0: the strongest of all with the lowest of their holds. */
TwSite tw_site_of_config (const TwConfig *config, guint connector);
