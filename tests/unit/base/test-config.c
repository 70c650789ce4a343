/* SPDX-License-Identifier: Apache-2.0 */
#include "app/base/config.h"
#include "app/base/error.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

/* The least that a station must be told; line 4 is its id. */
static const char least[] =
  "# a station\n"
  "\n"
  "[station]\n"
  "id = S1\n"
  "name = N\n"
  "address = A\n"
  "country = DE\n"
  "time_zone = UTC\n"
  "currency = EUR\n"
  "[seller]\n"
  "name = SN\n"
  "address = SA\n"
  "helpline = +49 30 1\n"
  "[journal]\n"
  "directory = journal\n"
  "[connector 1]\n"
  "evse_id = DE*TWT*E1\n"
  "power = rapi:/dev/ttyS1\n"
  "tariff = tariffs/day.json\n"
  "hold_minor = 5000\n";

static const char bank[] =
  "[reader]\ndevice = pn532:/dev/ttyS2\nbank_cards = test\nfingerprint_key = fp\n"
  "[emv]\nterminal_id = TWT00001\nmerchant_name = M\ncontactless_limit_minor = 5000\ncvm_limit_minor = 2500\n"
  "[gateway]\nkind = cybersource\nhost = h.example\nmerchant_id = m\nkey_id = k\nshared_secret_file = s\n"
  "mle_certificate = c\n";

typedef struct
{
  char *dir;
  char *path;
} Fixture;

static void
fixture_init (Fixture *self)
{
  g_autoptr (GError) error = NULL;

  self->dir = g_dir_make_tmp ("tapwatt-config-XXXXXX", &error);
  g_assert_no_error (error);
  self->path = g_build_filename (self->dir, "t.conf", NULL);
}

static void
write_bytes (const Fixture *self,
             const char    *name,
             const char    *bytes,
             gssize         n)
{
  g_autofree char *path = g_build_filename (self->dir, name, NULL);
  g_autofree char *dir = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (dir, 0700), ==, 0);
  g_file_set_contents (path, bytes, n, &error);
  g_assert_no_error (error);
}

static void
write_text (const Fixture *self,
            const char    *name,
            const char    *text)
{
  write_bytes (self, name, text, -1);
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);

  for (const char *name = dir ? g_dir_read_name (dir) : NULL; name; name = g_dir_read_name (dir))
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_assert_cmpint (g_remove (path), ==, 0);
}

static void
fixture_clear (Fixture *self)
{
  remove_tree (self->dir);
  g_free (self->dir);
  g_free (self->path);
}

/* Messages begin with the file: "@" stands for it, "@.d" for the directory of its drop-ins. */
static void
assert_refused (const Fixture *self,
                int            code,
                const char    *message)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TwConfig) config = tw_config_load (self->path, &error);
  g_auto (GStrv) parts = g_strsplit (message, "@", 2);
  g_autofree char *expected = g_strjoinv (self->path, parts);

  if (config || !g_error_matches (error, TW_ERROR, code) || !g_str_equal (error->message, expected))
    {
      g_test_message ("found:    %s", config ? "no error" : error->message);
      g_test_message ("expected: %s", expected);
      g_test_fail ();
    }
}

static TwConfig *
load (const Fixture *self)
{
  g_autoptr (GError) error = NULL;
  TwConfig *config = tw_config_load (self->path, &error);

  g_assert_no_error (error);
  return config;
}

static void
test_least (void)
{
  Fixture fixture;
  g_autoptr (TwConfig) config = NULL;
  g_autofree char *journal_dir = NULL;
  g_autofree char *tariff = NULL;

  fixture_init (&fixture);
  write_text (&fixture, "t.conf", least);
  config = load (&fixture);
  journal_dir = g_build_filename (fixture.dir, "journal", NULL);
  tariff = g_build_filename (fixture.dir, "tariffs", "day.json", NULL);

  g_assert_cmpstr (config->station_id, ==, "S1");
  g_assert_cmpstr (config->helpline, ==, "+49 30 1");
  g_assert_cmpstr (config->language, ==, "en");
  g_assert_true (config->auto_accept);
  g_assert_false (config->trust_clock);
  g_assert_cmpstr (config->journal_dir, ==, journal_dir);
  g_assert_cmpuint (config->journal_reserve_kib, ==, 4096);
  g_assert_null (config->reader_device);
  g_assert_null (config->gateway_kind);
  g_assert_null (config->seller_vat_id);
  g_assert_cmpint (config->offer_ms, ==, 60000);
  g_assert_cmpint (config->retry_most_ms, ==, 600000);
  g_assert_cmpint (config->receipt_ms, ==, 60000);
  g_assert_cmpstr (config->kiosk_theme, ==, "auto");
  g_assert_cmpstr (config->kiosk_reader, ==, "below");
  g_assert_cmpuint (config->kiosk_diagonal_tenths, ==, 101);
  g_assert_false (config->kiosk_large_text);
  g_assert_true (config->kiosk_fullscreen);
  g_assert_cmpint (config->reading_ms, ==, 60000);
  g_assert_cmpint (config->reading_wh, ==, 250);
  g_assert_cmpuint (config->n_connectors, ==, 1);
  g_assert_cmpuint (config->connectors[0].number, ==, 1);
  g_assert_cmpstr (config->connectors[0].label, ==, "1");
  g_assert_cmpstr (config->connectors[0].meter, ==, "power");
  g_assert_cmpstr (config->connectors[0].tariff, ==, tariff);
  g_assert_cmpint (config->connectors[0].hold_minor, ==, 5000);
  g_assert_cmpuint (config->connectors[0].max_current_a, ==, 16);
  g_assert_cmpuint (config->connectors[0].phases, ==, 1);
  g_assert_cmpuint (config->connectors[0].voltage_v, ==, 230);
  fixture_clear (&fixture);
}

static void
test_all_said (void)
{
  static const char more[] =
    "[station]\nlanguage = de\nauto_accept = off\nclock = trusted\n"
    "[deadlines]\noffer_s = 0.05\nasking_s = 1.5\narmed_s = 604800\nretry_first_s = 2.125\nretry_most_s = 2.125\n"
    "[readings]\nevery_s = 10\nevery_wh = 1\n"
    "[kiosk]\ntheme = dark\ntext = large\ndiagonal_in = 7\nreader = left\nfullscreen = off\n"
    "[connector 2]\nevse_id = DETWTE2\nlabel = right\npower = rapi:/dev/pts/7?heartbeat=5\n"
    "meter = rapi:/dev/pts/8\ntariff = /abs/t.json\nhold_minor = 1\nmax_current_a = 80\nphases = 3\nvoltage_v = 277\n";
  g_autofree char *text = g_strconcat (least, bank, more, NULL);
  g_autoptr (TwConfig) config = NULL;
  Fixture fixture;

  fixture_init (&fixture);
  write_text (&fixture, "t.conf", text);
  config = load (&fixture);

  g_assert_cmpstr (config->language, ==, "de");
  g_assert_false (config->auto_accept);
  g_assert_true (config->trust_clock);
  g_assert_true (config->bank_cards_test);
  g_assert_cmpstr (config->reader_device, ==, "pn532:/dev/ttyS2");
  g_assert_cmpuint (config->terminal_type, ==, 24);
  g_assert_cmpuint (config->merchant_category, ==, 5552);
  g_assert_cmpint (config->cvm_limit_minor, ==, 2500);
  g_assert_cmpuint (config->authorize_timeout_s, ==, 30);
  g_assert_cmpint (config->offer_ms, ==, 50);
  g_assert_cmpint (config->asking_ms, ==, 1500);
  g_assert_cmpint (config->armed_ms, ==, 604800000);
  g_assert_cmpint (config->retry_first_ms, ==, 2125);
  g_assert_cmpint (config->reading_ms, ==, 10000);
  g_assert_cmpstr (config->kiosk_theme, ==, "dark");
  g_assert_cmpstr (config->kiosk_reader, ==, "left");
  g_assert_cmpuint (config->kiosk_diagonal_tenths, ==, 70);
  g_assert_true (config->kiosk_large_text);
  g_assert_false (config->kiosk_fullscreen);
  g_assert_cmpint (config->reading_wh, ==, 1);
  g_assert_cmpuint (config->n_connectors, ==, 2);
  g_assert_cmpstr (config->connectors[1].label, ==, "right");
  g_assert_cmpstr (config->connectors[1].power, ==, "rapi:/dev/pts/7?heartbeat=5");
  g_assert_cmpstr (config->connectors[1].meter, ==, "rapi:/dev/pts/8");
  g_assert_cmpstr (config->connectors[1].tariff, ==, "/abs/t.json");
  g_assert_cmpuint (config->connectors[1].phases, ==, 3);
  fixture_clear (&fixture);
}

/* Each line is put into a drop-in of its own, and stands in its line 2. */
static const struct { const char *group, *line, *complaint; } bad_values[] = {
  { "station", "id = a b", "accepted is 1 to 20 of the letters, the digits and -" },
  { "station", "id = ", "accepted is 1 to 20 of the letters, the digits and -" },
  { "station", "name = ", "accepted is 1 to 200 printable characters" },
  { "station", "name = a\\nb", "accepted is 1 to 200 printable characters" },
  { "station", "name = a\\qb", "accepted is 1 to 200 printable characters" },
  { "station", "country = de", "accepted is a country's two capital letters (ISO 3166)" },
  { "station", "country = DEU", "accepted is a country's two capital letters (ISO 3166)" },
  { "station", "time_zone = Europe/Atlantis",
    "accepted is a time zone of this machine's tzdata such as Europe/Berlin, or UTC" },
  { "station", "time_zone = ../../../etc/localtime",
    "accepted is a time zone of this machine's tzdata such as Europe/Berlin, or UTC" },
  { "station", "currency = Euro", "accepted is a currency's three capital letters (ISO 4217)" },
  { "station", "currency = EU", "accepted is a currency's three capital letters (ISO 4217)" },
  { "station", "language = fr", "accepted are en, de" },
  { "station", "auto_accept = yes", "accepted are off, on" },
  { "station", "auto_accept = on # really", "accepted are off, on" },
  { "station", "clock = ntp", "accepted are kernel, trusted" },
  { "journal", "directory = ", "accepted is a path" },
  { "journal", "reserve_kib = 63", "accepted are whole numbers from 64 to 1048576" },
  { "journal", "reserve_kib = 1048577", "accepted are whole numbers from 64 to 1048576" },
  { "journal", "reserve_kib = 4294971392", "accepted are whole numbers from 64 to 1048576" },
  { "journal", "reserve_kib = 0x40", "accepted are whole numbers from 64 to 1048576" },
  { "journal", "reserve_kib = 64.0", "accepted are whole numbers from 64 to 1048576" },
  { "reader", "device = pn532", "accepted is pn532:/dev/DEVICE" },
  { "reader", "device = /dev/ttyS2", "accepted is pn532:/dev/DEVICE" },
  { "reader", "device = acr122:/dev/ttyS2", "accepted is pn532:/dev/DEVICE" },
  { "reader", "device = pn532:ttyS2", "accepted is pn532:/dev/DEVICE" },
  { "reader", "device = pn532:/dev/tty S2", "accepted is pn532:/dev/DEVICE" },
  { "reader", "bank_cards = live", "accepted are off, test" },
  { "reader", "bank_cards = TEST", "accepted are off, test" },
  { "emv", "terminal_type = 22", "accepted are whole numbers from 24 to 25" },
  { "emv", "terminal_id = 123", "accepted is 8 letters and digits" },
  { "emv", "merchant_name = Bäcker", "accepted is 1 to 40 printable ASCII characters" },
  { "emv", "merchant_category = 10000", "accepted are whole numbers from 1 to 9999" },
  { "emv", "contactless_limit_minor = 50.00", "accepted are whole numbers from 1 to 100000000000" },
  { "emv", "contactless_limit_minor = 0", "accepted are whole numbers from 1 to 100000000000" },
  { "emv", "cvm_limit_minor = -1", "accepted are whole numbers from 0 to 100000000000" },
  { "emv", "cvm_limit_minor = 99999999999999999999999", "accepted are whole numbers from 0 to 100000000000" },
  { "gateway", "kind = stripe", "accepted is cybersource" },
  { "gateway", "host = https://h.example", "accepted is a host name" },
  { "gateway", "host = h.example/x", "accepted is a host name" },
  { "gateway", "connect_to = 127.0.0.1", "accepted is HOST:PORT" },
  { "gateway", "connect_to = h:0", "accepted is HOST:PORT" },
  { "gateway", "key_id = a b", "accepted is 1 to 128 of the letters, the digits and . _ = + / -" },
  { "gateway", "authorize_timeout_s = 0", "accepted are whole numbers from 1 to 300" },
  { "deadlines", "offer_s = 0", "accepted are seconds from 0.05 to 604800, with at most three decimals" },
  { "deadlines", "offer_s = 0.0499", "accepted are seconds from 0.05 to 604800, with at most three decimals" },
  { "deadlines", "offer_s = 604800.001", "accepted are seconds from 0.05 to 604800, with at most three decimals" },
  { "deadlines", "offer_s = 1.", "accepted are seconds from 0.05 to 604800, with at most three decimals" },
  { "deadlines", "offer_s = 1e3", "accepted are seconds from 0.05 to 604800, with at most three decimals" },
  { "deadlines", "offer_s = -5", "accepted are seconds from 0.05 to 604800, with at most three decimals" },
  { "deadlines", "retry_first_s = 601", "longer than retry_most_s" },
  { "readings", "every_wh = 0", "accepted are whole numbers from 1 to 1000000" },
  { "kiosk", "theme = blue", "accepted are auto, light, dark" },
  { "kiosk", "text = small", "accepted are normal, large" },
  { "kiosk", "diagonal_in = 10.15", "accepted are numbers from 3.0 to 100.0, with at most one decimal" },
  { "kiosk", "diagonal_in = 2.9", "accepted are numbers from 3.0 to 100.0, with at most one decimal" },
  { "kiosk", "diagonal_in = 100.1", "accepted are numbers from 3.0 to 100.0, with at most one decimal" },
  { "kiosk", "diagonal_in = 10.", "accepted are numbers from 3.0 to 100.0, with at most one decimal" },
  { "kiosk", "diagonal_in = 10,1", "accepted are numbers from 3.0 to 100.0, with at most one decimal" },
  { "kiosk", "reader = behind", "accepted are below, above, left, right" },
  { "kiosk", "fullscreen = yes", "accepted are off, on" },
  { "connector 1", "evse_id = TWT-1", "accepted is an eMI3 EVSE id such as DE*TWT*E0001*1" },
  { "connector 1", "label = ", "accepted is 1 to 20 printable characters" },
  { "connector 1", "power = modbus:/dev/ttyS3", "accepted is rapi:/dev/DEVICE" },
  { "connector 1", "power = rapi:", "accepted is rapi:/dev/DEVICE" },
  { "connector 1", "meter = none", "accepted are power, rapi:/dev/DEVICE" },
  { "connector 1", "hold_minor = 0", "accepted are whole numbers from 1 to 100000000000" },
  { "connector 1", "hold_minor = 50,00", "accepted are whole numbers from 1 to 100000000000" },
  { "connector 1", "max_current_a = 5", "accepted are whole numbers from 6 to 80" },
  { "connector 1", "max_current_a = 81", "accepted are whole numbers from 6 to 80" },
  { "connector 1", "phases = 2", "accepted are 1, 3" },
  { "connector 1", "voltage_v = 400", "accepted are whole numbers from 100 to 300" },
  /* between keys */
  { "emv", "cvm_limit_minor = 5001", "above contactless_limit_minor (5000)" },
  { "connector 1", "hold_minor = 5001", "above [emv] contactless_limit_minor (5000)" },
  { "connector 1", "hold_most_minor = 5001", "above [emv] contactless_limit_minor (5000)" },
  { "gateway", "response_key = r.pem", "needs the key response_key_id" },
  { "gateway", "response_key_id = 1", "needs the key response_key" },
  { "connector 1", "power = rapi:/dev/ttyS2", "the same as [reader] device" },
  { "connector 1", "power = rapi:/dev/../dev/ttyS2?x=1", "the same as [reader] device" },
  { "connector 1", "meter = rapi:/dev/ttyS1", "the same as [connector 1] power" },
};

static void
test_bad_values (void)
{
  g_autofree char *text = g_strconcat (least, bank, NULL);
  Fixture fixture;

  fixture_init (&fixture);
  write_text (&fixture, "t.conf", text);
  for (gsize i = 0; i < G_N_ELEMENTS (bad_values); i++)
    {
      g_autofree char *drop_in = g_strdup_printf ("[%s]\n%s\n", bad_values[i].group, bad_values[i].line);
      g_autofree char *line = g_strchomp (g_strdup (bad_values[i].line));
      g_autofree char *message = NULL;

      message = g_strdup_printf ("@.d/x.conf:2: [%s] %s%s: %s", bad_values[i].group, line,
                                 g_str_has_suffix (line, "=") ? " " : "", bad_values[i].complaint);
      write_text (&fixture, "t.conf.d/x.conf", drop_in);
      assert_refused (&fixture, TW_ERROR_BAD_DATA, message);
    }
  fixture_clear (&fixture);
}

/* Whole files, appended to the least one, whose last line is 20. */
static const char *const bad_files[][2] = {
  { "[statoin]\n", "@:21: [statoin]: no such group; known are station, seller, journal, reader, emv, gateway, "
                   "deadlines, readings, kiosk, metrics, connector 1 to connector 8" },
  { "[connector 9]\n", "@:21: [connector 9]: no such group; known are station, seller, journal, reader, emv, gateway, "
                       "deadlines, readings, kiosk, metrics, connector 1 to connector 8" },
  { "[connector 02]\n", "@:21: [connector 02]: no such group; known are station, seller, journal, reader, emv, "
                        "gateway, deadlines, readings, kiosk, metrics, connector 1 to connector 8" },
  { "[connector 3]\n", "@:21: [connector 3]: there is no [connector 2]: numbers run from 1 without gaps" },
  { "[seller]\n\nvatid = DE1\n", "@:23: [seller] vatid = DE1: no such key; known are name, address, vat_id, helpline" },
  { "[seller]\nname[de] = x\n", "@:22: [seller] name[de] = x: no such key; known are name, address, vat_id, "
                                "helpline" },
  { "price = 1\n", "@:21: [connector 1] price = 1: no such key; known are evse_id, label, power, meter, tariff, "
                   "hold_minor, hold_most_minor, max_current_a, phases, voltage_v" },
  { "tariff = other.json\n", "@:21: [connector 1] tariff: said before, in line 19" },
  { "[station]\nid = S2\n", "@:22: [station] id: said before, in line 4" },
  { "tariff other.json\n", "@:21: tariff other.json: accepted are [group], key = value and # comment" },
  { "= 7\n", "@:21: = 7: accepted are [group], key = value and # comment" },
  { "[open\n", "@:21: [open: accepted are [group], key = value and # comment" },
  { "[reader]\n", "@:21: [reader] device: missing; accepted is pn532:/dev/DEVICE" },
  { "[emv]\nterminal_id = 12345678\n", "@:21: [emv] merchant_name: missing; accepted is 1 to 40 printable ASCII "
                                       "characters" },
  { "[reader]\ndevice = pn532:/dev/x\nbank_cards = test\n", "@:23: [reader] bank_cards = test: needs a group [emv]" },
  { "[reader]\ndevice = pn532:/dev/x\nbank_cards = test\n[emv]\nterminal_id = 12345678\nmerchant_name = M\n"
    "contactless_limit_minor = 1\ncvm_limit_minor = 0\n",
    "@:23: [reader] bank_cards = test: needs a group [gateway]" },
  { "[connector 2]\nevse_id = DE*TWT*E1\npower = rapi:/dev/b\ntariff = t\nhold_minor = 1\n",
    "@:22: [connector 2] evse_id = DE*TWT*E1: the same as [connector 1] evse_id" },
  { "[connector 2]\nevse_id = DE*TWT*E2\npower = rapi:/dev/ttyS1\ntariff = t\nhold_minor = 1\n",
    "@:23: [connector 2] power = rapi:/dev/ttyS1: the same as [connector 1] power" },
  { "[connector 2]\nevse_id = DE*TWT*E2\nlabel = 1\npower = rapi:/dev/b\ntariff = t\nhold_minor = 1\n",
    "@:23: [connector 2] label = 1: the same as [connector 1] label" },
  { "[connector 2]\nevse_id = DE*TWT*E2\npower = rapi:/dev/b\ntariff = t\n",
    "@:21: [connector 2] hold_minor: missing; accepted are whole numbers from 1 to 100000000000" },
  { "x = \x1b[2J\n", "@:21: [connector 1] x = \\x1b[2J: no such key; known are evse_id, label, power, meter, tariff, "
                     "hold_minor, hold_most_minor, max_current_a, phases, voltage_v" },
  { "# \xff\n", "@:21: not UTF-8 text" },
};

static void
test_bad_files (void)
{
  Fixture fixture;

  fixture_init (&fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (bad_files); i++)
    {
      g_autofree char *text = g_strconcat (least, bad_files[i][0], NULL);

      write_text (&fixture, "t.conf", text);
      assert_refused (&fixture, TW_ERROR_BAD_DATA, bad_files[i][1]);
    }
  fixture_clear (&fixture);
}

static void
test_fingerprint_is_needed (void)
{
  g_autofree char *text = g_strconcat (least, bank, NULL);
  char *key = strstr (text, "fingerprint_key");
  Fixture fixture;

  *key = '#';
  fixture_init (&fixture);
  write_text (&fixture, "t.conf", text);
  assert_refused (&fixture, TW_ERROR_BAD_DATA, "@:23: [reader] bank_cards = test: needs the key fingerprint_key");
  fixture_clear (&fixture);
}

/* Each line of the least file is needed, except the comment, the empty line and the groups' own. */
static void
test_nothing_needed_may_be_missing (void)
{
  g_auto (GStrv) lines = g_strsplit (least, "\n", -1);
  Fixture fixture;
  guint n_needed = 0;

  fixture_init (&fixture);
  for (guint i = 0; lines[i]; i++)
    {
      g_autofree char *kept = NULL;
      g_autofree char *text = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (TwConfig) config = NULL;
      g_auto (GStrv) words = g_strsplit (lines[i], " =", 2);

      if (strchr (lines[i], '=') == NULL)
        continue;
      kept = lines[i];
      lines[i] = g_strdup ("");
      text = g_strjoinv ("\n", lines);
      g_free (lines[i]);
      lines[i] = g_steal_pointer (&kept);
      write_text (&fixture, "t.conf", text);
      config = tw_config_load (fixture.path, &error);
      g_assert_null (config);
      g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
      g_assert_nonnull (strstr (error->message, words[0]));
      g_assert_nonnull (strstr (error->message, ": missing; accepted "));
      n_needed++;
    }
  g_assert_cmpuint (n_needed, ==, 14);
  fixture_clear (&fixture);
}

static void
test_drop_ins (void)
{
  g_autoptr (TwConfig) config = NULL;
  g_autofree char *command = NULL;
  g_autofree char *sum = NULL;
  g_autofree char *tariff = NULL;
  Fixture fixture;

  fixture_init (&fixture);
  write_text (&fixture, "t.conf", least);
  write_text (&fixture, "t.conf.d/20-b.conf", "[station]\nid = LAST\n");
  write_text (&fixture, "t.conf.d/10-a.conf", "[station]\nid = FIRST\nname = From A\n");
  write_text (&fixture, "t.conf.d/15.conf", "[connector 1]\ntariff = mine.json\n");
  write_text (&fixture, "t.conf.d/99-c.conf.bak", "[nonsense]\n");
  write_text (&fixture, "t.conf.d/.hidden.conf", "[nonsense]\n");
  write_text (&fixture, "t.conf.d/30-empty.conf", "");
  config = load (&fixture);

  g_assert_cmpstr (config->station_id, ==, "LAST");
  g_assert_cmpstr (config->name, ==, "From A");
  tariff = g_build_filename (fixture.dir, "t.conf.d", "mine.json", NULL);
  g_assert_cmpstr (config->connectors[0].tariff, ==, tariff);

  command = g_strdup_printf ("sh -c 'cat %s %s.d/[0-9]*.conf | sha256sum'", fixture.path, fixture.path);
  g_assert_true (g_spawn_command_line_sync (command, &sum, NULL, NULL, NULL));
  g_assert_cmpuint (strlen (tw_config_digest (config)), ==, 64);
  g_assert_true (g_str_has_prefix (sum, tw_config_digest (config)));
  fixture_clear (&fixture);
}

static void
test_unreadable (void)
{
  g_autofree char *fifo = NULL;
  g_autofree char *big = g_strnfill (256 * 1024 + 1, '\n');
  Fixture fixture;

  fixture_init (&fixture);
  assert_refused (&fixture, TW_ERROR_GONE, "@: cannot be read: No such file or directory");

  fifo = g_build_filename (fixture.dir, "t.conf", NULL);
  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  assert_refused (&fixture, TW_ERROR_BAD_DATA, "@: not a regular file");
  g_assert_cmpint (g_remove (fifo), ==, 0);

  write_text (&fixture, "t.conf", big);
  assert_refused (&fixture, TW_ERROR_BAD_DATA, "@: more than 262144 bytes");
  write_text (&fixture, "t.conf", "");
  assert_refused (&fixture, TW_ERROR_BAD_DATA,
                  "@: [station] id: missing; accepted is 1 to 20 of the letters, the digits and -");
  write_text (&fixture, "t.conf", "id = S1\n");
  assert_refused (&fixture, TW_ERROR_BAD_DATA, "@:1: id = S1: a key before the first [group]");
  write_bytes (&fixture, "t.conf", "[station]\nid = a\0b\n", 19);
  assert_refused (&fixture, TW_ERROR_BAD_DATA, "@:2: not UTF-8 text");
  fixture_clear (&fixture);
}

static void
test_windows_lines (void)
{
  g_auto (GStrv) lines = g_strsplit (least, "\n", -1);
  g_autofree char *text = g_strjoinv ("\r\n", lines);
  g_autoptr (TwConfig) config = NULL;
  Fixture fixture;

  fixture_init (&fixture);
  write_text (&fixture, "t.conf", text);
  config = load (&fixture);
  g_assert_cmpstr (config->station_id, ==, "S1");
  g_assert_cmpstr (config->currency, ==, "EUR");
  fixture_clear (&fixture);
}

static void
test_metrics_stay_at_home (void)
{
  static const struct { const char *lines, *complaint; } cases[] = {
    { "listen = 127.0.0.1:9464", NULL },
    { "listen = 127.8.0.1:0", NULL },
    { "listen = [::1]:65535", NULL },
    { "listen = 0.0.0.0:9464\nbeyond_loopback = on", NULL },
    { "listen = [::]:9464\nbeyond_loopback = on", NULL },
    { "listen = 0.0.0.0:9464", "beyond_loopback" },
    { "listen = 192.168.1.5:9464\nbeyond_loopback = off", "beyond_loopback" },
    { "listen = [::]:9464", "beyond_loopback" },
    { "listen = [::ffff:10.0.0.1]:9464", "beyond_loopback" },
    { "listen = 127.0.0.1", "ADDRESS:PORT" },
    { "listen = 9464", "ADDRESS:PORT" },
    { "listen = localhost:9464", "ADDRESS:PORT" },
    { "listen = 127.0.0.256:9464", "ADDRESS:PORT" },
    { "listen = 127.0.0.1:65536", "ADDRESS:PORT" },
    { "listen = 127.0.0.1:09464", "ADDRESS:PORT" },
    { "listen = ::1:9464", "ADDRESS:PORT" },
    { "listen = [127.0.0.1:9464", "ADDRESS:PORT" },
    { "beyond_loopback = yes", "off, on" },
  };
  Fixture fixture;

  fixture_init (&fixture);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strconcat (least, "[metrics]\n", cases[i].lines, "\n", NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (TwConfig) config = NULL;

      write_text (&fixture, "t.conf", text);
      config = tw_config_load (fixture.path, &error);
      if (cases[i].complaint == NULL)
        g_assert_no_error (error);
      else
        g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
      g_assert_true (error == NULL || strstr (error->message, cases[i].complaint) != NULL);
    }
  fixture_clear (&fixture);
}

static void
test_metrics_are_off (void)
{
  g_autoptr (TwConfig) config = NULL;
  Fixture fixture;

  fixture_init (&fixture);
  write_text (&fixture, "t.conf", least);
  config = load (&fixture);
  g_assert_null (config->metrics_listen);
  g_assert_false (config->metrics_beyond_loopback);
  fixture_clear (&fixture);
}

static char *
read_sample (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "assets", "tapwatt.conf.sample", NULL);
  g_autoptr (GError) error = NULL;
  char *text;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return text;
}

static void
test_sample (void)
{
  g_autofree char *text = read_sample ();
  g_autofree char *utc = NULL;
  g_auto (GStrv) parts = g_strsplit (text, "time_zone = Europe/Berlin", 2);
  g_autoptr (TwConfig) config = NULL;
  Fixture fixture;

  fixture_init (&fixture);
  utc = g_strjoinv ("time_zone = UTC", parts); /* loads without tzdata, too */
  write_text (&fixture, "t.conf", utc);
  config = load (&fixture);
  g_assert_cmpstr (config->station_id, ==, "TWT-0001");
  g_assert_false (config->bank_cards_test);
  g_assert_cmpstr (config->gateway_kind, ==, "cybersource");
  fixture_clear (&fixture);
}

/* The messages about an unknown key name every key: each must stand in the sample, and if it has a fallback, the
 * sample must say the right one. */
static void
assert_documented (const Fixture *fixture,
                   const char    *sample,
                   const char    *group)
{
  g_autofree char *header = g_strdup_printf ("\n[%s]\n", group);
  g_autofree char *unknown = g_strdup_printf ("[%s]\nno_such_key = 1\n", group);
  g_autofree char *section = g_strdup (strstr (sample, header));
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) keys = NULL;
  char *next = strstr (section + 1, "\n[");

  if (next)
    *next = '\0';
  write_text (fixture, "t.conf", unknown);
  g_assert_null (tw_config_load (fixture->path, &error));
  keys = g_strsplit (strstr (error->message, "known are ") + strlen ("known are "), ", ", -1);
  g_assert_cmpuint (g_strv_length (keys), >, 1);
  for (guint i = 0; keys[i]; i++)
    {
      g_autofree char *pattern = g_strdup_printf ("\\n#? ?%s = .", keys[i]);

      if (!g_regex_match_simple (pattern, section, 0, 0))
        g_test_fail_printf ("[%s] %s is not in the sample", group, keys[i]);
    }
}

static void
test_sample_documents_everything (void)
{
  static const char *const groups[] = { "station", "seller", "journal", "reader", "emv", "gateway", "deadlines",
                                        "readings", "kiosk", "metrics", "connector 1" };
  g_autofree char *sample = read_sample ();
  Fixture fixture;

  fixture_init (&fixture);
  for (guint i = 0; i < G_N_ELEMENTS (groups); i++)
    assert_documented (&fixture, sample, groups[i]);
  fixture_clear (&fixture);
}

/* Saying every fallback aloud must change nothing; a struct compares by its numbers, texts by name. */
static void
test_sample_shows_the_fallbacks (void)
{
  g_autofree char *sample = read_sample ();
  g_autoptr (GRegex) hidden = g_regex_new ("^#(?=[a-z_]+ = )", G_REGEX_MULTILINE, 0, NULL);
  g_autofree char *aloud = g_regex_replace (hidden, sample, -1, 0, "", 0, NULL);
  g_autoptr (TwConfig) a = NULL;
  g_autoptr (TwConfig) b = NULL;
  Fixture fixture;

  g_assert_cmpstr (aloud, !=, sample);
  fixture_init (&fixture);
  write_text (&fixture, "t.conf", sample);
  a = load (&fixture);
  write_text (&fixture, "t.conf", aloud);
  b = load (&fixture);

  g_assert_cmpstr (a->language, ==, b->language);
  g_assert_cmpint (a->auto_accept, ==, b->auto_accept);
  g_assert_cmpint (a->trust_clock, ==, b->trust_clock);
  g_assert_cmpint (a->bank_cards_test, ==, b->bank_cards_test);
  g_assert_cmpuint (a->journal_reserve_kib, ==, b->journal_reserve_kib);
  g_assert_cmpuint (a->terminal_type, ==, b->terminal_type);
  g_assert_cmpuint (a->merchant_category, ==, b->merchant_category);
  g_assert_cmpuint (a->authorize_timeout_s, ==, b->authorize_timeout_s);
  g_assert_cmpuint (a->follow_up_timeout_s, ==, b->follow_up_timeout_s);
  g_assert_cmpmem (&a->offer_ms, G_STRUCT_OFFSET (TwConfig, kiosk_theme) - G_STRUCT_OFFSET (TwConfig, offer_ms),
                   &b->offer_ms, G_STRUCT_OFFSET (TwConfig, kiosk_theme) - G_STRUCT_OFFSET (TwConfig, offer_ms));
  g_assert_cmpstr (a->kiosk_theme, ==, b->kiosk_theme);
  g_assert_cmpstr (a->kiosk_reader, ==, b->kiosk_reader);
  g_assert_cmpstr (a->connectors[0].meter, ==, b->connectors[0].meter);
  g_assert_cmpuint (a->connectors[0].max_current_a, ==, b->connectors[0].max_current_a);
  g_assert_cmpuint (a->connectors[0].phases, ==, b->connectors[0].phases);
  g_assert_cmpuint (a->connectors[0].voltage_v, ==, b->connectors[0].voltage_v);
  g_assert_cmpstr (a->digest, !=, b->digest);
  fixture_clear (&fixture);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/base/config/the-least-has-sensible-fallbacks", test_least);
  g_test_add_func ("/base/config/everything-can-be-said", test_all_said);
  g_test_add_func ("/base/config/bad-values-name-place-and-accepted", test_bad_values);
  g_test_add_func ("/base/config/bad-files-name-the-line", test_bad_files);
  g_test_add_func ("/base/config/bank-cards-need-a-fingerprint-key", test_fingerprint_is_needed);
  g_test_add_func ("/base/config/nothing-needed-may-be-missing", test_nothing_needed_may_be_missing);
  g_test_add_func ("/base/config/drop-ins-win-in-name-order", test_drop_ins);
  g_test_add_func ("/base/config/unreadable-files-are-refused", test_unreadable);
  g_test_add_func ("/base/config/windows-line-ends-are-taken", test_windows_lines);
  g_test_add_func ("/base/config/metrics-are-off", test_metrics_are_off);
  g_test_add_func ("/base/config/metrics-stay-at-home", test_metrics_stay_at_home);
  g_test_add_func ("/base/config/the-sample-loads", test_sample);
  g_test_add_func ("/base/config/the-sample-documents-every-key", test_sample_documents_everything);
  g_test_add_func ("/base/config/the-sample-shows-the-fallbacks", test_sample_shows_the_fallbacks);

  return g_test_run ();
}
