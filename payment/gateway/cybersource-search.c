/* SPDX-License-Identifier: Apache-2.0 */
/* What became of a call: the transaction search service. Its index lags behind by seconds to minutes, so that only what
 * is found counts. The public documentation shows no transactionId in a summary: where one is present it must be ours,
 * where none is, our session reference, the kind of call and the amount must agree.
 */
#include "payment/gateway/cybersource.h"

typedef enum { NOT_THERE, HAPPENED, DID_NOT, OTHER_AMOUNT } Finding;

static const char *
application_name (TwGatewayCall call)
{
  switch (call)
    {
    case TW_GATEWAY_AUTHORIZE: return "ics_auth";
    case TW_GATEWAY_CAPTURE:   return "ics_bill";
    case TW_GATEWAY_REVERSE:   return "ics_auth_reversal";
    case TW_GATEWAY_REFUND:    return "ics_credit";
    }
  g_assert_not_reached ();
}

/* rCode: 1 done, 0 declined, -1 failed; seen as text and as a number. */
static Finding
application_finding (const TwJson *transaction,
                     const char   *name)
{
  const TwJson *list = tw_cybersource_at (transaction, "applicationInformation", "applications");

  for (guint i = 0; i < tw_json_length (list); i++)
    {
      const TwJson *application = tw_json_element (list, i);
      const TwJson *code = tw_json_member (application, "rCode");
      const char *text = tw_json_string (code) != NULL ? tw_json_string (code) : tw_json_number_text (code);

      if (g_strcmp0 (tw_json_string (tw_json_member (application, "name")), name) != 0)
        continue;
      if (g_strcmp0 (text, "1") == 0)
        return HAPPENED;
      if (g_strcmp0 (text, "0") == 0 || g_strcmp0 (text, "-1") == 0)
        return DID_NOT;
    }

  return NOT_THERE;
}

static gboolean
amount_agrees (const TwJson *summary,
               TwMoney       amount)
{
  const TwJson *details = tw_cybersource_at (summary, "orderInformation", "amountDetails");
  const TwJson *total = tw_json_member (details, "totalAmount");
  const TwJson *currency = tw_json_member (details, "currency");
  TwMoney said;

  if (amount.minor == 0)      /* who inquires may not know it */
    return TRUE;

  if (currency != NULL && g_strcmp0 (tw_json_string (currency), amount.currency) != 0)
    return FALSE;

  return total == NULL
         || (tw_json_string (total) != NULL && tw_money_parse (tw_json_string (total), amount.currency, &said, NULL)
             && said.minor == amount.minor);
}

/* Two refunds of one sale are alike but for their ids. */
static gboolean
is_earlier_refund (const TwJson       *summary,
                   const TwGatewayAsk *ask)
{
  const char *id = tw_json_string (tw_json_member (summary, "id"));

  return ask->call == TW_GATEWAY_REFUND && id != NULL && ask->hold.refund_ids != NULL
         && g_strv_contains (ask->hold.refund_ids, id);
}

static Finding
summary_finding (const TwJson       *summary,
                 const TwGatewayAsk *ask)
{
  const TwJson *client = tw_json_member (summary, "clientReferenceInformation");
  const TwJson *ours = tw_json_member (client, "transactionId");
  Finding finding = application_finding (summary, application_name (ask->call));

  if (finding == NOT_THERE || is_earlier_refund (summary, ask)
      || g_strcmp0 (tw_json_string (tw_json_member (client, "code")), ask->hold.code) != 0
      || (ours != NULL && g_strcmp0 (tw_json_string (ours), tw_cybersource_transaction_id (ask)) != 0))
    return NOT_THERE;

  /* Without our id a failure may be an earlier attempt's. */
  if (finding == DID_NOT)
    return ours != NULL ? DID_NOT : NOT_THERE;

  if (ask->call == TW_GATEWAY_REFUND)   /* another refund of the sale is another one */
    return amount_agrees (summary, ask->amount) ? HAPPENED : NOT_THERE;
  return ask->call != TW_GATEWAY_CAPTURE || amount_agrees (summary, ask->amount) ? HAPPENED : OTHER_AMOUNT;
}

static gboolean
was_captured (const TwJson       *summaries,
              const TwGatewayAsk *ask)
{
  for (guint i = 0; i < tw_json_length (summaries); i++)
    {
      const TwJson *summary = tw_json_element (summaries, i);
      const char *code = tw_json_string (tw_cybersource_at (summary, "clientReferenceInformation", "code"));

      if (g_strcmp0 (code, ask->hold.code) == 0 && application_finding (summary, "ics_bill") == HAPPENED)
        return TRUE;
    }

  return FALSE;
}

static TwGatewayAnswer *
found (const TwJson       *summary,
       const TwGatewayAsk *ask)
{
  TwGatewayAnswer *answer = tw_cybersource_answer (TW_GATEWAY_DONE, NULL);
  const char *id = tw_json_string (tw_json_member (summary, "id"));

  answer->id = tw_cybersource_is_token (id, TW_CYBERSOURCE_MAX_ID) ? g_strdup (id) : NULL;
  answer->amount = tw_cybersource_amount (ask);

  return answer;
}

static TwGatewayAnswer *
read_summaries (const TwJson       *summaries,
                const TwGatewayAsk *ask)
{
  gboolean failed = FALSE, other = FALSE;

  /* What was captured is not released by a reversal, whatever the list says about that. */
  if (ask->call == TW_GATEWAY_REVERSE && was_captured (summaries, ask))
    return tw_cybersource_answer (TW_GATEWAY_REFUSED, "captured");

  for (guint i = 0; i < tw_json_length (summaries); i++)
    {
      Finding finding = summary_finding (tw_json_element (summaries, i), ask);

      if (finding == HAPPENED)
        return found (tw_json_element (summaries, i), ask);
      failed |= finding == DID_NOT;
      other |= finding == OTHER_AMOUNT;
    }

  if (other)
    return tw_cybersource_answer (TW_GATEWAY_UNKNOWN, "another-amount-captured");

  return failed ? tw_cybersource_answer (TW_GATEWAY_REFUSED, "failed-before")
                : tw_cybersource_answer (TW_GATEWAY_UNKNOWN, "not-found-yet");
}

TwGatewayAnswer *
tw_cybersource_read_search (const TwGatewayAsk *ask,
                            guint               status,
                            GBytes             *body)
{
  g_autoptr(TwJson) root = tw_cybersource_parse (body);

  if (status != 200 && status != 201)
    return tw_cybersource_read_status (status);
  if (root == NULL)
    return tw_cybersource_answer (TW_GATEWAY_UNKNOWN, "unreadable-answer");

  return read_summaries (tw_cybersource_at (root, "_embedded", "transactionSummaries"), ask);
}

TwGatewayAnswer *
tw_cybersource_read_look_up (const TwGatewayAsk *ask,
                             guint               status,
                             GBytes             *body)
{
  g_autoptr(TwJson) root = tw_cybersource_parse (body);

  if (status != 200)
    return tw_cybersource_read_status (status);

  switch (application_finding (root, application_name (ask->call)))
    {
    case HAPPENED: return tw_cybersource_answer (TW_GATEWAY_DONE, NULL);
    case DID_NOT:  return tw_cybersource_answer (TW_GATEWAY_REFUSED, "failed-before");
    case NOT_THERE:
    case OTHER_AMOUNT: break;
    }

  return tw_cybersource_answer (TW_GATEWAY_UNKNOWN, "not-found-yet");
}
