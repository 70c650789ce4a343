/* SPDX-License-Identifier: Apache-2.0 */
/* Private to payment/http: one request and its answer as libcurl sees them; who turns it is http.c's business. */
#pragma once

#include "payment/http/http.h"

#include <curl/curl.h>

typedef struct _TwTransfer TwTransfer;

struct _TwTransfer
{
  TwHttp             *http;
  CURL               *easy;
  struct curl_slist  *headers;
  char               *url;
  GBytes             *body;
  gsize               body_sent;
  GByteArray         *answer;
  gsize               header_bytes;
  gboolean            begun;          /* a byte of it may have left this machine */
  gboolean            too_large;
  char                why[CURL_ERROR_SIZE];
  GCancellable       *cancellable;
  GSource            *cancelled;
  TwHttpDone          done;
  gpointer            user_data;
};

typedef struct
{
  GBytes            *ca;              /* PEM; NULL: the system's */
  struct curl_slist *connect_to;      /* NULL: what the URL says */
  guint              connect_ms;
} TwTransferSettings;

TwTransfer *tw_transfer_new (const TwTransferSettings *settings, const TwHttpRequest *request);
void        tw_transfer_free (TwTransfer *self);

/* Calls done; result is libcurl's. */
void        tw_transfer_deliver (TwTransfer *self, CURLcode result);
