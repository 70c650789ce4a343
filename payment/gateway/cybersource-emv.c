/* SPDX-License-Identifier: Apache-2.0 */
/* pointOfSaleInformation.emv.tags: what the EV charging guide's tables ask for, by brand, and nothing else. */
#include "payment/gateway/cybersource.h"

#include "app/base/bytes.h"
#include "app/base/error.h"

#include <string.h>

#define MAX_TAGS_CHARS 252      /* String(252) on this platform; we count hex characters, the stricter reading */
#define MAX_TAGS 64
#define MAX_TAGS_BYTES 1024

typedef enum { ABSENT, OPTIONAL, CONDITIONAL, MANDATORY } Need;

/* The order is the order on the wire: mandatory ones first, optional ones while they fit. */
static const struct { guint tag; Need mastercard, visa; } table[] = {
  { 0x9f26, MANDATORY, MANDATORY },   { 0x9f10, MANDATORY, MANDATORY },   { 0x9f36, MANDATORY, MANDATORY },
  { 0x9f37, MANDATORY, MANDATORY },   { 0x82, MANDATORY, MANDATORY },     { 0x95, MANDATORY, MANDATORY },
  { 0x9a, MANDATORY, MANDATORY },     { 0x9c, MANDATORY, MANDATORY },     { 0x9f02, MANDATORY, MANDATORY },
  { 0x9f03, MANDATORY, MANDATORY },   { 0x5f2a, MANDATORY, MANDATORY },   { 0x9f1a, MANDATORY, MANDATORY },
  { 0x9f33, MANDATORY, MANDATORY },   { 0x84, MANDATORY, MANDATORY },     { 0x9f27, MANDATORY, OPTIONAL },
  { 0x9f34, MANDATORY, OPTIONAL },    { 0x5f34, CONDITIONAL, OPTIONAL },  { 0x9f6e, OPTIONAL, CONDITIONAL },
  { 0x9f60, OPTIONAL, ABSENT },       { 0x96, OPTIONAL, ABSENT },
};

/* Never in this field, whoever asks: tracks, PAN, name, expiry, PIN. Finding one is a fault of ours, so it is loud. */
static const guint sensitive[] = { 0x56, 0x57, 0x5a, 0x5f20, 0x5f24, 0x99, 0x9f0b, 0x9f1f, 0x9f20 };

typedef struct { guint tag; const guint8 *whole; gsize whole_len; const guint8 *value; gsize len; } Tlv;

/* Primitive data objects with tags of one or two bytes and values up to 255 bytes, as they stand in DE55. */
static gboolean
next_tlv (const guint8 **at,
          gsize         *left,
          Tlv           *tlv)
{
  const guint8 *p = *at;
  gsize n = *left, head = 1;

  if (n < 2 || p[0] == 0 || (p[0] & 0x20) != 0)
    return FALSE;

  tlv->tag = p[0];
  if ((p[0] & 0x1f) == 0x1f)
    {
      if ((p[1] & 0x80) != 0)
        return FALSE;
      tlv->tag = (guint) p[0] << 8 | p[1];
      head = 2;
    }

  if (n < head + 1 || (p[head] > 0x7f && (p[head] != 0x81 || n < head + 2)))
    return FALSE;
  tlv->len = p[head] == 0x81 ? p[head + 1] : p[head];
  head += p[head] == 0x81 ? 2 : 1;
  if (n - head < tlv->len)
    return FALSE;

  tlv->whole = p;
  tlv->whole_len = head + tlv->len;
  tlv->value = p + head;
  *at = p + tlv->whole_len;
  *left = n - tlv->whole_len;
  return TRUE;
}

static const Tlv *
find (const Tlv *tlvs,
      guint      n,
      guint      tag)
{
  for (guint i = 0; i < n; i++)
    if (tlvs[i].tag == tag)
      return &tlvs[i];

  return NULL;
}

/* The number of data objects; -1: not TLV, too many, or one twice. */
static int
split (const TwCardFields *fields,
       Tlv                 tlvs[MAX_TAGS])
{
  const guint8 *at = fields->emv_tags;
  gsize left = fields->emv_tags_len;
  int n = 0;

  if (left > MAX_TAGS_BYTES)
    return -1;

  for (; left > 0; n++)
    {
      Tlv tlv;

      if (n == MAX_TAGS || !next_tlv (&at, &left, &tlv) || find (tlvs, (guint) n, tlv.tag) != NULL)
        return -1;
      tlvs[n] = tlv;
    }

  return n;
}

const guint8 *
tw_cybersource_emv_find (const TwCardFields *fields,
                         guint               tag,
                         gsize              *len)
{
  Tlv tlvs[MAX_TAGS];
  int n = split (fields, tlvs);
  const Tlv *tlv = n < 0 ? NULL : find (tlvs, (guint) n, tag);

  if (tlv == NULL)
    return NULL;

  *len = tlv->len;
  return tlv->value;
}

static gboolean
check_none_sensitive (const Tlv *tlvs,
                      guint      n,
                      GError   **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (sensitive); i++)
    if (find (tlvs, n, sensitive[i]) != NULL)
      {
        g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "card data: tag %X is sensitive and never sent in the EMV "
                     "field; nothing was sent", sensitive[i]);
        return FALSE;
      }

  return TRUE;
}

/* An optional tag that does not fit is left out; anything else that does not fit is refused, never cut off. */
static gboolean
append_tag (GString   *hex,
            const Tlv *tlv,
            Need       need,
            GError   **error)
{
  g_autofree char *text = tw_hex_encode (tlv->whole, tlv->whole_len);

  if (hex->len + strlen (text) <= MAX_TAGS_CHARS)
    {
      for (char *c = text; *c != '\0'; c++)
        *c = g_ascii_toupper (*c);
      g_string_append (hex, text);
      return TRUE;
    }

  if (need == OPTIONAL)
    return TRUE;

  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "card data: the tags that the payment service needs are longer than "
               "its %d characters (at tag %X); this card cannot be taken here", MAX_TAGS_CHARS, tlv->tag);
  return FALSE;
}

char *
tw_cybersource_emv_tags (const TwCardFields *fields,
                         GError            **error)
{
  g_autoptr(GString) hex = g_string_new (NULL);
  gboolean visa = strcmp (fields->brand, "visa") == 0;
  Tlv tlvs[MAX_TAGS];
  int n = split (fields, tlvs);

  if (n < 0)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "card data: the EMV tags are not a list of different data "
                   "objects");
      return NULL;
    }

  if (!check_none_sensitive (tlvs, (guint) n, error))
    return NULL;

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      Need need = visa ? table[i].visa : table[i].mastercard;
      const Tlv *tlv = need == ABSENT ? NULL : find (tlvs, (guint) n, table[i].tag);

      if (tlv == NULL && need == MANDATORY)
        {
          g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "card data: tag %X is missing, which the payment service "
                       "needs", table[i].tag);
          return NULL;
        }
      if (tlv != NULL && !append_tag (hex, tlv, need, error))
        return NULL;
    }

  return g_string_free (g_steal_pointer (&hex), FALSE);
}
