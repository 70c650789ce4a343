/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/card/kernel3.h"

#include <string.h>

#define TAG_APPLICATION_CRYPTOGRAM 0x9f26
#define TAG_CRYPTOGRAM_INFORMATION 0x9f27
#define TAG_ISSUER_APPLICATION     0x9f10
#define TAG_TRANSACTION_COUNTER    0x9f36
#define TAG_INTERCHANGE_PROFILE    0x82
#define TAG_CARD_QUALIFIERS        0x9f6c
#define TAG_AUTHENTICATION_RELATED 0x9f69

/* Card transaction qualifiers, 9F6C. */
#define CTQ1_ONLINE_PIN  0x80
#define CTQ1_SIGNATURE   0x40
#define CTQ2_DEVICE_CVM  0x80

/* The issuer application data begins with its length, key index and cryptogram version; the verification results begin
 * at byte 4 with their own length, and the second of their bytes says in bits 6 and 5 what the card made (Book C-3
 * section 5.4; to be checked for cryptogram versions with another layout). */
#define IAD_RESULTS_BYTE 4

static TwCryptogram
by_bits (guint8 bits)
{
  static const TwCryptogram types[] = { TW_CRYPTOGRAM_AAC, TW_CRYPTOGRAM_TC, TW_CRYPTOGRAM_ARQC,
                                        TW_CRYPTOGRAM_UNKNOWN };

  return types[bits & 3];
}

TwCryptogram
tw_kernel3_cryptogram (const TwCardData *data)
{
  const guint8 *value;

  if (tw_card_data_has (data, TAG_CRYPTOGRAM_INFORMATION))
    {
      value = tw_card_data_get (data, TAG_CRYPTOGRAM_INFORMATION, 1, 1, NULL);
      return value != NULL ? by_bits (value[0] >> 6) : TW_CRYPTOGRAM_UNKNOWN;
    }

  value = tw_card_data_get (data, TAG_ISSUER_APPLICATION, 7, 32, NULL);
  return value != NULL ? by_bits (value[IAD_RESULTS_BYTE] >> 4) : TW_CRYPTOGRAM_UNKNOWN;
}

/* Where the card signs a copy of its qualifiers (9F69, bytes 6 and 7), the copy must agree; where it does not, the
 * issuer judges by the cryptogram, and without an ARQC nothing vouches for them (C-3 section 5.7). */
static gboolean
device_cvm_valid (const TwCardData *data,
                  const guint8     *qualifiers)
{
  const guint8 *related;

  if (!tw_card_data_has (data, TAG_AUTHENTICATION_RELATED))
    return tw_kernel3_cryptogram (data) == TW_CRYPTOGRAM_ARQC;

  related = tw_card_data_get (data, TAG_AUTHENTICATION_RELATED, 7, 16, NULL);
  return related != NULL && memcmp (related + 5, qualifiers, 2) == 0;
}

TwHolder
tw_kernel3_holder (const TwCardData *data,
                   gboolean          cvm_required)
{
  const guint8 *qualifiers = tw_card_data_get (data, TAG_CARD_QUALIFIERS, 2, 2, NULL);
  gboolean insists = qualifiers != NULL && (qualifiers[0] & (CTQ1_ONLINE_PIN | CTQ1_SIGNATURE)) != 0;

  if (!cvm_required && !insists)
    return TW_HOLDER_NOT_VERIFIED;

  if (qualifiers != NULL && (qualifiers[1] & CTQ2_DEVICE_CVM) != 0 && device_cvm_valid (data, qualifiers))
    return TW_HOLDER_BY_DEVICE;

  return TW_HOLDER_NOT_POSSIBLE;
}

static gboolean
has_mandatory (const TwCardData *data)
{
  return tw_card_data_get (data, TAG_INTERCHANGE_PROFILE, 2, 2, NULL) != NULL &&
         tw_card_data_get (data, TAG_APPLICATION_CRYPTOGRAM, 8, 8, NULL) != NULL &&
         tw_card_data_get (data, TAG_ISSUER_APPLICATION, 1, 32, NULL) != NULL &&
         tw_card_data_get (data, TAG_TRANSACTION_COUNTER, 2, 2, NULL) != NULL;
}

TwCardEnd
tw_kernel3_decide (const TwCardData     *data,
                   const TwTerminalData *terminal,
                   TwHolder             *holder)
{
  *holder = TW_HOLDER_NOT_VERIFIED;
  if (!has_mandatory (data))
    return TW_CARD_UNREADABLE;

  switch (tw_kernel3_cryptogram (data))
    {
    case TW_CRYPTOGRAM_AAC:
    case TW_CRYPTOGRAM_TC:        /* we do not approve offline: a station that is paid later is not paid */
      return TW_CARD_DECLINED;
    case TW_CRYPTOGRAM_UNKNOWN:
      return TW_CARD_UNREADABLE;
    case TW_CRYPTOGRAM_ARQC:
      break;
    }

  *holder = tw_kernel3_holder (data, terminal->cvm_required);
  return *holder == TW_HOLDER_NOT_POSSIBLE ? TW_CARD_OTHER : TW_CARD_ONLINE;
}
