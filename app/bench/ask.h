/* SPDX-License-Identifier: Apache-2.0 */
/* One HTTP request as it reached the acquirer, and which of its services it asks for. Pure. */
#pragma once

#include <glib.h>

typedef enum
{
  TW_ACT_UNKNOWN,            /* no such endpoint */
  TW_ACT_AUTHORIZE,          /* a sale too: the body tells */
  TW_ACT_INCREMENT,
  TW_ACT_CAPTURE,
  TW_ACT_REVERSE,
  TW_ACT_TIMEOUT_REVERSE,
  TW_ACT_VOID,
  TW_ACT_TIMEOUT_VOID,
  TW_ACT_REFUND,
  TW_ACT_READ,
  TW_ACT_SEARCH,
  TW_ACT_SEARCH_AGAIN,
  TW_ACT_REFRESH,
  TW_N_ACTS,
} TwAct;

typedef struct
{
  char   *method;            /* upper case */
  char   *path;              /* with query */
  char   *host;              /* as the Host header says, with port if it has one; NULL */
  char   *authorization;     /* NULL */
  char   *content_type;      /* NULL */
  gboolean http_signature;   /* a Signature header: the method that is not served any more */
  GBytes *body;              /* never NULL */
  /* From the path: */
  TwAct   act;
  char   *kind;              /* "payments", "captures", "refunds", "credits", "transactions" ...; NULL */
  char   *id;                /* NULL */
} TwAsk;

/* Fills act, kind and id from method and path. */
void        tw_ask_route (TwAsk *self);
void        tw_ask_free (TwAsk *self);

/* "authorize", "capture", ...: what the ledger and ctl call it. */
const char *tw_act_name (TwAct act);
/* TW_N_ACTS: no such name. */
TwAct       tw_act_from_name (const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwAsk, tw_ask_free)
