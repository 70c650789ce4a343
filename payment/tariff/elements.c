/* SPDX-License-Identifier: Apache-2.0 */
/* TariffElement, PriceComponent and TariffRestrictions of OCPI (mod_tariffs). */
#include "payment/tariff/model.h"

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

static const char *const restriction_names[] = {
  "start_time", "end_time", "start_date", "end_date", "min_kwh", "max_kwh", "min_current", "max_current", "min_power",
  "max_power", "min_duration", "max_duration", "day_of_week", "reservation", NULL
};

/* Each of them says that the element does not always apply: to price it as if it did would misprice. */
static gboolean
read_restrictions (const TwJson  *element,
                   GError       **error)
{
  const TwJson *restrictions;

  if (!tw_tariff_optional (element, "restrictions", TW_JSON_OBJECT, &restrictions, error))
    return FALSE;
  for (guint i = 0; i < tw_json_length (restrictions); i++)
    {
      const TwJson *restriction = tw_json_element (restrictions, i);

      if (!g_strv_contains (restriction_names, tw_json_member_name (restrictions, i)))
        return tw_tariff_refuse (restriction, error, "is not a restriction of OCPI 2.2.1 or 2.3.0");
      if (tw_json_type (restriction) != TW_JSON_NULL)
        return tw_tariff_refuse (restriction, error,
                                 "restrictions are not priced yet: expected elements that always apply");
    }

  return TRUE;
}

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
  TwFraction rate;

  if (!tw_tariff_optional (json, "vat", TW_JSON_NUMBER, &vat, error)
      || (vat && !tw_tariff_read_decimal (vat, MAX_VAT_DECIMALS, &percent, error)))
    return FALSE;
  if (tw_fraction_compare (tw_fraction_from_decimal (percent), tw_fraction (MAX_VAT_PERCENT, 1)) > 0)
    return tw_tariff_refuse (vat, error, "expected at most %d percent", MAX_VAT_PERCENT);
  if (vat == NULL && self->tax_form == TW_TAX_NO)
    return tw_tariff_refuse (json, error, "tax_included is NO and vat is missing: the price with tax is unknown and "
                             "cannot be shown or sold; expected vat in percent");
  if (percent.units != 0 && self->tax_form == TW_TAX_NOT_APPLICABLE)
    return tw_tariff_refuse (vat, error, "tax_included is N/A: expected no vat");

  component->tax_unknown = vat == NULL && self->tax_form == TW_TAX_YES;
  component->tax_percent = vat ? tw_decimal_to_text (percent) : NULL;
  rate = tw_fraction_divide (tw_fraction_from_decimal (percent), tw_fraction (100, 1));
  component->tax_factor = tw_fraction_add (tw_fraction (1, 1), rate);

  return TRUE;
}

static gboolean
read_price (TwTariff      *self,
            const TwJson  *json,
            TwComponent   *component,
            GError       **error)
{
  const TwJson *number = tw_json_get (json, "price", TW_JSON_NUMBER, error);
  TwDecimal decimal;
  TwFraction price;

  if (number == NULL || !tw_tariff_read_decimal (number, TW_PRICE_DECIMALS, &decimal, error))
    return FALSE;
  price = tw_fraction_from_decimal (decimal);
  component->price = tw_decimal_to_text (decimal);
  component->unit.net = component->unit.gross = price;
  if (self->tax_form == TW_TAX_YES)
    component->unit.net = tw_fraction_divide (price, component->tax_factor);
  else
    component->unit.gross = tw_fraction_multiply (price, component->tax_factor);
  /* 6 decimals of a price times 6 of a factor: never cut. */
  component->gross_price = tw_fraction_to_text (component->unit.gross, self->digits, TW_DECIMAL_MAX_SCALE, NULL);

  return TRUE;
}

void
tw_tariff_clear_component (TwComponent *self)
{
  g_clear_pointer (&self->price, g_free);
  g_clear_pointer (&self->gross_price, g_free);
  g_clear_pointer (&self->tax_percent, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TwComponent, tw_tariff_clear_component)

static gboolean
read_component (TwTariff      *self,
                const TwJson  *json,
                guint         *seen,
                GError       **error)
{
  const char *const known[] = { "type", "price", "vat", "step_size", NULL };
  g_auto (TwComponent) component = { .present = TRUE };
  TwLineKind kind = TW_LINE_FLAT;

  if (tw_json_type (json) != TW_JSON_OBJECT)
    return tw_tariff_refuse (json, error, "expected a price component object");
  if (!tw_json_only (json, known, error) || !read_dimension (json, &kind, error))
    return FALSE;
  if (*seen & (1u << kind))
    return tw_tariff_refuse (json, error, "a second %s in one element: expected one component of each type",
                             dimension_names[kind]);
  *seen |= 1u << kind;
  if (!read_step (json, kind, &component, error)
      || !read_tax (self, json, &component, error)
      || !read_price (self, json, &component, error))
    return FALSE;
  if (!self->components[kind].present)   /* the first that matches counts, and without restrictions the first matches */
    {
      self->components[kind] = component;
      memset (&component, 0, sizeof component);
    }

  return TRUE;
}

static gboolean
read_element (TwTariff      *self,
              const TwJson  *element,
              GError       **error)
{
  const char *const known[] = { "price_components", "restrictions", NULL };
  const TwJson *components;
  guint seen = 0;

  if (tw_json_type (element) != TW_JSON_OBJECT)
    return tw_tariff_refuse (element, error, "expected a tariff element object");
  if (!tw_json_only (element, known, error) || !read_restrictions (element, error))
    return FALSE;
  components = tw_json_get (element, "price_components", TW_JSON_ARRAY, error);
  if (components == NULL)
    return FALSE;
  if (tw_json_length (components) == 0)
    return tw_tariff_refuse (components, error, "is empty: expected at least one price component");
  for (guint i = 0; i < tw_json_length (components); i++)
    if (!read_component (self, tw_json_element (components, i), &seen, error))
      return FALSE;

  return TRUE;
}

gboolean
tw_tariff_read_elements (TwTariff      *self,
                         const TwJson  *elements,
                         GError       **error)
{
  if (tw_json_length (elements) == 0)
    return tw_tariff_refuse (elements, error, "is empty: expected at least one element");
  for (guint i = 0; i < tw_json_length (elements); i++)
    if (!read_element (self, tw_json_element (elements, i), error))
      return FALSE;

  return TRUE;
}
