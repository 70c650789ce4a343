/* SPDX-License-Identifier: Apache-2.0 */
/* What goes with a file of sessions: its connectors, and what became of them. */
#include "payment/analytics/sources/sources.h"

#include "app/base/bytes.h"
#include "app/base/error.h"
#include "payment/analytics/sources/stranger.h"
#include "payment/analytics/sources/values.h"
#include "payment/reconcile/readers/cell.h"
#include "payment/reconcile/readers/header.h"
#include "payment/reconcile/readers/instant.h"
#include "payment/reconcile/readers/when.h"

#include <string.h>

enum { MAX_COLUMNS = 8 };

typedef struct { const char *name; gboolean required; } Column;

static const Column port_columns[] = {
  { "site_id", TRUE }, { "evse_id", TRUE }, { "connector_id" }, { "rated_power_kw" }, { "commissioned" },
  { "decommissioned" }, { "time_zone", TRUE }, { "opening_hours" },
};
enum { PORT_SITE, PORT_EVSE, PORT_CONNECTOR, PORT_POWER, PORT_FROM, PORT_UNTIL, PORT_ZONE, PORT_HOURS };

static const Column event_columns[] = {
  { "site_id" }, { "evse_id", TRUE }, { "at", TRUE }, { "status", TRUE }, { "reason" }, { "excluded" },
};
enum { EVENT_SITE, EVENT_EVSE, EVENT_AT, EVENT_STATUS, EVENT_REASON, EVENT_EXCLUDED };

typedef struct
{
  const char        *path;
  const Column      *columns;
  guint              n, n_cells;
  TwRows            *rows;
  TwHeader          *header;
  TwZones           *zones;
  int                at[MAX_COLUMNS];
  TwLastDay          last_day;
  const TwRowIntake *intake;
  TwFeedReport      *report;
  char              *refusal;
} Companion;

static TwChars
cell (const Companion *self,
      guint            column)
{
  return self->at[column] < 0 ? (TwChars) { "", 0 } : tw_rows_cell (self->rows, (guint) self->at[column]);
}

static gboolean
refuse (Companion  *self,
        guint       column,
        const char *expected)
{
  TwChars chars = cell (self, column);
  g_autofree char *copy = g_strndup (chars.text, MIN (chars.n, 200));
  g_autofree char *printable = tw_text_printable (copy, 40);

  g_free (self->refusal);
  self->refusal = g_strdup_printf ("column \"%s\": \"%s\": expected %s", self->columns[column].name, printable,
                                   expected);
  return FALSE;
}

static gboolean
take_name (Companion *self,
           guint      column,
           TwText    *text)
{
  *text = tw_text_of (cell (self, column));
  return text->n > 0 || !self->columns[column].required || refuse (self, column, "a name");
}

/* An instant; or a day, which begins at midnight of the site. */
static gboolean
take_time (Companion *self,
           guint      column,
           TwZone    *zone,
           gint64    *us)
{
  TwChars chars = cell (self, column);
  gint32 day;

  *us = TW_UNKNOWN;
  if (chars.n == 0 || tw_value_instant (chars, &self->last_day, us))
    return TRUE;
  if (zone == NULL || !tw_when_read_day (chars, &day))
    return refuse (self, column, zone ? "a day, or an instant with its offset" : "an instant with its offset");
  *us = tw_zone_to_us (zone, (gint64) day * 24 * 3600);
  return TRUE;
}

static gboolean
take_port (Companion  *self,
           GError    **error)
{
  TwPortRow row = { .rated_power_w = TW_UNKNOWN };
  TwChars zone_name = cell (self, PORT_ZONE), power = cell (self, PORT_POWER);
  TwZone *zone = zone_name.n > 0 ? tw_zones_find (self->zones, zone_name) : NULL;

  row.zone = tw_text_of (zone_name);
  row.opening_hours = tw_text_of (cell (self, PORT_HOURS));
  if (zone == NULL)
    return refuse (self, PORT_ZONE, "an IANA time zone, such as Europe/Berlin");
  if (power.n > 0 && (!tw_value_milli (power, '.', 0, &row.rated_power_w) || row.rated_power_w <= 0))
    return refuse (self, PORT_POWER, "a number of kW above 0");
  if (!take_name (self, PORT_SITE, &row.site) || !take_name (self, PORT_EVSE, &row.evse)
      || !take_name (self, PORT_CONNECTOR, &row.connector) || !take_time (self, PORT_FROM, zone, &row.commissioned)
      || !take_time (self, PORT_UNTIL, zone, &row.decommissioned))
    return FALSE;
  return self->intake->class_->port (self->intake->self, &row, error);
}

/* OCPI 2.2.1, EVSE status; and their ways of writing elsewhere. What is planned or gone is nobody's to repair. */
static gboolean
take_state (Companion   *self,
            TwPortState *state)
{
  static const struct { const char *name; TwPortState state; } states[] = {
    { "available", TW_PORT_AVAILABLE }, { "charging", TW_PORT_CHARGING }, { "reserved", TW_PORT_RESERVED },
    { "blocked", TW_PORT_BLOCKED }, { "inoperative", TW_PORT_INOPERATIVE }, { "outoforder", TW_PORT_OUT_OF_ORDER },
    { "out_of_order", TW_PORT_OUT_OF_ORDER }, { "unknown", TW_PORT_UNKNOWN },
  };
  TwChars chars = cell (self, EVENT_STATUS);

  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    if (tw_cell_is (chars, states[i].name))
      {
        *state = states[i].state;
        return TRUE;
      }
  return refuse (self, EVENT_STATUS, "available, charging, reserved, blocked, inoperative, outoforder or unknown");
}

static gboolean
take_event (Companion  *self,
            GError    **error)
{
  TwChars excluded = cell (self, EVENT_EXCLUDED);
  TwEventRow row = { 0 };

  row.excluded = tw_cell_is (excluded, "true") || tw_cell_is (excluded, "yes");
  if (!row.excluded && excluded.n > 0 && !tw_cell_is (excluded, "false") && !tw_cell_is (excluded, "no"))
    return refuse (self, EVENT_EXCLUDED, "true or false");
  if (!take_name (self, EVENT_SITE, &row.site) || !take_name (self, EVENT_EVSE, &row.evse)
      || !take_name (self, EVENT_REASON, &row.reason) || !take_time (self, EVENT_AT, NULL, &row.at)
      || !take_state (self, &row.state))
    return FALSE;
  if (row.at == TW_UNKNOWN)
    return refuse (self, EVENT_AT, "an instant with its offset");
  /* Without evidence no outage may be excluded (facts/analytics.md section 6). */
  if (row.excluded && row.reason.n == 0)
    return refuse (self, EVENT_REASON, "the reason for which it is excluded");
  return self->intake->class_->event (self->intake->self, &row, error);
}

static gboolean
find_columns (Companion  *self,
              GError    **error)
{
  g_autoptr (GString) missing = g_string_new (NULL);

  for (guint i = 0; i < self->n; i++)
    {
      self->at[i] = tw_header_find_column (self->header, (const char *[]) { self->columns[i].name, NULL });
      if (self->at[i] < 0 && self->columns[i].required)
        g_string_append_printf (missing, "%s%s", missing->len ? ", " : "", self->columns[i].name);
    }
  if (missing->len == 0)
    return TRUE;
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s: columns are missing: %s", self->path, missing->str);
  return FALSE;
}

static gboolean
open_companion (Companion  *self,
                GError    **error)
{
  const char *const has[] = { "evse_id", NULL };
  TwHeaderPlace place;

  self->zones = tw_zones_new (NULL, error);
  self->rows = tw_rows_open_part (self->path, 0, G_MAXUINT64, error);
  if (self->rows == NULL || !tw_stranger_refuse (tw_rows_peek (self->rows), self->path, error)
      || !tw_header_find (tw_rows_peek (self->rows), self->path, has, &place, error))
    return FALSE;
  tw_rows_begin (self->rows, place.offset, place.line, place.delimiter);
  if (!tw_rows_next (self->rows, error))
    return FALSE;
  self->n_cells = tw_rows_n_cells (self->rows);
  self->header = tw_header_new (self->rows, self->path, FALSE, error);
  return self->header != NULL && find_columns (self, error);
}

static gboolean
hand_refusal (Companion   *self,
              const char  *why,
              GError     **error)
{
  guint64 line = tw_rows_line (self->rows);

  self->report->n_refused++;
  if (self->intake->class_->refused != NULL)
    return self->intake->class_->refused (self->intake->self, line, why, error);
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s, line %" G_GUINT64_FORMAT ": %s", self->path, line, why);
  return FALSE;
}

static gboolean
take_cells (Companion *self)
{
  const guint n = tw_rows_n_cells (self->rows);

  if (n == self->n_cells)
    return TRUE;
  g_free (self->refusal);
  self->refusal = g_strdup_printf ("%u cells, and the header has %u", n, self->n_cells);
  return FALSE;
}

static gboolean
read_all (Companion   *self,
          gboolean   (*take) (Companion *self, GError **error),
          GError     **error)
{
  for (;;)
    {
      g_autoptr (GError) wrong = NULL;

      if (!tw_rows_next (self->rows, &wrong))
        {
          if (wrong == NULL)
            return TRUE;
          if (tw_rows_may_go_on (self->rows) && hand_refusal (self, wrong->message, error))
            continue;
          if (error == NULL || *error == NULL)
            g_propagate_error (error, g_steal_pointer (&wrong));
          return FALSE;
        }
      if (take_cells (self) && take (self, &wrong))
        self->report->n_rows++;
      else if (wrong != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&wrong));
          return FALSE;
        }
      else if (!hand_refusal (self, self->refusal, error))
        return FALSE;
    }
}

static gboolean
read_companion (Companion   *self,
                const char  *format,
                gboolean   (*take) (Companion *self, GError **error),
                GError     **error)
{
  gboolean well;

  self->report->format = g_strdup (format);
  well = open_companion (self, error) && read_all (self, take, error);
  tw_rows_free (self->rows);
  tw_header_free (self->header);
  g_clear_pointer (&self->zones, tw_zones_free);
  g_free (self->refusal);
  return well;
}

gboolean
tw_feed_ports (const char         *path,
               const TwRowIntake  *intake,
               TwFeedReport       *report,
               GError            **error)
{
  Companion self = { .path = path, .columns = port_columns, .n = G_N_ELEMENTS (port_columns), .intake = intake,
                     .report = report };

  g_return_val_if_fail (intake->class_->port != NULL, FALSE);
  return read_companion (&self, "ports", take_port, error);
}

gboolean
tw_feed_events (const char         *path,
                const TwRowIntake  *intake,
                TwFeedReport       *report,
                GError            **error)
{
  Companion self = { .path = path, .columns = event_columns, .n = G_N_ELEMENTS (event_columns), .intake = intake,
                     .report = report };

  g_return_val_if_fail (intake->class_->event != NULL, FALSE);
  return read_companion (&self, "events", take_event, error);
}
