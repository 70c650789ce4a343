/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/analytics/sources/foreign-inside.h"

#include "app/base/bytes.h"
#include "payment/analytics/quality.h"
#include "payment/money/decimal.h"
#include "payment/reconcile/readers/cell.h"

#include <string.h>

#define HOUR_US (G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC)

/* An instant; earlier: what it is too, in the hour that comes twice, or TW_UNKNOWN. */
typedef struct { gint64 us, earlier; } Moment;

typedef struct { TwForeign *self; const TwRows *rows; TwSessionRow *row; GString *refusal; TwForeignZone *zone; } Take;

static TwChars
cell_of (const Take      *take,
         TwSessionColumn  column)
{
  TwForeign *self = take->self;
  const int first = self->first[column], second = self->second[column];
  TwChars cell = first < 0 ? (TwChars) { "", 0 } : tw_rows_cell (take->rows, (guint) first);

  if (second >= 0)
    {
      TwChars rest = tw_rows_cell (take->rows, (guint) second);
      GString *joined = self->joined[column] ? self->joined[column] : g_string_new (NULL);

      self->joined[column] = joined;
      g_string_truncate (joined, 0);
      g_string_append_len (joined, cell.text, cell.n);
      if (cell.n > 0 && rest.n > 0)
        g_string_append_c (joined, ' ');
      g_string_append_len (joined, rest.text, rest.n);
      cell = (TwChars) { joined->str, (guint32) joined->len };
    }
  for (char **word = self->unknown; *word; word++)
    if (cell.n > 0 && strlen (*word) == cell.n && memcmp (*word, cell.text, cell.n) == 0)
      return (TwChars) { "", 0 };
  return cell;
}

static gboolean
refuse (const Take      *take,
        TwSessionColumn  column,
        const char      *expected)
{
  const int at = take->self->first[column];
  TwChars cell = cell_of (take, column);
  g_autofree char *copy = g_strndup (cell.text, MIN (cell.n, 200));
  g_autofree char *printable = tw_text_printable (copy, 40);

  g_string_printf (take->refusal, "column \"%s\": \"%s\": expected %s",
                   at >= 0 ? tw_header_column_name (take->self->header, at) : TW_FOREIGN_KEYS[column], printable,
                   expected);
  return FALSE;
}

static TwText
text_or (const Take      *take,
         TwSessionColumn  column)
{
  TwChars cell = cell_of (take, column);
  const char *constant = cell.n > 0 ? NULL : tw_mapping_get (take->self->mapping, "constants", TW_FOREIGN_KEYS[column]);

  return constant ? tw_text_of (tw_value_chars (constant)) : tw_text_of (cell);
}

/* NULL: no zone is told, or none that is known. */
static TwForeignZone *
zone_of (TwForeign *self,
         TwChars    name)
{
  TwForeignZone *zone;
  TwZone *civil;

  for (guint i = 0; i < self->foreign_zones->len; i++)
    {
      zone = self->foreign_zones->pdata[i];
      if (strlen (zone->name) == name.n && memcmp (zone->name, name.text, name.n) == 0)
        return zone;
    }
  civil = name.n > 0 && self->foreign_zones->len < 600 ? tw_zones_find (self->zones, name) : NULL;
  if (civil == NULL)
    return NULL;
  zone = g_new0 (TwForeignZone, 1);
  zone->name = g_strndup (name.text, name.n);
  zone->zone = g_time_zone_new_identifier (zone->name);
  zone->civil = civil;
  if (zone->zone == NULL)
    {
      g_free (zone->name);
      g_free (zone);
      return NULL;
    }
  g_ptr_array_add (self->foreign_zones, zone);
  return zone;
}

static gboolean
take_zone (Take *take)
{
  TwForeign *self = take->self;
  TwChars name = cell_of (take, TW_AT_ZONE);
  const gboolean stated = name.n > 0;

  if (!stated)
    name = tw_value_chars (self->zone);
  take->zone = zone_of (self, name);
  if (take->zone == NULL)
    return refuse (take, TW_AT_ZONE, "an IANA time zone here, in [file] time-zone or --time-zone");
  take->row->zone = (TwText) { take->zone->name, (guint32) strlen (take->zone->name) };
  if (!stated && self->zone_assumed)
    take->row->flags |= 1u << TW_FLAG_ZONE_ASSUMED;
  return TRUE;
}

/* What a clock on a wall said. Of an hour that comes twice tw_zone_to_us() gives the second one. */
static Moment
moment_of (const TwForeignZone *zone,
           gint64               local_s)
{
  Moment moment = { tw_zone_to_us (zone->civil, local_s), TW_UNKNOWN };
  gint64 earlier_s = (moment.us - HOUR_US) / G_USEC_PER_SEC;
  int interval = g_time_zone_find_interval (zone->zone, G_TIME_TYPE_UNIVERSAL, earlier_s);

  if (interval >= 0 && earlier_s + g_time_zone_get_offset (zone->zone, interval) == local_s)
    moment.earlier = moment.us - HOUR_US;
  return moment;
}

static gboolean
find_offset (const TwForeign *self,
             TwChars          name,
             gint64          *offset_s)
{
  for (guint i = 0; i < self->abbreviations->len; i++)
    {
      const TwAbbreviation *one = &g_array_index (self->abbreviations, TwAbbreviation, i);

      *offset_s = one->offset_s;
      if (strlen (one->name) == name.n && memcmp (one->name, name.text, name.n) == 0)
        return TRUE;
    }
  return tw_wall_offset (name, offset_s);
}

static gboolean
read_wall (const TwForeign *self,
           TwChars          cell,
           TwWallTime      *time)
{
  if (self->times != NULL)
    return tw_wall_times_read (self->times, cell, time);
  for (guint i = 0; i < TW_N_ISO; i++)
    if (tw_wall_times_read (self->iso[i], cell, time))
      return TRUE;
  return FALSE;
}

static gboolean
take_moment (Take            *take,
             TwSessionColumn  column,
             Moment          *moment)
{
  TwChars cell = cell_of (take, column);
  TwWallTime time;
  gint64 offset_s;

  *moment = (Moment) { TW_UNKNOWN, TW_UNKNOWN };
  if (cell.n == 0 || (take->self->times == NULL && tw_value_instant (cell, &take->self->last_day, &moment->us)))
    return TRUE;
  if (!read_wall (take->self, cell, &time))
    return refuse (take, column, "a time as [file] time-format says, or ISO 8601 without it");
  if (time.century_repaired)
    take->row->flags |= 1u << TW_FLAG_CENTURY_REPAIRED;
  if (time.zone.n == 0)
    {
      *moment = moment_of (take->zone, time.local_s);
      return TRUE;
    }
  if (!find_offset (take->self, time.zone, &offset_s))
    return refuse (take, column, "a zone that [file] abbreviations names, or an offset");
  moment->us = (time.local_s - offset_s) * G_USEC_PER_SEC;
  return TRUE;
}

/* How badly two ends fit: in order, and as long as the source says. */
static gint64
misfit (gint64 from,
        gint64 to,
        gint64 span_s)
{
  if (from == TW_UNKNOWN || to == TW_UNKNOWN)
    return 0;
  if (to < from)
    return G_MAXINT64;
  return span_s == TW_UNKNOWN ? 0 : ABS ((to - from) / G_USEC_PER_SEC - span_s);
}

/* In the hour that comes twice, the reading of both ends that fits best; of two that fit as well the later. */
static void
resolve (Take         *take,
         const Moment *from,
         const Moment *to,
         gint64        span_s,
         gint64       *from_us,
         gint64       *to_us)
{
  const gint64 froms[] = { from->us, from->earlier }, tos[] = { to->us, to->earlier };
  gint64 best = -1;

  *from_us = from->us;
  *to_us = to->us;
  if (from->earlier == TW_UNKNOWN && to->earlier == TW_UNKNOWN)
    return;
  take->row->flags |= 1u << TW_FLAG_ZONE_ASSUMED;
  for (guint i = 0; i < 4; i++)
    {
      const guint a = i & 1, b = i >> 1;
      gint64 here;

      if ((a && froms[1] == TW_UNKNOWN) || (b && tos[1] == TW_UNKNOWN))
        continue;
      here = misfit (froms[a], tos[b], span_s);
      if (best >= 0 && here >= best)
        continue;
      best = here;
      *from_us = froms[a];
      *to_us = tos[b];
    }
}

static gboolean
take_span (const Take      *take,
           TwSessionColumn  column,
           gint64          *s)
{
  static const gint64 factors[] = { 1, 60, 3600 };
  TwChars cell = cell_of (take, column);
  gint64 milli;

  *s = TW_UNKNOWN;
  if (cell.n == 0)
    return TRUE;
  if (take->self->lasts != TW_LASTS_CLOCK)
    {
      if (!tw_value_milli (cell, take->self->point, take->self->group, &milli) || ABS (milli) > 1000000000000)
        return refuse (take, column, "a duration as a number");
      *s = milli * factors[take->self->lasts] / 1000;
      return TRUE;
    }
  return tw_value_clock (cell, s) || refuse (take, column, "a duration such as 1:30:00");
}

/* A number with its unit behind it, if it has one. */
static gboolean
take_quantity (const Take      *take,
               TwSessionColumn  column,
               TwEnergyUnit     unit,
               gint64          *value)
{
  static const struct { const char *unit; gint64 factor; } units[] = {
    { "MWh", 1000000 }, { "kWh", 1000 }, { "Wh", 1 }, { "MW", 1000000 }, { "kW", 1000 }, { "W", 1 },
  };
  TwText text = text_or (take, column);
  TwChars cell = { text.text, text.n };
  gint64 milli, factor = unit == TW_UNIT_WH ? 1 : 1000;

  *value = TW_UNKNOWN;
  if (cell.n == 0)
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    {
      const gsize n = strlen (units[i].unit);

      if (cell.n <= n || g_ascii_strncasecmp (cell.text + cell.n - n, units[i].unit, n) != 0)
        continue;
      factor = units[i].factor;
      for (cell.n -= n; cell.n > 0 && cell.text[cell.n - 1] == ' ';)
        cell.n--;
      break;
    }
  if (!tw_value_milli (cell, take->self->point, take->self->group, &milli) || ABS (milli) > 1000000000000)
    return refuse (take, column, "a number, as [file] decimal and thousands say, with or without a unit");
  *value = factor == 1 ? (milli + (milli < 0 ? -500 : 500)) / 1000 : milli * (factor / 1000);
  return TRUE;
}

static gboolean
round_amount (const TwForeign *self,
              TwChars          cell,
              int              digits,
              gint64          *minor)
{
  static const gint64 factors[] = { 1, 10, 100, 1000, 10000 };
  g_autoptr (GString) text = g_string_new (NULL);
  gboolean rounded;

  for (guint32 i = 0; i < cell.n; i++)
    if (self->group == 0 || cell.text[i] != self->group)
      g_string_append_c (text, cell.text[i] == self->point ? '.' : cell.text[i]);
  return tw_decimal_parse_multiple (text->str, factors[digits], minor, &rounded, NULL);
}

static gboolean
take_amount (const Take      *take,
             TwSessionColumn  column,
             gint64          *minor)
{
  TwChars cell = tw_value_without_sign (cell_of (take, column));
  const int digits = tw_cell_digits (take->row->currency);
  const char *why;

  *minor = TW_UNKNOWN;
  if (cell.n == 0)
    return TRUE;
  if (take->row->currency[0] == '\0')
    return refuse (take, TW_AT_CURRENCY, "the currency of its amounts, here or in [constants]");
  return (take->self->round ? round_amount (take->self, cell, digits, minor)
                            : tw_cell_amount (cell, digits, take->self->point, take->self->group, minor, &why))
         || refuse (take, column, "an amount with no more decimals than its currency has, or [file] amounts = round");
}

static gboolean
take_money (Take *take)
{
  TwSessionRow *row = take->row;
  TwText currency = text_or (take, TW_AT_CURRENCY);

  row->held_minor = row->held_from = row->held_until = row->tap_at = row->answered_at = TW_UNKNOWN;
  if (currency.n == 3)
    memcpy (row->currency, currency.text, 3);
  if (currency.n > 0 && (currency.n != 3 || tw_cell_digits (row->currency) < 0))
    return refuse (take, TW_AT_CURRENCY, "a currency of ISO 4217, such as EUR");
  return take_amount (take, TW_AT_PRICE, &row->price_minor) && take_amount (take, TW_AT_TAX, &row->tax_minor)
         && take_amount (take, TW_AT_CAPTURED, &row->captured_minor)
         && take_amount (take, TW_AT_REFUNDED, &row->refunded_minor)
         && take_amount (take, TW_AT_FEE, &row->fee_minor)
         && take_amount (take, TW_AT_CHARGEBACK, &row->chargeback_minor);
}

/* A word that no list has is unknown: others' words are many. */
static int
take_word (Take              *take,
           TwSessionColumn    column,
           const char        *group,
           const char *const *names,
           TwLastWord        *last)
{
  TwText text = text_or (take, column);
  const char *name = NULL;
  int value;

  if (text.n == 0)
    return 0;
  if (text.n == last->n && memcmp (text.text, last->text, text.n) == 0)
    return last->value;
  value = tw_value_word ((TwChars) { text.text, text.n }, names);
  if (value < 0)
    name = tw_mapping_word (take->self->mapping, group, (TwChars) { text.text, text.n });
  if (name != NULL)
    value = tw_value_word (tw_value_chars (name), names);
  value = MAX (value, 0);
  last->n = text.n <= sizeof last->text ? text.n : G_MAXUINT32;
  last->value = value;
  memcpy (last->text, text.text, MIN (text.n, sizeof last->text));
  return value;
}

static void
take_words (Take *take)
{
  static const char *const kinds[] = { "AC", "DC", NULL };
  TwLastWord *last = take->self->last_words;
  TwSessionRow *row = take->row;
  TwChars customer = cell_of (take, TW_AT_CUSTOMER);

  row->direct_current = take_word (take, TW_AT_KIND, "kinds", kinds, &last[0]) == 1;
  row->means = (TwMeans) take_word (take, TW_AT_MEANS, "means", TW_MEANS_NAMES, &last[1]);
  row->ending = (TwEnding) take_word (take, TW_AT_ENDING, "endings", TW_ENDING_NAMES, &last[2]);
  row->money_state = (TwMoneyState) take_word (take, TW_AT_MONEY_STATE, "money-states", TW_MONEY_STATE_NAMES, &last[3]);
  row->customer = customer.n > 0 ? tw_value_hash (customer) : 0;
}

static gboolean
take_times (Take *take)
{
  TwSessionRow *row = take->row;
  Moment in, out, start, end;

  if (!take_zone (take) || !take_moment (take, TW_AT_PLUG_IN, &in) || !take_moment (take, TW_AT_PLUG_OUT, &out)
      || !take_moment (take, TW_AT_CHARGE_START, &start) || !take_moment (take, TW_AT_CHARGE_END, &end)
      || !take_span (take, TW_AT_CHARGING_S, &row->charging_s)
      || !take_span (take, TW_AT_OCCUPIED_S, &row->occupied_s))
    return FALSE;
  /* Files that tell only a beginning and how long it took. */
  if (take->self->first[TW_AT_PLUG_OUT] < 0 && in.us != TW_UNKNOWN && row->occupied_s != TW_UNKNOWN)
    out = (Moment) { in.us + row->occupied_s * G_USEC_PER_SEC, TW_UNKNOWN };
  resolve (take, &in, &out, row->occupied_s, &row->plug_in, &row->plug_out);
  resolve (take, &start, &end, row->charging_s, &row->charge_start, &row->charge_end);
  return TRUE;
}

gboolean
tw_foreign_take (TwForeign    *self,
                 const TwRows *rows,
                 TwSessionRow *row,
                 GString      *refusal)
{
  Take take = { self, rows, row, refusal, NULL };

  row->session = tw_text_of (cell_of (&take, TW_AT_SESSION));
  row->site = text_or (&take, TW_AT_SITE);
  row->evse = text_or (&take, TW_AT_EVSE);
  row->connector = text_or (&take, TW_AT_CONNECTOR);
  row->tariff = text_or (&take, TW_AT_TARIFF);
  if (row->site.n == 0 || row->evse.n == 0)
    return refuse (&take, row->site.n == 0 ? TW_AT_SITE : TW_AT_EVSE, "a name");
  take_words (&take);
  return take_times (&take) && take_quantity (&take, TW_AT_ENERGY, self->energy, &row->energy_wh)
         && take_quantity (&take, TW_AT_MAX_POWER, self->power, &row->max_power_w)
         && take_quantity (&take, TW_AT_RATED_POWER, self->power, &row->rated_power_w) && take_money (&take);
}
