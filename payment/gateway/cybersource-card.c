/* SPDX-License-Identifier: Apache-2.0 */
/* What the reader adds to an authorization. Runs where card data is; every buffer that holds a track is wiped. */
#include "payment/gateway/cybersource.h"

#include "app/base/bytes.h"
#include "app/base/error.h"
#include "app/base/json.h"

#include <string.h>

#define MAX_TRACK2 37           /* ISO/IEC 7813 without sentinels and LRC */

static const char *const body_members[] = {
  "clientReferenceInformation", "processingInformation", "orderInformation", "pointOfSaleInformation",
  "travelInformation", NULL
};
static const char *const terminal_members[] = {
  "terminalId", "terminalSerialNumber", "terminalCapability", "catLevel", "operatingEnvironment",
  "terminalPinCapability", "terminalInputCapability", NULL
};

/* Stands for the track while yajl, whose buffers are not wiped, writes the rest. It cannot occur otherwise: inside a
 * string its quotes would be escaped, and no member of this name comes in. */
static const char placeholder[] = "\"trackData\":\";?\"";
#define TRACK_AT (sizeof placeholder - 1 - 2)

static gboolean
bad_state (GError    **error,
           const char *what)
{
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_STATE, "card data: %s; nothing was sent", what);
  return FALSE;
}

static gboolean
bad_data (GError    **error,
          const char *what)
{
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "card data: %s; nothing was sent", what);
  return FALSE;
}

/* A binary-coded decimal of the card's data. */
static gboolean
bcd (const guint8 *value,
     gsize         len,
     gint64       *number)
{
  *number = 0;
  for (gsize i = 0; i < len; i++)
    {
      if (value[i] >> 4 > 9 || (value[i] & 0x0f) > 9)
        return FALSE;
      *number = *number * 100 + (value[i] >> 4) * 10 + (value[i] & 0x0f);
    }

  return TRUE;
}

static gboolean
tag_says (const TwCardFields *fields,
          guint               tag,
          gsize               expected_len,
          gint64              expected)
{
  gsize len = 0;
  gint64 number;
  const guint8 *value = tw_cybersource_emv_find (fields, tag, &len);

  return value != NULL && len == expected_len && bcd (value, len, &number) && number == expected;
}

/* Three tellings of one amount: what was asked for, what the body says, what the card put its cryptogram over. */
static gboolean
check_amounts (const TwJson       *root,
               const TwCardFields *fields,
               TwMoney             expected,
               GError            **error)
{
  const TwJson *details = tw_json_member (tw_json_member (root, "orderInformation"), "amountDetails");
  const char *total = tw_json_string (tw_json_member (details, "totalAmount"));
  const char *currency = tw_json_string (tw_json_member (details, "currency"));
  g_autofree char *decimal = NULL;

  if (expected.minor <= 0 || tw_currency_digits (expected.currency) < 0)
    return bad_state (error, "the amount asked for is not money");

  decimal = tw_money_to_decimal (expected);
  if (g_strcmp0 (total, decimal) != 0 || g_strcmp0 (currency, expected.currency) != 0)
    return bad_state (error, "the message says another amount than was asked for");

  if (fields->entry_mode == TW_ENTRY_SWIPED)
    return TRUE;

  if (!tag_says (fields, 0x9f02, 6, expected.minor)
      || !tag_says (fields, 0x5f2a, 2, tw_currency_number (expected.currency)))
    return bad_state (error, "the card was asked about another amount than the message says");

  return TRUE;
}

static gboolean
check_body (const TwJson *root,
            GError      **error)
{
  const TwJson *terminal = tw_json_member (root, "pointOfSaleInformation");
  const TwJson *capture = tw_json_member (tw_json_member (root, "processingInformation"), "capture");

  if (tw_json_type (root) != TW_JSON_OBJECT || terminal == NULL || tw_json_type (terminal) != TW_JSON_OBJECT)
    return bad_data (error, "the message is not an authorization without card fields");

  if (!tw_json_only (root, body_members, error) || !tw_json_only (terminal, terminal_members, error))
    {
      g_prefix_error (error, "card data: ");
      return FALSE;
    }

  if (capture == NULL || tw_json_type (capture) != TW_JSON_BOOL || tw_json_is_true (capture))
    return bad_data (error, "the message is not a hold: processingInformation.capture must be false");

  return TRUE;
}

/* PAN, separator, expiry, service code, discretionary data (ISO/IEC 7813). */
static gboolean
check_track2 (const char *track2,
              GError    **error)
{
  gsize len = track2 == NULL ? 0 : strnlen (track2, MAX_TRACK2 + 1);
  gsize pan = track2 == NULL ? 0 : strspn (track2, "0123456789");
  gboolean ok = len <= MAX_TRACK2 && pan >= 8 && pan <= 19 && track2[pan] == '=' && len - pan - 1 >= 7
                && strspn (track2 + pan + 1, "0123456789") == len - pan - 1;

  return ok || bad_data (error, "track 2 is not a track 2");
}

static const char *
card_type (const char *brand)
{
  if (g_strcmp0 (brand, "visa") == 0)
    return "001";
  if (g_strcmp0 (brand, "mastercard") == 0)
    return "002";

  return NULL;
}

static const char *
entry_mode (TwEntryMode mode)
{
  switch (mode)
    {
    case TW_ENTRY_CONTACTLESS: return "contactless";
    case TW_ENTRY_CONTACT:     return "contact";
    case TW_ENTRY_SWIPED:      return "swiped";
    }
  g_assert_not_reached ();
}

static gint64
cvm_used (TwCvm cvm)
{
  switch (cvm)
    {
    case TW_CVM_NONE:   return 0;
    case TW_CVM_PIN:    return 2;
    case TW_CVM_DEVICE: return 3;
    }
  g_assert_not_reached ();
}

static void
add_emv (TwJsonOut          *out,
         const TwCardFields *fields,
         const char         *tags)
{
  if (tags == NULL)
    return;

  tw_json_out_begin_object (out, "emv");
  tw_json_out_string (out, "tags", tags);
  if (fields->card_sequence >= 0)
    {
      g_autofree char *number = g_strdup_printf ("%03d", fields->card_sequence);

      tw_json_out_string (out, "cardSequenceNumber", number);
    }
  tw_json_out_end (out);
}

static void
add_terminal (TwJsonOut          *out,
              const TwJson       *terminal,
              const TwCardFields *fields,
              const char         *tags)
{
  tw_json_out_begin_object (out, "pointOfSaleInformation");
  for (guint i = 0; i < tw_json_length (terminal); i++)
    tw_json_out_copy (out, tw_json_member_name (terminal, i), tw_json_element (terminal, i));
  tw_json_out_string (out, "entryMode", entry_mode (fields->entry_mode));
  tw_json_out_int64 (out, "cardholderVerificationMethodUsed", cvm_used (fields->cvm));
  tw_json_out_string (out, "trackData", ";?");
  add_emv (out, fields, tags);
  tw_json_out_end (out);
}

static GBytes *
without_track (const TwJson       *root,
               const TwCardFields *fields,
               const char         *tags)
{
  g_autoptr(TwJsonOut) out = tw_json_out_new ();

  tw_json_out_begin_object (out, NULL);
  for (guint i = 0; i < tw_json_length (root); i++)
    {
      const char *name = tw_json_member_name (root, i);

      if (strcmp (name, "pointOfSaleInformation") != 0)
        tw_json_out_copy (out, name, tw_json_element (root, i));
    }
  add_terminal (out, tw_json_member (root, "pointOfSaleInformation"), fields, tags);
  tw_json_out_begin_object (out, "paymentInformation");
  tw_json_out_begin_object (out, "card");
  tw_json_out_string (out, "type", card_type (fields->brand));

  return tw_json_out_finish (out);
}

static GBytes *
with_track (GBytes     *template,
            const char *track2,
            GError    **error)
{
  gsize size, track_len = strlen (track2);
  const char *text = g_bytes_get_data (template, &size);
  const char *found = memmem (text, size, placeholder, sizeof placeholder - 1);
  g_autofree char *whole = NULL;
  GBytes *secret;
  gsize at;

  /* Members of the same name deeper in the message, where the list of members does not look, come out here. */
  if (found == NULL
      || memmem (found + 1, size - (gsize) (found + 1 - text), placeholder, sizeof placeholder - 1) != NULL)
    {
      bad_data (error, "the message already has a member trackData");
      return NULL;
    }

  at = (gsize) (found - text) + TRACK_AT;
  whole = g_malloc (size + track_len);
  memcpy (whole, text, at);
  memcpy (whole + at, track2, track_len);
  memcpy (whole + at + track_len, text + at, size - at);
  secret = tw_secret_new (whole, size + track_len);
  tw_wipe (whole, size + track_len);

  return secret;
}

static gboolean
check_fields (const TwCardFields *fields,
              GError            **error)
{
  if (card_type (fields->brand) == NULL)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_REFUSED, "the payment service takes Visa and Mastercard only");
      return FALSE;
    }

  if (fields->card_sequence > 99)
    return bad_data (error, "the card's sequence number is above 99");

  if (fields->entry_mode == TW_ENTRY_SWIPED && fields->emv_tags_len > 0)
    return bad_data (error, "a swiped card has no EMV tags");

  return check_track2 (fields->track2, error);
}

GBytes *
tw_cybersource_add_card_fields (GBytes             *body,
                                const TwCardFields *fields,
                                TwMoney             expected,
                                GError            **error)
{
  g_autoptr(TwJson) root = NULL;
  g_autoptr(GBytes) template = NULL;
  g_autofree char *tags = NULL;

  if (!check_fields (fields, error))
    return NULL;

  root = tw_json_parse (g_bytes_get_data (body, NULL), g_bytes_get_size (body), &TW_JSON_SMALL, error);
  if (root == NULL || !check_body (root, error) || !check_amounts (root, fields, expected, error))
    return NULL;

  if (fields->entry_mode != TW_ENTRY_SWIPED && (tags = tw_cybersource_emv_tags (fields, error)) == NULL)
    return NULL;

  template = without_track (root, fields, tags);
  return with_track (template, fields->track2, error);
}
