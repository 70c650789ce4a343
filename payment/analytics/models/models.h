/* SPDX-License-Identifier: Apache-2.0 */
/* The statistics behind the report: what every model of this room answers with.
 *
 * Pure numerics over arrays: no file, no clock, no global, any thread. Money comes in as a value like any other and
 * never leaves as money. A model either answers with finite numbers or refuses with a reason, and then every number is
 * 0; the words for a reason are made where it is shown. Where chance is drawn upon, its seed is the caller's to store.
 */
#pragma once

#include <glib.h>

typedef enum
{
  TW_REFUSAL_NONE,
  TW_REFUSAL_EMPTY,          /* nothing to reckon with */
  TW_REFUSAL_BAD_INPUT,      /* a number that cannot be: not finite, negative, an end before its beginning */
  TW_REFUSAL_TOO_LARGE,      /* beyond what this model is meant for, or what a double can hold */
  TW_REFUSAL_UNSTABLE,       /* more work arrives than the connectors can do, or they are as good as always taken */
  TW_REFUSAL_FEW_PRICES,     /* fewer than 2 prices more than 1 % apart */
  TW_REFUSAL_FEW_CLUSTERS,   /* fewer than 30 site-days */
  TW_REFUSAL_PRICE_BY_CLOCK, /* at every site the price depends on the weekday and hour alone */
  TW_REFUSAL_COLLINEAR,      /* the price, or a flag, moves only as the sites, hours and months do */
  TW_REFUSAL_NO_SOLUTION,    /* no finite answer explains the data best: no sale at one of two prices */
  TW_REFUSAL_FEW_DAYS,       /* too short for an interval */
  TW_REFUSAL_FEW_PERIODS,    /* fewer than 4 full periods, or a season seen less than twice */
  TW_REFUSAL_FEW_ORIGINS,    /* fewer than 8 origins for a back-test */
  TW_REFUSAL_OVERLAP,        /* intervals out of order, or over each other */
} TwRefusal;

/* A figure and the interval it lies in; each header says which. */
typedef struct { double value, low, high; } TwEstimate;
