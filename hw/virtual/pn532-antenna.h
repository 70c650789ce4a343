/* SPDX-License-Identifier: Apache-2.0 */
/* What is held to a virtual PN532, between the chip and the card: counts APDUs, and lets the card leave in the middle
 * of one. One thread.
 */
#pragma once

#include "hw/virtual/pn532-chip.h"

typedef struct _TwPn532Antenna TwPn532Antenna;

TwPn532Antenna *tw_pn532_antenna_new (TwPn532Chip *chip);
void            tw_pn532_antenna_free (TwPn532Antenna *self);

/* ops NULL: nothing. Another card than before has neither the old one's latency nor its habit of leaving. */
void            tw_pn532_antenna_hold (TwPn532Antenna *self, const TwPn532CardOps *ops, gpointer card);
void            tw_pn532_antenna_tear_after (TwPn532Antenna *self, int n_apdus); /* -1: stays */
void            tw_pn532_antenna_set_latency (TwPn532Antenna *self, guint ms);
guint           tw_pn532_antenna_latency (TwPn532Antenna *self);
guint           tw_pn532_antenna_apdus (TwPn532Antenna *self);

/* TRUE: for the chip nothing is there, though it is. */
void            tw_pn532_antenna_shield (TwPn532Antenna *self, gboolean shield);
