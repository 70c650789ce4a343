/* SPDX-License-Identifier: Apache-2.0 */
#include "hw/virtual/pn532-target.h"

#include <string.h>

gboolean
tw_pn532_target_is (const TwPn532Target *target,
                    const guint8        *uid,
                    gsize                n)
{
  guint8 cascade[12];
  gsize len = 0;

  for (gsize at = 0; at < target->uid_len; at += 3)
    {
      if (target->uid_len - at <= 4)
        {
          memcpy (cascade + len, target->uid + at, target->uid_len - at);
          len += target->uid_len - at;
          break;
        }
      cascade[len++] = 0x88;
      memcpy (cascade + len, target->uid + at, 3);
      len += 3;
    }
  return n == len && memcmp (cascade, uid, n) == 0;
}

void
tw_pn532_target_put (GByteArray          *answer,
                     const TwPn532Target *target)
{
  const guint8 head[] = { 0x01, target->atqa[0], target->atqa[1], target->sak, target->uid_len };

  g_byte_array_append (answer, head, sizeof head);
  g_byte_array_append (answer, target->uid, target->uid_len);
  g_byte_array_append (answer, target->ats, target->ats_len);
}
