/* SPDX-License-Identifier: Apache-2.0 */
/* Private to payment/ocmf: bytes as text, each value in one spelling only. What is written outside of the signed bytes
 * must not have a second spelling that is one bit away: hex in mixed case, base64 with stray last bits or without its
 * padding, are not accepted.
 */
#pragma once

#include <glib.h>

/* NULL: it is none of this encoding, or it is empty. Free with g_free(). */
guint8 *tw_ocmf_hex (const char *text, gsize len, gsize *n);
guint8 *tw_ocmf_base64 (const char *text, gsize len, gsize *n);
/* A copy without white space. */
char   *tw_ocmf_squeeze (const char *text, gsize len, gsize *n);
