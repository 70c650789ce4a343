/* SPDX-License-Identifier: Apache-2.0 */
/* A line on stderr that tells how far long work has come: [#####     ]  17 %  3 of 9 files. One thread. */
#pragma once

#include <glib.h>

/* done_e4: of 10,000. what: behind it; at most 39 characters, or it is not taken away again. */
void tw_bar_draw (guint done_e4, const char *what);
void tw_bar_clear (void);
