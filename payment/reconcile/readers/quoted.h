/* SPDX-License-Identifier: Apache-2.0 */
/* The cells of a row that cannot be used as they stand: quotes around them, bytes above ASCII. One thread. This
 * folder's own.
 */
#pragma once

#include "payment/reconcile/sale.h"

typedef struct _TwQuoted TwQuoted;

TwQuoted *tw_quoted_new (void);
void      tw_quoted_free (TwQuoted *self);
/* There was a byte order mark: nothing else will do. */
void      tw_quoted_expect_utf8 (TwQuoted *self);
void      tw_quoted_begin (TwQuoted *self);                       /* a row */
/* raw: trimmed; lives as long as the row. look: it may have bytes above ASCII, or NUL. FALSE: what is wrong, to be
 * freed. What is not UTF-8 is Windows-1252 from there on, unless UTF-8 was met before. */
gboolean  tw_quoted_add (TwQuoted *self, TwChars raw, gboolean look, char **what);
TwChars   tw_quoted_cell (const TwQuoted *self, guint cell);      /* until the next row */
gboolean  tw_quoted_is_windows (const TwQuoted *self);
