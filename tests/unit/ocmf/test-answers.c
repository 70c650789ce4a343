/* SPDX-License-Identifier: Apache-2.0 */
/* The known answers of tests/data/ocmf/make.py, whose signatures are made in plain numbers without OpenSSL: the verdict
 * of each, and that no bit of them can be changed, and no byte be missing, unnoticed. */
#include "app/base/error.h"
#include "app/base/json.h"
#include "payment/ocmf/container.h"

#include <string.h>

static const char *const NOTES[] = { "encoding_mismatch", "lenient_der", "raw_signature" };

static TwJson *answers;

static void
judge (const char      *text,
       gsize            len,
       const TwOcmfKey *key,
       TwOcmfJudgement *judgement)
{
  TwOcmfKeys keys = { .given = key };
  g_autoptr (GError) error = NULL;
  g_autoptr (TwOcmfRecord) record = tw_ocmf_record_parse (text, len, &error);

  if (record != NULL)
    {
      tw_ocmf_verify (record, &keys, judgement);
      return;
    }

  g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  *judgement = (TwOcmfJudgement) { .verdict = TW_OCMF_MALFORMED };
  judgement->reason = g_strdup (error->message);
}

static TwOcmfKey *
key_of (const TwJson *row)
{
  const char *text = tw_json_string (tw_json_member (row, "key"));

  return text == NULL ? NULL : tw_ocmf_key_new (text, strlen (text));
}

static char *
record_of (const TwJson *row,
           gsize        *len)
{
  return (char *) g_base64_decode (tw_json_string (tw_json_member (row, "record")), len);
}

static char *
notes_text (guint notes)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (NOTES); i++)
    if (notes >> i & 1)
      g_string_append_printf (text, " %s", NOTES[i]);

  return g_string_free (text, FALSE);
}

static char *
expected_notes (const TwJson *row)
{
  const TwJson *notes = tw_json_member (row, "notes");
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < tw_json_length (notes); i++)
    g_string_append_printf (text, " %s", tw_json_string (tw_json_element (notes, i)));

  return g_string_free (text, FALSE);
}

static void
test_answer (gconstpointer data)
{
  const TwJson *row = data;
  gsize len;
  g_autofree char *text = record_of (row, &len);
  const char *verdict = tw_json_string (tw_json_member (row, "verdict"));
  g_autoptr (TwOcmfKey) key = key_of (row);
  g_autofree char *want = expected_notes (row);
  g_autofree char *got = NULL;
  g_auto (TwOcmfJudgement) judgement = { 0 };

  judge (text, len, key, &judgement);
  g_test_message ("%s", judgement.reason);
  g_assert_cmpstr (tw_ocmf_verdict_name (judgement.verdict), ==, verdict);
  got = notes_text (judgement.notes);
  g_assert_cmpstr (got, ==, want);
  g_assert_true ((judgement.reason == NULL) == (judgement.verdict == TW_OCMF_VALID));
}

static gboolean
is_good_with (const char      *text,
              gsize            len,
              const TwOcmfKey *key)
{
  g_auto (TwOcmfJudgement) judgement = { 0 };

  judge (text, len, key, &judgement);
  return tw_ocmf_verdict_is_good (judgement.verdict);
}

static void
test_bits (gconstpointer data)
{
  const TwJson *row = data;
  gsize len;
  g_autofree char *copy = record_of (row, &len);
  g_autoptr (TwOcmfKey) key = key_of (row);
  gboolean all = g_str_equal (tw_json_string (tw_json_member (row, "flip")), "all");
  gsize from = all ? 0 : (char *) memrchr (copy, '|', len) - copy;

  g_assert_true (is_good_with (copy, len, key));
  for (gsize i = from; i < len; i++)
    for (guint bit = 0; bit < 8; bit++)
      {
        copy[i] ^= 1 << bit;
        if (is_good_with (copy, len, key))
          g_error ("good with bit %u of byte %" G_GSIZE_FORMAT " changed: %s", bit, i, copy);
        copy[i] ^= 1 << bit;
      }
}

/* With the file's own ways of finding records, too: what is cut off must not make another record of it. */
static void
test_cuts (gconstpointer data)
{
  const TwJson *row = data;
  gsize whole;
  g_autofree char *text = record_of (row, &whole);
  g_autoptr (TwOcmfKey) key = key_of (row);

  for (gsize len = 0; len < whole; len++)
    {
      g_autoptr (TwOcmfContainer) head = tw_ocmf_container_read (text, len, NULL);
      g_autoptr (TwOcmfContainer) tail = tw_ocmf_container_read (text + len + 1, whole - len - 1, NULL);

      g_assert_false (is_good_with (text, len, key));
      g_assert_false (is_good_with (text + len + 1, whole - len - 1, key));
      for (guint i = 0; head != NULL && i < head->items->len; i++)
        {
          const TwOcmfItem *item = &g_array_index (head->items, TwOcmfItem, i);

          g_assert_false (is_good_with (item->text, item->len, key));
        }
      g_assert_true (tail == NULL || tail->items->len == 0);
    }
}

/* Every bit of the key's text, in each of its forms. */
static void
test_key_bits (gconstpointer data)
{
  const TwJson *row = data;
  gsize n;
  g_autofree char *text = record_of (row, &n);
  g_autofree char *key_text = g_strdup (tw_json_string (tw_json_member (row, "key")));
  gsize len = strlen (key_text);

  for (gsize i = 0; i < len; i++)
    for (guint bit = 0; bit < 8; bit++)
      {
        g_autoptr (TwOcmfKey) key = NULL;

        if (g_ascii_isspace (key_text[i]))
          continue;   /* white space between a key's characters means nothing */
        key_text[i] ^= 1 << bit;
        key = tw_ocmf_key_new (key_text, len);
        if (is_good_with (text, n, key))
          g_error ("good with bit %u of byte %" G_GSIZE_FORMAT " of the key changed: %s", bit, i, key_text);
        key_text[i] ^= 1 << bit;
      }
}

/* The distribution's OpenSSL has all of them; where one is missing, its records are unsupported. */
static void
test_curves_are_there (void)
{
  guint n = 0;

  for (guint i = 0; i < tw_json_length (answers); i++)
    {
      const TwJson *row = tw_json_element (answers, i);
      const char *name = tw_json_string (tw_json_member (row, "name"));

      if (!g_str_has_suffix (name, "/hex"))
        continue;

      g_autoptr (TwOcmfKey) key = key_of (row);
      const char *reason;

      n++;
      if (tw_ocmf_key_problem (key, &reason) != TW_OCMF_VALID)
        g_error ("%s: %s", name, reason);
      g_test_message ("%s is there", name);
    }
  g_assert_cmpuint (n, ==, 7);
}

static void
add (const char    *what,
     const TwJson  *row,
     GTestDataFunc  test)
{
  g_autofree char *path = g_strdup_printf ("/ocmf/%s/%s", what, tw_json_string (tw_json_member (row, "name")));

  g_test_add_data_func (path, row, test);
}

static void
add_all (void)
{
  for (guint i = 0; i < tw_json_length (answers); i++)
    {
      const TwJson *row = tw_json_element (answers, i);
      const char *name = tw_json_string (tw_json_member (row, "name"));
      const char *flip = tw_json_string (tw_json_member (row, "flip"));

      add ("has-its-verdict", row, test_answer);
      if (flip != NULL)
        add ("no-bit-changes-unnoticed", row, test_bits);
      if (g_strcmp0 (flip, "all") == 0)
        add ("no-byte-is-missed", row, test_cuts);
      if (g_str_has_prefix (name, "secp256r1/key-") && g_str_equal (tw_json_string (tw_json_member (row, "verdict")),
                                                                   "valid"))
        add ("no-bit-of-the-key-changes-unnoticed", row, test_key_bits);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_autofree char *text = NULL;
  gsize len;
  int status;

  g_test_init (&argc, &argv, NULL);
  if (argc != 2 || !g_file_get_contents (argv[1], &text, &len, NULL))
    g_error ("the answers that make.py prints are expected as an argument");

  answers = tw_json_parse (text, len, &TW_JSON_LARGE, NULL);
  g_assert_nonnull (answers);
  g_test_add_func ("/ocmf/all-curves-are-there", test_curves_are_there);
  add_all ();
  status = g_test_run ();
  tw_json_free (answers);

  return status;
}
