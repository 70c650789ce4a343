/* SPDX-License-Identifier: Apache-2.0 */
/* What offers to people who come back would have met and cost. Each station judges alone, by its own journal, so each
 * site is gone through alone; by the very function that the station asks. */
#include "payment/analytics/measures/measures.h"

#include "payment/analytics/measures/calendar.h"
#include "payment/analytics/zone.h"
#include "payment/money/money.h"
#include "payment/offer/offer.h"

#include <stdlib.h>

#define MOST_CURRENCIES 256

static const TwColumn COLUMNS[] = {
  { "rule", TW_COLUMN_TEXT, NULL, "its id in offers.json" },
  { "charges_in_month", TW_COLUMN_COUNT, "charges", "condition: it is the card's charge of this number at the station "
    "in the local month" },
  { "days_since_last", TW_COLUMN_COUNT, "days", "condition: the card's last charge at the station was at least so many "
    "local days before" },
  { "discount", TW_COLUMN_SHARE, "1", "of the price with tax, as the operator chose it; empty: nobody has" },
  { "currency", TW_COLUMN_CURRENCY, NULL, "of the charges; empty: fewer than k customers met it, or none" },
  { "customers", TW_COLUMN_COUNT, "customers", "distinct cards, rounded down to a multiple of k" },
  { "charges", TW_COLUMN_COUNT, "sessions", "in the window that met it, rounded down to a multiple of k" },
  { "reduction_minor", TW_COLUMN_MINOR, "minor units", "sum of discount x captured of each, rounded up to two digits" },
};

static const TwFigureKind KIND = {
  "offers", "people", "What an offer would have met",
  "For each rule that a station can judge by its own journal: who would have had it in the window, if it had been one, "
  "and what it would have cost had everybody come all the same. Rules are looked at one by one; of several that hold a "
  "station grants the largest.",
  TW_PICTURE_NONE, NULL, NULL, NULL, NULL, NULL, COLUMNS, G_N_ELEMENTS (COLUMNS),
};

/* Of one rule in one currency. */
typedef struct { GArray *customers; guint64 charges; gint64 reduction_minor; } Met;

typedef struct { guint64 customer; const TwShortRow *row; } Charge;

typedef struct
{
  const TwAnalysis *analysis;
  const TwAnalysisTerms *terms;
  TwZone *zone;                        /* of the site that is looked at */
  Met    *met;                         /* rules x currencies */
  guint   n_rules;
} Survey;

static guint64
customer_of (const TwShortRow *row)
{
  return (guint64) row->customer[1] << 32 | row->customer[0];
}

static int
by_customer (gconstpointer a,
             gconstpointer b)
{
  const Charge *one = a, *other = b;

  if (one->customer != other->customer)
    return one->customer < other->customer ? -1 : 1;
  if (one->row->start_s != other->row->start_s)
    return one->row->start_s < other->row->start_s ? -1 : 1;
  return one->row < other->row ? -1 : one->row > other->row;
}

static void
note_met (Survey       *self,
          guint         rule,
          const Charge *charge)
{
  const TwShortRow *row = charge->row;
  Met *met = &self->met[rule * MOST_CURRENCIES + row->currency];
  gint64 captured = row->captured_minor == G_MININT32 ? 0 : row->captured_minor;

  if (met->customers == NULL)
    met->customers = g_array_new (FALSE, FALSE, sizeof (guint64));
  if (met->customers->len == 0 || g_array_index (met->customers, guint64, met->customers->len - 1) != charge->customer)
    g_array_append_val (met->customers, charge->customer);
  met->charges++;
  met->reduction_minor += tw_money_share_minor (MAX (0, captured), self->terms->offer_discount_bp);
}

/* All of one card at one site, in their order. */
static void
follow (Survey       *self,
        const Charge *charges,
        gsize         n)
{
  TwOfferHistory history = { 0, -1 };
  gint32 last_day = 0;

  for (gsize i = 0; i < n; i++)
    {
      gint32 day = tw_zone_day (self->zone, charges[i].row->start_s);

      history.days_since_last = i > 0 ? day - last_day : -1;
      if (i == 0 || tw_month_of_day (day) != tw_month_of_day (last_day))
        history.charges_in_month = 0;
      history.charges_in_month++;
      last_day = day;
      if (day < self->terms->from_day || day >= self->terms->to_day)
        continue;
      for (guint rule = 0; rule < self->n_rules; rule++)
        if (tw_offer_holds (&TW_OFFER_PROPOSALS[rule].condition, &history))
          note_met (self, rule, &charges[i]);
    }
}

static void
survey_site (Survey           *self,
             const TwShortRow *rows,
             gsize             n)
{
  g_autoptr (GArray) charges = g_array_new (FALSE, FALSE, sizeof (Charge));

  for (gsize i = 0; i < n; i++)
    {
      Charge charge = { customer_of (&rows[i]), &rows[i] };

      if (charge.customer != 0 && rows[i].energy_wh != G_MAXUINT32 && rows[i].energy_wh > 0)
        g_array_append_val (charges, charge);
    }
  g_array_sort (charges, by_customer);
  for (gsize i = 0, next; i < charges->len; i = next)
    {
      const Charge *first = &g_array_index (charges, Charge, i);

      for (next = i + 1; next < charges->len && first[next - i].customer == first->customer; )
        next++;
      follow (self, first, next - i);
    }
}

/* Rows are by port, and ports by site. */
static void
survey (Survey *self)
{
  guint n_ports;
  gsize n;
  const TwPort *ports = tw_analysis_ports (self->analysis, &n_ports);
  const TwShortRow *rows = tw_analysis_rows (self->analysis, &n);

  for (gsize i = 0, next; i < n; i = next)
    {
      guint32 site = ports[rows[i].port].site;

      for (next = i + 1; next < n && ports[rows[next].port].site == site; )
        next++;
      self->zone = tw_zone_new (tw_analysis_site_zone (self->analysis, site));
      survey_site (self, &rows[i], next - i);
      tw_zone_free (self->zone);
    }
}

static int
by_number (gconstpointer a,
           gconstpointer b)
{
  guint64 one = *(const guint64 *) a, other = *(const guint64 *) b;

  return one < other ? -1 : one > other;
}

/* Who meets a rule at two sites is one. */
static guint64
n_distinct (GArray *customers)
{
  guint64 n = 0;

  g_array_sort (customers, by_number);
  for (guint i = 0; i < customers->len; i++)
    n += i == 0 || g_array_index (customers, guint64, i) != g_array_index (customers, guint64, i - 1);
  return n;
}

/* Two digits are enough for a cost that is to come, and tell no single charge. */
static gint64
rounded_up (gint64 minor)
{
  gint64 unit = 1;

  while (minor / unit >= 100)
    unit *= 10;
  return (minor + unit - 1) / unit * unit;
}

static void
add_row (TwFigure   *figure,
         guint       rule,
         guint       discount_bp,
         const char *currency,
         const Met  *met,
         guint       k)
{
  const TwOfferCondition *condition = &TW_OFFER_PROPOSALS[rule].condition;
  guint64 customers = met ? n_distinct (met->customers) / k * k : 0;

  tw_figure_add (figure, (TwCell[]) {
    tw_cell_text (TW_OFFER_PROPOSALS[rule].id),
    condition->charges_in_month != 0 ? tw_cell_int (condition->charges_in_month) : tw_cell_none (),
    condition->days_since_last != 0 ? tw_cell_int (condition->days_since_last) : tw_cell_none (),
    discount_bp != 0 ? tw_cell_ratio (discount_bp, TW_OFFER_WHOLE_BP) : tw_cell_none (),
    met ? tw_cell_text (currency) : tw_cell_none (),
    met ? tw_cell_int ((gint64) customers) : tw_cell_none (),
    met ? tw_cell_int ((gint64) (met->charges / k * k)) : tw_cell_none (),
    met && discount_bp != 0 ? tw_cell_int (rounded_up (met->reduction_minor)) : tw_cell_none () });
}

static void
tell_rule (const Survey *self,
           guint         rule,
           TwFigure     *figure)
{
  const TwAnalysisTerms *terms = self->terms;
  guint n_told = 0;

  for (guint currency = 0; currency < MOST_CURRENCIES; currency++)
    {
      Met *met = &self->met[rule * MOST_CURRENCIES + currency];

      if (met->customers == NULL || n_distinct (met->customers) < terms->k)
        continue;
      add_row (figure, rule, terms->offer_discount_bp, tw_analysis_currency (self->analysis, currency), met, terms->k);
      n_told++;
    }
  if (n_told == 0)
    add_row (figure, rule, terms->offer_discount_bp, NULL, NULL, terms->k);
}

void
tw_measure_offers (const TwAnalysis *analysis,
                   GPtrArray        *figures)
{
  TwFigure *figure = tw_figure_new (&KIND);
  Survey self = { .analysis = analysis, .terms = tw_analysis_terms (analysis) };
  gsize n_customers;

  while (TW_OFFER_PROPOSALS[self.n_rules].id != NULL)
    self.n_rules++;
  self.met = g_new0 (Met, self.n_rules * MOST_CURRENCIES);
  tw_analysis_customers (analysis, &n_customers);
  tw_figure_about (figure, n_customers, "captured");
  survey (&self);
  for (guint rule = 0; rule < self.n_rules; rule++)
    tell_rule (&self, rule, figure);
  if (self.terms->offer_discount_bp == 0)
    tw_figure_note (figure, "What it would cost is told for a discount that is chosen: --offer-discount PERCENT.");
  for (guint i = 0; i < self.n_rules * MOST_CURRENCIES; i++)
    g_clear_pointer (&self.met[i].customers, g_array_unref);
  g_free (self.met);
  g_ptr_array_add (figures, figure);
}
