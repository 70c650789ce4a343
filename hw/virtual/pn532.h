/* SPDX-License-Identifier: Apache-2.0 */
/* A PN532 NFC controller that exists only here: its firmware at the far end of a pseudo-terminal, with the bench's
 * hand over the antenna. libnfc drives it like a board on a serial port.
 *
 * It lives in the thread-default main context of the thread that made it; all calls come from that thread, and all
 * callbacks go there. Where a card would be there are callbacks (card.h has cards).
 */
#pragma once

#include "hw/virtual/pn532-fault.h"

#include <glib.h>

typedef struct _TwPn532 TwPn532;

/* What a card tells of itself during activation (ISO/IEC 14443-3 and -4). */
typedef struct
{
  guint8 atqa[2];
  guint8 sak;
  guint8 uid[10];
  gsize  uid_len; /* 4, 7 or 10 */
  guint8 ats[32];
  gsize  ats_len; /* with its own length byte; 0: not an ISO 14443-4 card */
} TwPn532Target;

typedef struct
{
  /* The card is activated: tell who you are; a phone makes up a new UID. Earlier selections inside are forgotten. */
  void     (*activate) (gpointer card, TwPn532Target *target);
  /* One command, answered by appending to the empty answer. FALSE: the card is silent, as if it had left. */
  gboolean (*exchange) (gpointer card, const guint8 *command, gsize n, GByteArray *answer);
} TwPn532CardOps;

/* link: see tw_pty_new(). Starts asleep with an empty field. */
TwPn532    *tw_pn532_new (const char *link, GError **error);
void        tw_pn532_free (TwPn532 *self);
const char *tw_pn532_path (TwPn532 *self);

/* The card is the caller's, and must live until it is removed, replaced or has left. Inserting while one is there
 * swaps them: the old selection is lost. */
void        tw_pn532_insert (TwPn532 *self, const TwPn532CardOps *ops, gpointer card);
void        tw_pn532_remove (TwPn532 *self);
gboolean    tw_pn532_has_card (TwPn532 *self);
/* The card in the field answers n more APDUs and leaves while the next one is under way. Forgotten when it leaves. */
void        tw_pn532_tear_after (TwPn532 *self, guint n_apdus);
void        tw_pn532_keep (TwPn532 *self); /* takes back tear_after */

/* How long an APDU takes, and a finite look at an empty field (default 0 and 15; UM0701-02 gives tens of ms). */
void        tw_pn532_set_timing (TwPn532 *self, guint apdu_ms, guint empty_ms);
void        tw_pn532_set_card_latency (TwPn532 *self, guint ms); /* on top, until this card is gone */

/* Faults add up and are tried in the order they were added. */
void        tw_pn532_add_fault (TwPn532 *self, const TwPn532Fault *fault);
void        tw_pn532_clear_faults (TwPn532 *self);
void        tw_pn532_power_cycle (TwPn532 *self);
void        tw_pn532_hang_up (TwPn532 *self);
gboolean    tw_pn532_return (TwPn532 *self, GError **error); /* the path stays the same only with a link */

/* Every frame, before it goes out or after it came in. redact: the data of InDataExchange, both ways, and its
 * checksum are shown as zeros; lengths and status bytes stay. */
typedef void (*TwPn532TraceFunc) (gboolean from_host, const guint8 *frame, gsize n, gpointer user_data);
void        tw_pn532_set_trace (TwPn532 *self, TwPn532TraceFunc func, gboolean redact, gpointer user_data);

/* How many APDUs reached a card since the start: a witness for "nothing was sent". */
guint       tw_pn532_apdus (TwPn532 *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwPn532, tw_pn532_free)
