/* SPDX-License-Identifier: Apache-2.0 */
/* Private to payment/ocmf: a reading's time (OCMF 1.4.1, TM): "2026-03-01T13:22:04,000+0100 S". */
#pragma once

#include <glib.h>

/* Microseconds since 1970, UTC; G_MININT64 (and *state 0): text is NULL or something else. */
gint64 tw_ocmf_moment (const char *text, char *state);
