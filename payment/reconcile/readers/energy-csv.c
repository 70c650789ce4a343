/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/reconcile/readers/energy-formats.h"

#include "app/base/bytes.h"
#include "payment/reconcile/readers/instant.h"
#include "payment/reconcile/readers/reading.h"

const char *const TW_METER_CSV_HAS[] = { "register_begin_wh", "register_end_wh", "energy_wh", NULL };

enum { SESSION, EVSE, METER, BEGIN, END, REGISTER_BEGIN, REGISTER_END, ENERGY, N_COLUMNS };

static const TwColumn COLUMNS[N_COLUMNS] = {
  { FALSE, { "session" } }, { FALSE, { "evse" } }, { FALSE, { "meter" } }, { TRUE, { "begin" } }, { TRUE, { "end" } },
  { FALSE, { "register_begin_wh" } }, { FALSE, { "register_end_wh" } }, { FALSE, { "energy_wh" } },
};

typedef struct
{
  TwTable   *table;
  TwReading *reading;
  TwZone    *zone;         /* NULL: times must have their own */
  int        at[N_COLUMNS];
} Log;

static gboolean
read_time (const Log  *self,
           int         column,
           gint64     *us,
           GError    **error)
{
  TwChars cell = tw_table_cell (self->table, self->at[column]);
  g_autofree char *copy = NULL, *printable = NULL;

  if (tw_instant_parse (cell, self->zone, us))
    return TRUE;
  copy = g_strndup (cell.text, cell.n);
  printable = tw_text_printable (copy, 40);

  return tw_table_refuse (self->table, self->at[column], error, "\"%s\": expected a time such as 2026-11-22T20:05:00Z, "
                          "or one without a zone and the zone in the profile", printable);
}

/* Both registers, or the energy, or all three: then they must say the same. */
static gboolean
read_energy (const Log  *self,
             gint64     *energy_wh,
             GError    **error)
{
  gint64 first, last, difference;

  if (!tw_table_integer (self->table, self->at[REGISTER_BEGIN], &first, error)
      || !tw_table_integer (self->table, self->at[REGISTER_END], &last, error)
      || !tw_table_integer (self->table, self->at[ENERGY], energy_wh, error))
    return FALSE;
  if ((first == TW_NOT_STATED) != (last == TW_NOT_STATED))
    return tw_table_refuse (self->table, -1, error, "one register without the other");
  if (first == TW_NOT_STATED && *energy_wh == TW_NOT_STATED)
    return tw_table_refuse (self->table, -1, error, "neither two registers nor an energy, in Wh");
  if (*energy_wh != TW_NOT_STATED && *energy_wh < 0)
    return tw_table_refuse (self->table, self->at[ENERGY], error, "an energy below zero");
  if (first == TW_NOT_STATED)
    return TRUE;

  if (first < 0 || last < first)
    return tw_table_refuse (self->table, self->at[REGISTER_END], error, "the register ran back: a meter that was "
                            "exchanged is two rows");
  difference = last - first;
  if (*energy_wh != TW_NOT_STATED && *energy_wh != difference)
    return tw_table_refuse (self->table, self->at[ENERGY], error,
                            "%" G_GINT64_FORMAT " Wh, but the registers differ by %" G_GINT64_FORMAT, *energy_wh,
                            difference);
  *energy_wh = difference;

  return TRUE;
}

static gboolean
read_row (gpointer   format,
          GError   **error)
{
  Log *self = format;
  TwEnergy row = {
    .origin = { self->reading->index, tw_table_line (self->table) }, .kind = TW_METER_CONTROLLER,
    .session = tw_table_cell (self->table, self->at[SESSION]), .evse = tw_table_cell (self->table, self->at[EVSE]),
    .meter = tw_table_cell (self->table, self->at[METER]),
  };

  if (row.session.n == 0 && row.evse.n == 0)
    return tw_table_refuse (self->table, -1, error, "neither a session nor an EVSE");
  if (!read_time (self, BEGIN, &row.begin_us, error) || !read_time (self, END, &row.end_us, error)
      || !read_energy (self, &row.energy_wh, error))
    return FALSE;
  if (row.end_us < row.begin_us)
    return tw_table_refuse (self->table, self->at[END], error, "it ends before it begins");

  return tw_reading_energy (self->reading, &row, tw_table_bytes_read (self->table), tw_table_size (self->table),
                            error);
}

TW_READER (tw_read_meter_csv)
{
  g_autoptr (TwTable) table = tw_table_open (path, TW_METER_CSV_HAS, error);
  g_autoptr (TwZones) zones = table ? tw_zones_new (profile->time_zone, error) : NULL;
  g_auto (TwReading) reading = { 0 };
  Log self = { .table = table, .reading = &reading };

  tw_reading_init (&reading, path, index, intake, import);
  if (zones == NULL)
    return FALSE;
  self.zone = tw_zones_find (zones, (TwChars) { "", 0 });
  if (!tw_columns_find (table, path, COLUMNS, N_COLUMNS, self.at, error)
      || !tw_reading_rows (table, read_row, &self, error))
    return FALSE;
  tw_reading_end (&reading, table, "meter-csv");

  return TRUE;
}
