/* SPDX-License-Identifier: Apache-2.0 */
/* A request's body, understood: the fields of cybersource-ev.md section 3, each checked for presence, type, length and
 * accepted values, with every fault collected as the API's details[]. Stricter than the real service in one way: a
 * field that the fact sheet does not name is a fault, so that a misspelt one is noticed. Pure.
 */
#pragma once

#include "app/base/json.h"
#include "app/bench/ask.h"
#include "app/bench/tags.h"

typedef struct
{
  char *field;            /* "orderInformation.amountDetails.currency" */
  char *reason;           /* "MISSING_FIELD", "INVALID_DATA" */
  char *why;              /* for the message */
} TwDetail;

typedef struct
{
  TwAct      act;
  char      *kind, *id;            /* from the path; NULL */
  char      *code, *transaction_id;
  char      *currency;             /* NULL: none */
  gint64     amount_minor;         /* total, additional, or to be reversed; -1: none */
  gboolean   sale;                 /* authorize with capture = true */
  gboolean   encrypted;            /* came inside a JWE */
  char      *card_type;            /* "001", "002"; NULL */
  gboolean   contact;              /* entryMode contact */
  gboolean   has_track;
  TwTrack    track;                /* SENSITIVE: wiped by free */
  int        card_sequence;        /* 0..99; 0 if not given */
  TwTags    *tags;                 /* NULL: none */
  char      *payment_id;           /* processingInformation.paymentId of a timeout void; NULL */
  char      *query;                /* search; NULL */
  gint64     limit, offset;
  gboolean   ascending;
  GPtrArray *details;              /* of TwDetail; empty: all is well */
  const char *reason;              /* the answer's reason when details is not empty: "MISSING_FIELD" ... */
} TwWish;

/* Never NULL. json NULL: a GET, of which only act, kind and id remain, or a body that cannot be read, which is a fault;
 * why (static) then says more, or is NULL. */
TwWish *tw_wish_parse (const TwAsk *ask, const TwJson *json, gboolean encrypted, const char *why);
void    tw_wish_free (TwWish *self);

/* Adds a fault; reason becomes the answer's unless a missing field was found before. */
void    tw_wish_blame (TwWish *self, const char *reason, const char *field, const char *why);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwWish, tw_wish_free)
