/* SPDX-License-Identifier: Apache-2.0 */
/* The rules of tw_tariff_lint() as data: what is looked for, in which profiles, and what is said. This folder's own. */
#pragma once

#include "payment/tariff/lint.h"

/* What is looked for; kind and limit are the rule's own. */
typedef enum
{
  TW_IF_GROSS_UNKNOWN,          /* a component whose price with tax nobody can compute */
  TW_IF_NO_FALLBACK,            /* a kind with a price somewhere, and no element that always applies */
  TW_IF_NOT_PRICED,             /* an instant at which the kind has no component; TW_LINE_ADJUSTMENT: no kind has one */
  TW_IF_PRICED,                 /* a component of the kind above 0 that can be reached */
  TW_IF_PRICED_FROM_START,      /* the same, in an element without min_duration */
  TW_IF_PRICED_LATER,           /* the same, in an element with it */
  TW_IF_MIN_PRICE,
  TW_IF_DEAR_MINIMUM,           /* min_price above limit thousandths of a euro */
  TW_IF_STEP_ABOVE,             /* step_size above limit */
  TW_IF_WRAP_AND_WEEKDAY,       /* a window over midnight, and weekdays or dates */
  TW_IF_EQUAL_TIMES,            /* start_time is end_time */
  TW_IF_UNREACHABLE,            /* a component that is never chosen */
  TW_IF_LOW_HOLD,               /* preauthorize_amount below fee, minimum and 5 kWh together */
  TW_IF_CHEAP,                  /* above 0 and below what limit thousandths of a euro roughly are */
  TW_IF_DEAR,                   /* above what they are */
  TW_IF_CURRENCY_IS_NOT,        /* text */
  TW_IF_PRICE_MAY_CHANGE,       /* ENERGY of which another component may take over in a session */
  TW_IF_UNEXPLAINED,            /* a fee above 0, and no tariff_alt_text */
  TW_IF_UNEXPLAINED_IN,         /* the same, in one of the screen's languages; NULL texts count as explained */
  TW_IF_UNTRANSLATED,           /* a tariff_alt_text that one of the screen's languages lacks */
  TW_IF_NO_CARD_FROM,           /* no contactless bank cards, at limit W or more */
  TW_IF_POWER_BELOW,            /* limit W */
  TW_IF_POWER_FROM,
  TW_IF_NO_HELPLINE,
  TW_IF_TARIFF_HIDDEN,          /* the screen does not show the tariff in force with tax */
  TW_IF_TIME_UNSIGNED,          /* a price for time in the country of text, by a meter that does not sign it */
} TwIf;

typedef struct
{
  const char *id;
  guint       profiles;         /* bits of TwProfile */
  TwLintLevel  level;
  TwIf        look_for;
  TwLineKind  kind;             /* TW_LINE_ADJUSTMENT: any */
  gint64      limit;
  const char *text, *why, *suggestion;   /* text of a rule about the site: the configuration key */
} TwRule;

extern const TwRule TW_RULES[];
extern const guint  TW_N_RULES;
