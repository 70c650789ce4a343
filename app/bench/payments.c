/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bench/payments.h"

#include <string.h>

#include "app/bench/coins.h"
#include "app/bench/payments-acts.h"

static void
payment_free (gpointer data)
{
  TwPayment *payment = data;

  g_free (payment->id);
  g_free (payment->code);
  g_free (payment->currency);
  g_free (payment->card_type);
  g_free (payment->last4);
  g_free (payment->card_hash);
  g_free (payment);
}

static void
record_free (gpointer data)
{
  TwRecord *record = data;

  g_free (record->id);
  g_free (record->transaction_id);
  g_free (record->code);
  g_free (record->approval_code);
  g_free (record);
}

TwPayments *
tw_payments_new (TwIssuer *issuer,
                 TwLedger *ledger)
{
  TwPayments *self = g_new0 (TwPayments, 1);

  self->issuer = issuer;
  self->ledger = ledger;
  self->payments = g_ptr_array_new_with_free_func (payment_free);
  self->records = g_ptr_array_new_with_free_func (record_free);
  self->by_id = g_hash_table_new (g_str_hash, g_str_equal);
  self->by_transaction = g_hash_table_new (g_str_hash, g_str_equal);
  self->failed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->doomed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  return self;
}

void
tw_payments_free (TwPayments *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->by_id);
  g_hash_table_unref (self->by_transaction);
  g_hash_table_unref (self->failed);
  g_hash_table_unref (self->doomed);
  g_ptr_array_unref (self->records);
  g_ptr_array_unref (self->payments);
  g_free (self);
}

gint64
tw_payment_open (const TwPayment *payment)
{
  return payment->authorized - payment->captured - payment->reversed - payment->expired;
}

TwRecord *
tw_payments_find (TwPayments *self,
                  const char *id)
{
  return id != NULL ? g_hash_table_lookup (self->by_id, id) : NULL;
}

GPtrArray *
tw_payments_records (TwPayments *self)
{
  return self->records;
}

/* 22 digits, as the service's are: grows with time, never repeats. */
static char *
new_id (TwPayments *self,
        gint64      now_us)
{
  guint64 id = (guint64) now_us;

  self->last_id = MAX (id, self->last_id + 1);

  return g_strdup_printf ("7%016" G_GUINT64_FORMAT "%05u", self->last_id % G_GUINT64_CONSTANT (10000000000000000),
                          g_random_int_range (0, 100000));
}

TwRecord *
tw_payments_add_record (TwPayments   *self,
                        TwRecordKind  kind,
                        const TwWish *wish,
                        TwPayment    *payment,
                        const char   *id,
                        gint64        now_us)
{
  TwRecord *record = g_new0 (TwRecord, 1);

  record->kind = kind;
  record->id = id != NULL ? g_strdup (id) : new_id (self, now_us);
  record->transaction_id = g_strdup (wish->transaction_id);
  record->code = g_strdup (wish->code);
  record->payment = payment;
  record->asked_minor = record->amount_minor = wish->amount_minor;
  record->at_us = now_us;
  record->response_code = "00";
  g_ptr_array_add (self->records, record);
  if (kind != TW_RECORD_INCREMENT)
    g_hash_table_insert (self->by_id, record->id, record);

  return record;
}

TwPayment *
tw_payments_add_payment (TwPayments   *self,
                         const TwWish *wish)
{
  TwPayment *payment = g_new0 (TwPayment, 1);
  gsize n = strlen (wish->track.pan);

  payment->code = g_strdup (wish->code);
  payment->currency = g_strdup (wish->currency);
  payment->card_type = g_strdup (wish->card_type);
  payment->last4 = wish->has_track ? g_strdup (wish->track.pan + n - 4) : NULL;
  payment->card_hash = tw_issuer_card_hash (self->issuer, wish);
  payment->contact = wish->contact;
  payment->sale = wish->sale;
  g_ptr_array_add (self->payments, payment);

  return payment;
}

static void
book (TwPayments *self,
      TwPayment  *payment,
      TwMove      move,
      gint64      minor)
{
  switch (move)
    {
    case TW_MOVE_NONE:
      break;
    case TW_MOVE_HOLD:
      payment->authorized += minor;
      break;
    case TW_MOVE_CAPTURE:
      payment->captured += minor;
      break;
    case TW_MOVE_RELEASE:
      payment->reversed += minor;
      break;
    case TW_MOVE_UNCAPTURE:
      payment->captured -= minor;
      break;
    case TW_MOVE_REFUND:
      payment->refunded += minor;
      break;
    case TW_MOVE_UNREFUND:
      payment->refunded -= minor;
      break;
    case TW_MOVE_EXPIRE:
      payment->expired += minor;
      break;
    }
  /* What can never be true of money, whoever asks for what: better no bench than a wrong witness. */
  g_assert (tw_payment_open (payment) >= 0 && payment->captured >= 0 && payment->refunded >= 0
            && payment->refunded <= payment->captured);
}

/* A movement that nobody asked for by itself. */
static void
book_by_itself (TwPayments *self,
                TwPayment  *payment,
                const char *op,
                TwMove      move,
                gint64      minor,
                const char *note)
{
  const TwLedgerLine line = {
    .op = op, .move = move, .code = payment->code, .payment_id = payment->id, .amount_minor = minor,
    .currency = payment->currency, .status = "AUTOMATIC", .last4 = payment->last4, .note = note,
  };

  book (self, payment, move, minor);
  tw_ledger_add (self->ledger, &line);
}

static void
enter (TwPayments      *self,
       TwAct            act,
       const TwWish    *wish,
       const TwOutcome *outcome)
{
  const TwVerdict *verdict = &outcome->verdict;
  const TwPayment *payment = outcome->payment;
  gint64 amount = verdict->amount_minor > 0 ? verdict->amount_minor : wish != NULL ? wish->amount_minor : -1;
  const TwLedgerLine line = {
    .op = act == TW_ACT_AUTHORIZE && wish != NULL && wish->sale ? "sale" : tw_act_name (act),
    .move = outcome->move,
    .transaction_id = wish != NULL ? wish->transaction_id : NULL,
    .code = wish != NULL && wish->code != NULL ? wish->code : payment != NULL ? payment->code : NULL,
    .payment_id = payment != NULL ? payment->id : NULL,
    .id = verdict->record != NULL ? verdict->record->id : wish != NULL ? wish->id : NULL,
    .amount_minor = amount,
    .currency = payment != NULL ? payment->currency : wish != NULL ? wish->currency : NULL,
    .status = verdict->status,
    .reason = verdict->reason,
    .http = verdict->http,
    .last4 = payment != NULL ? payment->last4 : NULL,
    .note = verdict->note,
  };

  tw_ledger_add (self->ledger, &line);
}

/* Which requests bring a transactionId of their own, to be used once. */
static gboolean
brings_an_id (const TwWish *wish)
{
  return wish->transaction_id != NULL && wish->act != TW_ACT_TIMEOUT_REVERSE && wish->act != TW_ACT_TIMEOUT_VOID
         && wish->act != TW_ACT_REFRESH;
}

static TwVerdict
refusal (guint       http,
         const char *reason,
         const char *message)
{
  return (TwVerdict){ .http = http, .status = "INVALID_REQUEST", .reason = reason, .message = message };
}

static TwOutcome
check_and_decide (TwPayments   *self,
                  const TwWish *wish,
                  gint64        now_us)
{
  TwOutcome outcome = { 0 };

  if (wish->details->len > 0)
    {
      outcome.verdict = refusal (400, wish->reason, "One or more fields in the request contains invalid data.");
      return outcome;
    }
  if (brings_an_id (wish) && g_hash_table_contains (self->by_transaction, wish->transaction_id))
    {
      TwRecord *before = g_hash_table_lookup (self->by_transaction, wish->transaction_id);

      outcome.verdict = refusal (400, "DUPLICATE_REQUEST", "This transactionId was used before.");
      outcome.payment = before->payment;
      return outcome;
    }
  if (brings_an_id (wish) && g_hash_table_contains (self->doomed, wish->transaction_id))
    {
      outcome.verdict = refusal (400, "DUPLICATE_REQUEST", "This transactionId was reversed before its request came.");
      outcome.verdict.note = "undone-before-it-came";
      return outcome;
    }

  return tw_payments_decide (self, wish, now_us);
}

TwVerdict
tw_payments_act (TwPayments   *self,
                 const TwWish *wish,
                 gint64        now_us)
{
  TwOutcome outcome = check_and_decide (self, wish, now_us);

  if (outcome.verdict.http == 201 && brings_an_id (wish))
    {
      g_hash_table_insert (self->by_transaction, outcome.verdict.record->transaction_id, outcome.verdict.record);
      g_hash_table_remove (self->failed, wish->transaction_id);
    }
  else if (brings_an_id (wish) && !g_hash_table_contains (self->by_transaction, wish->transaction_id))
    {
      gint64 *amount = g_new (gint64, 1);

      *amount = MAX (wish->amount_minor, 0);
      g_hash_table_replace (self->failed, g_strdup (wish->transaction_id), amount);
    }

  if (outcome.move != TW_MOVE_NONE)
    book (self, outcome.payment, outcome.move, outcome.verdict.amount_minor);
  enter (self, wish->act, wish, &outcome);
  if (wish->sale && outcome.move == TW_MOVE_HOLD)
    book_by_itself (self, outcome.payment, "capture", TW_MOVE_CAPTURE, outcome.verdict.amount_minor, "sale");
  if (outcome.release_minor > 0)
    book_by_itself (self, outcome.payment, "release", TW_MOVE_RELEASE, outcome.release_minor, NULL);

  return outcome.verdict;
}

void
tw_payments_note (TwPayments      *self,
                  TwAct            act,
                  const TwWish    *wish,
                  const TwVerdict *verdict)
{
  TwOutcome outcome = { .verdict = *verdict };

  enter (self, act, wish, &outcome);
}

guint
tw_payments_expire (TwPayments *self,
                    const char *code)
{
  guint n = 0;

  for (guint i = 0; i < self->payments->len; i++)
    {
      TwPayment *payment = self->payments->pdata[i];
      gint64 open = tw_payment_open (payment);

      if (open == 0 || (code != NULL && strcmp (code, payment->code) != 0))
        continue;
      book_by_itself (self, payment, "expire", TW_MOVE_EXPIRE, open, NULL);
      n++;
    }

  return n;
}

void
tw_payments_settle (TwPayments *self,
                    TwJsonOut  *out)
{
  tw_json_out_begin_array (out, "settled");
  for (guint i = 0; i < self->records->len; i++)
    {
      TwRecord *record = self->records->pdata[i];
      gboolean sale = record->kind == TW_RECORD_AUTHORIZATION && record->payment->sale;
      g_autofree char *amount = NULL;

      if (record->settled || record->voided || record->payment == NULL || record->payment->declined
          || (record->kind != TW_RECORD_CAPTURE && record->kind != TW_RECORD_REFUND && !sale))
        continue;

      record->settled = TRUE;
      record->status = sale ? record->status : "TRANSMITTED";
      amount = tw_coin_text (record->amount_minor, record->payment->currency);
      tw_json_out_begin_object (out, NULL);
      tw_json_out_string (out, "id", record->id);
      tw_json_out_string (out, "paymentId", record->payment->id);
      tw_json_out_string (out, "code", record->code);
      tw_json_out_string (out, "kind", record->kind == TW_RECORD_REFUND ? "refund" : "capture");
      tw_json_out_string (out, "amount", amount);
      tw_json_out_string (out, "currency", record->payment->currency);
      tw_json_out_end (out);
    }
  tw_json_out_end (out);
}
