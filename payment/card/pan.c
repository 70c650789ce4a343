/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/card/pan.h"

#include <string.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "app/base/bytes.h"

#define PAN_LEAST 12
#define PAN_MOST  19

#define TRACK2_BYTES_MOST    19    /* Book 3 annex A: 57 is var. up to 19 */
#define EXPIRY_AND_SERVICE    7

static guint8
nibble (const guint8 *bytes,
        gsize         i)
{
  return i % 2 == 0 ? bytes[i / 2] >> 4 : bytes[i / 2] & 0x0f;
}

/* Copies the leading digits; how many. */
static gsize
take_digits (char         *out,
             gsize         size,
             const guint8 *value,
             gsize         from,
             gsize         to)
{
  gsize n = 0;

  for (; from + n < to && n < size && nibble (value, from + n) <= 9; n++)
    out[n] = '0' + nibble (value, from + n);
  return n;
}

static gboolean
take_pan (TwPan        *self,
          const guint8 *value,
          gsize         n_nibbles)
{
  self->len = take_digits (self->digits, PAN_MOST, value, 0, n_nibbles);
  return self->len >= PAN_LEAST;
}

static gboolean
take_track2 (TwTrack2     *self,
             const guint8 *value,
             gsize         len)
{
  gsize n = len * 2;
  gsize at, rest;

  if (len == 0 || len > TRACK2_BYTES_MOST)
    return FALSE;

  if (nibble (value, n - 1) == 0x0f)
    n--;
  if (!take_pan (&self->pan, value, n))
    return FALSE;

  at = self->pan.len;
  if (at >= n || nibble (value, at) != 0x0d)
    return FALSE;

  memcpy (self->text, self->pan.digits, at);
  self->text[at] = '=';
  rest = take_digits (self->text + at + 1, sizeof self->text - at - 2, value, at + 1, n);
  return at + 1 + rest == n && rest >= EXPIRY_AND_SERVICE;
}

gboolean
tw_track2_from_equivalent (TwTrack2     *self,
                           const guint8 *value,
                           gsize         len)
{
  memset (self, 0, sizeof *self);
  if (take_track2 (self, value, len))
    return TRUE;

  tw_wipe (self, sizeof *self);
  return FALSE;
}

gboolean
tw_pan_from_packed (TwPan        *self,
                    const guint8 *value,
                    gsize         len)
{
  gsize n = len * 2;

  memset (self, 0, sizeof *self);
  if (len == 0 || len > 10)
    return FALSE;

  while (n > 0 && nibble (value, n - 1) == 0x0f)
    n--;
  if (take_pan (self, value, n) && self->len == n)
    return TRUE;

  tw_wipe (self, sizeof *self);
  return FALSE;
}

gboolean
tw_pan_equal (const TwPan *a,
              const TwPan *b)
{
  return a->len == b->len && memcmp (a->digits, b->digits, a->len) == 0;
}

gboolean
tw_pan_passes_luhn (const TwPan *self)
{
  guint sum = 0;

  for (gsize i = 0; i < self->len; i++)
    {
      guint digit = self->digits[self->len - 1 - i] - '0';

      if (i % 2 == 1)
        digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
      sum += digit;
    }
  return self->len > 0 && sum % 10 == 0;
}

void
tw_pan_mask (const TwPan *self,
             char         out[20])
{
  gsize hidden = self->len >= 4 ? self->len - 4 : 0;

  memset (out, 0, 20);
  memset (out, '*', hidden);
  memcpy (out + hidden, self->digits + hidden, self->len - hidden);
}

char *
tw_pan_fingerprint (const TwPan  *self,
                    const char   *epoch,
                    const guint8 *key,
                    gsize         key_len)
{
  static const char domain[] = "tapwatt-card-1";
  guint8 message[sizeof domain - 1 + PAN_MOST];
  guint8 mac[32];
  g_autofree char *hex = NULL;

  /* OpenSSL's, not GLib's: it wipes its contexts, and this message is half a card number in the clear. */
  memcpy (message, domain, sizeof domain - 1);
  memcpy (message + sizeof domain - 1, self->digits, self->len);
  if (HMAC (EVP_sha256 (), key, key_len, message, sizeof domain - 1 + self->len, mac, NULL) == NULL)
    g_error ("OpenSSL has no HMAC-SHA256");

  tw_wipe (message, sizeof message);
  hex = tw_hex_encode (mac, 16);
  return g_strconcat (epoch, ":", hex, NULL);
}
