/* SPDX-License-Identifier: Apache-2.0 */
/* Verdicts as the JSON of the API (cybersource-ev.md section 5). Pure. */
#pragma once

#include "app/bench/payments.h"

typedef struct
{
  guint   http;
  GBytes *body;
  gboolean clear;        /* never encrypted: the asker was not recognised, or the service itself failed */
} TwAnswer;

/* wish NULL: its body was not understood. */
TwAnswer tw_answer_to (const TwWish *wish, const TwVerdict *verdict, gint64 now_us);
/* 401 and 429: the shape differs. */
TwAnswer tw_answer_at_the_door (guint http, const char *rmsg);
/* 502: SYSTEM_ERROR, SERVER_TIMEOUT, SERVICE_TIMEOUT. */
TwAnswer tw_answer_failure (const char *reason, gint64 now_us);

/* "2026-11-22T10:15:30Z". Free with g_free(). */
char    *tw_answer_time (gint64 now_us);
void     tw_answer_link (TwJsonOut *out, const char *name, const char *method, const char *format, ...)
  G_GNUC_PRINTF (4, 5);
