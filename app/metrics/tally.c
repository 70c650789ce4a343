/* SPDX-License-Identifier: Apache-2.0 */
#include "app/metrics/tally.h"

#include "app/base/json.h"

#include <string.h>

const char *const tw_tally_operations[4] = { "authorize", "capture", "release", "refund" };

/* app/station/dock.c, gauge.c, commit.c, desk.c: "reason" of steps. */
static const char *const ENDS[] = {
  "stop", "card", "operator", "unplugged", "full", "limit", "goal-energy", "goal-amount", "goal-time", "timeout",
  "not-connected", "lost", "faulted", "changed", "journal", "not-priced", "restart", "other", NULL
};
static const char *const ABANDONED[] = {
  "timeout", "cancelled", "other-connector", "other-goal", "closed", "restart", "declined", "not-taken", "other", NULL
};
/* payment/acceptor/take.h and app/station/taking.c. */
static const char *const DECLINES[] = {
  "declined", "other-card", "not-accepted", "not-known-here", "see-phone", "card-in-use", "timeout", "cancelled",
  "reader-lost", "gateway-unreachable", "other", NULL
};
/* app/station/visit.c and parting.c. */
static const char *const VISITS[] = { "seen", "offered", "asked", "tapped", "approved", "own", "other", NULL };
static const char *const RECEIPTS[] = { "shown", "dismissed", "other", NULL };
static const char *const AUTHORIZE[] = { "approved", "declined", "failed", "unknown", "other", NULL };
static const char *const FOLLOW_UP[] = { "done", "refused", "unknown", "other", NULL };
static const char *const FINDINGS[] = {
  "over-hold", "capture-refused", "release-refused", "not-priced", "energy-unattributed", "other", NULL
};

static const gint64 TAP_US[] = { 500000, 1000000, 2000000, 3000000, 5000000, 8000000, 13000000, 20000000, 30000000,
                                 60000000, 0 };
static const gint64 COMMIT_US[] = { 1000, 2500, 5000, 10000, 25000, 50000, 100000, 250000, 500000, 1000000, 2500000,
                                    0 };

G_STATIC_ASSERT (G_N_ELEMENTS (ENDS) <= TW_COUNTS_MOST);
G_STATIC_ASSERT (G_N_ELEMENTS (COMMIT_US) <= TW_HISTOGRAM_MOST + 1);

/* What must be known of a session to understand its next entries. */
typedef struct
{
  char      currency[4];
  TwClaim   claim;
  gboolean  over, at_bay;
  TwInstant asked_at;      /* boot_us 0: nothing is asked */
  char     *operation;     /* of the request that is out */
  gint64    amount_minor;
  char     *end_reason;
} Session;

static void
session_free (gpointer data)
{
  Session *session = data;

  g_free (session->operation);
  g_free (session->end_reason);
  g_free (session);
}

static void
count (TwCounts   *self,
       const char *name)
{
  guint i = 0;

  while (self->names[i + 1] != NULL && g_strcmp0 (self->names[i], name) != 0)
    i++;
  self->counts[i]++;
}

TwTally *
tw_tally_new (const char *currency)
{
  TwTally *self = g_new0 (TwTally, 1);
  TwTurnover own = { 0 };

  g_strlcpy (own.currency, currency, sizeof own.currency);
  self->turnover = g_array_new (FALSE, TRUE, sizeof (TwTurnover));
  g_array_append_val (self->turnover, own);
  self->abandoned.names = ABANDONED;
  self->ended.names = ENDS;
  self->declines.names = DECLINES;
  self->findings.names = FINDINGS;
  self->visits.names = VISITS;
  self->receipts.names = RECEIPTS;
  for (guint i = 0; i < G_N_ELEMENTS (self->requests); i++)
    self->requests[i].names = i == 0 ? AUTHORIZE : FOLLOW_UP;
  self->tap_to_result.bounds = TAP_US;
  self->commit_times.bounds = COMMIT_US;
  self->gateway = -1;
  self->sessions = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, session_free);
  return self;
}

void
tw_tally_free (TwTally *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->sessions);
  g_array_unref (self->turnover);
  g_free (self);
}

static TwTurnover *
turnover_of (TwTally    *self,
             const char *currency)
{
  TwTurnover new = { 0 };

  for (guint i = 0; i < self->turnover->len; i++)
    if (g_str_equal (g_array_index (self->turnover, TwTurnover, i).currency, currency))
      return &g_array_index (self->turnover, TwTurnover, i);
  g_strlcpy (new.currency, currency, sizeof new.currency);
  g_array_append_val (self->turnover, new);
  return &g_array_index (self->turnover, TwTurnover, self->turnover->len - 1);
}

/* One that we never heard of was over before; only its take, or its money, had not come to an end. */
static Session *
session_of (TwTally    *self,
            const char *id)
{
  Session *session = g_hash_table_lookup (self->sessions, id);

  if (session != NULL)
    return session;
  session = g_new0 (Session, 1);
  g_strlcpy (session->currency, g_array_index (self->turnover, TwTurnover, 0).currency, sizeof session->currency);
  session->over = TRUE;
  g_hash_table_insert (self->sessions, g_strdup (id), session);
  return session;
}

void
tw_tally_know (TwTally        *self,
               const TwRecord *record)
{
  Session *session = session_of (self, record->session);

  g_strlcpy (session->currency, record->hold.currency, sizeof session->currency);
  session->claim = record->claim;
  session->over = record->place == TW_PLACE_OVER;
  session->at_bay = record->place == TW_PLACE_BAY;
  session->operation = g_strdup (record->request_operation);
  session->amount_minor = record->request_amount_minor;
  session->end_reason = g_strdup (record->end_reason);
}

static const char *
text (const TwJson *payload,
      const char   *name)
{
  return tw_json_string (tw_json_member (payload, name));
}

static gint64
number (const TwJson *payload,
        const char   *name)
{
  gint64 value = 0;

  return tw_json_member (payload, name) && tw_json_get_int64 (payload, name, &value, NULL) ? value : 0;
}

static void
add_offered (TwTally       *self,
             Session       *session,
             const TwEntry *entry,
             const TwJson  *payload)
{
  const char *currency = text (payload, "currency");

  self->offers++;
  session->over = FALSE;
  if (currency != NULL)
    g_strlcpy (session->currency, currency, sizeof session->currency);
}

/* "closed" counts what the station did, whatever closed it. */
static void
add_counter (TwTally       *self,
             Session       *session,
             const TwEntry *entry,
             const TwJson  *payload)
{
  const char *place = text (payload, "place"), *event = text (payload, "event"), *reason = text (payload, "reason");
  gboolean refused = g_strcmp0 (event, "failed") == 0 || g_strcmp0 (event, "unknown") == 0;

  if (g_strcmp0 (place, "over") != 0 || session->over)
    return;
  session->over = TRUE;
  count (&self->abandoned, g_strcmp0 (event, "close") == 0 ? "closed" : g_strcmp0 (event, "declined") == 0 ? event
                           : refused ? "not-taken" : reason);
}

/* The reason is chosen as record.c does. */
static void
add_bay (TwTally       *self,
         Session       *session,
         const TwEntry *entry,
         const TwJson  *payload)
{
  const char *to = text (payload, "to"), *reason = text (payload, "reason");
  gboolean over = g_strcmp0 (text (payload, "place"), "over") == 0;
  gboolean ends = session->end_reason == NULL && (g_strcmp0 (to, "settling") == 0 || over);

  if (!session->at_bay && !over)
    self->begun++;
  session->at_bay = TRUE;
  if (reason != NULL && (g_strcmp0 (to, "finishing") == 0 || ends))
    {
      g_free (session->end_reason);
      session->end_reason = g_strdup (reason);
    }
  if (over && !session->over)
    count (&self->ended, session->end_reason);
  session->over = over;
}

static void
add_referenced (TwTally       *self,
                Session       *session,
                const TwEntry *entry,
                const TwJson  *payload)
{
  session->claim = tw_claim_referenced (session->claim);
  session->asked_at = entry->at;
}

/* A restart between question and answer is no duration of a terminal. */
static void
time_answer (TwTally       *self,
             Session       *session,
             const TwEntry *entry)
{
  if (session->asked_at.boot_us != 0 && !session->over)
    tw_histogram_add (&self->tap_to_result, tw_instant_elapsed_us (&session->asked_at, &entry->at));
  session->asked_at.boot_us = 0;
}

/* Nobody is asked only to hear whether he answers: what the last request came to is all that is known. "gateway-...":
 * neither the service nor the bank behind it said anything. */
static void
hear (TwTally    *self,
      gboolean    definite,
      const char *reason)
{
  if (reason != NULL && g_str_has_prefix (reason, "gateway-"))
    self->gateway = 0;
  else if (definite)
    self->gateway = 1;
}

static void
add_approved (TwTally       *self,
              Session       *session,
              const TwEntry *entry,
              const TwJson  *payload)
{
  count (&self->requests[0], "approved");
  turnover_of (self, session->currency)->held += number (payload, "held_minor");
  time_answer (self, session, entry);
  session->claim = tw_claim_approved (session->claim);
  self->last_approved_us = entry->at.wall_us;
  hear (self, TRUE, NULL);
}

static void
add_not_approved (TwTally       *self,
                  Session       *session,
                  const TwEntry *entry,
                  const TwJson  *payload)
{
  const char *end = text (payload, "end"), *reason = text (payload, "reason");
  gboolean asked = session->asked_at.boot_us != 0;

  count (&self->declines, reason);
  if (asked)
    count (&self->requests[0], end);
  if (asked)
    time_answer (self, session, entry);
  if (g_strcmp0 (end, "unknown") != 0)
    session->claim = tw_claim_no_hold (session->claim);
  hear (self, asked && g_strcmp0 (end, "declined") == 0, reason);
}

static void
add_request (TwTally       *self,
             Session       *session,
             const TwEntry *entry,
             const TwJson  *payload)
{
  const char *operation = text (payload, "operation");

  g_free (session->operation);
  session->operation = g_strdup (operation);
  session->amount_minor = number (payload, "amount_minor");
  if (g_strcmp0 (operation, "refund") == 0)
    return;
  session->claim = tw_claim_wish (session->claim,
                                  g_strcmp0 (operation, "capture") == 0 ? TW_WISH_CAPTURE : TW_WISH_RELEASE);
  session->claim = tw_claim_requested (session->claim);
}

static void
add_done (TwTally       *self,
          const Session *session,
          const TwEntry *entry)
{
  TwTurnover *turnover = turnover_of (self, session->currency);

  if (g_strcmp0 (session->operation, "capture") == 0)
    {
      turnover->captured += session->amount_minor;
      self->last_captured_us = entry->at.wall_us;
    }
  else if (g_strcmp0 (session->operation, "release") == 0)
    turnover->released += session->amount_minor;
  else if (g_strcmp0 (session->operation, "refund") == 0)
    turnover->refunded += session->amount_minor;
}

static void
add_answer (TwTally       *self,
            Session       *session,
            const TwEntry *entry,
            const TwJson  *payload)
{
  const char *outcome = text (payload, "outcome");
  gboolean done = g_strcmp0 (outcome, "done") == 0, refused = g_strcmp0 (outcome, "refused") == 0;

  for (guint i = 1; i < G_N_ELEMENTS (self->requests); i++)
    if (g_strcmp0 (session->operation, tw_tally_operations[i]) == 0)
      count (&self->requests[i], outcome);
  hear (self, done || refused, text (payload, "detail"));
  if (done)
    add_done (self, session, entry);
  if (done || refused)
    session->claim = tw_claim_answered (session->claim, done ? TW_REQUEST_DONE : TW_REQUEST_REFUSED);
}

static void
add_bill (TwTally       *self,
          Session       *session,
          const TwEntry *entry,
          const TwJson  *payload)
{
  self->energy_wh += (guint64) MAX (number (payload, "energy_wh"), 0);
  turnover_of (self, session->currency)->billed += number (payload, "price_minor");
}

static void
add_finding (TwTally       *self,
             Session       *session,
             const TwEntry *entry,
             const TwJson  *payload)
{
  count (&self->findings, text (payload, "class"));
  if (tw_json_is_true (tw_json_member (payload, "ends_claim")))
    session->claim = tw_claim_name (session->claim);
}

static void
add_receipt_fetched (TwTally       *self,
                     Session       *session,
                     const TwEntry *entry,
                     const TwJson  *payload)
{
  count (&self->receipts, text (payload, "how"));
}

/* Who came for a session that ran already is no customer who went away. */
static void
add_visit (TwTally      *self,
           const TwJson *payload)
{
  gboolean own = tw_json_is_true (tw_json_member (payload, "own")) && number (payload, "offers") == 0;

  count (&self->visits, own ? "own" : text (payload, "reached"));
  self->turned_away += !own && tw_json_is_true (tw_json_member (payload, "all_busy"));
}

typedef void (*Add) (TwTally *self, Session *session, const TwEntry *entry, const TwJson *payload);

static Add
add_of (const char *kind)
{
  static const struct { const char *kind; Add add; } adds[] = {
    { "offered", add_offered }, { "counter", add_counter }, { "bay", add_bay }, { "referenced", add_referenced },
    { "approved", add_approved }, { "not-approved", add_not_approved }, { "request", add_request },
    { "answer", add_answer }, { "bill", add_bill }, { "finding", add_finding },
    { "receipt-fetched", add_receipt_fetched },
  };

  for (guint i = 0; i < G_N_ELEMENTS (adds); i++)
    if (g_str_equal (adds[i].kind, kind))
      return adds[i].add;
  return NULL;
}

void
tw_tally_add (TwTally       *self,
              const TwEntry *entry)
{
  Add add = add_of (entry->kind);
  gsize len;
  const char *bytes = g_bytes_get_data (entry->payload, &len);
  g_autoptr (TwJson) payload = tw_json_parse (bytes, len, &TW_JSON_LARGE, NULL);
  Session *session;

  if (payload != NULL && entry->session == NULL && g_str_equal (entry->kind, "visit"))
    add_visit (self, payload);
  self->tariffs += g_str_equal (entry->kind, "tariff-activated");
  if (payload == NULL || entry->session == NULL || add == NULL)
    return;
  session = session_of (self, entry->session);
  add (self, session, entry, payload);
  if (session->over && tw_claim_closed (session->claim))
    g_hash_table_remove (self->sessions, entry->session);
}

void
tw_tally_commit (TwTally   *self,
                 GPtrArray *entries,
                 gboolean   durable,
                 gint64     took_us)
{
  if (!durable)
    {
      self->failed_commits++;
      return;
    }
  self->commits++;
  self->entries += entries->len;
  tw_histogram_add (&self->commit_times, took_us);
  for (guint i = 0; i < entries->len; i++)
    {
      const TwEntry *entry = entries->pdata[i];

      self->last_commit_us = entry->at.wall_us;
      tw_tally_add (self, entry);
    }
}
