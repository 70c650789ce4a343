/* SPDX-License-Identifier: Apache-2.0 */
/* Rows as text, so that a test can say what it expects of a file. */
#pragma once

#include "payment/analytics/sources/sources.h"

/* A line for each row: what is known of it, as NAME=VALUE with blanks between them, in the order of TwSessionRow;
 * "line N: refused: WHY" for a line that was. */
typedef struct { GString *text; GMutex lock; gint64 n; } Shown;

TwRowIntake shown_begin (Shown *self);
void        shown_end (Shown *self);
/* All that a sessions CSV with these bytes says; an error as "error: MESSAGE" with the path as PATH. */
char       *shown_sessions (const char *bytes, const TwFeedTerms *terms);
