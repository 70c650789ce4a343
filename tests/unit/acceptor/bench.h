/* SPDX-License-Identifier: Apache-2.0 */
/* A card acceptor between a scripted reader and a scripted payment service, with a clock that stands still. */
#pragma once

#include "payment/acceptor/card.h"
#include "tests/lib/virtual-clock.h"

/* What the acceptor asked the reader for. */
typedef struct
{
  const TwCardLinkEvents *events;
  gpointer  user_data;
  gboolean  ready;
  guint     n_authorize, n_identify, n_cancel, n_listen;
  guint64   request;
  TwMoney   amount;
  gint64    deadline_ms;
  char     *body;
} Reader;

/* One request that waits for its answer. */
typedef struct
{
  char        *method, *url, *authorization;
  GBytes      *posted;           /* as sent; NULL for GET */
  char        *plain;            /* opened with the service's private key; NULL: not ours to open */
  guint        deadline_ms;
  GCancellable *cancellable;
  TwHttpDone   done;
  gpointer     user_data;
} Posted;

/* How the last take ended. */
typedef struct
{
  guint     n_ended, n_references;
  TwTakeEnd end;
  char     *reason, *approval_code, *masked;
  gint64    held_minor;
  GBytes   *reference;           /* the newest */
  char     *digest;
  GString  *prompts;
  gboolean  take_again;          /* from inside ended */
} Taken;

typedef struct
{
  guint     n_done;
  TwOutcome outcome;
  char     *detail;
  GBytes   *reference;
} Done;

typedef struct
{
  TwVirtualClock *clock;
  TwSealKey      *service_key, *service_private, *response_private;
  GBytes         *secret;
  Reader          reader;
  GPtrArray      *posts;         /* of Posted, not yet answered, in order */
  guint           n_posts;
  Taken           taken;
  guint           n_identified;
  char           *identified;    /* masked, or its kind; NULL: none */
  guint           n_changed;
  TwCardAcceptorOptions options;
  TwAcceptor     *acceptor;
} Bench;

Bench  *bench_new (void);
void    bench_free (Bench *self);
void    bench_restart (Bench *self);                      /* a new acceptor; nothing is remembered */

void    bench_take (Bench *self);                         /* session s-17, 45.00 EUR */
void    bench_identify (Bench *self);
void    bench_seal (Bench *self, const char *digest);     /* the reader is done; digest NULL: the right one */
void    bench_take_to_post (Bench *self);                 /* take, seal, proceed */
void    bench_take_approved (Bench *self);
void    bench_loop (Bench *self);                         /* what is due now happens */

Posted *bench_posted (Bench *self);                       /* the oldest without an answer; there must be one */
void    bench_answer (Bench *self, guint status, const char *body);
void    bench_fail (Bench *self, int code);               /* TwError: no answer */
void    bench_answer_newest (Bench *self, guint status, const char *body);

void    bench_on_done (TwOutcome outcome, const char *detail, GBytes *reference, gpointer done);
void    done_clear (Done *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Bench, bench_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Done, done_clear)
