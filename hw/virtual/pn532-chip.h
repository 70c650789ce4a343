/* SPDX-License-Identifier: Apache-2.0 */
/* What the PN532's firmware makes of one command, without a line and without time: payload in, payload out.
 *
 * The commands are those that libnfc 1.8.0 sends to a reader (UM0701-02 section 7). One card at most is in the field.
 */
#pragma once

#include "hw/virtual/pn532.h"

typedef enum
{
  TW_PN532_ANSWER,       /* the answer is complete: code, data */
  TW_PN532_SYNTAX_ERROR, /* unknown command or wrong parameters: the error frame */
  TW_PN532_WAIT,         /* no card yet: run the same command again when one comes */
} TwPn532Verdict;

typedef struct _TwPn532Chip TwPn532Chip;

TwPn532Chip   *tw_pn532_chip_new (void);
void           tw_pn532_chip_free (TwPn532Chip *self);
void           tw_pn532_chip_reset (TwPn532Chip *self); /* power lost: registers, field, selection; asleep */

gboolean       tw_pn532_chip_is_asleep (TwPn532Chip *self);
void           tw_pn532_chip_set_asleep (TwPn532Chip *self, gboolean asleep);

/* ops NULL: the field is empty. A selected card that is replaced is no longer selected. */
void           tw_pn532_chip_set_card (TwPn532Chip *self, const TwPn532CardOps *ops, gpointer card);
gboolean       tw_pn532_chip_has_card (TwPn532Chip *self);
void           tw_pn532_chip_set_piece (TwPn532Chip *self, gsize piece); /* largest R-APDU piece, 1..262 */

/* command: code and data. give_up: the time for which a WAIT could wait is over, answer now. */
TwPn532Verdict tw_pn532_chip_run (TwPn532Chip *self, const guint8 *command, gsize n, gboolean give_up,
                                  GByteArray *answer);

/* How long the command may WAIT before it must be run with give_up; 0: for ever. */
guint          tw_pn532_chip_wait_ms (const guint8 *command, gsize n);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwPn532Chip, tw_pn532_chip_free)
