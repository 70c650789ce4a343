/* SPDX-License-Identifier: Apache-2.0 */
/* Every word on a receipt. Other languages than English are in assets/translations, in the context "receipt". This
 * folder's own.
 */
#pragma once

#include <glib.h>

typedef enum
{
  TW_WORD_TEST_MODE, TW_WORD_RECEIPT, TW_WORD_RECORD, TW_WORD_NUMBER, TW_WORD_VAT_ID, TW_WORD_HELPLINE,
  TW_WORD_STATION, TW_WORD_EVSE, TW_WORD_CONNECTOR, TW_WORD_BEGIN, TW_WORD_END, TW_WORD_NOT_STARTED,
  TW_WORD_DELIVERED, TW_WORD_METER_BEGIN, TW_WORD_METER_END, TW_WORD_MAX_POWER, TW_WORD_CURRENT,
  TW_WORD_FLAT, TW_WORD_ENERGY, TW_WORD_TIME, TW_WORD_PARKING_TIME, TW_WORD_MINIMUM, TW_WORD_MAXIMUM,
  TW_WORD_RESERVATION, TW_WORD_RESERVATION_FEE, TW_WORD_ROUNDED_ONCE, TW_WORD_GRACE,
  TW_WORD_REDUCTION, TW_WORD_ROUNDING, TW_WORD_TOTAL, TW_WORD_NOTHING_DUE,
  TW_WORD_TAX, TW_WORD_NET, TW_WORD_GROSS, TW_WORD_NO_TAX, TW_WORD_LIMIT, TW_WORD_TAX_UNKNOWN,
  TW_WORD_PAYMENT, TW_WORD_APPROVAL, TW_WORD_REFERENCE, TW_WORD_HOLD, TW_WORD_HOLD_ASKED,
  TW_WORD_CHARGED, TW_WORD_REFUNDED, TW_WORD_TO_CHARGE, TW_WORD_NOT_CHARGED, TW_WORD_RELEASED, TW_WORD_RELEASING,
  TW_WORD_NOT_RELEASED, TW_WORD_ON,
  TW_WORD_STATUS_NONE, TW_WORD_STATUS_UNKNOWN, TW_WORD_STATUS_PENDING, TW_WORD_STATUS_RELEASED,
  TW_WORD_STATUS_FAILED, TW_WORD_BANK_SHOWS, TW_WORD_RELEASE_RUNNING, TW_WORD_RELEASE_REFUSED,
  TW_WORD_REASON, TW_WORD_TARIFF, TW_WORD_SESSION, TW_WORD_QUESTIONS,
} TwWord;
#define TW_N_WORDS (TW_WORD_QUESTIONS + 1)

const char *tw_receipt_word (TwWord word, const char *language);
/* A sentence for a reason or a finding; a code that has none is returned as it is. */
const char *tw_receipt_word_for_code (const char *code, const char *language);
/* flag: of TwLineFlags; NULL: one that a line says otherwise, in figures. */
const char *tw_receipt_word_for_flag (guint flag, const char *language);
/* "Visa" for "visa"; one that we do not know is returned as it is. */
const char *tw_receipt_word_for_brand (const char *brand);
