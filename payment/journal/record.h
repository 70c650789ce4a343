/* SPDX-License-Identifier: Apache-2.0 */
/* One session as its own entries tell it, and nothing else: the running station, its replay after a crash and the tools
 * all fold the same entries with this, so they cannot disagree. Pure. One thread at a time.
 */
#pragma once

#include "payment/journal/claim.h"
#include "payment/journal/entry.h"
#include "payment/journal/repair.h"
#include "payment/money/money.h"
#include "payment/offer/offer.h"
#include "payment/tariff/hold.h"
#include "payment/tariff/pricer.h"
#include "payment/tariff/tariff.h"

typedef enum { TW_PLACE_COUNTER, TW_PLACE_BAY, TW_PLACE_OVER } TwPlace;

/* A meter reading as journalled, with the phase that begins at it. */
typedef struct
{
  gint64    register_wh, session_ws, plugged_s;   /* session_ws, plugged_s: -1 when the device does not tell */
  guint64   epoch;
  gint64    current_ma;    /* that flows from here on, the sum of the phases; -1: not known */
  TwInstant at;
  TwPhase   phase;
} TwMark;

typedef struct
{
  char *class_, *text;     /* "over-hold", "capture-refused", ... and a sentence for the operator */
  gint64 amount_minor;
} TwFinding;

typedef struct
{
  char     *session;
  TwPlace   place;
  char     *state;               /* of the machine that has it; when over: the last one */
  TwInstant state_since;
  guint     connector;
  char     *evse_id, *tariff_hash, *seller_hash, *language;
  char     *time_zone;           /* IANA name, of the tariff's local times; NULL: an old journal, ask the seller */
  TwMoney   hold;                /* asked for */
  TwGoal    goal;                /* what the driver chose; FULL: nothing */
  gboolean  test_mode;
  TwInstant offered_at, approved_at, ended_at;

  TwOfferRule granted;           /* what the card gets cheaper, and why; discount_bp 0: nothing */

  TwClaim   claim;
  gint64    held_minor;
  GBytes   *reference;
  char     *approval_code, *take_end, *take_reason;
  char     *card_kind, *card_masked, *card_brand, *card_label, *card_aid, *card_fingerprint, *card_fingerprint_old;

  guint     n_requests;          /* the last number used for a key of this session */
  guint     request_n;           /* of the claim's own request, as the members that follow */
  char     *request_operation, *request_key, *request_outcome, *request_detail;
  gint64    request_amount_minor;
  TwInstant request_at, answered_at;
  TwRepairs *repairs;

  guint     n_marks;
  TwMark    begin, last;
  TwUsage  *usage;               /* between the marks */
  gint64    idle_grace_ms;       /* promised with the offer: so long parking costs nothing */
  TwInstant grace_since;         /* where the last of it began; see tw_record_grace_left_ms() */
  gint64    power_w;             /* the mean that was known last; -1: not known */
  gboolean  drawn;               /* the car has taken energy */

  gboolean  billed;
  gint64    price_minor, capture_minor;
  char     *end_reason;
  guint64   receipt_number;      /* 0: none */
  GPtrArray *findings;           /* of TwFinding */
  gboolean   receipt_shown, receipt_dismissed;   /* at its connector; put away by somebody */
} TwRecord;

TwRecord *tw_record_new (const char *session);
void      tw_record_free (TwRecord *self);
/* BAD_DATA: an entry that this version does not understand, with its number. */
gboolean  tw_record_apply (TwRecord *self, const TwEntry *entry, GError **error);
/* The usage up to a further mark, as if it were journalled now. */
TwUsage  *tw_record_usage_until (const TwRecord *self, const TwMark *mark);
/* What lies between the last mark and a further one, of which the next one in the journal says what power that was. */
TwPending tw_record_pending (const TwRecord *self, const TwMark *mark);
/* Of the grace that a car is in, or that one which stops drawing at that moment begins; 0: it is over. */
gint64    tw_record_grace_left_ms (const TwRecord *self, const TwInstant *at);
/* Over, and nothing is owed to anybody. */
gboolean  tw_record_closed (const TwRecord *self);
/* "captured", "released", "no-hold", "capture-pending", "release-pending", "refused", "held". */
const char *tw_record_money (const TwRecord *self);
/* What was taken for good, by the claim or by a repair; refunds are not taken off. */
gint64    tw_record_captured_minor (const TwRecord *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwRecord, tw_record_free)
