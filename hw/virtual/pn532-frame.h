/* SPDX-License-Identifier: Apache-2.0 */
/* The PN532's frames on a serial line (UM0701-02 section 6.2.1), as bytes in and bytes out. Pure; any thread.
 *
 * It reads what a host says and writes what a chip says; it knows nothing of what commands mean.
 */
#pragma once

#include <glib.h>

#define TW_PN532_PAYLOAD_MAX 265 /* code and data; libnfc 1.8.0 takes at most 264 data bytes after the code */
#define TW_PN532_FRAME_MAX (TW_PN532_PAYLOAD_MAX + 11)

#define TW_PN532_FROM_HOST 0xD4
#define TW_PN532_FROM_CHIP 0xD5

typedef enum
{
  TW_PN532_FRAME_NONE,       /* nothing whole yet: keep what was not consumed, and read on */
  TW_PN532_FRAME_DATA,
  TW_PN532_FRAME_ACK,
  TW_PN532_FRAME_NACK,
  TW_PN532_FRAME_BAD_LENGTH, /* length checksum wrong, or longer than any frame may be: start code skipped */
  TW_PN532_FRAME_BAD_DATA,   /* data checksum wrong: whole frame skipped */
} TwPn532FrameKind;

typedef struct
{
  TwPn532FrameKind kind;
  guint8           tfi;                           /* the rest is set for DATA only */
  guint8           payload[TW_PN532_PAYLOAD_MAX]; /* code, then data */
  gsize            payload_len;
} TwPn532Frame;

typedef enum
{
  TW_PN532_FORM_SHORTEST, /* normal up to LEN 255, extended above */
  TW_PN532_FORM_EXTENDED,
} TwPn532Form;

/* The first frame in n bytes. Returns how many bytes are done with; they are never more than n, and never none
 * unless the kind is NONE. Bytes before a start code (preamble, wake-up) are skipped; the postamble is not waited for.
 */
gsize tw_pn532_frame_parse (const guint8 *bytes, gsize n, TwPn532Frame *frame);

/* Writes a whole frame, preamble and postamble included, and returns its length.
 * payload_len: 1..TW_PN532_PAYLOAD_MAX. */
gsize tw_pn532_frame_build (guint8 tfi, const guint8 *payload, gsize payload_len, TwPn532Form form,
                            guint8 out[TW_PN532_FRAME_MAX]);

/* Zeros the card's data in the frame of an exchange, and the checksum, which would tell of it. */
void  tw_pn532_frame_redact (guint8 *frame, gsize n);

extern const guint8 TW_PN532_ACK[6];
extern const guint8 TW_PN532_NACK[6];
extern const guint8 TW_PN532_ERROR[8]; /* "syntax error" at the level of the application */
