/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/reconcile/readers/sales-journal.h"

#include "payment/reconcile/readers/sale-columns.h"
#include "payment/reconcile/readers/when.h"

#include <string.h>

#define FLUSH_BYTES (64 * 1024)

typedef struct
{
  GOutputStream *out;
  GString       *text;
} Writer;

/* RFC 4180. Texts have no blanks around them (sale.h). */
static void
put_text (GString *text,
          TwChars  chars)
{
  gboolean quoted = FALSE;

  for (guint32 i = 0; i < chars.n && !quoted; i++)
    quoted = strchr (",\"\r\n\t;", chars.text[i]) != NULL;
  if (!quoted)
    {
      if (chars.n > 0)
        g_string_append_len (text, chars.text, chars.n);
      return;
    }

  g_string_append_c (text, '"');
  for (guint32 i = 0; i < chars.n; i++)
    {
      if (chars.text[i] == '"')
        g_string_append_c (text, '"');
      g_string_append_c (text, chars.text[i]);
    }
  g_string_append_c (text, '"');
}

static void
put_when (GString *text,
          gint64   us)
{
  char when[TW_WHEN_SIZE];

  if (us != TW_NOT_STATED)
    g_string_append_len (text, when, (gssize) tw_when_write (us, when));
}

static void
put_day (GString *text,
         gint32   day)
{
  char when[TW_WHEN_SIZE];

  if (day != G_MININT32)
    g_string_append_len (text, when, (gssize) tw_when_write_day (day, when));
}

static void
put_cell (GString            *text,
          const TwSale       *sale,
          const TwSaleColumn *column)
{
  const char *member = (const char *) sale + column->offset;

  switch (column->kind)
    {
    case TW_CELL_TEXT:
      put_text (text, *(const TwChars *) member);
      break;
    case TW_CELL_CURRENCY:
      g_string_append (text, member);
      break;
    case TW_CELL_STATE:
      g_string_append (text, TW_SALE_STATES[*(const TwSaleState *) member]);
      break;
    case TW_CELL_FLAG:
      g_string_append (text, *(const gboolean *) member ? "true" : "false");
      break;
    case TW_CELL_COUNT:
      if (*(const guint64 *) member != 0)
        g_string_append_printf (text, "%" G_GUINT64_FORMAT, *(const guint64 *) member);
      break;
    case TW_CELL_NUMBER:
      if (*(const gint64 *) member != TW_NOT_STATED)
        g_string_append_printf (text, "%" G_GINT64_FORMAT, *(const gint64 *) member);
      break;
    case TW_CELL_WHEN:
      put_when (text, *(const gint64 *) member);
      break;
    case TW_CELL_DAY:
      put_day (text, *(const gint32 *) member);
      break;
    }
}

static gboolean
flush (Writer  *self,
       GError **error)
{
  gboolean written = g_output_stream_write_all (self->out, self->text->str, self->text->len, NULL, NULL, error);

  g_string_truncate (self->text, 0);

  return written;
}

void
tw_sale_csv_header (GString *text)
{
  for (guint i = 0; i < TW_N_SALE_COLUMNS; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "," : "", TW_SALE_COLUMNS[i].name);
  g_string_append_c (text, '\n');
}

void
tw_sale_csv_line (GString      *text,
                  const TwSale *sale)
{
  for (guint i = 0; i < TW_N_SALE_COLUMNS; i++)
    {
      if (i > 0)
        g_string_append_c (text, ',');
      put_cell (text, sale, &TW_SALE_COLUMNS[i]);
    }
  g_string_append_c (text, '\n');
}

static gboolean
on_sale (gpointer       self,
         const TwSale  *sale,
         GError       **error)
{
  Writer *writer = self;

  tw_sale_csv_line (writer->text, sale);

  return writer->text->len < FLUSH_BYTES || flush (writer, error);
}

gboolean
tw_sales_write_csv (TwJournal      *journal,
                    GOutputStream  *out,
                    GError        **error)
{
  static const TwIntakeClass CLASS = { .sale = on_sale };
  g_autoptr (GString) text = g_string_sized_new (FLUSH_BYTES + 4096);
  g_autoptr (GPtrArray) notices = g_ptr_array_new_with_free_func (g_free);
  TwImport import = { .first_us = TW_NOT_STATED, .last_us = TW_NOT_STATED, .notices = notices };
  Writer writer = { out, text };
  const TwIntake intake = { &CLASS, &writer };
  gboolean written;

  tw_sale_csv_header (text);
  written = tw_sales_of_journal (journal, 0, &intake, &import, error) && flush (&writer, error);
  g_free (import.format);

  return written;
}
