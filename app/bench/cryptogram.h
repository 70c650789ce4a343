/* SPDX-License-Identifier: Apache-2.0 */
/* The issuer's side of an application cryptogram (9F26), written for the bench alone: EMV 4.3 Book 2, A1.2 (ISO/IEC
 * 9797-1 algorithm 3, padding method 2), A1.3.1 (session key), A1.4.1 (master key option A). What goes into the MAC is
 * this bench's agreement with its virtual cards (app/bench/README.md), not a scheme's. Pure.
 */
#pragma once

#include "app/bench/tags.h"

/* A card's own key from the issuer's: pan is digits, sequence 0..99. */
void     tw_cryptogram_card_key (const guint8 master[16], const char *pan, int sequence, guint8 card[16]);
void     tw_cryptogram_session_key (const guint8 card[16], const guint8 atc[2], guint8 session[16]);
void     tw_cryptogram_mac (const guint8 session[16], const guint8 *data, gsize n, guint8 mac[8]);

/* Does 9F26 of these tags come from this card key? FALSE too if a tag that is needed is missing. */
gboolean tw_cryptogram_is_right (const guint8 card[16], const TwTags *tags);
