/* SPDX-License-Identifier: Apache-2.0 */
#include "app/base/config-private.h"

#include <string.h>

#define REQUIRED ""

#define ANY_TEXT    "[^[:cntrl:]]{1,200}", "1 to 200 printable characters"
#define A_PATH      NULL, "a path"
#define EVSE_ID     "[A-Z]{2}\\*?[A-Z0-9]{3}\\*?E[A-Z0-9][A-Z0-9*]{0,30}", "an eMI3 EVSE id such as DE*TWT*E0001*1"
#define AN_ADDRESS  "/[^[:cntrl:][:space:]?]+(\\?[^[:cntrl:][:space:]]*)?"
#define A_HOST      "[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?", "a host name"
#define HOST_PORT   "([A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\\[[0-9A-Fa-f:]+\\]):[1-9][0-9]{0,4}", "HOST:PORT"
#define A_SOCKET    "([0-9.]{7,15}|\\[[0-9A-Fa-f:.]{2,45}\\]):(0|[1-9][0-9]{0,4})", \
                    "ADDRESS:PORT, such as 127.0.0.1:9464 or [::1]:9464"
#define AN_ID       "[A-Za-z0-9._=+/-]{1,128}", "1 to 128 of the letters, the digits and . _ = + / -"

/* A device that answers in a day is broken, and so is a deadline beyond a week. */
#define WEEK_MS     ((gint64) 7 * 24 * 3600 * 1000)
#define MOST_MINOR  G_GINT64_CONSTANT (100000000000)

#define FIELD(field) G_STRUCT_OFFSET (TwConfig, field)
#define TEXT(group, name, field, fallback, pattern_and_accepted) \
  { group, name, TW_CONFIG_TEXT, FIELD (field), fallback, 0, 0, pattern_and_accepted }
#define PATH(group, name, field, fallback) { group, name, TW_CONFIG_PATH, FIELD (field), fallback, 0, 0, A_PATH }
#define COUNT(group, name, field, fallback, least, most) \
  { group, name, TW_CONFIG_COUNT, FIELD (field), fallback, least, most }
#define AMOUNT(group, name, field, fallback, least, most) \
  { group, name, TW_CONFIG_AMOUNT, FIELD (field), fallback, least, most }
#define SECONDS(group, name, field, fallback) { group, name, TW_CONFIG_SECONDS, FIELD (field), fallback, 50, WEEK_MS }

static const TwConfigKey station_keys[] = {
  { "station", "id", TW_CONFIG_TEXT, FIELD (station_id), REQUIRED, 0, 0,
    "[A-Za-z0-9-]{1,20}", "1 to 20 of the letters, the digits and -" },
  TEXT ("station", "name", name, REQUIRED, ANY_TEXT),
  TEXT ("station", "address", address, REQUIRED, ANY_TEXT),
  { "station", "country", TW_CONFIG_TEXT, FIELD (country), REQUIRED, 0, 0,
    "[A-Z]{2}", "a country's two capital letters (ISO 3166)" },
  { "station", "time_zone", TW_CONFIG_ZONE, FIELD (time_zone), REQUIRED, 0, 0, NULL,
    "a time zone of this machine's tzdata such as Europe/Berlin, or UTC" },
  { "station", "currency", TW_CONFIG_TEXT, FIELD (currency), REQUIRED, 0, 0,
    "[A-Z]{3}", "a currency's three capital letters (ISO 4217)" },
  { "station", "language", TW_CONFIG_CHOICE, FIELD (language), "en", 0, 0, NULL, "en, de" },
  { "station", "auto_accept", TW_CONFIG_SWITCH, FIELD (auto_accept), "on", 0, 0, NULL, "off, on" },
  { "station", "tariff_profile", TW_CONFIG_CHOICE, FIELD (tariff_profile), "none", 0, 0, NULL,
    "none, afir-50kw-and-up, afir-below-50kw, uk-2023, nevi" },
  { "station", "clock", TW_CONFIG_SWITCH, FIELD (trust_clock), "kernel", 0, 0, NULL, "kernel, trusted" },

  TEXT ("seller", "name", seller_name, REQUIRED, ANY_TEXT),
  TEXT ("seller", "address", seller_address, REQUIRED, ANY_TEXT),
  TEXT ("seller", "vat_id", seller_vat_id, NULL, ANY_TEXT),
  TEXT ("seller", "helpline", helpline, REQUIRED, ANY_TEXT),

  PATH ("journal", "directory", journal_dir, REQUIRED),
  COUNT ("journal", "reserve_kib", journal_reserve_kib, "4096", 64, 1048576),

  { "reader", "device", TW_CONFIG_TEXT, FIELD (reader_device), REQUIRED, 0, 0,
    "pn532:" AN_ADDRESS, "pn532:/dev/DEVICE" },
  { "reader", "bank_cards", TW_CONFIG_SWITCH, FIELD (bank_cards_test), "off", 0, 0, NULL, "off, test" },
  PATH ("reader", "fingerprint_key", fingerprint_key, NULL),

  { "emv", "terminal_type", TW_CONFIG_COUNT, FIELD (terminal_type), "24", 24, 25 },
  { "emv", "terminal_id", TW_CONFIG_TEXT, FIELD (terminal_id), REQUIRED, 0, 0,
    "[A-Za-z0-9]{8}", "8 letters and digits" },
  { "emv", "merchant_name", TW_CONFIG_TEXT, FIELD (merchant_name), REQUIRED, 0, 0,
    "[ -~]{1,40}", "1 to 40 printable ASCII characters" },
  COUNT ("emv", "merchant_category", merchant_category, "5552", 1, 9999),
  AMOUNT ("emv", "contactless_limit_minor", contactless_limit_minor, REQUIRED, 1, MOST_MINOR),
  AMOUNT ("emv", "cvm_limit_minor", cvm_limit_minor, REQUIRED, 0, MOST_MINOR),

  { "gateway", "kind", TW_CONFIG_CHOICE, FIELD (gateway_kind), REQUIRED, 0, 0, NULL, "cybersource" },
  TEXT ("gateway", "host", gateway_host, REQUIRED, A_HOST),
  TEXT ("gateway", "connect_to", gateway_connect_to, NULL, HOST_PORT),
  PATH ("gateway", "ca_file", gateway_ca_file, NULL),
  TEXT ("gateway", "merchant_id", merchant_id, REQUIRED, AN_ID),
  TEXT ("gateway", "key_id", key_id, REQUIRED, AN_ID),
  PATH ("gateway", "shared_secret_file", shared_secret_file, REQUIRED),
  PATH ("gateway", "mle_certificate", mle_certificate, REQUIRED),
  PATH ("gateway", "response_key", response_key, NULL),
  TEXT ("gateway", "response_key_id", response_key_id, NULL, AN_ID),
  TEXT ("gateway", "solution_id", solution_id, NULL, AN_ID),
  TEXT ("gateway", "comments", comments, NULL, ANY_TEXT),
  COUNT ("gateway", "authorize_timeout_s", authorize_timeout_s, "30", 1, 300),
  COUNT ("gateway", "follow_up_timeout_s", follow_up_timeout_s, "60", 1, 300),
  SECONDS ("gateway", "late_s", late_ms, "120"),

  SECONDS ("deadlines", "offer_s", offer_ms, "60"),
  SECONDS ("deadlines", "asking_s", asking_ms, "45"),
  SECONDS ("deadlines", "authorizing_s", authorizing_ms, "35"),
  SECONDS ("deadlines", "outcome_s", outcome_ms, "8"),
  SECONDS ("deadlines", "armed_s", armed_ms, "300"),
  SECONDS ("deadlines", "charging_s", charging_ms, "43200"),
  SECONDS ("deadlines", "paused_s", paused_ms, "3600"),
  SECONDS ("deadlines", "finishing_s", finishing_ms, "60"),
  SECONDS ("deadlines", "settling_s", settling_ms, "20"),
  SECONDS ("deadlines", "receipt_s", receipt_ms, "60"),
  { "deadlines", "visit_s", TW_CONFIG_SECONDS, FIELD (visit_ms), "120", 0, WEEK_MS },
  SECONDS ("deadlines", "retry_first_s", retry_first_ms, "1"),
  SECONDS ("deadlines", "retry_most_s", retry_most_ms, "600"),

  SECONDS ("readings", "every_s", reading_ms, "60"),
  AMOUNT ("readings", "every_wh", reading_wh, "250", 1, 1000000),
  SECONDS ("readings", "idle_s", idle_ms, "60"),
  { "readings", "idle_grace_s", TW_CONFIG_SECONDS, FIELD (idle_grace_ms), "300", 0, WEEK_MS },

  { "kiosk", "theme", TW_CONFIG_CHOICE, FIELD (kiosk_theme), "auto", 0, 0, NULL, "auto, light, dark" },
  { "kiosk", "text", TW_CONFIG_SWITCH, FIELD (kiosk_large_text), "normal", 0, 0, NULL, "normal, large" },
  { "kiosk", "diagonal_in", TW_CONFIG_TENTHS, FIELD (kiosk_diagonal_tenths), "10.1", 30, 1000, NULL, NULL },
  { "kiosk", "reader", TW_CONFIG_CHOICE, FIELD (kiosk_reader), "below", 0, 0, NULL, "below, above, left, right" },
  { "kiosk", "fullscreen", TW_CONFIG_SWITCH, FIELD (kiosk_fullscreen), "on", 0, 0, NULL, "off, on" },

  TEXT ("metrics", "listen", metrics_listen, NULL, A_SOCKET),
  { "metrics", "beyond_loopback", TW_CONFIG_SWITCH, FIELD (metrics_beyond_loopback), "off", 0, 0, NULL, "off, on" },
};

#undef FIELD
#define FIELD(field) G_STRUCT_OFFSET (TwConnectorConfig, field)

static const TwConfigKey connector_keys[] = {
  TEXT ("connector", "evse_id", evse_id, REQUIRED, EVSE_ID),
  { "connector", "label", TW_CONFIG_TEXT, FIELD (label), NULL, 0, 0,
    "[^[:cntrl:]]{1,20}", "1 to 20 printable characters" },
  { "connector", "power", TW_CONFIG_TEXT, FIELD (power), REQUIRED, 0, 0, "rapi:" AN_ADDRESS, "rapi:/dev/DEVICE" },
  { "connector", "meter", TW_CONFIG_TEXT, FIELD (meter), "power", 0, 0,
    "power|rapi:" AN_ADDRESS, "power, rapi:/dev/DEVICE" },
  PATH ("connector", "tariff", tariff, REQUIRED),
  AMOUNT ("connector", "hold_minor", hold_minor, REQUIRED, 1, MOST_MINOR),
  AMOUNT ("connector", "hold_most_minor", hold_most_minor, "0", 0, MOST_MINOR),
  COUNT ("connector", "max_current_a", max_current_a, "16", 6, 80),
  { "connector", "phases", TW_CONFIG_COUNT, FIELD (phases), "1", 1, 3, NULL, "1, 3" },
  COUNT ("connector", "voltage_v", voltage_v, "230", 100, 300),
};

static gboolean
is_always_needed (const char *group)
{
  return !g_str_equal (group, "reader") && !g_str_equal (group, "emv") && !g_str_equal (group, "gateway");
}

static gboolean
fill_key (const TwConfigSource  *source,
          const TwConfigKey     *key,
          const char            *group,
          gpointer               record,
          GError               **error)
{
  const TwConfigFile *file = tw_config_source_find (source, group, key->name);
  g_autofree char *accepted = tw_config_key_accepted (key);
  g_autofree char *value = NULL;
  g_autoptr (GError) cause = NULL;

  if (file == NULL && key->fallback == NULL)
    return TRUE;
  if (file == NULL && *key->fallback == '\0')
    return tw_config_source_refuse (source, error, group, key->name, "missing; %s", accepted);

  /* Of a bad escape GKeyFile complains, and returns something all the same. */
  value = file ? g_key_file_get_string (file->keys, group, key->name, &cause) : g_strdup (key->fallback);
  if (cause == NULL && tw_config_key_store (key, g_strchomp (value), file ? file->dir : NULL, record))
    return TRUE;

  return tw_config_source_refuse (source, error, group, key->name, "%s", accepted);
}

gboolean
tw_config_fill_station (const TwConfigSource  *self,
                        TwConfig              *config,
                        GError               **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (station_keys); i++)
    {
      const TwConfigKey *key = &station_keys[i];

      if (!is_always_needed (key->group) && !tw_config_source_find (self, key->group, NULL))
        continue;
      if (!fill_key (self, key, key->group, config, error))
        return FALSE;
    }

  return TRUE;
}

gboolean
tw_config_fill_connector (const TwConfigSource  *self,
                          guint                  number,
                          TwConnectorConfig     *connector,
                          GError               **error)
{
  g_autofree char *group = g_strdup_printf ("connector %u", number);

  for (gsize i = 0; i < G_N_ELEMENTS (connector_keys); i++)
    if (!fill_key (self, &connector_keys[i], group, connector, error))
      return FALSE;

  connector->number = number;
  if (connector->label == NULL)
    connector->label = g_strdup_printf ("%u", number);

  return TRUE;
}

void
tw_config_clear_station (TwConfig *config)
{
  for (gsize i = 0; i < G_N_ELEMENTS (station_keys); i++)
    tw_config_key_clear (&station_keys[i], config);
}

void
tw_config_clear_connector (TwConnectorConfig *connector)
{
  for (gsize i = 0; i < G_N_ELEMENTS (connector_keys); i++)
    tw_config_key_clear (&connector_keys[i], connector);
}

static gboolean
is_connector (const char *group)
{
  guint number = strlen (group) == strlen ("connector N") ? g_ascii_digit_value (group[10]) : 0;

  return g_str_has_prefix (group, "connector ") && number >= 1 && number <= TW_MAX_CONNECTORS;
}

/* The names in the table's group, "a, b, c"; empty: no such group. */
static char *
known_keys (const char *group)
{
  gboolean connector = is_connector (group);
  const TwConfigKey *keys = connector ? connector_keys : station_keys;
  gsize n_keys = connector ? G_N_ELEMENTS (connector_keys) : G_N_ELEMENTS (station_keys);
  GString *names = g_string_new (NULL);

  for (gsize i = 0; i < n_keys; i++)
    if (connector || g_str_equal (keys[i].group, group))
      g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "", keys[i].name);

  return g_string_free (names, FALSE);
}

static char *
known_groups (void)
{
  GString *names = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (station_keys); i++)
    if (i == 0 || !g_str_equal (station_keys[i].group, station_keys[i - 1].group))
      g_string_append_printf (names, "%s, ", station_keys[i].group);
  g_string_append_printf (names, "connector 1 to connector %d", TW_MAX_CONNECTORS);

  return g_string_free (names, FALSE);
}

static gboolean
check_group (const TwConfigFile  *file,
             const char          *group,
             GError             **error)
{
  TwConfigSource alone = { g_ptr_array_new () };
  g_autoptr (GPtrArray) files = alone.files;
  g_autofree char *known = known_keys (group);
  g_autofree char *groups = known_groups ();
  g_auto (GStrv) keys = g_key_file_get_keys (file->keys, group, NULL, NULL);

  g_ptr_array_add (files, (gpointer) file);
  if (*known == '\0')
    return tw_config_source_refuse (&alone, error, group, NULL, "no such group; known are %s", groups);
  for (guint i = 0; keys && keys[i]; i++)
    if (tw_config_choice_index (known, keys[i]) < 0)
      return tw_config_source_refuse (&alone, error, group, keys[i], "no such key; known are %s", known);

  return TRUE;
}

gboolean
tw_config_check_known (const TwConfigSource  *self,
                       GError               **error)
{
  for (guint i = 0; i < self->files->len; i++)
    {
      const TwConfigFile *file = self->files->pdata[i];
      g_auto (GStrv) groups = g_key_file_get_groups (file->keys, NULL);

      for (guint j = 0; groups[j]; j++)
        if (!check_group (file, groups[j], error))
          return FALSE;
    }

  return TRUE;
}
