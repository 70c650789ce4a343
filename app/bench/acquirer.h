/* SPDX-License-Identifier: Apache-2.0 */
/* The sandbox acquirer: imitates the payment service of cybersource-ev.md section 11 over HTTPS, keeps a ledger of its
 * own, and fails in every way it is told to. Shares no code with payment/. Main thread only.
 */
#pragma once

#include "app/base/json.h"
#include "app/bench/certificates.h"
#include "app/bench/happenings.h"

typedef struct _TwAcquirer TwAcquirer;

typedef struct
{
  const TwCertificates *certificates;   /* stays the caller's, and outlives the acquirer */
  guint                 port;           /* 0: any */
  const char           *ledger;         /* JSON Lines; NULL: memory only */
  const char           *cards;          /* folder of NAME.card files; NULL: no card's cryptogram is checked */
  TwHappenings         *happenings;     /* is told of requests, answers and the ledger; borrowed; NULL */
} TwAcquirerOptions;

TwAcquirer *tw_acquirer_new (const TwAcquirerOptions *options, GError **error);
void        tw_acquirer_free (TwAcquirer *self);
guint       tw_acquirer_port (TwAcquirer *self);

/* A command of the control socket (README): words[0] is "fault", "rule" ...; options are the request's members. Writes
 * members of the answer. FALSE: BAD_DATA, and what is accepted. */
gboolean    tw_acquirer_control (TwAcquirer *self, const char *const *words, const TwJson *options, TwJsonOut *out,
                                 GError **error);
/* Members of an object: what has been ordered and still counts. */
void        tw_acquirer_write_weather (TwAcquirer *self, TwJsonOut *out);
/* No faults, no rules, the right clock and certificate, listening; requests that were kept go on. GONE: the port is
 * taken. */
gboolean    tw_acquirer_mend (TwAcquirer *self, GError **error);
/* "lines" and "payments" of the session code; NULL: all. */
void        tw_acquirer_write_ledger (TwAcquirer *self, const char *code, TwJsonOut *out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwAcquirer, tw_acquirer_free)
