/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/receipt/writer.h"

#include "app/base/words.h"
#include "payment/receipt/figures.h"

const char *
tw_writer_word (const TwWriter *self,
                TwWord          which)
{
  return tw_receipt_word (which, self->language);
}

/* Takes figures with a point. */
char *
tw_writer_localize (const TwWriter *self,
                    char           *figures)
{
  return g_strdelimit (figures, ".", tw_word_in (self->language, "decimal sign", ".")[0]);
}

char *
tw_writer_amount (const TwWriter *self,
                  gint64          minor)
{
  return tw_writer_localize (self, tw_money_to_decimal (tw_money (minor, self->receipt->currency)));
}

char *
tw_writer_time (const TwWriter *self,
                gint64          wall_us)
{
  /* xgettext:no-c-format */
  /* Translators: as of date(1). */
  const char *format = tw_word_in (self->language, "date and time on a receipt", "%Y-%m-%d %H:%M:%S %Z");

  return tw_receipt_local_time (wall_us, self->receipt->time_zone, format);
}

void
tw_writer_pair (TwWriter   *self,
                TwWord      label,
                const char *value)
{
  if (value && value[0] != '\0')
    tw_page_pair (&self->page, tw_writer_word (self, label), value);
}

void
tw_writer_pair_amount (TwWriter *self,
                       TwWord    label,
                       gint64    minor)
{
  g_autofree char *figures = tw_writer_amount (self, minor);
  g_autofree char *value = g_strconcat (figures, " ", self->receipt->currency, NULL);

  tw_writer_pair (self, label, value);
}

void
tw_writer_pair_time (TwWriter *self,
                     TwWord    label,
                     gint64    wall_us)
{
  g_autofree char *value = tw_writer_time (self, wall_us);

  if (wall_us > 0)
    tw_writer_pair (self, label, value);
}

void
tw_writer_paragraph (TwWriter *self,
                     TwWord    sentence)
{
  tw_page_paragraph (&self->page, 0, tw_writer_word (self, sentence));
}
