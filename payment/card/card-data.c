/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/card/card-data.h"

#include <string.h>

static int
find (const TwCardData *self,
      guint32           tag)
{
  for (guint i = 0; i < self->n; i++)
    if (self->objects[i].tag == tag)
      return i;
  return -1;
}

gboolean
tw_card_data_add (TwCardData  *self,
                  const TwTlv *tlv)
{
  if (tw_tlv_is_constructed (tlv->tag))
    return TRUE;

  if (find (self, tlv->tag) >= 0 || self->n == TW_CARD_OBJECTS_MOST || tlv->len > sizeof self->bytes - self->used)
    return FALSE;

  self->objects[self->n].tag = tlv->tag;
  self->objects[self->n].at = self->used;
  self->objects[self->n].len = tlv->len;
  self->n++;
  if (tlv->len > 0)
    memcpy (self->bytes + self->used, tlv->value, tlv->len);
  self->used += tlv->len;
  return TRUE;
}

gboolean
tw_card_data_add_all (TwCardData  *self,
                      const TwTlv *template)
{
  TwTlvReader reader;
  TwTlvResult result;
  TwTlv tlv;

  tw_tlv_reader_init (&reader, template->value, template->len);
  while ((result = tw_tlv_next (&reader, &tlv)) == TW_TLV_ONE)
    if (!tw_card_data_add (self, &tlv))
      return FALSE;
  return result == TW_TLV_NONE;
}

gboolean
tw_card_data_has (const TwCardData *self,
                  guint32           tag)
{
  return find (self, tag) >= 0;
}

const guint8 *
tw_card_data_get (const TwCardData *self,
                  guint32           tag,
                  gsize             least,
                  gsize             most,
                  gsize            *len)
{
  int i = find (self, tag);

  if (i < 0 || self->objects[i].len < least || self->objects[i].len > most)
    return NULL;

  if (len != NULL)
    *len = self->objects[i].len;
  return self->bytes + self->objects[i].at;
}
