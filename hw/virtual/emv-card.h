/* SPDX-License-Identifier: Apache-2.0 */
/* What the payment applications of a virtual card answer, command by command. R-APDUs without a wire; any thread. */
#pragma once

#include "hw/virtual/card-profile.h"

typedef struct _TwEmvCard TwEmvCard;

/* profile: must live as long. BAD_DATA: it asks for data that it does not have. */
TwEmvCard *tw_emv_card_new (const TwCardProfile *profile, const char *name, GError **error);
void       tw_emv_card_free (TwEmvCard *self);
void       tw_emv_card_reset (TwEmvCard *self); /* power lost: nothing is selected */

/* Appends the R-APDU. Any command gets one, if only a status word. */
void       tw_emv_card_exchange (TwEmvCard *self, const guint8 *command, gsize n, GByteArray *answer);

/* The application transaction counter, one for the whole card; it goes up with each GET PROCESSING OPTIONS, and when
 * it is used up the card is of no more use. */
guint16    tw_emv_card_atc (TwEmvCard *self);
void       tw_emv_card_set_atc (TwEmvCard *self, guint16 atc);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwEmvCard, tw_emv_card_free)
