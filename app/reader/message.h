/* SPDX-License-Identifier: Apache-2.0 */
/* What tapwattd and tapwatt-reader say to each other: one JSON object a packet of a SOCK_SEQPACKET socket, "v": 1 in
 * each, at most 16 KiB. The kinds and their members are an allow-list (app/reader/README.md has the table): an
 * unknown kind, an unknown or missing member, a value of the wrong shape, or a kind that the other side may not
 * say is TW_ERROR_BAD_DATA, upon which both sides end the connection. Pure; any thread.
 */
#pragma once

#include <glib.h>

#define TW_MESSAGE_VERSION 1
#define TW_MESSAGE_MOST    16384
#define TW_MESSAGE_NO_GATEWAY "none"    /* hello: a station without payment service */

typedef enum
{
  /* daemon to reader */
  TW_MESSAGE_HELLO, TW_MESSAGE_IDENTIFY, TW_MESSAGE_AUTHORIZE, TW_MESSAGE_CANCEL,
  /* and back */
  TW_MESSAGE_READY, TW_MESSAGE_HINT, TW_MESSAGE_CARD, TW_MESSAGE_SEALED, TW_MESSAGE_FAILED, TW_MESSAGE_ALIVE,
} TwMessageKind;

typedef enum { TW_MESSAGE_FROM_DAEMON, TW_MESSAGE_FROM_READER } TwMessageFrom;

/* One struct for all kinds; which members a kind has is said behind each. Strings are NULL where a kind has not got
 * them, and where an optional one ("?") is absent. Units are in the names. */
typedef struct
{
  TwMessageKind kind;
  gint64   request;              /* all but hello, ready, alive: > 0, never reused */
  gint64   deadline_ms;          /* identify, authorize: from now, for the person */

  char    *device;               /* hello: driver:address as configured; ready: what answered there */
  char    *gateway;              /* hello */
  char   **key_ids;              /* hello: of the certificates that the reader must have */

  gint64   amount_minor;         /* authorize: the hold, and nothing else may be in body and 9F02 */
  char    *currency, *country;   /* authorize: letters, ISO 4217 and ISO 3166-1 alpha-2 */
  gint64   transaction_type;     /* authorize: 9C, 0 = purchase */
  char    *key_id;               /* authorize: the body is sealed to this key */
  char    *body;                 /* authorize: JSON without card fields */
  struct
  {
    gint64 type;                 /* 9F35 */
    char  *id, *name;            /* 9F1C, 9F4E */
    gint64 category;             /* 9F15 */
    gint64 contactless_limit_minor, cvm_limit_minor;
    char  *date, *time;          /* local: YYMMDD, HHMMSS */
  } terminal;                    /* authorize */

  char    *version;              /* ready: of the program */
  char   **capabilities;         /* ready: "identify", "authorize", "test-mode", "sandboxed", "memory-locked" */
  char   **kernels;              /* ready: "visa-3" */
  char    *key_table;            /* ready: CA public keys, "none" */

  char    *prompt;               /* hint */

  char    *card_kind;            /* card: "emv", "uid", "stripe" */
  char    *masked, *brand, *aid, *label, *fingerprint, *fingerprint_old;   /* card, all "?" */
  gboolean test_mode;            /* card */

  char    *sealed, *digest;      /* sealed: the HTTP body and its SHA-256 in hex */
  char    *cvm, *cryptogram, *offline_authentication;                      /* sealed */
  gint64   in_field_ms;          /* sealed: from the card's arrival until it may be taken away */

  char    *code;                 /* failed */
  gboolean retry;                /* failed */
} TwMessage;

/* NULL and BAD_DATA if members are missing, or the text would be longer than a packet: never truncated. Nothing in
 * any message is sensitive card data: "sealed" is, and stays, encrypted. */
GBytes     *tw_message_encode (const TwMessage *self, GError **error);
TwMessage  *tw_message_decode (const char *text, gsize len, TwMessageFrom from, GError **error);
void        tw_message_free (TwMessage *self);
const char *tw_message_kind_name (TwMessageKind kind);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwMessage, tw_message_free)
