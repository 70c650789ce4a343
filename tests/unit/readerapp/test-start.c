/* SPDX-License-Identifier: Apache-2.0 */
/* What is read before serving: fingerprint keys, country codes. */
#include <string.h>
#include <sys/stat.h>

#include <glib/gstdio.h>

#include "app/base/error.h"
#include "app/reader/country.h"
#include "app/reader/keys.h"

#define HEX_A "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define HEX_B "F00102030405060708090a0b0c0d0e0f101112131415161718191A1B1C1D1E1F"

static gboolean
load (TwEpochKeys *keys,
      const char  *text,
      guint        mode,
      GError     **error)
{
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("tapwatt-keys-XXXXXX", &path, NULL);
  gboolean loaded;

  g_assert_cmpint (fd, >=, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_assert_cmpint (g_chmod (path, mode), ==, 0);
  loaded = tw_epoch_keys_load (keys, path, error);
  g_unlink (path);
  g_close (fd, NULL);
  return loaded;
}

static void
test_keys (void)
{
  static const struct { const char *text; guint n; const char *first; guint8 first_byte; } cases[] = {
    { "2026a " HEX_A "\n", 1, "2026a", 0x00 },
    { "2026a " HEX_A, 1, "2026a", 0x00 },
    { "# newest first\n\n 2026a " HEX_B " \r\n2025 " HEX_A "\n", 2, "2026a", 0xf0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      const guint8 *key;
      TwEpochKeys keys;
      gsize n;

      g_assert_true (load (&keys, cases[i].text, 0600, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (keys.n, ==, cases[i].n);
      g_assert_cmpstr (keys.epochs[0].name, ==, cases[i].first);
      key = g_bytes_get_data (keys.epochs[0].key, &n);
      g_assert_cmpuint (n, ==, 32);
      g_assert_cmphex (key[0], ==, cases[i].first_byte);
      g_assert_cmphex (key[31], ==, 0x1f);
      tw_epoch_keys_clear (&keys);
    }
}

static void
test_bad_keys (void)
{
  static const struct { const char *text; guint mode; const char *says; } cases[] = {
    { "", 0600, "there is no key" },
    { "# nothing\n", 0600, "there is no key" },
    { "2026a\n", 0600, ":1: no epoch and key" },
    { "\n2026a 0001\n", 0600, ":2: the key is not" },
    { "2026a " HEX_A "00\n", 0600, "the key is not" },
    { "2026a g" HEX_A "\n", 0600, "the key is not" },
    { "2026:a " HEX_A "\n", 0600, "the epoch's name" },
    { "a-name-of-17-char " HEX_A "\n", 0600, "the epoch's name" },
    { "a " HEX_A "\na " HEX_B "\n", 0600, ":2: the epoch's name" },
    { "a " HEX_A "\nb " HEX_B "\nc " HEX_B "\n", 0600, ":3: a third" },
    { "a " HEX_A "\n", 0604, "chmod" },
    { "a " HEX_A "\n", 0602, "chmod" },
  };
  g_autofree char *long_text = g_strnfill (1025, '\n');
  g_autoptr(GError) long_error = NULL, missing_error = NULL;
  TwEpochKeys keys;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_false (load (&keys, cases[i].text, cases[i].mode, &error));
      g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
      if (strstr (error->message, cases[i].says) == NULL)
        g_error ("case %u: %s", i, error->message);
      g_assert_null (strstr (error->message, "000102030405"));      /* not even half a key gets into a log */
      g_assert_cmpuint (keys.n, ==, 0);
    }

  g_assert_false (load (&keys, long_text, 0600, &long_error));
  g_assert_nonnull (strstr (long_error->message, "too long"));
  g_assert_false (tw_epoch_keys_load (&keys, "/nowhere/key", &missing_error));
  g_assert_error (missing_error, TW_ERROR, TW_ERROR_BAD_DATA);
}

/* The codes of ISO 3166-1, looked up in the system's iso-codes when this was written. */
static void
test_countries (void)
{
  static const struct { const char *letters; guint number; } cases[] = {
    { "DE", 276 }, { "AT", 40 }, { "CH", 756 }, { "FR", 250 }, { "GB", 826 }, { "NL", 528 }, { "PL", 616 },
    { "US", 840 },
    { "JP", 392 }, { "AL", 8 }, { "ZA", 710 }, { "XX", 0 }, { "de", 0 }, { "", 0 }, { "DEU", 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpuint (tw_country_number (cases[i].letters), ==, cases[i].number);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/readerapp/start/fingerprint-keys-are-read", test_keys);
  g_test_add_func ("/readerapp/start/a-bad-key-file-is-refused-with-its-line", test_bad_keys);
  g_test_add_func ("/readerapp/start/countries-have-their-numbers", test_countries);
  return g_test_run ();
}
