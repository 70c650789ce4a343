/* SPDX-License-Identifier: Apache-2.0 */
/* What acquirer.c (requests) and acquirer-control.c (orders) share; nobody else includes it. */
#pragma once

#include "app/bench/acquirer.h"
#include "app/bench/faults.h"
#include "app/bench/happenings.h"
#include "app/bench/https-face.h"
#include "app/bench/jwt-check.h"
#include "app/bench/lookups.h"
#include "app/bench/mle.h"

struct _TwAcquirer
{
  const TwCertificates *certificates;
  TwHttpsFace *face;             /* NULL: down */
  guint        port;
  TwTlsKind    tls;
  TwJwtCheck  *door;
  TwLedger    *ledger;
  TwIssuer    *issuer;
  TwPayments  *payments;
  TwLookups   *lookups;
  TwFaults    *faults;
  TwHappenings *happenings;      /* borrowed; NULL: nobody looks */
  gint64       clock_offset_us;  /* of the acquirer's clock */
  gint64       search_lag_ms, details_lag_ms;
  gboolean     no_cents;
  TwMleAlg     answer_alg;
  TwMleEnc     answer_enc;
  GPtrArray   *visits;           /* requests that wait: delayed, or held */
  guint        came[TW_N_ACTS], acted[TW_N_ACTS];
};

gint64   tw_acquirer_now_us (TwAcquirer *self);
/* Requests that a "hold" keeps go on now. Returns how many. */
guint    tw_acquirer_go_on (TwAcquirer *self);
/* Both kinds of lookup. */
void     tw_acquirer_set_lag (TwAcquirer *self, gint64 search_ms, gint64 details_ms);
void     tw_acquirer_set_cents (TwAcquirer *self, gboolean on);
/* Listens again on the same port with this certificate; every connection ends. */
gboolean tw_acquirer_listen (TwAcquirer *self, TwTlsKind tls, GError **error);
