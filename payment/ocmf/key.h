/* SPDX-License-Identifier: Apache-2.0 */
/* Private to payment/ocmf: what a key is made of. */
#pragma once

#include "payment/ocmf/curve.h"
#include "payment/ocmf/ocmf.h"

#include <openssl/evp.h>

typedef struct
{
  EVP_PKEY     *pkey;    /* NULL: not a key of this curve */
  char          id[65];
  GMutex        lock;
  EVP_PKEY_CTX *idle;    /* a context that nobody verifies with just now; NULL: there is none */
} TwOcmfKeyForm;

/* Immutable once made, but for the idle contexts: making one anew for each record would cost a twentieth. A bare point
 * does not name its curve, so it may be a key of several. */
struct _TwOcmfKey
{
  TwOcmfVerdict      problem;
  char              *reason;
  const TwOcmfCurve *curve;      /* NULL: a bare point */
  guint              bytes;      /* of a coordinate */
  TwOcmfKeyForm     *forms;      /* one for each curve */
};

/* The form for a record signed on this curve. NULL: *verdict and *reason (free with g_free()) say why. */
TwOcmfKeyForm *tw_ocmf_key_form (const TwOcmfKey *self, const TwOcmfCurve *curve, TwOcmfVerdict *verdict,
                                 char **reason);
/* The DER signature is this key's over the digest. */
gboolean       tw_ocmf_key_form_verifies (TwOcmfKeyForm *self, const guint8 *signature, gsize n,
                                          const guint8 digest[32]);
/* They have a form in common. */
gboolean       tw_ocmf_key_is (const TwOcmfKey *self, const char *id);
