/* SPDX-License-Identifier: Apache-2.0 */
#include "app/base/words.h"

#include <locale.h>

static void
test_languages (void)
{
  g_assert_cmpstr (tw_words_languages ()[0], ==, "en");
  g_assert_true (g_strv_contains (tw_words_languages (), "de"));
}

static void
test_missing (void)
{
  static const char *const languages[] = { NULL, "", "en", "en_GB", "de", "de-AT", "den", "xx", "-", "deutsch" };

  for (guint i = 0; i < G_N_ELEMENTS (languages); i++)
    {
      const char *msgid = "No catalogue has this.";

      g_assert_true (tw_word (languages[i], msgid) == msgid);
      g_assert_true (tw_word_in (languages[i], "neither here", msgid) == msgid);
      g_assert_cmpstr (tw_word (languages[i], ""), ==, "");
      g_assert_cmpstr (tw_word_in (languages[i], "", ""), ==, "");
    }
}

static void
test_german (void)
{
  static const char *const languages[] = { "de", "DE", "de-AT", "de_CH.UTF-8", "de.UTF-8", "de@euro" };

  for (guint i = 0; i < G_N_ELEMENTS (languages); i++)
    g_assert_cmpstr (tw_word_in (languages[i], "receipt", "Current"), ==, "Stromart");
  g_assert_cmpstr (tw_word ("de", "Current"), !=, "Stromart");
}

/* What LANGUAGE and setlocale() cannot give. */
static void
test_two_at_once (void)
{
  const char *german = tw_word_in ("de", "receipt", "Rounding"), *english = tw_word_in ("en", "receipt", "Rounding");

  g_assert_cmpstr (german, ==, "Rundung");
  g_assert_cmpstr (english, ==, "Rounding");
  g_assert_true (tw_word_in ("de", "receipt", "Rounding") == german);
  g_assert_cmpstr (setlocale (LC_MESSAGES, NULL), ==, "C.UTF-8");
}

int
main (int   argc,
      char *argv[])
{
  /* What a station has: no German locale. */
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/base/words/english-is-always-there", test_languages);
  g_test_add_func ("/base/words/a-missing-word-is-its-msgid", test_missing);

  g_test_add_func ("/base/words/every-kind-of-german-is-german", test_german);
  g_test_add_func ("/base/words/two-languages-at-once", test_two_at_once);

  return g_test_run ();
}
