/* SPDX-License-Identifier: Apache-2.0 */
#include "hw/virtual/emv-data.h"

#include "hw/virtual/ber.h"
#include "hw/virtual/card-key.h"

#include <string.h>

/* What the terminal sent for a tag of the PDOL. */
static const guint8 *
from_terminal (const TwCardApplication *app,
               const TwCardTap         *tap,
               guint32                  tag,
               gsize                   *len)
{
  const guint8 *at = tap->pdol_data;

  for (guint i = 0; at && i < app->pdol->len; i++)
    {
      const TwDolEntry *entry = &g_array_index (app->pdol, TwDolEntry, i);

      if (entry->tag == tag)
        {
          *len = entry->len;
          return at;
        }
      at += entry->len;
    }
  return NULL;
}

static void
put_number (GByteArray *out,
            guint64     number,
            gsize       bytes)
{
  for (gsize i = 0; i < bytes; i++)
    {
      guint8 byte = number >> (8 * (bytes - 1 - i)) & 0xFF;

      g_byte_array_append (out, &byte, 1);
    }
}

static void
put_bytes (GByteArray *out,
           GBytes     *bytes)
{
  gsize n;
  const guint8 *data = g_bytes_get_data (bytes, &n);

  if (n > 0)
    g_byte_array_append (out, data, n);
}

/* Digits (and D, F) two to a byte, filled up with F. */
static void
put_digits (GByteArray *out,
            const char *digits)
{
  for (gsize i = 0; digits[i]; i += 2)
    {
      guint8 low = digits[i + 1] ? g_ascii_xdigit_value (digits[i + 1]) : 0xF;
      guint8 byte = g_ascii_xdigit_value (digits[i]) << 4 | low;

      g_byte_array_append (out, &byte, 1);
      if (!digits[i + 1])
        return;
    }
}

/* The last day of the month in which the card expires. */
static void
put_expiry_date (GByteArray *out,
                 const char *yymm)
{
  guint year = 2000 + g_ascii_digit_value (yymm[0]) * 10 + g_ascii_digit_value (yymm[1]);
  guint month = g_ascii_digit_value (yymm[2]) * 10 + g_ascii_digit_value (yymm[3]);
  g_autofree char *date = g_strdup_printf ("%s%02u", yymm, (guint) g_date_get_days_in_month (month, year));

  put_digits (out, date);
}

static void
put_track (GByteArray              *out,
           const TwCardApplication *app)
{
  g_autofree char *track = g_strdup_printf ("%sD%s%s%s", app->pan, app->expiry, app->service, app->discretionary);

  put_digits (out, track);
}

/* 9F10: in the second byte of the verification results, bits 8-7 say that there was no second cryptogram and bits 6-5
 * which was the first (Visa's usual layout: length, key index, version, results). */
static void
put_iad (GByteArray              *out,
         const TwCardApplication *app)
{
  guint at = out->len + 4;

  put_bytes (out, app->iad);
  out->data[at] = (out->data[at] & 0x0F) | 0x80 | app->cryptogram >> 2;
}

/* README.md, "The cryptogram", is this function in words. */
static void
put_cryptogram (GByteArray              *out,
                const TwCardApplication *app,
                const TwCardTap         *tap)
{
  static const TwDolEntry INPUT[] = { { 0x9F02, 6 }, { 0x9F03, 6 }, { 0x9F1A, 2 }, { 0x95, 5 },
                                      { 0x5F2A, 2 }, { 0x9A, 3 },   { 0x9C, 1 },   { 0x9F37, 4 } };
  g_autoptr (GByteArray) input = g_byte_array_new ();
  guint8 card_key[16], session_key[16], mac[8];

  for (gsize i = 0; i < G_N_ELEMENTS (INPUT); i++)
    {
      gsize len = INPUT[i].len;
      const guint8 *value = from_terminal (app, tap, INPUT[i].tag, &len);

      if (value)
        g_byte_array_append (input, value, len);
      else
        put_number (input, 0, len);
    }
  put_bytes (input, app->aip);
  put_number (input, tap->atc, 2);
  put_iad (input, app);

  tw_virtual_card_key (app->issuer_key, app->pan, app->sequence, card_key);
  tw_virtual_session_key (card_key, tap->atc, session_key);
  tw_virtual_mac (session_key, input->data, input->len, mac);
  g_byte_array_append (out, mac, sizeof mac);
}

static gboolean
put_optional (GByteArray *out,
              GBytes     *bytes)
{
  if (bytes)
    put_bytes (out, bytes);
  return bytes != NULL;
}

gboolean
tw_emv_data_put_value (GByteArray              *out,
                       const TwCardApplication *app,
                       const TwCardTap         *tap,
                       guint32                  tag)
{
  gboolean has_track = app->pan && app->expiry;

  if (put_optional (out, g_hash_table_lookup (app->data, GUINT_TO_POINTER (tag))))
    return TRUE;

  switch (tag)
    {
    case 0x57:
      if (has_track)
        put_track (out, app);
      return has_track;
    case 0x5A:
      if (app->pan)
        put_digits (out, app->pan);
      return app->pan != NULL;
    case 0x5F24:
      if (app->expiry)
        put_expiry_date (out, app->expiry);
      return app->expiry != NULL;
    case 0x5F34:
      put_number (out, app->sequence / 10 << 4 | app->sequence % 10, 1);
      return TRUE;
    case 0x82:
      return put_optional (out, app->aip);
    case 0x94:
      return put_optional (out, app->afl);
    case 0x9F10:
      put_iad (out, app);
      return TRUE;
    case 0x9F26:
      if (app->has_key && app->pan)
        put_cryptogram (out, app, tap);
      return app->has_key && app->pan;
    case 0x9F27:
      put_number (out, app->cryptogram, 1);
      return TRUE;
    case 0x9F36:
      put_number (out, tap->atc, 2);
      return TRUE;
    default:
      return FALSE;
    }
}

void
tw_emv_data_put (GByteArray              *out,
                 const TwCardApplication *app,
                 const TwCardTap         *tap,
                 guint32                  tag)
{
  g_autoptr (GByteArray) value = g_byte_array_new ();

  if (tw_emv_data_put_value (value, app, tap, tag))
    tw_ber_put (out, tag, value->data, value->len);
}
