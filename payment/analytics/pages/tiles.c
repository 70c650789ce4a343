/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/analytics/pages/parts.h"

#include "payment/page/page.h"

static void
put_changes (GString        *text,
             const TwFigure *figure,
             guint           row,
             guint           i)
{
  g_auto (GStrv) changes = tw_pages_changes (figure, row, i);

  for (guint n = 0; changes[n] != NULL; n++)
    tw_page_put (text, "<small>%s</small>", changes[n]);
}

static void
put_row (GString        *text,
         const TwFigure *figure,
         guint           row,
         gboolean        money_only,
         const char     *time_zone)
{
  const TwFigureKind *kind = tw_figure_kind (figure);

  tw_page_put (text, "<div class=\"tiles\">");
  for (guint i = 0; i < kind->n_columns; i++)
    {
      TwCell cell = tw_figure_cell (figure, row, i);
      g_autofree char *heading = tw_pages_heading (&kind->columns[i]);
      g_autofree char *told = tw_pages_told (&kind->columns[i], cell, tw_pages_currency (figure, row), time_zone);

      if (!cell.known || !tw_pages_is_number (kind->columns[i].kind)
          || (money_only && !tw_pages_is_money (kind->columns[i].kind)))
        continue;
      tw_page_put (text, "<div class=\"tile\" title=\"%s\"><span>%s</span><b>%s</b>",
                   kind->columns[i].formula != NULL ? kind->columns[i].formula : "", heading, told);
      put_changes (text, figure, row, i);
      tw_page_put (text, "</div>");
    }
  tw_page_put (text, "</div>\n");
}

void
tw_part_put_tiles (GString        *text,
                   const TwFigure *figure,
                   const char     *time_zone)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint row = 0; row < tw_figure_n_rows (figure); row++)
    if (g_hash_table_add (seen, (gpointer) tw_pages_currency (figure, row)))
      put_row (text, figure, row, row > 0, time_zone);
}
