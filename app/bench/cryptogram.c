/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bench/cryptogram.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <string.h>

#include "app/base/bytes.h"

#define BLOCK 8
#define MOST_DATA 512

/* What the bench's cards sign, in this order (app/bench/README.md). */
static const guint SIGNED_TAGS[] = { 0x9F02, 0x9F03, 0x9F1A, 0x95, 0x5F2A, 0x9A, 0x9C, 0x9F37, 0x82, 0x9F36, 0x9F10 };

/* Two-key triple DES of one block. With both halves equal it is single DES, which OpenSSL 3 keeps in its legacy
 * provider only. */
static void
triple_des (const guint8 key[16],
            const guint8 in[BLOCK],
            guint8       out[BLOCK])
{
  EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new ();
  guint8 block[2 * BLOCK];
  int n = 0;

  g_assert (EVP_EncryptInit_ex (context, EVP_des_ede_ecb (), NULL, key, NULL) > 0);
  EVP_CIPHER_CTX_set_padding (context, 0);
  g_assert (EVP_EncryptUpdate (context, block, &n, in, BLOCK) > 0 && n == BLOCK);
  memcpy (out, block, BLOCK);
  EVP_CIPHER_CTX_free (context);
}

/* DES keys have odd parity (FIPS 46-3); it does not change the result, but a dump of the key. */
static void
set_parity (guint8 *key,
            gsize   n)
{
  for (gsize i = 0; i < n; i++)
    {
      guint8 ones = 0;

      for (guint bit = 1; bit < 8; bit++)
        ones += key[i] >> bit & 1;
      key[i] = (key[i] & 0xFE) | !(ones & 1);
    }
}

void
tw_cryptogram_card_key (const guint8 master[16],
                        const char  *pan,
                        int          sequence,
                        guint8       card[16])
{
  g_autofree char *digits = g_strdup_printf ("%s%02d", pan, sequence);
  gsize n = strlen (digits);
  guint8 y[BLOCK] = { 0 };

  /* A1.4.1: the rightmost 16 digits of card number and sequence number, padded with zeros on the left. */
  for (gsize i = 0; i < MIN (n, 16); i++)
    y[7 - i / 2] |= (digits[n - 1 - i] - '0') << (i % 2 == 0 ? 0 : 4);

  triple_des (master, y, card);
  for (guint i = 0; i < BLOCK; i++)
    y[i] ^= 0xFF;
  triple_des (master, y, card + BLOCK);
  set_parity (card, 16);
  tw_wipe (digits, n);
}

void
tw_cryptogram_session_key (const guint8 card[16],
                           const guint8 atc[2],
                           guint8       session[16])
{
  /* A1.3.1 with the counter as diversification value: the third byte tells the halves apart. */
  const guint8 left[BLOCK] = { atc[0], atc[1], 0xF0 };
  const guint8 right[BLOCK] = { atc[0], atc[1], 0x0F };

  triple_des (card, left, session);
  triple_des (card, right, session + BLOCK);
  set_parity (session, 16);
}

void
tw_cryptogram_mac (const guint8  session[16],
                   const guint8 *data,
                   gsize         n,
                   guint8        mac[8])
{
  gsize n_padded = (n / BLOCK + 1) * BLOCK;
  g_autofree guint8 *padded = g_malloc0 (n_padded);
  guint8 single[16];
  guint8 state[BLOCK] = { 0 };

  memcpy (padded, data, n);
  padded[n] = 0x80;
  memcpy (single, session, BLOCK);
  memcpy (single + BLOCK, session, BLOCK);

  for (gsize at = 0; at < n_padded; at += BLOCK)
    {
      for (guint i = 0; i < BLOCK; i++)
        state[i] ^= padded[at + i];
      /* Algorithm 3: single DES with the left key; the last block goes on through the right key and the left one
       * again, which is what two-key triple DES does. */
      triple_des (at + BLOCK < n_padded ? single : session, state, state);
    }
  memcpy (mac, state, BLOCK);
}

gboolean
tw_cryptogram_is_right (const guint8  card[16],
                        const TwTags *tags)
{
  guint8 session[16], mac[BLOCK], data[MOST_DATA];
  gsize n_data = 0, n;
  const guint8 *value = tw_tags_get (tags, 0x9F36, &n);

  if (value == NULL || n != 2)
    return FALSE;
  tw_cryptogram_session_key (card, value, session);

  for (guint i = 0; i < G_N_ELEMENTS (SIGNED_TAGS); i++)
    {
      value = tw_tags_get (tags, SIGNED_TAGS[i], &n);
      if (value == NULL || n_data + n > sizeof data)
        return FALSE;
      memcpy (data + n_data, value, n);
      n_data += n;
    }
  tw_cryptogram_mac (session, data, n_data, mac);
  value = tw_tags_get (tags, 0x9F26, &n);

  return value != NULL && n == BLOCK && CRYPTO_memcmp (mac, value, BLOCK) == 0;
}
