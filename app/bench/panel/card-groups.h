/* SPDX-License-Identifier: Apache-2.0 */
/* In which group a bench card is shown, by its name. Pure. */
#pragma once

typedef enum { TW_GROUP_APPROVE, TW_GROUP_DECLINE, TW_GROUP_ODD, TW_GROUP_BROKEN, TW_GROUP_RFID, TW_GROUP_OTHER,
               TW_N_GROUPS } TwCardGroup;

TwCardGroup tw_card_group (const char *name);    /* OTHER: a card that the table does not know */
/* The order within all: what is needed most comes first. */
unsigned    tw_card_rank (const char *name);
const char *tw_card_group_title (TwCardGroup group);
