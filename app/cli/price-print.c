/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/price-print.h"

#include "payment/money/decimal.h"

#include <string.h>

#define ISO8601 "%Y-%m-%dT%H:%M:%S%:z"

const char *
tw_line_kind_name (TwLineKind kind)
{
  static const char *const names[] = {
    [TW_LINE_FLAT] = "FLAT", [TW_LINE_ENERGY] = "ENERGY", [TW_LINE_TIME] = "TIME",
    [TW_LINE_PARKING_TIME] = "PARKING_TIME", [TW_LINE_ADJUSTMENT] = "ADJUSTMENT",
    [TW_LINE_REDUCTION] = "REDUCTION",
  };

  return names[kind];
}

char *
tw_scaled_text (gint64 value,
                guint  decimals)
{
  char *text = tw_decimal_to_text ((TwDecimal) { value, decimals });
  gsize len = strlen (text);

  while (decimals > 0 && text[len - 1] == '0')
    text[--len] = '\0';
  if (text[len - 1] == '.')
    text[len - 1] = '\0';

  return text;
}

/* Hours with four decimals, half up: for reading, never for pricing (decision 18). */
static char *
hours_text (gint64 ms)
{
  return tw_scaled_text ((gint64) (((__int128) ms * 10000 + 1800000) / 3600000), 4);
}

char *
tw_priced_time (const TwTariff *tariff,
                gint64          ms,
                const char     *format)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (ms / 1000);
  g_autoptr (GDateTime) local = utc ? g_date_time_to_timezone (utc, tw_tariff_zone (tariff)) : NULL;

  return local ? g_date_time_format (local, format) : g_strdup ("?");
}

/* --- for programs --- */

static void
write_amount (const TwPriced *self,
              TwJsonOut      *out,
              const char     *key,
              gboolean        known,
              gint64          minor)
{
  g_autofree char *text = tw_money_to_decimal (tw_money (minor, tw_tariff_currency (self->tariff)));

  tw_json_out_string (out, key, known ? text : NULL);
}

static void
write_price (const TwPriced *self,
             TwJsonOut      *out,
             const char     *key,
             gboolean        net_known,
             gboolean        gross_known,
             gint64          net,
             gint64          gross)
{
  tw_json_out_begin_object (out, key);
  write_amount (self, out, "excl_vat", net_known, net);
  write_amount (self, out, "incl_vat", gross_known, gross);
  tw_json_out_end (out);
}

static gboolean
is_net_known (const TwLine *line)
{
  return !line->tax_unknown || line->net_price;
}

static gboolean
is_gross_known (const TwLine *line)
{
  return !line->tax_unknown || !line->net_price;
}

/* One of OCPI's sums: the lines of a kind; or, for the reservation, all that are its own. */
static void
write_sum (const TwPriced *self,
           TwJsonOut      *out,
           const char     *key,
           TwLineKind      kind,
           gboolean        reservation)
{
  gboolean net_known = TRUE, gross_known = TRUE;
  gint64 net = 0, gross = 0;

  for (guint i = 0; i < tw_bill_n_lines (self->bill); i++)
    {
      const TwLine *line = tw_bill_line (self->bill, i);

      if (line->reservation != reservation || (!reservation && line->kind != kind))
        continue;
      net_known &= is_net_known (line);
      gross_known &= is_gross_known (line);
      net += line->net_minor;
      gross += line->gross_minor;
    }
  write_price (self, out, key, net_known, gross_known, net, gross);
}

const char *
tw_adjustment_reason (const TwLine *line)
{
  return (line->gross_minor != 0 ? line->gross_minor : line->net_minor) > 0 ? "min_price" : "max_price";
}

static void
write_flags (TwJsonOut *out,
             guint      flags)
{
  tw_json_out_begin_array (out, "flags");
  for (guint i = 0; i < TW_N_LINE_FLAGS; i++)
    if (flags >> i & 1)
      tw_json_out_string (out, NULL, tw_line_flag_name (i));
  tw_json_out_end (out);
}

static void
write_time (const TwPriced *self,
            TwJsonOut      *out,
            const char     *key,
            gint64          ms)
{
  g_autofree char *text = tw_priced_time (self->tariff, ms, ISO8601);

  tw_json_out_string (out, key, text);
}

/* Quantities as decimals in the unit that the price is for, so that quantity x unit_price is the exact amount; time in
 * seconds, because a third of an hour has no end. */
static void
write_quantity (TwJsonOut    *out,
                const TwLine *line)
{
  static const struct { const char *unit, *per; guint decimals; } units[] = {
    [TW_LINE_FLAT] = { "session", "session", 0 }, [TW_LINE_ENERGY] = { "kWh", "kWh", 6 },
    [TW_LINE_TIME] = { "s", "h", 3 }, [TW_LINE_PARKING_TIME] = { "s", "h", 3 },
  };
  g_autofree char *quantity = tw_scaled_text (line->exact_quantity, units[line->kind].decimals);
  g_autofree char *added = tw_scaled_text (line->step_added, units[line->kind].decimals);

  tw_json_out_string (out, "quantity", quantity);
  tw_json_out_string (out, "unit", units[line->kind].unit);
  tw_json_out_string (out, "unit_price", line->unit_price);
  tw_json_out_string (out, "unit_price_incl_vat", line->gross_price);
  tw_json_out_string (out, "per", units[line->kind].per);
  tw_json_out_bool (out, "price_includes_vat", !line->net_price);
  tw_json_out_string (out, "vat", line->tax_percent);
  tw_json_out_int64 (out, "step_size", line->step_size);
  tw_json_out_string (out, "added_by_step", added);
}

static void
write_line (const TwPriced *self,
            TwJsonOut      *out,
            guint           i)
{
  const TwLine *line = tw_bill_line (self->bill, i);
  g_autofree char *net = tw_bill_line_exact (self->bill, i, FALSE), *gross = tw_bill_line_exact (self->bill, i, TRUE);
  g_autofree char *path = g_strdup_printf ("$.elements[%u].price_components[%u]", line->element, line->component);
  gboolean adjustment = line->kind == TW_LINE_ADJUSTMENT;

  tw_json_out_begin_object (out, NULL);
  tw_json_out_string (out, "type", tw_line_kind_name (line->kind));
  tw_json_out_bool (out, "reservation", line->reservation);
  if (!adjustment)
    write_quantity (out, line);
  write_amount (self, out, "excl_vat", is_net_known (line) && (!adjustment || tw_bill_net_known (self->bill)),
                line->net_minor);
  write_amount (self, out, "incl_vat", is_gross_known (line) && (!adjustment || tw_bill_gross_known (self->bill)),
                line->gross_minor);
  if (!adjustment)
    {
      tw_json_out_string (out, "exact_excl_vat", net);
      tw_json_out_string (out, "exact_incl_vat", gross);
      write_time (self, out, "start_date_time", line->start_ms);
      write_time (self, out, "end_date_time", line->end_ms);
      tw_json_out_int64 (out, "periods", line->n_periods);
      tw_json_out_int64 (out, "element", line->element);
      tw_json_out_string (out, "path", path);
    }
  tw_json_out_string (out, "reason", adjustment ? tw_adjustment_reason (line) : line->reason);
  write_flags (out, line->flags);
  tw_json_out_end (out);
}

static const char *
phase_name (TwPhase phase)
{
  static const char *const names[TW_N_PHASES] = {
    [TW_PHASE_CHARGING] = "CHARGING", [TW_PHASE_PARKING] = "PARKING", [TW_PHASE_BLOCKED] = "BLOCKED",
    [TW_PHASE_GRACE] = "GRACE", [TW_PHASE_RESERVATION] = "RESERVATION",
    [TW_PHASE_RESERVATION_EXPIRED] = "RESERVATION_EXPIRED",
  };

  return names[phase];
}

/* What is worth knowing about the whole, as codes. */
static void
write_notes (const TwPriced *self,
             TwJsonOut      *out)
{
  tw_json_out_begin_array (out, "notes");
  if (self->is_without_energy)
    tw_json_out_string (out, NULL, "no_energy");
  if (self->is_timeless)
    tw_json_out_string (out, NULL, "no_time");
  tw_json_out_end (out);
}

static void
write_pieces (const TwPriced *self,
              TwJsonOut      *out)
{
  tw_json_out_begin_array (out, "pieces");
  for (guint i = 0; i < self->pieces->len; i++)
    {
      const TwPiece *piece = &g_array_index (self->pieces, TwPiece, i);
      g_autofree char *kwh = tw_scaled_text (piece->energy_mwh, 6);
      g_autofree char *seconds = tw_scaled_text (piece->duration_ms, 3);

      tw_json_out_begin_object (out, NULL);
      tw_json_out_string (out, "phase", phase_name (piece->phase));
      write_time (self, out, "start_date_time", piece->start_ms);
      tw_json_out_number (out, "seconds", seconds);
      tw_json_out_number (out, "kwh", kwh);
      tw_json_out_begin_object (out, "elements");
      for (guint kind = 0; kind < 4; kind++)
        if (piece->elements[kind] >= 0)
          tw_json_out_int64 (out, tw_line_kind_name (kind), piece->elements[kind]);
      tw_json_out_end (out);
      write_flags (out, piece->flags);
      tw_json_out_end (out);
    }
  tw_json_out_end (out);
}

void
tw_priced_write (const TwPriced *self,
                 TwJsonOut      *out)
{
  const TwBill *bill = self->bill;
  gboolean net_known = tw_bill_net_known (bill), gross_known = tw_bill_gross_known (bill);
  g_autofree char *kwh = tw_scaled_text (self->energy_mwh, 6);
  g_autofree char *hours = hours_text (self->session_ms), *parking = hours_text (self->parking_ms);

  tw_json_out_string (out, "currency", tw_tariff_currency (self->tariff));
  tw_json_out_string (out, "tariff_id", tw_tariff_id (self->tariff));
  tw_json_out_string (out, "tariff_hash", tw_tariff_hash (self->tariff));
  tw_json_out_string (out, "cdr_id", self->cdr_id);
  tw_json_out_string (out, "time_zone", self->time_zone);
  write_price (self, out, "total_cost", net_known, gross_known, tw_bill_net (bill).minor, tw_bill_gross (bill).minor);
  write_sum (self, out, "total_fixed_cost", TW_LINE_FLAT, FALSE);
  write_sum (self, out, "total_energy_cost", TW_LINE_ENERGY, FALSE);
  write_sum (self, out, "total_time_cost", TW_LINE_TIME, FALSE);
  write_sum (self, out, "total_parking_cost", TW_LINE_PARKING_TIME, FALSE);
  write_sum (self, out, "total_reservation_cost", TW_LINE_TIME, TRUE);
  tw_json_out_begin_object (out, "exact_cost");
  tw_json_out_string (out, "excl_vat", net_known ? tw_bill_exact_net (bill) : NULL);
  tw_json_out_string (out, "incl_vat", gross_known ? tw_bill_exact_gross (bill) : NULL);
  tw_json_out_bool (out, "is_cut", tw_bill_exact_is_cut (bill));
  tw_json_out_end (out);
  tw_json_out_number (out, "total_energy", kwh);
  tw_json_out_number (out, "total_time", hours);
  tw_json_out_number (out, "total_parking_time", parking);
  tw_json_out_begin_array (out, "lines");
  for (guint i = 0; i < tw_bill_n_lines (bill); i++)
    write_line (self, out, i);
  tw_json_out_end (out);
  write_notes (self, out);
  if (self->pieces != NULL)
    write_pieces (self, out);
}
