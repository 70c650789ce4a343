/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bench/answers.h"

#include <string.h>

#include "app/bench/coins.h"

char *
tw_answer_time (gint64 now_us)
{
  g_autoptr (GDateTime) when = g_date_time_new_from_unix_utc (now_us / G_USEC_PER_SEC);

  return g_date_time_format (when, "%Y-%m-%dT%H:%M:%SZ");
}

static void
put_time (TwJsonOut *out,
          gint64     now_us)
{
  g_autofree char *text = tw_answer_time (now_us);

  tw_json_out_string (out, "submitTimeUtc", text);
}

static void
put_money (TwJsonOut  *out,
           const char *key,
           gint64      minor,
           const char *currency)
{
  g_autofree char *text = tw_coin_text (minor, currency);

  tw_json_out_string (out, key, text);
}

void
tw_answer_link (TwJsonOut  *out,
                const char *name,
                const char *method,
                const char *format,
                ...)
{
  g_autofree char *href = NULL;
  va_list args;

  va_start (args, format);
  href = g_strdup_vprintf (format, args);
  va_end (args);
  tw_json_out_begin_object (out, name);
  tw_json_out_string (out, "method", method);
  tw_json_out_string (out, "href", href);
  tw_json_out_end (out);
}

static TwAnswer
finish (TwJsonOut *out,
        guint      http)
{
  return (TwAnswer){ .http = http, .body = tw_json_out_finish (out) };
}

TwAnswer
tw_answer_at_the_door (guint       http,
                       const char *rmsg)
{
  g_autoptr (TwJsonOut) out = tw_json_out_new ();
  TwAnswer answer;

  tw_json_out_begin_object (out, NULL);
  tw_json_out_begin_object (out, "response");
  tw_json_out_string (out, "rmsg", rmsg);
  answer = finish (out, http);
  answer.clear = TRUE;

  return answer;
}

TwAnswer
tw_answer_failure (const char *reason,
                   gint64      now_us)
{
  g_autoptr (TwJsonOut) out = tw_json_out_new ();
  TwAnswer answer;

  tw_json_out_begin_object (out, NULL);
  put_time (out, now_us);
  tw_json_out_string (out, "status", "SERVER_ERROR");
  tw_json_out_string (out, "reason", reason);
  tw_json_out_string (out, "message", "The service could not process the request.");
  answer = finish (out, 502);
  answer.clear = TRUE;

  return answer;
}

static TwAnswer
refusal (const TwWish    *wish,
         const TwVerdict *verdict,
         gint64           now_us)
{
  g_autoptr (TwJsonOut) out = tw_json_out_new ();
  g_autoptr (GString) message = g_string_new (verdict->message);

  for (guint i = 0; wish != NULL && i < wish->details->len; i++)
    {
      const TwDetail *detail = wish->details->pdata[i];

      g_string_append_printf (message, " %s %s.", detail->field, detail->why);
    }

  tw_json_out_begin_object (out, NULL);
  put_time (out, now_us);
  tw_json_out_string (out, "status", verdict->status);
  tw_json_out_string (out, "reason", verdict->reason);
  tw_json_out_string (out, "message", message->str);
  if (wish != NULL && wish->details->len > 0)
    {
      tw_json_out_begin_array (out, "details");
      for (guint i = 0; i < wish->details->len; i++)
        {
          const TwDetail *detail = wish->details->pdata[i];

          tw_json_out_begin_object (out, NULL);
          tw_json_out_string (out, "field", detail->field);
          tw_json_out_string (out, "reason", detail->reason);
          tw_json_out_end (out);
        }
      tw_json_out_end (out);
    }

  return finish (out, verdict->http);
}

static void
put_head (TwJsonOut       *out,
          const TwWish    *wish,
          const TwVerdict *verdict,
          gint64           now_us)
{
  const TwRecord *record = verdict->record;

  tw_json_out_string (out, "id", record->id);
  put_time (out, now_us);
  tw_json_out_string (out, "status", verdict->status);
  if (verdict->reason != NULL)
    {
      tw_json_out_begin_object (out, "errorInformation");
      tw_json_out_string (out, "reason", verdict->reason);
      tw_json_out_string (out, "message", "The card's issuer did not approve.");
      tw_json_out_end (out);
    }
  tw_json_out_begin_object (out, "clientReferenceInformation");
  tw_json_out_string (out, "code", wish->code);
  tw_json_out_string (out, "transactionId", wish->transaction_id);
  tw_json_out_end (out);
}

static void
put_processor (TwJsonOut      *out,
               const TwRecord *record)
{
  tw_json_out_begin_object (out, "processorInformation");
  if (record->approval_code != NULL)
    tw_json_out_string (out, "approvalCode", record->approval_code);
  tw_json_out_string (out, "responseCode", record->response_code);
  if (record->approval_code != NULL)
    {
      tw_json_out_string (out, "transactionId", record->id + 7);
      tw_json_out_string (out, "networkTransactionId", record->id + 7);
    }
  tw_json_out_end (out);
}

/* Authorization, sale and increment. */
static void
put_authorization (TwJsonOut       *out,
                   const TwWish    *wish,
                   const TwVerdict *verdict)
{
  const TwPayment *payment = verdict->record->payment;
  const char *id = payment->id;
  gboolean increment = wish->act == TW_ACT_INCREMENT;

  put_processor (out, verdict->record);
  tw_json_out_string (out, "reconciliationId", id);
  tw_json_out_begin_object (out, "orderInformation");
  tw_json_out_begin_object (out, "amountDetails");
  if (verdict->amount_minor > 0)
    put_money (out, "authorizedAmount", verdict->amount_minor, payment->currency);
  put_money (out, "totalAmount", increment ? payment->authorized : wish->amount_minor, payment->currency);
  tw_json_out_string (out, "currency", payment->currency);
  tw_json_out_end (out);
  tw_json_out_end (out);
  tw_json_out_begin_object (out, "_links");
  tw_answer_link (out, "self", "GET", "/pts/v2/payments/%s", id);
  if (verdict->amount_minor > 0)
    {
      tw_answer_link (out, "reversal", "POST", "/pts/v2/payments/%s/reversals", id);
      tw_answer_link (out, "capture", "POST", "/pts/v2/payments/%s/captures", id);
    }
  tw_json_out_end (out);
}

/* What came of a request that undoes or completes; group and names differ with the service (the response models of the
 * REST client package). */
static void
put_completion (TwJsonOut       *out,
                const TwWish    *wish,
                const TwVerdict *verdict)
{
  static const struct { TwRecordKind kind; const char *group, *amount, *path; } SHAPES[] = {
    { TW_RECORD_CAPTURE, "orderInformation", "totalAmount", "captures" },
    { TW_RECORD_REFUND, "refundAmountDetails", "refundAmount", "refunds" },
    { TW_RECORD_REVERSAL, "reversalAmountDetails", "reversedAmount", "reversals" },
    { TW_RECORD_VOID, "voidAmountDetails", "voidAmount", "voids" },
  };
  const TwRecord *record = verdict->record;
  const TwPayment *payment = record->payment;
  const char *currency = payment != NULL ? payment->currency : "EUR";

  put_processor (out, record);
  if (record->kind == TW_RECORD_CAPTURE)
    {
      g_autofree char *reconciliation = g_strdup_printf ("%sC", record->id + 7);

      tw_json_out_string (out, "reconciliationId", reconciliation);
    }
  for (guint i = 0; i < G_N_ELEMENTS (SHAPES); i++)
    {
      if (SHAPES[i].kind != record->kind)
        continue;
      tw_json_out_begin_object (out, SHAPES[i].group);
      if (record->kind == TW_RECORD_CAPTURE)
        tw_json_out_begin_object (out, "amountDetails");
      if (payment != NULL)
        put_money (out, SHAPES[i].amount, verdict->amount_minor, currency);
      if (record->kind == TW_RECORD_REVERSAL || record->kind == TW_RECORD_VOID)
        put_money (out, "originalTransactionAmount", payment != NULL && record->kind == TW_RECORD_REVERSAL
                     ? payment->authorized : verdict->amount_minor, currency);
      tw_json_out_string (out, "currency", currency);
      if (record->kind == TW_RECORD_CAPTURE)
        tw_json_out_end (out);
      tw_json_out_end (out);
      tw_json_out_begin_object (out, "_links");
      tw_answer_link (out, "self", "GET", "/pts/v2/%s/%s", SHAPES[i].path, record->id);
      if (record->kind == TW_RECORD_CAPTURE || record->kind == TW_RECORD_REFUND)
        tw_answer_link (out, "void", "POST", "/pts/v2/%s/%s/voids", SHAPES[i].path, record->id);
      tw_json_out_end (out);
    }
}

TwAnswer
tw_answer_to (const TwWish    *wish,
              const TwVerdict *verdict,
              gint64           now_us)
{
  g_autoptr (TwJsonOut) out = NULL;

  if (verdict->record == NULL)
    return refusal (wish, verdict, now_us);

  out = tw_json_out_new ();
  tw_json_out_begin_object (out, NULL);
  put_head (out, wish, verdict, now_us);
  if (wish->act == TW_ACT_AUTHORIZE || wish->act == TW_ACT_INCREMENT)
    put_authorization (out, wish, verdict);
  else
    put_completion (out, wish, verdict);

  return finish (out, verdict->http);
}
