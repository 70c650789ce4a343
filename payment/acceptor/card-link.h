/* SPDX-License-Identifier: Apache-2.0 */
/* The card acceptor's wire to the process that holds the reader, as the acceptor needs it. app/reader implements it
 * over the socket; a test implements it in ten lines. One request at a time. Main thread only.
 */
#pragma once

#include "payment/acceptor/acceptor.h"

typedef struct
{
  guint64     request;          /* never reused */
  TwMoney     amount;
  gint64      deadline_ms;
  GBytes     *body;             /* authorization without card fields, JSON */
} TwSealRequest;

typedef struct
{
  const TwCard *card;
  GBytes       *sealed;         /* the HTTP body: {"encryptedRequest":"<JWE>"} */
  const char   *digest;         /* hex SHA-256 of sealed */
  const char   *cvm;            /* "none", "device" */
} TwSealed;

typedef struct
{
  void (*hint)   (guint64 request, const char *prompt, gpointer user_data);
  void (*card)   (guint64 request, const TwCard *card, gpointer user_data);       /* identify ends with it or failed */
  void (*sealed) (guint64 request, const TwSealed *sealed, gpointer user_data);   /* authorize ends with it or failed */
  void (*failed) (guint64 request, const char *code, gboolean retry, gpointer user_data);
  void (*changed)(gpointer user_data);                                             /* ready, or lost */
} TwCardLinkEvents;

typedef struct
{
  gboolean (*ready)     (gpointer link, const char **why_not);
  void     (*listen)    (gpointer link, const TwCardLinkEvents *events, gpointer user_data);
  void     (*identify)  (gpointer link, guint64 request, gint64 deadline_ms);
  void     (*authorize) (gpointer link, const TwSealRequest *request);
  void     (*cancel)    (gpointer link, guint64 request);      /* still ends with card, sealed or failed "cancelled" */
} TwCardLinkFuncs;

typedef struct { const TwCardLinkFuncs *funcs; gpointer link; } TwCardLink;
