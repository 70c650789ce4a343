/* SPDX-License-Identifier: Apache-2.0 */
/* The catalogues are made by msgfmt from tests/data/words when the tests are built. */
#include "app/base/catalogue.h"

#include "app/base/error.h"

#include <string.h>

static GBytes *
read_mo (const char *name)
{
  g_autofree char *path = g_build_filename (g_getenv ("TW_CATALOGUES"), name, NULL);
  g_autoptr (GError) error = NULL;
  char *bytes;
  gsize n;

  g_file_get_contents (path, &bytes, &n, &error);
  g_assert_no_error (error);

  return g_bytes_new_take (bytes, n);
}

static const char *const orders[] = { "words-little.mo", "words-big.mo", "words-hash.mo" };

static const struct { const char *context, *msgid, *translation; } rows[] = {
  { NULL, "Open", "Öffnen" },
  { "state", "Open", "Offen" },
  { "state of a door", "Open", "Steht offen" },
  { "", "Open", "Leerer Kontext" },
  { NULL, "state", "Zustand" },
  { NULL, "Grüße", "Greetings" },
  { NULL, "A", "erstes" },
  { NULL, "~", "letztes" },
  { NULL, "Ope", NULL },
  { NULL, "Opens", NULL },
  { NULL, "", "Project-Id-Version" },
  { NULL, "\x7f", NULL },
  { "state of a", "Open", NULL },
  { "state", "", NULL },
  { "state", "state", NULL },
  { "Grüße", "Open", NULL },
  { "zzz", "Open", NULL },
};

static void
test_lookups (void)
{
  for (guint o = 0; o < G_N_ELEMENTS (orders); o++)
    {
      g_autoptr (GBytes) mo = read_mo (orders[o]);
      g_autoptr (GError) error = NULL;
      g_autoptr (TwCatalogue) catalogue = tw_catalogue_new (mo, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (tw_catalogue_length (catalogue), ==, 9);
      for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
        {
          const char *found = tw_catalogue_find (catalogue, rows[i].context, rows[i].msgid);

          if (rows[i].msgid[0] == '\0' && rows[i].context == NULL)
            g_assert_true (g_str_has_prefix (found, rows[i].translation));
          else
            g_assert_cmpstr (found, ==, rows[i].translation);
        }
    }
}

/* Every cut is an error or, where only what nobody looks at is missing, the same words. */
static void
test_cut (void)
{
  g_autoptr (GBytes) mo = read_mo ("words-little.mo");

  for (gsize n = 0; n < g_bytes_get_size (mo); n++)
    {
      g_autoptr (GBytes) exact = g_bytes_new (g_bytes_get_data (mo, NULL), n);
      g_autoptr (GError) error = NULL;
      g_autoptr (TwCatalogue) catalogue = tw_catalogue_new (exact, &error);

      g_assert_null (catalogue);
      g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
    }
}

/* Of the little-endian file: a 32-bit word at an offset is replaced. */
static const struct { gsize offset; guint32 word; const char *message; } broken[] = {
  { 0, 0x12345678, "begins with 12345678" },
  { 4, 1, "revision is 00000001" },
  { 4, 0x10000, "revision is 00010000" },
  { 8, 0xffffffff, "table of originals" },
  { 8, 0x20000000, "table of originals" },
  { 12, 0xfffffff8, "table of originals" },
  { 12, 0, "table of originals" },
  { 16, 0xffffffff, "table of translations" },
  { 28 + 8, 0xffffffff, "original 1 does not lie in it" },
  { 28 + 12, 0xfffffff0, "original 1 does not lie in it" },
  { 28 + 12, 4, "original 1 does not lie in it" },
  { 28 + 8, 0, "original 1 does not end with NUL" },
};

static void
test_broken (void)
{
  g_autoptr (GBytes) mo = read_mo ("words-little.mo");

  for (guint i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      gsize n = g_bytes_get_size (mo);
      g_autofree guint8 *bytes = g_memdup2 (g_bytes_get_data (mo, NULL), n);
      guint32 word = GUINT32_TO_LE (broken[i].word);
      g_autoptr (GBytes) wrong = NULL;
      g_autoptr (GError) error = NULL;

      memcpy (bytes + broken[i].offset, &word, sizeof word);
      wrong = g_bytes_new (bytes, n);
      g_assert_null (tw_catalogue_new (wrong, &error));
      g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
      if (strstr (error->message, broken[i].message) == NULL)
        g_test_fail_printf ("row %u: %s", i, error->message);
    }
}

static void
test_unsorted (void)
{
  g_autoptr (GBytes) mo = read_mo ("words-little.mo");
  g_autofree guint8 *bytes = g_memdup2 (g_bytes_get_data (mo, NULL), g_bytes_get_size (mo));
  g_autoptr (GBytes) wrong = NULL;
  g_autoptr (GError) error = NULL;
  guint8 entry[8];

  /* Two rows of the first table change places, as they do in the file of somebody who did not sort. */
  memcpy (entry, bytes + 28 + 16, 8);
  memcpy (bytes + 28 + 16, bytes + 28 + 24, 8);
  memcpy (bytes + 28 + 24, entry, 8);
  wrong = g_bytes_new (bytes, g_bytes_get_size (mo));
  g_assert_null (tw_catalogue_new (wrong, &error));
  g_assert_nonnull (strstr (error->message, "original 3 does not come after the one before it"));
}

static void
test_not_utf8 (void)
{
  g_autoptr (GBytes) mo = read_mo ("words-little.mo");
  gsize n;
  g_autofree char *bytes = g_memdup2 (g_bytes_get_data (mo, &n), g_bytes_get_size (mo));
  char *letter = memmem (bytes, n, "Öffnen", strlen ("Öffnen"));
  g_autoptr (GBytes) wrong = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (letter);
  *letter = '\xff';
  wrong = g_bytes_new (bytes, n);
  g_assert_null (tw_catalogue_new (wrong, &error));
  g_assert_nonnull (strstr (error->message, "not UTF-8"));
}

static void
test_plural (void)
{
  g_autoptr (GBytes) mo = read_mo ("plural.mo");
  g_autoptr (GError) error = NULL;

  g_assert_null (tw_catalogue_new (mo, &error));
  g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
  g_assert_nonnull (strstr (error->message, "original 1 has plural forms"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/base/catalogue/words-are-found-in-either-byte-order", test_lookups);
  g_test_add_func ("/base/catalogue/a-cut-file-is-refused", test_cut);
  g_test_add_func ("/base/catalogue/places-outside-the-file-are-refused", test_broken);
  g_test_add_func ("/base/catalogue/an-unsorted-file-is-refused", test_unsorted);
  g_test_add_func ("/base/catalogue/what-is-not-utf-8-is-refused", test_not_utf8);
  g_test_add_func ("/base/catalogue/plural-forms-are-refused", test_plural);

  return g_test_run ();
}
