/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bench/wish.h"

#include <string.h>

#include "app/base/bytes.h"
#include "app/base/whole.h"
#include "app/bench/coins.h"
#include "app/bench/wish-fields.h"

#define MOST_DETAILS 20
#define MOST_RESULTS 2500

static void
detail_free (gpointer data)
{
  TwDetail *detail = data;

  g_free (detail->field);
  g_free (detail->reason);
  g_free (detail->why);
  g_free (detail);
}

void
tw_wish_free (TwWish *self)
{
  if (self == NULL)
    return;
  g_free (self->kind);
  g_free (self->id);
  g_free (self->code);
  g_free (self->transaction_id);
  g_free (self->currency);
  g_free (self->card_type);
  g_free (self->payment_id);
  g_free (self->query);
  tw_tags_free (self->tags);
  tw_wipe (&self->track, sizeof self->track);
  g_ptr_array_unref (self->details);
  g_free (self);
}

void
tw_wish_blame (TwWish     *self,
               const char *reason,
               const char *field,
               const char *why)
{
  TwDetail *detail;

  if (self->reason == NULL || strcmp (reason, "MISSING_FIELD") == 0)
    self->reason = reason;
  if (self->details->len >= MOST_DETAILS)
    return;

  detail = g_new0 (TwDetail, 1);
  detail->field = g_strdup (field);
  /* Only these two exist within details[] (cybersource-ev.md section 5). */
  detail->reason = g_strdup (strcmp (reason, "MISSING_FIELD") == 0 ? "MISSING_FIELD" : "INVALID_DATA");
  detail->why = g_strdup (why);
  g_ptr_array_add (self->details, detail);
}

static const char *
text_at (const TwJson *body,
         const char   *path)
{
  return tw_json_string (tw_wish_value (body, path));
}

static gint64
number_at (const TwJson *body,
           const char   *path,
           gint64        otherwise)
{
  const char *text = tw_json_number_text (tw_wish_value (body, path));

  return text != NULL ? g_ascii_strtoll (text, NULL, 10) : otherwise;
}

static void
read_amount (TwWish       *self,
             const TwJson *body)
{
  gboolean reversal = self->act == TW_ACT_REVERSE || self->act == TW_ACT_TIMEOUT_REVERSE;
  const char *group = reversal ? "reversalInformation.amountDetails" : "orderInformation.amountDetails";
  const char *name = self->act == TW_ACT_INCREMENT ? "additionalAmount" : "totalAmount";
  g_autofree char *currency_path = g_strconcat (group, ".currency", NULL);
  g_autofree char *amount_path = g_strconcat (group, ".", name, NULL);
  const char *currency = text_at (body, currency_path);
  const char *amount = text_at (body, amount_path);

  if (currency == NULL || amount == NULL)
    return;   /* the table has said so, if it matters */

  self->currency = g_strdup (currency);
  if (tw_coin_digits (currency) < 0)
    tw_wish_blame (self, "INVALID_DATA", currency_path, "is not a currency of this merchant");
  else if (!tw_coin_parse (amount, currency, &self->amount_minor))
    tw_wish_blame (self, "INVALID_AMOUNT", amount_path, "is not a decimal amount of this currency");
  else if (self->amount_minor == 0)
    tw_wish_blame (self, "INVALID_AMOUNT", amount_path, "must be above zero");
}

static gboolean
is_accepted_type (const char *card_type)
{
  return strcmp (card_type, "001") == 0 || strcmp (card_type, "002") == 0;
}

static void
read_track (TwWish       *self,
            const TwJson *body)
{
  const char *field = "pointOfSaleInformation.trackData";
  const char *track = text_at (body, field);
  const char *why, *brand;

  if (track == NULL)
    return;
  /* cybersource-ev.md section 7: with trackData in it the body must be encrypted. */
  if (!self->encrypted)
    {
      tw_wish_blame (self, "INVALID_DATA", field, "must not be sent without message-level encryption");
      return;
    }

  why = tw_track_parse (track, &self->track);
  if (why != NULL)
    {
      tw_wish_blame (self, strstr (why, "check digit") != NULL ? "INVALID_CARD" : "INVALID_DATA", field, why);
      return;
    }
  self->has_track = TRUE;
  brand = tw_track_card_type (&self->track);
  if (brand == NULL)
    tw_wish_blame (self, "CARD_TYPE_NOT_ACCEPTED", field, "is neither a Visa nor a Mastercard");
  else if (self->card_type != NULL && is_accepted_type (self->card_type) && strcmp (brand, self->card_type) != 0)
    tw_wish_blame (self, "INVALID_CARD_TYPE", "paymentInformation.card.type", "is not the type of this card number");
}

static void
read_tags (TwWish       *self,
           const TwJson *body)
{
  const char *field = "pointOfSaleInformation.emv.tags";
  const char *hex = text_at (body, field);
  const char *why;

  if (hex == NULL)
    return;

  self->tags = tw_tags_parse (hex, &why);
  if (self->tags == NULL)
    tw_wish_blame (self, "INVALID_DATA", field, why);
}

/* n digits of binary-coded decimal; -1: not that. */
static gint64
bcd (const guint8 *value,
     gsize         n)
{
  gint64 number = 0;

  for (gsize i = 0; i < n; i++)
    {
      if (value[i] >> 4 > 9 || (value[i] & 15) > 9)
        return -1;
      number = number * 100 + (value[i] >> 4) * 10 + (value[i] & 15);
    }

  return number;
}

/* The card has signed for this amount in this currency, or it has not signed for this. */
static void
check_tags_of_authorization (TwWish *self)
{
  const char *field = "pointOfSaleInformation.emv.tags";
  const char *missing = tw_tags_missing (self->tags, g_strcmp0 (self->card_type, "002") == 0);
  const guint8 *value;
  gsize n;

  if (missing != NULL)
    {
      g_autofree char *why = g_strdup_printf ("lacks tag %s", missing);

      tw_wish_blame (self, "INVALID_DATA", field, why);
      return;
    }

  value = tw_tags_get (self->tags, 0x9F02, &n);
  if (n != 6 || (self->amount_minor > 0 && bcd (value, n) != self->amount_minor))
    tw_wish_blame (self, "INVALID_DATA", field, "has another amount in 9F02 than totalAmount");
  value = tw_tags_get (self->tags, 0x5F2A, &n);
  if (n != 2 || (self->currency != NULL && bcd (value, n) != (gint64) tw_coin_number (self->currency)))
    tw_wish_blame (self, "INVALID_DATA", field, "has another currency in 5F2A than currency");
  tw_tags_get (self->tags, 0x9F26, &n);
  if (n != 8)
    tw_wish_blame (self, "INVALID_DATA", field, "has a cryptogram 9F26 that is not 8 bytes");
  tw_tags_get (self->tags, 0x9F36, &n);
  if (n != 2)
    tw_wish_blame (self, "INVALID_DATA", field, "has a counter 9F36 that is not 2 bytes");
  tw_tags_get (self->tags, 0x9F37, &n);
  if (n != 4)
    tw_wish_blame (self, "INVALID_DATA", field, "has an unpredictable number 9F37 that is not 4 bytes");
}

/* What goes together: cybersource-ev.md section 3, entryMode, terminalCapability, emv and trackData. */
static void
check_authorization (TwWish       *self,
                     const TwJson *body)
{
  const char *mode = text_at (body, "pointOfSaleInformation.entryMode");
  gint64 capability = number_at (body, "pointOfSaleInformation.terminalCapability", 0);
  gboolean fluid = tw_wish_value (body, "paymentInformation.fluidData.value") != NULL;
  gboolean track = tw_wish_value (body, "pointOfSaleInformation.trackData") != NULL;
  gboolean fallback = tw_json_is_true (tw_wish_value (body, "pointOfSaleInformation.emv.fallback"));
  gboolean swiped = g_strcmp0 (mode, "swiped") == 0;

  self->contact = g_strcmp0 (mode, "contact") == 0;
  if (self->card_type != NULL && !is_accepted_type (self->card_type))
    tw_wish_blame (self, "CARD_TYPE_NOT_ACCEPTED", "paymentInformation.card.type", "is not taken for EV charging");
  if (!track && !fluid)
    tw_wish_blame (self, "MISSING_FIELD", "pointOfSaleInformation.trackData", "is missing");
  if (track && fluid)
    tw_wish_blame (self, "INVALID_DATA", "pointOfSaleInformation.trackData", "must not stand beside fluidData");
  if (mode != NULL && !swiped && tw_wish_value (body, "pointOfSaleInformation.emv.tags") == NULL)
    tw_wish_blame (self, "MISSING_FIELD", "pointOfSaleInformation.emv.tags", "is missing");
  if (swiped && self->tags != NULL)
    tw_wish_blame (self, "INVALID_DATA", "pointOfSaleInformation.emv.tags", "does not belong to a swipe");
  if (mode != NULL && !swiped && capability == 1)
    tw_wish_blame (self, "INVALID_DATA", "pointOfSaleInformation.terminalCapability", "must be 4 or 5 for a chip");
  if (self->contact && capability == 5)
    tw_wish_blame (self, "INVALID_DATA", "pointOfSaleInformation.terminalCapability", "5 cannot read a contact chip");
  if (fallback != (number_at (body, "pointOfSaleInformation.emv.fallbackCondition", 0) != 0) || (fallback && !swiped))
    tw_wish_blame (self, "INVALID_DATA", "pointOfSaleInformation.emv.fallback",
                   "and fallbackCondition go together, with a swipe");
  if (self->tags != NULL)
    check_tags_of_authorization (self);
}

static void
read_sequence (TwWish       *self,
               const TwJson *body)
{
  const char *text = text_at (body, "pointOfSaleInformation.emv.cardSequenceNumber");
  gsize n = 0;
  const guint8 *tag = self->tags != NULL ? tw_tags_get (self->tags, 0x5F34, &n) : NULL;

  guint64 number;

  if (text != NULL && tw_whole_parse_unsigned (text, 10, 0, 999, &number))
    self->card_sequence = (int) number;
  else if (text != NULL)
    tw_wish_blame (self, "INVALID_DATA", "pointOfSaleInformation.emv.cardSequenceNumber", "must be digits");
  else if (tag != NULL && n == 1)
    self->card_sequence = (int) bcd (tag, 1);

  if (tag != NULL && (n != 1 || bcd (tag, 1) != self->card_sequence))
    tw_wish_blame (self, "INVALID_DATA", "pointOfSaleInformation.emv.cardSequenceNumber", "is not what 5F34 says");
}

static void
read_search (TwWish       *self,
             const TwJson *body)
{
  const char *sort = text_at (body, "sort");

  self->query = g_strdup (text_at (body, "query"));
  self->limit = number_at (body, "limit", 20);
  self->offset = number_at (body, "offset", 0);
  self->ascending = g_strcmp0 (sort, "submitTimeUtc:asc") == 0;
  if (self->limit < 1 || self->limit > MOST_RESULTS)
    tw_wish_blame (self, "INVALID_DATA", "limit", "must be 1 to 2500");
}

TwWish *
tw_wish_parse (const TwAsk  *ask,
               const TwJson *json,
               gboolean      encrypted,
               const char   *why)
{
  gboolean has_body = ask->act != TW_ACT_READ && ask->act != TW_ACT_SEARCH_AGAIN;
  TwWish *self = g_new0 (TwWish, 1);

  self->act = ask->act;
  self->kind = g_strdup (ask->kind);
  self->id = g_strdup (ask->id);
  self->encrypted = encrypted;
  self->amount_minor = -1;
  self->details = g_ptr_array_new_with_free_func (detail_free);
  if (json == NULL && has_body)
    tw_wish_blame (self, "INVALID_DATA", "encryptedRequest", why != NULL ? why : "is no body that can be read");
  if (json == NULL)
    return self;

  if (tw_json_type (json) != TW_JSON_OBJECT)
    {
      tw_wish_blame (self, "INVALID_DATA", "", "the body must be an object");
      return self;
    }

  tw_wish_check_fields (self, json);
  self->code = g_strdup (text_at (json, "clientReferenceInformation.code"));
  self->transaction_id = g_strdup (text_at (json, "clientReferenceInformation.transactionId"));
  self->payment_id = g_strdup (text_at (json, "processingInformation.paymentId"));
  self->card_type = g_strdup (text_at (json, "paymentInformation.card.type"));
  self->sale = tw_json_is_true (tw_wish_value (json, "processingInformation.capture"));
  read_amount (self, json);
  read_track (self, json);
  read_tags (self, json);
  read_sequence (self, json);
  if (self->act == TW_ACT_AUTHORIZE)
    check_authorization (self, json);
  if (self->act == TW_ACT_SEARCH)
    read_search (self, json);

  return self;
}
