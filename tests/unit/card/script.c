/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/card/script.h"

#include <string.h>

#include "app/base/bytes.h"
#include "app/base/error.h"

const TwTerminal script_terminal = {
  .type = 24, .country = 276, .currency = 978, .currency_digits = 2, .id = "TW000001", .name = "Tapwatt",
  .category = 5552, .contactless_limit_minor = 15000, .cvm_limit_minor = 5000,
};

const TwTransaction script_transaction = {
  .amount_minor = 2500, .date = { 0x26, 0x11, 0x22 }, .time = { 0x10, 0x15, 0x30 },
  .unpredictable = { 0xa1, 0xb2, 0xc3, 0xd4 }, .sequence = 7,
};

gboolean
script_exchange (gpointer      data,
                 const guint8 *command,
                 gsize         command_len,
                 guint8        answer[264],
                 gsize        *answer_len,
                 GError      **error)
{
  Script *self = data;
  const Step *step = &self->steps[self->at];
  g_autofree char *hex = tw_hex_encode (command, command_len);
  g_autoptr(GBytes) bytes = NULL;

  if (step->answer == NULL)
    g_error ("one command too many: %s", hex);
  self->at++;
  if (step->expect != NULL && !g_str_has_prefix (hex, step->expect))
    g_error ("step %u: sent %s, expected %s", self->at, hex, step->expect);

  if (step->answer[0] == '!')
    {
      g_set_error (error, TW_ERROR, TW_ERROR_RETRY, "torn");
      return FALSE;
    }
  bytes = tw_hex_decode (step->answer, NULL);
  g_assert_nonnull (bytes);
  g_assert_cmpuint (g_bytes_get_size (bytes), <=, 264);
  *answer_len = g_bytes_get_size (bytes);
  if (*answer_len > 0)
    memcpy (answer, g_bytes_get_data (bytes, NULL), *answer_len);
  return TRUE;
}

TwCardEnd
script_run (TwCardRead          *read,
            const Step          *steps,
            const TwTerminal    *terminal,
            const TwTransaction *transaction)
{
  Script script = { steps, 0 };
  g_autoptr(GError) error = NULL;
  TwCardEnd end;

  g_assert_true (tw_card_read_run (read, terminal, transaction, script_exchange, &script, &end, &error));
  g_assert_no_error (error);
  g_assert_null (steps[script.at].answer);
  return end;
}
