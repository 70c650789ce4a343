/* SPDX-License-Identifier: Apache-2.0 */
/* The inside of TwReaderLink: link.c supervises, link-requests.c asks, link-answers.c takes what comes back. */
#pragma once

#include "app/reader/link.h"
#include "app/reader/message.h"
#include "app/reader/reader-process.h"

struct _TwReaderLink
{
  const TwConfig   *config;
  TwClock          *clock;
  char            **argv;
  char             *socket_path, *key_id;
  gint64            silence_ms, start_ms, first_pause_ms, most_pause_ms;

  TwCardLinkEvents  events;
  gpointer          user_data;

  TwReaderProcess  *process;         /* NULL: between two starts */
  guint             watch;           /* of its socket */
  guint             timer;           /* of silence, or of the pause */
  guint             trouble;         /* idle: a call found the socket dead */
  gint64            heard_us, ready_us, window_us;
  guint             heard_in_window;
  TwMessage        *about;           /* its "ready"; NULL: not ready */
  gint64            pause_ms;
  guint             restarts, failed_starts;

  guint64           request;         /* being served; 0: none */
  guint64           last_request;
  gboolean          authorizing;
  TwMessage        *card;            /* of the authorization, until "sealed" comes */
  GArray           *refused;         /* guint64, to be failed from the main loop */
  guint             refusing;
};

gint64   tw_reader_link_now_us (TwReaderLink *self);
void     tw_reader_link_say_changed (TwReaderLink *self);
void     tw_reader_link_say_failed (TwReaderLink *self, guint64 request, const char *code, gboolean retry);

/* The request is over, whatever is told of it: the next may come from inside that callback. */
guint64  tw_reader_link_finish_request (TwReaderLink *self);

/* A socket that does not take it ends the reader, from the main loop. */
void     tw_reader_link_send (TwReaderLink *self, const TwMessage *message);

/* Replaces whatever was watched for. */
void     tw_reader_link_watch_silence (TwReaderLink *self, gint64 ms);

/* FALSE: out of turn. May steal the message. */
gboolean tw_reader_link_take (TwReaderLink *self, TwMessage **message);

extern const TwCardLinkFuncs tw_reader_link_funcs;
void     tw_reader_link_forget_refused (TwReaderLink *self);
