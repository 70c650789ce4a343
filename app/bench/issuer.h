/* SPDX-License-Identifier: Apache-2.0 */
/* The bank behind the acquirer: knows the bench's cards by a keyed hash of their number, checks what they signed and
 * that nothing is replayed, and decides as it was told to. Keeps no card number. Main thread only.
 */
#pragma once

#include "app/bench/wish.h"

typedef struct _TwIssuer TwIssuer;

TwIssuer *tw_issuer_new (void);
void      tw_issuer_free (TwIssuer *self);

/* From now on cryptograms of this card are checked. */
void      tw_issuer_add_card (TwIssuer *self, const char *pan, const guint8 master_key[16]);
/* All NAME.card files of a folder (hw/virtual has their format): each group with "pan" and "master-key" is a card of
 * ours. BAD_DATA: a file that cannot be understood; GONE: no such folder. */
gboolean  tw_issuer_load (TwIssuer *self, const char *dir, guint *n_cards, GError **error);

typedef struct
{
  const char *act;            /* "authorize", "increment" */
  const char *pan;            /* NULL: any card */
  const char *status;         /* "AUTHORIZED", "DECLINED", "PARTIAL_AUTHORIZED", or any other to be answered */
  const char *reason;         /* of a decline; NULL */
  gint64      amount_minor;   /* of a partial approval; -1: half */
  gint64      count;          /* how often; -1: from now on */
} TwIssuerRule;

/* Later rules go first. */
void      tw_issuer_add_rule (TwIssuer *self, const TwIssuerRule *rule);
void      tw_issuer_clear_rules (TwIssuer *self);
/* The array "rules", the first that counts first: {op, status, reason, one_card, count}. */
void      tw_issuer_write_rules (TwIssuer *self, TwJsonOut *out);
/* Decide by the cents of the amount, too (app/bench/README.md); TRUE at first. */
void      tw_issuer_set_cents (TwIssuer *self, gboolean on);

typedef struct
{
  const char *status;         /* interned */
  const char *reason;         /* interned; NULL */
  gint64      held_minor;     /* 0: no hold */
  const char *response_code;  /* of the network, information only */
  const char *note;           /* for the ledger: "cryptogram-right", "cryptogram-wrong", "atc-not-higher" ... */
} TwDecision;

/* Asked for an authorization or an increment of the card whose hash is card_hash. */
TwDecision tw_issuer_decide (TwIssuer *self, const TwWish *wish, const char *card_hash, gint64 now_s);

/* Names the card to tw_issuer_decide(); NULL without a track. Free with g_free(). */
char      *tw_issuer_card_hash (TwIssuer *self, const TwWish *wish);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwIssuer, tw_issuer_free)
