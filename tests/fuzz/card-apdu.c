/* SPDX-License-Identifier: Apache-2.0 */
/* needs: virtual_dep */
/* Hostile APDUs to a virtual card: each gets an answer of at most 258 bytes with a status word, and no more than one
 * cryptogram is made for each GET PROCESSING OPTIONS. The input is commands, each after its length in two bytes. */
#include "hw/virtual/card.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static const char PROFILE[] =
  "[card]\ntitle=fuzz\nkind=emv\natqa=0004\nsak=20\nuid=random\nats=0578807002\n"
  "[application a]\naid=A0000000031010\nlabel=A\npriority=1\npan=4111111111111111\nexpiry=4912\n"
  "master-key=544150574154542D42454E43484B4559\npdol=9F66/4 9F02/6 9F37/4 95/5\n"
  "gpo=82 94 57 5F34 9F10 9F26 9F27 9F36\nrecord-1-1=5A 5F24\nrecord-2-1=5A\nrecord-2-1-size=256\n"
  "[application b]\naid=A0000000041010\ngpo=82\ngpo-cut=2\ngpo-sw=6986 9000\n";

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr (TwVirtualCard) card = tw_virtual_card_new (PROFILE, strlen (PROFILE), "fuzz", NULL);
  g_autoptr (GByteArray) answer = g_byte_array_new ();
  TwPn532Target target;

  TW_VIRTUAL_CARD_OPS.activate (card, &target);
  while (size >= 2)
    {
      gsize n = MIN ((gsize) (data[0] & 0x01) << 8 | data[1], size - 2);
      guint16 before = tw_virtual_card_atc (card);
      gboolean gpo = n > 1 && data[2] == 0x80 && data[3] == 0xA8;

      g_byte_array_set_size (answer, 0);
      g_assert (TW_VIRTUAL_CARD_OPS.exchange (card, data + 2, n, answer));
      g_assert (answer->len >= 2 && answer->len <= 258);
      g_assert (answer->data[answer->len - 2] == 0x90 || (answer->data[answer->len - 2] & 0xF0) == 0x60);
      g_assert (tw_virtual_card_atc (card) - before <= (gpo ? 1 : 0));
      data += 2 + n;
      size -= 2 + n;
    }
  return 0;
}
