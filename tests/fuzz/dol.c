/* SPDX-License-Identifier: Apache-2.0 */
/* needs: card_dep */
/* A list is filled with as many bytes as it asks for, or refused; never more than fits one command. */
#include <stddef.h>
#include <stdint.h>

#include "payment/card/apdu.h"
#include "payment/card/terminal.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  static const TwTerminal terminal = { .type = 24, .country = 276, .currency = 978, .currency_digits = 2,
                                       .id = "TW000001", .name = "Tapwatt", .category = 5552,
                                       .contactless_limit_minor = 15000, .cvm_limit_minor = 5000 };
  static const TwTransaction transaction = { .amount_minor = 2500 };
  guint8 out[TW_DOL_DATA_MOST];
  TwTerminalData filled;
  gsize len = 0;
  TwApdu apdu;

  tw_terminal_data_init (&filled, &terminal, &transaction);
  if (tw_dol_fill (&filled, data, size, out, &len))
    {
      g_assert_cmpuint (len, <=, TW_DOL_DATA_MOST);
      tw_apdu_get_processing_options (&apdu, out, len);
      g_assert_cmpuint (apdu.len, ==, len + (len < 128 ? 8 : 9));
    }
  (void) tw_dol_has (data, size, 0x9f66);
  return 0;
}
