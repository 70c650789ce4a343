/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bus/picture.h"

#include <string.h>

GHashTable *
tw_properties_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_variant_unref);
}

void
tw_properties_merge (GHashTable *self,
                     GVariant   *changes)
{
  GVariantIter iter;
  char *name;
  GVariant *value;

  if (changes == NULL || !g_variant_is_of_type (changes, G_VARIANT_TYPE_VARDICT))
    return;
  g_variant_iter_init (&iter, changes);
  while (g_variant_iter_next (&iter, "{sv}", &name, &value))
    g_hash_table_insert (self, name, value);
}

char **
tw_properties_connectors (GHashTable *station)
{
  GVariant *paths = g_hash_table_lookup (station, "Connectors");
  char **all = g_new0 (char *, TW_MAX_CONNECTORS + 1);

  if (paths == NULL || !g_variant_is_of_type (paths, G_VARIANT_TYPE_OBJECT_PATH_ARRAY))
    return all;
  for (gsize i = 0; i < MIN (g_variant_n_children (paths), TW_MAX_CONNECTORS); i++)
    g_variant_get_child (paths, i, "o", &all[i]);
  return all;
}

/* NULL: not a text, or none that belongs here. */
static const char *
text_of (TwPicture *self,
         GVariant  *value)
{
  const char *text;
  gsize len;

  if (value == NULL || !g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    return NULL;
  text = g_variant_get_string (value, &len);
  return len <= TW_PICTURE_MOST_TEXT ? g_string_chunk_insert_const (self->texts, text) : NULL;
}

static gint64
number_of (GVariant *value)
{
  if (value == NULL)
    return 0;
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_INT64))
    return g_variant_get_int64 (value);
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_UINT32))
    return g_variant_get_uint32 (value);
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_INT32))
    return g_variant_get_int32 (value);
  return g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN) && g_variant_get_boolean (value);
}

static const char *
text (TwPicture  *self,
      GHashTable *properties,
      const char *name)
{
  const char *value = text_of (self, g_hash_table_lookup (properties, name));

  return value ? value : "";
}

static gint64
number (GHashTable *properties,
        const char *name)
{
  return number_of (g_hash_table_lookup (properties, name));
}

/* The same of a dictionary, a{sv}. */
static const char *
dict_text (TwPicture  *self,
           GVariant   *dict,
           const char *key)
{
  g_autoptr (GVariant) value = g_variant_lookup_value (dict, key, NULL);

  return text_of (self, value);
}

static const char *
dict_text_or_empty (TwPicture  *self,
                    GVariant   *dict,
                    const char *key)
{
  const char *value = dict_text (self, dict, key);

  return value ? value : "";
}

static gint64
dict_number (GVariant   *dict,
             const char *key)
{
  g_autoptr (GVariant) value = g_variant_lookup_value (dict, key, NULL);

  return number_of (value);
}

/* The rows of an aa{sv}; 0 for anything else. */
static gsize
n_rows (GVariant *rows,
        gsize     most)
{
  return rows != NULL && g_variant_is_of_type (rows, G_VARIANT_TYPE ("aa{sv}"))
         ? MIN (g_variant_n_children (rows), most) : 0;
}

/* A value of a{sv}; others are none. */
static TwBusGrant
grant_of (GVariant *dict)
{
  TwBusGrant grant = { 0 };

  if (dict == NULL || !g_variant_is_of_type (dict, G_VARIANT_TYPE_VARDICT))
    return grant;
  grant.charges_in_month = (guint) CLAMP (dict_number (dict, "charges_in_month"), 0, 1000);
  grant.days_since_last = (guint) CLAMP (dict_number (dict, "days_since_last"), 0, 1000);
  grant.discount_bp = (guint) CLAMP (dict_number (dict, "discount_bp"), 0, 10000);
  return grant;
}

static void
read_offers (TwPicture *self,
             GVariant  *rows)
{
  gsize n = n_rows (rows, TW_PICTURE_MOST_OFFERS);

  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GVariant) dict = g_variant_get_child_value (rows, i);
      TwBusOffer offer = {
        .state = dict_text_or_empty (self, dict, "state"), .rule = dict_text_or_empty (self, dict, "rule"),
        .hash = dict_text_or_empty (self, dict, "hash"), .grant = grant_of (dict),
        .valid_from_us = dict_number (dict, "valid_from_us"), .valid_until_us = dict_number (dict, "valid_until_us"),
      };

      if (offer.grant.discount_bp != 0)
        g_array_append_val (self->offers, offer);
    }
  self->station.offers = (const TwBusOffer *) self->offers->data;
  self->station.n_offers = self->offers->len;
}

/* What makes no sense is no proposal. */
static void
read_goals (TwPicture *self,
            GVariant  *counter)
{
  g_autoptr (GVariant) rows = g_variant_lookup_value (counter, "goals", NULL);
  gsize n = n_rows (rows, TW_PICTURE_MOST_GOALS);

  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GVariant) dict = g_variant_get_child_value (rows, i);
      TwBusGoal goal = {
        .kind = dict_text_or_empty (self, dict, "kind"), .value = dict_number (dict, "value"),
        .hold_minor = dict_number (dict, "hold_minor"),
      };

      if (goal.value > 0 && goal.hold_minor > 0)
        g_array_append_val (self->goals, goal);
    }
  self->counter.goals = (const TwBusGoal *) self->goals->data;
  self->counter.n_goals = self->goals->len;
}

static void
read_counter (TwPicture *self,
              GVariant  *pair)
{
  g_autoptr (GVariant) state = NULL, dict = NULL, granted = NULL;
  TwBusCounter *counter = &self->counter;

  if (pair == NULL || !g_variant_is_of_type (pair, G_VARIANT_TYPE ("(sa{sv})")))
    return;
  state = g_variant_get_child_value (pair, 0);
  dict = g_variant_get_child_value (pair, 1);
  counter->state = text_of (self, state);
  if (counter->state == NULL)
    counter->state = "";
  counter->session = dict_text (self, dict, "session");
  counter->language = dict_text (self, dict, "language");
  counter->currency = dict_text (self, dict, "currency");
  counter->prompt = dict_text (self, dict, "prompt");
  counter->qr = dict_text (self, dict, "qr");
  counter->outcome = dict_text (self, dict, "outcome");
  counter->closed_why = dict_text (self, dict, "closed_why");
  counter->connector = (guint) dict_number (dict, "connector");
  counter->hold_minor = dict_number (dict, "hold_minor");
  counter->deadline_boot_us = dict_number (dict, "deadline_boot_us");
  counter->goal = (TwBusGoal) { dict_text_or_empty (self, dict, "goal"), dict_number (dict, "goal_value"), 0 };
  counter->least_minor = dict_number (dict, "least_minor");
  granted = g_variant_lookup_value (dict, "granted", NULL);
  counter->granted = grant_of (granted);
  read_goals (self, dict);
}

static GArray *
read_prices (TwPicture *self,
             GVariant  *rows)
{
  gsize n = n_rows (rows, TW_PICTURE_MOST_PRICES);
  GArray *prices = g_array_new (FALSE, TRUE, sizeof (TwBusPrice));

  for (gsize row = 0; row < n; row++)
    {
      g_autoptr (GVariant) dict = g_variant_get_child_value (rows, row);
      TwBusPrice price = {
        .kind = dict_text_or_empty (self, dict, "kind"), .price = dict_text_or_empty (self, dict, "price"),
        .gross_price = dict_text_or_empty (self, dict, "gross_price"),
        .tax_percent = dict_text_or_empty (self, dict, "tax_percent"), .step = dict_number (dict, "step"),
        .now = dict_number (dict, "now") != 0, .rest = dict_number (dict, "rest") != 0,
        .loose = dict_number (dict, "loose") != 0, .unknown = dict_number (dict, "unknown") != 0,
        .from = dict_text_or_empty (self, dict, "from"), .until = dict_text_or_empty (self, dict, "until"),
        .from_wall_us = dict_number (dict, "from_wall_us"), .until_wall_us = dict_number (dict, "until_wall_us"),
        .min_wh = dict_number (dict, "min_wh"), .max_wh = dict_number (dict, "max_wh"),
        .min_ms = dict_number (dict, "min_ms"), .max_ms = dict_number (dict, "max_ms"),
        .min_w = dict_number (dict, "min_w"), .max_w = dict_number (dict, "max_w"),
        .min_ma = dict_number (dict, "min_ma"), .max_ma = dict_number (dict, "max_ma"),
      };

      g_array_append_val (prices, price);
    }
  return prices;
}

static TwBusNextPrice
next_price (TwPicture *self,
            GVariant  *dict)
{
  if (dict == NULL || !g_variant_is_of_type (dict, G_VARIANT_TYPE_VARDICT))
    return (TwBusNextPrice) { .kind = "", .gross_price = "", .at = "" };
  return (TwBusNextPrice) {
    .kind = dict_text_or_empty (self, dict, "kind"), .gross_price = dict_text_or_empty (self, dict, "gross_price"),
    .at_boot_us = dict_number (dict, "at_boot_us"), .at_wh = dict_number (dict, "at_wh"),
    .after_charging = dict_number (dict, "after_charging") != 0, .grace_ms = dict_number (dict, "grace_ms"),
    .at = dict_text_or_empty (self, dict, "at"),
  };
}

static void
read_example (TwBusConnector *connector,
              GVariant       *example)
{
  if (example != NULL && g_variant_is_of_type (example, G_VARIANT_TYPE ("(xxx)")))
    g_variant_get (example, "(xxx)", &connector->example_wh, &connector->example_ms, &connector->example_minor);
}

static TwBusGoal
goal_of (TwPicture *self,
         GVariant  *pair)
{
  g_autoptr (GVariant) kind = NULL;
  TwBusGoal goal = { .kind = "" };

  if (pair == NULL || !g_variant_is_of_type (pair, G_VARIANT_TYPE ("(sx)")))
    return goal;
  kind = g_variant_get_child_value (pair, 0);
  goal.kind = text_of (self, kind);
  if (goal.kind == NULL)
    goal.kind = "";
  g_variant_get_child (pair, 1, "x", &goal.value);
  return goal;
}

static void
read_connector (TwPicture  *self,
                guint       i,
                GHashTable *p)
{
  TwBusConnector *connector = &self->connectors[i];

  *connector = (TwBusConnector) {
    .number = (guint) number (p, "Number"), .evse_id = text (self, p, "EvseId"), .label = text (self, p, "Label"),
    .state = text (self, p, "State"), .car = text (self, p, "Car"), .fault = text (self, p, "Fault"),
    .session = text (self, p, "Session"), .last_session = text (self, p, "LastSession"),
    .money = text (self, p, "Money"), .currency = text (self, p, "Currency"),
    .tariff_hash = text (self, p, "TariffHash"), .language = text (self, p, "Language"),
    .power_wanted = number (p, "PowerWanted") != 0, .current_ma = (gint32) number (p, "CurrentMa"),
    .energy_wh = number (p, "EnergyWh"), .charging_ms = number (p, "ChargingMs"),
    .parking_ms = number (p, "ParkingMs"), .price_minor = number (p, "PriceMinor"),
    .hold_minor = number (p, "HoldMinor"), .deadline_boot_us = number (p, "DeadlineBootUs"),
    .power_w = number (p, "PowerW"), .receipt_until_boot_us = number (p, "ReceiptUntilBootUs"),
    .min_price = text (self, p, "MinPrice"), .max_price = text (self, p, "MaxPrice"),
    .offer_hold_minor = number (p, "OfferHoldMinor"), .closed_why = text (self, p, "ClosedWhy"),
    .tariff_refused = text (self, p, "TariffRefused"),
    .next = next_price (self, g_hash_table_lookup (p, "NextPrice")),
    .idle = next_price (self, g_hash_table_lookup (p, "IdlePrice")),
    .goal = goal_of (self, g_hash_table_lookup (p, "Goal")),
    .granted = grant_of (g_hash_table_lookup (p, "Granted")),
  };
  read_example (connector, g_hash_table_lookup (p, "Example"));
  self->prices[i] = read_prices (self, g_hash_table_lookup (p, "Prices"));
  connector->prices = (const TwBusPrice *) self->prices[i]->data;
  connector->n_prices = self->prices[i]->len;
  self->later_prices[i] = read_prices (self, g_hash_table_lookup (p, "LaterPrices"));
  connector->later_prices = (const TwBusPrice *) self->later_prices[i]->data;
  connector->n_later_prices = self->later_prices[i]->len;
  self->current_prices[i] = read_prices (self, g_hash_table_lookup (p, "CurrentPrices"));
  connector->current_prices = (const TwBusPrice *) self->current_prices[i]->data;
  connector->n_current_prices = self->current_prices[i]->len;
}

static void
read_claims (TwPicture *self,
             GVariant  *rows)
{
  gsize n = n_rows (rows, TW_PICTURE_MOST_CLAIMS);

  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GVariant) dict = g_variant_get_child_value (rows, i);
      TwBusClaim claim = {
        .session = dict_text (self, dict, "session"), .request = dict_text (self, dict, "request"),
        .wish = dict_text (self, dict, "wish"), .currency = dict_text (self, dict, "currency"),
        .outcome = dict_text (self, dict, "outcome"), .amount_minor = dict_number (dict, "amount_minor"),
        .next_boot_us = dict_number (dict, "next_boot_us"), .attempts = (guint) dict_number (dict, "attempts"),
      };

      g_array_append_val (self->claims, claim);
    }
}

static void
read_tariffs (TwPicture *self,
              GVariant  *rows)
{
  gsize n = n_rows (rows, TW_PICTURE_MOST_TARIFFS);

  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GVariant) dict = g_variant_get_child_value (rows, i);
      TwBusTariff tariff = {
        .connector = (guint) dict_number (dict, "connector"), .state = dict_text_or_empty (self, dict, "state"),
        .source = dict_text_or_empty (self, dict, "source"), .id = dict_text_or_empty (self, dict, "id"),
        .hash = dict_text_or_empty (self, dict, "hash"), .currency = dict_text_or_empty (self, dict, "currency"),
        .valid_from_us = dict_number (dict, "valid_from_us"), .valid_until_us = dict_number (dict, "valid_until_us"),
        .activated_us = dict_number (dict, "activated_us"), .forced = dict_number (dict, "forced") != 0,
      };

      g_array_append_val (self->tariffs, tariff);
    }
}

TwPicture *
tw_picture_new (GHashTable        *station,
                GHashTable *const *connectors,
                guint              n_connectors)
{
  TwPicture *self = g_new0 (TwPicture, 1);
  g_autoptr (GHashTable) nothing = tw_properties_new ();
  GHashTable *p = station ? station : nothing;

  self->texts = g_string_chunk_new (1024);
  self->claims = g_array_new (FALSE, TRUE, sizeof (TwBusClaim));
  self->tariffs = g_array_new (FALSE, TRUE, sizeof (TwBusTariff));
  self->goals = g_array_new (FALSE, TRUE, sizeof (TwBusGoal));
  self->offers = g_array_new (FALSE, TRUE, sizeof (TwBusOffer));
  self->counter.state = self->counter.goal.kind = "";
  self->station = (TwBusStation) {
    .version = text (self, p, "Version"), .station_id = text (self, p, "StationId"), .name = text (self, p, "Name"),
    .helpline = text (self, p, "Helpline"), .test_mode = number (p, "TestMode") != 0,
    .n_connectors = station ? MIN (n_connectors, TW_MAX_CONNECTORS) : 0,
  };
  read_counter (self, g_hash_table_lookup (p, "Counter"));
  read_claims (self, g_hash_table_lookup (p, "OpenClaims"));
  read_tariffs (self, g_hash_table_lookup (p, "Tariffs"));
  read_offers (self, g_hash_table_lookup (p, "Offers"));
  /* Also those that are not there: whoever asks for them gets empty texts. */
  for (guint i = 0; i < TW_MAX_CONNECTORS; i++)
    read_connector (self, i, i < self->station.n_connectors ? connectors[i] : nothing);
  return self;
}

void
tw_picture_free (TwPicture *self)
{
  for (guint i = 0; i < TW_MAX_CONNECTORS; i++)
    {
      g_array_unref (self->prices[i]);
      g_array_unref (self->later_prices[i]);
      g_array_unref (self->current_prices[i]);
    }
  g_array_unref (self->tariffs);
  g_array_unref (self->offers);
  g_array_unref (self->claims);
  g_array_unref (self->goals);
  g_string_chunk_free (self->texts);
  g_free (self);
}
