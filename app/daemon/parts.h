/* SPDX-License-Identifier: Apache-2.0 */
/* The real things that a station is made of, as the configuration names them. Main thread only. */
#pragma once

#include "app/metrics/metrics.h"
#include "app/reader/link.h"
#include "app/station/station.h"
#include "payment/http/http.h"

typedef struct
{
  TwConfig     *config;
  TwClock      *clock;
  TwJournal    *journal;
  TwReaderLink *link;       /* NULL: no reader, as the two below */
  TwHttp       *http;
  TwAcceptor   *acceptor;
  TwStation    *station;
  TwMetrics    *metrics;    /* NULL: nobody is told */
} TwParts;

/* Reads every file and opens every device that the configuration names. reader_program: path of
 * tapwatt-reader; reader_socket, if not NULL: where somebody else starts it. The error's message says what is wrong,
 * where, and what to do. */
TwParts *tw_parts_new (const char *config_path, const char *reader_program, const char *reader_socket, GError **error);
/* Once the station has started: whoever may collect its numbers can. */
void     tw_parts_tell (TwParts *self);
void     tw_parts_free (TwParts *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwParts, tw_parts_free)
