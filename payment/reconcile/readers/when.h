/* SPDX-License-Identifier: Apache-2.0 */
/* Instants and days as our own files write them: "2026-11-22T20:05:00Z", microseconds only where there are some, and
 * "2026-11-22". Pure; any thread. This folder's own.
 */
#pragma once

#include "payment/reconcile/sale.h"

#define TW_WHEN_SIZE 40

/* Years below 1 or above 9999 are written so that they cannot be read. text: TW_WHEN_SIZE bytes; how many were used. */
gsize    tw_when_write (gint64 us, char *text);
gsize    tw_when_write_day (gint32 day, char *text);
/* FALSE: not exactly this, or no such day or time. A zone other than Z is not taken. */
gboolean tw_when_read (TwChars text, gint64 *us);
gboolean tw_when_read_day (TwChars text, gint32 *day);
