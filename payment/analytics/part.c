/* SPDX-License-Identifier: Apache-2.0 */
/* Where rows come in: each is judged by the gate, its names become numbers, and what is left of it are 44 bytes and a
 * few sums. What needs all rows to be known (open ones, overlaps, hours) waits for the close.
 */
#include "payment/analytics/analysis-private.h"

#include "payment/analytics/opening-hours.h"

#include "app/base/error.h"

#include <string.h>

/* Beyond it, a column was taken for another one. */
#define MOST_WH 4000000000

void
tw_sums_init (TwSums   *self,
              guint64   seed,
              TwBudget *budget)
{
  self->first_s = G_MAXINT64;
  self->last_s = G_MININT64;
  tw_table_init (&self->rows, sizeof (TwShortRow), 0, seed, budget);
  tw_table_init (&self->money, sizeof (TwMoneyCell), G_STRUCT_OFFSET (TwMoneyCell, n_paid), seed, budget);
  tw_table_init (&self->customers, sizeof (TwCustomerSum), G_STRUCT_OFFSET (TwCustomerSum, first_day), seed, budget);
  tw_table_init (&self->visits, sizeof (TwVisit), 0, seed, budget);
  tw_table_init (&self->holds, sizeof (TwHoldRow), 0, seed, budget);
}

void
tw_sums_clear (TwSums *self)
{
  tw_table_clear (&self->rows);
  tw_table_clear (&self->money);
  tw_table_clear (&self->customers);
  tw_table_clear (&self->visits);
  tw_table_clear (&self->holds);
}

TwPart *
tw_part_new (TwAnalysis *analysis,
             const char *source)
{
  gint64 as_of = analysis->terms.as_of_us;
  TwPart *self = g_new0 (TwPart, 1);

  self->analysis = analysis;
  tw_names_init (&self->names, analysis->terms.time_zone, analysis->seed, &analysis->budget);
  tw_words_take (&self->names.tariffs, "", 0);
  tw_words_take (&self->names.reasons, "", 0);
  tw_words_take (&self->names.currencies, "", 0);
  tw_sums_init (&self->sums, analysis->seed, &analysis->budget);
  self->gate = tw_gate_new (analysis->copies, source, as_of == TW_UNKNOWN ? TW_LATEST_US : as_of + DAY_S * SECOND_US);
  self->ports = g_array_new (FALSE, FALSE, sizeof (TwPortRow));
  self->events = g_array_new (FALSE, FALSE, sizeof (TwEventRow));
  tw_part_begin_accumulating (self);
  return self;
}

void
tw_part_free (TwPart *self)
{
  if (self == NULL)
    return;
  tw_names_clear (&self->names);
  tw_sums_clear (&self->sums);
  g_clear_pointer (&self->gate, tw_gate_free);
  tw_part_end_accumulating (self);
  g_array_unref (self->ports);
  g_array_unref (self->events);
  g_free (self);
}

gboolean
tw_part_is_well (TwPart  *self,
                 GError **error)
{
  if (self->too_many)
    g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "more happened at one connector in one day than can: is "
                 "the column of the EVSE, or the one of the energy, another one?");
  else if (self->names.tariffs.n > TW_MOST_TARIFFS || self->names.currencies.n > TW_MOST_CURRENCIES)
    g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "there are more than %d tariffs, or %d currencies: are their "
                 "columns others?", TW_MOST_TARIFFS, TW_MOST_CURRENCIES);
  else
    return tw_analysis_is_small (self->analysis, error);
  return FALSE;
}

static gboolean
fits (gint64 amount)
{
  return amount == TW_UNKNOWN || (amount > G_MININT32 && amount <= G_MAXINT32);
}

/* What cannot be added up; NULL: it can. */
static const char *
impossible (const TwSessionRow *row,
            guint32             port)
{
  if (port == TW_NO_NAME)
    return "there is no such time zone, or a name is too long";
  if (row->energy_wh != TW_UNKNOWN && row->energy_wh > MOST_WH)
    return "more than 4 GWh in one session: is the unit of its energy another one?";
  if (!fits (row->price_minor) || !fits (row->tax_minor) || !fits (row->captured_minor) || !fits (row->refunded_minor)
      || !fits (row->fee_minor) || !fits (row->chargeback_minor) || !fits (row->held_minor))
    return "an amount of more than 2147483647 minor units: is its decimal mark another one?";
  return NULL;
}

static inline gint64
seconds (gint64 us)
{
  return tw_floor_div (us, SECOND_US);
}

/* Whole seconds, all cut down, so that what is between instants adds up. */
static void
set_times (TwShortRow         *short_row,
           const TwSessionRow *row)
{
  gboolean open = row->plug_out == TW_UNKNOWN;
  gint64 start = seconds (row->plug_in), end = open ? G_MAXUINT32 - 1 : MAX (start, seconds (row->plug_out));
  gint64 from, until;

  short_row->start_s = start;
  short_row->open = open;
  short_row->occupied_s = open ? 0 : end - start;
  short_row->charge_after_s = short_row->charging_s = G_MAXUINT32;
  if (row->charge_start == TW_UNKNOWN && row->charge_end == TW_UNKNOWN && row->charging_s == TW_UNKNOWN)
    return;
  from = row->charge_start == TW_UNKNOWN ? start : CLAMP (seconds (row->charge_start), start, end);
  if (row->charge_end == TW_UNKNOWN && row->charging_s == TW_UNKNOWN && !open)
    return;
  short_row->charge_after_s = from - start;
  short_row->charging_s = TW_OPEN_CHARGING;
  if (row->charge_end == TW_UNKNOWN && row->charging_s == TW_UNKNOWN)
    return;
  until = row->charge_end != TW_UNKNOWN ? seconds (row->charge_end) : from + CLAMP (row->charging_s, 0, G_MAXUINT32);
  short_row->charging_s = CLAMP (until, from, end) - from;
}

/* Two epochs of one card are two customers; a table's record is all zeros. */
static void
set_customer (TwShortRow         *short_row,
              const TwSessionRow *row)
{
  guint64 both = row->customer + (guint64) row->epoch * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  if (row->customer == 0)
    return;
  short_row->customer[0] = (guint32) MAX (both, 1);
  short_row->customer[1] = (guint32) (both >> 32);
}

static TwShortRow *
add_row (TwPart             *self,
         const TwSessionRow *row,
         guint32             port)
{
  TwShortRow *short_row = tw_table_add (&self->sums.rows);
  TwZone *zone = tw_names_zone_of (&self->names, port);

  short_row->port = port;
  set_times (short_row, row);
  short_row->energy_wh = row->energy_wh == TW_UNKNOWN ? G_MAXUINT32 : MAX (0, row->energy_wh);
  short_row->captured_minor = row->captured_minor == TW_UNKNOWN || row->currency[0] == 0 ? G_MININT32
                                                                                         : row->captured_minor;
  short_row->tariff = MIN (tw_words_take (&self->names.tariffs, row->tariff.text, row->tariff.n), G_MAXUINT16);
  short_row->currency = MIN (tw_words_take (&self->names.currencies, row->currency,
                                            strnlen (row->currency, sizeof row->currency)), G_MAXUINT8);
  short_row->means = row->means;
  short_row->ending = row->ending;
  set_customer (short_row, row);
  short_row->day = short_row->open ? 0 : tw_zone_day (zone, (gint64) short_row->start_s + short_row->occupied_s);
  self->sums.first_s = MIN (self->sums.first_s, short_row->start_s);
  self->sums.last_s = MAX (self->sums.last_s, (gint64) short_row->start_s + short_row->occupied_s);
  return short_row;
}

static inline gint64
known (gint64 amount)
{
  return amount == TW_UNKNOWN ? 0 : amount;
}

/* Of the day on which it ended. */
static void
add_money (TwPart             *self,
           const TwSessionRow *row,
           const TwShortRow   *short_row)
{
  TwMoneyCell key = { .port = short_row->port, .tariff = short_row->tariff, .day = short_row->day };
  TwMoneyCell *cell;
  gboolean paid = row->captured_minor != TW_UNKNOWN && row->captured_minor > 0;
  gint64 unpaid = known (row->price_minor) - known (row->captured_minor);

  memcpy (key.currency, row->currency, sizeof key.currency);
  cell = tw_table_take (&self->sums.money, &key);
  tw_add32 (&cell->n_paid, paid, &self->too_many);
  cell->n_priced += row->price_minor != TW_UNKNOWN;
  cell->n_captured += row->captured_minor != TW_UNKNOWN;
  cell->n_fee += row->fee_minor != TW_UNKNOWN;
  cell->billed_energy_wh += paid ? MAX (0, known (row->energy_wh)) : 0;
  cell->priced_minor += known (row->price_minor);
  cell->tax_minor += known (row->tax_minor);
  cell->captured_minor += known (row->captured_minor);
  cell->refunded_minor += known (row->refunded_minor);
  cell->fee_minor += known (row->fee_minor);
  cell->chargeback_minor += known (row->chargeback_minor);
  cell->unpaid_minor += row->price_minor != TW_UNKNOWN ? MAX (0, unpaid) : 0;
  if (row->money_state == TW_STATE_SETTLED || row->money_state == TW_STATE_BANKED)
    cell->reconciled_minor += known (row->captured_minor);
}

/* Months since January 1970 of a day after 2000-03-01. A year that begins in March has its leap day at its end, and its
 * months begin after 153 days for each five of them. */
static gint32
month_of (gint32 day)
{
  gint32 left = day - 11017, centuries, years, month;

  centuries = (left - left / 146097) / 36524;
  left -= centuries * 36524 + centuries / 4;
  years = (left - left / 1460) / 365;
  left -= years * 365 + years / 4;
  month = (5 * left + 2) / 153;
  return (30 + centuries * 100 + years) * 12 + 2 + month;
}

/* The months that are seen from an earlier one. */
static guint64
seen_from (guint64 months,
           gint32  n_earlier)
{
  return n_earlier < 64 ? months << n_earlier : 0;
}

void
tw_customer_sum_add (TwCustomerSum       *self,
                     const TwCustomerSum *more)
{
  if (self->n == 0)
    {
      *self = *more;
      return;
    }
  if (month_of (more->first_day) <= month_of (self->first_day))
    self->months = more->months | seen_from (self->months, month_of (self->first_day) - month_of (more->first_day));
  else
    self->months |= seen_from (more->months, month_of (more->first_day) - month_of (self->first_day));
  self->first_day = MIN (self->first_day, more->first_day);
  self->last_day = MAX (self->last_day, more->last_day);
  self->n += more->n;
  self->n_within += more->n_within;
  self->captured_minor += more->captured_minor;
}

/* What comes after the window is not known in it. */
static void
add_customer (TwPart             *self,
              const TwSessionRow *row,
              gint32              day)
{
  const TwAnalysisTerms *terms = &self->analysis->terms;
  TwCustomerSum one = { .customer = row->customer, .epoch = row->epoch, .first_day = day, .last_day = day, .n = 1,
                        .n_within = day >= terms->from_day, .months = 1,
                        .captured_minor = known (row->captured_minor) };

  if (day >= terms->to_day)
    return;
  memcpy (one.currency, row->currency, sizeof one.currency);
  tw_customer_sum_add (tw_table_take (&self->sums.customers, &one), &one);
}

/* Of instants that the gate does not judge. */
static gboolean
is_sane (gint64 us)
{
  return us > 0 && us < TW_LATEST_US;
}

static gint64
between (gint64 from,
         gint64 until)
{
  return from == TW_UNKNOWN || until == TW_UNKNOWN || until < from ? TW_UNKNOWN : until - from;
}

static void
add_hold (TwPart             *self,
          const TwSessionRow *row,
          guint32             port)
{
  gint64 at = row->answered_at != TW_UNKNOWN ? row->answered_at : row->held_from;
  TwHoldRow *hold = tw_table_add (&self->sums.holds);

  *hold = (TwHoldRow) {
    .site = tw_names_port_at (&self->names, port)->site,
    .day = tw_zone_day (tw_names_zone_of (&self->names, port), seconds (is_sane (at) ? at : row->plug_in)),
    .held_minor = row->held_minor, .captured_minor = row->captured_minor, .held_from = row->held_from,
    .held_until = row->held_until, .answer_us = between (row->tap_at, row->answered_at),
    .release_us = known (row->captured_minor) > 0 ? TW_UNKNOWN : between (row->plug_out, row->held_until),
  };
  memcpy (hold->currency, row->currency, sizeof hold->currency);
}

static void
note_edges (TwPart             *self,
            const TwSessionRow *row,
            gint32              first_day,
            gint32              last_day)
{
  const TwAnalysisTerms *terms = &self->analysis->terms;

  if (last_day < terms->from_day || first_day >= terms->to_day)
    tw_gate_note (self->gate, TW_FLAG_OUTSIDE, row->line, NULL);
  else if (first_day < terms->from_day || last_day >= terms->to_day)
    tw_gate_note (self->gate, TW_FLAG_OVER_EDGE, row->line, NULL);
}

static gboolean
take_session (gpointer             data,
              const TwSessionRow  *given,
              GError             **error)
{
  TwPart *self = data;
  TwSessionRow row = *given;
  guint32 port = tw_names_port (&self->names, row.site, row.zone, row.evse, row.connector);
  const char *wrong = impossible (&row, port);
  TwShortRow *short_row;
  gint32 day;

  if (wrong)
    tw_gate_refuse (self->gate, row.line, wrong);
  if (wrong || !tw_gate_session (self->gate, &row))
    return TRUE;
  tw_names_see (&self->names, port, row.rated_power_w, row.direct_current);
  short_row = add_row (self, &row, port);
  day = tw_zone_day (tw_names_zone_of (&self->names, port), short_row->start_s);
  if (!short_row->open)
    note_edges (self, &row, day, short_row->day);
  if (!short_row->open && row.currency[0] != 0)
    add_money (self, &row, short_row);
  if (row.customer != 0)
    add_customer (self, &row, day);
  if (row.held_minor != TW_UNKNOWN || row.answered_at != TW_UNKNOWN)
    add_hold (self, &row, port);
  tw_part_accumulate (self, &row, short_row);
  return tw_part_is_well (self, error);
}

static gboolean
take_visit (gpointer           data,
            const TwVisitRow  *row,
            GError           **error)
{
  TwPart *self = data;
  guint32 site = tw_names_site (&self->names, row->site, row->zone);
  TwVisit *visit;

  if (site == TW_NO_NAME || !is_sane (row->at))
    return TRUE;
  visit = tw_table_add (&self->sums.visits);
  visit->site = site;
  visit->reason = tw_words_take (&self->names.reasons, row->drop_reason.text, row->drop_reason.n);
  visit->customer = row->customer;
  visit->at = row->at;
  visit->amount_minor = fits (row->amount_minor) ? row->amount_minor : TW_UNKNOWN;
  visit->day = tw_zone_day (tw_names_site_at (&self->names, site)->zone, seconds (row->at));
  visit->stages = row->stages;
  visit->all_busy = row->all_busy;
  memcpy (visit->currency, row->currency, sizeof visit->currency);
  return tw_part_is_well (self, error);
}

static TwText
keep (TwPart *self,
      TwText  text)
{
  tw_budget_take (&self->analysis->budget, text.n);
  return (TwText) { g_string_chunk_insert_len (self->names.texts, text.n > 0 ? text.text : "", text.n), text.n };
}

static gboolean
take_port (gpointer          data,
           const TwPortRow  *row,
           GError          **error)
{
  TwPart *self = data;
  TwPortRow kept = *row;
  g_autofree char *hours = row->opening_hours.n > 0 ? g_strndup (row->opening_hours.text, row->opening_hours.n) : NULL;
  g_autoptr (TwOpeningHours) parsed = hours ? tw_opening_hours_parse (hours, error) : NULL;

  if (hours && parsed == NULL)
    return FALSE;
  kept.site = keep (self, row->site);
  kept.evse = keep (self, row->evse);
  kept.connector = keep (self, row->connector);
  kept.zone = keep (self, row->zone);
  kept.opening_hours = keep (self, row->opening_hours);
  tw_budget_take (&self->analysis->budget, sizeof kept);
  g_array_append_val (self->ports, kept);
  return tw_part_is_well (self, error);
}

static gboolean
take_event (gpointer           data,
            const TwEventRow  *row,
            GError           **error)
{
  TwPart *self = data;
  TwEventRow kept = *row;

  kept.site = keep (self, row->site);
  kept.evse = keep (self, row->evse);
  kept.reason = keep (self, row->reason);
  tw_budget_take (&self->analysis->budget, sizeof kept);
  g_array_append_val (self->events, kept);
  return tw_part_is_well (self, error);
}

static gboolean
take_refused (gpointer     data,
              guint64      line,
              const char  *what,
              GError     **error)
{
  TwPart *self = data;

  tw_gate_refuse (self->gate, line, what);
  return tw_part_is_well (self, error);
}

const TwRowIntakeClass tw_part_class = {
  .session = take_session,
  .visit = take_visit,
  .port = take_port,
  .event = take_event,
  .refused = take_refused,
};
