/* SPDX-License-Identifier: Apache-2.0 */
/* The finger on a real screen is another program, so that the bench needs no display of its own. */
#pragma once

#include <glib.h>

/* Runs the program with these words and waits for it. REFUSED: it could not do it, the message is its complaint; GONE:
 * it cannot be started. */
gboolean tw_touch (const char *program, const char *const *words, GError **error);
