/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/tariff/cdr.h"

#include "payment/tariff/reader.h"

#include <string.h>

#define SECOND_MS 1000
#define MOST_YEARS 10   /* every night of it may change the price: more only costs time */
#define YEAR_MS ((gint64) 366 * 24 * 3600 * 1000)

static const TwJsonLimits limits = { .max_bytes = TW_CDR_MAX_BYTES, .max_depth = 16, .max_values = 200000 };

struct _TwCdr
{
  char    *id, *currency, *time_zone;
  GArray  *spans;          /* of TwSpan */
  gboolean energy_stated;
  gint64   energy_mwh, duration_ms[TW_N_PHASES];
};

/* CdrDimensionType. CURRENT and POWER are a session's, not a record's, but they say what MIN and MAX say. */
typedef enum
{
  DIM_ENERGY, DIM_TIME, DIM_PARKING_TIME, DIM_RESERVATION_TIME, DIM_MIN_CURRENT, DIM_MAX_CURRENT, DIM_CURRENT,
  DIM_MIN_POWER, DIM_MAX_POWER, DIM_POWER, DIM_ENERGY_IMPORT, DIM_ENERGY_EXPORT, DIM_STATE_OF_CHARGE, N_DIMS
} Dimension;

/* factor: from the unit of the record to mWh, ms, mA, mW; 0: not asked for. */
static const struct { const char *name; gint64 factor; } dimension_types[N_DIMS] = {
  [DIM_ENERGY] = { "ENERGY", 1000000 },
  [DIM_TIME] = { "TIME", 3600000 },
  [DIM_PARKING_TIME] = { "PARKING_TIME", 3600000 },
  [DIM_RESERVATION_TIME] = { "RESERVATION_TIME", 3600000 },
  [DIM_MIN_CURRENT] = { "MIN_CURRENT", 1000 },
  [DIM_MAX_CURRENT] = { "MAX_CURRENT", 1000 },
  [DIM_CURRENT] = { "CURRENT", 1000 },
  [DIM_MIN_POWER] = { "MIN_POWER", 1000000 },
  [DIM_MAX_POWER] = { "MAX_POWER", 1000000 },
  [DIM_POWER] = { "POWER", 1000000 },
  [DIM_ENERGY_IMPORT] = { "ENERGY_IMPORT", 0 },
  [DIM_ENERGY_EXPORT] = { "ENERGY_EXPORT", 0 },
  [DIM_STATE_OF_CHARGE] = { "STATE_OF_CHARGE", 0 },
};

typedef struct
{
  gint64   start_ms, end_ms;
  gboolean has[N_DIMS];
  gint64   volume[N_DIMS];
  guint    flags;
} Period;

void
tw_cdr_free (TwCdr *self)
{
  if (self == NULL)
    return;

  g_free (self->id);
  g_free (self->currency);
  g_free (self->time_zone);
  g_clear_pointer (&self->spans, g_array_unref);
  g_free (self);
}

/* --- reading --- */

static gboolean
read_type (const TwJson  *json,
           Dimension     *dimension,
           GError       **error)
{
  const char *type = tw_json_get_string (json, "type", error);

  if (type == NULL)
    return FALSE;
  for (guint i = 0; i < N_DIMS; i++)
    if (g_str_equal (type, dimension_types[i].name))
      {
        *dimension = i;
        return TRUE;
      }

  return tw_tariff_refuse (tw_json_member (json, "type"), error, "\"%.40s\" is no dimension of a charging period",
                           type);
}

static gboolean
read_dimension (const TwJson  *json,
                Period        *period,
                GError       **error)
{
  Dimension dimension = N_DIMS;
  gboolean rounded = FALSE;
  const TwJson *number;
  g_autoptr (GError) why = NULL;

  if (tw_json_type (json) != TW_JSON_OBJECT)
    return tw_tariff_refuse (json, error, "expected an object with type and volume");
  number = read_type (json, &dimension, error) ? tw_json_get (json, "volume", TW_JSON_NUMBER, error) : NULL;
  if (number == NULL)
    return FALSE;
  if (period->has[dimension])
    return tw_tariff_refuse (json, error, "a second %s in one period", dimension_types[dimension].name);
  period->has[dimension] = TRUE;
  if (dimension_types[dimension].factor == 0)
    return TRUE;
  if (!tw_decimal_parse_multiple (tw_json_number_text (number), dimension_types[dimension].factor,
                                  &period->volume[dimension], &rounded, &why))
    return tw_tariff_refuse (number, error, "%s", why->message);
  if (tw_json_number_text (number)[0] == '-')
    return tw_tariff_refuse (number, error, "%.40s is negative: energy that flows back is not priced, and time does "
                             "not", tw_json_number_text (number));
  if (period->volume[dimension] > (gint64) 1 << 52)
    return tw_tariff_refuse (number, error, "%.40s is too large", tw_json_number_text (number));
  if (rounded && dimension <= DIM_RESERVATION_TIME)
    period->flags |= TW_FLAG_VOLUME_ROUNDED;

  return TRUE;
}

static gboolean
read_time (const TwJson  *json,
           const char    *name,
           gint64        *ms,
           GError       **error)
{
  gint64 wall_us = 0;

  if (tw_json_get_string (json, name, error) == NULL || !tw_tariff_read_date_time (json, name, &wall_us, error))
    return FALSE;
  *ms = wall_us / 1000 - (wall_us % 1000 < 0);

  return TRUE;
}

static gboolean
read_period (const TwJson  *json,
             Period        *period,
             GError       **error)
{
  const TwJson *dimensions;

  if (tw_json_type (json) != TW_JSON_OBJECT)
    return tw_tariff_refuse (json, error, "expected a charging period object");
  dimensions = read_time (json, "start_date_time", &period->start_ms, error)
    ? tw_json_get (json, "dimensions", TW_JSON_ARRAY, error) : NULL;
  if (dimensions == NULL)
    return FALSE;
  for (guint i = 0; i < tw_json_length (dimensions); i++)
    if (!read_dimension (tw_json_element (dimensions, i), period, error))
      return FALSE;

  return TRUE;
}

/* --- a period into spans of one phase each --- */

static void
choose_range (const Period *period,
              Dimension     minimum,
              Dimension     maximum,
              Dimension     one,
              gboolean     *known,
              gint64       *low,
              gint64       *high)
{
  const gboolean *has = period->has;

  *known = has[minimum] || has[maximum] || has[one];
  *low = period->volume[has[minimum] ? minimum : has[one] ? one : maximum];
  *high = period->volume[has[maximum] ? maximum : has[one] ? one : minimum];
}

static void
add_span (TwCdr        *self,
          const Period *period,
          TwPhase       phase,
          gint64        from_ms,
          gint64        to_ms,
          gint64        energy_mwh)
{
  TwSpan span = {
    .phase = phase, .start_ms = period->start_ms + from_ms, .duration_ms = to_ms - from_ms, .energy_mwh = energy_mwh,
    .flags = period->flags,
  };

  if (span.duration_ms == 0 && energy_mwh == 0)
    return;
  choose_range (period, DIM_MIN_CURRENT, DIM_MAX_CURRENT, DIM_CURRENT, &span.has_current, &span.min_current_ma,
                &span.max_current_ma);
  choose_range (period, DIM_MIN_POWER, DIM_MAX_POWER, DIM_POWER, &span.has_power, &span.min_power_mw,
                &span.max_power_mw);
  self->energy_mwh += energy_mwh;
  self->duration_ms[phase] += span.duration_ms;
  g_array_append_val (self->spans, span);
}

/* What the volumes make of the period's length: the end of each kind of time, from its beginning. One kind has all of
 * it. Volumes that are not off by more than a second count as they are, and the last kind has what is left. */
static void
split (Period *period,
       gint64  ends_ms[3])
{
  const Dimension kinds[3] = { DIM_RESERVATION_TIME, DIM_TIME, DIM_PARKING_TIME };
  gint64 length_ms = period->end_ms - period->start_ms, sum_ms = 0, passed_ms = 0;
  int last = -1;
  gboolean off;

  for (guint i = 0; i < 3; i++)
    if (period->has[kinds[i]])
      {
        sum_ms += period->volume[kinds[i]];
        last = period->volume[kinds[i]] > 0 || last < 0 ? (int) i : last;
      }
  off = last >= 0 && ABS (sum_ms - length_ms) > SECOND_MS;
  if (off)
    period->flags |= TW_FLAG_VOLUME_MISMATCH;
  for (int i = 0; i < 3; i++)
    {
      passed_ms += period->has[kinds[i]] ? period->volume[kinds[i]] : 0;
      ends_ms[i] = i >= last ? length_ms
        : off && sum_ms > 0 ? (gint64) ((2 * (TwWide) length_ms * passed_ms + sum_ms) / (2 * (TwWide) sum_ms))
              : MIN (passed_ms, length_ms);
    }
  if (last < 0)
    ends_ms[0] = 0;   /* no kind of time at all: it is charging */
}

static void
add_period (TwCdr  *self,
            Period *period)
{
  gint64 ends_ms[3], energy_mwh = period->volume[DIM_ENERGY];
  gboolean parks_only;

  split (period, ends_ms);
  parks_only = ends_ms[1] == ends_ms[0] && ends_ms[2] > ends_ms[1];
  self->energy_stated |= period->has[DIM_ENERGY];
  add_span (self, period, TW_PHASE_RESERVATION, 0, ends_ms[0], 0);
  add_span (self, period, TW_PHASE_CHARGING, ends_ms[0], ends_ms[1], parks_only ? 0 : energy_mwh);
  add_span (self, period, TW_PHASE_PARKING, ends_ms[1], ends_ms[2], parks_only ? energy_mwh : 0);
}

static gboolean
read_periods (TwCdr         *self,
              const TwJson  *root,
              GError       **error)
{
  const TwJson *list = tw_json_get (root, "charging_periods", TW_JSON_ARRAY, error);
  gint64 end_ms = 0;
  guint n = tw_json_length (list);
  g_autofree Period *periods = g_new0 (Period, n + 1);

  if (list == NULL || !read_time (root, "end_date_time", &end_ms, error))
    return FALSE;
  if (n == 0)
    return tw_tariff_refuse (list, error, "is empty: expected at least one period");
  for (guint i = 0; i < n; i++)
    {
      if (!read_period (tw_json_element (list, i), &periods[i], error))
        return FALSE;
      if (i > 0 && periods[i].start_ms < periods[i - 1].start_ms)
        return tw_tariff_refuse (tw_json_element (list, i), error, "starts before the period in front of it");
    }
  if (end_ms < periods[n - 1].start_ms)
    return tw_tariff_refuse (tw_json_member (root, "end_date_time"), error, "is before the last period starts");
  if (end_ms - periods[0].start_ms > MOST_YEARS * YEAR_MS)
    return tw_tariff_refuse (tw_json_member (root, "end_date_time"), error, "is more than %d years after the first "
                             "period starts", MOST_YEARS);
  for (guint i = 0; i < n; i++)
    {
      guint before = self->spans->len;

      periods[i].end_ms = i + 1 < n ? periods[i + 1].start_ms : end_ms;
      add_period (self, &periods[i]);
      if (before > 0 && self->spans->len > before
          && g_array_index (self->spans, TwSpan, before).phase == TW_PHASE_RESERVATION
          && g_array_index (self->spans, TwSpan, before - 1).phase != TW_PHASE_RESERVATION)
        return tw_tariff_refuse (tw_json_element (list, i), error, "reserves what is in use already: expected "
                                 "RESERVATION_TIME before all other time");
      if (self->energy_mwh > (gint64) 1 << 52)
        return tw_tariff_refuse (tw_json_element (list, i), error, "brings the energy beyond what can be priced");
    }

  return TRUE;
}

/* Nobody came: only reservation, and all of it for one that expired. */
static void
settle_reservation (TwCdr *self)
{
  for (guint i = 0; i < self->spans->len; i++)
    if (g_array_index (self->spans, TwSpan, i).phase != TW_PHASE_RESERVATION)
      return;
  for (guint i = 0; i < self->spans->len; i++)
    g_array_index (self->spans, TwSpan, i).phase = TW_PHASE_RESERVATION_EXPIRED;
  self->duration_ms[TW_PHASE_RESERVATION_EXPIRED] = self->duration_ms[TW_PHASE_RESERVATION];
  self->duration_ms[TW_PHASE_RESERVATION] = 0;
}

static gboolean
read_zone (TwCdr         *self,
           const TwJson  *root,
           const char    *name,
           GError       **error)
{
  const TwJson *location, *zone;

  if (!tw_tariff_optional (root, name, TW_JSON_OBJECT, &location, error))
    return FALSE;
  if (location == NULL || self->time_zone != NULL)
    return TRUE;
  if (!tw_tariff_optional (location, "time_zone", TW_JSON_STRING, &zone, error))
    return FALSE;
  self->time_zone = g_strdup (tw_json_string (zone));

  return TRUE;
}

static gboolean
read_head (TwCdr         *self,
           const TwJson  *root,
           GError       **error)
{
  const TwJson *id, *currency;

  if (!tw_tariff_optional (root, "id", TW_JSON_STRING, &id, error)
      || !tw_tariff_optional (root, "currency", TW_JSON_STRING, &currency, error)
      || !read_zone (self, root, "cdr_location", error)
      || !read_zone (self, root, "location", error))
    return FALSE;
  if (currency != NULL && tw_currency_digits (tw_json_string (currency)) < 0)
    return tw_tariff_refuse (currency, error, "\"%.8s\" is no currency: expected three capital letters of ISO 4217, "
                             "such as EUR", tw_json_string (currency));
  self->id = g_strdup (tw_json_string (id));
  self->currency = g_strdup (tw_json_string (currency));

  return TRUE;
}

TwCdr *
tw_cdr_parse (GBytes  *bytes,
              GError **error)
{
  g_autoptr (TwCdr) self = g_new0 (TwCdr, 1);
  g_autoptr (TwJson) root = NULL;
  gsize len;
  const char *text = g_bytes_get_data (bytes, &len);

  self->spans = g_array_new (FALSE, FALSE, sizeof (TwSpan));
  root = tw_json_parse (text ? text : "", len, &limits, error);
  if (root == NULL)
    return NULL;
  if (tw_json_type (root) != TW_JSON_OBJECT)
    {
      tw_tariff_refuse (root, error, "expected one OCPI charge detail record");
      return NULL;
    }
  if (!read_head (self, root, error) || !read_periods (self, root, error))
    return NULL;
  settle_reservation (self);

  return g_steal_pointer (&self);
}

/* --- what others ask --- */

const char *
tw_cdr_id (const TwCdr *self)
{
  return self->id;
}

const char *
tw_cdr_currency (const TwCdr *self)
{
  return self->currency;
}

const char *
tw_cdr_time_zone (const TwCdr *self)
{
  return self->time_zone;
}

guint
tw_cdr_n_spans (const TwCdr *self)
{
  return self->spans->len;
}

const TwSpan *
tw_cdr_span (const TwCdr *self,
             guint        i)
{
  return &g_array_index (self->spans, TwSpan, i);
}

gboolean
tw_cdr_states_energy (const TwCdr *self)
{
  return self->energy_stated;
}

gint64
tw_cdr_energy_mwh (const TwCdr *self)
{
  return self->energy_mwh;
}

gint64
tw_cdr_duration_ms (const TwCdr *self,
                    TwPhase      phase)
{
  return self->duration_ms[phase];
}

void
tw_cdr_feed (const TwCdr *self,
             TwPricer    *pricer)
{
  if (!self->energy_stated)
    tw_pricer_charge_without_energy (pricer);
  for (guint i = 0; i < self->spans->len; i++)
    tw_pricer_feed (pricer, &g_array_index (self->spans, TwSpan, i));
}
