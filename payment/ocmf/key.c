/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/ocmf/key.h"

#include "app/base/bytes.h"
#include "payment/ocmf/encoding.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/x509.h>

#include <string.h>

enum { MAX_TEXT = 4096 };

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_PKEY, EVP_PKEY_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_PKEY_CTX, EVP_PKEY_CTX_free)

static void G_GNUC_PRINTF (3, 4)
refuse (TwOcmfKey     *self,
        TwOcmfVerdict  problem,
        const char    *format,
        ...)
{
  va_list args;

  va_start (args, format);
  g_free (self->reason);
  self->problem = problem;
  self->reason = g_strdup_vprintf (format, args);
  va_end (args);
}

static EVP_PKEY *
make_pkey (const TwOcmfCurve *curve,
           guint8            *point,
           gsize              n)
{
  OSSL_PARAM params[] = {
    OSSL_PARAM_construct_utf8_string (OSSL_PKEY_PARAM_GROUP_NAME, (char *) OBJ_nid2sn (curve->nid), 0),
    OSSL_PARAM_construct_octet_string (OSSL_PKEY_PARAM_PUB_KEY, point, n),
    OSSL_PARAM_construct_end (),
  };
  g_autoptr (EVP_PKEY_CTX) context = EVP_PKEY_CTX_new_from_name (NULL, "EC", NULL);
  EVP_PKEY *pkey = NULL;

  if (context == NULL || EVP_PKEY_fromdata_init (context) != 1
      || EVP_PKEY_fromdata (context, &pkey, EVP_PKEY_PUBLIC_KEY, params) != 1)
    pkey = NULL;
  ERR_clear_error ();

  return pkey;
}

/* FALSE: the point is not on the curve, or the curve is not there. */
static gboolean
add_form (TwOcmfKey         *self,
          const TwOcmfCurve *curve,
          const guint8      *point,
          gsize              n)
{
  TwOcmfKeyForm *form = &self->forms[curve - TW_OCMF_CURVES];
  guint8 whole[TW_OCMF_MAX_POINT], spki[TW_OCMF_MAX_SPKI];
  gsize n_whole = 2 * curve->bytes + 1, n_prefix;
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *id = NULL;

  if (!tw_ocmf_curve_point (curve, point, n, whole))
    return FALSE;

  form->pkey = make_pkey (curve, whole, n_whole);
  n_prefix = tw_ocmf_curve_spki_prefix (curve, n_whole, spki);
  memcpy (spki + n_prefix, whole, n_whole);
  bytes = g_bytes_new (spki, n_prefix + n_whole);
  id = tw_sha256_hex (bytes);
  g_strlcpy (form->id, id, sizeof form->id);

  return form->pkey != NULL;
}

static gboolean
is_infinity (const guint8 *point,
             gsize         n)
{
  return n == 1 && point[0] == 0;
}

/* A point in one of the forms that keys have: not the hybrid one, 06 or 07. */
static gboolean
is_point (const guint8 *point,
          gsize         n,
          guint         bytes)
{
  return n == 2 * bytes + 1 ? point[0] == 4 : n == bytes + 1 && (point[0] == 2 || point[0] == 3);
}

/* FALSE: these bytes are no SubjectPublicKeyInfo on one of the curves. Compared as bytes, because OpenSSL cannot read a
 * key on a curve that it was built without, and that is not the key's fault. */
static gboolean
read_spki (TwOcmfKey    *self,
           const guint8 *data,
           gsize         n)
{
  for (guint i = 0; i < TW_OCMF_N_CURVES; i++)
    {
      const TwOcmfCurve *curve = &TW_OCMF_CURVES[i];
      const gsize sizes[] = { 2 * curve->bytes + 1, curve->bytes + 1, 1 };

      for (guint j = 0; j < G_N_ELEMENTS (sizes); j++)
        {
          guint8 prefix[TW_OCMF_MAX_SPKI];
          gsize n_prefix = tw_ocmf_curve_spki_prefix (curve, sizes[j], prefix);
          const guint8 *point = data + n_prefix;

          if (n != n_prefix + sizes[j] || memcmp (data, prefix, n_prefix) != 0)
            continue;

          self->curve = curve;
          self->bytes = curve->bytes;
          if (is_infinity (point, sizes[j]))
            refuse (self, TW_OCMF_INVALID, "the public key is the point at infinity");
          else if (!is_point (point, sizes[j], curve->bytes))
            refuse (self, TW_OCMF_MALFORMED, "the public key's point begins with %02x", point[0]);
          else if (!tw_ocmf_curve_is_there (curve))
            refuse (self, TW_OCMF_UNSUPPORTED, "this system's OpenSSL was built without the curve %s", curve->name);
          else if (!add_form (self, curve, point, sizes[j]))
            refuse (self, TW_OCMF_INVALID, "the public key is not a point of %s", curve->name);
          return TRUE;
        }
    }

  return FALSE;
}

static gboolean
read_point (TwOcmfKey    *self,
            const guint8 *data,
            gsize         n)
{
  guint8 whole[TW_OCMF_MAX_POINT] = { 4 };
  gboolean is_raw = n == 48 || n == 64 || n == 96;

  if (is_infinity (data, n))
    {
      refuse (self, TW_OCMF_INVALID, "the public key is the point at infinity");
      return TRUE;
    }

  if (is_raw)
    memcpy (whole + 1, data, n);
  for (guint i = 0; i < TW_OCMF_N_CURVES; i++)
    {
      const TwOcmfCurve *curve = &TW_OCMF_CURVES[i];

      if (is_raw ? n != 2 * curve->bytes : !is_point (data, n, curve->bytes))
        continue;

      self->bytes = curve->bytes;
      (void) add_form (self, curve, is_raw ? whole : data, is_raw ? n + 1 : n);
    }

  return self->bytes > 0;
}

/* It may still be a key, of a kind that does not sign records. */
static void
refuse_other (TwOcmfKey    *self,
              const guint8 *data,
              gsize         n)
{
  const guint8 *at = data;
  g_autoptr (EVP_PKEY) pkey = d2i_PUBKEY (NULL, &at, n);
  char group[64] = "explicit parameters";

  ERR_clear_error ();
  if (pkey == NULL || at != data + n)
    refuse (self, TW_OCMF_MALFORMED, "the public key has %" G_GSIZE_FORMAT " bytes, and is neither a "
            "SubjectPublicKeyInfo nor a point of a curve", n);
  else if (!EVP_PKEY_is_a (pkey, "EC"))
    refuse (self, TW_OCMF_UNSUPPORTED, "the public key is of the kind %s", EVP_PKEY_get0_type_name (pkey));
  else
    {
      (void) EVP_PKEY_get_group_name (pkey, group, sizeof group, NULL);
      ERR_clear_error ();
      refuse (self, TW_OCMF_UNSUPPORTED, "the public key is on a curve that records do not use, or not named as they "
              "name it (%s)", group);
    }
}

/* The bytes of a text in hex, base64 or PEM; NULL: none of them. */
static guint8 *
decode (const char *text,
        gsize       len,
        gsize      *n)
{
  static const char begin[] = "-----BEGINPUBLICKEY-----", end[] = "-----ENDPUBLICKEY-----";
  g_autofree char *squeezed = tw_ocmf_squeeze (text, len, &len);
  guint8 *bytes;

  if (g_str_has_prefix (squeezed, begin) && g_str_has_suffix (squeezed, end)
      && len >= strlen (begin) + strlen (end))
    return tw_ocmf_base64 (squeezed + strlen (begin), len - strlen (begin) - strlen (end), n);

  bytes = tw_ocmf_hex (squeezed, len, n);
  return bytes != NULL ? bytes : tw_ocmf_base64 (squeezed, len, n);
}

static gboolean
is_text (const char *text,
         gsize       len)
{
  for (gsize i = 0; i < len; i++)
    if (!g_ascii_isprint (text[i]) && !g_ascii_isspace (text[i]))
      return FALSE;

  return TRUE;
}

TwOcmfKey *
tw_ocmf_key_new (const char *text,
                 gsize       len)
{
  TwOcmfKey *self = g_new0 (TwOcmfKey, 1);
  g_autofree guint8 *data = NULL;
  gsize n = 0;

  self->forms = g_new0 (TwOcmfKeyForm, TW_OCMF_N_CURVES);
  for (guint i = 0; i < TW_OCMF_N_CURVES; i++)
    g_mutex_init (&self->forms[i].lock);
  self->problem = TW_OCMF_VALID;
  if (len > MAX_TEXT)
    refuse (self, TW_OCMF_MALFORMED, "the public key's text has more than %d characters", MAX_TEXT);
  else if (is_text (text, len))
    data = decode (text, len, &n);
  else
    data = g_memdup2 (text, n = len);

  if (data != NULL && !read_spki (self, data, n) && !read_point (self, data, n))
    refuse_other (self, data, n);
  if (data == NULL && self->reason == NULL)
    refuse (self, TW_OCMF_MALFORMED, "the public key is neither hex (in one case) nor base64 (with its padding) nor "
            "PEM");

  return self;
}

void
tw_ocmf_key_free (TwOcmfKey *self)
{
  if (self == NULL)
    return;

  for (guint i = 0; i < TW_OCMF_N_CURVES; i++)
    {
      EVP_PKEY_CTX_free (self->forms[i].idle);
      EVP_PKEY_free (self->forms[i].pkey);
      g_mutex_clear (&self->forms[i].lock);
    }
  g_free (self->forms);
  g_free (self->reason);
  g_free (self);
}

TwOcmfVerdict
tw_ocmf_key_problem (const TwOcmfKey  *self,
                     const char      **reason)
{
  if (reason != NULL)
    *reason = self->reason;

  return self->problem;
}

gboolean
tw_ocmf_key_is (const TwOcmfKey *self,
                const char      *id)
{
  for (guint i = 0; i < TW_OCMF_N_CURVES; i++)
    if (self->forms[i].pkey != NULL && g_str_equal (self->forms[i].id, id))
      return TRUE;

  return FALSE;
}

static const TwOcmfCurve *
curve_of_point (const TwOcmfKey *self)
{
  for (guint i = 0; i < TW_OCMF_N_CURVES; i++)
    if (self->forms[i].pkey != NULL)
      return &TW_OCMF_CURVES[i];

  return NULL;
}

static EVP_PKEY_CTX *
exchange_idle (TwOcmfKeyForm *self,
               EVP_PKEY_CTX  *context)
{
  EVP_PKEY_CTX *before;

  g_mutex_lock (&self->lock);
  before = self->idle;
  self->idle = context;
  g_mutex_unlock (&self->lock);

  return before;
}

gboolean
tw_ocmf_key_form_verifies (TwOcmfKeyForm *self,
                           const guint8  *signature,
                           gsize          n,
                           const guint8   digest[32])
{
  g_autoptr (EVP_PKEY_CTX) context = exchange_idle (self, NULL);
  gboolean good = TRUE;

  if (context == NULL)
    {
      context = EVP_PKEY_CTX_new_from_pkey (NULL, self->pkey, NULL);
      good = context != NULL && EVP_PKEY_verify_init (context) == 1;
    }

  good = good && EVP_PKEY_verify (context, signature, n, digest, 32) == 1;
  if (!good)
    {
      ERR_clear_error ();
      return FALSE;
    }

  context = exchange_idle (self, g_steal_pointer (&context));   /* another thread's, or NULL */

  return TRUE;
}

TwOcmfKeyForm *
tw_ocmf_key_form (const TwOcmfKey    *self,
                  const TwOcmfCurve  *curve,
                  TwOcmfVerdict      *verdict,
                  char              **reason)
{
  TwOcmfKeyForm *form = &self->forms[curve - TW_OCMF_CURVES];
  const TwOcmfCurve *own = self->curve != NULL ? self->curve : curve_of_point (self);

  if (form->pkey != NULL)
    return form;

  *verdict = TW_OCMF_KEY_MISMATCH;
  if (own != NULL && own != curve)
    *reason = g_strdup_printf ("the key is on %s, and the record says that it was signed on %s", own->name,
                               curve->name);
  else if (self->problem != TW_OCMF_VALID)
    {
      *verdict = self->problem;
      *reason = g_strdup (self->reason);
    }
  else if (self->bytes != curve->bytes)
    *reason = g_strdup_printf ("the key's coordinates have %u bytes, and those of %s have %u", self->bytes, curve->name,
                               curve->bytes);
  else if (!tw_ocmf_curve_is_there (curve))
    {
      *verdict = TW_OCMF_UNSUPPORTED;
      *reason = g_strdup_printf ("this system's OpenSSL was built without the curve %s", curve->name);
    }
  else
    {
      *verdict = TW_OCMF_INVALID;
      *reason = g_strdup_printf ("the public key is not a point of %s", curve->name);
    }

  return NULL;
}
