/* SPDX-License-Identifier: Apache-2.0 */
/* Requests: EV charging guide and the field documentation of the service's public client package. */
#include "payment/gateway/cybersource.h"

#include "app/base/error.h"

#include <string.h>

#define MAX_CODE 50
#define MAX_TRANSACTION_ID 64
#define MAX_SUMMARIES 100

gboolean
tw_cybersource_is_token (const char *text,
                         gsize       most)
{
  gsize len = text == NULL ? 0 : strlen (text);

  if (len == 0 || len > most)
    return FALSE;

  for (gsize i = 0; i < len; i++)
    if (!g_ascii_isalnum (text[i]) && strchr ("._-", text[i]) == NULL)
      return FALSE;

  return TRUE;
}

static gboolean
check_token (const char *text,
             gsize       most,
             const char *what,
             GError    **error)
{
  if (tw_cybersource_is_token (text, most))
    return TRUE;

  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "cybersource: %s \"%s\": 1 to %" G_GSIZE_FORMAT
               " letters, digits, dots, dashes or underscores are accepted", what, text == NULL ? "" : text, most);
  return FALSE;
}

const char *
tw_cybersource_transaction_id (const TwGatewayAsk *ask)
{
  switch (ask->call)
    {
    case TW_GATEWAY_AUTHORIZE: return ask->hold.transaction_id;
    case TW_GATEWAY_CAPTURE:
    case TW_GATEWAY_REFUND:    return ask->transaction_id;
    case TW_GATEWAY_REVERSE:   return ask->hold.id != NULL ? ask->transaction_id : ask->hold.transaction_id;
    }
  g_assert_not_reached ();
}

TwMoney
tw_cybersource_amount (const TwGatewayAsk *ask)
{
  return ask->call == TW_GATEWAY_CAPTURE || ask->call == TW_GATEWAY_REFUND ? ask->amount : ask->hold.amount;
}

/* What stands in the path; FALSE: nothing does. */
static gboolean
acts_on (const TwGatewayAsk *ask,
         const char        **id)
{
  *id = ask->call == TW_GATEWAY_REFUND ? ask->hold.capture_id : ask->hold.id;
  return ask->call == TW_GATEWAY_CAPTURE || ask->call == TW_GATEWAY_REFUND
         || (ask->call == TW_GATEWAY_REVERSE && ask->hold.id != NULL);
}

static gboolean
check_ask (const TwGatewayAsk *ask,
           GError            **error)
{
  TwMoney amount = tw_cybersource_amount (ask);
  g_autofree char *text = NULL;
  const char *id;

  if (!check_token (ask->hold.code, MAX_CODE, "session reference", error)
      || !check_token (tw_cybersource_transaction_id (ask), MAX_TRANSACTION_ID, "transaction id", error)
      || (acts_on (ask, &id) && !check_token (id, TW_CYBERSOURCE_MAX_ID, "payment id", error)))
    return FALSE;

  if (amount.minor > 0 && amount.minor <= ask->hold.amount.minor && tw_currency_digits (amount.currency) >= 0
      && strcmp (amount.currency, ask->hold.amount.currency) == 0)
    return TRUE;

  text = g_strdup_printf ("%" G_GINT64_FORMAT " %s", amount.minor, amount.currency);
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "cybersource: an amount of %s (in minor units) cannot be asked for "
               "with a hold of %" G_GINT64_FORMAT " %s", text, ask->hold.amount.minor, ask->hold.amount.currency);
  return FALSE;
}

static TwGatewayRequest *
request_new (const char *method,
             char       *path,
             TwJsonOut  *body)
{
  TwGatewayRequest *self = g_new0 (TwGatewayRequest, 1);

  self->method = g_strdup (method);
  self->path = path;
  self->body = body == NULL ? NULL : tw_json_out_finish (body);

  return self;
}

static void
optional_string (TwJsonOut  *out,
                 const char *key,
                 const char *value)
{
  if (value != NULL && *value != '\0')
    tw_json_out_string (out, key, value);
}

static void
client_reference (TwJsonOut          *out,
                  const TwGatewayAsk *ask)
{
  tw_json_out_begin_object (out, "clientReferenceInformation");
  tw_json_out_string (out, "code", ask->hold.code);
  tw_json_out_string (out, "transactionId", tw_cybersource_transaction_id (ask));
  if (ask->call == TW_GATEWAY_AUTHORIZE || ask->call == TW_GATEWAY_CAPTURE)
    optional_string (out, "comments", ask->terminal.comments);
  if (ask->call == TW_GATEWAY_AUTHORIZE && ask->terminal.solution_id != NULL && *ask->terminal.solution_id != '\0')
    {
      tw_json_out_begin_object (out, "partner");
      tw_json_out_string (out, "solutionId", ask->terminal.solution_id);
      tw_json_out_end (out);
    }
  tw_json_out_end (out);
}

static void
amount_details (TwJsonOut *out,
                TwMoney    amount)
{
  g_autofree char *decimal = tw_money_to_decimal (amount);

  tw_json_out_begin_object (out, "amountDetails");
  tw_json_out_string (out, "totalAmount", decimal);
  tw_json_out_string (out, "currency", amount.currency);
  tw_json_out_end (out);
}

static void
order_information (TwJsonOut *out,
                   TwMoney    amount)
{
  tw_json_out_begin_object (out, "orderInformation");
  amount_details (out, amount);
  tw_json_out_end (out);
}

static void
processing_information (TwJsonOut *out)
{
  tw_json_out_begin_object (out, "processingInformation");
  tw_json_out_bool (out, "capture", FALSE);
  tw_json_out_string (out, "commerceIndicator", "retail");
  tw_json_out_begin_object (out, "authorizationOptions");
  tw_json_out_string (out, "authIndicator", "0");           /* a pre-authorization: the final amount is not known */
  tw_json_out_bool (out, "partialAuthIndicator", FALSE);
  tw_json_out_end (out);
  tw_json_out_end (out);
}

static void
point_of_sale (TwJsonOut               *out,
               const TwGatewayTerminal *terminal)
{
  tw_json_out_begin_object (out, "pointOfSaleInformation");
  optional_string (out, "terminalId", terminal->terminal_id);
  optional_string (out, "terminalSerialNumber", terminal->serial_number);
  tw_json_out_int64 (out, "terminalCapability", 5);         /* contactless chip only */
  tw_json_out_int64 (out, "catLevel", 2);                   /* self-service terminal */
  tw_json_out_string (out, "operatingEnvironment", "2");    /* on the merchant's premises, unattended */
  tw_json_out_int64 (out, "terminalPinCapability", 0);
  tw_json_out_begin_array (out, "terminalInputCapability");
  tw_json_out_string (out, NULL, "Contactless");
  tw_json_out_end (out);
  tw_json_out_end (out);
}

static void
authorize (TwJsonOut          *out,
           const TwGatewayAsk *ask)
{
  processing_information (out);
  order_information (out, ask->hold.amount);
  point_of_sale (out, &ask->terminal);
}

static void
reverse (TwJsonOut          *out,
         const TwGatewayAsk *ask)
{
  tw_json_out_begin_object (out, "reversalInformation");
  amount_details (out, ask->hold.amount);
  tw_json_out_string (out, "reason", ask->hold.id == NULL ? "no answer to the authorization" : "not used");
  tw_json_out_end (out);
}

static char *
path_of (const TwGatewayAsk *ask)
{
  switch (ask->call)
    {
    case TW_GATEWAY_AUTHORIZE: return g_strdup ("/pts/v2/payments");
    case TW_GATEWAY_CAPTURE:   return g_strdup_printf ("/pts/v2/payments/%s/captures", ask->hold.id);
    case TW_GATEWAY_REVERSE:   return ask->hold.id == NULL ? g_strdup ("/pts/v2/reversals")
                                      : g_strdup_printf ("/pts/v2/payments/%s/reversals", ask->hold.id);
    case TW_GATEWAY_REFUND:    return g_strdup_printf ("/pts/v2/captures/%s/refunds", ask->hold.capture_id);
    }
  g_assert_not_reached ();
}

/* A capture below the hold lets the service release the rest by itself. */
static TwGatewayRequest *
request_itself (const TwGatewayAsk *ask,
                GError            **error)
{
  g_autoptr(TwJsonOut) out = NULL;

  if (!check_ask (ask, error))
    return NULL;

  out = tw_json_out_new ();
  tw_json_out_begin_object (out, NULL);
  client_reference (out, ask);
  switch (ask->call)
    {
    case TW_GATEWAY_AUTHORIZE: authorize (out, ask); break;
    case TW_GATEWAY_CAPTURE:
    case TW_GATEWAY_REFUND:    order_information (out, ask->amount); break;
    case TW_GATEWAY_REVERSE:   reverse (out, ask); break;
    }

  return request_new ("POST", path_of (ask), out);
}

static TwGatewayRequest *
request_search (const TwGatewayAsk *ask,
                GError            **error)
{
  g_autoptr(TwJsonOut) out = NULL;
  g_autofree char *query = NULL;

  if (!check_token (ask->hold.code, MAX_CODE, "session reference", error))
    return NULL;

  query = g_strdup_printf ("clientReferenceInformation.code:%s", ask->hold.code);
  out = tw_json_out_new ();
  tw_json_out_begin_object (out, NULL);
  tw_json_out_bool (out, "save", FALSE);
  tw_json_out_string (out, "query", query);
  tw_json_out_string (out, "sort", "submitTimeUtc:desc");
  tw_json_out_int64 (out, "limit", MAX_SUMMARIES);
  tw_json_out_int64 (out, "offset", 0);
  tw_json_out_string (out, "timezone", "UTC");

  return request_new ("POST", g_strdup ("/tss/v2/searches"), out);
}

static TwGatewayRequest *
request_look_up (const TwGatewayAsk *ask,
                 GError            **error)
{
  if (!check_token (ask->hold.id, TW_CYBERSOURCE_MAX_ID, "payment id", error))
    return NULL;

  return request_new ("GET", g_strdup_printf ("/tss/v2/transactions/%s", ask->hold.id), NULL);
}

static TwGatewayRequest *
request (const TwGatewayAsk *ask,
         TwGatewayHow        how,
         GError            **error)
{
  switch (how)
    {
    case TW_GATEWAY_DO:      return request_itself (ask, error);
    case TW_GATEWAY_SEARCH:  return request_search (ask, error);
    case TW_GATEWAY_LOOK_UP: return request_look_up (ask, error);
    }
  g_assert_not_reached ();
}

static TwGatewayAnswer *
read_answer (const TwGatewayAsk *ask,
             TwGatewayHow        how,
             guint               status,
             GBytes             *body)
{
  switch (how)
    {
    case TW_GATEWAY_DO:      return tw_cybersource_read (ask, status, body);
    case TW_GATEWAY_SEARCH:  return tw_cybersource_read_search (ask, status, body);
    case TW_GATEWAY_LOOK_UP: return tw_cybersource_read_look_up (ask, status, body);
    }
  g_assert_not_reached ();
}

static GBytes *
wrap (const char *jwe)
{
  g_autoptr(TwJsonOut) out = tw_json_out_new ();

  tw_json_out_begin_object (out, NULL);
  tw_json_out_string (out, "encryptedRequest", jwe);

  return tw_json_out_finish (out);
}

const TwGateway tw_gateway_cybersource = {
  .kind = "cybersource",
  .request = request,
  .read = read_answer,
  .add_card_fields = tw_cybersource_add_card_fields,
  .wrap = wrap,
  .unwrap = tw_cybersource_unwrap,
};
