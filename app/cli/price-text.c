/* SPDX-License-Identifier: Apache-2.0 */
/* A bill on a terminal: what, how much, times which price, and why. */
#include "app/cli/price-print.h"

#include "app/cli/sheet.h"

static char *
duration_text (gint64 ms)
{
  g_autofree char *seconds = tw_scaled_text (ms % 60000, 3);
  gint64 minutes = ms / 60000;

  return g_strdup_printf ("%" G_GINT64_FORMAT ":%02d h%s%s%s", minutes / 60, (int) (minutes % 60),
                          ms % 60000 ? " " : "", ms % 60000 ? seconds : "", ms % 60000 ? " s" : "");
}

/* In mWh or ms. */
static char *
measure_text (const TwLine *line,
              gint64        quantity)
{
  g_autofree char *kwh = tw_scaled_text (quantity, 6);

  return line->kind == TW_LINE_ENERGY ? g_strconcat (kwh, " kWh", NULL) : duration_text (quantity);
}

static char *
quantity_text (const TwLine *line)
{
  return line->kind == TW_LINE_FLAT ? g_strdup ("1") : measure_text (line, line->exact_quantity);
}

static char *
price_text (const TwLine *line)
{
  const char *unit = line->kind == TW_LINE_ENERGY ? "/kWh" : line->kind == TW_LINE_FLAT ? "" : "/h";

  return g_strconcat ("x ", line->unit_price, unit, NULL);
}

static char *
tax_text (const TwLine *line)
{
  if (line->tax_unknown)
    return g_strdup ("tax ?");
  if (line->tax_percent == NULL)
    return g_strdup ("no tax");

  return g_strdup_printf ("%s %s %%", line->net_price ? "+" : "incl.", line->tax_percent);
}

static char *
amount_text (const TwPriced *self,
             gboolean        known,
             gint64          minor)
{
  return known ? tw_money_to_decimal (tw_money (minor, tw_tariff_currency (self->tariff))) : g_strdup ("?");
}

static void
note_line (const TwPriced *self,
           const TwLine   *line,
           TwSheet        *table)
{
  g_autofree char *from = tw_priced_time (self->tariff, line->start_ms, "%Y-%m-%d %H:%M:%S");
  g_autofree char *to = tw_priced_time (self->tariff, line->end_ms, "%Y-%m-%d %H:%M:%S");
  g_autoptr (GString) flags = g_string_new (NULL);

  for (guint i = 0; i < TW_N_LINE_FLAGS; i++)
    if (line->flags >> i & 1)
      g_string_append_printf (flags, "; %s", tw_line_flag_name (i));
  tw_sheet_note (table, "    %s to %s%s; elements[%u]: %s%s", from, to, line->n_periods > 1 ? ", with breaks" : "",
                 line->element, line->reason ? line->reason : "always", flags->str);
}

/* What is begun is paid: "5.001 kWh counted, 4.999 kWh more as each 5 kWh that is started is billed". */
static void
note_step (const TwLine *line,
           TwSheet      *table)
{
  g_autofree char *counted = measure_text (line, line->exact_quantity - line->step_added);
  g_autofree char *added = measure_text (line, line->step_added);
  g_autofree char *step = measure_text (line, line->step_size * 1000);

  if (line->step_added > 0)
    tw_sheet_note (table, "    %s counted, %s more as each %s that is started is billed", counted, added, step);
}

static void
add_line (const TwPriced *self,
          const TwLine   *line,
          TwSheet        *table)
{
  g_autofree char *net = amount_text (self, !line->tax_unknown || line->net_price, line->net_minor);
  g_autofree char *gross = amount_text (self, !line->tax_unknown || !line->net_price, line->gross_minor);
  g_autofree char *name = g_strconcat (line->reservation ? "reservation " : "", tw_line_kind_name (line->kind), NULL);
  g_autofree char *quantity = NULL, *price = NULL, *tax = NULL;

  if (line->kind == TW_LINE_ADJUSTMENT)
    {
      const char *limit = g_str_equal (tw_adjustment_reason (line), "min_price") ? "minimum price" : "maximum price";
      const char *const cells[] = { limit, "", "", "", net, gross, NULL };

      tw_sheet_add (table, cells);
      return;
    }
  quantity = quantity_text (line);
  price = price_text (line);
  tax = tax_text (line);
  tw_sheet_add (table, (const char *const []) { name, quantity, price, tax, net, gross, NULL });
}

/* What the total would be without the limit, and which it is. */
static void
note_limit (const TwPriced *self,
            const TwLine   *line,
            TwSheet        *table)
{
  const TwBill *bill = self->bill;
  gboolean is_minimum = g_str_equal (tw_adjustment_reason (line), "min_price");
  g_autofree char *net = amount_text (self, tw_bill_net_known (bill), tw_bill_net (bill).minor - line->net_minor);
  g_autofree char *gross = amount_text (self, tw_bill_gross_known (bill),
                                        tw_bill_gross (bill).minor - line->gross_minor);

  tw_sheet_note (table, "    $.%s: the lines above come to %s without tax and %s with it, which is %s",
                 tw_adjustment_reason (line), net, gross, is_minimum ? "less" : "more");
}

static void
explain_line (const TwPriced *self,
              const TwLine   *line,
              TwSheet        *table)
{
  if (line->kind == TW_LINE_ADJUSTMENT)
    {
      note_limit (self, line, table);
      return;
    }
  note_line (self, line, table);
  note_step (line, table);
}

static void
describe_notes (const TwPriced *self,
                GString        *text)
{
  if (self->is_without_energy)
    g_string_append (text, "No energy was delivered: no fee, no minimum, no time is due, and nothing but a "
                     "reservation.\n");
  if (self->is_timeless)
    g_string_append (text, "Without --minutes the charge takes no time: none is billed, and what depends on the time "
                     "or the power does not apply.\n");
}

static void
describe_pieces (const TwPriced *self,
                 GString        *text)
{
  g_string_append (text, "\nPiece by piece:\n");
  for (guint i = 0; i < self->pieces->len; i++)
    {
      const TwPiece *piece = &g_array_index (self->pieces, TwPiece, i);
      g_autofree char *from = tw_priced_time (self->tariff, piece->start_ms, "%Y-%m-%d %H:%M:%S");
      g_autofree char *duration = duration_text (piece->duration_ms);
      g_autofree char *kwh = tw_scaled_text (piece->energy_mwh, 6);

      g_string_append_printf (text, "  %s  %s  %s kWh ", from, duration, kwh);
      for (guint kind = 0; kind < 4; kind++)
        if (piece->elements[kind] >= 0)
          g_string_append_printf (text, " %s: elements[%d]", tw_line_kind_name (kind), piece->elements[kind]);
      g_string_append_c (text, '\n');
    }
}

void
tw_priced_describe (const TwPriced *self,
                    gboolean        explain,
                    GString        *text)
{
  const char *const titles[] = { "what", ">how much", "price", "tax", ">excl. tax", ">incl. tax", NULL };
  g_autoptr (TwSheet) table = tw_sheet_new (titles);
  const TwBill *bill = self->bill;
  g_autofree char *net = amount_text (self, tw_bill_net_known (bill), tw_bill_net (bill).minor);
  g_autofree char *gross = amount_text (self, tw_bill_gross_known (bill), tw_bill_gross (bill).minor);

  for (guint i = 0; i < tw_bill_n_lines (bill); i++)
    {
      add_line (self, tw_bill_line (bill, i), table);
      if (explain)
        explain_line (self, tw_bill_line (bill, i), table);
    }
  tw_sheet_add (table, (const char *const []) { "total", tw_tariff_currency (self->tariff), "", "", net, gross, NULL });
  tw_sheet_append_to (table, text);
  describe_notes (self, text);
  if (explain)
    {
      g_string_append_printf (text, "\nBefore rounding: %s without tax, %s with tax.\nTime zone: %s. Tariff %s, %s.\n",
                              tw_bill_net_known (bill) ? tw_bill_exact_net (bill) : "?",
                              tw_bill_gross_known (bill) ? tw_bill_exact_gross (bill) : "?", self->time_zone,
                              tw_tariff_id (self->tariff), tw_tariff_hash (self->tariff));
      describe_pieces (self, text);
    }
}
