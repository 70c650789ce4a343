/* SPDX-License-Identifier: Apache-2.0 */
/* A file that is read whole, because it is small or it is wrong. */
#pragma once

#include <glib.h>

/* The bytes are wiped when they are freed: it may be a secret. GONE: it cannot be read. BAD_DATA: not a plain file, or
 * larger than max_bytes. */
GBytes *tw_small_file_read (const char *path, gsize max_bytes, GError **error);
