/* SPDX-License-Identifier: Apache-2.0 */
/* The operator's side of money: one refund, release or capture for a case of the books, of a session that is closed;
 * and what became of what was asked before. Part of station.h. Main thread only.
 */
#pragma once

#include "payment/money/money.h"

typedef struct _TwStation TwStation;

typedef struct
{
  const char *session;
  const char *operation;   /* "refund", "release", "capture"; "inquire": moves nothing */
  TwMoney     amount;      /* of a release: all that is held; of an inquiry: not used */
  const char *case_;       /* up to 64 letters, digits, dashes: one effect for each */
  const char *by;          /* who confirmed it */
} TwRepairOrder;

/* What the journal has of a session's money; money: as tw_record_money(). refunded: and what is being refunded. */
typedef struct
{
  const char *money;
  char        currency[4];
  gint64      held_minor, price_minor, captured_minor, refunded_minor;
} TwSessionMoney;

/* outcome: "done", "refused", "unknown": the station asks on by itself, with the same key, until it is known. before:
 * the case had this effect earlier, and nothing was done now; operation and amount are those of then. Texts live as
 * long as the call; detail may be NULL. */
typedef struct
{
  const char *outcome, *operation, *key, *detail;
  gint64      amount_minor;
  gboolean    before;
} TwRepairResult;

/* Once; what it says is durable. error: the station is closing, and nobody knows; ask again. */
typedef void (*TwRepaired) (const TwRepairResult *result, const GError *error, gpointer user_data);

/* TRUE: done is called, now or later. FALSE, and nothing was asked: BAD_DATA: no such session or operation, a currency
 * or an amount that the journal does not allow. REFUSED: the session or its money is not in a state for it. BAD_STATE:
 * not now. A case that was refused before may be asked for again. */
gboolean tw_station_repair (TwStation *self, const TwRepairOrder *order, TwRepaired done, gpointer user_data,
                            GError **error);
/* BAD_DATA: no such session. */
gboolean tw_station_session_money (TwStation *self, const char *session, TwSessionMoney *money, GError **error);
