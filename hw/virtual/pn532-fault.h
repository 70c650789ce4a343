/* SPDX-License-Identifier: Apache-2.0 */
/* What can go wrong between a host and a PN532, by name. Values; any thread. */
#pragma once

#include <glib.h>

typedef enum
{
  TW_PN532_FAULT_NO_ACK,         /* the command is not heard */
  TW_PN532_FAULT_NACK,           /* a NACK where the ACK should be, and no reply */
  TW_PN532_FAULT_NO_REPLY,       /* ACK, then silence */
  TW_PN532_FAULT_BAD_LCS,
  TW_PN532_FAULT_BAD_DCS,
  TW_PN532_FAULT_WRONG_TFI,
  TW_PN532_FAULT_WRONG_CODE,     /* the reply to another command */
  TW_PN532_FAULT_ERROR_FRAME,
  TW_PN532_FAULT_PREAMBLE,       /* extra zeros first: legal, and too much for libnfc */
  TW_PN532_FAULT_NO_POSTAMBLE,
  TW_PN532_FAULT_HALF_FRAME,     /* then silence */
  TW_PN532_FAULT_DRIBBLE,        /* argument: ms for each byte, from the ACK on */
  TW_PN532_FAULT_STATUS,         /* argument: status byte of an exchange, instead of the card's answer */
  TW_PN532_FAULT_ATS_TL_ZERO,
  TW_PN532_FAULT_CHAIN,          /* argument: R-APDU in pieces of so many bytes */
  TW_PN532_FAULT_EXTENDED,       /* an extended frame, however short */
  TW_PN532_FAULT_LATE_REPLY,     /* argument: ms; the reply comes so late, and even if it was aborted */
  TW_PN532_FAULT_ASLEEP,         /* falls asleep instead of hearing the command */
  TW_PN532_FAULT_HANG_UP,        /* the cable is pulled instead of a reply */
  TW_PN532_FAULT_COLLISION,      /* two cards: a look at the field finds none that answers cleanly */
  TW_PN532_FAULT_UID_CHANGE,     /* each look at the field finds another UID */
} TwPn532FaultKind;

typedef struct
{
  TwPn532FaultKind kind;
  guint            argument; /* where the kind has one */
  guint8           command;  /* only for this command code; 0: for each that the fault can befall */
  guint            skip;     /* so many such commands go well first */
  guint            times;    /* then so many go wrong; 0: all of them */
} TwPn532Fault;

/* "NAME[=ARGUMENT][,command=HEX][,skip=N][,times=N]", for example "status=13,command=40,skip=2,times=1".
 * Numbers are decimal, except status and command: two hex digits. BAD_DATA names what is wrong. */
gboolean    tw_pn532_fault_parse (const char *text, TwPn532Fault *fault, GError **error);
const char *tw_pn532_fault_name (TwPn532FaultKind kind);

/* Whether the fault befalls this command, counting it. */
gboolean    tw_pn532_fault_strikes (TwPn532Fault *fault, guint8 command);
