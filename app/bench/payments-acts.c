/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bench/payments-acts.h"

#include <string.h>

static TwOutcome
refuse (TwPayment  *payment,
        guint       http,
        const char *reason,
        const char *message)
{
  return (TwOutcome){
    .verdict = { .http = http, .status = "INVALID_REQUEST", .reason = reason, .message = message },
    .payment = payment,
  };
}

static TwOutcome
accept (TwRecord   *record,
        const char *status,
        TwMove      move,
        gint64      amount_minor)
{
  record->status = status;
  record->amount_minor = amount_minor;

  return (TwOutcome){
    .verdict = { .http = 201, .status = status, .record = record, .amount_minor = amount_minor },
    .payment = record->payment,
    .move = move,
  };
}

static TwOutcome
authorize (TwPayments   *self,
           const TwWish *wish,
           gint64        now_us)
{
  TwPayment *payment = tw_payments_add_payment (self, wish);
  TwRecord *record = tw_payments_add_record (self, TW_RECORD_AUTHORIZATION, wish, payment, NULL, now_us);
  TwDecision decision = tw_issuer_decide (self->issuer, wish, payment->card_hash, now_us / G_USEC_PER_SEC);
  TwMove move = decision.held_minor > 0 ? TW_MOVE_HOLD : TW_MOVE_NONE;
  TwOutcome outcome;

  payment->id = g_strdup (record->id);
  payment->declined = decision.held_minor == 0;
  record->reason = decision.reason;
  record->response_code = decision.response_code;
  if (!payment->declined)
    record->approval_code = g_strdup_printf ("%06d", g_random_int_range (0, 1000000));

  outcome = accept (record, decision.status, move, decision.held_minor);
  outcome.verdict.reason = decision.reason;
  outcome.verdict.note = decision.note;

  return outcome;
}

static TwOutcome
increment (TwPayments   *self,
           const TwWish *wish,
           TwPayment    *payment,
           gint64        now_us)
{
  TwDecision decision;
  TwRecord *record;
  TwOutcome outcome;

  if (tw_payment_open (payment) == 0 || payment->captured > 0)
    return refuse (payment, 400, "TRANSACTION_ALREADY_REVERSED_OR_SETTLED", "There is no open authorization.");

  decision = tw_issuer_decide (self->issuer, wish, payment->card_hash, now_us / G_USEC_PER_SEC);
  record = tw_payments_add_record (self, TW_RECORD_INCREMENT, wish, payment, payment->id, now_us);
  record->reason = decision.reason;
  record->response_code = decision.response_code;
  outcome = accept (record, decision.status, decision.held_minor > 0 ? TW_MOVE_HOLD : TW_MOVE_NONE,
                    decision.held_minor);
  outcome.verdict.reason = decision.reason;
  outcome.verdict.note = decision.note;

  return outcome;
}

/* cybersource-ev.md section 3: these three are mandatory in the capture of a contact chip. */
static gboolean
lacks_capture_tags (const TwWish *wish)
{
  gsize n;

  return wish->tags == NULL || tw_tags_get (wish->tags, 0x95, &n) == NULL
         || tw_tags_get (wish->tags, 0x9F10, &n) == NULL || tw_tags_get (wish->tags, 0x9F26, &n) == NULL;
}

static TwOutcome
capture (TwPayments   *self,
         const TwWish *wish,
         TwPayment    *payment,
         gint64        now_us)
{
  gint64 open = tw_payment_open (payment);
  TwOutcome outcome;

  if (payment->captured > 0)
    return refuse (payment, 400, "TRANSACTION_ALREADY_SETTLED", "The authorization was captured before.");
  if (payment->expired > 0)
    return refuse (payment, 400, "MISSING_AUTH", "The authorization has expired.");
  if (open == 0)
    return refuse (payment, 400, "AUTH_ALREADY_REVERSED", "The authorization was reversed.");
  if (wish->amount_minor > open)
    return refuse (payment, 400, "EXCEEDS_AUTH_AMOUNT", "The amount is above the authorization.");
  if (payment->contact && lacks_capture_tags (wish))
    return refuse (payment, 400, "MISSING_FIELD", "emv.tags 95, 9F10 and 9F26 are needed for a contact chip.");

  outcome = accept (tw_payments_add_record (self, TW_RECORD_CAPTURE, wish, payment, NULL, now_us), "PENDING",
                    TW_MOVE_CAPTURE, wish->amount_minor);
  outcome.release_minor = open - wish->amount_minor;

  return outcome;
}

/* NULL: there is something to give back; else the reason why not. */
static const char *
nothing_to_reverse (const TwPayment *payment)
{
  if (payment->declined)
    return "MISSING_AUTH";
  if (payment->captured > 0)
    return "TRANSACTION_ALREADY_SETTLED";
  if (payment->expired > 0)
    return "TRANSACTION_ALREADY_REVERSED_OR_SETTLED";
  if (tw_payment_open (payment) == 0)
    return "AUTH_ALREADY_REVERSED";

  return NULL;
}

static TwOutcome
reverse (TwPayments   *self,
         const TwWish *wish,
         TwPayment    *payment,
         gint64        now_us)
{
  const char *reason = nothing_to_reverse (payment);

  if (reason != NULL)
    return refuse (payment, 400, reason, "There is no open authorization.");
  if (wish->amount_minor > tw_payment_open (payment))
    return refuse (payment, 400, "INVALID_AMOUNT", "The amount is above what is still authorized.");

  return accept (tw_payments_add_record (self, TW_RECORD_REVERSAL, wish, payment, NULL, now_us), "REVERSED",
                 TW_MOVE_RELEASE, wish->amount_minor);
}

/* The client knows neither id nor outcome: it names the transactionId of what it had asked, and the amount of that. */
static TwOutcome
timeout_reverse (TwPayments   *self,
                 const TwWish *wish,
                 gint64        now_us)
{
  TwRecord *lost = g_hash_table_lookup (self->by_transaction, wish->transaction_id);
  TwOutcome outcome;
  const char *reason;

  if (lost == NULL)
    {
      /* It never came, or failed, or is still on its way: should it come now, it must not be acted on. */
      g_hash_table_add (self->doomed, g_strdup (wish->transaction_id));
      outcome = refuse (NULL, 400, "MISSING_AUTH", "There is no authorization with this transactionId.");
      outcome.verdict.note = "nothing-to-undo";
      return outcome;
    }
  if (lost->kind != TW_RECORD_AUTHORIZATION || lost->payment->sale)
    return refuse (lost->payment, 400, "NOT_SUPPORTED", "Only authorizations can be reversed after a timeout.");
  if (strcmp (lost->payment->currency, wish->currency) != 0 || lost->asked_minor != wish->amount_minor)
    return refuse (lost->payment, 400, "INVALID_AMOUNT", "Amount and currency must be those of the authorization.");

  reason = nothing_to_reverse (lost->payment);
  if (reason != NULL)
    return refuse (lost->payment, 400, reason, "There is no open authorization.");

  return accept (tw_payments_add_record (self, TW_RECORD_REVERSAL, wish, lost->payment, NULL, now_us), "REVERSED",
                 TW_MOVE_RELEASE, tw_payment_open (lost->payment));
}

static TwOutcome
void_record (TwPayments   *self,
             const TwWish *wish,
             TwRecord     *record,
             gint64        now_us)
{
  TwPayment *payment = record->payment;
  gboolean sale = record->kind == TW_RECORD_AUTHORIZATION && payment->sale;
  gboolean takes = record->kind == TW_RECORD_CAPTURE || sale;
  TwOutcome outcome;

  if ((!takes && record->kind != TW_RECORD_REFUND) || payment->declined)
    return refuse (payment, 400, "NOT_VOIDABLE", "This kind of transaction cannot be voided.");
  if (record->voided || record->settled || (takes && record->refunded_minor > 0))
    return refuse (payment, 400, "NOT_VOIDABLE", "It was voided, settled or refunded before.");

  record->voided = TRUE;
  if (record->of != NULL)
    record->of->refunded_minor -= record->amount_minor;
  record->status = sale ? record->status : "VOIDED";
  outcome = accept (tw_payments_add_record (self, TW_RECORD_VOID, wish, payment, NULL, now_us), "VOIDED",
                    takes ? TW_MOVE_UNCAPTURE : TW_MOVE_UNREFUND, record->amount_minor);
  if (sale)
    outcome.release_minor = record->amount_minor;

  return outcome;
}

static TwOutcome
timeout_void (TwPayments   *self,
              const TwWish *wish,
              gint64        now_us)
{
  TwRecord *lost = g_hash_table_lookup (self->by_transaction, wish->transaction_id);
  gint64 *failed = g_hash_table_lookup (self->failed, wish->transaction_id);
  TwOutcome outcome;

  if (lost != NULL)
    return void_record (self, wish, lost, now_us);

  g_hash_table_add (self->doomed, g_strdup (wish->transaction_id));
  if (failed != NULL)
    {
      /* cybersource-ev.md section 9: the void of a request that had failed is answered, with the failed amount. */
      outcome = accept (tw_payments_add_record (self, TW_RECORD_VOID, wish, NULL, NULL, now_us), "VOIDED",
                        TW_MOVE_NONE, *failed);
      outcome.verdict.note = "original-had-failed";
      return outcome;
    }
  outcome = refuse (NULL, 400, "MISSING_AUTH", "There is no transaction with this transactionId.");
  outcome.verdict.note = "nothing-to-undo";

  return outcome;
}

static TwOutcome
refund (TwPayments   *self,
        const TwWish *wish,
        TwRecord     *taken,
        gint64        now_us)
{
  TwPayment *payment = taken->payment;
  gboolean sale = taken->kind == TW_RECORD_AUTHORIZATION && payment->sale && !payment->declined;
  TwRecord *record;
  gsize n;

  if (taken->kind != TW_RECORD_CAPTURE && !sale)
    return refuse (payment, 400, "INVALID_PAYMENT_ID", "Only a capture or a sale can be refunded.");
  if (taken->voided)
    return refuse (payment, 400, "NOT_SUPPORTED", "It was voided: nothing was taken.");
  if (wish->amount_minor > taken->amount_minor - taken->refunded_minor)
    return refuse (payment, 400, "INVALID_AMOUNT", "The amount is above what was captured and not yet refunded.");
  if (g_strcmp0 (payment->card_type, "002") == 0 && wish->tags != NULL
      && tw_tags_get (wish->tags, 0x9F6E, &n) != NULL)
    return refuse (payment, 400, "INVALID_DATA", "Tag 9F6E is prohibited in Mastercard refunds.");

  taken->refunded_minor += wish->amount_minor;
  record = tw_payments_add_record (self, TW_RECORD_REFUND, wish, payment, NULL, now_us);
  record->of = taken;

  return accept (record, "PENDING", TW_MOVE_REFUND, wish->amount_minor);
}

/* The kind in the path must be the kind of what the id names. */
static gboolean
is_kind (const TwRecord *record,
         const char     *kind)
{
  if (kind == NULL || strcmp (kind, "payments") == 0)
    return record->kind == TW_RECORD_AUTHORIZATION;
  if (strcmp (kind, "captures") == 0)
    return record->kind == TW_RECORD_CAPTURE;

  return strcmp (kind, "refunds") == 0 && record->kind == TW_RECORD_REFUND;
}

static TwOutcome
act_on_id (TwPayments   *self,
           const TwWish *wish,
           gint64        now_us)
{
  TwRecord *record = tw_payments_find (self, wish->id);

  if (record == NULL || record->payment == NULL)
    return refuse (NULL, 404, "INVALID_PAYMENT_ID", "No transaction has this id.");
  if (!is_kind (record, wish->kind))
    return refuse (record->payment, 400, "INVALID_PAYMENT_ID", "This id is of another kind of transaction.");
  if (record->payment->declined)
    return refuse (record->payment, 400, wish->act == TW_ACT_VOID ? "NOT_VOIDABLE" : "MISSING_AUTH",
                   "The authorization was not approved.");
  if (wish->currency != NULL && strcmp (wish->currency, record->payment->currency) != 0)
    return refuse (record->payment, 400, "INVALID_DATA", "The currency is not that of the authorization.");

  switch (wish->act)
    {
    case TW_ACT_INCREMENT:
      return increment (self, wish, record->payment, now_us);
    case TW_ACT_CAPTURE:
      return capture (self, wish, record->payment, now_us);
    case TW_ACT_REVERSE:
      return reverse (self, wish, record->payment, now_us);
    case TW_ACT_VOID:
      return void_record (self, wish, record, now_us);
    case TW_ACT_REFUND:
      return refund (self, wish, record, now_us);
    case TW_ACT_UNKNOWN:
    case TW_ACT_AUTHORIZE:
    case TW_ACT_TIMEOUT_REVERSE:
    case TW_ACT_TIMEOUT_VOID:
    case TW_ACT_READ:
    case TW_ACT_SEARCH:
    case TW_ACT_SEARCH_AGAIN:
    case TW_ACT_REFRESH:
    case TW_N_ACTS:
      break;
    }

  return refuse (record->payment, 400, "NOT_SUPPORTED", "Not served for this transaction.");
}

TwOutcome
tw_payments_decide (TwPayments   *self,
                    const TwWish *wish,
                    gint64        now_us)
{
  if (wish->act == TW_ACT_AUTHORIZE)
    return authorize (self, wish, now_us);
  if (wish->act == TW_ACT_TIMEOUT_REVERSE)
    return timeout_reverse (self, wish, now_us);
  if (wish->act == TW_ACT_TIMEOUT_VOID)
    return timeout_void (self, wish, now_us);

  return act_on_id (self, wish, now_us);
}
