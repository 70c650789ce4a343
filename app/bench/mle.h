/* SPDX-License-Identifier: Apache-2.0 */
/* Message-level encryption at the acquirer's end (cybersource-ev.md section 7; RFC 7516, 7518), on OpenSSL's EVP
 * directly. Knows nothing of payment/seal. Any thread.
 */
#pragma once

#include <glib.h>
#include <openssl/evp.h>

/* The plaintext of a compact JWE: alg RSA-OAEP-256, enc A256GCM, cty JWT, kid, iat (within five minutes of now_s).
 * NULL: *why is a static text. The result is a tw_secret_new(): it may hold track data. */
GBytes *tw_mle_open (EVP_PKEY *key, const char *kid, const char *jwe, gint64 now_s, const char **why);

typedef enum { TW_MLE_OAEP_256, TW_MLE_OAEP } TwMleAlg;
typedef enum { TW_MLE_A256GCM, TW_MLE_A128GCM } TwMleEnc;

/* The compact JWE of an answer. Free with g_free(). */
char   *tw_mle_seal (EVP_PKEY *key, const char *kid, GBytes *plaintext, gint64 now_s, TwMleAlg alg, TwMleEnc enc);
