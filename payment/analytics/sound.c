/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a snapshot can be reckoned with. Its digests find what came to it by accident; here is what somebody may have
 * put together: no number leads out of an array or out of the calendar, and no sum of all that is there overflows.
 */
#include "payment/analytics/snapshot-private.h"

#include "payment/analytics/copies.h"

#include <string.h>

#define FIRST_DAY 14240           /* 2008-12-27: the gate lets nothing in that is older than 2009, of any zone */
#define LAST_DAY  47484           /* 2100-01-03 */
#define LAST_S    ((gint64) LAST_DAY * DAY_S)
#define MOST_SOURCES 100000

static gboolean
is_day (gint64 day)
{
  return day >= FIRST_DAY && day <= LAST_DAY;
}

static gboolean
is_text (const TwSnapshot *self,
         TwKeptText        text)
{
  return text.at <= self->file.n[TW_KEPT_TEXTS] && text.n <= self->file.n[TW_KEPT_TEXTS] - text.at;
}

/* Of a name that a report tells. */
static gboolean
is_name (const TwSnapshot *self,
         TwKeptText        text)
{
  return is_text (self, text)
         && (text.n == 0 || g_utf8_validate_len (tw_snapshot_text (self, text).text, text.n, NULL));
}

static gboolean
is_currency (const char *currency)
{
  return currency[3] == '\0';
}

static gboolean
are_names_sound (const TwSnapshot *self)
{
  const TwKeptSite *sites = TW_KEPT_AT (self, TwKeptSite, TW_KEPT_SITES);
  const TwKeptPort *ports = TW_KEPT_AT (self, TwKeptPort, TW_KEPT_PORTS);
  const TwKeptText *tariffs = TW_KEPT_AT (self, TwKeptText, TW_KEPT_TARIFFS);
  const TwKeptText *currencies = TW_KEPT_AT (self, TwKeptText, TW_KEPT_CURRENCIES);

  for (gsize i = 0; i < self->file.n[TW_KEPT_SITES]; i++)
    if (!is_name (self, sites[i].name) || !is_name (self, sites[i].zone) || sites[i].zone.n == 0)
      return FALSE;
  for (gsize i = 0; i < self->file.n[TW_KEPT_PORTS]; i++)
    if (!is_name (self, ports[i].evse) || !is_name (self, ports[i].connector)
        || ports[i].site >= self->file.n[TW_KEPT_SITES])
      return FALSE;
  for (gsize i = 0; i < self->file.n[TW_KEPT_TARIFFS]; i++)
    if (!is_name (self, tariffs[i]))
      return FALSE;
  for (gsize i = 0; i < self->file.n[TW_KEPT_CURRENCIES]; i++)
    if (!is_name (self, currencies[i]) || currencies[i].n > 3)
      return FALSE;
  return self->file.n[TW_KEPT_TARIFFS] <= TW_MOST_TARIFFS && self->file.n[TW_KEPT_CURRENCIES] <= TW_MOST_CURRENCIES
         && self->file.n[TW_KEPT_PORTS] < TW_NO_NAME && self->file.n[TW_KEPT_SITES] < TW_NO_NAME;
}

static gboolean
are_few_sound (const TwSnapshot *self)
{
  const TwKeptSource *sources = TW_KEPT_AT (self, TwKeptSource, TW_KEPT_SOURCES);
  const TwKeptLine *lines = TW_KEPT_AT (self, TwKeptLine, TW_KEPT_LINES);
  const TwKeptSums *sums = TW_KEPT_AT (self, TwKeptSums, TW_KEPT_SUMS);
  const TwKeptPaid *paid = TW_KEPT_AT (self, TwKeptPaid, TW_KEPT_PAID);

  for (gsize i = 0; i < self->file.n[TW_KEPT_SOURCES]; i++)
    if (!is_text (self, sources[i].path))
      return FALSE;
  for (gsize i = 0; i < self->file.n[TW_KEPT_LINES]; i++)
    if (lines[i].flag >= TW_N_FLAGS || !is_text (self, lines[i].source)
        || (lines[i].text.at != G_MAXUINT32 && !is_text (self, lines[i].text)))
      return FALSE;
  for (gsize i = 0; i < self->file.n[TW_KEPT_PAID]; i++)
    if (paid[i].site >= self->file.n[TW_KEPT_SITES] || paid[i].currency >= self->file.n[TW_KEPT_CURRENCIES]
        || (i > 0 && paid[i].site < paid[i - 1].site))
      return FALSE;
  return self->file.n[TW_KEPT_SUMS] == 1 && self->file.n[TW_KEPT_SOURCES] <= MOST_SOURCES && is_day (sums->first_day)
         && is_day (sums->end_day) && sums->first_s >= 0 && sums->first_s <= LAST_S && sums->last_s >= 0
         && sums->last_s <= LAST_S;
}

static gboolean
is_row (const TwSnapshot *self,
        const TwShortRow *row)
{
  gboolean unknown = row->charging_s == G_MAXUINT32;

  return row->tariff < self->file.n[TW_KEPT_TARIFFS] && row->currency < self->file.n[TW_KEPT_CURRENCIES]
         && row->means < TW_N_MEANS && row->ending < TW_N_ENDINGS
         && (gint64) row->start_s + row->occupied_s <= LAST_S
         && (row->open || unknown || (guint64) row->charge_after_s + row->charging_s <= row->occupied_s);
}

static gboolean
are_rows_sound (const TwSnapshot *self)
{
  const TwShortRow *rows = TW_KEPT_AT (self, TwShortRow, TW_KEPT_ROWS);
  const guint64 *starts = TW_KEPT_AT (self, guint64, TW_KEPT_STARTS);
  const TwStretch *spans = TW_KEPT_AT (self, TwStretch, TW_KEPT_SPANS);
  gsize n = self->file.n[TW_KEPT_ROWS], n_ports = self->file.n[TW_KEPT_PORTS];

  if (self->file.n[TW_KEPT_STARTS] != n_ports + 1 || self->file.n[TW_KEPT_SPANS] != n_ports || starts[0] != 0
      || starts[n_ports] != n || self->file.n[TW_KEPT_ALONE] != (n + 63) / 64)
    return FALSE;
  for (gsize port = 0; port < n_ports; port++)
    {
      if (starts[port] > starts[port + 1] || starts[port + 1] > n
          || (spans[port].from <= spans[port].until && (spans[port].from < 0 || spans[port].until > LAST_S)))
        return FALSE;
      for (gsize i = starts[port]; i < starts[port + 1]; i++)
        if (rows[i].port != port || rows[i].open || !is_row (self, &rows[i]) || !is_day (rows[i].day)
            || (i > starts[port] && rows[i].start_s < rows[i - 1].start_s))
          return FALSE;
    }
  rows = TW_KEPT_AT (self, TwShortRow, TW_KEPT_OPEN);
  for (gsize i = 0; i < self->file.n[TW_KEPT_OPEN]; i++)
    if (rows[i].port >= n_ports || !rows[i].open || rows[i].occupied_s != 0 || !is_row (self, &rows[i]))
      return FALSE;
  return TRUE;
}

static gboolean
is_small (const gint64 *sums,
          guint         n,
          gint64        most)
{
  for (guint i = 0; i < n; i++)
    if (sums[i] > most || sums[i] < -most)
      return FALSE;
  return TRUE;
}

int
tw_day_cells_by_key (const TwDayCell *a,
                     const TwDayCell *b)
{
  int order = a->port != b->port ? (a->port < b->port ? -1 : 1)
              : a->tariff != b->tariff ? (a->tariff < b->tariff ? -1 : 1)
              : memcmp (a->currency, b->currency, sizeof a->currency);

  return order != 0 ? order : a->day < b->day ? -1 : a->day > b->day;
}

static gboolean
are_days_sound (const TwSnapshot *self)
{
  const TwDayCell *days = TW_KEPT_AT (self, TwDayCell, TW_KEPT_DAYS);
  gint64 most = G_MAXINT64 / 4 / (gint64) (self->file.n[TW_KEPT_DAYS] + 1);

  for (gsize i = 0; i < self->file.n[TW_KEPT_DAYS]; i++)
    if (days[i].port >= self->file.n[TW_KEPT_PORTS] || days[i].tariff >= self->file.n[TW_KEPT_TARIFFS]
        || !is_day (days[i].day) || !is_currency (days[i].currency)
        || (i > 0 && tw_day_cells_by_key (&days[i - 1], &days[i]) >= 0)
        || !is_small (&days[i].energy_mwh, 1, most)
        || !is_small (&days[i].whole_energy_wh, (sizeof days[i] - G_STRUCT_OFFSET (TwDayCell, whole_energy_wh)) / 8,
                      most))
      return FALSE;
  return TRUE;
}

static gboolean
are_hours_sound (const TwSnapshot *self)
{
  const TwHourCell *hours = TW_KEPT_AT (self, TwHourCell, TW_KEPT_HOURS);
  gint64 most = G_MAXINT64 / 4 / (gint64) (self->file.n[TW_KEPT_HOURS] + 1);

  for (gsize i = 0; i < self->file.n[TW_KEPT_HOURS]; i++)
    if (hours[i].site >= self->file.n[TW_KEPT_SITES] || hours[i].hour < FIRST_DAY * 24
        || hours[i].hour >= (LAST_DAY + 1) * 24 || !is_small (&hours[i].energy_mwh, 1, most)
        || !is_small (&hours[i].started_energy_wh, 2, most)
        || (i > 0 && (hours[i].site < hours[i - 1].site
                      || (hours[i].site == hours[i - 1].site && hours[i].hour <= hours[i - 1].hour))))
      return FALSE;
  return TRUE;
}

static gboolean
are_people_sound (const TwSnapshot *self)
{
  const TwCustomerSum *customers = TW_KEPT_AT (self, TwCustomerSum, TW_KEPT_CUSTOMERS);
  const TwHoldRow *holds = TW_KEPT_AT (self, TwHoldRow, TW_KEPT_HOLDS);
  gint64 most = G_MAXINT64 / 4 / (gint64) (self->file.n[TW_KEPT_CUSTOMERS] + 1);

  for (gsize i = 0; i < self->file.n[TW_KEPT_CUSTOMERS]; i++)
    if (customers[i].n == 0 || !is_day (customers[i].first_day) || !is_day (customers[i].last_day)
        || !is_currency (customers[i].currency) || !is_small (&customers[i].captured_minor, 1, most))
      return FALSE;
  for (gsize i = 0; i < self->file.n[TW_KEPT_HOLDS]; i++)
    if (holds[i].site >= self->file.n[TW_KEPT_SITES] || holds[i].day < -1 || holds[i].day > LAST_DAY
        || !is_currency (holds[i].currency)
        || (holds[i].held_minor != TW_UNKNOWN && !is_small (&holds[i].held_minor, 1, G_MAXINT32))
        || (holds[i].captured_minor != TW_UNKNOWN && !is_small (&holds[i].captured_minor, 1, G_MAXINT32)))
      return FALSE;
  return TRUE;
}

static gboolean
are_copies_sound (const TwSnapshot *self)
{
  const guint32 *n = TW_KEPT_AT (self, guint32, TW_KEPT_COPIES);
  gsize bytes = 0;

  if (self->file.n[TW_KEPT_COPIES] != TW_COPIES_TABLES)
    return FALSE;
  for (guint i = 0; i < TW_COPIES_TABLES; i++)
    bytes += tw_copies_kept_bytes (n[i]);
  return bytes == self->file.n[TW_KEPT_SLOTS];
}

static gpointer
check_cells (gpointer data)
{
  return GINT_TO_POINTER (are_days_sound (data) && are_hours_sound (data));
}

/* The many by a thread of their own. */
gboolean
tw_snapshot_is_sound (const TwSnapshot *self)
{
  GThread *thread;
  gboolean well;

  if (!are_names_sound (self) || !are_few_sound (self) || !are_people_sound (self) || !are_copies_sound (self))
    return FALSE;
  thread = g_thread_new ("cells", check_cells, (gpointer) self);
  well = are_rows_sound (self);
  return GPOINTER_TO_INT (g_thread_join (thread)) && well;
}
