/* SPDX-License-Identifier: Apache-2.0 */
/* Private to payment/ocmf: the curves that a record may be signed on. */
#pragma once

#include <glib.h>

#include <openssl/ec.h>

enum { TW_OCMF_N_CURVES = 7, TW_OCMF_MAX_FIELD = 48, TW_OCMF_MAX_POINT = 2 * TW_OCMF_MAX_FIELD + 1,
       TW_OCMF_MAX_SPKI = 128 };

typedef struct
{
  const char *name;      /* as people write it */
  const char *spelling;  /* between "ECDSA-" and "-SHA256" */
  int         nid;       /* OpenSSL's */
  guint       bytes;     /* of a coordinate, and of r and s */
} TwOcmfCurve;

extern const TwOcmfCurve TW_OCMF_CURVES[TW_OCMF_N_CURVES];

/* Of SA; NULL: not one of the seven. */
const TwOcmfCurve *tw_ocmf_curve_of_algorithm (const char *algorithm);
/* The distribution's OpenSSL has it. */
gboolean           tw_ocmf_curve_is_there (const TwOcmfCurve *self);
/* Point in any form -> 04 X Y; FALSE: it is not on the curve, or it is the point at infinity. */
gboolean           tw_ocmf_curve_point (const TwOcmfCurve *self, const guint8 *point, gsize n,
                                        guint8 uncompressed[TW_OCMF_MAX_POINT]);
/* What comes before a point of n bytes in a SubjectPublicKeyInfo (RFC 5480 section 2); its length. */
gsize              tw_ocmf_curve_spki_prefix (const TwOcmfCurve *self, gsize n, guint8 prefix[TW_OCMF_MAX_SPKI]);
