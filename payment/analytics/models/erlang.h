/* SPDX-License-Identifier: Apache-2.0 */
/* Connectors as a queue: Poisson arrivals to ports that are alike (facts/analytics.md, section 9).
 *
 *   load a = L S: arrivals per hour times mean occupied hours, without a unit; use r = a / m of m ports
 *   Erlang B: who finds all taken drives away. B(0) = 1, B(j) = a B(j-1) / (j + a B(j-1)); any distribution of S
 *   Erlang C: who finds all taken waits. C = B / (1 - r (1 - B)), only for r < 1
 */
#pragma once

#include "payment/analytics/models/models.h"

#define TW_ERLANG_PORTS 10000u /* the most */
#define TW_ERLANG_LOAD 1e9

typedef struct
{
  TwRefusal refusal;      /* UNSTABLE: use and blocked hold, nothing waits to an end */
  double use;             /* r */
  double blocked;         /* B(m): share of arrivals that find all ports taken */
  double waits;           /* C: share of arrivals that wait */
  double mean_wait_h;     /* Wq = C S / (m - a) (1 + cs^2) / 2, over all arrivals; of general service */
  double service_h;       /* S, for tw_queue_longer() */
  double spare;           /* m - a */
} TwQueue;

/* cv: coefficient of variation of the occupied time; 1 is exponential service. */
TwQueue tw_queue (double arrivals_per_h, double service_h, double cv, guint ports);
/* P(wait > t) = C exp (-(m - a) t / S), of exponential service; 0 of a refused queue. */
double tw_queue_longer (const TwQueue *self, double t_h);

/* B(m) in *blocked. */
TwRefusal tw_erlang_b (double load, guint ports, double *blocked);
/* The load a of which a (1 - B(a, m)) is carried: what was offered, when those who drove away were not counted.
 * UNSTABLE from 98 % of the ports on, where a little more carried would mean any load. */
TwRefusal tw_erlang_offered (double carried, guint ports, double *load);
/* The same two where ports share a supply that serves full sessions at full power, and more of them the slower: S grows
 * by energy / available power. B(j) = x B(j-1) / (1 + x B(j-1)) with x = a / min (j, full), and a of unshared service;
 * any distribution of energy (Cohen 1979, generalized processor sharing). busy: mean number of taken ports. */
TwRefusal tw_erlang_shared (double load, guint ports, double full, double *blocked);
TwRefusal tw_erlang_shared_offered (double busy, guint ports, double full, double *load);
/* The ratio between predicted and measured share of time with all ports taken, at least 1, or G_MAXDOUBLE if one is 0
 * and the other is not. Above TW_ERLANG_POOR the model is poor, and both are shown. */
double tw_erlang_misfit (double predicted, double measured);
#define TW_ERLANG_POOR 1.5
