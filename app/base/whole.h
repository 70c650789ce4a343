/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whole numbers from text, for any thread: digits alone, with '-' before them where it is signed; no white space, no
 * plus sign, no prefix, at least one digit. FALSE, and *value untouched: it is no such number, or not within the
 * bounds. text may be NULL (FALSE); value may be NULL. errno is neither read nor written.
 *
 * GLib's g_ascii_string_to_signed() and _unsigned() must not be used (tests/lint): up to 2.74 at least they take any
 * errno but ERANGE for a failure, and their locale is made at the process's first call; when two threads make that
 * call at once, the one that has to wait may come back with EAGAIN, so that "6" is no number. */
gboolean tw_whole_parse (const char *text,
                         gint64      least,
                         gint64      most,
                         gint64     *value);

/* base is 2 to 16; hex digits in either case. */
gboolean tw_whole_parse_unsigned (const char *text,
                                  guint       base,
                                  guint64     least,
                                  guint64     most,
                                  guint64    *value);

G_END_DECLS
