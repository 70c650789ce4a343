/* SPDX-License-Identifier: Apache-2.0 */
/* What is wrong with a tariff that can be read: what makes no sense, looks like a slip, or breaks the rules of a
 * market. The rules are our reading of them, not legal advice. Pure.
 */
#pragma once

#include "payment/tariff/site.h"
#include "payment/tariff/tariff.h"

typedef enum { TW_LINT_ERROR, TW_LINT_WARNING, TW_LINT_INFO } TwLintLevel;   /* an error blocks activation */
typedef enum
{
  TW_PROFILE_NONE, TW_PROFILE_AFIR_50KW_AND_UP, TW_PROFILE_AFIR_BELOW_50KW, TW_PROFILE_UK_2023, TW_PROFILE_NEVI,
} TwProfile;
#define TW_N_PROFILES (TW_PROFILE_NEVI + 1)

const char *tw_profile_name (TwProfile self);                          /* "afir-50kw-and-up" */
const char *tw_profile_edition (TwProfile self);                       /* the text that it was written against */
gboolean    tw_profile_parse (const char *name, TwProfile *profile);   /* FALSE: no such profile */
const char *tw_lint_level_name (TwLintLevel self);                        /* "error" */

typedef struct
{
  const char *id;             /* "A50-2" */
  TwLintLevel  level;
  char       *path;           /* "$.elements[1].price_components[0]"; of the site: the key, "[seller] helpline" */
  const char *why, *suggestion;
  char       *sample;         /* a place where it shows: "Monday 22:00, from 20 kWh"; NULL: everywhere */
  char       *own_why, *own_suggestion;   /* what why and suggestion point to where no rule has the words */
} TwComplaint;

/* A rule that nobody could ask: not a finding, and not an all-clear. */
typedef struct { const char *id, *needs; } TwUnasked;

/* Who judges, and what is known of the place; site NULL: nothing. */
typedef struct { TwProfile profile; const TwSite *site; } TwLintOrder;

/* Of TwComplaint *, worst first, each id and path once; unref it. The tariff: any use. */
GPtrArray  *tw_tariff_lint (const TwTariff *self, TwLintOrder order);
/* Of TwUnasked, each id once; unref it. */
GArray     *tw_tariff_lint_unasked (const TwTariff *self, TwLintOrder order);
/* The same of a file: one that cannot be loaded has complaints of rule C1, one for each element at least, and *tariff
 * is NULL. NULL: it is not even JSON. */
GPtrArray  *tw_tariff_lint_bytes (GBytes *bytes, GTimeZone *zone, TwTariffUse use, TwLintOrder order,
                                  TwTariff **tariff, GError **error);
/* The errors in a line, "A50-2 $.min_price (why); ...", without the why unless in full; NULL: it may be activated. */
char       *tw_tariff_breaches (const TwTariff *self, TwLintOrder order, gboolean in_full);
gboolean    tw_tariff_lint_blocks (const GPtrArray *complaints);       /* there is an error among them */
