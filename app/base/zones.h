/* SPDX-License-Identifier: Apache-2.0 */
/* Which rules of local time are installed: whoever prices a session again years later has to know. Any thread.
 */
#pragma once

#include <glib.h>

/* The release of the tz database in this folder, "2025b"; "unknown" if it does not say. NULL: where
 * the system keeps it, or TZDIR. Free with g_free(). */
char    *tw_zones_version (const char *folder);
/* FALSE also if one of them is no release, such as "unknown". */
gboolean tw_zones_is_older (const char *version, const char *than);
