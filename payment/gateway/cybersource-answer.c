/* SPDX-License-Identifier: Apache-2.0 */
/* Answers to authorization, capture, reversal and refund. Whatever is not clearly one thing is UNKNOWN: a wrong "no"
 * would leave a hold behind or refund twice, a wrong "yes" would give energy away.
 */
#include "payment/gateway/cybersource.h"

#include <string.h>

#define MAX_REASON 64

TwGatewayAnswer *
tw_cybersource_answer (TwGatewayEnd end,
                       const char  *reason)
{
  TwGatewayAnswer *self = g_new0 (TwGatewayAnswer, 1);

  self->end = end;
  self->reason = g_strdup (reason);

  return self;
}

const TwJson *
tw_cybersource_at (const TwJson *root,
                   const char   *first,
                   const char   *second)
{
  return tw_json_member (tw_json_member (root, first), second);
}

TwJson *
tw_cybersource_parse (GBytes *body)
{
  g_autoptr(TwJson) root = NULL;

  if (body == NULL || g_bytes_get_size (body) == 0)
    return NULL;

  root = tw_json_parse (g_bytes_get_data (body, NULL), g_bytes_get_size (body), &TW_JSON_LARGE, NULL);
  if (root == NULL || tw_json_type (root) != TW_JSON_OBJECT)
    return NULL;

  return g_steal_pointer (&root);
}

char *
tw_cybersource_unwrap (GBytes *answer)
{
  g_autoptr(TwJson) root = tw_cybersource_parse (answer);

  if (tw_json_length (root) != 1)
    return NULL;

  return g_strdup (tw_json_string (tw_json_member (root, "encryptedResponse")));
}

/* Codes are made of capitals; whatever else comes is not repeated to an operator's terminal. */
static const char *
clean_reason (const char *reason)
{
  gsize len = reason == NULL ? 0 : strlen (reason);

  if (len == 0)
    return "NO_REASON";
  if (len > MAX_REASON || strspn (reason, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") != len)
    return "UNREADABLE_REASON";

  return reason;
}

static char *
printable_or_null (const char *text,
                   gsize       most)
{
  gsize len = text == NULL ? 0 : strlen (text);

  if (len == 0 || len > most)
    return NULL;

  for (gsize i = 0; i < len; i++)
    if (!g_ascii_isprint (text[i]))
      return NULL;

  return g_strdup (text);
}

static gboolean
is_one_of (const char        *value,
           const char *const *list)
{
  return value != NULL && g_strv_contains (list, value);
}

/* What the driver is told. Somebody may look over the shoulder: a lost or stolen card, an empty account and a blocked
 * one are all "declined"; only what is no secret and helps is said. */
static const char *
kiosk_code (const char *reason)
{
  static const char *const other_card[] = { "EXPIRED_CARD", "INVALID_ACCOUNT", NULL };
  static const char *const not_accepted[] = {
    "UNAUTHORIZED_CARD", "CARD_TYPE_NOT_ACCEPTED", "INVALID_CARD_TYPE", NULL
  };
  static const char *const not_reached[] = {
    "ISSUER_UNAVAILABLE", "PROCESSOR_ERROR", "INVALID_MERCHANT_CONFIGURATION", NULL
  };

  if (is_one_of (reason, other_card))
    return "other-card";
  if (is_one_of (reason, not_accepted))
    return "not-accepted";
  if (is_one_of (reason, not_reached))
    return "gateway-unreachable";

  return "declined";
}

/* FALSE: the answer is about another amount, currency or session than was asked, or does not say it readably. */
static gboolean
says_amount (const TwJson *root,
             const char   *member,
             TwMoney       asked,
             TwMoney      *said)
{
  const TwJson *details = tw_cybersource_at (root, "orderInformation", "amountDetails");
  const TwJson *amount = tw_json_member (details, member);
  const TwJson *currency = tw_json_member (details, "currency");

  *said = asked;
  if (currency != NULL && g_strcmp0 (tw_json_string (currency), asked.currency) != 0)
    return FALSE;

  return amount == NULL
         || (tw_json_string (amount) != NULL && tw_money_parse (tw_json_string (amount), asked.currency, said, NULL));
}

static gboolean
says_code (const TwJson       *root,
           const TwGatewayAsk *ask)
{
  const TwJson *code = tw_cybersource_at (root, "clientReferenceInformation", "code");

  return code == NULL || g_strcmp0 (tw_json_string (code), ask->hold.code) == 0;
}

static void
take_details (TwGatewayAnswer *answer,
              const TwJson    *root)
{
  const TwJson *processor = tw_json_member (root, "processorInformation");
  const char *network = tw_json_string (tw_json_member (processor, "networkTransactionId"));
  const char *transaction = tw_json_string (tw_json_member (processor, "transactionId"));
  const char *id = tw_json_string (tw_json_member (root, "id"));
  const char *reconciliation = tw_json_string (tw_json_member (root, "reconciliationId"));

  answer->id = tw_cybersource_is_token (id, TW_CYBERSOURCE_MAX_ID) ? g_strdup (id) : NULL;
  answer->approval_code = printable_or_null (tw_json_string (tw_json_member (processor, "approvalCode")), 16);
  answer->network_id = printable_or_null (network != NULL ? network : transaction, 64);
  answer->reconciliation_id = printable_or_null (reconciliation, 60);     /* length: model of the REST client */
}

static TwGatewayAnswer *
held (const TwJson *root,
      TwMoney       asked,
      gboolean      wanted)
{
  g_autoptr(TwGatewayAnswer) answer = tw_cybersource_answer (TW_GATEWAY_UNWANTED, "declined");
  gboolean readable = says_amount (root, "authorizedAmount", asked, &answer->amount);

  take_details (answer, root);
  if (answer->id == NULL || !readable || answer->amount.minor <= 0)
    return tw_cybersource_answer (TW_GATEWAY_UNKNOWN, "unreadable-approval");

  if (wanted && answer->amount.minor == asked.minor)
    {
      answer->end = TW_GATEWAY_APPROVED;
      g_clear_pointer (&answer->reason, g_free);
    }

  return g_steal_pointer (&answer);
}

static TwGatewayAnswer *
read_authorized (const TwJson       *root,
                 const TwGatewayAsk *ask)
{
  static const char *const unwanted[] = {
    "PARTIAL_AUTHORIZED", "AUTHORIZED_PENDING_REVIEW", "AUTHORIZED_RISK_DECLINED", NULL
  };
  static const char *const declined[] = { "DECLINED", "PENDING_AUTHENTICATION", "PENDING_REVIEW", NULL };
  const char *status = tw_json_string (tw_json_member (root, "status"));
  const char *reason = tw_json_string (tw_cybersource_at (root, "errorInformation", "reason"));

  if (!says_code (root, ask))
    return tw_cybersource_answer (TW_GATEWAY_UNKNOWN, "another-session");
  if (g_strcmp0 (status, "AUTHORIZED") == 0)
    return held (root, ask->hold.amount, TRUE);
  if (is_one_of (status, unwanted))
    return held (root, ask->hold.amount, FALSE);
  if (is_one_of (status, declined))
    return tw_cybersource_answer (TW_GATEWAY_DECLINED, kiosk_code (reason));

  return tw_cybersource_answer (TW_GATEWAY_UNKNOWN, "unknown-status");
}

/* Of a capture, or of a refund, whose answer has a group of its own for the amount. */
static gboolean
says_same_amount (const TwJson       *root,
                  const TwGatewayAsk *ask)
{
  const TwJson *refund = tw_cybersource_at (root, "refundAmountDetails", "refundAmount");
  TwMoney said;

  if (ask->call == TW_GATEWAY_REFUND && refund != NULL
      && (tw_json_string (refund) == NULL
          || !tw_money_parse (tw_json_string (refund), ask->amount.currency, &said, NULL)
          || said.minor != ask->amount.minor))
    return FALSE;

  return says_amount (root, "totalAmount", ask->amount, &said) && said.minor == ask->amount.minor;
}

static TwGatewayAnswer *
read_moved (const TwJson       *root,
            const TwGatewayAsk *ask)
{
  static const char *const done[] = { "PENDING", "TRANSMITTED", NULL };
  const char *status = tw_json_string (tw_json_member (root, "status"));
  const char *reason = tw_json_string (tw_cybersource_at (root, "errorInformation", "reason"));

  if (g_strcmp0 (status, "DECLINED") == 0)
    return tw_cybersource_answer (TW_GATEWAY_REFUSED, clean_reason (reason));

  if (is_one_of (status, done) && says_code (root, ask))
    {
      g_autoptr(TwGatewayAnswer) answer = tw_cybersource_answer (TW_GATEWAY_DONE, NULL);

      if (!says_same_amount (root, ask))
        return tw_cybersource_answer (TW_GATEWAY_UNKNOWN, ask->call == TW_GATEWAY_REFUND ? "another-amount-refunded"
                                                                                          : "another-amount-captured");

      take_details (answer, root);
      answer->amount = ask->amount;
      return g_steal_pointer (&answer);
    }

  return tw_cybersource_answer (TW_GATEWAY_UNKNOWN, "unknown-status");
}

static TwGatewayAnswer *
read_reversed (const TwJson       *root,
               const TwGatewayAsk *ask)
{
  const char *status = tw_json_string (tw_json_member (root, "status"));
  const char *reason = tw_json_string (tw_cybersource_at (root, "errorInformation", "reason"));

  if (g_strcmp0 (status, "REVERSED") == 0 && says_code (root, ask))
    return tw_cybersource_answer (TW_GATEWAY_DONE, NULL);
  if (g_strcmp0 (status, "DECLINED") == 0)
    return tw_cybersource_answer (TW_GATEWAY_REFUSED, clean_reason (reason));

  return tw_cybersource_answer (TW_GATEWAY_UNKNOWN, "unknown-status");
}

/* 400: the request was wrong and had no effect of its own; what follows differs by what was asked. */
typedef struct { const char *reason; TwGatewayEnd authorize, capture, reverse, timeout_reverse, refund; } Reaction;

#define DECLINED  TW_GATEWAY_DECLINED
#define DONE      TW_GATEWAY_DONE
#define DUPLICATE TW_GATEWAY_DUPLICATE
#define NOTHING   TW_GATEWAY_NOTHING
#define REFUSED   TW_GATEWAY_REFUSED
#define RETRY     TW_GATEWAY_RETRY
#define UNKNOWN   TW_GATEWAY_UNKNOWN

static const Reaction reactions[] = {
  { "DUPLICATE_REQUEST", DUPLICATE, DUPLICATE, DUPLICATE, DUPLICATE, DUPLICATE },
  { "MISSING_FIELD", RETRY, REFUSED, REFUSED, RETRY, REFUSED },
  { "INVALID_DATA", RETRY, REFUSED, REFUSED, RETRY, REFUSED },
  { "INVALID_AMOUNT", RETRY, REFUSED, REFUSED, RETRY, REFUSED },
  { "NOT_SUPPORTED", RETRY, REFUSED, REFUSED, RETRY, REFUSED },
  { "INVALID_PAYMENT_ID", RETRY, REFUSED, REFUSED, RETRY, REFUSED },
  { "INVALID_CARD", DECLINED, REFUSED, REFUSED, RETRY, REFUSED },
  { "CARD_TYPE_NOT_ACCEPTED", DECLINED, REFUSED, REFUSED, RETRY, REFUSED },
  { "INVALID_CARD_TYPE", DECLINED, REFUSED, REFUSED, RETRY, REFUSED },
  /* the operator, or time, can mend these */
  { "INVALID_MERCHANT_CONFIGURATION", RETRY, RETRY, RETRY, RETRY, RETRY },
  { "PROCESSOR_UNAVAILABLE", RETRY, RETRY, RETRY, RETRY, RETRY },
  { "EXCEEDS_AUTH_AMOUNT", UNKNOWN, REFUSED, REFUSED, RETRY, REFUSED },
  /* "Already reversed" is what a repeated reversal wants to hear. */
  { "AUTH_ALREADY_REVERSED", UNKNOWN, REFUSED, DONE, DONE, UNKNOWN },
  { "MISSING_AUTH", UNKNOWN, REFUSED, REFUSED, NOTHING, UNKNOWN },
  /* A capture that hears these may be its own echo: only a search tells. */
  { "TRANSACTION_ALREADY_SETTLED", UNKNOWN, DUPLICATE, REFUSED, REFUSED, DUPLICATE },
  { "TRANSACTION_ALREADY_REVERSED_OR_SETTLED", UNKNOWN, DUPLICATE, DUPLICATE, DUPLICATE, DUPLICATE },
};

static TwGatewayEnd
reaction_end (const Reaction     *reaction,
              const TwGatewayAsk *ask)
{
  switch (ask->call)
    {
    case TW_GATEWAY_AUTHORIZE: return reaction->authorize;
    case TW_GATEWAY_CAPTURE:   return reaction->capture;
    case TW_GATEWAY_REVERSE:   return ask->hold.id != NULL ? reaction->reverse : reaction->timeout_reverse;
    case TW_GATEWAY_REFUND:    return reaction->refund;
    }
  g_assert_not_reached ();
}

static TwGatewayAnswer *
read_wrong_request (const TwGatewayAsk *ask,
                    const TwJson       *root)
{
  const char *reason = tw_json_string (tw_json_member (root, "reason"));

  for (guint i = 0; i < G_N_ELEMENTS (reactions); i++)
    if (g_strcmp0 (reason, reactions[i].reason) == 0)
      {
        TwGatewayEnd end = reaction_end (&reactions[i], ask);

        return tw_cybersource_answer (end, end == TW_GATEWAY_DECLINED ? kiosk_code (reason) : reason);
      }

  return tw_cybersource_answer (TW_GATEWAY_UNKNOWN, clean_reason (reason));
}

/* 404: the service does not know the payment. To a timeout reversal that is an answer; a payment whose id we were given
 * may only not have reached every machine yet. */
static TwGatewayAnswer *
read_not_found (const TwGatewayAsk *ask,
                const TwJson       *root)
{
  if (root == NULL || ask->call == TW_GATEWAY_AUTHORIZE)
    return tw_cybersource_answer (TW_GATEWAY_UNKNOWN, "not-found");
  if (ask->call == TW_GATEWAY_REVERSE && ask->hold.id == NULL)
    return tw_cybersource_answer (TW_GATEWAY_NOTHING, "not-found");

  return tw_cybersource_answer (TW_GATEWAY_RETRY, "not-found");
}

/* 201: the transaction exists, whatever became of it. */
static TwGatewayAnswer *
read_created (const TwGatewayAsk *ask,
              const TwJson       *root)
{
  if (root == NULL)
    return tw_cybersource_answer (TW_GATEWAY_UNKNOWN, "unreadable-answer");

  switch (ask->call)
    {
    case TW_GATEWAY_AUTHORIZE: return read_authorized (root, ask);
    case TW_GATEWAY_CAPTURE:
    case TW_GATEWAY_REFUND:    return read_moved (root, ask);
    case TW_GATEWAY_REVERSE:   return read_reversed (root, ask);
    }
  g_assert_not_reached ();
}

TwGatewayAnswer *
tw_cybersource_read_status (guint status)
{
  switch (status)
    {
    case 401:
    case 403: return tw_cybersource_answer (TW_GATEWAY_RETRY, "gateway-auth");
    case 429: return tw_cybersource_answer (TW_GATEWAY_RETRY, "gateway-busy");
    case 502: return tw_cybersource_answer (TW_GATEWAY_UNKNOWN, "gateway-failed");
    default:  return tw_cybersource_answer (TW_GATEWAY_UNKNOWN, "unknown-answer");
    }
}

TwGatewayAnswer *
tw_cybersource_read (const TwGatewayAsk *ask,
                     guint               status,
                     GBytes             *body)
{
  g_autoptr(TwJson) root = tw_cybersource_parse (body);

  switch (status)
    {
    case 201: return read_created (ask, root);
    case 400: return read_wrong_request (ask, root);
    case 404: return read_not_found (ask, root);
    default:  return tw_cybersource_read_status (status);
    }
}
