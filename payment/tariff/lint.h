/* SPDX-License-Identifier: Apache-2.0 */
/* What is wrong with a tariff that can be read: what makes no sense, looks like a slip, or breaks the rules of a
 * market. The rules are our reading of them, not legal advice. Pure.
 */
#pragma once

#include "payment/tariff/tariff.h"

typedef enum { TW_SEVERITY_ERROR, TW_SEVERITY_WARNING, TW_SEVERITY_INFO } TwSeverity;   /* an error blocks activation */
typedef enum
{
  TW_PROFILE_NONE, TW_PROFILE_AFIR_50KW_AND_UP, TW_PROFILE_AFIR_BELOW_50KW, TW_PROFILE_UK_2023, TW_PROFILE_NEVI,
} TwProfile;
#define TW_N_PROFILES (TW_PROFILE_NEVI + 1)

const char *tw_profile_name (TwProfile self);                          /* "afir-50kw-and-up" */
const char *tw_profile_edition (TwProfile self);                       /* the text that it was written against */
gboolean    tw_profile_parse (const char *name, TwProfile *profile);   /* FALSE: no such profile */
const char *tw_severity_name (TwSeverity self);                        /* "error" */

typedef struct
{
  const char *id;             /* "A50-2" */
  TwSeverity  severity;
  char       *path;           /* "$.elements[1].price_components[0]" */
  const char *why, *suggestion;
  char       *sample;         /* a place where it shows: "Monday 22:00, from 20 kWh"; NULL: everywhere */
} TwComplaint;

/* Of TwComplaint *, worst first, each id and path once; unref it. The tariff: any use. */
GPtrArray  *tw_tariff_lint (const TwTariff *self, TwProfile profile);
gboolean    tw_tariff_lint_blocks (const GPtrArray *complaints);       /* there is an error among them */
