/* SPDX-License-Identifier: Apache-2.0 */
/* Answers that are delivered whole and are no good: what a client's parser must survive. Pure. */
#pragma once

#include "app/bench/faults.h"

/* TRUNCATE: its first half. DEEP, TOO_DEEP: 250,000 and 300,000 opening brackets, the first just within 256 KiB.
 * TWICE_NAMED: its first member once more, with null, before all the others. Others: the body itself. */
GBytes *tw_spoil (TwFaultKind kind, GBytes *body);
