/* SPDX-License-Identifier: Apache-2.0 */
/* The picture of a station that says things of wrong types, leaves things out, or says far too much. */
#include "app/bus/picture.h"

#include <string.h>

static const char *const station_names[] = { "Version", "StationId", "Name", "Helpline", "TestMode", "Counter",
                                             "Connectors", "OpenClaims" };
static const char *const connector_names[] = {
  "Number", "EvseId", "Label", "State", "Car", "Fault", "PowerWanted", "CurrentMa", "Session", "LastSession",
  "EnergyWh", "ChargingMs", "ParkingMs", "PriceMinor", "HoldMinor", "Money", "DeadlineBootUs", "PowerW", "Language",
  "ReceiptUntilBootUs", "Currency", "TariffHash", "Prices", "MinPrice", "MaxPrice", "OfferHoldMinor", "Example",
  "NextPrice", "CurrentPrices", "Goal",
};

/* What may stand where something else belongs: also the right types, with odd contents. */
static GVariant *
any_value (int depth)
{
  static const char *const texts[] = {
    "true", "byte 0xff", "uint16 65535", "int32 -2147483648", "uint32 4294967295", "int64 -9223372036854775808",
    "int64 9223372036854775807", "uint64 18446744073709551615", "1e308", "''", "'free'", "'Z\\u00fcge \\U0001f50c'",
    "objectpath '/'", "signature 'a{sv}'", "@a{sv} {}", "@aa{sv} []", "@aa{sv} [{}]", "[<1>, <'a'>]",
    "('offer', @a{sv} {})",
    "('offer', @a{sv} {'connector': <'two'>, 'hold_minor': <true>, 'session': <byte 1>})", "(1, 2, 3)",
    "('energy', int64 -5)", "(int64 1, int64 2, int64 3)",
    ("('offer', @a{sv} {'goals': <@aa{sv} [{}, {'kind': <byte 1>, 'value': <int64 -1>}]>, 'goal': <1>, "
     "'least_minor': <'x'>})"), "@(xxx) (-1, -1, -1)", "@a(ssssx) [('energy', '1', '2', '3', 4)]",
    "[objectpath '/org/tapwatt/Connector1/1', '/a', '/b']", "@ao []", "@mi nothing", "{'kind': <int64 1>}",
    "[{'kind': <'energy'>, 'price': <2.5>, 'step': <'x'>}, {'kind': <@aa{sv} []>}]", "()",
  };
  guint n = (guint) g_test_rand_int_range (0, G_N_ELEMENTS (texts) + 3);

  if (n < G_N_ELEMENTS (texts))
    return g_variant_new_parsed (texts[n]);
  if (n == G_N_ELEMENTS (texts) || depth > 20)
    return g_variant_new_take_string (g_strnfill ((gsize) g_test_rand_int_range (0, 20000), 'x'));
  return n % 2 == 0 ? g_variant_new_variant (any_value (depth + 1)) : g_variant_new ("(v)", any_value (depth + 1));
}

static GHashTable *
any_properties (const char *const *names,
                guint              n_names)
{
  GHashTable *properties = tw_properties_new ();
  GVariantBuilder dict;
  g_autoptr (GVariant) said = NULL;

  g_variant_builder_init (&dict, G_VARIANT_TYPE_VARDICT);
  for (guint i = 0; i < n_names; i++)
    if (g_test_rand_bit ())
      g_variant_builder_add (&dict, "{sv}", names[i], any_value (0));
  said = g_variant_ref_sink (g_variant_builder_end (&dict));
  tw_properties_merge (properties, said);
  return properties;
}

static gsize
length (const char *text)
{
  gsize n = text ? strlen (text) : 0;

  g_assert_cmpuint (n, <=, TW_PICTURE_MOST_TEXT);
  return n;
}

/* Everything can be read, and nothing is NULL that a screen may not expect to be. */
static void
look_at_all (TwPicture *picture)
{
  const TwBusCounter *counter = &picture->counter;

  g_assert_nonnull (counter->state);
  g_assert_nonnull (picture->station.name);
  g_assert_nonnull (picture->station.helpline);
  length (counter->session);
  length (counter->prompt);
  length (counter->qr);
  length (counter->goal.kind);
  g_assert_nonnull (counter->goal.kind);
  for (guint i = 0; i < counter->n_goals; i++)
    g_assert_true (counter->goals[i].kind && counter->goals[i].value > 0 && counter->goals[i].hold_minor > 0);
  g_assert_cmpuint (picture->station.n_connectors, <=, TW_MAX_CONNECTORS);
  for (guint i = 0; i < TW_MAX_CONNECTORS; i++)
    {
      const TwBusConnector *c = &picture->connectors[i];
      const char *texts[] = { c->evse_id, c->label, c->state, c->car, c->fault, c->session, c->last_session, c->money,
                              c->currency, c->tariff_hash, c->language, c->min_price, c->max_price, c->next.kind,
                              c->next.gross_price, c->goal.kind };

      for (guint t = 0; t < G_N_ELEMENTS (texts); t++)
        {
          g_assert_nonnull (texts[t]);
          length (texts[t]);
        }
      g_assert_nonnull (c->next.at);
      g_assert_cmpuint (c->n_prices, <=, TW_PICTURE_MOST_PRICES);
      g_assert_cmpuint (c->n_current_prices, <=, TW_PICTURE_MOST_PRICES);
      for (guint p = 0; p < c->n_prices; p++)
        g_assert_true (c->prices[p].kind && c->prices[p].price && c->prices[p].gross_price && c->prices[p].tax_percent);
    }
}

static void
test_lies (void)
{
  for (guint round = 0; round < 3000; round++)
    {
      g_autoptr (GHashTable) station = any_properties (station_names, G_N_ELEMENTS (station_names));
      g_autoptr (GPtrArray) connectors = g_ptr_array_new_with_free_func ((GDestroyNotify) g_hash_table_unref);
      g_auto (GStrv) paths = tw_properties_connectors (station);
      g_autoptr (TwPicture) picture = NULL;

      for (guint i = 0; paths[i] != NULL; i++)
        g_ptr_array_add (connectors, any_properties (connector_names, G_N_ELEMENTS (connector_names)));
      picture = tw_picture_new (station, (GHashTable *const *) connectors->pdata, connectors->len);
      g_assert_cmpuint (picture->station.n_connectors, ==, g_strv_length (paths));
      look_at_all (picture);
    }
}

static GHashTable *
properties_of (const char *said)
{
  g_autoptr (GVariant) dict = g_variant_ref_sink (g_variant_new_parsed (said));
  GHashTable *properties = tw_properties_new ();

  tw_properties_merge (properties, dict);
  return properties;
}

static GVariant *
many_goals (void)
{
  GVariantBuilder goals;

  g_variant_builder_init (&goals, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < 5000; i++)
    g_variant_builder_add_parsed (&goals, "{'kind': <'energy'>, 'value': <int64 1>, 'hold_minor': <int64 2>}");
  return g_variant_new_parsed ("('offer', {'goals': <%*>})", g_variant_builder_end (&goals));
}

static void
test_too_much (void)
{
  g_autoptr (GHashTable) station = tw_properties_new ();
  g_autoptr (GHashTable) connector = tw_properties_new ();
  GHashTable *connectors[200];
  GVariantBuilder paths, prices;
  g_auto (GStrv) taken = NULL;
  g_autoptr (TwPicture) picture = NULL;

  g_variant_builder_init (&paths, G_VARIANT_TYPE_OBJECT_PATH_ARRAY);
  for (guint i = 0; i < 50000; i++)
    g_variant_builder_add (&paths, "o", "/org/tapwatt/Connector1/1");
  g_hash_table_insert (station, g_strdup ("Connectors"), g_variant_ref_sink (g_variant_builder_end (&paths)));
  g_variant_builder_init (&prices, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < 50000; i++)
    {
      g_variant_builder_open (&prices, G_VARIANT_TYPE_VARDICT);
      g_variant_builder_close (&prices);
    }
  g_hash_table_insert (connector, g_strdup ("Prices"), g_variant_ref_sink (g_variant_builder_end (&prices)));
  g_hash_table_insert (station, g_strdup ("Counter"), g_variant_ref_sink (many_goals ()));
  g_hash_table_insert (connector, g_strdup ("State"),
                       g_variant_ref_sink (g_variant_new_take_string (g_strnfill (10000000, 'x'))));

  taken = tw_properties_connectors (station);
  g_assert_cmpuint (g_strv_length (taken), ==, TW_MAX_CONNECTORS);
  for (guint i = 0; i < G_N_ELEMENTS (connectors); i++)
    connectors[i] = connector;
  picture = tw_picture_new (station, connectors, G_N_ELEMENTS (connectors));
  g_assert_cmpuint (picture->station.n_connectors, ==, TW_MAX_CONNECTORS);
  g_assert_cmpuint (picture->connectors[7].n_prices, ==, TW_PICTURE_MOST_PRICES);
  g_assert_cmpstr (picture->connectors[0].state, ==, "");
  g_assert_cmpuint (picture->counter.n_goals, ==, TW_PICTURE_MOST_GOALS);
  look_at_all (picture);
}

static void
test_truth (void)
{
  g_autoptr (GHashTable) station = properties_of (
    "{'Name': <'Town hall'>, 'Counter': <('asking', {'hold_minor': <int64 5000>, 'currency': <'EUR'>, "
    "'deadline_boot_us': <int64 77>, 'prompt': <'present-card'>})>, "
    "'OpenClaims': <[{'session': <'S-1'>, 'amount_minor': <int64 12>, 'attempts': <uint32 3>}]>}");
  g_autoptr (GHashTable) connector = properties_of (
    "{'Example': <(int64 20000, int64 3300000, int64 1000)>, 'PowerW': <int64 11040>, 'Language': <'de'>, "
    "'NextPrice': <{'kind': <'parking-time'>, 'gross_price': <'6.00'>, 'after_charging': <true>}>, "
    "'Prices': <[{'kind': <'energy'>, 'price': <'0.50'>, 'gross_price': <'0.50'>, 'step': <int64 1>}]>}");
  GHashTable *connectors[] = { connector };
  g_autoptr (TwPicture) picture = tw_picture_new (station, connectors, 1);
  TwBusConnector c = picture->connectors[0];

  g_assert_cmpstr (picture->counter.state, ==, "asking");
  g_assert_cmpint (picture->counter.hold_minor, ==, 5000);
  g_assert_cmpint (picture->counter.deadline_boot_us, ==, 77);
  g_assert_cmpstr (picture->counter.prompt, ==, "present-card");
  g_assert_cmpuint (picture->claims->len, ==, 1);
  g_assert_cmpuint (g_array_index (picture->claims, TwBusClaim, 0).attempts, ==, 3);
  g_assert_cmpint (c.example_wh, ==, 20000);
  g_assert_cmpint (c.example_ms, ==, 3300000);
  g_assert_cmpint (c.example_minor, ==, 1000);
  g_assert_cmpint (c.power_w, ==, 11040);
  g_assert_cmpstr (c.language, ==, "de");
  g_assert_cmpstr (c.next.kind, ==, "parking-time");
  g_assert_cmpstr (c.next.gross_price, ==, "6.00");
  g_assert_true (c.next.after_charging);
  g_assert_cmpuint (c.n_prices, ==, 1);
  g_assert_cmpstr (c.prices[0].gross_price, ==, "0.50");
  g_assert_cmpint (c.prices[0].step, ==, 1);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bus/picture/the-truth-is-understood", test_truth);
  g_test_add_func ("/bus/picture/lies-are-empty", test_lies);
  g_test_add_func ("/bus/picture/too-much-is-cut", test_too_much);
  return g_test_run ();
}
