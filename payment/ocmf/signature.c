/* SPDX-License-Identifier: Apache-2.0 */
/* X9.62: ECDSA-Sig-Value ::= SEQUENCE { r INTEGER, s INTEGER }, in DER (X.690 section 8.3 and 10.1). */
#include "payment/ocmf/signature.h"

#include "payment/ocmf/encoding.h"

#include <string.h>

enum { TAG_INTEGER = 0x02, TAG_SEQUENCE = 0x30 };

typedef struct { const guint8 *bytes; gsize n; } Number;   /* unsigned, big endian, without zeros in front */

/* Takes an integer off *data. One that DER would not write so is lenient. */
static gboolean
take_integer (const guint8 **data,
              gsize         *n,
              Number        *number,
              gboolean      *lenient)
{
  const guint8 *value = *data + 2;
  gsize size;

  if (*n < 3 || (*data)[0] != TAG_INTEGER || (*data)[1] == 0 || (*data)[1] > *n - 2)
    return FALSE;

  size = (*data)[1];
  *data += 2 + size;
  *n -= 2 + size;
  *lenient |= value[0] >= 0x80 || (size > 1 && value[0] == 0 && value[1] < 0x80);

  while (size > 0 && *value == 0)
    {
      value++;
      size--;
    }
  *number = (Number) { value, size };

  return TRUE;
}

/* Every length of a signature on these curves fits in one byte. */
static gboolean
read_der (const guint8 *data,
          gsize         n,
          Number       *r,
          Number       *s,
          gboolean     *lenient)
{
  *lenient = FALSE;
  if (n < 2 || data[0] != TAG_SEQUENCE || data[1] >= 0x80 || data[1] != n - 2)
    return FALSE;

  data += 2;
  n -= 2;
  return take_integer (&data, &n, r, lenient) && take_integer (&data, &n, s, lenient) && n == 0;
}

static gsize
put_integer (guint8       *out,
             const Number *number)
{
  gsize pad = number->n == 0 || number->bytes[0] >= 0x80;

  out[0] = TAG_INTEGER;
  out[1] = pad + number->n;
  out[2] = 0;
  memcpy (out + 2 + pad, number->bytes, number->n);

  return 2 + pad + number->n;
}

/* FALSE: a number is larger than any of the curve. */
static gboolean
put_der (TwOcmfSignature   *self,
         const TwOcmfCurve *curve,
         const Number      *r,
         const Number      *s)
{
  if (r->n > curve->bytes || s->n > curve->bytes)
    return FALSE;

  self->n = 2 + put_integer (self->der + 2, r);
  self->n += put_integer (self->der + self->n, s);
  self->der[0] = TAG_SEQUENCE;
  self->der[1] = self->n - 2;

  return TRUE;
}

static Number
number_of (const guint8 *bytes,
           gsize         n)
{
  while (n > 0 && *bytes == 0)
    {
      bytes++;
      n--;
    }

  return (Number) { bytes, n };
}

/* What these bytes are as a signature on this curve. FALSE: nothing; *too_large: its numbers are too large. */
static gboolean
interpret (TwOcmfSignature   *self,
           const TwOcmfCurve *curve,
           const guint8      *data,
           gsize              n,
           gboolean          *too_large)
{
  gboolean lenient;
  Number r, s;

  if (read_der (data, n, &r, &s, &lenient))
    self->notes |= lenient ? TW_OCMF_NOTE_LENIENT_DER : 0;
  else if (n == 2 * curve->bytes)
    {
      self->notes |= TW_OCMF_NOTE_RAW_SIGNATURE;
      r = number_of (data, curve->bytes);
      s = number_of (data + curve->bytes, curve->bytes);
    }
  else
    return FALSE;

  *too_large = !put_der (self, curve, &r, &s);
  return TRUE;
}

typedef guint8 *(*Decode) (const char *text, gsize len, gsize *n);

static gboolean
is_word (const char *text,
         const char *lower,
         const char *upper)
{
  return g_str_equal (text, lower) || g_str_equal (text, upper);
}

/* Which decoder comes first. FALSE: SE or SM are something else; like SA they are not signed, so only two spellings
 * are taken, and no two of them are one bit apart. */
static gboolean
order_decoders (const TwOcmfRecord  *record,
                Decode               decoders[2],
                char               **reason)
{
  gboolean is_hex = is_word (record->encoding, "hex", "HEX");

  if (!is_hex && !is_word (record->encoding, "base64", "BASE64"))
    *reason = g_strdup ("the signature's encoding (SE) is neither hex nor base64");
  else if (!is_word (record->mime, "application/x-der", "APPLICATION/X-DER"))
    *reason = g_strdup ("the signature's type (SM) is not application/x-der");
  else
    {
      decoders[0] = is_hex ? tw_ocmf_hex : tw_ocmf_base64;
      decoders[1] = is_hex ? tw_ocmf_base64 : tw_ocmf_hex;
      return TRUE;
    }

  return FALSE;
}

gboolean
tw_ocmf_signature_read (const TwOcmfRecord  *record,
                        const TwOcmfCurve   *curve,
                        TwOcmfSignature     *signature,
                        TwOcmfVerdict       *verdict,
                        char               **reason)
{
  gboolean is_encoded = FALSE, too_large = FALSE;
  gsize len = strlen (record->signature);
  Decode decoders[2];

  *signature = (TwOcmfSignature) { 0 };
  *verdict = TW_OCMF_UNSUPPORTED;
  if (!order_decoders (record, decoders, reason))
    return FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (decoders); i++)
    {
      gsize n = 0;
      g_autofree guint8 *data = decoders[i] (record->signature, len, &n);

      is_encoded |= data != NULL;
      if (data == NULL || !interpret (signature, curve, data, n, &too_large))
        continue;

      signature->notes |= i == 1 ? TW_OCMF_NOTE_ENCODING_MISMATCH : 0;
      if (!too_large)
        return TRUE;
      break;
    }

  *verdict = is_encoded ? TW_OCMF_INVALID : TW_OCMF_MALFORMED;
  *reason = g_strdup (too_large ? "the signature's numbers are larger than the curve's"
                      : is_encoded ? "what SD holds is not a signature on this curve"
                                   : "the signature (SD) is neither hex (in one case) nor base64 (with its padding)");
  return FALSE;
}
