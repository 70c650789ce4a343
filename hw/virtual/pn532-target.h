/* SPDX-License-Identifier: Apache-2.0 */
/* A type A target in the PN532's own words (UM0701-02 7.3.5). Pure; any thread. */
#pragma once

#include "hw/virtual/pn532.h"

/* Whether the n bytes name this target: its UID with the cascade tags (88) of ISO/IEC 14443-3 in it. */
gboolean tw_pn532_target_is (const TwPn532Target *target, const guint8 *uid, gsize n);

/* Appends number (always 1), ATQA, SAK, UID with its length, and ATS if there is one. */
void     tw_pn532_target_put (GByteArray *answer, const TwPn532Target *target);
