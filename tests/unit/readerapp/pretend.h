/* SPDX-License-Identifier: Apache-2.0 */
/* A pretended world around tw_service_run(): cards that come and go at a pretended reader, a daemon that says its lines
 * when it has heard its cue, and a clock that moves only when somebody waits. All in one thread: the service calls the
 * reader and the pause, and in there the daemon gets its turn.
 */
#pragma once

#include "app/reader/service.h"
#include "tests/lib/virtual-clock.h"

/* Answers in hex; the letters g..v may stand for 0..f, for what must not be found in this program. "!": the card
 * leaves; "!!": the reader is lost. */
typedef struct
{
  guint8             uid;
  gboolean           plain;           /* no ISO 14443-4 */
  guint              after;           /* looks until it comes */
  guint              stays;           /* times that it is still there when asked; then it leaves */
  const char *const *answers;         /* NULL at the end: a further command tears */
} PretendCard;

/* What the daemon says once its log has grown by something that contains cue ("" at once); text NULL: it closes. */
typedef struct { const char *cue, *text; } PretendLine;

typedef struct
{
  TwVirtualClock    *clock;
  TwConfig           config;
  TwSealKey         *seal_key;
  TwEpochKeys        epochs;
  int                ends[2];         /* ours, the service's */

  const PretendCard *cards;
  guint              n_cards, card, looks, answer, stayed;
  gboolean           here, field_on, ever_on, lost_at_find;
  guint              lies_there;   /* a card that was there before the start stays for so many looks */
  guint              two_cards_at;    /* this look sees two; 0: none */

  const PretendLine *lines;
  guint              line;
  gsize              heard;           /* of the log, when the last line was said */
  GString           *log;             /* "ready;hint 1 present-card;..." */
  guint              alives;
  char              *sealed, *digest; /* the last ones */
  GPtrArray         *commands;        /* hex */
  guint              turns, hang_s;
} Pretend;

void     pretend_init (Pretend *self);
void     pretend_clear (Pretend *self);

/* Hello is said by itself. What tw_service_run() gives. */
gboolean pretend_run (Pretend *self, const PretendCard *cards, guint n_cards, const PretendLine *lines, GError **error);

#define PRETEND_HELLO "{\"v\":1,\"kind\":\"hello\",\"content\":{\"device\":\"pn532:/dev/null\"," \
                      "\"gateway\":\"cybersource\",\"key_ids\":[\"mle-0815\"]}}"
#define PRETEND_IDENTIFY(n) "{\"v\":1,\"kind\":\"identify\",\"content\":{\"request\":" n ",\"deadline_ms\":30000}}"
#define PRETEND_CANCEL(n) "{\"v\":1,\"kind\":\"cancel\",\"content\":{\"request\":" n "}}"
#define PRETEND_BODY(amount) "{\\\"clientReferenceInformation\\\":{\\\"code\\\":\\\"s-17\\\",\\\"transactionId\\\":" \
  "\\\"s-17-authorize-1\\\"},\\\"processingInformation\\\":{\\\"capture\\\":false},\\\"orderInformation\\\":{" \
  "\\\"amountDetails\\\":{\\\"totalAmount\\\":\\\"" amount "\\\",\\\"currency\\\":\\\"EUR\\\"}}," \
  "\\\"pointOfSaleInformation\\\":{\\\"terminalId\\\":\\\"TW000001\\\"}}"
#define PRETEND_AUTHORIZE_OF(n, minor, amount, currency, key) \
  "{\"v\":1,\"kind\":\"authorize\",\"content\":{\"request\":" n ",\"deadline_ms\":30000,\"amount_minor\":" minor "," \
  "\"currency\":\"" currency "\",\"country\":\"DE\",\"transaction_type\":0,\"key_id\":\"" key "\"," \
  "\"terminal\":{\"type\":24,\"id\":\"TW000001\",\"name\":\"Tapwatt\",\"category\":5552," \
  "\"contactless_limit_minor\":15000,\"cvm_limit_minor\":5000,\"date\":\"261122\",\"time\":\"111530\"}," \
  "\"body\":\"" PRETEND_BODY (amount) "\"}}"
#define PRETEND_AUTHORIZE(n) PRETEND_AUTHORIZE_OF (n, "2500", "25.00", "EUR", "mle-0815")
