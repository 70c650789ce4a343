/* SPDX-License-Identifier: Apache-2.0 */
/* One question at a time to an OpenEVSE controller, over a port that may go away and come back. It pairs answers with
 * questions; what they mean is rapi.c's business. Main thread only.
 *
 * With sequence ids an answer belongs to the question with its id. Firmware without them answers in order: after a
 * question that was not answered in time, a $GV is asked first, whose answer looks like no other, and everything
 * before that answer is thrown away as late.
 */
#pragma once

#include "app/base/clock.h"
#include "hw/power/rapi-codec.h"

typedef struct _TwRapiLink TwRapiLink;

typedef struct
{
  void (*opened) (gpointer user_data);
  void (*closed) (const GError *error, gpointer user_data);            /* it tries to open again by itself */
  void (*told)   (const TwRapiMessage *message, gpointer user_data);   /* asynchronous, checked */
} TwRapiLinkEvents;

typedef struct
{
  TwClock *clock;        /* borrowed; outlives the link */
  guint    speed;
  guint    answer_ms;    /* for each of the three tries */
  guint    reopen_ms;
} TwRapiLinkOptions;

/* Whether an $OK can be the answer to that question at all; what does not fit is late or garbled, and waited past. */
typedef gboolean (*TwRapiFits) (const TwRapiMessage *answer);

/* answer NULL: none came after all tries. Not called for what was withdrawn or forgotten, or when the port is lost. */
typedef void (*TwRapiAnswered) (const TwRapiMessage *answer, gpointer user_data);

typedef enum
{
  TW_RAPI_ASK_PLAIN     = 0,
  TW_RAPI_ASK_FIRST     = 1 << 0,   /* before all that wait, which costs the one in flight its further tries;
                                       * not worth a $GV before it */
  TW_RAPI_ASK_PROBE     = 1 << 1,   /* with a sequence id, although nobody knows yet whether it comes back */
  TW_RAPI_ASK_UNCHECKED = 1 << 2,   /* an answer without check will do */
} TwRapiAskFlags;

/* A port that is not there yet is tried again for ever; opened() comes from the main loop, then as ever. NULL: it can
 * never work so (BAD_DATA, BAD_STATE, REFUSED: see tw_port_open()). */
TwRapiLink *tw_rapi_link_new (const char *path, const TwRapiLinkOptions *options, const TwRapiLinkEvents *events,
                              gpointer user_data, GError **error);
void        tw_rapi_link_free (TwRapiLink *self);

void        tw_rapi_link_use_sequence (TwRapiLink *self, gboolean use);

void        tw_rapi_link_ask (TwRapiLink *self, const char *command, TwRapiAskFlags flags, TwRapiFits fits,
                              TwRapiAnswered done);

/* Takes back what was not sent yet; what was sent is not sent again. */
void        tw_rapi_link_withdraw (TwRapiLink *self, TwRapiAnswered done);

/* All questions, waiting or sent. */
void        tw_rapi_link_forget (TwRapiLink *self);

/* The controller restarted: what is in flight will not be answered, and is sent again after what is asked FIRST from
 * the same callback. */
void        tw_rapi_link_interrupt (TwRapiLink *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwRapiLink, tw_rapi_link_free)
