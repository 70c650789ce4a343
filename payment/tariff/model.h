/* SPDX-License-Identifier: Apache-2.0 */
/* What is left of a tariff file once it is understood. This folder's own; its front door is tariff.h. */
#pragma once

#include "payment/money/fraction.h"
#include "payment/tariff/tariff.h"

#include "app/base/json.h"

#define TW_N_DIMENSIONS (TW_LINE_PARKING_TIME + 1)   /* FLAT, ENERGY, TIME, PARKING_TIME: those a component may have */
#define TW_PRICE_DECIMALS 6

/* OCPI 2.3.0 TaxIncluded; UNSAID is 2.2.1, whose prices are without VAT. */
typedef enum { TW_TAX_UNSAID, TW_TAX_YES, TW_TAX_NO, TW_TAX_NOT_APPLICABLE } TwTaxForm;

typedef struct { TwFraction net, gross; } TwSides;

typedef struct
{
  gboolean   present;
  gboolean   tax_unknown;
  TwSides    unit;          /* price of one kWh, hour or session */
  TwFraction tax_factor;    /* 1 + rate */
  gint64     step_size;     /* Wh or s; 0: none */
  char      *price, *gross_price, *tax_percent;
} TwComponent;

typedef struct { gboolean has_net, has_gross; TwSides at; char *gross_text; } TwLimit;

struct _TwTariff
{
  gatomicrefcount ref_count;
  GBytes     *bytes;
  char       *hash, *id;
  char        currency[4];
  int         digits;
  TwTaxForm   tax_form;
  TwComponent components[TW_N_DIMENSIONS];   /* the first of each: without restrictions it always applies */
  TwLimit     minimum, maximum;
  gint64      preauthorize_minor;
  gint64      start_wall_us, end_wall_us;
  TwPriceTag  tags[TW_N_DIMENSIONS];
  guint       n_tags;
};

struct _TwUsage
{
  gint64  energy_wh;
  gint64  duration_ms[TW_PHASE_BLOCKED + 1];
  TwPhase last_time_phase;   /* CHARGING or PARKING, whichever took time last */
};

/* A usage, priced, and nothing rounded but steps. */
typedef struct
{
  gint64  quantity[TW_N_DIMENSIONS];   /* billed: Wh, ms, 1; 0: nothing */
  TwSides amount[TW_N_DIMENSIONS];
  TwSides unlimited, total;            /* before and after min_price and max_price */
} TwPricing;

/* FALSE: too large. */
gboolean   tw_tariff_evaluate (const TwTariff *self, const TwUsage *usage, TwPricing *pricing);
/* 1 + the highest rate of all components. */
TwFraction tw_tariff_highest_tax_factor (const TwTariff *self);

gboolean   tw_tariff_read_document (TwTariff *self, const TwJson *root, GError **error);
void       tw_tariff_clear_component (TwComponent *self);
gboolean   tw_tariff_read_elements (TwTariff *self, const TwJson *elements, GError **error);

/* Always FALSE, with BAD_DATA and the place; for "return". */
gboolean   tw_tariff_refuse (const TwJson *where, GError **error, const char *format, ...) G_GNUC_PRINTF (3, 4);
/* A number of at least 0 with at most max_scale decimals. */
gboolean   tw_tariff_read_decimal (const TwJson *number, guint max_scale, TwDecimal *decimal, GError **error);
/* *member NULL: absent, or null. FALSE: another type. */
gboolean   tw_tariff_optional (const TwJson *object, const char *name, TwJsonType type, const TwJson **member,
                               GError **error);
