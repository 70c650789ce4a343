/* SPDX-License-Identifier: Apache-2.0 */
/* What is left of a tariff file once it is understood. This folder's own; its front door is tariff.h. */
#pragma once

#include "payment/money/fraction.h"
#include "payment/tariff/tariff.h"

#include "app/base/json.h"

#define TW_N_DIMENSIONS (TW_LINE_PARKING_TIME + 1)   /* FLAT, ENERGY, TIME, PARKING_TIME: those a component may have */
#define TW_PRICE_DECIMALS 6
#define TW_MICRO 1000000
#define TW_MAX_RATES 16
#define TW_NEVER G_MAXINT64

/* OCPI 2.3.0 TaxIncluded; UNSAID is 2.2.1, whose prices are without VAT. */
typedef enum { TW_TAX_UNSAID, TW_TAX_YES, TW_TAX_NO, TW_TAX_NOT_APPLICABLE } TwTaxForm;

typedef struct { TwFraction net, gross; } TwSides;

typedef struct
{
  TwLineKind kind;
  guint      element, index;     /* elements[element].price_components[index] */
  gboolean   reservation;        /* the element is for reservations */
  gboolean   tax_unknown;
  gint64     price_micro;        /* per kWh, hour or session, the side that the tax form gives */
  guint      rate;               /* into TwTariff.factors */
  gint64     step_size;          /* Wh or s; 0: none */
  char      *price, *gross_price, *tax_percent;
} TwComponent;

/* What grows or varies, each with the sorted values at which some element begins or ends. A value's rank is how many
 * of them it has reached, so that a restriction is two comparisons of small numbers. */
typedef enum { TW_AXIS_ENERGY, TW_AXIS_DURATION, TW_AXIS_CURRENT, TW_AXIS_POWER, TW_N_AXES } TwAxis;
typedef struct { gint64 *cuts; guint n; } TwCuts;                     /* mWh, ms, mA, mW; all above 0 */

typedef enum { TW_FOR_SESSION, TW_FOR_RESERVATION, TW_FOR_EXPIRY } TwPurpose;

typedef struct
{
  TwPurpose purpose;
  gint64    min[TW_N_AXES], max[TW_N_AXES];               /* -1: absent */
  gint16    min_rank[TW_N_AXES], max_rank[TW_N_AXES];     /* holds if min_rank <= rank < max_rank */
  gboolean  has_axis[TW_N_AXES];
  gboolean  is_local, equal_times;                        /* one of those below is given; start_time is end_time */
  gint32    start_s, end_s;                               /* of the day; start > end: over midnight */
  gint64    start_day, end_day;                           /* days since 1970; end exclusive */
  guint8    weekdays;                                     /* bit 0: Monday */
  char     *text;                                         /* what was given, for people: "start_time 20:00, ..." */
} TwRestrictions;

typedef struct
{
  TwRestrictions restrictions;
  int            component[TW_N_DIMENSIONS];              /* index into TwTariff.components; -1: none */
} TwElement;

typedef struct { gboolean has_net, has_gross; TwSides at; char *gross_text; } TwLimit;
typedef struct { char *language, *text; } TwAltText;

struct _TwTariff
{
  gatomicrefcount ref_count;
  GBytes     *bytes;
  char       *hash, *id, *alt_url;
  char        currency[4];
  int         digits;
  TwTariffUse use;
  TwTaxForm   tax_form;
  GTimeZone  *zone;
  GArray     *components;                  /* of TwComponent */
  GArray     *elements;                    /* of TwElement */
  GArray     *alt_texts;                   /* of TwAltText */
  gint64      factors[TW_MAX_RATES];       /* 1 + rate, in millionths */
  guint       n_rates;
  TwCuts      cuts[TW_N_AXES];
  gint32     *day_cuts;                    /* seconds of the local day at which something may change, 0 first */
  guint       n_day_cuts;                  /* 0: no element asks for local time */
  TwLimit     minimum, maximum;
  gint64      preauthorize_minor;
  gint64      start_wall_us, end_wall_us, updated_wall_us;
  TwPriceTag  tags[TW_N_DIMENSIONS];
  guint       n_tags;
  GPtrArray  *faults;                      /* of GError *: the reader goes on after them; NULL: it ends at the first */
};

static inline const TwComponent *
tw_tariff_component (const TwTariff *self, guint i)
{
  return &g_array_index (self->components, TwComponent, i);
}

void       tw_tariff_compile (TwTariff *self);
/* 1 + the highest rate of all components, 1 + that of the component, as fractions. */
TwFraction tw_tariff_highest_tax_factor (const TwTariff *self);
TwFraction tw_tariff_tax_factor (const TwTariff *self, const TwComponent *component);
void       tw_tariff_write_tag (const TwComponent *component, TwPriceTag *tag);
