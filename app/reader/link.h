/* SPDX-License-Identifier: Apache-2.0 */
/* The daemon's end of the wire to tapwatt-reader: starts the program (or connects to the one that systemd started),
 * watches over it and starts it again, and is the TwCardLink of the card acceptor. Restart is recovery: a reader that
 * dies, is silent for 6 s, says something that is not on the allow-list, or does not take what it is sent is ended
 * and started again after a pause that grows; whatever was asked of it ends with failed ("reader-lost", retry).
 * Main thread only.
 */
#pragma once

#include "app/base/clock.h"
#include "app/base/config.h"
#include "payment/acceptor/card-link.h"

typedef struct _TwReaderLink TwReaderLink;

/* Everything is copied, except the clock and the configuration, which must outlive the link. */
typedef struct
{
  const TwConfig     *config;        /* reader, EMV, gateway and station keys are used */
  const char *const  *argv;          /* the program with its arguments; "--socket-fd N" is added. NULL: socket_path */
  const char         *socket_path;   /* SOCK_SEQPACKET on which systemd starts the program */
  const char         *key_id;        /* kid of the certificate to which authorizations are sealed; NULL: none are */
  TwClock            *clock;
  gint64              silence_ms;    /* without any message: dead; 0: 6,000 */
  gint64              start_ms;      /* from start to "ready"; 0: 20,000 */
  gint64              first_pause_ms, most_pause_ms;   /* between restarts; 0: 250 and 30,000 */
} TwReaderLinkOptions;

/* Returns at once; the reader is ready when TwCardLinkEvents.changed says so. BAD_DATA: the options make no sense. */
TwReaderLink *tw_reader_link_new (const TwReaderLinkOptions *options, GError **error);

/* Ends the program: its socket is closed, and it is killed if it does not mind. No event comes after this. */
void          tw_reader_link_free (TwReaderLink *self);

/* Valid as long as self. why_not of its ready(): "reader-starting", or "reader-lost" after several failed starts. */
TwCardLink    tw_reader_link_card_link (TwReaderLink *self);

guint         tw_reader_link_restarts (TwReaderLink *self);   /* since the last time it was well for a minute */
const char   *tw_reader_link_device (TwReaderLink *self);     /* what answered at the port; NULL: not ready */
gboolean      tw_reader_link_has (TwReaderLink *self, const char *capability);   /* of its "ready", see message.h */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwReaderLink, tw_reader_link_free)
