/* SPDX-License-Identifier: Apache-2.0 */
/* needs: card_dep */
/* Objects or an error; what was read and is written again reads the same; nothing lies outside of the input. */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "payment/card/card-data.h"
#include "payment/card/tlv.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void
check_same (const TwTlv *a,
            const TwTlv *b)
{
  g_assert_cmphex (a->tag, ==, b->tag);
  g_assert_cmpmem (a->value, a->len, b->value, b->len);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree guint8 *again = g_malloc (2 * size + 16);
  g_autofree TwCardData *store = g_new0 (TwCardData, 1);
  TwTlvWriter writer = { again, 2 * size + 16, 0 };
  TwTlvReader reader, second;
  TwTlv tlv, other;

  tw_tlv_reader_init (&reader, data, size);
  while (tw_tlv_next (&reader, &tlv) == TW_TLV_ONE)
    {
      g_assert_true (tlv.value >= data && tlv.len <= size && tlv.value + tlv.len <= data + size);
      if (tlv.len <= 0xffff)
        g_assert_true (tw_tlv_write (&writer, tlv.tag, tlv.value, tlv.len));
    }

  tw_tlv_reader_init (&reader, data, size);
  tw_tlv_reader_init (&second, again, writer.used);
  while (tw_tlv_next (&reader, &tlv) == TW_TLV_ONE)
    {
      g_assert_cmpint (tw_tlv_next (&second, &other), ==, TW_TLV_ONE);
      check_same (&tlv, &other);
    }

  tlv = (TwTlv) { 0x77, data, size };
  (void) tw_card_data_add_all (store, &tlv);
  return 0;
}
