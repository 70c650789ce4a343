/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/report-offers.h"

#include "payment/offer/offer.h"
#include "payment/page/new-file.h"

static TwCell
cell_of (const TwFigure *figure,
         guint           row,
         const char     *column)
{
  return tw_figure_cell (figure, row, (guint) tw_figure_kind_column (tw_figure_kind (figure), column));
}

static void
put_count (TwJsonOut      *out,
           const TwFigure *figure,
           guint           row,
           const char     *column)
{
  TwCell cell = cell_of (figure, row, column);

  if (cell.known)
    tw_json_out_int64 (out, column, cell.as.integer);
  else
    tw_json_out_string (out, column, NULL);
}

static gboolean
is_of (const TwFigure    *figure,
       guint              row,
       const TwOfferRule *rule)
{
  return row < tw_figure_n_rows (figure) && g_str_equal (cell_of (figure, row, "rule").as.text, rule->id);
}

/* Returns the row after those of the rule. */
static guint
put_met (TwJsonOut         *out,
         const TwFigure    *figure,
         guint              row,
         const TwOfferRule *rule)
{
  if (!cell_of (figure, row, "customers").known)
    {
      tw_json_out_string (out, "would_have_met", NULL);
      return row + 1;
    }
  tw_json_out_begin_array (out, "would_have_met");
  for (; is_of (figure, row, rule); row++)
    {
      tw_json_out_begin_object (out, NULL);
      tw_json_out_string (out, "currency", cell_of (figure, row, "currency").as.text);
      put_count (out, figure, row, "customers");
      put_count (out, figure, row, "charges");
      put_count (out, figure, row, "reduction_minor");
      tw_json_out_end (out);
    }
  tw_json_out_end (out);
  return row;
}

static void
put_made_of (TwJsonOut         *out,
             const TwPagesHead *head)
{
  static const TwColumn DAY = { .kind = TW_COLUMN_DAY };
  g_autofree char *from = tw_pages_raw (&DAY, tw_cell_int (head->from_day));
  g_autofree char *to = tw_pages_raw (&DAY, tw_cell_int (head->to_day));

  tw_json_out_begin_object (out, "made_of");
  tw_json_out_string (out, "from", from);
  tw_json_out_string (out, "to", to);
  tw_json_out_string (out, "time_zone", head->time_zone);
  tw_json_out_int64 (out, "k", head->k);
  tw_json_out_end (out);
}

static GBytes *
text_of (const TwPagesHead *head,
         const TwFigure    *figure,
         guint              discount_bp)
{
  g_autoptr (TwJsonOut) out = tw_json_out_new ();
  g_autofree char *percent = discount_bp != 0 ? tw_offer_percent_text (discount_bp) : NULL;
  guint row = 0;

  tw_json_out_begin_object (out, NULL);
  tw_json_out_int64 (out, "version", 1);
  put_made_of (out, head);
  tw_json_out_begin_array (out, "rules");
  for (const TwOfferRule *rule = TW_OFFER_PROPOSALS; rule->id != NULL; rule++)
    {
      tw_json_out_begin_object (out, NULL);
      tw_json_out_string (out, "id", rule->id);
      tw_offer_put_condition (out, &rule->condition);
      if (percent != NULL)
        tw_json_out_number (out, "discount_percent", percent);
      else
        tw_json_out_string (out, "discount_percent", NULL);
      row = put_met (out, figure, row, rule);
      tw_json_out_end (out);
    }
  return tw_json_out_finish (out);
}

gboolean
tw_report_write_offers (const char         *directory,
                        const TwPagesHead  *head,
                        const GPtrArray    *figures,
                        guint               discount_bp,
                        GError            **error)
{
  const TwFigure *figure = tw_figure_find (figures, "offers");
  g_autoptr (GBytes) text = NULL;
  TwNewFile file = { NULL };
  gsize n;
  const void *bytes;
  gboolean well;

  if (figure == NULL)
    return TRUE;

  text = text_of (head, figure, discount_bp);
  bytes = g_bytes_get_data (text, &n);
  well = tw_new_file_open (&file, directory, "offers.json", error);
  if (well)
    {
      fwrite (bytes, 1, n, file.file);
      fputc ('\n', file.file);
    }
  well = well && tw_new_file_finish (&file, error) && tw_new_file_place (&file, error);
  tw_new_file_clear (&file);
  return well;
}
