/* SPDX-License-Identifier: Apache-2.0 */
/* needs: gateway_dep */
/* Card data becomes a JSON message with exactly this track in it and at most 252 characters of tags, or nothing. The
 * first byte chooses brand and entry, what follows up to a zero byte is the track, the rest is TLV. If the first byte
 * says so, tags of an authorization of 45.00 EUR come before it, so that the whole path is walked.
 */
#include "payment/gateway/gateway.h"

#include "app/base/bytes.h"
#include "app/base/json.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static const char body_text[] =
  "{\"processingInformation\":{\"capture\":false},\"orderInformation\":{\"amountDetails\":{\"totalAmount\":\"45.00\","
  "\"currency\":\"EUR\"}},\"pointOfSaleInformation\":{}}";
static const char complete[] =
  "9F260811223344556677889F36020001"
  "9F37040A0B0C0D82022000950500000000009A032611229C01009F02060000000045009F03060000000000005F2A0209789F1A020276"
  "9F3303E0F8C88407A0000000031010";

static void
check_message (GBytes     *message,
               const char *track2)
{
  g_autoptr(TwJson) root = tw_json_parse (g_bytes_get_data (message, NULL), g_bytes_get_size (message), &TW_JSON_LARGE,
                                          NULL);
  const TwJson *terminal = tw_json_member (root, "pointOfSaleInformation");
  const char *track = tw_json_string (tw_json_member (terminal, "trackData"));
  const char *tags = tw_json_string (tw_json_member (tw_json_member (terminal, "emv"), "tags"));

  g_assert_true (track != NULL && strlen (track) == strlen (track2) + 2);
  g_assert_true (track[0] == ';' && strncmp (track + 1, track2, strlen (track2)) == 0);
  g_assert_true (tags == NULL || strlen (tags) <= 252);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  static const char *const brands[] = { "visa", "mastercard", "amex", "" };
  g_autoptr(GBytes) body = g_bytes_new_static (body_text, strlen (body_text));
  g_autoptr(GBytes) start = tw_hex_decode (complete, NULL);
  g_autoptr(GByteArray) tags = g_byte_array_new ();
  g_autoptr(GBytes) message = NULL;
  g_autofree char *track2 = NULL;
  TwCardFields fields;
  gsize at;

  if (size < 2)
    return 0;

  at = 1 + strnlen ((const char *) data + 1, size - 1);
  track2 = g_strndup ((const char *) data + 1, at - 1);
  at = MIN (at + 1, size);
  if (data[0] & 0x80)
    g_byte_array_append (tags, g_bytes_get_data (start, NULL), (guint) g_bytes_get_size (start));
  g_byte_array_append (tags, data + at, (guint) (size - at));
  fields = (TwCardFields) {
    .entry_mode = data[0] / 4 % 3, .cvm = data[0] / 12 % 3, .brand = brands[data[0] % 4], .track2 = track2,
    .emv_tags = tags->data, .emv_tags_len = tags->len, .card_sequence = data[0] % 2 - 1,
  };
  message = tw_gateway_add_card_fields (tw_gateway_find ("cybersource"), body, &fields, tw_money (4500, "EUR"), NULL);
  if (message != NULL)
    check_message (message, track2);

  return 0;
}
