/* SPDX-License-Identifier: Apache-2.0 */
/* TariffElement and PriceComponent of OCPI (mod_tariffs). */
#include "payment/tariff/reader.h"

#include <string.h>

#define MAX_VAT_DECIMALS 4
#define MAX_VAT_PERCENT 100
#define MAX_STEP 1000000000

static const char *const dimension_names[TW_N_DIMENSIONS] = {
  [TW_LINE_FLAT] = "FLAT",
  [TW_LINE_ENERGY] = "ENERGY",
  [TW_LINE_TIME] = "TIME",
  [TW_LINE_PARKING_TIME] = "PARKING_TIME",
};

static gboolean
read_dimension (const TwJson  *component,
                TwLineKind    *kind,
                GError       **error)
{
  const char *type = tw_json_get_string (component, "type", error);

  if (type == NULL)
    return FALSE;
  for (guint i = 0; i < TW_N_DIMENSIONS; i++)
    if (g_str_equal (type, dimension_names[i]))
      {
        *kind = i;
        return TRUE;
      }

  return tw_tariff_refuse (tw_json_member (component, "type"), error,
                           "\"%.40s\" cannot be priced: accepted are ENERGY, FLAT, TIME, PARKING_TIME", type);
}

static gboolean
read_step (const TwJson  *json,
           TwLineKind     kind,
           TwComponent   *component,
           GError       **error)
{
  if (kind == TW_LINE_FLAT)   /* the field is required by OCPI and means nothing here */
    return TRUE;
  if (!tw_json_get_int64 (json, "step_size", &component->step_size, error))
    return FALSE;
  if (component->step_size < 0 || component->step_size > MAX_STEP)
    return tw_tariff_refuse (tw_json_member (json, "step_size"), error, "expected 0 (exact) to %d %s", MAX_STEP,
                             kind == TW_LINE_ENERGY ? "Wh" : "seconds");

  return TRUE;
}

static gint64
scale_up (TwDecimal decimal,
          guint     scale)
{
  gint64 units = decimal.units;

  for (guint i = decimal.scale; i < scale; i++)
    if (__builtin_mul_overflow (units, (gint64) 10, &units))
      return -1;

  return units;
}

static gboolean
find_rate (TwTariff      *self,
           const TwJson  *json,
           gint64         factor,
           guint         *rate,
           GError       **error)
{
  for (*rate = 0; *rate < self->n_rates; (*rate)++)
    if (self->factors[*rate] == factor)
      return TRUE;
  if (self->n_rates == TW_MAX_RATES)
    return tw_tariff_refuse (json, error, "another tax rate: expected at most %d different ones", TW_MAX_RATES);
  self->factors[self->n_rates++] = factor;

  return TRUE;
}

/* What an absent rate means depends on the form: no tax, an unknown one, or a price that nobody can show (decision
 * 8). */
static gboolean
read_tax (TwTariff      *self,
          const TwJson  *json,
          TwComponent   *component,
          GError       **error)
{
  const TwJson *vat;
  TwDecimal percent = { 0, 0 };

  if (!tw_tariff_optional (json, "vat", TW_JSON_NUMBER, &vat, error)
      || (vat && !tw_tariff_read_decimal (vat, MAX_VAT_DECIMALS, &percent, error)))
    return FALSE;
  if (scale_up (percent, MAX_VAT_DECIMALS) > MAX_VAT_PERCENT * 10000 || scale_up (percent, MAX_VAT_DECIMALS) < 0)
    return tw_tariff_refuse (vat, error, "expected at most %d percent", MAX_VAT_PERCENT);
  if (vat == NULL && self->tax_form == TW_TAX_NO && self->use == TW_TARIFF_WALK_UP)
    return tw_tariff_refuse (json, error, "tax_included is NO and vat is missing: the price with tax is unknown and "
                             "cannot be shown or sold; expected vat in percent");
  if (percent.units != 0 && self->tax_form == TW_TAX_NOT_APPLICABLE)
    return tw_tariff_refuse (vat, error, "tax_included is N/A: expected no vat");

  component->tax_unknown = vat == NULL && (self->tax_form == TW_TAX_YES || self->tax_form == TW_TAX_NO);
  component->tax_percent = vat ? tw_decimal_to_text (percent) : NULL;

  return find_rate (self, json, TW_MICRO + scale_up (percent, MAX_VAT_DECIMALS), &component->rate, error);
}

static gboolean
read_price (TwTariff      *self,
            const TwJson  *json,
            TwComponent   *component,
            GError       **error)
{
  const TwJson *number = tw_json_get (json, "price", TW_JSON_NUMBER, error);
  TwFraction gross;
  TwDecimal decimal;

  if (number == NULL || !tw_tariff_read_decimal (number, TW_PRICE_DECIMALS, &decimal, error))
    return FALSE;
  component->price_micro = scale_up (decimal, TW_PRICE_DECIMALS);
  if (component->price_micro < 0)
    return tw_tariff_refuse (number, error, "is too large");
  component->price = tw_decimal_to_text (decimal);
  gross = tw_fraction_from_decimal (decimal);
  if (self->tax_form != TW_TAX_YES)
    gross = tw_fraction_multiply (gross, tw_tariff_tax_factor (self, component));
  if (component->tax_unknown && decimal.units == 0)
    component->tax_unknown = FALSE;   /* nothing is nothing at any rate */
  /* 6 decimals of a price times 6 of a factor: never cut. */
  if (self->tax_form != TW_TAX_NO || !component->tax_unknown)
    component->gross_price = tw_fraction_to_text (gross, self->digits, TW_DECIMAL_MAX_SCALE, NULL);

  return TRUE;
}

static void
clear_component (TwComponent *self)
{
  g_clear_pointer (&self->price, g_free);
  g_clear_pointer (&self->gross_price, g_free);
  g_clear_pointer (&self->tax_percent, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TwComponent, clear_component)

static gboolean
read_component (TwTariff      *self,
                const TwJson  *json,
                TwElement     *element,
                guint          index,
                GError       **error)
{
  const char *const known[] = { "type", "price", "vat", "step_size", NULL };
  g_auto (TwComponent) component = {
    .element = self->elements->len, .index = index,
    .reservation = element->restrictions.purpose != TW_FOR_SESSION,
  };

  if (tw_json_type (json) != TW_JSON_OBJECT)
    return tw_tariff_refuse (json, error, "expected a price component object");
  if (!tw_json_only (json, known, error) || !read_dimension (json, &component.kind, error))
    return FALSE;
  if (element->component[component.kind] >= 0)
    return tw_tariff_refuse (json, error, "a second %s in one element: expected one component of each type",
                             dimension_names[component.kind]);
  if (!read_step (json, component.kind, &component, error)
      || !read_tax (self, json, &component, error)
      || !read_price (self, json, &component, error))
    return FALSE;
  element->component[component.kind] = (int) self->components->len;
  g_array_append_val (self->components, component);
  component = (TwComponent) { 0 };

  return TRUE;
}

static gboolean
read_components (TwTariff      *self,
                 const TwJson  *json,
                 TwElement     *element,
                 GError       **error)
{
  const TwJson *components = tw_json_get (json, "price_components", TW_JSON_ARRAY, error);

  if (components == NULL)
    return FALSE;
  if (tw_json_length (components) == 0)
    return tw_tariff_refuse (components, error, "is empty: expected at least one price component");
  for (guint i = 0; i < tw_json_length (components); i++)
    if (!tw_tariff_keep_on (self, read_component (self, tw_json_element (components, i), element, i, error), error))
      return FALSE;

  return TRUE;
}

static gboolean
read_element (TwTariff      *self,
              const TwJson  *json,
              GError       **error)
{
  const char *const known[] = { "price_components", "restrictions", NULL };
  TwElement element = { .component = { -1, -1, -1, -1 } };

  if (tw_json_type (json) != TW_JSON_OBJECT)
    return tw_tariff_refuse (json, error, "expected a tariff element object");
  if (!tw_tariff_keep_on (self, tw_json_only (json, known, error), error)
      || !tw_tariff_keep_on (self, tw_tariff_read_restrictions (json, &element.restrictions, error), error)
      || !read_components (self, json, &element, error))
    {
      g_free (element.restrictions.text);
      return FALSE;
    }
  g_array_append_val (self->elements, element);

  return TRUE;
}

static void
forget_component (gpointer data)
{
  clear_component (data);
}

static void
forget_element (gpointer data)
{
  g_free (((TwElement *) data)->restrictions.text);
}

gboolean
tw_tariff_read_elements (TwTariff      *self,
                         const TwJson  *elements,
                         GError       **error)
{
  self->components = g_array_new (FALSE, FALSE, sizeof (TwComponent));
  self->elements = g_array_new (FALSE, FALSE, sizeof (TwElement));
  g_array_set_clear_func (self->components, forget_component);
  g_array_set_clear_func (self->elements, forget_element);
  if (tw_json_length (elements) == 0)
    return tw_tariff_refuse (elements, error, "is empty: expected at least one element");
  for (guint i = 0; i < tw_json_length (elements); i++)
    if (!tw_tariff_keep_on (self, read_element (self, tw_json_element (elements, i), error), error))
      return FALSE;
  if (self->faults == NULL || self->faults->len == 0)
    tw_tariff_compile (self);

  return TRUE;
}
