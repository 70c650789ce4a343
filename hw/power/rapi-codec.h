/* SPDX-License-Identifier: Apache-2.0 */
/* RAPI, the words of an OpenEVSE controller: commands to text, lines to messages, messages to values. Pure. Any thread.
 *
 * Source: OpenEVSE firmware rapi_proc.h/.cpp, as gathered in the facts page "Power-controller wires" section 1.
 * Lines come from hw/port/line.h: with '$', without CR.
 */
#pragma once

#include <glib.h>

#define TW_RAPI_TOKENS 10      /* the firmware's own limit */
#define TW_RAPI_COMMAND_MAX 32 /* its input buffer, CR included; a longer line is dropped without any answer */

typedef enum
{
  TW_RAPI_OK,      /* $OK ... */
  TW_RAPI_NK,      /* $NK ...: no, clamped, not supported or bad check, depending on the command */
  TW_RAPI_STATE,   /* $AT state pilot amps vflags, or $ST ss of old firmware: something changed */
  TW_RAPI_BOOT,    /* $AB post firmware */
  TW_RAPI_OTHER,   /* button, WiFi, an echo of our own command: nothing to us */
} TwRapiKind;

typedef struct
{
  TwRapiKind  kind;
  gboolean    checked;               /* it carried a check (and it was right) */
  guint8      sequence;              /* 0: none */
  guint       n;
  const char *token[TW_RAPI_TOKENS]; /* in text; without the $XX, the sequence and the check */
  char        text[121];
} TwRapiMessage;

/* The state byte; 0x05..0x11 without names here are faults, see tw_rapi_fault_name(). */
enum
{
  TW_RAPI_STATE_STARTING = 0x00,
  TW_RAPI_STATE_A        = 0x01,
  TW_RAPI_STATE_B        = 0x02,
  TW_RAPI_STATE_C        = 0x03,
  TW_RAPI_STATE_D        = 0x04,
  TW_RAPI_STATE_STUCK    = 0x08,
  TW_RAPI_STATE_SLEEPING = 0xfe,
  TW_RAPI_STATE_DISABLED = 0xff,
};

enum
{
  TW_RAPI_FLAG_RELAY_CLOSED  = 0x0040,
  TW_RAPI_FLAG_CAR_CONNECTED = 0x0100,   /* not valid while the pilot is at -12 V */
};

typedef struct
{
  guint8 state;
  gint64 elapsed_s;   /* of charging since this car was plugged in, summed over pauses */
  gint   pilot;       /* state byte that the pilot alone tells, also while sleeping; -1: firmware before 5.2 */
  gint   vflags;      /* -1: firmware before 6.0 */
} TwRapiState;

guint8      tw_rapi_check (const char *text, gsize n);   /* XOR */

/* "$GS :01^XX\r" of command "GS" and sequence 1; sequence 0: without. FALSE: more than the controller's buffer. */
gboolean    tw_rapi_compose (const char *command, guint8 sequence, char out[TW_RAPI_COMMAND_MAX + 1]);

/* FALSE: not a message at all, or its check is wrong. Answers without a check pass with checked FALSE: only firmware
 * before 4.0 sends them, which is refused, but by name. out points into itself: do not copy it. */
gboolean    tw_rapi_parse (const char *line, TwRapiMessage *out);

/* Strict numbers out of a message's tokens; FALSE: absent, not a number or outside min..max. */
gboolean    tw_rapi_decimal (const TwRapiMessage *message, guint i, gint64 min, gint64 max, gint64 *value);
gboolean    tw_rapi_hex (const TwRapiMessage *message, guint i, guint max, guint *value);

/* $GS, by the number of its tokens: two are decimal (firmware before 5.2), three or more start with hex. */
gboolean    tw_rapi_parse_state (const TwRapiMessage *message, TwRapiState *out);
/* $GU: watt-seconds of this plug-in and Wh of all that ended. */
gboolean    tw_rapi_parse_energy (const TwRapiMessage *message, gint64 *session_ws, gint64 *total_wh);
/* $GG; -1: not built in. */
gboolean    tw_rapi_parse_current (const TwRapiMessage *message, gint32 *ma, gint32 *mv);
/* $GV: "8.2.1 5.2.1", "D6.1.3 5.1.0", "7.1.3.EU 5.1.1"; only the first two numbers of the firmware are told. */
gboolean    tw_rapi_parse_version (const TwRapiMessage *message, guint *major, guint *minor);

/* NULL: the state is no fault. Values that nobody has defined are faults named "unknown-state". */
const char *tw_rapi_fault_name (guint8 state);
