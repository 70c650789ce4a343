/* SPDX-License-Identifier: Apache-2.0 */
/* A contactless payment card, read over exchange(): entry point, then the kernel that the card asks for. Kernel 3
 * (Visa qVSDC, always online) is spoken; a card with nothing else "is not accepted yet". No I/O, no clock, no random
 * numbers of its own. Everything that identifies a card lives inside TwCardRead, in locked memory that is wiped on
 * free; what the functions below hand out as char* is what may leave the reader process, except track2. EMVCo books
 * A, B, C-3 and EMV books 1, 3, 4 as laid out in README.md. One thread.
 */
#pragma once

#include <glib.h>

#define TW_EMV_TAGS_MOST 126    /* bytes; 252 hex characters at the payment service */

/* One command to the card and its answer with the status word. RETRY: the card left, or could not be understood. */
typedef gboolean (*TwExchange) (gpointer data, const guint8 *command, gsize command_len,
                                guint8 answer[264], gsize *answer_len, GError **error);

typedef struct
{
  guint       type, country, currency;    /* 9F35: 24, 25; ISO numeric: 276, 978 */
  guint       currency_digits;            /* 5F36 */
  const char *id, *name, *merchant_id, *serial;   /* 9F1C, 9F4E, 9F16, 9F1E; NULL: blank */
  guint       category;                   /* 9F15, ISO 18245: 5552 */
  gint64      contactless_limit_minor;    /* above it: no contactless payment */
  gint64      cvm_limit_minor;            /* from it on: the holder must be verified */
} TwTerminal;

typedef struct
{
  gboolean identify_only;     /* find out whose card it is: amount 0, and the cryptogram is thrown away */
  gint64   amount_minor;      /* 9F02: the hold, 1..999,999,999,999 */
  guint8   date[3], time[3];  /* BCD, local: YYMMDD, HHMMSS */
  guint8   unpredictable[4];  /* fresh from the kernel's generator for every run, even of one request */
  guint    sequence;          /* 9F41, never reused */
} TwTransaction;

typedef enum
{
  TW_CARD_ONLINE,          /* ARQC: the authorization may be asked */
  TW_CARD_IDENTIFIED,      /* identify_only: whose card it is */
  TW_CARD_DECLINED,        /* by the card itself (AAC), or it wanted to approve offline (TC) */
  TW_CARD_OTHER,           /* this card cannot do it here: chip interface, PIN or signature wanted */
  TW_CARD_NOT_ACCEPTED,    /* no application that we speak */
  TW_CARD_SEE_PHONE,       /* 6986: unlock it, tap again */
  TW_CARD_UNREADABLE,      /* what came makes no sense: try again */
  TW_CARD_NOT_PAYMENT,     /* no payment application: RFID */
  TW_CARD_OVER_LIMIT,      /* no contactless payment of this amount: the field need not go on */
} TwCardEnd;
const char   *tw_card_end_name (TwCardEnd end);         /* "online", ... for logs and tests */
typedef struct _TwCardRead TwCardRead;
TwCardRead   *tw_card_read_new (void);                  /* aborts if the memory cannot be had */
void          tw_card_read_free (TwCardRead *self);

/* Whether a transaction may be tried at all; asked before the field goes on (Book B 3.1). */
gboolean      tw_card_amount_possible (const TwTerminal *terminal, const TwTransaction *transaction);
/* Asks for the list of payment applications and for nothing else: whether there is one. FALSE: exchange failed. */
gboolean      tw_card_probe (TwExchange exchange, gpointer data, gboolean *is_payment, GError **error);

/* Runs once per TwCardRead. FALSE: exchange failed, with its error; nothing was decided, and a run from the start
 * with a fresh unpredictable number is safe, because no money moves before the authorization is sent. */
gboolean      tw_card_read_run (TwCardRead *self, const TwTerminal *terminal, const TwTransaction *transaction,
                                TwExchange exchange, gpointer data, TwCardEnd *end, GError **error);

/* After ONLINE; IDENTIFIED has all but the cryptogram's. Strings live as long as self. */
const char   *tw_card_read_brand (TwCardRead *self);    /* "visa" */
const char   *tw_card_read_aid (TwCardRead *self);      /* hex */
const char   *tw_card_read_label (TwCardRead *self);    /* printable ASCII; NULL: none that may be shown */
const char   *tw_card_read_masked (TwCardRead *self);   /* stars and the last four digits */
gboolean      tw_card_read_device_cvm (TwCardRead *self);       /* the holder was verified on the device */
int           tw_card_read_sequence (TwCardRead *self);         /* 5F34; -1: none */
const guint8 *tw_card_read_emv_tags (TwCardRead *self, gsize *len);   /* DE55: allow-listed, mandatory ones first */
gint64        tw_card_read_amount (TwCardRead *self);           /* what 9F02 in these tags says */
const char   *tw_card_read_track2 (TwCardRead *self);   /* SENSITIVE: digits '=' digits; NULL: the card gave none */

/* "epoch:hex" (README.md has the definition). key: 32 bytes. Free with g_free(). */
char         *tw_card_read_fingerprint (TwCardRead *self, const char *epoch, GBytes *key);
/* Makes the libraries open what they need, for callers who soon cannot open files. */
void          tw_card_warm_up (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwCardRead, tw_card_read_free)
