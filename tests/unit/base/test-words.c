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

int
main (int   argc,
      char *argv[])
{
  /* What a station has: no German locale. */
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/base/words/english-is-always-there", test_languages);
  g_test_add_func ("/base/words/a-missing-word-is-its-msgid", test_missing);

  return g_test_run ();
}
