/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bench/wish-fields.h"

#include <string.h>

/* Which requests: one bit each. */
#define A (1u << TW_ACT_AUTHORIZE)
#define I (1u << TW_ACT_INCREMENT)
#define C (1u << TW_ACT_CAPTURE)
#define R (1u << TW_ACT_REVERSE)
#define T (1u << TW_ACT_TIMEOUT_REVERSE)
#define V (1u << TW_ACT_VOID)
#define W (1u << TW_ACT_TIMEOUT_VOID)
#define F (1u << TW_ACT_REFUND)
#define S (1u << TW_ACT_SEARCH)
#define X (1u << TW_ACT_REFRESH)
#define MONEY (A | I | C | R | T | V | W | F | X)

typedef enum { TEXT, NUMBER, TRUTH, TEXTS, TEXT_OR_NUMBER } Type;

typedef struct
{
  const char *path;
  Type        type;
  guint       most;       /* characters */
  const char *accepted;   /* "a|b|c"; NULL: anything */
  guint       needed;     /* by which acts */
  guint       allowed;    /* in which besides */
} Field;

#define CONNECTOR_TYPES "001|002|003|100|101|102|103|200"
#define REASON_CODES "010|011|012|013|014|015|016|017|018|019|020|021|022|023|100|200"

/* cybersource-ev.md section 3; types as in the field documentation of the REST client package. */
static const Field FIELDS[] = {
  { "clientReferenceInformation.code", TEXT, 50, NULL, MONEY & ~X, X },
  { "clientReferenceInformation.transactionId", TEXT, 100, NULL, MONEY & ~X, X },
  { "clientReferenceInformation.comments", TEXT, 255, NULL, 0, MONEY },
  { "clientReferenceInformation.partner.solutionId", TEXT, 8, NULL, 0, MONEY },
  { "clientReferenceInformation.partner.thirdPartyCertificationNumber", TEXT, 12, NULL, 0, MONEY },
  { "clientReferenceInformation.partner.developerId", TEXT, 8, NULL, 0, MONEY },
  { "processingInformation.capture", TRUTH, 0, NULL, 0, A },
  { "processingInformation.commerceIndicator", TEXT, 20, "retail", A, 0 },
  { "processingInformation.authorizationOptions.authIndicator", TEXT, 1, "0|1", 0, A },
  { "processingInformation.authorizationOptions.partialAuthIndicator", TRUTH, 0, NULL, 0, A },
  { "processingInformation.authorizationOptions.deferredAuthIndicator", TRUTH, 0, NULL, 0, A },
  { "processingInformation.authorizationOptions.initiator.storedCredentialUsed", TRUTH, 0, NULL, 0, I },
  { "processingInformation.paymentId", TEXT, 26, NULL, 0, W },
  { "orderInformation.amountDetails.totalAmount", TEXT, 15, NULL, A | C | F, 0 },
  { "orderInformation.amountDetails.additionalAmount", TEXT, 15, NULL, I, 0 },
  { "orderInformation.amountDetails.currency", TEXT, 3, NULL, A | I | C | F, 0 },
  { "reversalInformation.amountDetails.totalAmount", TEXT, 15, NULL, R | T, 0 },
  { "reversalInformation.amountDetails.currency", TEXT, 3, NULL, R | T, 0 },
  { "reversalInformation.reason", TEXT, 255, NULL, 0, R | T },
  { "paymentInformation.card.type", TEXT, 3, NULL, A, 0 },
  { "paymentInformation.initiationChannel", TEXT, 2, NULL, 0, A },
  { "paymentInformation.fluidData.value", TEXT, 3072, NULL, 0, A },
  { "paymentInformation.fluidData.encoding", TEXT, 6, "Base64|HEX", 0, A },
  { "paymentInformation.fluidData.descriptor", TEXT, 128, NULL, 0, A },
  { "paymentInformation.fluidData.keySerialNumber", TEXT, 64, NULL, 0, A },
  { "pointOfSaleInformation.entryMode", TEXT, 11, "contactless|contact|swiped", A, 0 },
  { "pointOfSaleInformation.terminalCapability", NUMBER, 1, "1|4|5", A, 0 },
  { "pointOfSaleInformation.catLevel", NUMBER, 1, "1|2|3", A, 0 },
  { "pointOfSaleInformation.terminalId", TEXT, 8, NULL, A, 0 },
  { "pointOfSaleInformation.terminalSerialNumber", TEXT, 32, NULL, 0, A },
  { "pointOfSaleInformation.operatingEnvironment", TEXT, 1, "2|4", 0, A },
  { "pointOfSaleInformation.terminalPinCapability", NUMBER, 2, NULL, 0, A },
  { "pointOfSaleInformation.cardholderVerificationMethodUsed", NUMBER, 1, "0|2|3", 0, A },
  { "pointOfSaleInformation.terminalInputCapability", TEXTS, 40, NULL, 0, A },
  { "pointOfSaleInformation.trackData", TEXT, 250, NULL, 0, A },
  { "pointOfSaleInformation.serviceCode", TEXT, 3, NULL, 0, A },
  { "pointOfSaleInformation.emv.tags", TEXT, 1998, NULL, 0, A | C | R | T | F },
  { "pointOfSaleInformation.emv.cardSequenceNumber", TEXT, 3, NULL, 0, A },
  { "pointOfSaleInformation.emv.fallback", TRUTH, 0, NULL, 0, A },
  { "pointOfSaleInformation.emv.fallbackCondition", NUMBER, 1, "1|2", 0, A },
  { "travelInformation.vehicleData.connectorType", TEXT, 3, CONNECTOR_TYPES, 0, A | I | C },
  { "travelInformation.vehicleData.chargingReasonCode", TEXT, 3, REASON_CODES, 0, A | I | C },
  { "travelInformation.duration", TEXT_OR_NUMBER, 5, NULL, 0, A | I | C },
  { "save", TRUTH, 0, NULL, 0, S },
  { "name", TEXT, 255, NULL, 0, S },
  { "query", TEXT, 2048, NULL, S, 0 },
  { "sort", TEXT, 100, "submitTimeUtc:desc|submitTimeUtc:asc", 0, S },
  { "timezone", TEXT, 64, NULL, 0, S },
  { "limit", NUMBER, 4, NULL, 0, S },
  { "offset", NUMBER, 6, NULL, 0, S },
};

static const Field *
field_of (const char *path)
{
  for (guint i = 0; i < G_N_ELEMENTS (FIELDS); i++)
    if (strcmp (FIELDS[i].path, path) == 0)
      return &FIELDS[i];

  return NULL;
}

static gboolean
is_accepted (const char *accepted,
             const char *text)
{
  g_auto (GStrv) all = accepted != NULL ? g_strsplit (accepted, "|", -1) : NULL;

  return all == NULL || g_strv_contains ((const char *const *) all, text);
}

/* NULL: the leaf is right. */
static const char *
leaf_is_wrong (const Field  *field,
               const TwJson *leaf)
{
  const char *text = tw_json_string (leaf);
  const char *number = tw_json_number_text (leaf);

  if (field->type == TRUTH)
    return tw_json_type (leaf) == TW_JSON_BOOL ? NULL : "must be true or false";
  if (field->type == NUMBER && (number == NULL || strspn (number, "0123456789") != strlen (number)))
    return "must be a whole number";
  if ((field->type == TEXT || field->type == TEXTS) && text == NULL)
    return "must be a string";
  if (text == NULL)
    text = number;
  if (text == NULL)
    return "must be a string or a number";
  if (*text == '\0')
    return "is empty";
  if (strlen (text) > field->most)
    return "is too long";

  return is_accepted (field->accepted, text) ? NULL : "has a value that is not accepted";
}

static void
check_leaf (TwWish       *wish,
            const char   *path,
            const TwJson *leaf,
            gboolean      in_array)
{
  const Field *field = field_of (path);
  const char *why = NULL;

  if (field == NULL)
    why = "is not a field of this API that we know";
  else if (((field->needed | field->allowed) & (1u << wish->act)) == 0)
    why = "does not belong into this request";
  else if (in_array != (field->type == TEXTS))
    why = field->type == TEXTS ? "must be an array of strings" : "must not be an array";
  else
    why = leaf_is_wrong (field, leaf);

  if (why != NULL)
    tw_wish_blame (wish, "INVALID_DATA", path, why);
}

static void
walk (TwWish       *wish,
      const TwJson *node,
      const char   *path)
{
  if (tw_json_type (node) == TW_JSON_OBJECT)
    {
      for (guint i = 0; i < tw_json_length (node); i++)
        {
          const char *name = tw_json_member_name (node, i);
          g_autofree char *below = *path != '\0' ? g_strconcat (path, ".", name, NULL) : g_strdup (name);

          walk (wish, tw_json_element (node, i), below);
        }
      return;
    }
  if (tw_json_type (node) != TW_JSON_ARRAY)
    {
      check_leaf (wish, path, node, FALSE);
      return;
    }
  for (guint i = 0; i < tw_json_length (node); i++)
    check_leaf (wish, path, tw_json_element (node, i), TRUE);
  if (tw_json_length (node) == 0)
    tw_wish_blame (wish, "INVALID_DATA", path, "is an empty array");
}

const TwJson *
tw_wish_value (const TwJson *body,
               const char   *path)
{
  g_auto (GStrv) names = g_strsplit (path, ".", -1);

  for (guint i = 0; body != NULL && names[i] != NULL; i++)
    body = tw_json_member (body, names[i]);

  return body;
}

void
tw_wish_check_fields (TwWish       *wish,
                      const TwJson *body)
{
  walk (wish, body, "");

  for (guint i = 0; i < G_N_ELEMENTS (FIELDS); i++)
    if ((FIELDS[i].needed & (1u << wish->act)) != 0 && tw_wish_value (body, FIELDS[i].path) == NULL)
      tw_wish_blame (wish, "MISSING_FIELD", FIELDS[i].path, "is missing");
}
