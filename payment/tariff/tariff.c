/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/tariff/model.h"

#include "app/base/bytes.h"
#include "app/base/error.h"

#include <string.h>

static const TwJsonLimits limits = { .max_bytes = TW_TARIFF_MAX_BYTES, .max_depth = 16, .max_values = 5000 };

/* Regulation (EU) 2023/1804 art. 5(4): per kWh, per minute, per session, other. */
static const TwLineKind legal_order[TW_N_DIMENSIONS] = {
  TW_LINE_ENERGY, TW_LINE_TIME, TW_LINE_PARKING_TIME, TW_LINE_FLAT
};

TwTariff *
tw_tariff_ref (TwTariff *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
tw_tariff_unref (TwTariff *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;

  for (guint i = 0; i < TW_N_DIMENSIONS; i++)
    tw_tariff_clear_component (&self->components[i]);
  g_free (self->minimum.gross_text);
  g_free (self->maximum.gross_text);
  g_free (self->id);
  g_free (self->hash);
  g_bytes_unref (self->bytes);
  g_free (self);
}

static gboolean
is_net_known (const TwTariff *self)
{
  for (guint i = 0; i < TW_N_DIMENSIONS; i++)
    if (self->components[i].tax_unknown)
      return FALSE;

  return TRUE;
}

/* A limit before taxes says nothing about a total of which only the amount after taxes is known. */
static gboolean
settle_limit (TwTariff      *self,
              const TwJson  *where,
              TwLimit       *limit,
              GError       **error)
{
  TwFraction gross = limit->at.gross;

  if (!limit->has_net && !limit->has_gross)
    return TRUE;
  if (!is_net_known (self))
    {
      if (!limit->has_gross)
        return tw_tariff_refuse (where, error, "is before taxes, and a vat is missing: expected after_taxes");
      limit->has_net = FALSE;
    }
  if (!limit->has_gross)   /* at most; the ratio of a real session may be lower (decision 9) */
    gross = tw_fraction_multiply (limit->at.net, tw_tariff_highest_tax_factor (self));
  limit->gross_text = tw_fraction_to_text (gross, self->digits, TW_DECIMAL_MAX_SCALE, NULL);

  return TRUE;
}

/* Sessions of which no charging point has seen the like, in primes, so that no fraction gets simpler by luck. What
 * prices these prices every real one: a session must never find out that its tariff cannot be calculated. */
static gboolean
prices_anything (const TwTariff  *self,
                 GError         **error)
{
  const TwUsage probes[] = {
    { 1, { 1, 1, 0 }, TW_PHASE_PARKING },
    { 99991, { 86399993, 3599969, 0 }, TW_PHASE_CHARGING },
    { 9999999967, { 999999999989, 99999999977, 0 }, TW_PHASE_PARKING },
  };

  for (guint i = 0; i < G_N_ELEMENTS (probes); i++)
    {
      g_autoptr (TwBill) bill = tw_tariff_price (self, &probes[i], NULL);

      if (bill == NULL)
        return tw_tariff_refuse (NULL, error, "these prices and tax rates cannot be added exactly: "
                                 "expected smaller prices, or rates with fewer decimals");
    }

  return TRUE;
}

static void
write_tags (TwTariff *self)
{
  for (guint i = 0; i < TW_N_DIMENSIONS; i++)
    {
      const TwComponent *component = &self->components[legal_order[i]];

      if (component->present)
        self->tags[self->n_tags++] = (TwPriceTag) {
          .kind = legal_order[i],
          .price = component->price,
          .gross_price = component->gross_price,
          .tax_percent = component->tax_percent,
          .step_size = component->step_size,
        };
    }
}

TwTariff *
tw_tariff_parse (GBytes  *bytes,
                 GError **error)
{
  g_autoptr (TwTariff) self = g_new0 (TwTariff, 1);
  g_autoptr (TwJson) root = NULL;
  gsize len;
  const char *text = g_bytes_get_data (bytes, &len);

  g_atomic_ref_count_init (&self->ref_count);
  self->bytes = g_bytes_ref (bytes);
  self->hash = tw_sha256_hex (bytes);

  root = tw_json_parse (text ? text : "", len, &limits, error);
  if (root == NULL
      || !tw_tariff_read_document (self, root, error)
      || !settle_limit (self, tw_json_member (root, "min_price"), &self->minimum, error)
      || !settle_limit (self, tw_json_member (root, "max_price"), &self->maximum, error)
      || !prices_anything (self, error))
    return NULL;
  write_tags (self);

  return g_steal_pointer (&self);
}

const char *
tw_tariff_hash (const TwTariff *self)
{
  return self->hash;
}

const char *
tw_tariff_currency (const TwTariff *self)
{
  return self->currency;
}

const char *
tw_tariff_id (const TwTariff *self)
{
  return self->id;
}

GBytes *
tw_tariff_bytes (const TwTariff *self)
{
  return self->bytes;
}

gint64
tw_tariff_preauthorize_minor (const TwTariff *self)
{
  return self->preauthorize_minor;
}

gboolean
tw_tariff_valid_at (const TwTariff *self,
                    gint64          wall_us)
{
  return wall_us >= self->start_wall_us && wall_us < self->end_wall_us;
}

guint
tw_tariff_n_tags (const TwTariff *self)
{
  return self->n_tags;
}

const TwPriceTag *
tw_tariff_tag (const TwTariff *self,
               guint           i)
{
  g_assert (i < self->n_tags);

  return &self->tags[i];
}

const char *
tw_tariff_min_gross (const TwTariff *self)
{
  return self->minimum.gross_text;
}

const char *
tw_tariff_max_gross (const TwTariff *self)
{
  return self->maximum.gross_text;
}
