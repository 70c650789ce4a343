/* SPDX-License-Identifier: Apache-2.0 */
/* What is added up of sessions under other tariffs; see what-if.h. This folder's own. */
#pragma once

#include "payment/analytics/measures/spread.h"
#include "payment/analytics/measures/what-if-price.h"
#include "payment/analytics/measures/what-if.h"
#include "payment/analytics/table.h"

#define TW_WEEK_HOURS 168
#define TW_CHANGE_OFFSET 1000     /* permille: a change of -100 % is 0 */

/* Of one port and the tariff that sessions were sold by. Compared are those of which it is known what was asked. */
typedef struct
{
  guint32 port, tariff, what_if, padding;                     /* the key */
  gint64  n, energy_wh, after_minor;                          /* priced */
  gint64  n_compared, n_more, n_less, compared_wh;
  gint64  asked_minor, captured_minor, compared_after_minor;
  gint64  n_net, net_minor;                                   /* of compared_after_minor, where its tax is known */
  gint64  n_above_hold, above_hold_minor;                     /* more than was held for them, and by how much */
} TwWhatIfCell;

/* Compared sessions that began in an hour of the week. */
typedef struct { gint64 n, energy_wh, asked_minor, after_minor; } TwWhatIfHour;

/* Sessions under the tariff that they were sold by. */
typedef struct { gint64 n, n_same, n_near, n_not_priced, asked_minor, after_minor; } TwWhatIfCheck;

typedef struct
{
  guint64      n_of[TW_N_REPRICINGS];
  guint64      n_without_amount;
  TwWhatIfHour hours[TW_WEEK_HOURS];
  TwSpread     more, less;        /* by how much, in minor units */
  TwSpread     change;            /* permille of what was asked, and TW_CHANGE_OFFSET; where that was not 0 */
  guint64      n_same_paid, n_free;   /* the same, and not 0; asked for nothing */
  TwWhatIfCheck check;            /* sessions whose tariff has this one's id */
} TwWhatIfSum;

/* All sessions of a customer that were compared; as many changes as there are other tariffs, behind it. */
typedef struct
{
  guint64 customer;
  gint32  epoch;                                              /* the key */
  guint32 compared;                                           /* a bit for each tariff under which some were */
  gint64  change_minor[];
} TwWhatIfCustomer;

typedef struct
{
  TwTable      cells, customers;  /* of TwWhatIfCell, TwWhatIfCustomer */
  TwWhatIfSum *of[TW_MOST_WHAT_IFS];
  TwWhatIfCheck check;            /* sessions whose own tariff is known */
} TwWhatIfSums;

typedef struct { char *name; GBytes *file; TwTariff *tariff; gboolean asks_reservation, asks_power; } TwOtherTariff;

struct _TwWhatIf
{
  gint32        from_day, to_day;
  guint         n;
  TwOtherTariff tariffs[TW_MOST_WHAT_IFS];
  TwBudget      budget;
  guint64       seed;
  TwWhatIfSums  sums;             /* of all parts, by rank */
};

extern const TwAccumulatorClass tw_what_if_accumulator_class;

/* Once the tariffs are known. */
void tw_what_if_sums_init  (TwWhatIfSums *self, const TwWhatIf *what_if, TwBudget *budget);
void tw_what_if_sums_clear (TwWhatIfSums *self);

void tw_what_if_cell_add   (TwWhatIfCell *self, const TwWhatIfCell *more);

/* Figures of their own: what-if-reaction.c, what-if-drivers.c, what-if-places.c, what-if-trust.c. */
/* elasticity: the figure of that name; totals: gets a sentence for each tariff. */
void tw_what_if_tell_reaction (const TwWhatIf *self, const TwFigure *elasticity, TwFigure *totals,
                               GPtrArray *figures);
void tw_what_if_tell_drivers  (const TwWhatIf *self, guint k, GPtrArray *figures);
void tw_what_if_tell_places   (const TwAnalysis *analysis, TwWhatIf *self, GPtrArray *figures);
void tw_what_if_tell_trust    (const TwWhatIf *self, GPtrArray *figures);

static inline TwCell
tw_what_if_name (const TwWhatIf *self, guint i)
{
  return tw_cell_text (self->tariffs[i].name);
}

static inline TwCell
tw_what_if_currency (const TwWhatIf *self, guint i)
{
  return tw_cell_text (tw_tariff_currency (self->tariffs[i].tariff));
}
