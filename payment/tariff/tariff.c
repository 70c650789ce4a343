/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/tariff/reader.h"
#include "payment/tariff/running.h"

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

  g_clear_pointer (&self->components, g_array_unref);
  g_clear_pointer (&self->elements, g_array_unref);
  g_clear_pointer (&self->alt_texts, g_array_unref);
  g_clear_pointer (&self->zone, g_time_zone_unref);
  for (guint i = 0; i < TW_N_AXES; i++)
    g_free (self->cuts[i].cuts);
  g_free (self->day_cuts);
  g_free (self->alt_url);
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
  for (guint i = 0; i < self->components->len; i++)
    if (tw_tariff_component (self, i)->tax_unknown)
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
  if (!is_net_known (self) && self->use == TW_TARIFF_WALK_UP)
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

/* A session of which no charging point has seen the like: 10 GWh, 31 years. What prices that prices every real one: a
 * session must never find out that its tariff cannot be calculated. */
static gboolean
prices_anything (const TwTariff  *self,
                 GError         **error)
{
  const gint64 most[TW_N_DIMENSIONS] = {
    [TW_LINE_FLAT] = 1, [TW_LINE_ENERGY] = 9999999967000, [TW_LINE_TIME] = 999999999989,
    [TW_LINE_PARKING_TIME] = 999999999989,
  };

  for (guint i = 0; i < self->components->len; i++)
    {
      const TwComponent *component = tw_tariff_component (self, i);
      gint64 quantity = most[component->kind];
      TwFraction gross, tax;

      tw_round_up (&quantity, component->step_size * 1000);
      if (!tw_component_shares (self, component, quantity, &gross, &tax))
        return tw_tariff_refuse (NULL, error, "these prices and tax rates cannot be added exactly: "
                                 "expected smaller prices");
    }

  return TRUE;
}

void
tw_tariff_write_tag (const TwComponent *component,
                     TwPriceTag        *tag)
{
  *tag = (TwPriceTag) {
    .kind = component->kind,
    .price = component->price,
    .gross_price = component->gross_price,
    .tax_percent = component->tax_percent,
    .step_size = component->step_size,
    .element = component->element,
  };
}

static void
write_tags (TwTariff *self)
{
  for (guint order = 0; order < TW_N_DIMENSIONS; order++)
    for (guint i = 0; i < self->components->len; i++)
      {
        const TwComponent *component = tw_tariff_component (self, i);

        if (component->kind != legal_order[order] || component->reservation)
          continue;
        tw_tariff_write_tag (component, &self->tags[self->n_tags++]);
        break;
      }
}

/* Parking begins when charging has: both phases of one session are shown. */
guint
tw_tariff_tags_at (const TwTariff *self,
                   gint64          wall_us,
                   gint64          power_w,
                   TwPriceTag      tags[4])
{
  TwPlaceInTariff place = { .purpose = TW_FOR_SESSION };
  TwOffset offset = { 0 };
  int chosen[TW_N_DIMENSIONS];
  gint16 power = power_w > 0 ? tw_cuts_rank (&self->cuts[TW_AXIS_POWER], power_w * 1000) : -1;
  guint n = 0;

  place.low[TW_AXIS_POWER] = place.high[TW_AXIS_POWER] = power;
  place.low[TW_AXIS_CURRENT] = place.high[TW_AXIS_CURRENT] = -1;
  place.local = tw_local_at (self, &offset, wall_us / 1000);
  tw_tariff_choose (self, &place, chosen);
  for (guint order = 0; order < TW_N_DIMENSIONS; order++)
    if (chosen[legal_order[order]] >= 0)
      tw_tariff_write_tag (tw_tariff_component (self, chosen[legal_order[order]]), &tags[n++]);

  return n;
}

static TwJson *
read_json (GBytes  *bytes,
           GError **error)
{
  gsize len;
  const char *text = g_bytes_get_data (bytes, &len);

  return tw_json_parse (text ? text : "", len, &limits, error);
}

/* faults: NULL, or where all of them go. */
static TwTariff *
read_tariff (GBytes       *bytes,
             const TwJson *root,
             GTimeZone    *zone,
             TwTariffUse   use,
             GPtrArray    *faults,
             GError      **error)
{
  g_autoptr (TwTariff) self = g_new0 (TwTariff, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->bytes = g_bytes_ref (bytes);
  self->hash = tw_sha256_hex (bytes);
  self->zone = zone != NULL ? g_time_zone_ref (zone) : g_time_zone_new_utc ();
  self->use = use;
  self->faults = faults;

  if (!tw_tariff_read_document (self, root, error)
      || !settle_limit (self, tw_json_member (root, "min_price"), &self->minimum, error)
      || !settle_limit (self, tw_json_member (root, "max_price"), &self->maximum, error)
      || !prices_anything (self, error))
    return NULL;
  write_tags (self);
  self->faults = NULL;

  return g_steal_pointer (&self);
}

TwTariff *
tw_tariff_parse_in (GBytes       *bytes,
                    GTimeZone    *zone,
                    TwTariffUse   use,
                    GError      **error)
{
  g_autoptr (TwJson) root = read_json (bytes, error);

  return root ? read_tariff (bytes, root, zone, use, NULL, error) : NULL;
}

TwTariff *
tw_tariff_parse_all (GBytes       *bytes,
                     GTimeZone    *zone,
                     TwTariffUse   use,
                     GPtrArray    *faults,
                     GError      **error)
{
  g_autoptr (TwJson) root = read_json (bytes, error);
  g_autoptr (GError) last = NULL;
  TwTariff *self = root ? read_tariff (bytes, root, zone, use, faults, &last) : NULL;

  if (last != NULL)
    g_ptr_array_add (faults, g_steal_pointer (&last));

  return self;
}

TwTariff *
tw_tariff_parse (GBytes  *bytes,
                 GError **error)
{
  return tw_tariff_parse_in (bytes, NULL, TW_TARIFF_WALK_UP, error);
}

GTimeZone *
tw_tariff_zone (const TwTariff *self)
{
  return self->zone;
}

const char *
tw_tariff_alt_url (const TwTariff *self)
{
  return self->alt_url;
}

const char *
tw_tariff_alt_text (const TwTariff *self,
                    const char     *language)
{
  const char *const wanted[] = { language, "en" };

  for (guint w = 0; w < G_N_ELEMENTS (wanted); w++)
    for (guint i = 0; i < self->alt_texts->len; i++)
      if (g_str_has_prefix (wanted[w], g_array_index (self->alt_texts, TwAltText, i).language))
        return g_array_index (self->alt_texts, TwAltText, i).text;

  return self->alt_texts->len > 0 ? g_array_index (self->alt_texts, TwAltText, 0).text : NULL;
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

void
tw_tariff_validity (const TwTariff *self,
                    gint64         *start_us,
                    gint64         *end_us)
{
  *start_us = self->start_wall_us;
  *end_us = self->end_wall_us;
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
