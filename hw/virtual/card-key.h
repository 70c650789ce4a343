/* SPDX-License-Identifier: Apache-2.0 */
/* A virtual card's secret arithmetic: EMV 4.3 Book 2, annex A1. Pure; any thread. */
#pragma once

#include <glib.h>

/* A1.4.1, master key derivation option A: the card's own key from the issuer's, the PAN's digits and the sequence
 * number (5F34). pan: 1 to 19 digits. */
void tw_virtual_card_key (const guint8 issuer_key[16], const char *pan, guint sequence, guint8 card_key[16]);

/* A1.3.1, common session key derivation, for application cryptograms: R is the counter and six zero bytes. */
void tw_virtual_session_key (const guint8 card_key[16], guint16 atc, guint8 session_key[16]);

/* A1.2.1: ISO/IEC 9797-1 MAC algorithm 3 with DES, eight bytes, padding method 2 (80 00 ..). */
void tw_virtual_mac (const guint8 session_key[16], const guint8 *data, gsize n, guint8 mac[8]);
