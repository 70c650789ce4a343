/* SPDX-License-Identifier: Apache-2.0 */
/* What follows from a sale, the lines it claimed and its meters' energy; or from a line that nobody claimed. A pure
 * function of its arguments. Texts of findings are borrowed from them, or live in the verdict until it is cleared.
 */
#pragma once

#include "payment/reconcile/terms.h"

#define TW_RULE_SETTLEMENT_DUE "settlement-due"
#define TW_RULE_REFUND_DUE "refund-due"

/* A settlement line beside a sale, and the rule that brought it there. candidate: it could also be another sale's. */
typedef struct { TwSettled line; const char *rule; gboolean candidate; } TwClaim;

typedef struct { TwEnergy energy; const char *rule; } TwReading;

typedef struct
{
  TwSale           sale;
  const TwClaim   *claims;
  guint            n_claims;
  const TwReading *readings;
  guint            n_readings;
} TwDossier;

/* listed: what this says of captured - settled; refund_listed: of refunded - settled refunds, both in the exception's
 * currency. other_listed: the same as listed, in the other currency of a sale and a line that have two. */
typedef struct
{
  TwException exception;
  gint64      listed, refund_listed;
  char        other_currency[4];
  gint64      other_listed;
} TwFinding;

/* A line that is left over, and the sales that it could belong to. */
typedef struct
{
  TwSettled   line;
  TwChars     candidates;          /* sessions; n 0: none */
  gint64      largest_minor;       /* of what they captured */
  const char *rule;                /* that found more than one */
} TwLeft;

typedef struct
{
  GArray       *findings;          /* of TwFinding */
  GStringChunk *texts;
  gboolean      matched;           /* captured, and every cent of it is on lines of its own */
  const char   *rule;              /* of the first line */
  gint64        captured_minor;    /* with a second capture, and one that only the service knows of */
  gint64        refunded_minor, settled_minor, fee_minor;
  TwOrigin      line;
} TwVerdict;

typedef struct { const TwReconcileTerms *terms; GTimeZone *zone; } TwJudge;

void tw_verdict_init (TwVerdict *self);
void tw_verdict_reset (TwVerdict *self);        /* for the next; keeps its room */
void tw_verdict_clear (TwVerdict *self);

void tw_judge_sale (const TwJudge *self, const TwDossier *dossier, TwVerdict *verdict);
void tw_judge_left (const TwJudge *self, const TwLeft *left, TwVerdict *verdict);

/* Of a class, with its severity; the exception's texts are the caller's to fill in. */
TwFinding *tw_verdict_add (TwVerdict *self, TwClass class_, const char *currency, gint64 stake_minor, const char *rule);

#define TW_CHARS(literal) ((TwChars) { (literal), sizeof (literal) - 1 })
