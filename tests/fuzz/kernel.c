/* SPDX-License-Identifier: Apache-2.0 */
/* needs: card_dep */
/* A hostile card: each answer is the next piece of the input, its length in front. The run ends in one of the ends
 * or in the exchange's error, within a bounded number of commands, and what it gives out is fit to be given out.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "app/base/error.h"
#include "payment/card/card.h"

#define COMMANDS_MOST (1 + 16 * 2 + 32)

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

typedef struct { const uint8_t *at; size_t left; guint commands; } Card;

static gboolean
exchange (gpointer      data,
          const guint8 *command,
          gsize         command_len,
          guint8        answer[264],
          gsize        *answer_len,
          GError      **error)
{
  Card *self = data;

  g_assert_cmpuint (command_len, <=, 261);
  g_assert_cmpuint (++self->commands, <=, COMMANDS_MOST);
  if (self->left < 2)
    {
      g_set_error_literal (error, TW_ERROR, TW_ERROR_RETRY, "the card left");
      return FALSE;
    }

  *answer_len = MIN (MIN ((gsize) self->at[0] + (self->at[1] & 7), 264), self->left - 2);
  memcpy (answer, self->at + 2, *answer_len);
  self->at += 2 + *answer_len;
  self->left -= 2 + *answer_len;
  return TRUE;
}

static void
check_online (TwCardRead *read)
{
  gsize len;
  const guint8 *tags = tw_card_read_emv_tags (read, &len);
  const char *masked = tw_card_read_masked (read);
  const char *label = tw_card_read_label (read);

  g_assert_cmpuint (len, <=, TW_EMV_TAGS_MOST);
  g_assert_true (tags == NULL || tags[0] == 0x9a);
  g_assert_cmpuint (strspn (masked, "*"), >=, 8);
  g_assert_cmpuint (strlen (masked) - strspn (masked, "*"), ==, 4);
  g_assert_true (label == NULL || (strlen (label) >= 1 && strlen (label) <= 16));
  g_assert_cmpint (tw_card_read_sequence (read), <=, 99);
  g_assert_cmpint (tw_card_read_amount (read), ==, 2500);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  static const TwTerminal terminal = { .type = 24, .country = 276, .currency = 978, .currency_digits = 2,
                                       .id = "TW000001", .name = "Tapwatt", .category = 5552,
                                       .contactless_limit_minor = 15000, .cvm_limit_minor = 5000 };
  TwTransaction transaction = { .amount_minor = 2500 };
  Card card = { data, size, 0 };
  TwCardRead *read;
  g_autoptr(GError) error = NULL;
  TwCardEnd end;

  if (size == 0)
    return 0;

  transaction.identify_only = (data[0] & 1) != 0;
  card.at++;
  card.left--;
  read = tw_card_read_new ();
  if (tw_card_read_run (read, &terminal, &transaction, exchange, &card, &end, &error) && end == TW_CARD_ONLINE)
    check_online (read);
  tw_card_read_free (read);
  return 0;
}
