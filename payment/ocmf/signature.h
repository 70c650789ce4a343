/* SPDX-License-Identifier: Apache-2.0 */
/* Private to payment/ocmf: the signature's text, by the leniency ladder. */
#pragma once

#include "payment/ocmf/curve.h"
#include "payment/ocmf/ocmf.h"

enum { TW_OCMF_MAX_DER = 2 * (2 + 1 + TW_OCMF_MAX_FIELD) + 2 };

typedef struct
{
  guint8 der[TW_OCMF_MAX_DER];   /* as OpenSSL takes it */
  gsize  n;
  guint  notes;
} TwOcmfSignature;

/* FALSE: *verdict and *reason (free with g_free()) say why. */
gboolean tw_ocmf_signature_read (const TwOcmfRecord *record, const TwOcmfCurve *curve, TwOcmfSignature *signature,
                                 TwOcmfVerdict *verdict, char **reason);
