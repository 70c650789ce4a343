/* SPDX-License-Identifier: Apache-2.0 */
/* needs: virtual_dep */
/* A card's profile as text: a card that can be spoken to, or an error that says why not. And the texts of faults. */
#include "hw/virtual/card.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void
speak_to (TwVirtualCard *card)
{
  static const guint8 PPSE[] = "\x00\xA4\x04\x00\x0E" "2PAY.SYS.DDF01";
  static const guint8 AID[] = "\x00\xA4\x04\x00\x05\xA0\x00\x00\x00\x03";
  static const guint8 GPO[] = "\x80\xA8\x00\x00\x02\x83\x00";
  g_autoptr (GByteArray) answer = g_byte_array_new ();
  TwPn532Target target;

  TW_VIRTUAL_CARD_OPS.activate (card, &target);
  g_assert (target.uid_len <= sizeof target.uid && target.ats_len <= sizeof target.ats);
  TW_VIRTUAL_CARD_OPS.exchange (card, PPSE, sizeof PPSE, answer);
  g_byte_array_set_size (answer, 0);
  TW_VIRTUAL_CARD_OPS.exchange (card, AID, sizeof AID, answer);
  g_byte_array_set_size (answer, 0);
  TW_VIRTUAL_CARD_OPS.exchange (card, GPO, sizeof GPO, answer);
  g_assert (answer->len <= 300);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TwVirtualCard) card = tw_virtual_card_new ((const char *) data, size, "fuzz", &error);
  g_autofree char *text = g_strndup ((const char *) data, size);
  TwPn532Fault fault;

  g_assert ((card == NULL) == (error != NULL));
  if (card)
    speak_to (card);

  if (tw_pn532_fault_parse (text, &fault, NULL))
    for (guint i = 0; i < 8; i++)
      tw_pn532_fault_strikes (&fault, 0x40);
  return 0;
}
