/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes as text, and bytes that must not be left behind. Any thread. */
#pragma once

#include <glib.h>

/* Lower-case hex of n bytes. Free with g_free(). */
char   *tw_hex_encode (const guint8 *bytes, gsize n);

/* The bytes of an even number of hex digits in either case; NULL and TW_ERROR_BAD_DATA otherwise. */
GBytes *tw_hex_decode (const char *hex, GError **error);

/* Standard base64 with padding is GLib's; this is RFC 7515 section 2: URL alphabet, no padding. */
char   *tw_base64url_encode (const guint8 *bytes, gsize n);
GBytes *tw_base64url_decode (const char *text, GError **error);

/* What outsiders said, fit for one line of a message: invalid UTF-8 replaced, control characters as \xNN, "..." after
 * max characters. Free with g_free(). */
char   *tw_text_printable (const char *text, gsize max);

/* Overwrites n bytes in a way that the compiler may not leave out. NULL is allowed when n is 0. */
void    tw_wipe (void *bytes, gsize n);

/* A copy in memory of its own that is locked (not swapped), kept out of core dumps and wiped when the last
 * reference goes. Aborts if the memory cannot be had. */
GBytes *tw_secret_new (const void *bytes, gsize n);

/* A random identifier of n_bytes from the kernel's generator, in lower-case hex. */
char   *tw_random_hex (gsize n_bytes);

/* SHA-256 as 64 lower-case hex digits. */
char   *tw_sha256_hex (GBytes *bytes);
