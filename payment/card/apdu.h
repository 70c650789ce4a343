/* SPDX-License-Identifier: Apache-2.0 */
/* Commands to a card, and the two bytes that end each answer (ISO/IEC 7816-4, EMV Book 1 section 11, Book 3 section 6).
 * Short form only. Any thread.
 */
#pragma once

#include <glib.h>

#define TW_APDU_MOST 261     /* 5 + 255 + 1 */

typedef struct { guint8 bytes[TW_APDU_MOST]; gsize len; } TwApdu;

void tw_apdu_select (TwApdu *self, const guint8 *name, gsize len);
void tw_apdu_get_processing_options (TwApdu *self, const guint8 *pdol_data, gsize len);     /* at most 252 bytes */
void tw_apdu_read_record (TwApdu *self, guint8 sfi, guint8 record);

enum { TW_SW_OK = 0x9000, TW_SW_NOT_FOUND = 0x6a82, TW_SW_FUNCTION = 0x6a81, TW_SW_OTHER_INTERFACE = 0x6984,
       TW_SW_CONDITIONS = 0x6985, TW_SW_SEE_PHONE = 0x6986, TW_SW_INSTRUCTION = 0x6d00, TW_SW_CLASS = 0x6e00 };

guint tw_apdu_status (const guint8 *answer, gsize len);     /* 0: too short to have one */
