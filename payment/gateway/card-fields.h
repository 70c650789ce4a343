/* SPDX-License-Identifier: Apache-2.0 */
/* What a read card adds to an authorization. Exists in tapwatt-reader only; track2 and pan are sensitive: the maker
 * wipes them. Any thread.
 */
#pragma once

#include <glib.h>

typedef enum { TW_ENTRY_CONTACTLESS, TW_ENTRY_CONTACT, TW_ENTRY_SWIPED } TwEntryMode;
typedef enum { TW_CVM_NONE, TW_CVM_PIN, TW_CVM_DEVICE } TwCvm;

typedef struct
{
  TwEntryMode   entry_mode;
  TwCvm         cvm;
  const char   *brand;             /* "visa", "mastercard" */
  const char   *track2;            /* digits, '=' and digits; without sentinels; SENSITIVE */
  const guint8 *emv_tags;          /* allow-listed TLV, as sent */
  gsize         emv_tags_len;
  int           card_sequence;     /* 5F34; -1: the card has none */
} TwCardFields;
