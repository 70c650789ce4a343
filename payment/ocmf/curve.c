/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/ocmf/curve.h"

#include <openssl/err.h>
#include <openssl/objects.h>

#include <string.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EC_GROUP, EC_GROUP_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EC_POINT, EC_POINT_free)

const TwOcmfCurve TW_OCMF_CURVES[TW_OCMF_N_CURVES] = {
  { "secp256r1", "secp256r1", NID_X9_62_prime256v1, 32 },
  { "secp192k1", "secp192k1", NID_secp192k1, 24 },
  { "secp192r1", "secp192r1", NID_X9_62_prime192v1, 24 },
  { "secp256k1", "secp256k1", NID_secp256k1, 32 },
  { "brainpoolP256r1", "brainpool256r1", NID_brainpoolP256r1, 32 },
  { "secp384r1", "secp384r1", NID_secp384r1, 48 },
  { "brainpoolP384r1", "brainpool384r1", NID_brainpoolP384r1, 48 },
};

typedef enum { CASE_OTHER, CASE_AS_PRINTED, CASE_LOWER, CASE_UPPER } Case;

static gboolean
is_mapped (const char *text,
           const char *word,
           gsize       len,
           char      (*map) (char))
{
  for (gsize i = 0; i < len; i++)
    if (text[i] != map (word[i]))
      return FALSE;

  return TRUE;
}

/* How the first len characters of text spell word. Case does not matter, but it is not free either: SA is not signed,
 * and of two spellings that are one bit apart at most one may be good. So a part is as the standard prints it, or all
 * in lower, or all in upper case. */
static Case
spells (const char *text,
        gsize       len,
        const char *word)
{
  if (strlen (word) != len)
    return CASE_OTHER;
  if (memcmp (text, word, len) == 0)
    return CASE_AS_PRINTED;
  if (is_mapped (text, word, len, g_ascii_tolower))
    return CASE_LOWER;

  return is_mapped (text, word, len, g_ascii_toupper) ? CASE_UPPER : CASE_OTHER;
}

/* "brainpoolP256r1" and "brainpoolp256r1" are one bit apart: the second is good where all of SA is in lower case, the
 * first where it is not. */
static gboolean
is_curve (const TwOcmfCurve *self,
          const char        *text,
          gsize              len,
          gboolean           lower_around)
{
  if (spells (text, len, self->spelling) != CASE_OTHER)
    return TRUE;
  if (g_str_equal (self->name, self->spelling))
    return FALSE;

  switch (spells (text, len, self->name))
    {
    case CASE_UPPER:
      return TRUE;
    case CASE_LOWER:
      return lower_around;
    case CASE_AS_PRINTED:
      return !lower_around;
    case CASE_OTHER:
    default:
      return FALSE;
    }
}

const TwOcmfCurve *
tw_ocmf_curve_of_algorithm (const char *algorithm)
{
  static const char family[] = "ECDSA", hash[] = "SHA256";
  const char *first = strchr (algorithm, '-');
  const char *last = strrchr (algorithm, '-');
  Case before, after;

  if (first == NULL || first == last)
    return NULL;

  before = spells (algorithm, first - algorithm, family);
  after = spells (last + 1, strlen (last + 1), hash);
  if (before == CASE_OTHER || after == CASE_OTHER)
    return NULL;

  for (guint i = 0; i < TW_OCMF_N_CURVES; i++)
    if (is_curve (&TW_OCMF_CURVES[i], first + 1, last - first - 1, before == CASE_LOWER && after == CASE_LOWER))
      return &TW_OCMF_CURVES[i];

  return NULL;
}

gboolean
tw_ocmf_curve_is_there (const TwOcmfCurve *self)
{
  g_autoptr (EC_GROUP) group = EC_GROUP_new_by_curve_name (self->nid);

  ERR_clear_error ();
  return group != NULL;
}

gboolean
tw_ocmf_curve_point (const TwOcmfCurve *self,
                     const guint8      *point,
                     gsize              n,
                     guint8             uncompressed[TW_OCMF_MAX_POINT])
{
  g_autoptr (EC_GROUP) group = EC_GROUP_new_by_curve_name (self->nid);
  g_autoptr (EC_POINT) read = group == NULL ? NULL : EC_POINT_new (group);
  gboolean good = read != NULL && EC_POINT_oct2point (group, read, point, n, NULL) == 1
                  && EC_POINT_is_at_infinity (group, read) == 0 && EC_POINT_is_on_curve (group, read, NULL) == 1
                  && EC_POINT_point2oct (group, read, POINT_CONVERSION_UNCOMPRESSED, uncompressed,
                                         2 * self->bytes + 1, NULL) == 2 * self->bytes + 1;

  ERR_clear_error ();
  return good;
}

gsize
tw_ocmf_curve_spki_prefix (const TwOcmfCurve *self,
                           gsize              n,
                           guint8             prefix[TW_OCMF_MAX_SPKI])
{
  static const guint8 ec_public_key[] = { 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01 };
  const ASN1_OBJECT *object = OBJ_nid2obj (self->nid);
  gsize n_oid = OBJ_length (object), at = 0;
  gsize n_algorithm = sizeof ec_public_key + 2 + n_oid;
  guint8 head[] = { 0x30, 2 + n_algorithm + 3 + n, 0x30, n_algorithm };
  guint8 oid[] = { 0x06, n_oid };
  guint8 tail[] = { 0x03, 1 + n, 0x00 };   /* a bit string, no bit of it unused */

  g_assert (head[1] < 0x80 && sizeof head + n_algorithm + sizeof tail + n <= TW_OCMF_MAX_SPKI);

  memcpy (prefix, head, sizeof head);
  at += sizeof head;
  memcpy (prefix + at, ec_public_key, sizeof ec_public_key);
  at += sizeof ec_public_key;
  memcpy (prefix + at, oid, sizeof oid);
  at += sizeof oid;
  memcpy (prefix + at, OBJ_get0_data (object), n_oid);
  at += n_oid;
  memcpy (prefix + at, tail, sizeof tail);

  return at + sizeof tail;
}
