/* SPDX-License-Identifier: Apache-2.0 */
/* The passes (facts: reconciliation.md section 3): by what a line and a sale may be brought together, strictest first.
 * The second has four parts, one for each reference of a line. Pure.
 */
#pragma once

#include "payment/reconcile/hash.h"
#include "payment/reconcile/reconcile.h"

typedef enum
{
  TW_PASS_PAYMENT, TW_PASS_PSP, TW_PASS_CHANGE, TW_PASS_RELATED, TW_PASS_SETTLEMENT, TW_PASS_TERMINAL, TW_PASS_APPROVAL,
  TW_PASS_AMOUNT, TW_N_PASSES
} TwPass;

const char *tw_pass_rule (TwPass pass);
TwRoom      tw_pass_room (TwPass pass);

/* FALSE: the line has nothing that this pass could go by. */
gboolean    tw_pass_line_key (TwPass pass, const TwSettled *line, guint64 *hash);
/* The first pass from here on that has; TW_N_PASSES: none. */
TwPass      tw_pass_next (TwPass from, const TwSettled *line, gboolean suggest_by_amount, guint64 *hash);

/* The keys of a sale in a room, at most this many, no two alike. */
#define TW_SALE_KEYS 3
#define TW_ALL_SALE_KEYS 7          /* in the rooms of lines, but for the first pass's */
guint       tw_room_sale_keys (TwRoom room, const TwSale *sale, guint64 hashes[TW_SALE_KEYS]);

/* Whether the keys are the same, and not only their hashes. */
gboolean    tw_pass_same_key (TwPass pass, const TwSettled *line, const TwSale *sale);

/* A pass may look only so far: line's tick minus before to plus after, in sale's ticks (days or microseconds). */
typedef struct { gint64 before, after; } TwReach;

TwReach     tw_pass_reach (TwPass pass);
gint64      tw_pass_line_tick (TwPass pass, const TwSettled *line, GTimeZone *zone);
gint64      tw_pass_sale_tick (TwPass pass, const TwSale *sale);

static inline gboolean
tw_kind_is_matched (TwSettledKind kind)
{
  return kind <= TW_SETTLED_CHARGEBACK_REVERSED;
}

/* Guesses: they take a whole sale, once, and nothing but equal amounts. */
static inline gboolean
tw_pass_is_guess (TwPass pass)
{
  return pass >= TW_PASS_APPROVAL;
}
