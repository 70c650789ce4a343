/* SPDX-License-Identifier: Apache-2.0 */
/* One request's way through the acquirer: let in, understood, troubled by a fault, acted on, answered. Only the
 * acquirer's own files include this.
 */
#pragma once

#include "app/bench/acquirer-private.h"

typedef struct _TwVisit TwVisit;

/* user_data: the TwAcquirer. The visit ends, and frees itself, with its answer. */
void tw_visit_begin (TwAsk *ask, TwExchange *exchange, gpointer user_data);
void tw_visit_free (gpointer visit);
/* The acquirer ends: nobody will be answered any more. */
void tw_visit_abandon (gpointer visit);
