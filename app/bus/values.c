/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bus/values.h"

#include "app/bus/names.h"

GVariant *
tw_value_text (const char *text)
{
  return g_variant_new_string (text ? text : "");
}

/* What is empty is not said. */
static void
add_text (GVariantBuilder *dict,
          const char      *key,
          const char      *value)
{
  if (value != NULL && *value != '\0')
    g_variant_builder_add (dict, "{sv}", key, g_variant_new_string (value));
}

static void
add_number (GVariantBuilder *dict,
            const char      *key,
            gint64           value)
{
  if (value != 0)
    g_variant_builder_add (dict, "{sv}", key, g_variant_new_int64 (value));
}

static void
add_flag (GVariantBuilder *dict,
          const char      *key,
          gboolean         value)
{
  if (value)
    g_variant_builder_add (dict, "{sv}", key, g_variant_new_boolean (TRUE));
}

static void
add_conditions (GVariantBuilder  *dict,
                const TwBusPrice *price)
{
  add_flag (dict, "now", price->now);
  add_flag (dict, "rest", price->rest);
  add_flag (dict, "loose", price->loose);
  add_flag (dict, "unknown", price->unknown);
  add_text (dict, "from", price->from);
  add_text (dict, "until", price->until);
  add_number (dict, "from_wall_us", price->from_wall_us);
  add_number (dict, "until_wall_us", price->until_wall_us);
  add_number (dict, "min_wh", price->min_wh);
  add_number (dict, "max_wh", price->max_wh);
  add_number (dict, "min_ms", price->min_ms);
  add_number (dict, "max_ms", price->max_ms);
  add_number (dict, "min_w", price->min_w);
  add_number (dict, "max_w", price->max_w);
  add_number (dict, "min_ma", price->min_ma);
  add_number (dict, "max_ma", price->max_ma);
}

static void
add_goals (GVariantBuilder    *dict,
           const TwBusCounter *counter)
{
  GVariantBuilder goals;

  add_text (dict, "goal", counter->goal.kind);
  add_number (dict, "goal_value", counter->goal.value);
  add_number (dict, "least_minor", counter->least_minor);
  if (counter->n_goals == 0)
    return;
  g_variant_builder_init (&goals, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < counter->n_goals; i++)
    {
      g_variant_builder_open (&goals, G_VARIANT_TYPE_VARDICT);
      add_text (&goals, "kind", counter->goals[i].kind);
      add_number (&goals, "value", counter->goals[i].value);
      add_number (&goals, "hold_minor", counter->goals[i].hold_minor);
      g_variant_builder_close (&goals);
    }
  g_variant_builder_add (dict, "{sv}", "goals", g_variant_builder_end (&goals));
}

GVariant *
tw_value_goal (const TwBusGoal *goal)
{
  return g_variant_new ("(sx)", goal->kind ? goal->kind : "", goal->value);
}

GVariant *
tw_value_counter (const TwBusCounter *counter)
{
  GVariantBuilder dict;

  g_variant_builder_init (&dict, G_VARIANT_TYPE_VARDICT);
  add_text (&dict, "session", counter->session);
  add_text (&dict, "language", counter->language);
  add_text (&dict, "prompt", counter->prompt);
  add_text (&dict, "qr", counter->qr);
  add_text (&dict, "outcome", counter->outcome);
  add_text (&dict, "closed_why", counter->closed_why);
  if (counter->connector != 0)
    {
      g_variant_builder_add (&dict, "{sv}", "connector", g_variant_new_uint32 (counter->connector));
      add_number (&dict, "hold_minor", counter->hold_minor);
      add_text (&dict, "currency", counter->currency);
      add_goals (&dict, counter);
    }
  add_number (&dict, "deadline_boot_us", counter->deadline_boot_us);
  if (counter->granted.discount_bp != 0)
    g_variant_builder_add (&dict, "{sv}", "granted", tw_value_grant (&counter->granted));
  return g_variant_new ("(sa{sv})", counter->state, &dict);
}

GVariant *
tw_value_prices (const TwBusPrice *prices,
                 guint             n_prices)
{
  GVariantBuilder all;

  g_variant_builder_init (&all, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < n_prices; i++)
    {
      g_variant_builder_open (&all, G_VARIANT_TYPE_VARDICT);
      add_text (&all, "kind", prices[i].kind);
      add_text (&all, "price", prices[i].price);
      add_text (&all, "gross_price", prices[i].gross_price);
      add_text (&all, "tax_percent", prices[i].tax_percent);
      add_number (&all, "step", prices[i].step);
      add_conditions (&all, &prices[i]);
      g_variant_builder_close (&all);
    }
  return g_variant_builder_end (&all);
}

GVariant *
tw_value_tariffs (const TwBusTariff *tariffs,
                  guint              n_tariffs)
{
  GVariantBuilder all;

  g_variant_builder_init (&all, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < n_tariffs; i++)
    {
      g_variant_builder_open (&all, G_VARIANT_TYPE_VARDICT);
      g_variant_builder_add (&all, "{sv}", "connector", g_variant_new_uint32 (tariffs[i].connector));
      add_text (&all, "state", tariffs[i].state);
      add_text (&all, "source", tariffs[i].source);
      add_text (&all, "id", tariffs[i].id);
      add_text (&all, "hash", tariffs[i].hash);
      add_text (&all, "currency", tariffs[i].currency);
      add_number (&all, "valid_from_us", tariffs[i].valid_from_us);
      add_number (&all, "valid_until_us", tariffs[i].valid_until_us);
      add_number (&all, "activated_us", tariffs[i].activated_us);
      add_flag (&all, "forced", tariffs[i].forced);
      g_variant_builder_close (&all);
    }
  return g_variant_builder_end (&all);
}

static void
add_grant (GVariantBuilder  *dict,
           const TwBusGrant *grant)
{
  add_number (dict, "charges_in_month", grant->charges_in_month);
  add_number (dict, "days_since_last", grant->days_since_last);
  add_number (dict, "discount_bp", grant->discount_bp);
}

GVariant *
tw_value_grant (const TwBusGrant *grant)
{
  GVariantBuilder dict;

  g_variant_builder_init (&dict, G_VARIANT_TYPE_VARDICT);
  if (grant->discount_bp != 0)
    add_grant (&dict, grant);
  return g_variant_builder_end (&dict);
}

GVariant *
tw_value_offers (const TwBusOffer *offers,
                 guint             n_offers)
{
  GVariantBuilder all;

  g_variant_builder_init (&all, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < n_offers; i++)
    {
      g_variant_builder_open (&all, G_VARIANT_TYPE_VARDICT);
      add_text (&all, "state", offers[i].state);
      add_text (&all, "rule", offers[i].rule);
      add_text (&all, "hash", offers[i].hash);
      add_grant (&all, &offers[i].grant);
      add_number (&all, "valid_from_us", offers[i].valid_from_us);
      add_number (&all, "valid_until_us", offers[i].valid_until_us);
      g_variant_builder_close (&all);
    }
  return g_variant_builder_end (&all);
}

GVariant *
tw_value_next (const TwBusNextPrice *next)
{
  GVariantBuilder dict;

  g_variant_builder_init (&dict, G_VARIANT_TYPE_VARDICT);
  if (next->kind != NULL && *next->kind != '\0')
    {
      add_text (&dict, "kind", next->kind);
      add_text (&dict, "gross_price", next->gross_price);
      add_number (&dict, "at_boot_us", next->at_boot_us);
      add_number (&dict, "grace_ms", next->grace_ms);
      add_text (&dict, "at", next->at);
      add_number (&dict, "at_wh", next->at_wh);
      add_flag (&dict, "after_charging", next->after_charging);
    }
  return g_variant_builder_end (&dict);
}

GVariant *
tw_value_example (const TwBusConnector *connector)
{
  return g_variant_new ("(xxx)", connector->example_wh, connector->example_ms, connector->example_minor);
}

GVariant *
tw_value_claims (const TwBusClaim *claims,
                 guint             n_claims)
{
  GVariantBuilder all;

  g_variant_builder_init (&all, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < n_claims; i++)
    {
      g_variant_builder_open (&all, G_VARIANT_TYPE_VARDICT);
      add_text (&all, "session", claims[i].session);
      add_text (&all, "request", claims[i].request);
      add_text (&all, "wish", claims[i].wish);
      add_text (&all, "currency", claims[i].currency);
      add_text (&all, "outcome", claims[i].outcome);
      g_variant_builder_add (&all, "{sv}", "amount_minor", g_variant_new_int64 (claims[i].amount_minor));
      g_variant_builder_add (&all, "{sv}", "next_boot_us", g_variant_new_int64 (claims[i].next_boot_us));
      g_variant_builder_add (&all, "{sv}", "attempts", g_variant_new_uint32 (claims[i].attempts));
      g_variant_builder_close (&all);
    }
  return g_variant_builder_end (&all);
}

GVariant *
tw_value_paths (guint n_connectors)
{
  GVariantBuilder paths;

  g_variant_builder_init (&paths, G_VARIANT_TYPE_OBJECT_PATH_ARRAY);
  for (guint i = 0; i < n_connectors; i++)
    {
      g_autofree char *path = g_strdup_printf (CONNECTOR_PATH, i + 1);

      g_variant_builder_add (&paths, "o", path);
    }
  return g_variant_builder_end (&paths);
}
