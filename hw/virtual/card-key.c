/* SPDX-License-Identifier: Apache-2.0 */
#include "hw/virtual/card-key.h"

#include <openssl/evp.h>

#include <string.h>

#define BLOCK 8

/* Two-key triple DES in CBC mode with a zero vector over whole blocks; out holds as many bytes. With twice the same
 * half it is single DES, which OpenSSL 3 keeps in its legacy provider only. */
static void
encrypt (const guint8  left[BLOCK],
         const guint8  right[BLOCK],
         const guint8 *in,
         gsize         n,
         guint8       *out)
{
  EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new ();
  guint8 key[2 * BLOCK];
  const guint8 vector[BLOCK] = { 0 };
  int len = 0;

  memcpy (key, left, BLOCK);
  memcpy (key + BLOCK, right, BLOCK);
  if (EVP_EncryptInit_ex2 (context, EVP_des_ede_cbc (), key, vector, NULL) != 1
      || EVP_CIPHER_CTX_set_padding (context, 0) != 1
      || EVP_EncryptUpdate (context, out, &len, in, n) != 1 || (gsize) len != n)
    g_error ("OpenSSL has no triple DES");
  EVP_CIPHER_CTX_free (context);
}

void
tw_virtual_card_key (const guint8 issuer_key[16],
                     const char  *pan,
                     guint        sequence,
                     guint8       card_key[16])
{
  g_autofree char *digits = g_strdup_printf ("0000000000000000%s%02u", pan, sequence % 100);
  const char *last = digits + strlen (digits) - 2 * BLOCK;
  guint8 y[BLOCK];

  for (guint i = 0; i < BLOCK; i++)
    y[i] = g_ascii_digit_value (last[2 * i]) << 4 | g_ascii_digit_value (last[2 * i + 1]);
  encrypt (issuer_key, issuer_key + BLOCK, y, BLOCK, card_key);
  for (guint i = 0; i < BLOCK; i++)
    y[i] ^= 0xFF;
  encrypt (issuer_key, issuer_key + BLOCK, y, BLOCK, card_key + BLOCK);

  for (guint i = 0; i < 2 * BLOCK; i++) /* odd parity: the last bit makes the number of ones odd */
    card_key[i] = (card_key[i] & 0xFE) | ((__builtin_popcount (card_key[i] & 0xFE) & 1) ^ 1);
}

void
tw_virtual_session_key (const guint8 card_key[16],
                        guint16      atc,
                        guint8       session_key[16])
{
  const guint8 left[BLOCK] = { atc >> 8, atc & 0xFF, 0xF0 };
  const guint8 right[BLOCK] = { atc >> 8, atc & 0xFF, 0x0F };

  encrypt (card_key, card_key + BLOCK, left, BLOCK, session_key);
  encrypt (card_key, card_key + BLOCK, right, BLOCK, session_key + BLOCK);
}

void
tw_virtual_mac (const guint8  session_key[16],
                const guint8 *data,
                gsize         n,
                guint8        mac[8])
{
  gsize whole = n / BLOCK * BLOCK;
  g_autofree guint8 *chained = g_malloc0 (whole + BLOCK);
  guint8 last[BLOCK] = { 0 };

  memcpy (last, data + whole, n - whole);
  last[n - whole] = 0x80;
  if (whole > 0)
    {
      encrypt (session_key, session_key, data, whole, chained);
      for (guint i = 0; i < BLOCK; i++)
        last[i] ^= chained[whole - BLOCK + i];
    }
  encrypt (session_key, session_key + BLOCK, last, BLOCK, mac); /* left, back through right, left: triple DES */
}
